"""What people may send to the ledger's actions."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

from django import forms
from django.db.models import Q
from django.forms.models import ModelChoiceIterator
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from bihuan.calendars.deadline_field import DeadlineField
from bihuan.journal.action import Actor
from bihuan.ledger.channels import channels_of
from bihuan.ledger.lifecycle_words import VERB_WORDS
from bihuan.ledger.models import Problem, RestrictedChannel, Sector, Source, TermKind
from bihuan.ledger.sight import visible
from bihuan.ledger.taxonomy import in_tree_order, offered, term_choices
from bihuan.ledger.verbs import LedgerVerb
from bihuan.organizations.models import Body, Post, Unit
from bihuan.organizations.queries import open_units

DAY = forms.DateInput(attrs={"type": "date"})
TEXT = forms.Textarea(attrs={"rows": 4})


class UnitField(forms.ModelChoiceField):  # type: ignore[type-arg]  # Django subscripts it for type checkers only
    """A unit that still exists, by its full name."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=open_units().order_by("level", "path"), empty_label=_("请选择"), **kwargs)

    def label_from_instance(self, unit: Unit) -> str:
        return unit.name


class UnitsField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Several units."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=open_units().order_by("level", "path"), **kwargs)

    def label_from_instance(self, unit: Unit) -> str:
        return unit.name


class TaskForceField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A task force that still stands."""

    def __init__(self, **kwargs: Any) -> None:
        forces = Body.objects.filter(kind=Body.Kind.TASK_FORCE, until__isnull=True).order_by("name")
        super().__init__(queryset=forces, empty_label=_("无"), **kwargs)


class PostField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A post, with its unit."""

    def __init__(self, **kwargs: Any) -> None:
        posts = (
            Post.objects.filter(closed_on__isnull=True).select_related("unit").order_by("unit__path", "name")
        )
        super().__init__(queryset=posts, empty_label=_("请选择"), **kwargs)

    def label_from_instance(self, post: Post) -> str:
        return f"{post.unit.name} · {post.name}"


class TreeIterator(ModelChoiceIterator):  # type: ignore[type-arg]  # as above
    """Sectors in the order of their tree, each moved in by its depth."""

    def __iter__(self) -> Iterator[tuple[Any, str]]:
        yield ("", str(self.field.empty_label))
        for sector in in_tree_order(self.queryset):
            yield self.choice(sector)


class SectorField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A sector that may be chosen here today; the one a row already has stays choosable."""

    iterator = TreeIterator

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=Sector.objects.none(), empty_label=_("请选择"), **kwargs)

    def offer(self, kept: Any = None) -> None:
        """Read what is on offer where the reader is."""
        offered_now = offered(Sector.objects.all()).values("pk")
        self.queryset = Sector.objects.filter(Q(pk__in=offered_now) | Q(pk=kept))

    def label_from_instance(self, sector: Sector) -> str:
        return "\u3000" * sector.code.count(".") + sector.label


class SourceField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A source that may be chosen here today."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=Source.objects.none(), empty_label=_("请选择"), **kwargs)

    def offer(self) -> None:
        """Read what is on offer where the reader is."""
        self.queryset = offered(Source.objects.all())


class SortedForm(forms.Form):
    """The axes a problem is sorted by, with what the reader's place offers today."""

    sector = SectorField(label=_("领域"))
    nature = forms.ChoiceField(label=_("性质"))
    impact = forms.ChoiceField(label=_("影响程度"))
    urgency = forms.ChoiceField(label=_("轻重缓急"))
    rectification_kind = forms.ChoiceField(label=_("整改类型"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind in (TermKind.NATURE, TermKind.IMPACT, TermKind.URGENCY, TermKind.RECTIFICATION_KIND):
            field = self.fields[str(kind)]
            if isinstance(field, forms.ChoiceField):
                field.choices = term_choices(kind, kept=self.initial.get(str(kind), ""))
        for field in self.fields.values():
            if isinstance(field, SectorField):
                field.offer(self.initial.get("sector"))
            elif isinstance(field, SourceField):
                field.offer()


class FactsForm(SortedForm):
    """The day-one facts that a person types; everything else is read from the document or the batch."""

    title = forms.CharField(
        label=_("问题"), max_length=200, help_text=_("一句话说清是什么问题，不超过 200 字。")
    )
    text = forms.CharField(label=_("问题描述"), widget=TEXT)
    concerned_party = forms.CharField(label=_("涉事主体"), max_length=200, required=False)
    site = forms.CharField(label=_("点位"), max_length=200, required=False)
    basis = forms.CharField(label=_("定性依据"), widget=forms.Textarea(attrs={"rows": 2}), required=False)
    amount = forms.DecimalField(
        label=_("涉及金额（元）"), max_digits=18, decimal_places=2, min_value=0, required=False
    )
    field_order: tuple[str, ...] = ("title", "text", "sector")


class RegisterForm(FactsForm):
    """One problem, registered by hand; a member of a restricted channel may put it there."""

    source = SourceField(label=_("来源"))
    external_deadline = DeadlineField(label=_("整改期限"), widget=DAY, required=False)
    channel = forms.ModelChoiceField(
        label=_("限制知悉"),
        queryset=RestrictedChannel.objects.none(),
        required=False,
        empty_label=_("不限制"),
        help_text=_("选了专线，这个问题只有专线成员看得到，编号另成一列。"),
    )
    fixed_on_entry = forms.BooleanField(label=_("检查期间已整改（边审边改）"), required=False)
    lead_unit = UnitField(
        label=_("牵头单位"), required=False, help_text=_("边审边改的必须填写；其他的可以到拟办时再定。")
    )
    self_reported = forms.BooleanField(label=_("本单位自查上报"), required=False)
    field_order = ("title", "text", "source", "sector")

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        channels = channels_of(actor)
        if channels.exists():
            self.fields["channel"].queryset = channels  # type: ignore[attr-defined]
        else:
            del self.fields["channel"]


class PlaceholderForm(SortedForm):
    """What may be known here of a problem that is kept offline: how it is sorted, and its number over there."""

    offline_no = forms.CharField(
        label=_("线下登记编号"), max_length=30, help_text=_("只写编号，不写内容，例如 XX-2026-003。")
    )
    source = SourceField(label=_("来源"))
    lead_unit = UnitField(label=_("牵头单位"), required=False)
    external_deadline = DeadlineField(label=_("整改期限"), widget=DAY, required=False)
    field_order = ("offline_no", "source", "sector")


class EditFactsForm(FactsForm):
    """Facts of a problem that already stands."""

    goal_indicator = forms.CharField(label=_("目标指标"), max_length=120, required=False)
    goal_baseline = forms.CharField(label=_("基线"), max_length=60, required=False)
    goal_target = forms.CharField(label=_("目标值"), max_length=60, required=False)
    goal_now = forms.CharField(label=_("现值"), max_length=60, required=False)
    goal_source = forms.CharField(label=_("数据来源"), max_length=120, required=False)
    reason_unfinished = forms.CharField(label=_("未完成原因"), widget=TEXT, required=False)
    next_step = forms.CharField(label=_("下一步"), widget=TEXT, required=False)
    blocks = forms.CharField(label=_("卡住的重点事项"), max_length=200, required=False)


class ProposeForm(forms.Form):
    """拟办意见."""

    handling = forms.CharField(label=_("拟办意见"), widget=TEXT)
    lead_unit = UnitField(label=_("牵头单位"))
    supporting_units = UnitsField(label=_("配合单位"), required=False)
    external_deadline = DeadlineField(
        label=_("整改期限"), widget=DAY, required=False, help_text=_("不填则沿用来源或整批的期限。")
    )
    sector_authority = UnitField(label=_("行业主管"), required=False)
    territorial_unit = UnitField(label=_("属地"), required=False)
    sponsor = PostField(label=_("包抓领导"), required=False)
    task_force = TaskForceField(label=_("专班"), required=False, help_text=_("专班成员可见这个问题。"))
    fixed_by_meeting = forms.BooleanField(
        label=_("由会议或领导指定"), required=False, help_text=_("指定的单位不得提出交办异议。")
    )


class ReasonForm(forms.Form):
    """A reason, and nothing else."""

    reason = forms.CharField(label=_("理由"), widget=TEXT)


class EndingForm(forms.Form):
    """并案, 移送, 不属实, 终止办理."""

    verb = forms.ChoiceField(label=_("办结方式"))
    reason = forms.CharField(label=_("理由"), widget=TEXT)
    into = forms.CharField(label=_("并入问题的编号"), required=False, help_text=_("仅并案需要。"))
    receiving_body = forms.CharField(
        label=_("接收机关"), max_length=120, required=False, help_text=_("仅移送需要。")
    )
    document_no = forms.CharField(label=_("来源机关文号"), max_length=100, required=False)
    approver = PostField(label=_("审批人"))

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        endings = (LedgerVerb.MERGE, LedgerVerb.REFER, LedgerVerb.MARK_UNFOUNDED, LedgerVerb.TERMINATE)
        field = self.fields["verb"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(verb.value, VERB_WORDS[verb].say(get_language() or "")) for verb in endings]

    def clean_into(self) -> Problem | None:
        number = self.cleaned_data["into"].strip()
        if not number:
            return None
        # A number one may not know of is answered like one that was never given out.
        found: Problem | None = visible(self.actor, Problem.objects.filter(problem_no=number)).first()
        if found is None:
            raise forms.ValidationError(_("没有编号为“%(number)s”的问题。"), params={"number": number})
        return found


class ComparisonForm(forms.Form):
    """Why two problems are, or are not, the same matter; often the texts say enough."""

    reason = forms.CharField(label=_("理由"), required=False, max_length=500, widget=TEXT)


class ViewForm(forms.Form):
    """The name under which a slice is kept."""

    name = forms.CharField(label=_("视图名称"), max_length=60)
    query = forms.CharField(widget=forms.HiddenInput, max_length=1000, required=False)


class DeterminationForm(forms.Form):
    """The source's verdict: one of its own words where it has a closed list of them."""

    determination = forms.CharField(label=_("认定结果"), max_length=60)
    determined_on = forms.DateField(label=_("认定日期"), widget=DAY)
    document_no = forms.CharField(label=_("认定文号"), max_length=100, required=False)

    def __init__(self, *args: Any, words: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if words:
            choices = [("", _("请选择")), *((word, word) for word in words)]
            self.fields["determination"] = forms.ChoiceField(label=_("认定结果"), choices=choices)


class DraftAnswerForm(forms.Form):
    """The words of an answer, kept until it can be given."""

    answer = forms.CharField(
        label=_("答复"),
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("开头的话由台账写好，请改成正式的说法。"),
    )


class AnswerForm(forms.Form):
    """Our answer to the source."""

    answer = forms.CharField(label=_("答复"), widget=forms.Textarea(attrs={"rows": 8}))
    document_no = forms.CharField(label=_("文号"), max_length=100, required=False)


def picked(values: list[str]) -> list[uuid.UUID]:
    """The ids that ticked boxes sent; what is no id is left out."""
    found = []
    for value in values:
        try:
            found.append(uuid.UUID(value))
        except ValueError:
            continue
    return found
