"""The pages: each asks for its context and draws it."""

from __future__ import annotations

import uuid

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from bihuan.desk.export import export_ledger
from bihuan.desk.home_page import home_context
from bihuan.desk.ledger_page import ledger_context
from bihuan.desk.problem_page import problem_context, with_names
from bihuan.desk.work_tree_page import tree_context
from bihuan.journal import access
from bihuan.ledger.models import Problem
from bihuan.ledger.sight import visible
from bihuan.organizations.acting import Request


@require_safe
def home(request: Request) -> HttpResponse:
    """My desk."""
    return render(request, "desk/home.html", home_context(request))


@require_safe
def ledger(request: Request) -> HttpResponse:
    """The ledger's list."""
    return render(request, "desk/ledger.html", ledger_context(request))


@require_safe
def problem(request: Request, pk: uuid.UUID) -> HttpResponse:
    """The page of one problem; to those without sight it does not exist."""
    found = with_names(visible(request.actor, Problem.objects.filter(pk=pk)))
    if found is None:
        raise Http404
    if found.channel_id is not None:
        access.record(request.actor, "restricted:desk.problem", subjects=[found])
    return render(request, "desk/problem.html", problem_context(request, found))


@require_safe
def work_tree(request: Request, pk: uuid.UUID) -> HttpResponse:
    """The tree of what was handed down, to any depth."""
    found = with_names(visible(request.actor, Problem.objects.filter(pk=pk)))
    if found is None:
        raise Http404
    if found.channel_id is not None:
        access.record(request.actor, "restricted:desk.work_tree", subjects=[found])
    return render(request, "desk/work_tree.html", tree_context(request, found))


@require_safe
def export(request: Request) -> FileResponse:
    """The slice as an Excel file."""
    return export_ledger(request)
