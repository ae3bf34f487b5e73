"""Addresses of the administration pages and of switching posts."""

from __future__ import annotations

from django.urls import path

from bihuan.organizations import views

app_name = "organizations"
urlpatterns = [
    path("post/", views.switch_post, name="switch_post"),
]
