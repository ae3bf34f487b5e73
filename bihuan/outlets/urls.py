"""Addresses of outlets, and of one's own choice."""

from __future__ import annotations

from django.urls import path

from bihuan.outlets import choice_views, views

app_name = "outlets"
urlpatterns = [
    path("", views.Outlets.as_view(), name="list"),
    path("new/", views.ChooseWay.as_view(), name="choose_way"),
    path("new/<slug:way>/", views.SetUp.as_view(), name="set_up"),
    path("mine/", choice_views.OwnChoice.as_view(), name="choose"),
    path("<uuid:pk>/", views.OutletPage.as_view(), name="outlet"),
    path("<uuid:pk>/revise/", views.Revise.as_view(), name="revise"),
    path("<uuid:pk>/switch/", views.Switch.as_view(), name="switch"),
    path("<uuid:pk>/trial/", views.Trial.as_view(), name="trial"),
    path("<uuid:pk>/retry/", views.Retry.as_view(), name="retry"),
    path("<uuid:pk>/retry/<uuid:dispatch>/", views.Retry.as_view(), name="retry_one"),
]
