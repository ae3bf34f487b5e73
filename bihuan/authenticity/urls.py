"""Addresses of this room."""

from __future__ import annotations

from django.urls import path

from bihuan.authenticity import views

app_name = "authenticity"
urlpatterns = [
    path("<uuid:pk>/", views.detail, name="detail"),
    path("<uuid:pk>/weigh/", views.weigh, name="weigh"),
    path("examine/<uuid:pk>/", views.examine, name="examine"),
]
