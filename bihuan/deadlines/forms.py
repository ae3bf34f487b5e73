"""What people may send to this room's actions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.deadlines.explaining import light_words
from bihuan.deadlines.models import ACHIEVABILITY_LABELS
from bihuan.deadlines.readings import reading_of
from bihuan.deadlines.rules import Light
from bihuan.journal.timesource import now, today

if TYPE_CHECKING:
    from bihuan.deadlines.models import Clock
    from bihuan.ledger.models import Problem
    from bihuan.organizations.models import Post

RAISABLE = (Light.BLUE, Light.YELLOW, Light.ORANGE, Light.RED)


class RaiseForm(forms.Form):
    """Which clock, which light, and why. Only lights worse than what is on are offered."""

    kind = forms.ChoiceField(label=_("时限"))
    to = forms.ChoiceField(label=_("升级为"), help_text=_("手工只能升级；降灯要靠进展、验收或经批准的延期。"))
    reason = forms.CharField(label=_("理由"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, clocks: list[Clock], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lights = {clock.kind: reading_of(clock, today(), now()).light for clock in clocks}
        mildest = min((light.severity for light in lights.values()), default=0)
        self.fields["kind"].choices = [  # type: ignore[attr-defined]  # a choice field has choices
            (clock.kind, f"{clock.get_kind_display()} {clock.due} · {light_words(lights[clock.kind])}")
            for clock in clocks
        ]
        self.fields["to"].choices = [  # type: ignore[attr-defined]
            (light.value, light_words(light)) for light in RAISABLE if light.severity > mildest
        ]


class JudgmentForm(forms.Form):
    """Whether the deadline can be kept, and why."""

    word = forms.ChoiceField(
        label=_("能否按期"),
        choices=list(ACHIEVABILITY_LABELS.items()),
        help_text=_("灯只会因此变差，不会变好。"),
    )
    reason = forms.CharField(label=_("理由"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class ReapplicationForm(forms.Form):
    """Which running cases, why, and who decides. The cases are drawn as a table with what would change."""

    reason = forms.CharField(label=_("理由"), widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, cases: list[Problem], deciders: list[Post], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._cases = {str(case.pk): case for case in cases}
        self._deciders = {str(post.pk): post for post in deciders}
        self.fields["cases"] = forms.MultipleChoiceField(
            label=_("在办事项"),
            choices=[(pk, case.problem_no) for pk, case in self._cases.items()],
            error_messages={"required": _("请逐件选定要适用的在办事项。")},
        )
        self.fields["approver"] = forms.ChoiceField(
            label=_("批准岗位"),
            choices=[("", "—"), *((pk, f"{post.unit} · {post.name}") for pk, post in self._deciders.items())],
            help_text=_("提请的人不能批准自己提请的事。"),
        )

    def clean_cases(self) -> list[Problem]:
        """The problems ticked."""
        return [self._cases[pk] for pk in self.cleaned_data["cases"]]

    def clean_approver(self) -> Post:
        """The post chosen."""
        return self._deciders[self.cleaned_data["approver"]]
