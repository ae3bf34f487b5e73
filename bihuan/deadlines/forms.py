"""What people may send to this room's actions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.deadlines.explaining import light_words
from bihuan.deadlines.readings import reading_of
from bihuan.deadlines.rules import Light
from bihuan.journal.timesource import now, today

if TYPE_CHECKING:
    from bihuan.deadlines.models import Clock

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
