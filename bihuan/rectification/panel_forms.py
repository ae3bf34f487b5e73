"""What is typed of a panel: who sits in it and why somebody else does, and one member's opinion."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.journal.timesource import today
from bihuan.organizations.models import Person, Post, Role, RoleGrant
from bihuan.organizations.spans import in_force
from bihuan.rectification.acceptance_words import GATE_ANSWERS, GATES
from bihuan.rectification.models import Panellist
from bihuan.rectification.panel_seats import SeatField, SeatsField, seats_for
from bihuan.rectification.panels import members_of, panel_terms

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bihuan.ledger.models import Problem
    from bihuan.rectification.models import AcceptancePanel

_TEXT_ROWS = 4


class SetUpForm(forms.Form):
    """Who judges together, who speaks for them, and whether they go and look."""

    def __init__(self, *args: Any, problem: Problem, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        terms = panel_terms(problem)
        seats = seats_for(problem)
        accepting = RoleGrant.objects.filter(in_force(today()), role=Role.ACCEPTOR)
        self.fields["chair"] = SeatField(
            seats,
            seats.posts.filter(pk__in=accepting.values("post")),
            label=_("组长"),
            help_text=_("由验收岗担任，全部签署以后由其作出结论。"),
        )
        self.fields["members"] = SeatsField(
            seats,
            label=_("成员"),
            help_text=_(
                "按规定至少 %(members)d 人（组长在内），来自 %(units)d 个以上单位。按姓名、单位或岗位查找；"
                "参与本轮整改的人和他们的单位不能选，写有原因。"
            )
            % {"members": terms.members, "units": terms.units}
            if terms.demanded
            else _("按姓名、单位或岗位查找；参与本轮整改的人和他们的单位不能选，写有原因。"),
        )
        self.fields["on_site"] = forms.BooleanField(
            label=_("须现场核查"), required=False, initial=terms.on_site, disabled=terms.on_site
        )

    def clean_members(self) -> list[Post]:
        """A plain list, as the action takes it."""
        return list(self.cleaned_data["members"])


class SignForm(forms.Form):
    """Gate by gate, and in words. No answer is filled in beforehand."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in GATES.items():
            self.fields[f"gate_{name}"] = forms.ChoiceField(
                label=label, choices=list(GATE_ANSWERS.items()), widget=forms.RadioSelect
            )
        self.fields["opinion"] = forms.CharField(
            label=_("个人意见"),
            widget=forms.Textarea(attrs={"rows": _TEXT_ROWS}),
            help_text=_("看了什么、查了什么、结论是什么；有一关未通过，即为不同意通过。"),
        )

    def clean(self) -> dict[str, Any]:
        """The gates as one mapping."""
        cleaned: dict[str, Any] = super().clean() or {}
        cleaned["gates"] = {name: cleaned.pop(f"gate_{name}", "") for name in GATES}
        return cleaned


def _members(rows: Iterable[Panellist]) -> list[tuple[str, str]]:
    found = list(rows)
    names = dict(Person.objects.filter(pk__in=[row.person for row in found]).values_list("pk", "name"))
    return [(str(row.pk), f"{row.unit.name} {row.post.name} {names.get(row.person, '')}") for row in found]


class _MemberForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("理由"), widget=forms.Textarea(attrs={"rows": _TEXT_ROWS}), max_length=2000
    )

    def offer(self, label: str, rows: Iterable[Panellist]) -> None:
        """Choose one of these members."""
        choices = [("", _("请选择")), *_members(rows)]
        self.fields["member"] = forms.TypedChoiceField(label=label, choices=choices, coerce=_id_of)


def _id_of(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError as wrong:
        raise ValidationError(_("没有这个成员。")) from wrong


class ReplaceForm(_MemberForm):
    """Who gives up the seat, and to whom."""

    def __init__(self, *args: Any, panel: AcceptancePanel, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        waiting = [one for one in members_of(panel) if one.state == Panellist.State.ASKED]
        self.offer(_("换下的成员（尚未签署）"), waiting)
        self.fields["by"] = SeatField(seats_for(panel.problem), label=_("换上的成员"))
        self.order_fields(["member", "by", "reason"])


class ChairForm(_MemberForm):
    """Who speaks for the panel from now on."""

    def __init__(self, *args: Any, panel: AcceptancePanel, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(_("新的组长"), [one for one in members_of(panel) if not one.chair])
        self.order_fields(["member", "reason"])


class DissolveForm(forms.Form):
    """Why."""

    reason = forms.CharField(
        label=gettext_lazy("撤销理由"), widget=forms.Textarea(attrs={"rows": _TEXT_ROWS}), max_length=2000
    )
