"""Panels and their signatures for pages, papers and files: each question asked once for all that are shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from bihuan.organizations.models import Person
from bihuan.rectification.acceptance_words import FAILED, GATES
from bihuan.rectification.models import AcceptancePanel, Panellist
from bihuan.rectification.panel_rules import dissenting
from bihuan.rectification.panels import seats_in

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from django.db.models import QuerySet

    from bihuan.ledger.models import Problem


@dataclass(frozen=True)
class Signature:
    """One member's opinion as pages and papers show it."""

    name: str
    unit: str
    post: str
    chair: bool
    met: bool | None
    dissents: bool
    opinion: str
    failed: tuple[str, ...]
    gates: Mapping[str, str]
    signed_on: date | None
    replaced_why: str
    pk: uuid.UUID


@dataclass(frozen=True)
class PanelRead:
    """A panel with all who sat in it, those replaced last."""

    panel: AcceptancePanel
    signatures: tuple[Signature, ...]

    @property
    def sitting(self) -> tuple[Signature, ...]:
        """Those who were not replaced."""
        return tuple(one for one in self.signatures if not one.replaced_why)

    @property
    def note(self) -> str:
        """How far it is, and how the members found."""
        sits = self.sitting
        signed = [one for one in sits if one.met is not None]
        words = {
            "state": self.panel.get_state_display(),
            "round": self.panel.round,
            "signed": len(signed),
            "all": len(sits),
            "agreed": sum(one.met is True for one in signed),
        }
        return _("第 %(round)d 轮 · %(state)s · 已签 %(signed)d/%(all)d · 同意 %(agreed)d") % words


def read_panels(panels: Iterable[AcceptancePanel]) -> list[PanelRead]:
    """Panels with their signatures, each question asked once for all."""
    found = list(panels)
    rows = list(
        Panellist.objects.filter(panel__in=found).select_related("post", "unit").order_by("ordinal", "id")
    )
    names = dict(Person.objects.filter(pk__in={row.person for row in rows}).values_list("pk", "name"))
    return [
        PanelRead(one, tuple(_signatures(one, [row for row in rows if row.panel_id == one.pk], names)))
        for one in found
    ]


def _signatures(
    panel: AcceptancePanel, rows: Sequence[Panellist], names: Mapping[uuid.UUID, str]
) -> list[Signature]:
    sits = [row for row in rows if row.state != Panellist.State.REPLACED]
    against = {one.person for one in dissenting(seats_in(sits), panel.agreement)}
    gone = [row for row in rows if row.state == Panellist.State.REPLACED]
    return [
        Signature(
            name=names.get(row.person, ""),
            unit=row.unit.name,
            post=row.post.name,
            chair=row.chair,
            met=row.met,
            dissents=row in sits and row.person in against,
            opinion=row.opinion,
            failed=tuple(str(GATES[name]) for name in GATES if row.gates.get(name) == FAILED),
            gates=row.gates,
            signed_on=row.signed_on,
            replaced_why=row.replaced_why,
            pk=row.pk,
        )
        for row in [*sits, *gone]
    ]


def panels_of(problem: Problem) -> QuerySet[AcceptancePanel]:
    """Every panel of every round, newest first; those dissolved too."""
    found: QuerySet[AcceptancePanel] = AcceptancePanel.objects.filter(problem=problem)
    return found.order_by("-id")


def signed_words(one: Signature) -> str:
    """What a member's signature comes to, in a word or two."""
    if one.replaced_why:
        return _("已更换")
    if one.met is None:
        return _("待签署")
    said = _("同意通过") if one.met else _("不同意通过")
    return _("%(said)s（与结论不同）") % {"said": said} if one.dissents else said
