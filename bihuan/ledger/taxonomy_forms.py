"""What the keeper of the office's lists may send. Fields are named as the arguments they become."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.journal.timesource import today
from bihuan.ledger.forms import DAY, SectorField
from bihuan.ledger.models import Sector, Source
from bihuan.ledger.taxonomy import WHO, WHO_ACCEPTS, WHO_CLOSES, stage_names

STAGE = "stage_"
LAST_DAY_HELP = _("当天还可以选，次日起不能再选；已归入的问题照旧。")


class NamesForm(forms.Form):
    """A name in both languages."""

    zh = forms.CharField(label=_("中文名称"), max_length=80)
    en = forms.CharField(label=_("英文名称"), max_length=80)


class AddEntryForm(NamesForm):
    """A new entry of a list."""

    code = forms.CharField(
        label=_("代码"), max_length=30, help_text=_("小写英文，定了就不再改；问题、规则和统计都认代码。")
    )
    valid_from = forms.DateField(label=_("启用日"), widget=DAY, initial=today)
    field_order = ("zh", "en", "code")


class AddSectorForm(AddEntryForm):
    """A new sector, under another or at the top."""

    parent = SectorField(label=_("上级领域"), required=False, help_text=_("不选就是第一级；最多四级。"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer_parents(self)


def _offer_parents(form: forms.Form) -> None:
    parent = form.fields["parent"]
    if isinstance(parent, SectorField):
        parent.offer()
        parent.empty_label = _("第一级")


class EditEntryForm(NamesForm):
    """Names, dates and place among the siblings."""

    position = forms.IntegerField(label=_("次序"), min_value=0, max_value=9999, help_text=_("小的在前。"))
    valid_from = forms.DateField(label=_("启用日"), widget=DAY)
    valid_until = forms.DateField(
        label=_("最后使用日"), widget=DAY, required=False, help_text=_("留空为长期有效。")
    )


class RetireForm(forms.Form):
    """The last day of an entry."""

    last_day = forms.DateField(label=_("最后使用日"), widget=DAY, initial=today, help_text=LAST_DAY_HELP)


class MoveForm(forms.Form):
    """Another place in the tree."""

    parent = SectorField(label=_("移到哪个领域下面"), required=False)

    def __init__(self, *args: Any, sector: Sector, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer_parents(self)
        parent = self.fields["parent"]
        if isinstance(parent, SectorField):
            below = parent.queryset.exclude(code=sector.code)  # type: ignore[union-attr]
            parent.queryset = below.exclude(code__startswith=f"{sector.code}.")


class WordingForm(forms.Form):
    """What a place calls an inherited entry, or that it does without it."""

    zh = forms.CharField(
        label=_("本级中文名称"), max_length=80, required=False, help_text=_("留空则用继承的名称。")
    )
    en = forms.CharField(label=_("本级英文名称"), max_length=80, required=False)
    hidden = forms.BooleanField(
        label=_("本级不用这一项"), required=False, help_text=_("新问题不能再选它；已归入的照旧。")
    )


class CustomsForm(forms.Form):
    """How problems of a source are handled."""

    level = forms.ChoiceField(label=_("级别"), choices=Source.Level.choices)
    accepts = forms.ChoiceField(label=_("谁验收"), choices=[(name, WHO[name]) for name in WHO_ACCEPTS])
    closes = forms.ChoiceField(label=_("谁销号"), choices=[(name, WHO[name]) for name in WHO_CLOSES])
    notice_required = forms.BooleanField(label=_("须公示"), required=False)
    external = forms.BooleanField(
        label=_("外部来源"), required=False, help_text=_("外部来源的问题，办结要有来源机关的文件。")
    )
    determinations = forms.CharField(
        label=_("认定结果用词"),
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
        help_text=_("一行一个，照来源机关自己的说法；留空则不限用词。"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for stage, name in stage_names().items():
            label = _("阶段用词：%(stage)s") % {"stage": name}
            self.fields[f"{STAGE}{stage}"] = forms.CharField(label=label, max_length=20, required=False)

    @classmethod
    def initial_of(cls, source: Source) -> dict[str, Any]:
        """What the form shows at first."""
        plain = ("level", "accepts", "closes", "notice_required", "external")
        words = {f"{STAGE}{state}": said for state, said in source.stage_words.items()}
        return {
            **{name: getattr(source, name) for name in plain},
            "determinations": "\n".join(source.determinations),
            **words,
        }

    def arguments(self) -> dict[str, Any]:
        """The cleaned fields as the action takes them."""
        data = dict(self.cleaned_data)
        stages = {name.removeprefix(STAGE): data.pop(name) for name in list(data) if name.startswith(STAGE)}
        return {**data, "determinations": data["determinations"].splitlines(), "stage_words": stages}
