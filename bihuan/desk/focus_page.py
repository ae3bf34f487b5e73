"""重点问题清单: the page, its filters, what policy proposes for it, and its Excel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bihuan.desk.focus_export import export_focus
from bihuan.desk.focus_rows import RELATED, FocusRow, rows_of
from bihuan.desk.focus_words import expected_words
from bihuan.desk.ledger_page import choice_labels, label_of
from bihuan.desk.marks import due_of, stage_of, term_labels
from bihuan.desk.places import follows_the_focus
from bihuan.journal.timesource import today
from bihuan.ledger.listing import Filters, page_of, slice_of
from bihuan.organizations.acting import Request
from bihuan.organizations.authority import jurisdiction_of
from bihuan.rectification.focus import STANDING, proposed_for
from bihuan.rectification.leading_rules import Expected
from bihuan.rectification.places import works_in_the_office
from bihuan.web import components as ui

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import FileResponse, HttpResponse

    from bihuan.ledger.models import Problem

MOST_WORDS: Final = 40
OFFERED: Final = ("state", "source", "sector", "grade", "level", "kind")


def listed_problems(request: Request, filters: Filters) -> QuerySet[Problem]:
    """The problems on a focus list that the person sees."""
    return slice_of(request.actor, filters).filter(STANDING).select_related(*RELATED)


def _require_reader(request: Request) -> None:
    if not follows_the_focus(request):
        raise Http404


@require_safe
def focus(request: Request) -> HttpResponse:
    """The list; the number of statements does not depend on the number of rows."""
    _require_reader(request)
    filters = Filters.from_query(request.GET)
    found = listed_problems(request, filters)
    page = page_of(found, filters, cursor=request.GET.get("cursor", ""))
    rows = rows_of(page.rows)
    count = found.count()
    office = works_in_the_office(request)
    place = jurisdiction_of(request.actor) if office else None
    context = {
        "count": count,
        "figures": figures(rows, count),
        "filters": filter_bar(filters),
        "table": table(rows, page.previous, page.next, filters, office=office),
        "proposed": proposed_table(proposed_for(request.actor, place)) if place else None,
        "export_url": reverse("desk:export_focus") + "?" + urlencode(filters.given()),
    }
    return render(request, "desk/focus.html", context)


@require_safe
def export(request: Request) -> FileResponse:
    """The same slice as an Excel file."""
    _require_reader(request)
    filters = Filters.from_query(request.GET)
    return export_focus(request.actor, listed_problems(request, filters), filters)


def figures(rows: list[FocusRow], count: int) -> list[ui.Figure]:
    """How many there are, and of those on this page how many are without a visit, late with an answer, or late."""
    day = today()
    visit = sum(1 for row in rows if row.visit_by is not None and row.visit_by < day)
    answer = sum(1 for row in rows if row.led.answer_by is not None and row.led.answer_by < day)
    late = sum(1 for row in rows if row.problem.external_deadline < day)
    return [
        ui.Figure(label=_("重点问题"), value=count),
        ui.Figure(label=_("本页督导不足"), value=visit, late=visit > 0),
        ui.Figure(label=_("本页批示未报告"), value=answer, late=answer > 0),
        ui.Figure(label=_("本页逾期"), value=late, late=late > 0),
    ]


def filter_bar(filters: Filters) -> ui.Filters:
    """The conditions of the ledger that make sense here, by the same names."""
    names, given = choice_labels(term_labels()), filters.given()
    url = reverse("desk:focus")

    def without(name: str) -> str:
        rest = {key: value for key, value in given.items() if key != name}
        return url + (f"?{urlencode(rest)}" if rest else "")

    return ui.Filters(
        url=url,
        chips=[
            ui.FilterChip(
                label=label_of[name],
                value=names.get(name, {}).get(value, value),
                remove_url=without(name),
            )
            for name, value in given.items()
            if name != "q"
        ],
        choices=[
            ui.FilterChoice(
                name=name,
                label=label_of[name],
                options=[
                    ui.Option(value=value, label=label, selected=value == given.get(name))
                    for value, label in names[name].items()
                ],
            )
            for name in OFFERED
        ],
        search_value=filters.q,
        search_hint=_("编号、单位、地点或一句话"),
        clear_url=url if given else "",
        kept=[(name, value) for name, value in given.items() if name not in (*OFFERED, "q")],
    )


def table(rows: list[FocusRow], previous: str, following: str, filters: Filters, *, office: bool) -> ui.Table:
    """One problem a row."""
    columns = (
        ("no", _("编号")), ("matter", _("问题")), ("light", _("灯")), ("who", _("包抓领导")), ("unit", _("牵头单位")),
        ("due", _("期限")),
        ("progress", _("最近进展")), ("visits", _("督导")), ("instructions", _("批示")), ("next", _("下一步")),
    )  # fmt: skip
    acts = [ui.BatchAct(label=_("移出清单"), url=reverse("rectification:take_off_focus"))]

    def at(cursor: str) -> str:
        return (
            reverse("desk:focus") + "?" + urlencode({**filters.given(), "cursor": cursor}) if cursor else ""
        )

    return ui.Table(
        caption=_("重点问题清单"),
        columns=[ui.Column(key=key, label=label) for key, label in columns],
        rows=[_row(row) for row in rows],
        batch=ui.Batch(acts=acts, filter=urlencode(filters.given())) if office else None,
        pager=ui.Pager(order_words=_("按期限由近到远"), previous_url=at(previous), next_url=at(following)),
        empty=ui.Empty(
            title=_("清单上没有问题"),
            sentence=_("由整改办列入；下面是按规则建议列入的，在问题页上也可以列入。"),
        ),
    )


def _row(row: FocusRow) -> ui.Row:
    problem = row.problem
    return ui.Row(
        id=str(problem.pk),
        url=reverse("desk:problem", args=[problem.pk]),
        name=problem.problem_no,
        cells=[
            problem.problem_no,
            problem.title,
            # Of the clock that stands worst, which need not be that of the date beside it.
            row.light,
            _sponsor(row),
            str(problem.lead_unit) if problem.lead_unit else ui.Missing(words=_("待定")),
            due_of(problem, today()),
            _progress(row),
            _visits(row),
            _instructions(row),
            _next(row),
        ],
    )


def _sponsor(row: FocusRow) -> ui.Shown:
    post = row.problem.sponsor
    seat = f"{post.unit} {post.name}" if post else ""
    return [row.sponsor or ui.Missing(words=_("空缺")), seat]


def _progress(row: FocusRow) -> ui.Shown:
    stage = stage_of(row.problem, get_language() or "zh")
    if row.progress is None:
        return [stage, ui.Missing(words=_("没有报过"))]
    on, facts = row.progress
    return [stage, f"{on.isoformat()} · {row.problem.progress}%", facts[:MOST_WORDS]]


def _visits(row: FocusRow) -> ui.Shown:
    done = row.led
    count = ngettext("%(n)d 次", "%(n)d 次", done.visits) % {"n": done.visits}
    said: list[ui.Words | ui.Mark] = [count]
    if done.last_visit:
        said.append(_("最近 %(day)s") % {"day": done.last_visit.isoformat()})
    if row.visit_by is not None and row.visit_by < today():
        said.append(ui.Missing(words=_("应于 %(day)s 前再去") % {"day": row.visit_by.isoformat()}))
    return said


def _instructions(row: FocusRow) -> ui.Shown:
    done = row.led
    count = ngettext("%(n)d 件", "%(n)d 件", done.instructions) % {"n": done.instructions}
    said: list[ui.Words | ui.Mark] = [count]
    if done.last_instruction:
        said.append(_("最近 %(day)s") % {"day": done.last_instruction.isoformat()})
    if done.answer_by is not None and done.answer_by < today():
        said.append(ui.Missing(words=_("应于 %(day)s 前报告") % {"day": done.answer_by.isoformat()}))
    return said


def _next(row: FocusRow) -> ui.Shown:
    if row.expected is None:
        return ""
    words = expected_words(row.expected)
    late = row.expected.is_missing(today()) and row.expected.what is not Expected.DEADLINE
    return ui.Missing(words=words) if late else words


def proposed_table(proposed: list[Any]) -> ui.Table | None:
    """What policy proposes, with its why; ticked and put on by the office."""
    if not proposed:
        return None
    put_on = reverse("rectification:put_on_focus")
    return ui.Table(
        caption=_("按规则建议列入"),
        columns=[
            ui.Column(key="no", label=_("编号")),
            ui.Column(key="title", label=_("问题")),
            ui.Column(key="unit", label=_("牵头单位")),
            ui.Column(key="who", label=_("包抓领导")),
            ui.Column(key="due", label=_("期限")),
            ui.Column(key="why", label=_("为什么")),
        ],
        rows=[
            ui.Row(
                id=str(one.problem.pk),
                url=reverse("desk:problem", args=[one.problem.pk]),
                name=one.problem.problem_no,
                cells=[
                    one.problem.problem_no,
                    one.problem.title,
                    str(one.problem.lead_unit or ""),
                    f"{one.problem.sponsor.unit} {one.problem.sponsor.name}"
                    if one.problem.sponsor
                    else ui.Missing(words=_("待定")),
                    due_of(one.problem, today()),
                    one.why,
                ],
            )
            for one in proposed
        ],
        batch=ui.Batch(acts=[ui.BatchAct(label=_("列入清单"), url=put_on, primary=True)]),
    )
