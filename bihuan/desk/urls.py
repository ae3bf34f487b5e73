"""Addresses of the desk."""

from __future__ import annotations

from django.urls import path

from bihuan.desk import views

app_name = "desk"
urlpatterns = [
    path("desk/", views.home, name="home"),
    path("ledger/", views.ledger, name="ledger"),
    path("ledger/export/", views.export, name="export"),
    path("ledger/<uuid:pk>/", views.problem, name="problem"),
]
