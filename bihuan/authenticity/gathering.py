"""From the rows of a round to what the rules are told. The program looks everywhere; who may read of it is asked later."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

from django.utils import timezone

from bihuan.authenticity.copies import copies_of
from bihuan.authenticity.facts import BEFORE, Elsewhere, Proof, RoundFacts, Spot, Told
from bihuan.files.facts import known_facts
from bihuan.files.near_pictures import near_pictures
from bihuan.journal.timesource import today
from bihuan.ledger.models import FindingLink
from bihuan.rectification.before_verdicts import announced_visits
from bihuan.rectification.independence import Part
from bihuan.rectification.independence_facts import work_of
from bihuan.rectification.models import Evidence, EvidenceVersion, ProgressReport
from bihuan.text.papers import is_general
from bihuan.text.promises import is_only_promise

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date
    from uuid import UUID

    from bihuan.files.models import FileFacts, FileReference
    from bihuan.ledger.models import Problem

MOST_ELSEWHERE: Final = 20
"""So many other uses of one file are looked at: who uses a photograph twenty times needs no twenty-first reason."""
IMMEDIATE: Final = "immediate"
PICTURE: Final = "image/"
WORKERS: Final = (Part.PLANNER, Part.IMPLEMENTER, Part.EVIDENCE_AUTHOR, Part.APPLICANT)
DECIDERS: Final = (Part.APPROVER, Part.RECORDER)


def facts_of_round(problem: Problem) -> RoundFacts:
    """Everything the rules want to know of the present round."""
    rows = evidence_of_round(problem)
    known = known_facts(row.file.blob.sha256 for row in rows)
    proofs = tuple(_proof(row, known.get(row.file.blob.sha256)) for row in rows)
    reports = list(ProgressReport.objects.filter(problem=problem, round=problem.round).order_by("on", "id"))
    entered_done = problem.fixed_on_entry or bool(problem.imported_from)
    return RoundFacts(
        found_on=None if entered_done else _found_on(problem),
        began_on=None if entered_done else problem.assigned_on,
        immediate=problem.rectification_kind == IMMEDIATE,
        site=_spot(problem.latitude, problem.longitude),
        proofs=proofs,
        elsewhere=tuple(_elsewhere(problem, rows, proofs, known)),
        told=tuple(
            Told(row.pk, row.on, row.percent, is_only_promise(row.facts), row.measure_id) for row in reports
        ),
        copies=tuple(copies_of(problem, reports)),
        acted_on=tuple(sorted([*(proof.uploaded_on for proof in proofs), *(row.on for row in reports)])),
        visits=tuple(day for day in announced_visits(problem) if day <= today()),
        two_roles=_two_roles(problem),
    )


def evidence_of_round(problem: Problem) -> list[Evidence]:
    """The proofs of the present round with their contents."""
    found = Evidence.objects.filter(problem=problem, round=problem.round)
    return list(found.select_related("file__blob").order_by("id"))


def _found_on(problem: Problem) -> date | None:
    """When the fault was known: the day the source's letter came, or it was entered; a later round, when it was set."""
    if problem.round > 1:
        return problem.assigned_on
    received = problem.batch.received_on if problem.batch else None
    return min(problem.registered_on, received) if received else problem.registered_on


def _proof(row: Evidence, known: FileFacts | None) -> Proof:
    taken = known.taken_at if known else None
    return Proof(
        id=row.pk,
        kind=row.kind,
        uploaded_on=timezone.localdate(row.file.uploaded_at),
        is_picture=row.file.blob.media_type.startswith(PICTURE),
        general=known.general if known else is_general(row.file.name, []),
        claimed_on=row.taken_on,
        taken_on=timezone.localdate(taken) if taken else None,
        taken_at=_spot(known.latitude, known.longitude) if known else None,
        signed_on=known.signed_on if known else None,
        begun_on=known.begun_on if known else None,
    )


def _spot(latitude: Any, longitude: Any) -> Spot | None:
    return None if latitude is None or longitude is None else Spot(float(latitude), float(longitude))


def _elsewhere(
    problem: Problem, rows: list[Evidence], proofs: Iterable[Proof], known: dict[str, FileFacts]
) -> Iterable[Elsewhere]:
    """Other uses of the same contents and of pictures nearly like them. What may be shared is not even looked for."""
    bits: dict[tuple[UUID, str], int | None] = {}
    by_digest: dict[str, list[Evidence]] = defaultdict(list)
    for row, proof in zip(rows, proofs, strict=True):
        digest = row.file.blob.sha256
        if proof.general and not proof.is_picture:
            continue
        bits[row.pk, digest] = None
        by_digest[digest].append(row)
        facts = known.get(digest)
        for near in near_pictures(facts.hashes, besides=digest) if facts else ():
            bits[row.pk, near.sha256] = near.alike.dct + near.alike.gradient
            by_digest[near.sha256].append(row)
    own_findings = _findings_of([problem.pk])[problem.pk]
    found = list(_others(by_digest))
    findings = _findings_of({other.problem_id for _row, other, _digest, _version in found})
    for row, other, digest, version in found:
        own_problem = other.problem_id == problem.pk
        yield Elsewhere(
            proof=row.pk,
            other=other.pk,
            other_problem=other.problem_id,
            other_round=other.round,
            other_kind=other.kind,
            bits=bits[row.pk, digest],
            own_problem=own_problem,
            same_round=own_problem and other.round == problem.round,
            one_finding=bool(own_findings & findings[other.problem_id]),
            other_version=version,
        )


def _others(by_digest: dict[str, list[Evidence]]) -> Iterable[tuple[Evidence, Evidence, str, int | None]]:
    """Our proof, another one, the content they meet in and which earlier version of it; those that were there before ours."""
    met: dict[UUID, int] = defaultdict(int)
    told: set[tuple[UUID, UUID]] = set()
    for other, file, version in _uses_of(by_digest):
        digest = file.blob.sha256
        for row in by_digest[digest]:
            # The earlier versions of a proof are the same proof: that its correction looks like it is no repeat.
            if other.pk == row.pk or (row.pk, other.pk) in told or met[row.pk] >= MOST_ELSEWHERE:
                continue
            if _counts(row, other, file, is_newest=version is None):
                told.add((row.pk, other.pk))
                met[row.pk] += 1
                yield row, other, digest, version


def _uses_of(by_digest: Iterable[str]) -> Iterator[tuple[Evidence, FileReference, int | None]]:
    """Who hands these contents in now, then who did until a corrected file took their place."""
    digests = list(by_digest)
    now = Evidence.objects.filter(file__blob__sha256__in=digests).select_related("file__blob").order_by("id")
    for evidence in now.iterator(chunk_size=500):
        yield evidence, evidence.file, None
    earlier = EvidenceVersion.objects.filter(file__blob__sha256__in=digests)
    for version in earlier.select_related("file__blob", "evidence").order_by("id").iterator(chunk_size=500):
        yield version.evidence, version.file, version.number


def _counts(row: Evidence, other: Evidence, file: FileReference, *, is_newest: bool) -> bool:
    """Whose photograph was there first has not copied; within a round the pair of before and after is told once.

    What was replaced within the same round proves nothing there any more.
    """
    if (row.problem_id, row.round) == (other.problem_id, other.round):
        return is_newest and bool(row.kind != BEFORE)
    # By the files, not by the proofs: a later version may bring a copy into a proof older than what it copies.
    return bool(file.pk < row.file_id)


def _findings_of(problems: Iterable[UUID]) -> dict[UUID, set[UUID]]:
    found: dict[UUID, set[UUID]] = defaultdict(set)
    links = FindingLink.objects.filter(problem__in=list(problems)).values_list("problem_id", "finding_id")
    for problem, finding in links:
        found[problem].add(finding)
    return found


def _two_roles(problem: Problem) -> dict[UUID, tuple[str, ...]]:
    """Who worked or proved, and also approved or recorded."""
    persons = work_of(problem).persons

    def of(parts: tuple[Part, ...]) -> set[UUID]:
        return {person for part in parts for person in persons.get(part, ())}

    return {
        person: tuple(str(part) for part in (*WORKERS, *DECIDERS) if person in persons.get(part, ()))
        for person in of(WORKERS) & of(DECIDERS)
    }
