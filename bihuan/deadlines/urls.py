"""Addresses of this room."""

from __future__ import annotations

from django.urls import path

from bihuan.deadlines import views, what_if_views
from bihuan.deadlines.ladder import views as ladder
from bihuan.deadlines.trial import views as trials

app_name = "deadlines"
urlpatterns = [
    path("<uuid:pk>/raise/", views.raise_light, name="raise_light"),
    path("<uuid:pk>/judge/", views.judge, name="judge"),
    path("policies/<uuid:pk>/reapply/", views.ask_reapplication, name="ask_reapplication"),
    path("policies/<uuid:pk>/what-if/", what_if_views.what_if_page, name="what_if"),
    path("policies/<uuid:pk>/trial/", trials.ask, name="ask_trial"),
    path("trials/<uuid:pk>/", trials.trial, name="trial"),
    path("reapplications/<uuid:pk>/", views.reapplication, name="reapplication"),
    path("proposals/", ladder.proposals, name="proposals"),
    path("proposals/take-up/", ladder.take_up, name="take_up"),
    path("proposals/dismiss/", ladder.dismiss, name="dismiss"),
    path("requests/<uuid:pk>/", ladder.request_page, name="request"),
    path("delistings/<uuid:pk>/", ladder.delisting, name="delisting"),
    path("<uuid:pk>/delist/", ladder.ask_delisting, name="ask_delisting"),
    path("<uuid:pk>/conduct/", ladder.open_conduct, name="open_conduct"),
    path("conducts/<uuid:pk>/", ladder.conduct, name="conduct"),
    path("conducts/<uuid:pk>/reply/", ladder.reply, name="reply"),
    path("conducts/<uuid:pk>/determine/", ladder.determine, name="determine"),
]
