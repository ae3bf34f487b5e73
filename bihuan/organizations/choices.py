"""Lists this room offers for choice: units, posts and people as form fields, and codes other rooms keep."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from bihuan.organizations import queries
from bihuan.organizations.models import Person, Post, Unit
from bihuan.text.starting_taxonomy import SECTORS, SOURCES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from bihuan.text.starting_taxonomy import Term

    Pairs = Iterable[tuple[str, str]]
    Listing = Callable[[], Pairs]

INDENT = "\u3000"


def _label(term: Term) -> str:
    return term.en if (get_language() or "").startswith("en") else term.zh


def _starting_sectors() -> Pairs:
    return [(one.code, INDENT * (one.level - 1) + _label(one)) for one in SECTORS]


def _starting_sources() -> Pairs:
    return [(one.code, _label(one)) for one in SOURCES]


_listings: dict[str, Listing] = {"sector": _starting_sectors, "source": _starting_sources}


def register_codes(kind: str, listing: Listing) -> None:
    """The room that keeps the editable list of sectors or sources says how to read it (code, label)."""
    _listings[kind] = listing


def codes(kind: str) -> list[tuple[str, str]]:
    """The codes of a kind with their labels, in the order of their tree."""
    return list(_listings[kind]())


def label_of(kind: str, code: str) -> str:
    """The label of a code, or the code itself where the list no longer has it."""
    return dict(codes(kind)).get(code, code).strip(INDENT)


def stewardship_codes() -> list[tuple[str, list[tuple[str, str]]]]:
    """Sectors and sources in two groups, each code with its kind before it (``sector:risk.fire``)."""
    return [
        (str(words), [(f"{kind}:{code}", label) for code, label in codes(kind)])
        for kind, words in (("sector", _("领域")), ("source", _("来源")))
    ]


class RecordField(forms.ChoiceField):
    """A select box whose value is a record of ours."""

    def __init__(self, model: Any, listing: Listing, **options: Any) -> None:
        self.model = model

        def offered() -> list[tuple[str, str]]:
            return [("", str(_("请选择"))), *listing()]

        super().__init__(choices=offered, **options)

    def clean(self, value: Any) -> Any:
        """The record, or None where nothing was chosen and nothing need be."""
        chosen = super().clean(value)
        if not chosen:
            return None
        found = self.model.objects.filter(pk=uuid.UUID(chosen)).first()
        if found is None:
            raise ValidationError(_("没有找到所选的记录。"))
        return found


def unit_field(label: Any, *, required: bool = True, **options: Any) -> RecordField:
    """Choose an open unit."""
    return RecordField(Unit, queries.units_as_choices, label=label, required=required, **options)


def post_field(label: Any, *, required: bool = True, **options: Any) -> RecordField:
    """Choose an open post of any unit."""
    return RecordField(Post, queries.posts_as_choices, label=label, required=required, **options)


def person_field(label: Any, *, required: bool = True, **options: Any) -> RecordField:
    """Choose a person who has not left."""
    return RecordField(Person, queries.people_as_choices, label=label, required=required, **options)
