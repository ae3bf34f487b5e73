"""Decisions of this room: plain facts in, doubts out; no database, no clock, no settings.

A doubt is a reason to look, never a verdict. What messengers and offices do every day raises none: a photograph without
camera data, a regulation that stands behind many things, a paper scanned long after it was signed.
"""

from __future__ import annotations

from itertools import chain
from math import asin, cos, radians, sin, sqrt
from typing import TYPE_CHECKING, Final

from bihuan.authenticity.facts import AFTER, BEFORE, WHOLE, Doubt

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import date

    from bihuan.authenticity.facts import Elsewhere, Proof, RoundFacts, Spot, Terms

EARTH_METRES: Final = 6_371_000
CLOCK_DAYS: Final = 1
"""A camera set to another zone is a day off at most."""
SAME_SCENE_BITS: Final = 6
"""A fault and its repair from the same stand differ by more; one picture saved twice by less."""


def doubts_of(facts: RoundFacts, terms: Terms) -> list[Doubt]:
    """Every doubt, in a fixed order; the same facts raise the same doubts."""
    return list(chain.from_iterable(rule(facts, terms) for rule in RULES))


def used_elsewhere(facts: RoundFacts, _terms: Terms) -> Iterator[Doubt]:
    """The same content, or a picture nearly like it, proves another problem or another round."""
    proofs = {proof.id: proof for proof in facts.proofs}
    for found in facts.elsewhere:
        proof = proofs[found.proof]
        if found.same_round or _may_be_shared(proof, found):
            continue
        yield Doubt(
            "same_file" if found.bits is None else "near_photo",
            f"{proof.id}:{found.other}",
            evidence=proof.id,
            facts={
                "other": str(found.other),
                "other_problem": str(found.other_problem),
                "other_round": found.other_round,
                "bits": found.bits,
                **({} if found.other_version is None else {"other_version": found.other_version}),
            },
        )


def _may_be_shared(proof: Proof, found: Elsewhere) -> bool:
    if not proof.is_picture:
        return proof.general
    if proof.kind != BEFORE or found.other_kind != BEFORE:
        return False
    # One photograph of the fault may show what became several problems; and what came back is taken from the same stand.
    return found.one_finding or (
        found.own_problem and found.bits is not None and found.bits > SAME_SCENE_BITS
    )


def same_scene(facts: RoundFacts, _terms: Terms) -> Iterator[Doubt]:
    """The photograph of after is the one of before, saved again."""
    proofs = {proof.id: proof for proof in facts.proofs}
    for found in facts.elsewhere:
        proof = proofs[found.proof]
        pair = {proof.kind, found.other_kind}
        near = found.bits is not None and found.bits <= SAME_SCENE_BITS
        if found.same_round and near and pair == {BEFORE, AFTER} and proof.kind == AFTER:
            yield Doubt(
                "same_scene",
                f"{proof.id}:{found.other}",
                evidence=proof.id,
                facts={"other": str(found.other), "bits": found.bits},
            )


def photo_time(facts: RoundFacts, terms: Terms) -> Iterator[Doubt]:
    """What the camera wrote contradicts the case. Without camera data there is nothing to contradict."""
    after = [proof.taken_on for proof in facts.proofs if proof.kind == AFTER and proof.taken_on is not None]
    for proof in facts.proofs:
        if proof.taken_on is None:
            continue
        why = _fault_of_time(proof, proof.taken_on, facts, terms, min(after, default=None))
        if why is not None:
            name, day = why
            yield Doubt(
                "photo_time",
                str(proof.id),
                evidence=proof.id,
                facts={"why": name, "taken": proof.taken_on.isoformat(), "against": day.isoformat()},
            )


def _fault_of_time(
    proof: Proof, taken: date, facts: RoundFacts, terms: Terms, first_after: date | None
) -> tuple[str, date] | None:
    if (taken - proof.uploaded_on).days > CLOCK_DAYS:
        return "after_upload", proof.uploaded_on
    if proof.kind == BEFORE:
        late = first_after is not None and (taken - first_after).days > CLOCK_DAYS
        return ("before_is_later", first_after) if late and first_after is not None else None
    if proof.kind == AFTER:
        if facts.found_on is not None and taken < facts.found_on:
            return "before_found", facts.found_on
        if facts.began_on is not None and taken < facts.began_on and not facts.immediate:
            return "before_work", facts.began_on
    if proof.claimed_on is not None and (proof.claimed_on - taken).days > terms.photo_days:
        return "claimed_later", proof.claimed_on
    return None


def photo_place(facts: RoundFacts, terms: Terms) -> Iterator[Doubt]:
    """The camera stood too far from the site, where both are known."""
    if facts.site is None:
        return
    for proof in facts.proofs:
        if proof.taken_at is None:
            continue
        away = round(metres_between(facts.site, proof.taken_at))
        if away > terms.place_metres:
            yield Doubt(
                "photo_place",
                str(proof.id),
                evidence=proof.id,
                facts={"metres": away, "most": terms.place_metres},
            )


def metres_between(one: Spot, other: Spot) -> float:
    """Along the great circle."""
    first, second = radians(one.latitude), radians(other.latitude)
    turn = radians(other.longitude - one.longitude)
    half = sin((second - first) / 2) ** 2 + cos(first) * cos(second) * sin(turn / 2) ** 2
    return 2 * EARTH_METRES * asin(min(1.0, sqrt(half)))


def document_date(facts: RoundFacts, terms: Terms) -> Iterator[Doubt]:
    """A paper is signed later than the day it is said to be of, or later than it was handed in; or its file was begun
    long after.
    """
    for proof in facts.proofs:
        why = None if proof.is_picture else _fault_of_paper(proof, terms)
        if why is not None:
            name, day, against = why
            yield Doubt(
                "document_date",
                str(proof.id),
                evidence=proof.id,
                facts={"why": name, "dated": day.isoformat(), "against": against.isoformat()},
            )


def _fault_of_paper(proof: Proof, terms: Terms) -> tuple[str, date, date] | None:
    signed, claimed = proof.signed_on, proof.claimed_on
    if signed is not None and signed > proof.uploaded_on:
        return "signed_after_upload", signed, proof.uploaded_on
    if claimed is None:
        return None
    if signed is not None and signed > claimed:
        return "signed_after_claim", signed, claimed
    # What bears no date but was begun long after the day it is said to be of, was written for the occasion.
    if signed is None and proof.begun_on is not None and (proof.begun_on - claimed).days > terms.paper_days:
        return "begun_after_claim", proof.begun_on, claimed
    return None


def early_completion(facts: RoundFacts, terms: Terms) -> Iterator[Doubt]:
    """It was called done before the first thing that proves any of it."""
    done = [report for report in facts.told if report.percent == WHOLE]
    if not done:
        return
    first = min(done, key=lambda report: (report.on, report.id))
    dates = [
        proof.dated_on
        for proof in facts.proofs
        if proof.kind != BEFORE and not proof.general and proof.dated_on is not None
    ]
    if dates and (min(dates) - first.on).days > terms.completion_days:
        yield Doubt(
            "early_completion",
            "",
            report=first.id,
            facts={"completed": first.on.isoformat(), "first_proof": min(dates).isoformat()},
        )


def visit_burst(facts: RoundFacts, terms: Terms) -> Iterator[Doubt]:
    """Long quiet, then nearly everything in the last days before somebody announced came to look."""
    for visit in sorted(set(facts.visits)):
        until = [day for day in facts.acted_on if day <= visit]
        last = [day for day in until if (visit - day).days <= terms.visit_days]
        if len(last) < terms.visit_acts or 100 * len(last) < terms.visit_percent * len(until):
            continue
        before = [day for day in until if day not in last]
        before += [day for day in (facts.began_on or facts.found_on,) if day is not None]
        quiet = (min(last) - max(before)).days if before else 0
        if quiet >= terms.quiet_days:
            yield Doubt(
                "visit_burst",
                visit.isoformat(),
                facts={"visit": visit.isoformat(), "acts": len(last), "all": len(until), "quiet": quiet},
            )


def copied_progress(facts: RoundFacts, terms: Terms) -> Iterator[Doubt]:
    """The words of a report stood in another's or in last month's."""
    told = {report.id: report for report in facts.told}
    seen = set()
    for copy in sorted(facts.copies, key=lambda one: (-one.share, one.other)):
        report = told[copy.report]
        # One report on several measures on one day is one report.
        same_day = copy.own_unit and copy.other_on == report.on
        if copy.share < terms.copied_percent or same_day or copy.report in seen:
            continue
        seen.add(copy.report)
        yield Doubt(
            "copied_progress",
            str(copy.report),
            report=copy.report,
            facts={
                "other": str(copy.other),
                "other_problem": str(copy.other_problem),
                "own_unit": copy.own_unit,
                "other_on": copy.other_on.isoformat(),
                "share": copy.share,
            },
        )


def only_promise(facts: RoundFacts, _terms: Terms) -> Iterator[Doubt]:
    """Called done, and the report of it tells nothing that was done."""
    for report in facts.told:
        if report.percent == WHOLE and report.only_promise:
            yield Doubt("only_promise", str(report.id), report=report.id, facts={"on": report.on.isoformat()})


def two_roles(facts: RoundFacts, _terms: Terms) -> Iterator[Doubt]:
    """One person did the work or proved it, and also approved or recorded a decision about it."""
    for person, roles in sorted(facts.two_roles.items()):
        yield Doubt("two_roles", str(person), facts={"person": str(person), "roles": list(roles)})


RULES: Final[tuple[Callable[[RoundFacts, Terms], Iterable[Doubt]], ...]] = (
    used_elsewhere,
    same_scene,
    photo_time,
    photo_place,
    document_date,
    early_completion,
    visit_burst,
    copied_progress,
    only_promise,
    two_roles,
)
