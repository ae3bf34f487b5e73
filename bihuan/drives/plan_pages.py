"""What the pages of plans show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.drives.models import DriveLine, DrivePlan
from bihuan.drives.offers import acts_on_plan
from bihuan.drives.pages import chip, crumbs, labels, reminder_words
from bihuan.drives.queries import plans_kept_by
from bihuan.drives.rules import OPEN_LINES
from bihuan.journal.wording import joined, listed
from bihuan.ledger.models import Sector, Source
from bihuan.organizations.models import Person, Unit

if TYPE_CHECKING:
    from bihuan.journal.action import Actor

NAMED: Final = 12


def page_of_plans(actor: Actor) -> dict[str, Any]:
    """The office's plans, what calls next first."""
    heads = (("title", _("定期自查")), ("every", _("多久一次")), ("due", _("下次发出")), ("state", _("现状")))
    return {
        "crumbs": crumbs(_("定期自查")),
        "table": {
            "caption": _("定期自查"),
            "columns": [{"key": key, "label": label} for key, label in heads],
            "rows": [
                {
                    "id": str(plan.pk),
                    "url": reverse("drives:plan", args=[plan.pk]),
                    "name": plan.title,
                    "cells": [plan.title, plan.get_every_display(), plan.next_on, chip(plan)],
                }
                for plan in plans_kept_by(actor)
            ],
            "empty": {
                "title": _("还没有定期自查"),
                "sentence": _("设一次，以后每个月、每个季度或每年自动发出。"),
            },
        },
    }


def page_of_plan(actor: Actor, plan: DrivePlan) -> dict[str, Any]:
    """One plan: what it asks of whom, when it calls next, and what it has called."""
    return {
        "plan": plan,
        "title": plan.title,
        "state": chip(plan),
        "crumbs": [
            *crumbs()[:1],
            {"words": _("定期自查"), "url": reverse("drives:plans")},
            {"words": plan.code, "url": ""},
        ],
        "facts": _facts(plan),
        "acts": acts_on_plan(actor, plan),
        "called": _called(plan),
    }


def _facts(plan: DrivePlan) -> list[dict[str, Any]]:
    people = {
        person.pk: person.name
        for person in Person.objects.filter(pk__in=[pk for pk in (plan.prepared_by, plan.started_by) if pk])
    }
    units = [unit.name for unit in Unit.objects.filter(planned_drives__plan=plan).order_by("path")]
    named = listed(units[:NAMED])
    if len(units) > NAMED:
        named = _("%(units)s等 %(n)s 个单位") % {"units": named, "n": len(units)}
    pairs = (
        (_("多久一次"), plan.get_every_display()),
        (_("首次发出日期"), plan.starts_on),
        (_("上次发出日期"), plan.last_on),
        (_("下次发出日期"), plan.next_on),
        (_("几天内报送"), _("%(n)s 天") % {"n": plan.days_to_answer}),
        (_("提醒"), reminder_words(plan)),
        (_("自查要求"), plan.requirement),
        (_("自查领域"), listed(labels(Sector, plan.sectors))),
        (_("须逐一对照的来源"), listed(labels(Source, plan.sources))),
        (_("自查单位"), named),
        (plan.get_basis_kind_display(), joined(part for part in (plan.basis, plan.basis_no) if part)),
        (_("暂停或终止的理由"), plan.reason),
        (_("拟定人"), people.get(plan.prepared_by, "")),
        (_("启用人"), people.get(plan.started_by, "") if plan.started_by else ""),
    )
    return [{"label": label, "value": value} for label, value in pairs if value]


def _called(plan: DrivePlan) -> dict[str, Any]:
    drives = list(plan.drives.select_related("batch").order_by("-period_on"))
    lines = DriveLine.objects.filter(drive__in=drives).values_list("drive", "state")
    all_of: dict[Any, list[str]] = {}
    for drive, state in lines:
        all_of.setdefault(drive, []).append(state)
    heads = (("title", _("自查")), ("on", _("发出日期")), ("due", _("报送期限")), ("state", _("现状")))
    return {
        "caption": _("已经发出的"),
        "columns": [{"key": key, "label": label} for key, label in heads],
        "rows": [
            {
                "id": str(drive.pk),
                "url": reverse("drives:drive", args=[drive.pk]),
                "name": drive.batch.title,
                "cells": [
                    drive.batch.title,
                    drive.batch.received_on,
                    drive.due_on,
                    [chip(drive), _reported_words(all_of.get(drive.pk, []))],
                ],
            }
            for drive in drives
        ],
        "empty": {"title": _("还没有发出过"), "sentence": ""},
    }


def _reported_words(states: list[str]) -> str:
    done = sum(state not in OPEN_LINES for state in states)
    return _("%(done)s / %(all)s 个单位已报告") % {"done": done, "all": len(states)}
