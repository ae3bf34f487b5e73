"""Addresses of the pages about keys; those of the API are made in `api`."""

from __future__ import annotations

from django.urls import path

from bihuan.exchange import views

app_name = "exchange"
urlpatterns = [
    path("", views.keys, name="keys"),
    path("make/", views.make_key, name="make_key"),
    path("<uuid:pk>/withdraw/", views.withdraw_key, name="withdraw_key"),
]
