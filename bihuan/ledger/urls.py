"""Addresses of the ledger's forms; its pages belong to the desk."""

from __future__ import annotations

from django.urls import path

from bihuan.ledger import views

app_name = "ledger"
urlpatterns = [
    path("register/", views.register, name="register"),
    path("propose/", views.propose, name="propose"),
    path("views/save/", views.save_view, name="save_view"),
    path("<uuid:pk>/propose/", views.propose, name="propose_one"),
    path("<uuid:pk>/return-proposal/", views.return_proposal, name="return_proposal"),
    path("<uuid:pk>/facts/", views.edit_facts, name="edit_facts"),
    path("<uuid:pk>/ending/", views.request_ending, name="request_ending"),
    path("findings/<uuid:pk>/determination/", views.record_determination, name="record_determination"),
    path("findings/<uuid:pk>/answer/", views.answer_finding, name="answer_finding"),
]
