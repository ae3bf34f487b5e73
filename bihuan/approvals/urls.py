"""Addresses of approvals."""

from __future__ import annotations

from django.urls import path

from bihuan.approvals import views

app_name = "approvals"
urlpatterns = [
    path("", views.Approvals.as_view(), name="list"),
    path("<uuid:pk>/", views.ApprovalPage.as_view(), name="detail"),
    path("<uuid:pk>/decide/", views.Decide.as_view(), name="decide"),
    path("<uuid:pk>/return/", views.Return.as_view(), name="return"),
    path("<uuid:pk>/paper/", views.RecordPaper.as_view(), name="record_paper"),
    path("<uuid:pk>/paper/confirm/", views.ConfirmPaper.as_view(), name="confirm_paper"),
    path("<uuid:pk>/paper/refuse/", views.RefusePaper.as_view(), name="refuse_paper"),
    path("<uuid:pk>/signer/", views.AddSigner.as_view(), name="add_signer"),
    path("<uuid:pk>/withdraw/", views.Withdraw.as_view(), name="withdraw"),
]
