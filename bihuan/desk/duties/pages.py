"""The pages of the record: one leader's, and the list of leaders whose records one may read."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bihuan.desk.duties.export import export_record
from bihuan.desk.duties.gaps import Gap, gaps_of
from bihuan.desk.duties.leaders import leaders
from bihuan.desk.duties.lines import KIND_WORDS, Kind, Line, lines_of
from bihuan.desk.duties.periods import FIRST, WORDS, period_of
from bihuan.desk.duties.policy import may_read
from bihuan.desk.duties.wording import gap_words
from bihuan.journal.timesource import today
from bihuan.journal.wording import listed
from bihuan.organizations.acting import Request
from bihuan.organizations.models import Person, Tenure
from bihuan.organizations.spans import in_force
from bihuan.web import components as ui

if TYPE_CHECKING:
    import uuid
    from collections.abc import Sequence

    from django.http import FileResponse, HttpResponse

    from bihuan.desk.duties.leaders import Leader
    from bihuan.desk.duties.periods import Period

SHOWN: Final = 200


def readable(request: Request, pk: uuid.UUID) -> Person:
    """The leader, or 404 for whoever may not read their record."""
    found: Person | None = Person.objects.filter(pk=pk).first()
    if found is None or not may_read(request.actor, found):
        raise Http404
    return found


@require_safe
def record(request: Request, pk: uuid.UUID) -> HttpResponse:
    """What this leader did in a period, and what is missing today."""
    person = readable(request, pk)
    period = period_of(request.GET.get("period", FIRST), today())
    lines = lines_of(request.actor, person, period)
    gaps = gaps_of(request.actor, person.pk)
    kind = request.GET.get("kind", "")
    chosen = [line for line in lines if line.kind == kind] if kind in set(Kind) else lines
    context = {
        "person": person,
        "posts": listed(posts_words(person)),
        "figures": figures(lines, gaps, period.key),
        "periods": periods(period.key, kind),
        "gaps": gap_table(gaps) if gaps else None,
        "table": line_table(chosen[:SHOWN]),
        "more": len(chosen) - SHOWN if len(chosen) > SHOWN else 0,
        "export_url": reverse("desk:export_duty_record", args=[person.pk]) + f"?period={period.key}",
    }
    return render(request, "desk/duty_record.html", context)


@require_safe
def export(request: Request, pk: uuid.UUID) -> FileResponse:
    """The same as an Excel file, all lines of the period."""
    person = readable(request, pk)
    period = period_of(request.GET.get("period", FIRST), today())
    lines = lines_of(request.actor, person, period)
    return export_record(request.actor, person, period, lines, gaps_of(request.actor, person.pk))


def posts_words(person: Person) -> list[str]:
    """Where the person sits today."""
    held = Tenure.objects.filter(in_force(today()), person=person).select_related("post__unit")
    return [f"{tenure.post.unit} {tenure.post.name}" for tenure in held.order_by("since", "id")]


def figures(lines: list[Line], gaps: list[Gap], period: str) -> list[ui.Figure]:
    """How many of each kind that stand, each a link to them; and how many are missing."""
    counted = Counter(line.kind for line in lines if not line.withdrawn)
    found = [
        ui.Figure(
            label=words, value=counted[kind], url="?" + urlencode({"period": period, "kind": kind.value})
        )
        for kind, words in KIND_WORDS.items()
    ]
    return [*found, ui.Figure(label=_("应有未有"), value=len(gaps), url="#missing", late=bool(gaps))]


def periods(current: str, kind: str) -> ui.SavedViews:
    """The periods as tabs; the chosen kind of act stays."""
    more = {"kind": kind} if kind else {}
    return ui.SavedViews(
        views=[
            ui.SavedView(
                name=words,  # type: ignore[arg-type]  # lazy words
                url="?" + urlencode({"period": key, **more}),
                current=key == current,
            )
            for key, words in WORDS.items()
        ]
    )


def gap_table(gaps: list[Gap]) -> ui.Table:
    """What is expected by policy and missing."""
    return ui.Table(
        caption=_("应有未有"),
        columns=[
            ui.Column(key="no", label=_("编号")),
            ui.Column(key="title", label=_("问题")),
            ui.Column(key="missing", label=_("缺什么")),
        ],
        rows=[
            ui.Row(
                id=f"{gap.problem.pk}-{gap.what}",
                name=gap.problem.problem_no,
                url=reverse("desk:problem", args=[gap.problem.pk]),
                cells=[gap.problem.problem_no, gap.problem.title, ui.Missing(words=gap_words(gap))],
            )
            for gap in gaps
        ],
    )


def line_table(lines: list[Line]) -> ui.Table:
    """One act a row, with the beginning of the digest of the event that proves it."""
    return ui.Table(
        caption=_("履责记录"),
        columns=[
            ui.Column(key="day", label=_("日期")),
            ui.Column(key="kind", label=_("事项")),
            ui.Column(key="no", label=_("编号")),
            ui.Column(key="title", label=_("内容")),
            ui.Column(key="entered", label=_("登记人")),
            ui.Column(key="digest", label=_("日志")),
        ],
        rows=[_line(line) for line in lines],
        empty=ui.Empty(
            title=_("这段时间没有记录"),
            sentence=_("会议、批示、督导、审批和协调由各自的办理环节留下，不用另外填报。"),
        ),
    )


def _line(line: Line) -> ui.Row:
    said: list[ui.Words | ui.Mark] = [line.problem.title] if line.problem else []
    if line.withdrawn:
        said += [ui.Struck(words=line.words, said=_("已撤回：")), line.withdrawn]
    else:
        said.append(ui.Link(words=line.words, url=line.url) if line.url else line.words)
    return ui.Row(
        id=f"{line.stream}-{line.seq}",
        name=line.problem.problem_no if line.problem else KIND_WORDS[line.kind],
        url=reverse("desk:problem", args=[line.problem.pk]) if line.problem else line.url,
        cells=[
            line.on,
            KIND_WORDS[line.kind],
            line.problem.problem_no if line.problem else "",
            said,
            line.by,
            f"{line.digest[:4]}…{line.digest[-4:]}",
        ],
    )


@require_safe
def index(request: Request) -> HttpResponse:
    """The leaders whose records one may read, with what they did in the period. Nobody's own is asked for by name."""
    period = period_of(request.GET.get("period", FIRST), today())
    words = request.GET.get("q", "").strip()[:60]
    found = leaders(request.actor, period, words)
    if not found and not words:
        raise Http404
    context = {
        "periods": periods(period.key, ""),
        "filters": ui.Filters(
            url=reverse("desk:duty_records"),
            search_value=words,
            search_hint=_("姓名或单位"),
            kept=[("period", period.key)],
        ),
        "table": _leaders(found, period),
    }
    return render(request, "desk/duty_records.html", context)


def _leaders(found: Sequence[Leader], period: Period) -> ui.Table:
    return ui.Table(
        caption=_("履责记录"),
        columns=[
            ui.Column(key="title", label=_("领导")),
            ui.Column(key="post", label=_("岗位")),
            *(
                ui.Column(key=kind.value, label=KIND_WORDS[kind], right=True)
                for kind in (Kind.MEETING, Kind.INSTRUCTION, Kind.VISIT)
            ),
            ui.Column(key="last", label=_("最近督导")),
        ],
        rows=[
            ui.Row(
                id=str(one.person.pk),
                name=one.person.name,
                url=reverse("desk:duty_record", args=[one.person.pk]) + f"?period={period.key}",
                cells=[
                    one.person.name,
                    listed(one.posts),
                    one.meetings,
                    one.instructions,
                    one.visits,
                    one.last_visit,
                ],
            )
            for one in found
        ],
        empty=ui.Empty(title=_("没有找到"), sentence=_("换个写法再找。")),
    )
