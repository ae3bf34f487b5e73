"""The ledger's list: any slice in two clicks."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final, Literal
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bihuan.desk import ledger_columns
from bihuan.desk.ledger_columns import LedgerColumn, Seen
from bihuan.desk.marks import lights_of, term_labels
from bihuan.desk.places import has_business
from bihuan.intake.policy import has_desk
from bihuan.journal.timesource import today
from bihuan.ledger.lifecycle_words import STATE_WORDS, State
from bihuan.ledger.listing import DAYS, SORTS, Filters, Page, numbers_in, page_of, slice_of
from bihuan.ledger.models import Problem, SavedView, Sector, Source, TermKind, Waiting
from bihuan.ledger.saved_views import VIEW, in_address, views_of
from bihuan.organizations.acting import Request
from bihuan.organizations.models import Unit
from bihuan.organizations.sight import sight_of
from bihuan.rectification.money_queries import money_by_problem
from bihuan.web import components as ui

RELATED = ("source", "sector", "lead_unit")
FIRST_SORT: Final = "deadline"
OPEN: Final = Filters(state="open")
SORTING: Final = {"no": "registered", "due": FIRST_SORT}


@dataclass(frozen=True)
class Place:
    """Where in the ledger somebody is: the slice, its order, the columns they look at, the kept view they chose."""

    filters: Filters
    sort: str
    columns: tuple[LedgerColumn, ...]
    view: str = ""

    @classmethod
    def of(cls, request: Request) -> Place:
        """Read off the address."""
        sort = request.GET.get("sort", FIRST_SORT)
        return cls(
            Filters.from_query(request.GET),
            sort if sort in SORTS else FIRST_SORT,
            ledger_columns.chosen(request.GET.getlist(ledger_columns.NAME)),
            request.GET.get(VIEW, ""),
        )

    @property
    def query(self) -> str:
        """What a saved view keeps: conditions and columns."""
        return urlencode([*self.filters.given().items(), *ledger_columns.in_address(self.columns)])

    def address(self, **more: str) -> str:
        """This place with another order or another page."""
        pairs = [("sort", self.sort if self.sort != FIRST_SORT else ""), (VIEW, self.view), *more.items()]
        given = {name: value for name, value in pairs if value}
        return _ledger("&".join(part for part in (self.query, urlencode(given)) if part))

    def without(self, name: str) -> Place:
        """The same place with one condition less."""
        return replace(self, filters=replace(self.filters, **{name: ""}), view="")


def ledger_context(request: Request) -> dict[str, Any]:
    """All the ledger's page shows. The number of queries does not depend on the number of rows."""
    place = Place.of(request)
    waiting = Exists(Waiting.objects.filter(problem=OuterRef("pk")))
    problems = slice_of(request.actor, place.filters).select_related(*RELATED).only(*ledger_columns.READ)
    page = page_of(
        problems.annotate(uncompared=waiting),
        place.filters,
        sort=place.sort,
        cursor=request.GET.get("cursor", ""),
    )
    # The navigation asks for what is open: where both must be counted, they are counted together.
    count, exact = numbers_in(request.actor, {"here": place.filters, "open": OPEN})["here"]
    labels = term_labels()
    desk = has_desk(request.actor)
    return {
        "filters": filter_bar(place, labels),
        "views": saved_views(request, place),
        "table": table(page, place, labels, count=count, exact=exact, desk=desk),
        "count_words": count_words(count, exact=exact),
        "may_register": bool(sight_of(request.actor).jurisdictions),
        "bind_url": bind_url(place.filters) if has_business(request) else "",
        "export_url": reverse("desk:export") + "?" + urlencode(place.filters.given()),
        "forms_url": forms_url(place.filters) if desk else "",
    }


def bind_url(filters: Filters) -> str:
    """Where the case files of the whole slice are asked for."""
    return reverse("desk:bind") + "?" + urlencode({"scope": "all", "filter": urlencode(filters.given())})


def forms_url(filters: Filters) -> str:
    """Where a superior's form is chosen for the whole slice."""
    return reverse("intake:forms") + "?" + urlencode({"scope": "all", "filter": urlencode(filters.given())})


def count_words(count: int, *, exact: bool) -> str:
    """共 412 件, or 约 10,000 件以上."""
    if exact:
        return _("共 %(count)s 件") % {"count": f"{count:,}"}
    return _("约 %(count)s 件以上") % {"count": f"{count:,}"}


def address(filters: Filters) -> str:
    """The address of a slice."""
    return _ledger(urlencode(filters.given()))


def _ledger(query: str) -> str:
    return reverse("desk:ledger") + (f"?{query}" if query else "")


def table(
    page: Page,
    place: Place,
    labels: dict[tuple[str, str], str],
    *,
    count: int,
    exact: bool,
    desk: bool = False,
) -> ui.Table:
    """The rows of one page with their marks."""
    asks_money = any(column.key in ledger_columns.MONEY for column in place.columns)
    money = money_by_problem(page.rows) if asks_money else {}
    seen = Seen(today(), get_language() or "zh", labels, lights_of(page.rows), money)
    return ui.Table(
        kind="ledger",
        caption=_("台账"),
        columns=[_heading(column, place) for column in place.columns],
        rows=[_row(problem, place.columns, seen) for problem in page.rows],
        batch=batch(place.filters, desk=desk),
        pager=ui.Pager(
            range_words=count_words(count, exact=exact),
            order_words=_("按期限由近到远") if place.sort == FIRST_SORT else _("按登记由新到旧"),
            previous_url=place.address(cursor=page.previous) if page.previous else "",
            next_url=place.address(cursor=page.next) if page.next else "",
        ),
        empty=empty(place.filters),
    )


def _heading(column: LedgerColumn, place: Place) -> ui.Column:
    """A column's head; two of them sort."""
    sort = SORTING.get(column.key, "")
    direction: Literal["", "ascending", "descending"] = ""
    if sort and sort == place.sort:
        direction = "ascending" if sort == FIRST_SORT else "descending"
    return ui.Column(
        key=column.key,
        label=column.label,
        sort_url=replace(place, sort=sort).address() if sort else "",
        sorted=direction,
        extra=not column.drawn,
    )


def _row(problem: Problem, columns: tuple[LedgerColumn, ...], seen: Seen) -> ui.Row:
    """One problem as a row."""
    return ui.Row(
        id=str(problem.pk),
        url=reverse("desk:problem", args=[problem.pk]),
        name=problem.problem_no,
        cells=[column.cell(problem, seen) for column in columns],
    )


def batch(filters: Filters, *, desk: bool = False) -> ui.Batch:
    """What can be done to several problems at once; each form says for which of them it cannot.

    `desk`: the reader works in the rectification office, which keeps the superior's forms.
    """
    return ui.Batch(
        acts=[
            ui.BatchAct(label=_("拟办"), url=reverse("ledger:propose"), primary=True),
            ui.BatchAct(label=_("拟办表"), url=reverse("rectification:handling")),
            ui.BatchAct(label=_("签收"), url=reverse("rectification:acknowledge")),
            ui.BatchAct(label=_("起草交办单"), url=reverse("rectification:draft_order")),
            ui.BatchAct(label=_("筹备会审"), url=reverse("sittings:prepare")),
            ui.BatchAct(label=_("起草文书"), url=reverse("papers:choose")),
            ui.BatchAct(label=_("装订卷宗"), url=reverse("desk:bind")),
            *([ui.BatchAct(label=_("按上级表样填"), url=reverse("intake:forms"))] if desk else []),
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


def filter_bar(place: Place, labels: dict[tuple[str, str], str]) -> ui.Filters:
    """The conditions that are set, as chips, those that may be added, and the columns that may be shown."""
    names, given = choice_labels(labels), place.filters.given()
    columns = ledger_columns.in_address(place.columns)
    choices = [*(_choice(name, given, options) for name, options in names.items())]
    choices += [_day_choice(name, given) for name in DAYS]
    offered = {choice.name for choice in choices} | {"q"}
    beside = [("sort", place.sort), *given.items()]
    return ui.Filters(
        url=reverse("desk:ledger"),
        chips=[_chip(place, name, value, names) for name, value in given.items() if name != "q"],
        choices=choices,
        search_value=place.filters.q,
        search_hint=_("编号、单位、地点或一句话"),
        clear_url=reverse("desk:ledger") if given else "",
        kept=[*(pair for pair in beside if pair[0] not in offered), *columns],
        columns=ledger_columns.options(place.columns),
        kept_beside=beside,
    )


def _choice(name: str, given: dict[str, str], options: dict[str, str]) -> ui.FilterChoice:
    return ui.FilterChoice(
        name=name,
        label=label_of[name],
        options=[
            ui.Option(value=value, label=label, selected=value == given.get(name))
            for value, label in options.items()
        ],
    )


def _day_choice(name: str, given: dict[str, str]) -> ui.FilterChoice:
    return ui.FilterChoice(name=name, label=label_of[name], kind="date", value=given.get(name, ""))


def _chip(place: Place, name: str, value: str, names: dict[str, dict[str, str]]) -> ui.FilterChip:
    said = unit_name(value) if name == "unit" else names.get(name, {}).get(value, value)
    if name == "proposed":
        said = " → ".join(names["sector"].get(code, code).strip() for code in value.split("~"))
    return ui.FilterChip(label=label_of[name], value=said, remove_url=place.without(name).address())


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
            "registered_after": _("登记不早于"),
            "proposed": _("程序建议的领域"),
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


def saved_views(request: Request, place: Place) -> ui.SavedViews:
    """The ready-made tabs, then one's own. Of several with the same slice one is current: the one that was chosen."""
    here = place.query
    ready = [
        (_("在办"), "state=open"),
        (_("整改中"), "state=rectifying"),
        (_("待验收"), "state=accepting"),
        (_("反弹重开"), "state=open&round=2"),
        (_("已销号"), "state=closed"),
        (_("全部"), ""),
    ]
    own = list(views_of(request.actor))
    tabs: list[tuple[str, str, SavedView | None]] = [(name, query, None) for name, query in ready]
    tabs += [(view.name, view.query, view) for view in own]
    here_too = [at for at, (_name, query, _view) in enumerate(tabs) if query == here]
    chosen = (at for at in here_too if (view := tabs[at][2]) and str(view.pk) == place.view)
    current = next(chosen, here_too[0] if here_too else None)
    shown = tabs[current][2] if current is not None else None
    return ui.SavedViews(
        views=[
            ui.SavedView(name=name, url=_ledger(in_address(view) if view else query), current=at == current)
            for at, (name, query, view) in enumerate(tabs)
        ],
        save_url=reverse("ledger:save_view") + f"?{urlencode({'query': here})}" if here else "",
        forget_url=reverse("ledger:forget_view", args=[shown.pk]) if shown else "",
    )
