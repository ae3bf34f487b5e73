"""The names of all verbs, gathered from the rooms that own them."""

from __future__ import annotations

from django.utils.translation import get_language

from bihuan.ledger.lifecycle_words import VERB_WORDS
from bihuan.organizations import logs


def verb_label(verb: str) -> str:
    """What a verb is called in the reader's language; a verb of the lifecycle's table by the table's words."""
    if verb in VERB_WORDS:
        return VERB_WORDS[verb].say(get_language() or "zh")
    return logs.verb_label(verb)
