"""The order's table as a sheet: a row a problem, every cell written by name, saved as one act.

The form works without a script; `web/js/sheet.js` lets people move, paste and take back as in a spreadsheet.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.calendars.deadline_field import DeadlineField
from bihuan.rectification.handling.sheet import APART, Names
from bihuan.rectification.order_items import ItemDraft

if TYPE_CHECKING:
    import uuid
    from collections.abc import Callable, Mapping, Sequence

    from bihuan.rectification.models import OrderItem

LABELS: Final[Mapping[str, Any]] = {
    "task": gettext_lazy("任务"),
    "measure": gettext_lazy("措施"),
    "lead_unit": gettext_lazy("牵头单位"),
    "supporting_units": gettext_lazy("配合单位"),
    "deputy_in_charge": gettext_lazy("责任领导"),
    "external_deadline": gettext_lazy("外部期限"),
    "internal_deadline": gettext_lazy("内部期限"),
    "requirement": gettext_lazy("具体要求"),
}
LONG: Final = frozenset({"task", "measure", "requirement"})


class Lines(forms.CharField):
    """Several lines; a browser sends the end of each in two signs, which is no change."""

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value)).replace("\r\n", "\n")


def _long() -> Lines:
    return Lines(
        required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": "3", "data-plain": ""})
    )


def _day() -> DeadlineField:
    return DeadlineField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


class ItemRow(forms.Form):
    """One problem's row."""

    task = _long()
    measure = _long()
    lead_unit = forms.CharField(widget=forms.TextInput(attrs={"list": "units"}))
    supporting_units = forms.CharField(required=False, max_length=1000)
    deputy_in_charge = forms.CharField(required=False, widget=forms.TextInput(attrs={"list": "posts"}))
    external_deadline = _day()
    internal_deadline = _day()
    requirement = _long()

    def __init__(self, *args: Any, names: Names, item: OrderItem, **kwargs: Any) -> None:
        kwargs["initial"] = _initial(names, item)
        super().__init__(*args, **kwargs)
        self.names, self.item = names, item
        for name, label in LABELS.items():
            field = self.fields[name]
            field.label = label
            words = _("%(no)s %(label)s") % {"no": item.problem.problem_no, "label": label}
            field.widget.attrs |= {"aria-label": words, "class": "input", "data-cell": ""}

    def clean(self) -> dict[str, Any]:
        """Names become units and posts."""
        sent: dict[str, Any] = super().clean() or {}
        self._resolve(sent, "lead_unit", self.names.unit)
        self._resolve(sent, "deputy_in_charge", self.names.post)
        self._resolve(sent, "supporting_units", self._units)
        external, internal = sent.get("external_deadline"), sent.get("internal_deadline")
        if external and internal and internal > external:
            self.add_error("internal_deadline", _("不晚于外部期限。"))
        return sent

    def _units(self, written: str) -> list[Any]:
        names = (one.strip() for one in written.replace("，", APART).replace("\n", APART).split(APART))
        return [self.names.unit(_without_share(name)) for name in names if name]

    def _resolve(self, sent: dict[str, Any], name: str, by_name: Callable[[str], Any]) -> None:
        written = sent.get(name) or ""
        try:
            sent[name] = by_name(written) if written.strip() else None
        except forms.ValidationError as error:
            self.add_error(name, error)

    @property
    def draft(self) -> ItemDraft:
        """What this row says; a share fixed before stays with its unit."""
        sent = self.cleaned_data
        shares = {one["unit"]: one["share"] for one in self.item.supporting_units}
        return ItemDraft(
            problem=self.item.problem_id,
            task=sent["task"],
            measure=sent["measure"],
            lead_unit=sent["lead_unit"].pk,
            supporting_units=tuple(
                (unit.pk, shares.get(str(unit.pk))) for unit in sent["supporting_units"] or ()
            ),
            deputy_in_charge=sent["deputy_in_charge"].pk if sent["deputy_in_charge"] else None,
            external_deadline=sent["external_deadline"],
            internal_deadline=sent["internal_deadline"],
            requirement=sent["requirement"],
        )

    @property
    def cells(self) -> list[Any]:
        """The fields in the order of the table's columns."""
        return [self[name] for name in LABELS]


def _without_share(name: str) -> str:
    """A name as the order's table shows it, pasted back: 市财政局（30%）."""
    bare, opening, rest = name.rpartition("（")
    return bare if opening and rest.rstrip("）").endswith("%") else name


def _initial(names: Names, item: OrderItem) -> dict[str, Any]:
    post = item.deputy_in_charge_id or item.problem.deputy_in_charge_id
    supporting = (names.said_by_id.get(one["unit"], "") for one in item.supporting_units)
    return {
        "task": item.task,
        "measure": item.measure,
        "lead_unit": names.said_units.get(item.lead_unit_id, ""),
        "supporting_units": APART.join(filter(None, supporting)),
        "deputy_in_charge": names.said_posts.get(post, "") if post else "",
        "external_deadline": item.external_deadline,
        "internal_deadline": item.internal_deadline,
        "requirement": item.requirement,
    }


def rows_for(items: Sequence[OrderItem], data: Mapping[str, Any] | None = None) -> list[ItemRow]:
    """A form for each row of the order, its fields named after the row's id."""
    names = Names()
    return [ItemRow(data, prefix=item.pk.hex, names=names, item=item) for item in items]


def changed_of(rows: Sequence[ItemRow]) -> list[ItemRow]:
    """The rows in which something was written: the others are not saved again."""
    return [row for row in rows if row.has_changed()]


def mark(rows: Sequence[ItemRow], problem: uuid.UUID | str, cell: str, words: str) -> bool:
    """Put a refusal into the cell it is about; False where it is about none of them."""
    for row in rows:
        if str(row.item.problem_id) == str(problem) and cell in row.fields:
            row.add_error(cell, words)
            return True
    return False
