"""Looking at a round: what its files say is found out first, outside any transaction; then the rules raise doubts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bihuan.authenticity.facts import Terms
from bihuan.authenticity.gathering import evidence_of_round, facts_of_round
from bihuan.authenticity.models import AuthenticityFlag
from bihuan.authenticity.rules import doubts_of
from bihuan.files.facts import find_facts, known_facts, says_something
from bihuan.journal.action import current
from bihuan.ledger.rigour import policy_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from bihuan.authenticity.facts import Doubt
    from bihuan.ledger.models import Problem
    from bihuan.rectification.models import Evidence

POLICY: Final = "authenticity"


def not_looked_into(problem: Problem) -> list[Evidence]:
    """The proofs of this round whose files may say something and have not been asked yet."""
    rows = [row for row in evidence_of_round(problem) if says_something(row.file.blob.media_type)]
    known = known_facts(row.file.blob.sha256 for row in rows)
    return [row for row in rows if row.file.blob.kept and row.file.blob.sha256 not in known]


def look_into_files(problem: Problem) -> None:
    """Find out what is not known yet of the round's files. Takes a second a file; never inside an action."""
    for row in not_looked_into(problem):
        find_facts(row.file.blob, row.file.name)


def raise_doubts(problem: Problem) -> list[AuthenticityFlag]:
    """Inside an action: write down every doubt of this round that is not there yet. What was weighed stays as it is."""
    policy = policy_of(problem, POLICY)
    doubts = doubts_of(facts_of_round(problem), Terms.from_record(policy.body))
    changed = {row.pk: row.version for row in evidence_of_round(problem) if row.version > 1}
    known = set(
        AuthenticityFlag.objects.filter(problem=problem, round=problem.round).values_list("kind", "key")
    )
    rows = [
        AuthenticityFlag(
            problem=problem,
            round=problem.round,
            kind=doubt.kind,
            key=_key(doubt, changed),
            evidence_id=doubt.evidence,
            report_id=doubt.report,
            facts=dict(doubt.facts)
            | ({"version": changed[doubt.evidence]} if doubt.evidence in changed else {}),
            policy_id=policy.pk,
            policy_version=policy.version,
            raised_on=current().today,
        )
        for doubt in doubts
        if (doubt.kind, _key(doubt, changed)) not in known
    ]
    made: list[AuthenticityFlag] = AuthenticityFlag.objects.bulk_create(rows)
    return made


def _key(doubt: Doubt, changed: Mapping[UUID, int]) -> str:
    """What it is about: a later version of a proof is doubted afresh, and what was doubted of the earlier one stays."""
    version = changed.get(doubt.evidence) if doubt.evidence else None
    return doubt.key if version is None else f"{doubt.key}@{version}"
