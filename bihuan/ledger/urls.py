"""Addresses of the ledger's pages and forms; its list and the page of a problem belong to the desk."""

from __future__ import annotations

from django.urls import path

from bihuan.ledger.views import channels, comparisons, endings, findings, problems, saved_views, taxonomy

app_name = "ledger"
urlpatterns = [
    path("register/", problems.register, name="register"),
    path("placeholder/", problems.register_placeholder, name="register_placeholder"),
    path("propose/", problems.propose, name="propose"),
    path("views/save/", saved_views.save_view, name="save_view"),
    path("views/<uuid:pk>/forget/", saved_views.forget_view, name="forget_view"),
    path("<uuid:pk>/propose/", problems.propose, name="propose_one"),
    path("<uuid:pk>/return-proposal/", problems.return_proposal, name="return_proposal"),
    path("<uuid:pk>/facts/", problems.edit_facts, name="edit_facts"),
    path("<uuid:pk>/ending/", problems.request_ending, name="request_ending"),
    path("endings/<uuid:approval>/", endings.ending, name="ending"),
    path("<uuid:pk>/alike/", comparisons.alike_problems, name="alike"),
    path("<uuid:pk>/apart/<uuid:other>/", comparisons.keep_apart, name="keep_apart"),
    path("<uuid:pk>/recurrence/<uuid:other>/", comparisons.link_recurrence, name="link_recurrence"),
    path("comparisons/", comparisons.undecided_pairs, name="undecided"),
    path("comparisons/<uuid:pk>/take-back/", comparisons.take_back, name="take_back_comparison"),
    path("findings/", findings.findings, name="findings"),
    path("findings/<uuid:pk>/", findings.finding, name="finding"),
    path("findings/<uuid:pk>/determination/", findings.record_determination, name="record_determination"),
    path("findings/<uuid:pk>/draft/", findings.draft_answer, name="draft_answer"),
    path("findings/<uuid:pk>/answer/", findings.answer_finding, name="answer_finding"),
    path("batches/<uuid:pk>/", findings.batch, name="batch"),
    path("batches/<uuid:pk>/answers.xlsx", findings.export_answers, name="export_answers"),
    path("lists/", taxonomy.lists, name="lists"),
    path("lists/<slug:list_name>/add/", taxonomy.add_entry, name="add_entry"),
    path("lists/<slug:list_name>/<uuid:pk>/", taxonomy.entry, name="entry"),
    path("lists/<slug:list_name>/<uuid:pk>/edit/", taxonomy.edit_entry, name="edit_entry"),
    path("lists/<slug:list_name>/<uuid:pk>/retire/", taxonomy.retire_entry, name="retire_entry"),
    path("lists/<slug:list_name>/<uuid:pk>/move/", taxonomy.move_sector, name="move_sector"),
    path("lists/<slug:list_name>/<uuid:pk>/customs/", taxonomy.edit_customs, name="edit_customs"),
    path("lists/<slug:list_name>/<uuid:pk>/here/", taxonomy.word_locally, name="word_locally"),
    path("channels/", channels.channels, name="channels"),
    path("channels/new/", channels.create_channel, name="create_channel"),
    path("channels/<uuid:pk>/", channels.channel, name="channel"),
    path("channels/<uuid:pk>/admit/", channels.admit, name="admit"),
    path("channels/<uuid:pk>/dismiss/<uuid:post>/", channels.dismiss, name="dismiss"),
    path("clues/<uuid:pk>/", channels.clue, name="clue"),
    path("clues/<uuid:pk>/hand-over/", channels.hand_over_clue, name="hand_over_clue"),
    path("clues/<uuid:pk>/return/", channels.return_clue, name="return_clue"),
]
