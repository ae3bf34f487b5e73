"""Reading findings: who sees which, what each waits for, and any slice of them.

What holds an answer up is judged by the problems the person asking may know of: a problem that runs in a restricted
channel is answered for there, and nothing said here may tell that it exists.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bihuan.journal.errors import Refused
from bihuan.journal.timesource import today
from bihuan.journal.wording import listed
from bihuan.ledger.lifecycle import ENDED_EARLY
from bihuan.ledger.lifecycle_words import STATE_WORDS, State
from bihuan.ledger.models import Batch, ChannelMember, Finding, FindingLink, FindingState, Problem
from bihuan.ledger.sight import visible
from bihuan.organizations.sight import sight_of
from bihuan.organizations.spans import in_force

if TYPE_CHECKING:
    from bihuan.journal.action import Actor

SETTLED: Final = frozenset({State.CLOSED, State.STANDING_DUTY, *ENDED_EARLY})
PAGE: Final = 50
NUMBERS_NAMED: Final = 5
NOT_YET: Final = "none"


def batches_seen(actor: Actor | None) -> QuerySet[Batch]:
    """`policy.sees_batch` as a query: the office's own, what one's unit raised; restricted ones for members only."""
    batches: QuerySet[Batch] = Batch.objects.all()
    sight = sight_of(actor)
    if sight.everything:
        return batches
    if sight.nothing:
        return batches.none()
    members = ChannelMember.objects.filter(in_force(today()), channel=OuterRef("channel"), post=sight.post)
    mine = Q(source_unit=sight.unit) | Q(jurisdiction__path__in=sight.jurisdictions)
    return batches.filter(mine, Q(channel__isnull=True) | Q(Exists(members)))


def findings_seen(actor: Actor | None) -> QuerySet[Finding]:
    """Findings of batches one sees, and those that raised a problem one sees."""
    raised = visible(actor, Problem.objects.filter(finding_links__finding=OuterRef("pk")))
    return Finding.objects.filter(Q(batch__in=batches_seen(actor)) | Q(Exists(raised)))  # type: ignore[no-any-return]


def problems_of(actor: Actor | None, finding: Finding) -> QuerySet[Problem]:
    """The problems a finding raised, as far as the actor may know of them."""
    raised = Problem.objects.filter(pk__in=FindingLink.objects.filter(finding=finding).values("problem"))
    return visible(actor, raised).order_by("problem_no")


def obstacle_to_answering(actor: Actor | None, finding: Finding) -> Refused | None:
    """Why the source cannot have its answer yet; nothing where it can."""
    states = list(problems_of(actor, finding).values_list("problem_no", "state"))
    waiting = [(number, State(state)) for number, state in states if State(state) not in SETTLED]
    if waiting:
        language = get_language() or "zh"
        named = [f"{number} {STATE_WORDS[state].say(language)}" for number, state in waiting[:NUMBERS_NAMED]]
        return Refused(
            _("这条反馈问题还有 %(count)s 个问题没有办结：%(numbers)s。")
            % {"count": len(waiting), "numbers": listed(named)},
            accepted=_("全部销号或办结以后再答复。"),
        )
    if not states:
        return Refused(
            _("这条反馈问题还没有登记任何问题。"),
            accepted=_("请先登记问题，或在摸底中说明它为什么不是问题。"),
        )
    return None


@dataclass(frozen=True, kw_only=True)
class FindingFilters:
    """The conditions of a slice, as they stand in an address. Empty means no condition."""

    show: str = ""
    batch: str = ""
    source: str = ""
    determination: str = ""

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> FindingFilters:
        """Read the known conditions of an address."""
        return cls(**{name: str(query.get(name, "")).strip()[:100] for name in cls.__dataclass_fields__})

    def given(self) -> dict[str, str]:
        """The conditions that are set."""
        return {name: value for name, value in asdict(self).items() if value}

    def query(self, **changed: str) -> str:
        """As the query of an address, with some conditions changed."""
        return urlencode({name: value for name, value in {**self.given(), **changed}.items() if value})


def narrowed(findings: QuerySet[Finding], filters: FindingFilters, actor: Actor | None) -> QuerySet[Finding]:
    """The findings that meet all the conditions."""
    columns = {"batch": "batch__code", "source": "batch__source__code"}
    for name, column in columns.items():
        if value := getattr(filters, name):
            findings = findings.filter(**{column: value})
    if filters.determination:
        wanted = "" if filters.determination == NOT_YET else filters.determination
        findings = findings.filter(determination=wanted)
    if filters.show == "answered":
        return findings.filter(state=FindingState.ANSWERED)
    if filters.show in {"open", "ready"}:
        findings = findings.filter(state=FindingState.OPEN)
    return ready(findings, actor) if filters.show == "ready" else findings


def ready(findings: QuerySet[Finding], actor: Actor | None) -> QuerySet[Finding]:
    """Those whose problems have all ended, so that the source can have its answer today."""
    raised = visible(actor, Problem.objects.filter(finding_links__finding=OuterRef("pk")))
    return findings.filter(Exists(raised), ~Exists(raised.exclude(state__in=SETTLED)))


def page_of(findings: QuerySet[Finding], *, in_order: bool, cursor: str) -> tuple[list[Finding], str]:
    """One page and the cursor of the next: a batch in the source's own order, several batches newest first."""
    rows = findings.order_by("ordinal" if in_order else "-id")
    if cursor:
        rows = rows.filter(_behind(cursor, in_order=in_order))
    found = list(rows.select_related("batch__source")[: PAGE + 1])
    if len(found) <= PAGE:
        return found, ""
    last = found[PAGE - 1]
    return found[:PAGE], str(last.ordinal if in_order else last.pk)


def _behind(cursor: str, *, in_order: bool) -> Q:
    """What follows a cursor; a damaged one leads to the first page."""
    if in_order:
        return Q(ordinal__gt=int(cursor)) if cursor.isascii() and cursor.isdigit() else Q()
    try:
        return Q(pk__lt=uuid.UUID(cursor))
    except ValueError:
        return Q()


def raised_by(actor: Actor | None, findings: Iterable[Finding]) -> dict[uuid.UUID, list[Problem]]:
    """The visible problems of each finding of a page; one query."""
    links = FindingLink.objects.filter(
        finding__in=[finding.pk for finding in findings], problem__in=visible(actor, Problem.objects.all())
    )
    found: dict[uuid.UUID, list[Problem]] = defaultdict(list)
    for link in links.select_related("problem__source", "problem__lead_unit").order_by("problem__problem_no"):
        found[link.finding_id].append(link.problem)
    return found


def totals_of(actor: Actor | None, batch: Batch) -> dict[str, Any]:
    """The numbers of a batch, of what the actor sees of it; two queries."""
    seen = findings_seen(actor).filter(batch=batch)
    late = Q(state=FindingState.OPEN, deadline__lt=today())
    findings: dict[str, int] = seen.order_by().aggregate(
        findings=Count("pk"),
        unanswered=Count("pk", filter=Q(state=FindingState.OPEN)),
        late=Count("pk", filter=late),
        undetermined=Count("pk", filter=Q(determination="")),
    )
    problems: dict[str, int] = (
        visible(actor, Problem.objects.filter(batch=batch))
        .order_by()
        .aggregate(
            problems=Count("pk"),
            closed=Count("pk", filter=Q(state=State.CLOSED)),
            ended=Count("pk", filter=Q(state__in=ENDED_EARLY)),
        )
    )
    open_ones = problems["problems"] - problems["closed"] - problems["ended"]
    return {**findings, **problems, "open": open_ones}
