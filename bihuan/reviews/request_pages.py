"""What the pages of coordination requests show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.journal.timesource import today
from bihuan.organizations.models import Person
from bihuan.reviews.models import CoordinationRequest
from bihuan.reviews.offers import acts_on_request
from bihuan.reviews.queries import numbers_seen, requests_seen, requests_waiting
from bihuan.reviews.rules import TO_BE_SEEN, UNDECIDED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bihuan.journal.action import Actor

MOST_SHOWN = 200


def asked_of(request: CoordinationRequest) -> str:
    """Who is asked."""
    return request.asked_unit.name if request.asked_unit else _("整改办")


def table_of(actor: Actor, requests: Sequence[CoordinationRequest]) -> dict[str, Any]:
    """Requests as a list; a problem's number is told to whoever may know of it."""
    numbers = numbers_seen(actor, list(requests))
    heads = (
        ("title", _("提请协调的事项")),
        ("problem", _("问题")),
        ("unit", _("谁提请谁")),
        ("due", _("希望何时答复")),
        ("state", _("现状")),
    )
    return {
        "caption": _("提请协调"),
        "columns": [{"key": key, "label": label} for key, label in heads],
        "rows": [
            {
                "id": str(one.pk),
                "url": reverse("reviews:request", args=[one.pk]),
                "name": str(one),
                "cells": [
                    str(one),
                    numbers.get(one.problem_id, ""),
                    _("%(asking)s → %(asked)s") % {"asking": one.asking_unit.name, "asked": asked_of(one)},
                    {
                        "piece": "due",
                        "current": one.due_on,
                        "late": one.state in UNDECIDED and one.due_on < today(),
                    },
                    [_chip(one)],
                ],
            }
            for one in requests
        ],
        "empty": {
            "title": _("没有提请协调的事项"),
            "sentence": _("单位自己解决不了的困难，可以在调度表或问题页上提请协调。"),
        },
    }


def _chip(one: CoordinationRequest) -> dict[str, Any]:
    tone = "ok" if one.state == one.State.SETTLED else "notice" if one.state in TO_BE_SEEN else "plain"
    return {"piece": "chip", "words": one.get_state_display(), "tone": tone}


def page_of_requests(actor: Actor, show: str) -> dict[str, Any]:
    """The requests one has to do with, by what becomes of them."""
    seen = requests_seen(actor)
    waiting = requests_waiting(actor)
    slices = {
        "waiting": [one.pk for one in waiting],
        "open": list(seen.filter(state__in=UNDECIDED | TO_BE_SEEN).values_list("pk", flat=True)[:MOST_SHOWN]),
        "all": list(seen.values_list("pk", flat=True)[:MOST_SHOWN]),
    }
    names = {"waiting": _("等我办"), "open": _("未办完"), "all": _("全部")}
    show = show if show in slices else ("waiting" if waiting else "open")
    address = reverse("reviews:requests")
    rows = list(seen.filter(pk__in=slices[show]))
    return {
        "tabs": {
            "views": [
                {
                    "name": names[key],
                    "url": f"{address}?show={key}",
                    "count": len(slices[key]),
                    "current": key == show,
                }
                for key in slices
            ]
        },
        "table": table_of(actor, rows),
    }


def page_of_request(actor: Actor, request: CoordinationRequest) -> dict[str, Any]:
    """One request: what is asked, what was answered, and what this person may do."""
    numbers = numbers_seen(actor, [request])
    wanted = [pk for pk in (request.asked_by, request.answered_by, request.seen_by) if pk]
    people = {person.pk: person.name for person in Person.objects.filter(pk__in=wanted)}
    number = numbers.get(request.problem_id)
    about: Any = ""
    if number:
        about = {
            "piece": "link",
            "words": f"{number} {request.problem.title}",
            "url": reverse("desk:problem", args=[request.problem_id]),
        }
    asked = (
        (_("问题"), about),
        (_("提请单位"), request.asking_unit.name),
        (_("提请人"), people.get(request.asked_by, "")),
        (_("请谁协调"), asked_of(request)),
        (_("提请日期"), request.asked_on),
        (_("希望何时答复"), request.due_on),
        (_("第几次提请"), request.times_asked if request.times_asked > 1 else ""),
    )
    answered = (
        (_("答复人"), people.get(request.answered_by, "") if request.answered_by else ""),
        (_("答复日期"), request.answered_on),
        (_("会议纪要或文号"), request.basis_no),
        (_("确认解决"), people.get(request.seen_by, "") if request.seen_by else ""),
        (_("解决日期"), request.settled_on),
    )
    return {
        "request_row": request,
        "state": _chip(request),
        "late": request.state in UNDECIDED and request.due_on < today(),
        "facts": [{"label": label, "value": value} for label, value in asked if value],
        "answered": [{"label": label, "value": value} for label, value in answered if value],
        "earlier": request.state in UNDECIDED and bool(request.answer),
        "acts": acts_on_request(actor, request),
        "crumbs": [
            {"words": _("月调度"), "url": reverse("reviews:list")},
            {"words": _("提请协调"), "url": reverse("reviews:requests")},
        ],
    }
