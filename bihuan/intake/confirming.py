"""A confirmed candidate enters the ledger: its findings as the source wrote them, and the problem they raise."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.intake.candidacy import candidate_of
from bihuan.intake.comparing import join, lock_compared, remember, target_of
from bihuan.intake.disposing import decide, refuse_if_closed
from bihuan.intake.models import Candidate, Disposition, IntakeDocument, Passage
from bihuan.intake.quoting import text_of
from bihuan.intake.sharing import refuse_unseen_candidate
from bihuan.journal.action import Refused, current
from bihuan.journal.wording import for_the_record, listed
from bihuan.learning.predicting import remember as remember_predictions
from bihuan.ledger.models import Finding, Problem, Readership, Sector
from bihuan.ledger.registering import NewProblem, register_finding_row, register_problem_row
from bihuan.ledger.taxonomy import offered
from bihuan.organizations.models import Unit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bihuan.journal.open_action import Actor

REQUIRED = {
    "sector": gettext_lazy("领域"),
    "nature": gettext_lazy("性质"),
    "impact": gettext_lazy("影响程度"),
    "urgency": gettext_lazy("轻重缓急"),
    "rectification_kind": gettext_lazy("整改类型"),
    "lead_unit": gettext_lazy("牵头单位"),
}


def missing_of(candidate: Candidate) -> list[str]:
    """What must still be filled in before the candidate can enter the ledger, as words."""
    return [str(REQUIRED[name]) for name in missing_names(candidate)]


def missing_names(candidate: Candidate) -> list[str]:
    """The same as names of fields."""
    if target_of(candidate) is not None:
        return []
    values = candidate.values
    return [name for name in REQUIRED if not values.get(name)]


def confirm(
    document: IntakeDocument, ks: Sequence[int], marks: Mapping[str, str], actor: Actor
) -> list[Problem]:
    """The body of `intake.confirm_candidates`: all of them or none, and none that changed since it was shown."""
    refuse_if_closed(document)
    act = current()
    # Findings are numbered within the batch, so two documents of it are confirmed one after the other.
    act.lock([document.batch])
    refuse_if_closed(document)
    chosen = [candidate_of(document, k) for k in sorted(set(ks))]
    if not chosen:
        raise Refused(_("没有选中任何候选。"), accepted=_("请从候选列表中选择。"))
    for candidate in chosen:
        refuse_unseen_candidate(candidate, marks)
    _refuse_incomplete(chosen)
    writer = _Writer(document, chosen)
    # What joins a problem of the ledger says nothing of its sector.
    new = {candidate.k for candidate in chosen if target_of(candidate) is None}
    problems = [writer.enter(candidate, actor) for candidate in chosen]
    Candidate.objects.save_all([*writer.origins.values(), *chosen])
    entered = zip(chosen, problems, strict=True)
    remember_predictions((problem, one.proposals) for one, problem in entered if one.k in new)
    _account(document, chosen, actor)
    return problems


def _refuse_incomplete(chosen: Sequence[Candidate]) -> None:
    lacking = {candidate.k: missing for candidate in chosen if (missing := missing_of(candidate))}
    if lacking:
        k, missing = next(iter(lacking.items()))
        raise Refused(
            _("第 %(k)s 条候选还缺：%(missing)s。") % {"k": k, "missing": listed(missing)},
            accepted=_("请先修改候选，补齐后再确认。"),
            field="candidates",
            k=k,
            lacking={str(number): names for number, names in lacking.items()},
        )


class _Writer:
    """Findings of one confirmation: each origin becomes one finding, once, however many problems it raises."""

    def __init__(self, document: IntakeDocument, chosen: Sequence[Candidate]) -> None:
        self.document = document
        wanted = {k for candidate in chosen for k in candidate.origins}
        mine = {candidate.k: candidate for candidate in chosen}
        stored = Candidate.objects.filter(document=document, k__in=wanted - mine.keys())
        self.origins = {candidate.k: candidate for candidate in stored}
        self.others = lock_compared(chosen)
        self._all = {**self.origins, **{k: mine[k] for k in wanted & mine.keys()}}
        numbers = {n for origin in self._all.values() for n in origin.passages}
        self.passages = {
            passage.n: passage for passage in Passage.objects.filter(document=document, n__in=numbers)
        }
        new = [candidate for candidate in chosen if target_of(candidate) is None]
        self.units = Unit.objects.in_bulk({unit for candidate in new for unit in _units_of(candidate)})
        self.sectors = {
            sector.code: sector
            for sector in offered(Sector.objects.filter(code__in={c.values["sector"] for c in new}))
        }

    def enter(self, candidate: Candidate, actor: Actor) -> Problem:
        findings = [self._finding(self._all[k]) for k in sorted(candidate.origins)]
        target = target_of(candidate)
        if target is not None:
            problem = join(self.document, self.others[target], findings)
        else:
            problem = register_problem_row(
                self._new_problem(candidate),
                jurisdiction=self.document.batch.jurisdiction,
                batch=self.document.batch,
                findings=findings,
            )
            remember(candidate, problem, self.others, actor)
        candidate.finding, candidate.problem = findings[0], problem.pk
        candidate.state = Candidate.State.CONFIRMED
        decide(candidate, actor)
        return problem

    def _finding(self, origin: Candidate) -> Finding:
        if origin.finding is None:
            first = self.passages[min(origin.passages)]
            origin.finding = register_finding_row(
                self.document.batch,
                text=self._verbatim(origin),
                source_no=str(origin.values.get("source_no") or ""),
                heading=first.heading,
                page=first.page,
                deadline=_day(origin.values.get("deadline")),
            )
        return origin.finding

    def _verbatim(self, origin: Candidate) -> str:
        """The source's own words, whatever a person made of the candidate's text."""
        return text_of(self.passages[n] for n in sorted(origin.passages))

    def _new_problem(self, candidate: Candidate) -> NewProblem:
        values = candidate.values
        amount = values.get("amount")
        secret = self.document.work_secret
        return NewProblem(
            title=candidate.title,
            text=candidate.text,
            sector=self._sector(values["sector"]),
            nature=str(values["nature"]),
            impact=str(values["impact"]),
            urgency=str(values["urgency"]),
            rectification_kind=str(values["rectification_kind"]),
            lead_unit=self._unit(values["lead_unit"]),
            external_deadline=_day(values.get("deadline")),
            amount=Decimal(str(amount)) if amount else None,
            readership=Readership.WORK_SECRET if secret else Readership.INTERNAL,
            fixed_on_entry=values.get("fixed_on_entry") is True,
            more=self._more(values),
        )

    def _more(self, values: dict[str, Any]) -> dict[str, Any]:
        more = {name: str(values.get(name) or "") for name in ("basis", "site", "concerned_party")}
        supporting = [self._unit(unit).name for unit in values.get("supporting_units") or []]
        if supporting:
            with for_the_record():
                more["proposed_handling"] = _("建议配合单位：%(units)s") % {"units": listed(supporting)}
        return more

    def _unit(self, value: Any) -> Unit:
        found: Unit | None = next((unit for pk, unit in self.units.items() if str(pk) == str(value)), None)
        if found is None or found.closed_on is not None:
            raise Refused(_("候选的单位已经撤销。"), accepted=_("请改选现有的单位。"), field="lead_unit")
        return found

    def _sector(self, code: Any) -> Sector:
        if code not in self.sectors:
            raise Refused(
                _("没有领域“%(code)s”。") % {"code": code}, accepted=_("请从领域树中选择。"), field="sector"
            )
        sector: Sector = self.sectors[code]
        return sector


def _units_of(candidate: Candidate) -> set[str]:
    values = candidate.values
    units = {str(values["lead_unit"])}
    supporting = values.get("supporting_units")
    return units | {str(unit) for unit in supporting} if isinstance(supporting, list) else units


def _day(value: Any) -> date | None:
    return date.fromisoformat(str(value)) if value else None


def _account(document: IntakeDocument, chosen: Sequence[Candidate], actor: Actor) -> None:
    """The passages a confirmed candidate stands on are accounted for by it."""
    numbers = {n for candidate in chosen for n in candidate.passages}
    open_ones = list(Passage.objects.filter(document=document, n__in=numbers, disposition=""))
    for passage in open_ones:
        passage.disposition = Disposition.PROBLEM
        decide(passage, actor)
    Passage.objects.save_all(open_ones)
