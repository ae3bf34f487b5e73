"""Addresses of this room."""

from __future__ import annotations

from django.urls import path

from bihuan.papers import template_views, views

app_name = "papers"
urlpatterns = [
    path("", views.papers, name="list"),
    path("of/<uuid:pk>/", views.of_problem, name="of_problem"),
    path("draft/", views.choose, name="choose"),
    path("draft/<str:kind>/", views.draft, name="draft"),
    path("templates/", template_views.templates, name="templates"),
    path("templates/<str:kind>/", template_views.template, name="template"),
    path("templates/<str:kind>/edit/", template_views.edit, name="edit_template"),
    path("templates/<str:kind>/shown/", template_views.shown, name="show_template"),
    path("template/<uuid:pk>/withdraw/", template_views.withdraw, name="withdraw_template"),
    path("order/<uuid:pk>/", views.order_word, name="order_word"),
    path("<uuid:pk>/", views.paper, name="paper"),
    path("<uuid:pk>/pages/", views.pages, name="pages"),
    path("<uuid:pk>/pages/<int:number>.png", views.page, name="page"),
    path("<uuid:pk>/redraft/", views.redraft, name="redraft"),
    path("<uuid:pk>/enter/", views.enter, name="enter"),
    path("<uuid:pk>/void/", views.void, name="void"),
]
