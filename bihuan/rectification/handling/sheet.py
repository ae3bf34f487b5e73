"""The sheet on which many problems are given their handling: a row a problem, units and posts written by name.

What the program proposes stands in the cells, with its reason below; what a person writes instead counts. A name that
is no unit's says so in its cell, and everything typed stays.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.calendars.deadline_field import DeadlineField
from bihuan.ledger.handling import HandlingDraft
from bihuan.organizations.models import Post, PostKind, Unit
from bihuan.rectification.handling.reasons import reasons
from bihuan.text.normalise import fold

if TYPE_CHECKING:
    import uuid
    from collections.abc import Mapping, Sequence

    from bihuan.ledger.models import Problem
    from bihuan.rectification.handling.facts import Proposed
    from bihuan.rectification.handling.rules import Pick

LEADERS: Final = (PostKind.PRINCIPAL, PostKind.DEPUTY_IN_CHARGE)
APART: Final = "、"


class Names:
    """Units and posts by what they are called in a cell; of two with one name each is called with its parent's."""

    @cached_property
    def units(self) -> dict[str, Unit]:
        """Open units by the name shown."""
        found = list(Unit.objects.filter(closed_on__isnull=True).select_related("parent").order_by("path"))
        count: dict[str, int] = {}
        for unit in found:
            count[unit.name] = count.get(unit.name, 0) + 1
        return {_name_of(unit, alone=count[unit.name] == 1): unit for unit in found}

    @cached_property
    def posts(self) -> dict[str, Post]:
        """Open posts of heads and their deputies, by unit and name."""
        found = Post.objects.filter(kind__in=LEADERS, closed_on__isnull=True, unit__closed_on__isnull=True)
        return {
            f"{post.unit.name} {post.name}": post
            for post in found.select_related("unit").order_by("unit__path", "name")
        }

    @cached_property
    def said_units(self) -> dict[uuid.UUID, str]:
        """Unit -> its name in a cell."""
        return {unit.pk: name for name, unit in self.units.items()}

    @cached_property
    def said_by_id(self) -> dict[str, str]:
        """The same by the text of its id, as a column of supporting units holds it."""
        return {str(pk): name for pk, name in self.said_units.items()}

    @cached_property
    def said_posts(self) -> dict[uuid.UUID, str]:
        """Post -> its name in a cell."""
        return {post.pk: name for name, post in self.posts.items()}

    @cached_property
    def _folded(self) -> dict[str, Unit]:
        return {fold(name): unit for name, unit in self.units.items()}

    def unit(self, written: str) -> Unit:
        """The unit of this name."""
        found = self._folded.get(fold(written))
        if found is None:
            raise forms.ValidationError(
                _("没有叫“%(name)s”的单位，请从提示里选。"), params={"name": written[:40]}
            )
        return found

    def post(self, written: str) -> Post:
        """The post of this name."""
        found = self.posts.get(" ".join(written.split()))
        if found is None:
            raise forms.ValidationError(
                _("没有叫“%(name)s”的岗位，请从提示里选。"), params={"name": written[:40]}
            )
        return found


def _name_of(unit: Unit, *, alone: bool) -> str:
    return unit.name if alone or unit.parent is None else f"{unit.name}（{unit.parent.name}）"


class RowForm(forms.Form):
    """One problem's row."""

    taken = forms.BooleanField(required=False, initial=True)
    handling = forms.CharField(
        required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": "2", "data-plain": ""})
    )
    lead_unit = forms.CharField(required=False, widget=forms.TextInput(attrs={"list": "units"}))
    supporting_units = forms.CharField(required=False, max_length=1000)
    sector_authority = forms.CharField(required=False, widget=forms.TextInput(attrs={"list": "units"}))
    deputy_in_charge = forms.CharField(required=False, widget=forms.TextInput(attrs={"list": "posts"}))
    sponsor = forms.CharField(required=False, widget=forms.TextInput(attrs={"list": "posts"}))
    external_deadline = DeadlineField(
        required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(
        self, *args: Any, names: Names, problem: Problem, proposed: Proposed, common: str = "", **kwargs: Any
    ) -> None:
        kwargs["initial"] = _initial(names, problem, proposed)
        super().__init__(*args, **kwargs)
        self.names, self.problem, self.proposed = names, problem, proposed
        self.common = common
        for name, label in LABELS.items():
            self.fields[name].label = label
            words = _("%(no)s %(label)s") % {"no": problem.problem_no, "label": label}
            self.fields[name].widget.attrs["aria-label"] = words
            self.fields[name].widget.attrs["class"] = "check" if name == "taken" else "input"
            if name != "taken":
                self.fields[name].widget.attrs["data-cell"] = ""

    def clean(self) -> dict[str, Any]:
        """Names become units and posts; a row that is not taken may stay as it is."""
        sent: dict[str, Any] = super().clean() or {}
        if not sent.get("taken"):
            self.errors.clear()
            return {"taken": False}
        read = (
            ("lead_unit", self.names.unit),
            ("sector_authority", self.names.unit),
            ("deputy_in_charge", self.names.post),
            ("sponsor", self.names.post),
        )
        for name, by_name in read:
            self._resolve(sent, name, by_name)
        written = [one.strip() for one in sent.get("supporting_units", "").replace("，", APART).split(APART)]
        try:
            sent["supporting_units"] = [self.names.unit(one) for one in written if one]
        except forms.ValidationError as error:
            self.add_error("supporting_units", error)
        sent["handling"] = sent.get("handling") or self.common
        for name in ("handling", "lead_unit"):
            if not sent.get(name) and name not in self.errors:
                self.add_error(name, _("请填写%(label)s。") % {"label": self.fields[name].label})
        return sent

    def _resolve(self, sent: dict[str, Any], name: str, by_name: Any) -> None:
        written = sent.get(name) or ""
        try:
            sent[name] = by_name(written) if written.strip() else None
        except forms.ValidationError as error:
            self.add_error(name, error)

    @property
    def draft(self) -> HandlingDraft:
        """What this row proposes."""
        sent, authority = self.cleaned_data, self.cleaned_data["sector_authority"]
        return HandlingDraft(
            problem=self.problem.pk,
            handling=sent["handling"],
            lead_unit=sent["lead_unit"].pk,
            supporting_units=tuple(unit.pk for unit in sent["supporting_units"]),
            sector_authority=authority.pk if authority else None,
            sponsor=sent["sponsor"].pk if sent["sponsor"] else None,
            deputy_in_charge=sent["deputy_in_charge"].pk if sent["deputy_in_charge"] else None,
            external_deadline=sent["external_deadline"],
        )

    @property
    def cells(self) -> list[dict[str, Any]]:
        """The fields of the row, each with the reason of what is proposed in it."""
        why = reasons(self.names, self.problem, self.proposed)
        return [{"field": self[name], "why": why.get(name, "")} for name in LABELS if name != "taken"]


LABELS: Final[Mapping[str, Any]] = {
    "taken": gettext_lazy("拟办"),
    "handling": gettext_lazy("拟办意见"),
    "lead_unit": gettext_lazy("牵头单位"),
    "supporting_units": gettext_lazy("配合单位"),
    "sector_authority": gettext_lazy("行业主管部门"),
    "deputy_in_charge": gettext_lazy("责任领导"),
    "sponsor": gettext_lazy("包抓领导"),
    "external_deadline": gettext_lazy("整改期限"),
}


def _initial(names: Names, problem: Problem, proposed: Proposed) -> dict[str, Any]:
    def unit(pick: Pick | None) -> str:
        return names.said_units.get(pick.value, "") if pick else ""

    def post(pick: Pick | None) -> str:
        return names.said_posts.get(pick.value, "") if pick else ""

    return {
        "taken": proposed.lead is not None,
        "handling": problem.proposed_handling,
        "lead_unit": unit(proposed.lead),
        "supporting_units": APART.join(filter(None, (unit(pick) for pick in proposed.supporting))),
        "sector_authority": unit(proposed.authority),
        "deputy_in_charge": post(proposed.deputy),
        "sponsor": post(proposed.sponsor),
        "external_deadline": proposed.deadline[0] if proposed.deadline else None,
    }


def rows_for(
    problems: Sequence[Problem],
    proposals: Mapping[uuid.UUID, Proposed],
    data: Mapping[str, Any] | None = None,
) -> list[RowForm]:
    """A form for each problem, its fields named after the problem's id; what is common to all holds where a row says none."""
    names = Names()
    common = str(data.get("handling", "")).strip() if data else ""
    return [
        RowForm(
            data,
            prefix=problem.pk.hex,
            names=names,
            problem=problem,
            proposed=proposals[problem.pk],
            common=common,
        )
        for problem in problems
    ]
