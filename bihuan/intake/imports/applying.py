"""Taking over confirmed cells of a newer ledger into problems that stand, inside the action that is open."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from bihuan.intake.imports.differing import CODED, TEXTS
from bihuan.journal.action import Refused, current
from bihuan.journal.encoding import encode
from bihuan.journal.records import fields_by_attname
from bihuan.ledger.actions.triage import change_facts
from bihuan.ledger.models import Problem

if TYPE_CHECKING:
    import uuid
    from collections.abc import Mapping, Sequence

WRITABLE = frozenset({*TEXTS.values(), *CODED.values()})


def apply(
    problems: Sequence[Problem], changes: Mapping[str, Sequence[Mapping[str, Any]]], file_name: str
) -> list[uuid.UUID]:
    """The body of `intake.apply_changes`."""
    left = []
    fields = fields_by_attname(Problem)
    for problem in problems:
        wanted: dict[str, Any] = {}
        for cell in changes.get(str(problem.pk), ()):
            name = str(cell["column"])
            if name not in WRITABLE:
                raise Refused(
                    _("“%(column)s”不能靠导入来改。") % {"column": name},
                    accepted=_("期限、单位和状态要按各自的手续办理。"),
                )
            now = encode(fields[name], getattr(problem, name))
            if now == cell["theirs"]:
                continue
            if now == cell["ours"]:
                wanted[name] = fields[name].to_python(cell["theirs"])
            elif problem.pk not in left:
                left.append(problem.pk)
        if wanted:
            current().fact(problem, newer_file=file_name)
            change_facts(problem, wanted)
    return left


def ask_after(problems: Sequence[Problem], file_name: str, note: str) -> None:
    """The body of `intake.ask_after`: it stands in each problem's history, and changes nothing about it."""
    if note.strip():
        current().because(note.strip())
    for problem in problems:
        current().fact(problem, missing_from=file_name)
