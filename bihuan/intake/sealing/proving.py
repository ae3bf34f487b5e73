"""Proving a certificate: everything it declares is counted again from the journal, and drawn again.

What a proof says: the journal of the batch and its documents is unbroken and agrees with the rows that stand now; its
events, folded up to the seal, give the passages by disposition, the problems and the sample the seal declared; the paper
and the files are those whose digests the seal named. What it cannot say is in docs/laws.md.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from bihuan.files import store
from bihuan.files.models import Blob
from bihuan.intake.models import Certificate, IntakeDocument, SampledPassage
from bihuan.intake.sealing.certificate import WORD, joined_numbers, problem_numbers, ranges_of
from bihuan.intake.sealing.sampling_rules import Drawable, key_of, sample_of, seed_of
from bihuan.intake.verbs import IntakeVerb
from bihuan.journal.models import JournalEvent
from bihuan.journal.verify.fold import Folded
from bihuan.journal.verify.partition import verify_streams
from bihuan.journal.verify.whole import snapshot

PASSAGE: Final = "intake.passage:"
CANDIDATE: Final = "intake.candidate:"
Facts = Mapping[str, Any]


class Point(StrEnum):
    """What is proved, one by one."""

    JOURNAL = "journal"
    SEAL = "seal"
    PAPER = "paper"
    FILES = "files"
    PASSAGES = "passages"
    PROBLEMS = "problems"
    SAMPLE = "sample"


@dataclass(frozen=True)
class Proved:
    """One point: holds or not, what was found, and where it does not hold."""

    point: Point
    holds: bool
    counted: int = 0
    where: tuple[str, ...] = ()


@dataclass(frozen=True)
class Proof:
    """All points of a certificate. `void`: the batch was opened again since, so it declares nothing any more."""

    certificate: Certificate
    facts: Facts
    points: tuple[Proved, ...]

    @property
    def holds(self) -> bool:
        return all(point.holds for point in self.points)

    @property
    def void(self) -> bool:
        return self.certificate.void_at is not None


def certificate_of(sha256: str) -> Certificate | None:
    """The certificate whose paper this is; a paper of ours is known by its digest alone."""
    found = Certificate.objects.filter(file__blob__sha256=sha256, file__blob__media_type=WORD)
    one: Certificate | None = found.select_related("batch__jurisdiction", "file__blob").first()
    return one


def prove(certificate: Certificate) -> Proof:
    """Count everything again in one snapshot."""
    with snapshot():
        event = JournalEvent.objects.filter(stream=certificate.batch_id, seq=certificate.seq).first()
        if event is None or event.verb != IntakeVerb.SEAL_BATCH:
            return Proof(certificate, {}, (Proved(Point.SEAL, holds=False),))
        facts: Facts = event.body["facts"]
        points = tuple(_Recount(certificate, facts, event.body["who"]).points())
        return Proof(certificate, facts, points)


class _Recount:
    """The streams of one certificate, folded up to its seal."""

    def __init__(self, certificate: Certificate, facts: Facts, who: Facts) -> None:
        self.certificate, self.facts, self.who = certificate, facts, who
        self.declared = {one["id"]: one for one in facts["documents"]}
        self.documents = list(IntakeDocument.objects.filter(pk__in=self.declared))
        self.folded = {pk: _folded(uuid.UUID(pk), one["seq"]) for pk, one in self.declared.items()}

    def points(self) -> Iterator[Proved]:
        yield self._journal()
        yield self._seal()
        yield self._paper()
        yield self._files()
        yield self._passages()
        yield self._problems()
        yield self._sample()

    def _journal(self) -> Proved:
        """The chains are whole, and the rows of today are what their events say."""
        streams = [self.certificate.batch_id, *(uuid.UUID(pk) for pk in self.declared)]
        tally = verify_streams(streams)
        wrong = tuple(f"{one.fault.value} {one.where} {one.detail}".strip() for one in tally.wrong)
        return Proved(Point.JOURNAL, not wrong, tally.events, wrong)

    def _seal(self) -> Proved:
        """The documents were counted at the heads the seal names, by a person who decided nothing in them."""
        heads = {
            (str(stream), seq): bytes(digest).hex()
            for stream, seq, digest in JournalEvent.objects.filter(
                stream__in=list(self.declared), seq__in={one["seq"] for one in self.declared.values()}
            ).values_list("stream", "seq", "hash")
        }
        moved = [pk for pk, one in self.declared.items() if heads.get((pk, one["seq"])) != one["hash"]]
        deciders = {
            row.get(name)
            for rows in self.folded.values()
            for row in rows.values()
            for name in ("decided_by", "decided_for")
        }
        if self.who["person"] in deciders:
            moved.append(str(self.who["person_name"]))
        return Proved(Point.SEAL, not moved, self.certificate.seq, tuple(moved))

    def _paper(self) -> Proved:
        sha256 = self.facts["paper"]
        name = store.name_of(sha256)
        kept = self.certificate.file.blob.sha256 == sha256 and store.digest_of(name) == sha256
        return Proved(Point.PAPER, kept, 1, () if kept else (sha256,))

    def _files(self) -> Proved:
        """What was received still lies there under its digest, or was expunged by order and says so."""
        digests = {one["sha256"] for one in self.declared.values()}
        kept = dict(Blob.objects.filter(sha256__in=digests).values_list("sha256", "kept"))
        wrong = tuple(
            sorted(
                one
                for one in digests
                if one not in kept or (kept[one] and store.digest_of(store.name_of(one)) != one)
            )
        )
        return Proved(Point.FILES, not wrong, len(digests), wrong)

    def _passages(self) -> Proved:
        """By disposition and by file, from the events alone."""
        counts: Counter[str] = Counter()
        wrong = []
        for pk, rows in self.folded.items():
            said = [row["disposition"] for key, row in rows.items() if key.startswith(PASSAGE)]
            counts.update(said)
            if len(said) != self.declared[pk]["passages"]:
                wrong.append(f"{pk}: {len(said)} ≠ {self.declared[pk]['passages']}")
        told = self.facts["by_disposition"]
        wrong += [
            f"{name or '—'}: {counts[name]} ≠ {told.get(name, 0)}"
            for name in sorted({*counts, *told})
            if counts[name] != told.get(name, 0)
        ]
        return Proved(Point.PASSAGES, not wrong, counts.total(), tuple(wrong))

    def _problems(self) -> Proved:
        """Every candidate the events confirmed stands in the ledger, under the numbers the seal names."""
        entered = {
            row["problem"]
            for rows in self.folded.values()
            for key, row in rows.items()
            if key.startswith(CANDIDATE) and row["state"] == "confirmed"
        }
        numbers = problem_numbers(self.certificate.batch, self.documents)
        joined = joined_numbers(self.certificate.batch, self.documents)
        told = {
            "problems": len(numbers),
            "numbers": [list(pair) for pair in ranges_of(numbers)],
            "joined": joined,
        }
        wrong = [f"{value} ≠ {self.facts[name]}" for name, value in told.items() if value != self.facts[name]]
        holds = not wrong and len(numbers) + len(joined) <= len(entered)
        return Proved(Point.PROBLEMS, holds, len(numbers), tuple(wrong))

    def _sample(self) -> Proved:
        """The same seed and passages give the same sample, and every answer agreed."""
        said = self.facts["sample"]
        seed = seed_of(self.certificate.batch_id, self.who["person"], said["heads"])
        heads = sorted([pk, str(one["seq"]), one["hash"]] for pk, one in self.declared.items())
        keys = sample_of(seed, list(self._drawable()), said["rule"], said["again"])
        answers = dict(said["answers"])
        holds = (
            seed == said["seed"]
            and heads == said["heads"]
            and set(keys) == set(answers)
            and set(answers.values()) == {SampledPassage.Answer.AGREES.value}
        )
        return Proved(Point.SAMPLE, holds, len(keys), () if holds else (seed,))

    def _drawable(self) -> Iterator[Drawable]:
        for pk, rows in self.folded.items():
            for key, row in rows.items():
                if key.startswith(PASSAGE) and row.get("clue") is None:
                    yield Drawable(key_of(pk, row["n"]), pk, row["disposition"])


def _folded(stream: uuid.UUID, seq: int) -> dict[str, dict[str, Any]]:
    """A document's rows as its events left them at the seal."""
    fold = Folded()
    bodies = JournalEvent.objects.filter(stream=stream, seq__lte=seq).order_by("seq")
    for body in bodies.values_list("body", flat=True).iterator():
        fold.apply(body)
    return fold.rows
