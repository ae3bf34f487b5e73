"""Addresses of intake."""

from __future__ import annotations

from django.urls import path

from bihuan.intake.views import (
    batches,
    candidates,
    documents,
    importing,
    language_model,
    reporting_forms,
    scans,
    sealing,
)

app_name = "intake"
urlpatterns = [
    path("", batches.batch_list, name="list"),
    path("language-model/", language_model.language_model, name="language_model"),
    path("new/", batches.new_batch, name="new_batch"),
    path("import/", importing.choose, name="import"),
    path("import/template.xlsx", importing.template, name="import_template"),
    path("<uuid:batch>/import/<uuid:run>/", importing.run_page, name="import_run"),
    path("<uuid:batch>/import/<uuid:run>/columns/", importing.match_columns, name="import_columns"),
    path("<uuid:batch>/import/<uuid:run>/marked.xlsx", importing.marked, name="import_marked"),
    path("<uuid:batch>/import/<uuid:run>/take/", importing.take, name="import_take"),
    path("<uuid:batch>/import/<uuid:run>/cancel/", importing.cancel, name="import_cancel"),
    path("<uuid:batch>/import/<uuid:run>/confirm/", importing.confirm, name="import_confirm"),
    path("forms/", reporting_forms.form_list, name="forms"),
    path("forms/<uuid:pk>/", reporting_forms.form_page, name="form"),
    path("forms/<uuid:pk>/match/", reporting_forms.match, name="form_match"),
    path("forms/<uuid:pk>/fill/", reporting_forms.fill, name="form_fill"),
    path("forms/<uuid:pk>/return/", reporting_forms.read_back, name="form_return"),
    path("forms/<uuid:pk>/withdraw/", reporting_forms.withdraw, name="form_withdraw"),
    path("<uuid:batch>/", batches.batch_page, name="batch"),
    path("<uuid:batch>/upload/", batches.upload, name="upload"),
    path("<uuid:batch>/scans/<uuid:scan>/cancel/", scans.cancel, name="scan_cancel"),
    path("<uuid:batch>/sample/", sealing.sample, name="sample"),
    path("<uuid:batch>/sample/draw/", sealing.draw, name="draw_sample"),
    path("<uuid:batch>/sample/check/", sealing.check, name="check_passages"),
    path("<uuid:batch>/seal/", sealing.seal, name="seal"),
    path("<uuid:batch>/certificates/<int:number>/", sealing.certificate, name="certificate"),
    path("documents/<uuid:document>/", documents.review, name="review"),
    path("documents/<uuid:document>/pages/<int:number>.png", documents.page_image, name="page_image"),
    path("documents/<uuid:document>/pages/<int:number>.json", documents.page_places, name="page_places"),
    path("documents/<uuid:document>/dispose/", documents.dispose, name="dispose"),
    path("documents/<uuid:document>/accept/", documents.accept, name="accept"),
    path("documents/<uuid:document>/undo/", documents.undo, name="undo"),
    path("documents/<uuid:document>/withdraw/", documents.withdraw, name="withdraw"),
    path("documents/<uuid:document>/candidates/add/", candidates.add, name="add"),
    path("documents/<uuid:document>/candidates/confirm/", candidates.confirm, name="confirm"),
    path("documents/<uuid:document>/candidates/merge/", candidates.merge, name="merge"),
    path("documents/<uuid:document>/candidates/<int:k>/edit/", candidates.edit, name="edit"),
    path("documents/<uuid:document>/candidates/<int:k>/alike/", candidates.alike_problems, name="alike"),
    path("documents/<uuid:document>/candidates/<int:k>/compare/", candidates.compare, name="compare"),
    path("documents/<uuid:document>/candidates/<int:k>/split/", candidates.split, name="split"),
    path("documents/<uuid:document>/candidates/<int:k>/drop/", candidates.drop, name="drop"),
]
