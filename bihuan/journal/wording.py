"""Texts the program itself writes into records."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import override


def for_the_record() -> override:
    """What is translated inside goes into a record, and so is in the installation's language, whoever acts.

    A title written in the language of the person who happened to act would stand in the journal in two languages.
    """
    return override(settings.LANGUAGE_CODE)
