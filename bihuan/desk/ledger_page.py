"""The ledger's list: any slice in two clicks."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bihuan.desk.marks import due_of, level_of, lights_of, stage_of, term_labels
from bihuan.desk.places import has_business
from bihuan.journal.timesource import today
from bihuan.ledger.lifecycle_words import STATE_WORDS, State
from bihuan.ledger.listing import SORTS, Filters, Page, number_in, page_of, slice_of
from bihuan.ledger.models import Problem, SavedView, Sector, Source, TermKind
from bihuan.organizations.acting import Request
from bihuan.organizations.models import Unit
from bihuan.web import components as ui

RELATED = ("source", "sector", "lead_unit")


def ledger_context(request: Request) -> dict[str, Any]:
    """All the ledger's page shows. The number of queries does not depend on the number of rows."""
    filters = Filters.from_query(request.GET)
    sort = request.GET.get("sort", "deadline")
    sort = sort if sort in SORTS else "deadline"
    problems = slice_of(request.actor, filters)
    page = page_of(
        problems.select_related(*RELATED), filters, sort=sort, cursor=request.GET.get("cursor", "")
    )
    count, exact = number_in(request.actor, filters)
    labels = term_labels()
    return {
        "filters": filter_bar(filters, sort, labels),
        "views": saved_views(request, filters),
        "table": table(page, filters, sort, labels, count=count, exact=exact),
        "count_words": count_words(count, exact=exact),
        "bind_url": bind_url(filters) if has_business(request) else "",
        "export_url": reverse("desk:export") + "?" + urlencode(filters.given()),
    }


def bind_url(filters: Filters) -> str:
    """Where the case files of the whole slice are asked for."""
    return reverse("desk:bind") + "?" + urlencode({"scope": "all", "filter": urlencode(filters.given())})


def count_words(count: int, *, exact: bool) -> str:
    """共 412 件, or 约 10,000 件以上."""
    if exact:
        return _("共 %(count)s 件") % {"count": f"{count:,}"}
    return _("约 %(count)s 件以上") % {"count": f"{count:,}"}


def address(filters: Filters, **more: str) -> str:
    """The address of a slice."""
    query = urlencode({name: value for name, value in {**filters.given(), **more}.items() if value})
    return reverse("desk:ledger") + (f"?{query}" if query else "")


def table(
    page: Page, filters: Filters, sort: str, labels: dict[tuple[str, str], str], *, count: int, exact: bool
) -> ui.Table:
    """The rows of one page with their marks."""
    lights, language = lights_of(page.rows), get_language() or "zh"
    return ui.Table(
        kind="ledger",
        caption=_("台账"),
        columns=columns(filters, sort),
        rows=[row(problem, lights.get(problem.pk), labels, language) for problem in page.rows],
        batch=batch(filters),
        pager=ui.Pager(
            range_words=count_words(count, exact=exact),
            order_words=_("按期限由近到远") if sort == "deadline" else _("按登记由新到旧"),
            previous_url=address(filters, sort=sort, cursor=page.previous) if page.previous else "",
            next_url=address(filters, sort=sort, cursor=page.next) if page.next else "",
        ),
        empty=empty(filters),
    )


def columns(filters: Filters, sort: str) -> list[ui.Column]:
    """The ledger's drawn columns; two of them sort."""
    return [
        ui.Column(key="stage", label=_("阶段")),
        ui.Column(
            key="no",
            label=_("编号"),
            sort_url=address(filters, sort="registered"),
            sorted="descending" if sort == "registered" else "",
        ),
        ui.Column(key="title", label=_("问题")),
        ui.Column(key="light", label=_("灯")),
        ui.Column(key="source", label=_("来源")),
        ui.Column(key="sector", label=_("领域")),
        ui.Column(key="unit", label=_("牵头单位")),
        ui.Column(
            key="due",
            label=_("期限"),
            sort_url=address(filters, sort="deadline"),
            sorted="ascending" if sort == "deadline" else "",
        ),
        ui.Column(key="level", label=_("督办")),
    ]


def row(
    problem: Problem, light: ui.Light | None, labels: dict[tuple[str, str], str], language: str
) -> ui.Row:
    """One problem as a row."""
    day = today()
    return ui.Row(
        id=str(problem.pk),
        url=reverse("desk:problem", args=[problem.pk]),
        name=problem.problem_no,
        cells=[
            stage_of(problem, language),
            problem.problem_no,
            problem.title,
            light,
            problem.source.label,
            problem.sector.label,
            str(problem.lead_unit) if problem.lead_unit else ui.Missing(words=_("待定")),
            due_of(problem, day),
            level_of(problem, labels),
        ],
    )


def batch(filters: Filters) -> ui.Batch:
    """What can be done to several problems at once; each form says for which of them it cannot."""
    return ui.Batch(
        acts=[
            ui.BatchAct(label=_("拟办"), url=reverse("ledger:propose"), primary=True),
            ui.BatchAct(label=_("签收"), url=reverse("rectification:acknowledge")),
            ui.BatchAct(label=_("起草交办单"), url=reverse("rectification:draft_order")),
            ui.BatchAct(label=_("装订卷宗"), url=reverse("desk:bind")),
        ],
        filter=urlencode(filters.given()),
    )


def empty(filters: Filters) -> ui.Empty:
    """An empty list says what to do next."""
    if filters.given():
        return ui.Empty(
            title=_("没有符合条件的问题"),
            sentence=_("放宽或清空条件再看。"),
            link=ui.Link(words=_("清空条件"), url=reverse("desk:ledger")),
        )
    return ui.Empty(
        title=_("台账里还没有您能看到的问题"),
        sentence=_("问题由摸底或登记进入台账；交办给您单位后会出现在这里。"),
    )


def filter_bar(filters: Filters, sort: str, labels: dict[tuple[str, str], str]) -> ui.Filters:
    """The conditions that are set, as chips, and those that may be added."""
    names = choice_labels(labels)
    chips = [
        ui.FilterChip(
            label=str(label_of[name]),
            value=names.get(name, {}).get(value, value) if name != "unit" else unit_name(value),
            remove_url=address(Filters(**{k: v for k, v in filters.given().items() if k != name}), sort=sort),
        )
        for name, value in filters.given().items()
        if name != "q"
    ]
    return ui.Filters(
        url=reverse("desk:ledger"),
        chips=chips,
        choices=[
            *(
                ui.FilterChoice(
                    name=name,
                    label=str(label_of[name]),
                    options=[ui.Option(value=value, label=label) for value, label in options.items()],
                )
                for name, options in names.items()
            ),
            ui.FilterChoice(name="due_before", label=str(label_of["due_before"]), kind="date"),
            ui.FilterChoice(name="due_after", label=str(label_of["due_after"]), kind="date"),
            ui.FilterChoice(name="closed_after", label=str(label_of["closed_after"]), kind="date"),
        ],
        search_value=filters.q,
        search_hint=_("编号、单位、地点或一句话"),
        clear_url=reverse("desk:ledger") if filters.given() else "",
        kept=[("sort", sort), *((name, value) for name, value in filters.given().items() if name != "q")],
    )


class _Labels(dict[str, Any]):
    """Names of the conditions, said in the reader's language when they are asked for."""

    def __getitem__(self, name: str) -> str:
        return {
            "state": _("状态"),
            "source": _("来源"),
            "sector": _("领域"),
            "grade": _("等级"),
            "level": _("督办"),
            "kind": _("整改类型"),
            "unit": _("牵头单位"),
            "batch": _("批次"),
            "round": _("轮次"),
            "due_before": _("期限不晚于"),
            "due_after": _("期限不早于"),
            "closed_after": _("办结不早于"),
        }[name]


label_of = _Labels()


def choice_labels(labels: dict[tuple[str, str], str]) -> dict[str, dict[str, str]]:
    """For each closed condition: value -> label."""
    language = get_language() or "zh"
    groups = {"open": _("在办"), "closed": _("已销号"), "ended": _("其他办结")}
    return {
        "state": groups | {state.value: STATE_WORDS[state].say(language) for state in State},
        "source": {source.code: source.label for source in Source.objects.all()},
        "sector": {sector.code: _indented(sector) for sector in Sector.objects.all()},
        "grade": {code: label for (kind, code), label in labels.items() if kind == TermKind.GRADE},
        "level": {
            code: label for (kind, code), label in labels.items() if kind == TermKind.SUPERVISION_LEVEL
        },
        "kind": {
            code: label for (kind, code), label in labels.items() if kind == TermKind.RECTIFICATION_KIND
        },
        "round": {"2": _("第 2 轮及以上（反弹重开）")},
    }


def _indented(sector: Sector) -> str:
    return "　" * sector.code.count(".") + sector.label


def unit_name(value: str) -> str:
    """The unit's name for a chip."""
    try:
        return Unit.objects.filter(pk=value).values_list("name", flat=True).first() or value
    except ValueError:
        return value


def saved_views(request: Request, filters: Filters) -> ui.SavedViews:
    """The ready-made tabs, then one's own."""
    here = urlencode(filters.given())
    ready = [
        (_("在办"), "state=open"),
        (_("整改中"), "state=rectifying"),
        (_("待验收"), "state=accepting"),
        (_("反弹重开"), "state=open&round=2"),
        (_("已销号"), "state=closed"),
        (_("全部"), ""),
    ]
    own = SavedView.objects.filter(person=request.actor.person).exclude(name="").order_by("position", "id")
    tabs = [*ready, *((view.name, view.query) for view in own)]
    return ui.SavedViews(
        views=[
            ui.SavedView(
                name=name, url=reverse("desk:ledger") + (f"?{query}" if query else ""), current=query == here
            )
            for name, query in tabs
        ],
        save_url=reverse("ledger:save_view") + f"?{urlencode({'query': here})}" if filters.given() else "",
    )
