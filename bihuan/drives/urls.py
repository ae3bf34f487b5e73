"""Addresses of this room."""

from __future__ import annotations

from django.urls import path

from bihuan.drives.views import drives, lines, own_sheets, plans

app_name = "drives"
urlpatterns = [
    path("", drives.drive_list, name="list"),
    path("new/", drives.new, name="new"),
    path("plans/", plans.plan_list, name="plans"),
    path("plans/new/", plans.new, name="plan_new"),
    path("plans/<uuid:pk>/", plans.plan, name="plan"),
    path("plans/<uuid:pk>/start/", plans.start, name="plan_start"),
    path("plans/<uuid:pk>/suspend/", plans.suspend, name="plan_suspend"),
    path("plans/<uuid:pk>/resume/", plans.resume, name="plan_resume"),
    path("plans/<uuid:pk>/end/", plans.end, name="plan_end"),
    path("<uuid:pk>/", drives.drive, name="drive"),
    path("<uuid:pk>/coverage.xlsx", drives.matrix_sheet, name="matrix"),
    path("<uuid:pk>/withdraw/", drives.withdraw, name="withdraw"),
    path("<uuid:pk>/issue/", drives.issue, name="issue"),
    path("<uuid:pk>/remind/", drives.remind, name="remind"),
    path("<uuid:pk>/conclude/", drives.conclude, name="conclude"),
    path("lines/<uuid:pk>/", lines.line, name="line"),
    path("lines/<uuid:pk>/sheet.xlsx", lines.empty_sheet, name="empty_sheet"),
    path("lines/<uuid:pk>/acknowledge/", lines.acknowledge, name="acknowledge"),
    path("lines/<uuid:pk>/rows/", lines.rows, name="rows"),
    path("lines/<uuid:pk>/sheet/", own_sheets.sheet, name="sheet"),
    path("lines/<uuid:pk>/columns/", own_sheets.columns, name="columns"),
    path("lines/<uuid:pk>/nil/", lines.nil, name="nil"),
    path("lines/<uuid:pk>/sign/", lines.sign, name="sign"),
    path("lines/<uuid:pk>/explain/", lines.explain, name="explain"),
    path("lines/<uuid:pk>/excuse/", lines.excuse, name="excuse"),
]
