"""Addresses of this room."""

from __future__ import annotations

from django.urls import path

from bihuan.lookback import views

app_name = "lookback"
urlpatterns = [
    path("", views.lookbacks, name="list"),
    path("assign/", views.assign_several, name="assign_several"),
    path("open/<uuid:pk>/", views.open_lookback, name="open"),
    path("<uuid:pk>/", views.detail, name="detail"),
    path("<uuid:pk>/assign/", views.assign, name="assign"),
    path("<uuid:pk>/hold/", views.hold, name="hold"),
    path("<uuid:pk>/rebound/", views.rebound, name="rebound"),
]
