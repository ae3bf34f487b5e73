"""What the program did because somebody decided something: told with the act it followed from, wherever that was done.

An event of a reaction names the event it was caused by. Where that one is part of this problem's past, what followed is
told with it; where it lies elsewhere (one decision about many cases, a step of another problem), the reaction is an entry
of its own and says what caused it.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from django.db.models import Q
from django.utils.translation import gettext as _

from bihuan.desk.wording import verb_label
from bihuan.journal.models import JournalEvent
from bihuan.journal.reactions import MAXIMUM_DEPTH
from bihuan.ledger.models import Problem, TermKind
from bihuan.ledger.models.problems import NO_DEADLINE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bihuan.desk.problem_past import Past

Key = tuple[uuid.UUID, int]
PROBLEM: Final = Problem.Stream.kind


@dataclass(frozen=True)
class Cause:
    """The act that made the program do something here; `kind` of its stream tells whether it may be named."""

    verb: str
    kind: str
    who: Mapping[str, Any]


@dataclass
class Effects:
    """`followed`: an act of this past -> what the program did because of it; `outside`: what was caused elsewhere."""

    followed: dict[Key, list[Past]] = field(default_factory=lambda: defaultdict(list))
    outside: dict[Key, Cause] = field(default_factory=dict)


def effects_in(past: Sequence[Past]) -> Effects:
    """Tie each reaction to what it followed from; one query for what lies elsewhere, another a step further up."""
    here = {(event.stream, event.seq): event for event in past}
    found, asked = Effects(), dict[Key, Key]()
    for event in past:
        cause = cause_of(event.body)
        while cause in here and here[cause].who["system"] and cause_of(here[cause].body) is not None:
            cause = cause_of(here[cause].body)
        if cause is None:
            continue
        if cause in here:
            found.followed[cause].append(event)
        else:
            asked[event.stream, event.seq] = cause
    elsewhere = _elsewhere(asked.values())
    found.outside = {key: elsewhere[cause] for key, cause in asked.items() if cause in elsewhere}
    return found


def cause_of(body: Mapping[str, Any]) -> Key | None:
    """The event an event says it was caused by."""
    caused_by = body.get("caused_by")
    return (uuid.UUID(caused_by[0]), int(caused_by[1])) if caused_by else None


def _elsewhere(wanted: Iterable[Key]) -> dict[Key, Cause]:
    """What was behind each of these: the act of a person, however many reactions lie between."""
    asked = set(wanted)
    behind, found = {key: key for key in asked}, dict[Key, Cause]()
    for _step in range(MAXIMUM_DEPTH):
        missing = {now for key, now in behind.items() if key not in found}
        if not missing:
            break
        events = {(event.stream, event.seq): event for event in _events(missing)}
        for key in asked - found.keys():
            event = events.get(behind[key])
            further = cause_of(event.body) if event is not None else None
            if event is not None and event.body["who"]["system"] and further is not None:
                behind[key] = further
            elif event is not None:
                verb = event.body["facts"].get("verb") or event.verb
                found[key] = Cause(verb, event.kind, event.body["who"])
    return found


def _events(keys: Iterable[Key]) -> Iterable[JournalEvent]:
    either = Q()
    for stream, seq in sorted(keys):
        either |= Q(stream=stream, seq=seq)
    return JournalEvent.objects.filter(either)


def cause_words(cause: Cause) -> str:
    """What caused it, in the reader's language. Of another problem's act not even the hand is named: it may be hidden."""
    act = verb_label(cause.verb)
    if cause.kind == PROBLEM:
        return _("因另一问题的“%(act)s”") % {"act": act}
    if cause.who["system"]:
        return _("因系统的“%(act)s”") % {"act": act}
    who = " ".join(part for part in (cause.who["person_name"], cause.who["unit_name"]) if part)
    return _("因 %(who)s “%(act)s”") % {"who": who, "act": act}


def change_words(changes: Mapping[str, Sequence[Any]], labels: Mapping[tuple[str, str], str]) -> list[str]:
    """What changed of the facts one looks a problem up for: its deadline and its supervision level."""
    said = []
    before, after = changes.get("external_deadline", (None, None))
    if before and after and NO_DEADLINE not in {before, after}:
        said.append(_("期限 %(before)s → %(after)s") % {"before": before, "after": after})
    before, after = changes.get("supervision_level", (None, None))
    if before and after:
        levels = {
            name: labels.get((TermKind.SUPERVISION_LEVEL, code), code)
            for name, code in (("before", before), ("after", after))
        }
        said.append(_("督办级别 %(before)s → %(after)s") % levels)
    return said
