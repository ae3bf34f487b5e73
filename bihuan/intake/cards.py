"""A candidate as its card in the right-hand pane: every fact in words, with where it comes from and what is missing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from bihuan.intake.comparing import decisions_of
from bihuan.intake.confirming import missing_of
from bihuan.intake.models import Candidate
from bihuan.intake.sharing import mark_of
from bihuan.journal.errors import Refused
from bihuan.journal.timesource import today
from bihuan.journal.wording import listed
from bihuan.ledger.grading import GRADE_MATRIX, grade_from
from bihuan.ledger.models import Batch, Problem, Sector, Term, TermKind
from bihuan.organizations.models import Unit
from bihuan.policies.queries import policy_for

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


@dataclass(frozen=True)
class CardFact:
    """One line of the card; `note` says how sure, or why."""

    label: str
    value: str
    note: str = ""
    missing: bool = False


@dataclass(frozen=True)
class Card:
    """A candidate ready to be drawn."""

    k: int
    title: str
    text: str
    passages: tuple[int, ...]
    first: int
    confirmed: bool
    problem_no: str
    problem_url: str
    facts: tuple[CardFact, ...]
    missing: tuple[str, ...]
    merges_into: int | None = None
    mark: str = ""
    compared: tuple[tuple[str, str, str], ...] = ()

    @property
    def numbers(self) -> str:
        """The passages it stands on, as a data attribute carries them."""
        return " ".join(str(n) for n in self.passages)


def cards_of(batch: Batch, candidates: Sequence[Candidate]) -> list[Card]:
    """All cards of a page; a fixed number of queries."""
    words = _Words(batch, candidates)
    cards: list[Card] = []
    above: int | None = None
    for candidate in candidates:
        cards.append(words.card(candidate, above))
        if candidate.state == Candidate.State.PROPOSED:
            above = candidate.k
    return cards


def problem_url(pk: UUID) -> str:
    """The problem's page, where one is served."""
    try:
        return reverse("desk:problem", args=[pk])
    except NoReverseMatch:
        return ""


class _Words:
    """The labels a set of candidates needs, read once."""

    def __init__(self, batch: Batch, candidates: Sequence[Candidate]) -> None:
        self.batch = batch
        self.sectors = {sector.code: sector for sector in Sector.objects.all()}
        self.terms = {(term.kind, term.code): term.label for term in Term.objects.all()}
        units = {str(unit) for candidate in candidates for unit in _units(candidate.values)}
        self.units = {str(unit.pk): unit for unit in Unit.objects.filter(pk__in=units)}
        problems = {candidate.problem for candidate in candidates if candidate.problem}
        problems |= {UUID(pk) for candidate in candidates for pk in candidate.compared}
        self.numbers = dict(Problem.objects.filter(pk__in=problems).values_list("pk", "problem_no"))
        self.matrix = self._matrix() if candidates else {}

    def _matrix(self) -> dict[str, str]:
        try:
            policy = policy_for(
                GRADE_MATRIX, jurisdiction=self.batch.jurisdiction, source=self.batch.source.code, on=today()
            )
        except Refused:
            return {}
        return dict(policy.body["matrix"])

    def card(self, candidate: Candidate, above: int | None) -> Card:
        confirmed = candidate.state == Candidate.State.CONFIRMED
        return Card(
            k=candidate.k,
            title=candidate.title,
            text=candidate.text,
            passages=tuple(candidate.passages),
            first=min(candidate.passages, default=0),
            confirmed=confirmed,
            problem_no=self.numbers.get(candidate.problem, "") if candidate.problem else "",
            problem_url=problem_url(candidate.problem) if candidate.problem else "",
            facts=tuple(self._facts(candidate)),
            missing=() if confirmed else tuple(missing_of(candidate)),
            merges_into=None if confirmed else above,
            mark="" if confirmed else mark_of(candidate),
            compared=tuple(decisions_of(candidate, self.numbers)),
        )

    def _facts(self, candidate: Candidate) -> Iterable[CardFact]:
        values = candidate.values
        if values.get("source_no"):
            yield CardFact(_("源编号"), str(values["source_no"]))
        yield self._sector(candidate)
        yield from self._opinion(candidate)
        yield self._lead(candidate)
        supporting = values.get("supporting_units")
        if isinstance(supporting, list) and supporting:
            yield CardFact(_("配合单位"), listed(self._unit(unit) for unit in supporting))
        yield self._grade(values)
        yield CardFact(
            _("整改类型"), self._term(TermKind.RECTIFICATION_KIND, values.get("rectification_kind"))
        )
        for name, label in (
            ("site", _("点位")),
            ("concerned_party", _("涉事主体")),
            ("basis", _("定性依据")),
        ):
            if values.get(name):
                yield CardFact(label, str(values[name]))
        if values.get("amount"):
            yield CardFact(_("涉及金额"), _("%(amount)s 元") % {"amount": _grouped(str(values["amount"]))})
        if values.get("fixed_on_entry") is True:
            yield CardFact(_("现状"), _("检查期间已整改（边审边改）"))
        yield self._deadline(values)

    def _sector(self, candidate: Candidate) -> CardFact:
        code = str(candidate.values.get("sector") or "")
        label = self._sector_path(code)
        if "sector" in candidate.choices:
            return CardFact(_("领域"), label, _("已人工确定"))
        if not label:
            return CardFact(_("领域"), _("未定"), missing=True)
        return CardFact(_("领域"), label, sector_note(candidate.proposals))

    def _opinion(self, candidate: Candidate) -> Iterable[CardFact]:
        """What a language model thinks, by its name; it is never taken over unasked."""
        proposals = candidate.proposals
        name = str(proposals.get("model_name") or "")
        label = self._sector_path(str(proposals.get("model_sector") or ""))
        if proposals.get("suggested_by"):
            note = _("这一条由语言模型 %(name)s 提出") % {"name": name}
            yield CardFact(_("语言模型"), label or _("未建议领域"), note)
        elif label:
            yield CardFact(_("语言模型"), label, _("%(name)s 的建议") % {"name": name})

    def _sector_path(self, code: str) -> str:
        parts = code.split(".")
        found = [self.sectors.get(".".join(parts[:length])) for length in range(1, len(parts) + 1)]
        return " / ".join(sector.label for sector in found[-2:] if sector is not None)

    def _lead(self, candidate: Candidate) -> CardFact:
        lead = candidate.values.get("lead_unit")
        if lead and str(lead) in self.units:
            note = "" if "lead_unit" in candidate.choices else _("建议，原文提到")
            return CardFact(_("牵头单位"), self._unit(lead), note)
        named = [unit["name"] for unit in candidate.proposals.get("units", [])]
        words = _("未定：原文提到%(names)s") % {"names": listed(named[:3])} if named else _("未定")
        return CardFact(_("牵头单位"), words, missing=True)

    def _grade(self, values: dict[str, Any]) -> CardFact:
        axes = [str(values.get(name) or "") for name in ("nature", "impact", "urgency")]
        labels = [
            self._term(kind, code)
            for kind, code in zip((TermKind.NATURE, TermKind.IMPACT, TermKind.URGENCY), axes, strict=True)
        ]
        if not all(axes):
            return CardFact(_("等级"), _("未定"), missing=True)
        try:
            grade = self._term(TermKind.GRADE, grade_from(self.matrix, *axes))
        except Refused:
            grade = ""
        return CardFact(_("等级"), grade or _("按矩阵"), " · ".join(labels))

    def _deadline(self, values: dict[str, Any]) -> CardFact:
        if values.get("deadline"):
            return CardFact(_("期限"), str(values["deadline"]), str(values.get("deadline_text") or ""))
        if self.batch.deadline:
            return CardFact(_("期限"), self.batch.deadline.isoformat(), _("随批次"))
        return CardFact(_("期限"), str(values.get("deadline_text") or "") or _("未定"))

    def _term(self, kind: TermKind, code: object) -> str:
        return str(self.terms.get((kind.value, str(code)), code or ""))

    def _unit(self, pk: object) -> str:
        unit = self.units.get(str(pk))
        return unit.name if unit else ""


def sector_note(proposals: dict[str, Any]) -> str:
    """How sure the proposal is and which words led to it; where the classifier abstains, that it does."""
    percent = proposals.get("sector_percent")
    note = f"0.{percent:02d}" if isinstance(percent, int) and percent < 100 else "1.00"  # noqa: PLR2004
    reasons = listed(f"“{word}”" for word in proposals.get("sector_reasons", [])[:3])
    if reasons:
        note = _("%(note)s，因%(reasons)s") % {"note": note, "reasons": reasons}
    if proposals.get("sector_sure", True):
        return note
    return _("没有把握，仅供参考：%(note)s") % {"note": note}


def _units(values: dict[str, Any]) -> list[str]:
    lead, supporting = values.get("lead_unit"), values.get("supporting_units")
    return [one for one in [lead, *(supporting if isinstance(supporting, list) else [])] if one]


def _grouped(amount: str) -> str:
    whole, _dot, cents = amount.partition(".")
    return f"{int(whole):,}" + (f".{cents}" if cents.strip("0") else "")
