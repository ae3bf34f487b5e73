"""The names of all verbs, gathered from the rooms that own them."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps
from django.utils.translation import get_language

from bihuan.ledger.lifecycle_words import VERB_WORDS


@cache
def _labels() -> dict[str, Any]:
    found: dict[str, Any] = {}
    for app in apps.get_app_configs():
        name = f"{app.name}.verbs"
        if app.name.startswith("bihuan.") and find_spec(name):
            found.update(
                {str(verb): label for verb, label in getattr(import_module(name), "LABELS", {}).items()}
            )
    return found


def verb_label(verb: str) -> str:
    """What a verb is called in the reader's language; a verb of the lifecycle's table by the table's words."""
    if verb in VERB_WORDS:
        return VERB_WORDS[verb].say(get_language() or "zh")
    return str(_labels().get(verb, verb))
