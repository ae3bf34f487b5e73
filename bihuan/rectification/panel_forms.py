"""What is typed of a panel: who sits in it and why somebody else does, and one member's opinion."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.journal.timesource import today
from bihuan.organizations.models import Person, Post, Role, RoleGrant, Tenure
from bihuan.organizations.spans import in_force
from bihuan.rectification.acceptance_words import GATE_ANSWERS, GATES
from bihuan.rectification.independence_facts import doing_paths, work_of
from bihuan.rectification.models import Panellist
from bihuan.rectification.panels import members_of, panel_terms

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from bihuan.ledger.models import Problem
    from bihuan.rectification.models import AcceptancePanel

_TEXT_ROWS = 4


class HeldPostField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A post, shown by its unit and who holds it today."""

    names: dict[Any, str]

    def label_from_instance(self, post: Post) -> str:
        return held(post, self.names)


class HeldPostsField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Several posts, shown alike."""

    names: dict[Any, str]

    def label_from_instance(self, post: Post) -> str:
        return held(post, self.names)


def held(post: Post, names: dict[Any, str]) -> str:
    """Unit, post and holder."""
    return f"{post.unit.name} {post.name} {names.get(post.pk, '')}".strip()


def seatable(problem: Problem) -> tuple[QuerySet[Post], dict[Any, str]]:
    """The posts whose holders could sit: outside every doing unit, no part in the round, with an account."""
    work = work_of(problem)
    busy = {person for persons in work.persons.values() for person in persons} | work.accepted_last_round
    below = Q(pk__in=[])
    for path in doing_paths(problem):
        below |= Q(post__unit__path__under=path)
    rows = (
        Tenure.objects.filter(
            in_force(today()),
            post__closed_on=None,
            post__unit__closed_on=None,
            person__account__isnull=False,
            person__left_on=None,
        )
        .exclude(below)
        .exclude(person__in=busy)
    )
    if problem.channel_id is not None:
        rows = rows.filter(in_force(today(), "post__channels__"), post__channels__channel=problem.channel_id)
    names = dict(rows.values_list("post_id", "person__name"))
    posts = Post.objects.filter(pk__in=names).select_related("unit").order_by("unit__path", "name")
    return posts, names


class SetUpForm(forms.Form):
    """Who judges together, who speaks for them, and whether they go and look."""

    def __init__(self, *args: Any, problem: Problem, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        terms = panel_terms(problem)
        posts, names = seatable(problem)
        accepting = RoleGrant.objects.filter(in_force(today()), role=Role.ACCEPTOR)
        chair = HeldPostField(
            label=_("组长"),
            queryset=posts.filter(pk__in=accepting.values("post")),
            help_text=_("由验收岗担任，全部签署以后由其作出结论。"),
        )
        members = HeldPostsField(
            label=_("成员"),
            queryset=posts,
            help_text=_(
                "按规定至少 %(members)d 人（组长在内），来自 %(units)d 个以上单位；参与本轮整改的人不在其列。"
            )
            % {"members": terms.members, "units": terms.units}
            if terms.demanded
            else _("参与本轮整改的人和他们的单位不在其列。"),
        )
        chair.names = members.names = names
        self.fields["chair"], self.fields["members"] = chair, members
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
        posts, names = seatable(panel.problem)
        by = HeldPostField(label=_("换上的成员"), queryset=posts)
        by.names = names
        self.fields["by"] = by
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
