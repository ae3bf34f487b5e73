"""What people send to intake."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.documents.errors import READABLE_KINDS
from bihuan.documents.installed import is_installed
from bihuan.intake.candidacy import TERMS
from bihuan.intake.policy import visible_batches
from bihuan.journal.timesource import today
from bihuan.ledger.models import Batch, RestrictedChannel, Source
from bihuan.ledger.taxonomy import offered, sector_choices, term_choices
from bihuan.organizations.models import Unit
from bihuan.organizations.spans import in_force

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bihuan.intake.models import Candidate
    from bihuan.journal.action import Actor

SHEETS = ".xlsx,.xls,.ods,.csv"
ACCEPTED = ",".join(f".{kind}" for kind in READABLE_KINDS)
PICTURE_ENDINGS = ("png", "jpg", "jpeg", "tif", "tiff", "bmp", "webp")


class SeveralFilesInput(forms.ClearableFileInput):
    """A file input that takes more than one."""

    allow_multiple_selected = True


class SeveralFilesField(forms.FileField):
    """A list of uploaded files, at least one."""

    widget = SeveralFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Size and kind are asked by the action, which can say what would be accepted."""
        files = [one for one in (data if isinstance(data, list | tuple) else [data]) if one]
        if not files:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        return files


class UploadForm(forms.Form):
    """Files for a batch; an empty file is a refusal of its own, said with its name."""

    files = SeveralFilesField(  # type: ignore[assignment]
        label=_("反馈文件"),
        help_text=_("可一次放多个，每个不超过 100 MB：%(kinds)s。%(scans)s压缩包和邮件里的文件逐份收下。"),
        error_messages={"required": _("还没有选文件。")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        recognises = is_installed()
        endings = (*READABLE_KINDS, *(PICTURE_ENDINGS if recognises else ()))
        kinds = "、".join(f".{kind}" for kind in endings)
        scans = _("扫描件和照片识别文字后收下。") if recognises else _("PDF 须带文字，本机没有安装文字识别。")
        field = self.fields["files"]
        field.help_text = field.help_text % {"kinds": kinds, "scans": scans}
        pictures = [f".{kind}" for kind in PICTURE_ENDINGS if recognises]
        accepted = ",".join([ACCEPTED, *pictures])
        field.widget.attrs.update({"accept": accepted, "data-max-megabytes": "100"})


class BatchChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A batch, with its code."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.code} · {obj.title}"


class ImportForm(forms.Form):
    """A running ledger, and the batch its rows go to."""

    batch = BatchChoice(
        label=_("放进哪个批次"),
        queryset=Batch.objects.none(),
        help_text=_("没有合适的批次，请先新建一个，如“2026年以前存量问题”。"),
    )
    file = forms.FileField(
        label=_("台账文件"),
        help_text=_(
            "Excel（.xlsx、.xls、.ods）或 .csv。列名照原来的写，程序会自己认；先预览，再决定导不导。"
        ),
        error_messages={
            "required": _("还没有选文件。"),
            "empty": _("这个文件是空的（0 字节），请重新导出。"),
        },
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        batches = visible_batches(actor).filter(state=Batch.State.OPEN).order_by("-received_on")
        self.fields["batch"].queryset = batches  # type: ignore[attr-defined]
        self.fields["file"].widget.attrs.update({"accept": SHEETS, "data-max-megabytes": "100"})


class ReportingFormForm(forms.Form):
    """A table a superior sent."""

    name = forms.CharField(
        label=_("表样名称"),
        max_length=80,
        help_text=_("如“省整改办月报表”。同名再传，就是它的新版本。"),
    )
    file = forms.FileField(
        label=_("空表"),
        help_text=_("上级发来的 .xlsx 或 .docx，原样放上来；示例行会换成台账里的问题，其余一概不动。"),
        error_messages={"required": _("还没有选文件。")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].widget.attrs.update({"accept": ".xlsx,.docx"})


class ReturnedFormForm(forms.Form):
    """A form as it came back."""

    batch = BatchChoice(label=_("对哪个批次"), queryset=Batch.objects.none())
    file = forms.FileField(
        label=_("上级退回的表"),
        help_text=_("上级填了意见、结果的同一张表；先比对，只写入您确认的。"),
        error_messages={"required": _("还没有选文件。")},
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["batch"].queryset = visible_batches(actor).order_by("-received_on")  # type: ignore[attr-defined]
        self.fields["file"].widget.attrs.update({"accept": ".xlsx,.docx"})


class BatchForm(forms.Form):
    """A new batch."""

    title = forms.CharField(label=_("名称"), max_length=200, help_text=_("照来文标题写。"))
    code = forms.CharField(
        label=_("批次代码"), max_length=60, help_text=_("简短好认，如 环督三轮、SJ-2026。")
    )
    source = forms.ModelChoiceField(label=_("来源"), queryset=Source.objects.none())
    source_authority = forms.CharField(
        label=_("来源机关"), max_length=120, help_text=_("发来反馈的机关全称。")
    )
    document_no = forms.CharField(label=_("文号"), max_length=100, required=False)
    received_on = forms.DateField(label=_("收到日期"), help_text=_("“30日内”一类的期限从这一天算起。"))
    deadline = forms.DateField(
        label=_("整批期限"), required=False, help_text=_("单条另有期限的，以单条为准。")
    )
    closing_authority = forms.CharField(label=_("销号权所在"), max_length=120, required=False)
    channel = forms.ModelChoiceField(
        label=_("限制知悉"),
        queryset=RestrictedChannel.objects.none(),
        required=False,
        empty_label=_("不限制"),
        help_text=_("选了专线，本批次和其中的问题只有专线成员看得到。"),
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].queryset = offered(Source.objects.all())  # type: ignore[attr-defined]
        self.fields["received_on"].initial = today
        channels = RestrictedChannel.objects.filter(in_force(today(), "members__"), members__post=actor.post)
        self.fields["channel"].queryset = channels.distinct()  # type: ignore[attr-defined]
        if not channels.exists():
            del self.fields["channel"]


class UnitChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A unit, named in full."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name)


class UnitsChoice(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Units, named in full."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name)


class ShownForm(forms.Form):
    """A form that sends along what it showed, so that nobody's change is written over unread."""

    shown = forms.CharField(widget=forms.HiddenInput, required=False)

    def show(self, values: Mapping[str, Any]) -> None:
        """Say what is shown now; on a form sent back, what was typed stays."""
        told = json.dumps(values, ensure_ascii=False)
        if self.is_bound:
            self.data = self.data.copy()  # type: ignore[attr-defined]
            self.data["shown"] = told  # type: ignore[index]
        else:
            self.initial["shown"] = told

    def clean_shown(self) -> dict[str, Any]:
        """A damaged one shows nothing, and then nothing can have moved."""
        try:
            told = json.loads(self.cleaned_data["shown"] or "{}")
        except ValueError:
            return {}
        return told if isinstance(told, dict) else {}


class CandidateForm(ShownForm):
    """A candidate's words and facts."""

    title = forms.CharField(label=_("问题"), max_length=200, widget=forms.Textarea(attrs={"rows": "2"}))
    text = forms.CharField(
        label=_("问题描述"),
        widget=forms.Textarea(attrs={"rows": "4"}),
        help_text=_("这里写整改的是什么；来源的原文另存，不会改。"),
    )
    lead_unit = UnitChoice(label=_("牵头单位"), queryset=Unit.objects.none(), required=False)
    deadline = forms.DateField(label=_("期限"), required=False, help_text=_("不填则随批次。"))
    sector = forms.ChoiceField(label=_("领域"))
    nature = forms.ChoiceField(label=_("性质"))
    impact = forms.ChoiceField(label=_("影响程度"))
    urgency = forms.ChoiceField(label=_("轻重缓急"))
    rectification_kind = forms.ChoiceField(label=_("整改类型"))
    source_no = forms.CharField(
        label=_("源编号"), max_length=60, required=False, help_text=_("照文件上印的写。")
    )
    supporting_units = UnitsChoice(label=_("配合单位"), queryset=Unit.objects.none(), required=False)
    amount = forms.DecimalField(
        label=_("涉及金额（元）"), required=False, min_value=0, max_digits=18, decimal_places=2
    )
    site = forms.CharField(label=_("点位"), max_length=200, required=False)
    concerned_party = forms.CharField(label=_("涉事主体"), max_length=200, required=False)
    basis = forms.CharField(label=_("定性依据"), required=False, widget=forms.Textarea(attrs={"rows": "2"}))
    fixed_on_entry = forms.BooleanField(label=_("检查期间已整改（边审边改）"), required=False)

    FACTS: ClassVar = (
        "lead_unit", "deadline", "sector", "nature", "impact", "urgency", "rectification_kind", "source_no",
        "supporting_units", "amount", "site", "concerned_party", "basis", "fixed_on_entry",
    )  # fmt: skip

    def __init__(
        self, data: Any = None, files: Any = None, *, candidate: Candidate, batch: Batch, ask: str = ""
    ) -> None:
        values = candidate.values
        initial = {name: values.get(name) for name in self.FACTS} | {
            "title": candidate.title,
            "text": candidate.text,
        }
        super().__init__(data, files, initial=initial)
        if ask in self.fields:
            self.fields[ask].widget.attrs["autofocus"] = True
        units = Unit.objects.filter(path__under=batch.jurisdiction.path, closed_on__isnull=True).order_by(
            "path"
        )
        self.fields["lead_unit"].queryset = units  # type: ignore[attr-defined]
        self.fields["supporting_units"].queryset = units  # type: ignore[attr-defined]
        self.fields["sector"].choices = sector_choices()  # type: ignore[attr-defined]
        for name, kind in TERMS.items():
            self.fields[name].choices = term_choices(kind)  # type: ignore[attr-defined]

    def clean_title(self) -> str:
        """One line, however wide the field is drawn."""
        return " ".join(self.cleaned_data["title"].split())

    def changes(self) -> dict[str, Any]:
        """What differs from the card, so that a confirmed proposal is not taken for a person's choice."""
        return {name: self._plain(name) for name in self.changed_data if name in self.FACTS}

    def _plain(self, name: str) -> Any:
        value = self.cleaned_data[name]
        if name == "lead_unit":
            return str(value.pk) if value else None
        if name == "supporting_units":
            return [str(unit.pk) for unit in value]
        if name == "deadline":
            return value.isoformat() if value else None
        if isinstance(value, bool):
            return value
        return str(value) if value is not None else ""


class SplitForm(ShownForm):
    """Two problems out of one candidate."""

    first_title = forms.CharField(label=_("第一条：问题"), max_length=200, required=False)
    first_text = forms.CharField(label=_("第一条：描述"), widget=forms.Textarea(attrs={"rows": "4"}))
    second_title = forms.CharField(label=_("第二条：问题"), max_length=200, required=False)
    second_text = forms.CharField(label=_("第二条：描述"), widget=forms.Textarea(attrs={"rows": "4"}))


class ReasonForm(forms.Form):
    """One sentence why."""

    reason = forms.CharField(label=_("理由"), max_length=200)


class DropForm(forms.Form):
    """Why a candidate is not used; the passages ask for a disposition of their own."""

    reason = forms.CharField(label=_("理由"), max_length=200, required=False)


class AddForm(forms.Form):
    """A problem the program did not propose."""

    passages = forms.CharField(label=_("出自片段"), help_text=_("写段号，如 12 或 12-14。"))
    title = forms.CharField(
        label=_("问题"), max_length=200, required=False, help_text=_("不填则取原文第一句。")
    )

    def clean_passages(self) -> list[int]:
        """``12, 14-16`` as numbers."""
        return numbers_in(self.cleaned_data["passages"])


class SealForm(forms.Form):
    """Nothing is filled in: the answers to the sample are what the seal rests on."""


def numbers_given(data: Mapping[str, str], name: str) -> list[int]:
    """Whole numbers, separated by commas, as a script or a hidden field sends them; what is none is left out."""
    return [int(one) for one in data.get(name, "").split(",") if one.isascii() and one.isdigit()]


def numbers_in(text: str) -> list[int]:
    """Passage numbers as people write them; raises `ValidationError` saying what would be right."""
    found: set[int] = set()
    for part in text.replace("，", ",").replace("、", ",").replace("—", "-").replace("¶", "").split(","):
        first, _dash, last = part.strip().partition("-")
        try:
            start, end = int(first), int(last or first)
        except ValueError as error:
            raise forms.ValidationError(_("段号写成 12 或 12-14，多个用逗号隔开。")) from error
        if not 1 <= start <= end <= start + 500:
            raise forms.ValidationError(_("段号从小到大写，一次不超过 500 段。"))
        found.update(range(start, end + 1))
    return sorted(found)
