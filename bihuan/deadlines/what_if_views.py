"""The page that runs a version of a deadline on the cases of a period."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bihuan.deadlines.models import ClockState
from bihuan.deadlines.reapplication_pages import title_of
from bihuan.deadlines.reapplications import ask_reapplication
from bihuan.deadlines.terms import CODES
from bihuan.deadlines.what_if import MOST, Answer, Outcome, what_if
from bihuan.journal.timesource import today
from bihuan.organizations.tables import table
from bihuan.policies.models import Policy
from bihuan.policies.policy import may_read

if TYPE_CHECKING:
    import uuid

    from bihuan.organizations.acting import Request

YEAR: Final = 365
SHOWN: Final = 200


@require_safe
def what_if_page(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Who would have been late, for the office the version belongs to; last year, unless other days are asked for."""
    policy = Policy.objects.select_related("jurisdiction").filter(pk=pk).first()
    if policy is None or policy.code not in CODES or not may_read(request.actor, policy.jurisdiction):
        raise Http404
    ask_reapplication.may(request.actor, [policy], {})
    since, until = _period(request)
    answer = what_if(policy, request.actor, since, until)
    address = reverse("deadlines:what_if", args=[policy.pk])
    context = {
        "title": _("试算：%(rule)s") % {"rule": title_of(policy)},
        "crumbs": [{"words": title_of(policy), "url": reverse("policies:detail", args=[policy.pk])}],
        "filters": {
            "url": address,
            "search_name": "",
            "choices": [
                {"name": "since", "label": _("起算不早于"), "kind": "date", "value": since.isoformat()},
                {"name": "until", "label": _("起算不晚于"), "kind": "date", "value": until.isoformat()},
            ],
        },
        "facts": _facts(answer, since, until),
        "table": _table(answer),
        "note": _note(answer),
    }
    return render(request, "deadlines/what_if.html", context)


def _period(request: Request) -> tuple[date, date]:
    """The days asked for; what is no day, or the wrong way round, is last year."""
    found = [_day(request.GET.get(name, "")) for name in ("since", "until")]
    until = found[1] or today()
    since = found[0] or until - timedelta(days=YEAR)
    return (since, until) if since <= until else (until - timedelta(days=YEAR), until)


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


def _facts(answer: Answer, since: date, until: date) -> list[dict[str, Any]]:
    before, after = answer.late(0), answer.late(1)
    return [
        {"label": _("起算日期"), "value": f"{since.isoformat()} — {until.isoformat()}"},
        {"label": _("重算的时限"), "value": len(answer.outcomes)},
        {"label": _("逾期"), "value": _("%(before)d 项 → %(after)d 项") % {"before": before, "after": after}},
        {
            "label": _("不受影响"),
            "value": _("%(count)d 项（按来源或经批准的日期）") % {"count": answer.fixed},
        },
    ]


def _note(answer: Answer) -> str:
    if answer.more:
        return _("这段时间的时限太多，只看了前 %(most)d 项；请把日期缩短。") % {"most": MOST}
    return ""


def _table(answer: Answer) -> dict[str, Any]:
    """Those whose lateness would differ first, then those whose day would."""
    moved = [one for one in answer.outcomes if one.due[0] != one.due[1]]
    rows = sorted(moved, key=lambda one: (not one.differs, one.clock.problem.problem_no))[:SHOWN]
    heads = [
        ("no", _("编号")),
        ("title", _("问题")),
        ("due", _("期限")),
        ("on", _("办结")),
        ("outcome", _("结果")),
    ]
    empty = (_("没有时限会因此改变"), _("换一段时间，或换一个版本再试。"))
    return table(_("会改变的时限"), heads, [_row(one) for one in rows], empty=empty)


def _row(one: Outcome) -> tuple[str, str, list[Any]]:
    problem = one.clock.problem
    running = one.clock.state != ClockState.STOPPED
    return (
        str(one.clock.pk),
        reverse("desk:problem", args=[problem.pk]),
        [
            problem.problem_no,
            problem.title,
            f"{one.due[0].isoformat()} → {one.due[1].isoformat()}",
            _("未办结") if running else one.clock.stopped_on,
            {
                "piece": "chip",
                "words": _late_words(one),
                "tone": "strong" if one.differs else "plain",
            },
        ],
    )


def _late_words(one: Outcome) -> str:
    return " → ".join(_("逾期") if late else _("按期") for late in one.late)
