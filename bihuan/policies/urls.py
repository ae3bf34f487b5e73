"""Addresses of rules."""

from __future__ import annotations

from django.urls import path

from bihuan.policies import views

app_name = "policies"
urlpatterns = [
    path("", views.Policies.as_view(), name="list"),
    path("seed/", views.Seed.as_view(), name="seed"),
    path("new/", views.Choose.as_view(), name="choose"),
    path("new/<str:code>/", views.Enact.as_view(), name="create"),
    path("<uuid:pk>/", views.PolicyDetail.as_view(), name="detail"),
    path("<uuid:pk>/revise/", views.Revise.as_view(), name="revise"),
    path("<uuid:pk>/withdraw/", views.Withdraw.as_view(), name="withdraw"),
    path("<uuid:pk>/compare/<uuid:other>/", views.Compare.as_view(), name="compare"),
]
