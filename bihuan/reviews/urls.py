"""Addresses of this room."""

from __future__ import annotations

from django.urls import path

from bihuan.reviews.views import requests, reviews, sheets

app_name = "reviews"
urlpatterns = [
    path("", reviews.review_list, name="list"),
    path("new/", reviews.new, name="new"),
    path("requests/", requests.request_list, name="requests"),
    path("requests/list.xlsx", requests.request_workbook, name="request_workbook"),
    path("requests/<uuid:pk>/", requests.request_page, name="request"),
    path("requests/<uuid:pk>/answer/", requests.answer, name="answer_request"),
    path("requests/<uuid:pk>/accept/", requests.accept, name="accept"),
    path("requests/<uuid:pk>/refuse/", requests.refuse, name="refuse"),
    path("requests/<uuid:pk>/pass-up/", requests.pass_up, name="pass_up"),
    path("requests/<uuid:pk>/settle/", requests.settle, name="settle"),
    path("requests/<uuid:pk>/again/", requests.ask_again, name="ask_again"),
    path("requests/<uuid:pk>/withdraw/", requests.withdraw, name="withdraw_request"),
    path("problems/<uuid:pk>/ask/", requests.ask, name="ask"),
    path("<uuid:pk>/", reviews.review, name="review"),
    path("<uuid:pk>/issue/", reviews.issue, name="issue"),
    path("<uuid:pk>/withdraw/", reviews.withdraw, name="withdraw"),
    path("<uuid:pk>/remind/", reviews.remind, name="remind"),
    path("<uuid:pk>/stop/", reviews.stop_repeating, name="stop_repeating"),
    path("<uuid:pk>/conclude/", reviews.conclude, name="conclude"),
    path("<uuid:pk>/review.xlsx", reviews.workbook, name="workbook"),
    path("<uuid:pk>/circular/", reviews.circular, name="circular"),
    path("sheets/<uuid:pk>/", sheets.sheet, name="sheet"),
    path("sheets/<uuid:pk>/sheet.xlsx", sheets.download, name="download"),
    path("sheets/<uuid:pk>/upload/", sheets.upload, name="upload"),
    path("sheets/<uuid:pk>/marked.xlsx", sheets.marked, name="marked"),
    path("sheets/<uuid:pk>/remind/", sheets.remind_below, name="remind_below"),
    path("sheets/<uuid:pk>/pass/", sheets.pass_sheet, name="pass"),
    path("sheets/<uuid:pk>/return/", sheets.return_sheet, name="return"),
]
