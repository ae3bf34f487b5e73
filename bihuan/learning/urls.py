"""Addresses of learning."""

from __future__ import annotations

from django.urls import path

from bihuan.learning import views

app_name = "learning"
urlpatterns = [
    path("", views.Learning.as_view(), name="page"),
    path("train/", views.Train.as_view(), name="train"),
    path("models/<uuid:pk>/", views.Model.as_view(), name="model"),
    path("models/<uuid:pk>/roll-back/", views.RollBack.as_view(), name="roll_back"),
    path("models/<uuid:pk>/set-aside/", views.SetAside.as_view(), name="set_aside"),
]
