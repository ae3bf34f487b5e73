"""What upper rooms do when a lower room's verb has happened: in the same transaction, with events of their own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from bihuan.journal.append import Event
from bihuan.journal.open_action import Actor
from bihuan.journal.records import Record

RecordT = TypeVar("RecordT", bound=Record)


@dataclass(frozen=True)
class Happened:
    """A verb that was just carried out, as a reaction sees it."""

    verb: str
    actor: Actor
    subjects: list[Record]
    events: list[Event]

    def of(self, model: type[RecordT]) -> list[RecordT]:
        """The changed records of one model."""
        return [subject for subject in self.subjects if isinstance(subject, model)]


MAXIMUM_DEPTH = 8
Reaction = Callable[[Happened], None]
_reactions: dict[str, list[tuple[str, Reaction]]] = defaultdict(list)


def reacts_to(*verbs: str) -> Callable[[Reaction], Reaction]:
    """Register a function for verbs. Its events carry the verb ``<room>.<function name>`` and `caused_by`."""

    def register(function: Reaction) -> Reaction:
        name = f"{function.__module__.split('.')[1]}.{function.__name__}"
        for verb in verbs:
            if name not in {known for known, _ in _reactions[verb]}:
                _reactions[verb].append((name, function))
        return function

    return register


def reactions_to(verb: str) -> list[tuple[str, Reaction]]:
    """The registered reactions of a verb, in the order of registration (lower rooms first)."""
    return _reactions.get(verb, [])


def all_reactions() -> dict[str, list[str]]:
    """Verb -> names of the reactions to it; the generated page of hidden-write candidates reads this."""
    return {verb: [name for name, _ in found] for verb, found in sorted(_reactions.items())}
