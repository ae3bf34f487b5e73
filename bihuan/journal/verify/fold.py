"""Folding a stream: events in, rows out. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Body = dict[str, Any]

# Schema version -> the function that turns a body of that version into one of the next.
UPCASTERS: dict[int, Callable[[Body], Body]] = {}
CURRENT_SCHEMA = 1


class UnknownSchema(ValueError):
    """An event of a version this program does not know."""


def upcast(body: Body) -> Body:
    """The body in today's schema."""
    while body["schema"] != CURRENT_SCHEMA:
        try:
            body = UPCASTERS[body["schema"]](body)
        except KeyError as error:
            raise UnknownSchema(f"event schema {body['schema']}") from error
    return body


@dataclass(slots=True)
class Folded:
    """What a stream's events add up to.

    `blanks`: model -> column -> what rows older than that column hold in it.
    `rows`: row key -> column -> value (a column never mentioned is null). `sealed`: row key -> column -> the payload
    that last held it. `payloads`: payload id -> digest and its algorithm, every payload the events refer to.
    `erased`: payloads whose destruction an event of the stream itself states.
    """

    blanks: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    rows: dict[str, dict[str, Any]] = field(default_factory=dict)
    sealed: dict[str, dict[str, str]] = field(default_factory=dict)
    payloads: dict[str, tuple[str, str]] = field(default_factory=dict)
    erased: set[str] = field(default_factory=set)
    contradictions: list[str] = field(default_factory=list)

    def apply(self, raw: Body) -> None:
        """Take the next event."""
        body = raw if raw["schema"] == CURRENT_SCHEMA else upcast(raw)
        for key, changes in body["changes"].items():
            row = self.rows.setdefault(key, {})
            for name, (before, after) in changes.items():
                if row.get(name) != before and not self._stood(key, row, name, before):
                    self.contradictions.append(f"{key}.{name} in event {body['seq']}")
                row[name] = after
        if sealed := body["sealed"]:
            self.payloads[sealed["payload"]] = sealed["digest"], body["algorithm"]
            for key, names in sealed["rows"].items():
                self.sealed.setdefault(key, {}).update(dict.fromkeys(names, sealed["payload"]))
        for personal in body["personal"]:
            self.payloads[personal["payload"]] = personal["digest"], body["algorithm"]
        if facts := body["facts"]:
            self.erased.update(facts.get("erased", ()))
        for key in body["deleted"]:
            self.rows.pop(key, None)
            self.sealed.pop(key, None)

    def _stood(self, key: str, row: dict[str, Any], name: str, before: Any) -> bool:
        """Whether the row is older than the column, and held in it what a row got when the column was added."""
        blank = self.blanks.get(key.partition(":")[0], {}).get(name)
        return name not in row and blank is not None and blank == before
