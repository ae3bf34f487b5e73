"""Addresses of messages."""

from __future__ import annotations

from django.urls import path

from bihuan.messages import views

app_name = "messages"
urlpatterns = [
    path("", views.messages, name="list"),
    path("read/", views.read_all, name="read_all"),
]
