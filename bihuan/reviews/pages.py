"""What the office's pages and the lists of this room show, as plain values the interface draws."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.deadlines.explaining import light_words
from bihuan.journal.timesource import today
from bihuan.journal.wording import listed
from bihuan.ledger.models import Sector, Source, Term, TermKind
from bihuan.organizations.models import Person
from bihuan.reviews import request_pages
from bihuan.reviews.below_pages import lower_page
from bihuan.reviews.circular import circulars_of
from bihuan.reviews.coverage import coverage_of, stuck_rows
from bihuan.reviews.lights_table import COLUMNS, lights_table
from bihuan.reviews.models import CoordinationRequest, MonthlyReview, ReviewSheet
from bihuan.reviews.offers import acts_on_review
from bihuan.reviews.periods import due_below, is_tight
from bihuan.reviews.queries import (
    counted,
    named,
    office_of,
    requests_seen,
    requests_waiting,
    reviews_run_by,
    sheets_of_own_unit,
)
from bihuan.reviews.rules import OVER, OWING, UNDECIDED
from bihuan.reviews.terms import days_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bihuan.journal.action import Actor
    from bihuan.reviews.coverage import Covered
    from bihuan.reviews.lights_table import LightsTable, UnitLights
    from bihuan.reviews.queries import Counted

MOST_SHOWN: Final = 200
TONES: Final = {
    "answered": "ok",
    "part": "notice",
    "prepared": "notice",
    "draft": "notice",
    "concluded": "ok",
    "settled": "ok",
}


def crumbs(*words: str) -> list[dict[str, str]]:
    """月调度 / …."""
    return [
        {"words": _("月调度"), "url": reverse("reviews:list")},
        *({"words": one, "url": ""} for one in words),
    ]


def chip(row: MonthlyReview | ReviewSheet | CoordinationRequest) -> dict[str, Any]:
    """Where a call, a sheet or a request stands."""
    return {"piece": "chip", "words": row.get_state_display(), "tone": TONES.get(row.state, "plain")}


def page_of_list(actor: Actor, *, over: bool) -> dict[str, Any]:
    """What my unit has to report on, and for the office every call it runs."""
    run, own = reviews_run_by(actor), sheets_of_own_unit(actor)
    mine = [sheet for sheet in own if (sheet.review.state in OVER) is over]
    ended = Q(state__in=OVER)
    wanted = run.filter(ended) if over else run.exclude(ended)
    rows = counted(wanted.order_by("-id")[:MOST_SHOWN])
    numbers = run.aggregate(running=Count("pk", filter=~ended), over=Count("pk", filter=ended))
    past = sum(sheet.review.state in OVER for sheet in own)
    address = reverse("reviews:list")
    return {
        "runs": office_of(actor) is not None,
        "requests": requests_seen(actor).filter(state__in=UNDECIDED).count(),
        "waiting": len(requests_waiting(actor)),
        "tabs": {
            "views": [
                {
                    "name": _("进行中"),
                    "url": address,
                    "count": numbers["running"] + len(own) - past,
                    "current": not over,
                },
                {
                    "name": _("已结束"),
                    "url": f"{address}?show=over",
                    "count": numbers["over"] + past,
                    "current": over,
                },
            ]
        },
        "table": _table_of(mine, rows, over=over, runs=office_of(actor) is not None),
    }


def _table_of(
    mine: Sequence[ReviewSheet], run: Sequence[Counted], *, over: bool, runs: bool
) -> dict[str, Any]:
    heads = (("title", _("月调度")), ("unit", _("单位")), ("due", _("报送期限")), ("state", _("现状")))
    rows = [
        *((reverse("reviews:sheet", args=[sheet.pk]), _cells_for_unit(sheet)) for sheet in mine),
        *((reverse("reviews:review", args=[one.review.pk]), _cells_for_office(one)) for one in run),
    ]
    hint = _("拟一次月调度：每个牵头单位收到一张填好现状的表，只改有变化的格子。") if runs else ""
    return {
        "caption": _("月调度"),
        "columns": [{"key": key, "label": label} for key, label in heads],
        "rows": [{"id": url, "url": url, "name": cells[0], "cells": cells} for url, cells in rows],
        "empty": {"title": _("没有结束的月调度") if over else _("现在没有月调度"), "sentence": hint},
    }


def _cells_for_unit(sheet: ReviewSheet) -> list[Any]:
    issued = sheet.review.state == MonthlyReview.State.ISSUED
    late = issued and sheet.state in OWING and sheet.day < today()
    due = {"piece": "due", "current": sheet.day, "late": late}
    given = _("%(unit)s（由%(above)s交办）")
    name = sheet.unit.name
    return [
        named(sheet.review),
        given % {"unit": name, "above": sheet.above.name} if sheet.above else name,
        due,
        [chip(sheet)] if issued else [chip(sheet.review), chip(sheet)],
    ]


def _cells_for_office(one: Counted) -> list[Any]:
    told: list[Any] = [chip(one.review)]
    if one.review.state == MonthlyReview.State.ISSUED:
        told.append(_("%(done)s / %(all)s 个单位已报") % {"done": one.called - one.owing, "all": one.called})
    due = {"piece": "due", "current": one.review.due_on, "late": one.late}
    return [named(one.review), _("%(n)s 个单位") % {"n": one.called}, due, told]


def page_of_review(actor: Actor, review: MonthlyReview) -> dict[str, Any]:
    """One call of the office: who answered how, the lights, what stands still, what is asked of others."""
    covered = coverage_of(review, actor)
    table = lights_table(review, actor)
    requests = list(requests_seen(actor).filter(sheet__review=review)[:MOST_SHOWN])
    stuck = stuck_rows(review, actor)
    was_out = review.issued_on is not None
    return {
        "review": review,
        "title": named(review),
        "crumbs": crumbs(named(review)),
        "state": chip(review),
        "facts": facts_of(review),
        "figures": _figures(covered, table, len(requests), len(stuck)) if was_out else [],
        "acts": acts_on_review(actor, review, covered),
        "was_out": was_out,
        "covered": [_covered(one) for one in covered],
        "lower": lower_page(covered),
        "lights": lights_page(table),
        "stuck": [
            {
                "problem": row.problem,
                "unit": row.sheet.unit.name,
                "times": row.unchanged_times,
                "url": reverse("desk:problem", args=[row.problem_id]),
            }
            for row in stuck[:MOST_SHOWN]
        ],
        "circular": _circular(review),
        "requests": request_pages.table_of(actor, requests) if requests else None,
    }


def _circular(review: MonthlyReview) -> dict[str, str] | None:
    paper = circulars_of(review).first()
    return {"title": paper.title, "url": reverse("papers:paper", args=[paper.pk])} if paper else None


def _covered(one: Covered) -> dict[str, Any]:
    return {
        "it": one,
        "name": one.sheet.unit.name,
        "url": reverse("reviews:sheet", args=[one.sheet.pk]),
        "state": _state_of(one),
    }


def _state_of(one: Covered) -> dict[str, Any]:
    """How it answered the office: what units above ask of it is told apart."""
    if one.late:
        return {"piece": "chip", "words": _("逾期未报"), "tone": "notice"}
    if one.sheet.state == ReviewSheet.State.PART and not one.open:
        return {"piece": "chip", "words": ReviewSheet.State.ANSWERED.label, "tone": TONES["answered"]}
    return chip(one.sheet)


def _figures(
    covered: Sequence[Covered], table: LightsTable, requests: int, stuck: int
) -> list[dict[str, Any]]:
    owing = sum(one.owes or one.late for one in covered)
    return [
        {"label": _("被调度单位"), "value": len(covered), "url": "#coverage"},
        {"label": _("还没报"), "value": owing, "late": any(one.late for one in covered), "url": "#coverage"},
        {
            "label": _("已更新"),
            "value": sum(one.changed for one in covered),
            "note": _("无变化 %(n)s") % {"n": sum(one.unchanged for one in covered)},
            "url": "#coverage",
        },
        {"label": _("多次无变化"), "value": stuck, "url": "#stuck"},
        {"label": _("提请协调"), "value": requests, "url": "#requests"},
        {"label": _("在办"), "value": table.total, "url": "#lights"},
    ]


def lights_page(table: LightsTable) -> dict[str, Any]:
    """The lights table as the page draws it."""
    return {
        "heads": [{"colour": light.value, "words": ""} for light in COLUMNS],
        "rows": [_lights_row(one) for one in table.rows],
        "sums": [{"words": light_words(light), "n": table.sum(light)} for light in COLUMNS],
        "total": table.total,
        "compared": _compared(table),
    }


def _compared(table: LightsTable) -> str:
    before = table.compared_with
    if before is None or before.issued_on is None:
        return _("第一次调度，没有可比的上一次。")
    return _("括号里是与“%(title)s”（%(day)s 发出）相比的增减。") % {
        "title": named(before),
        "day": before.issued_on.isoformat(),
    }


def _lights_row(one: UnitLights) -> dict[str, Any]:
    return {
        "name": one.unit.name,
        "total": one.total,
        "cells": [
            {
                "colour": light.value,
                "words": light_words(light),
                "n": one.now[light],
                "change": f"{one.change(light):+d}" if one.change(light) and sum(one.before.values()) else "",
            }
            for light in COLUMNS
        ],
        "better": one.better,
        "worse": one.worse,
        "new": one.new,
        "gone": one.gone,
        "url": f"{reverse('desk:ledger')}?state=open&unit={one.unit.pk}",
    }


def facts_of(review: MonthlyReview) -> list[dict[str, Any]]:
    """What the call says."""
    wanted = [pk for pk in (review.prepared_by, review.issued_by) if pk]
    people = {person.pk: person.name for person in Person.objects.filter(pk__in=wanted)}
    pairs = (
        (_("要求"), review.requirement),
        (_("范围"), _slice_words(review)),
        (_("发出日期"), review.issued_on),
        (_("报送期限"), review.due_on),
        (_("办结日期"), review.concluded_on),
        (_("下次发出日期"), review.next_on),
        (_("下级先报"), below_words(review)),
        (_("审定"), _("报送前由单位负责人审定") if review.head_passes else ""),
        (_("拟定人"), people.get(review.prepared_by, "")),
        (_("下发人"), people.get(review.issued_by, "") if review.issued_by else ""),
        (_("撤回的理由"), review.reason),
    )
    return [{"label": label, "value": value} for label, value in pairs if value]


def below_words(review: MonthlyReview) -> str:
    """By when those below answer; where the time is short, that it is."""
    number = review.below_days_before
    if not number:
        return ""
    days, issued = days_of(review.jurisdiction), review.issued_on or today()
    day = due_below(review.due_on, issued, days_before=number, days=days)
    words = _("每往下一层早 %(n)s 个工作日，第一层 %(day)s 前报") % {"n": number, "day": day.isoformat()}
    if is_tight(review.due_on, issued, days_before=number, days=days):
        return _("%(words)s（离报送期限太近，早不了这么多天）") % {"words": words}
    return words


def _slice_words(review: MonthlyReview) -> str:
    named_codes = [
        *(one.label for one in Source.objects.filter(code__in=review.sources)),
        *(one.label for one in Sector.objects.filter(code__in=review.sectors)),
        *(one.label for one in Term.objects.filter(kind=TermKind.GRADE, code__in=review.grades)),
    ]
    return listed(named_codes) if named_codes else _("全部在办问题")
