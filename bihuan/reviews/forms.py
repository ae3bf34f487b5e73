"""What people may send to this room's actions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.calendars.deadline_field import DeadlineField
from bihuan.intake.forms import UnitChoice
from bihuan.journal.timesource import today
from bihuan.ledger.models import Source
from bihuan.ledger.taxonomy import offered, sector_choices
from bihuan.organizations.models import Unit, UnitKind
from bihuan.organizations.tree import home_of
from bihuan.reviews.terms import default_answer_day, default_due, policy_at
from bihuan.text.starting_taxonomy import GRADES

if TYPE_CHECKING:
    from bihuan.ledger.models import Problem


class CallForm(forms.Form):
    """One call, and whether it is made again."""

    title = forms.CharField(label=_("名称"), max_length=160, initial=_("在办问题月调度"))
    due_on = DeadlineField(label=_("报送期限"))
    sources = forms.MultipleChoiceField(label=_("来源"), required=False, help_text=_("不选即不限来源。"))
    sectors = forms.MultipleChoiceField(label=_("领域"), required=False, help_text=_("不选即不限领域。"))
    grades = forms.MultipleChoiceField(
        label=_("等级"), required=False, widget=forms.CheckboxSelectMultiple, help_text=_("不选即不限等级。")
    )
    requirement = forms.CharField(
        label=_("要求"), required=False, widget=forms.Textarea(attrs={"rows": "3"}), max_length=2000
    )
    repeats = forms.BooleanField(
        label=_("以后每期自动发出"), required=False, help_text=_("按“月调度”规则的周期和日子，遇休息日顺延。")
    )

    use_required_attribute = False

    def __init__(self, *args: Any, place: Unit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        body = policy_at(place, today()).body
        self.fields["due_on"].initial = default_due(body, place, today())
        sources = offered(Source.objects.all()).order_by("position", "code")
        self.fields["sources"].choices = [(one.code, one.label) for one in sources]  # type: ignore[attr-defined]
        self.fields["sectors"].choices = sector_choices()  # type: ignore[attr-defined]
        self.fields["grades"].choices = [(one.code, _(one.zh)) for one in GRADES]  # type: ignore[attr-defined]


class CircularForm(forms.Form):
    """What the circular asks of its readers, beside what the call itself says."""

    demand = forms.CharField(
        label=_("有关要求"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("写进通报的最后一部分；不写就留空，在文书上再补。"),
    )
    signed_by = forms.CharField(label=_("落款"), max_length=120)

    def __init__(self, *args: Any, office: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["signed_by"].initial = office


class ReasonForm(forms.Form):
    """One sentence why."""

    reason = forms.CharField(label=_("理由"), max_length=200, widget=forms.Textarea(attrs={"rows": "2"}))


class UploadForm(forms.Form):
    """The sheet that was downloaded, filled in."""

    file = forms.FileField(
        label=_("填好的调度表"),
        help_text=_("下载的那一张，填好后原样上传；改了哪几格就报哪几格。"),
        error_messages={
            "required": _("还没有选文件。"),
            "empty": _("这个文件是空的（0 字节），请重新导出。"),
        },
    )
    later = forms.BooleanField(
        label=_("没有改的行这次先不报"), required=False, help_text=_("不勾选时，没有改的行按“无变化”报。")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].widget.attrs.update({"accept": ".xlsx", "data-max-megabytes": "20"})


class AskForm(forms.Form):
    """What is asked, of whom, by when."""

    matter = forms.CharField(
        label=_("提请协调的事项"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": "4"}),
        help_text=_("卡在哪里、要对方做什么。"),
    )
    asked_unit = UnitChoice(
        label=_("请哪个单位协调"),
        queryset=Unit.objects.none(),
        required=False,
        empty_label=_("整改办"),
        help_text=_("不知道该找谁的，向整改办提。"),
    )
    due_on = DeadlineField(label=_("希望何时答复"))

    def __init__(self, *args: Any, problem: Problem, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        place = problem.jurisdiction
        units = Unit.objects.filter(path__under=place.path, closed_on__isnull=True)
        units = units.exclude(kind=UnitKind.SECTION)
        if problem.lead_unit is not None:
            units = units.exclude(pk=home_of(problem.lead_unit).pk)
        self.fields["asked_unit"].queryset = units.order_by("path")  # type: ignore[attr-defined]
        body = policy_at(place, today()).body
        self.fields["due_on"].initial = default_answer_day(body, place, today())


class AnswerForm(forms.Form):
    """What was done or decided."""

    answer = forms.CharField(label=_("答复"), max_length=2000, widget=forms.Textarea(attrs={"rows": "4"}))
    basis_no = forms.CharField(
        label=_("会议纪要或文号"), max_length=100, required=False, help_text=_("领导小组议定的必填。")
    )


class AgainForm(forms.Form):
    """What is still missing, and by when."""

    reason = forms.CharField(label=_("还差什么"), max_length=1000, widget=forms.Textarea(attrs={"rows": "3"}))
    due_on = DeadlineField(label=_("希望何时答复"), required=False, help_text=_("不填按规则定。"))
