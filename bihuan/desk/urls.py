"""Addresses of the desk."""

from __future__ import annotations

from django.urls import path

from bihuan.desk import case_file_views, focus_page, views, wall_page
from bihuan.desk.duties import pages as duties

app_name = "desk"
urlpatterns = [
    path("desk/", views.home, name="home"),
    path("ledger/", views.ledger, name="ledger"),
    path("ledger/export/", views.export, name="export"),
    path("ledger/<uuid:pk>/", views.problem, name="problem"),
    path("ledger/<uuid:pk>/measures/", views.work_tree, name="work_tree"),
    path("ledger/<uuid:pk>/case-file/", case_file_views.case_file, name="case_file"),
    path("wall/", wall_page.office, name="wall"),
    path("wall/<uuid:pk>/", wall_page.order, name="order_wall"),
    path("focus/", focus_page.focus, name="focus"),
    path("focus/export/", focus_page.export, name="export_focus"),
    path("duties/", duties.index, name="duty_records"),
    path("duties/<uuid:pk>/", duties.record, name="duty_record"),
    path("duties/<uuid:pk>/export/", duties.export, name="export_duty_record"),
    path("case-files/", case_file_views.bindings, name="case_files"),
    path("case-files/new/", case_file_views.bind, name="bind"),
    path("case-files/<uuid:pk>/", case_file_views.fetch, name="fetch_binding"),
    path("case-files/<uuid:pk>/again/", case_file_views.bind_again, name="bind_again"),
]
