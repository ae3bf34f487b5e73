"""How texts are put together: those the program writes into records, and lists inside a sentence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override


def for_the_record() -> override:
    """What is translated inside goes into a record, and so is in the installation's language, whoever acts.

    A title written in the language of the person who happened to act would stand in the journal in two languages.
    """
    return override(settings.LANGUAGE_CODE)


def name_of(who: Mapping[str, Any]) -> str:
    """Who an event says acted, in the reader's language where it was the program itself."""
    return _("闭环系统") if who.get("system") else str(who["person_name"])


def listed(things: Iterable[object]) -> str:
    """Several things in a row, as the reader's language sets them apart."""
    return _("、").join(str(thing) for thing in things)


def joined(clauses: Iterable[object]) -> str:
    """Several clauses in a row, as the reader's language sets them apart."""
    return _("；").join(str(clause) for clause in clauses)


def strung(parts: Iterable[object]) -> str:
    """Parts of one clause in a row, as the reader's language sets them apart."""
    return _("，").join(str(part) for part in parts)
