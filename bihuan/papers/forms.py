"""What people may send to this room's actions. The fields of a draft follow from its kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.journal.timesource import today
from bihuan.ledger.forms import UnitsField
from bihuan.papers.kinds import COLOUR_LABELS, COLOUR_NAME, SHORT

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bihuan.papers.kinds import PaperKind
    from bihuan.papers.models import Paper

ASKED = "asked_"


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


class AskedForm(forms.Form):
    """The places of a kind that its drafter fills in; a place left empty stays a blank line in the paper."""

    def __init__(
        self, *sent: Any, kind: PaperKind, known: dict[str, str] | None = None, **options: Any
    ) -> None:
        super().__init__(*sent, **options)
        self.kind = kind
        for number, name in enumerate(kind.asks):
            self.fields[f"{ASKED}{number}"] = self._asked(name, (known or {}).get(name, ""))

    def _asked(self, name: str, known: str) -> forms.Field:
        if name == COLOUR_NAME:
            return forms.ChoiceField(label=_("督办颜色"), choices=[*COLOUR_LABELS.items()])
        words: dict[str, Any] = {"label": name, "required": False, "initial": known, "max_length": 2000}
        if name in SHORT:
            return forms.CharField(**words)
        return forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), **words)

    def given(self) -> dict[str, str]:
        """What was filled in, by the names of the places."""
        return {
            name: self.cleaned_data.get(f"{ASKED}{number}", "") for number, name in enumerate(self.kind.asks)
        }

    def arguments(self) -> dict[str, Any]:
        """The cleaned fields as the action takes them."""
        rest = {name: value for name, value in self.cleaned_data.items() if not name.startswith(ASKED)}
        rest.pop("seen", None)
        return rest | {"given": self.given()}


class DraftForm(AskedForm):
    """Whom it goes to, who signs, and what the ledger cannot know."""

    recipients = UnitsField(label=gettext_lazy("主送单位"), required=False)
    others = forms.CharField(
        label=gettext_lazy("主送：系统外的机关"),
        required=False,
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("不在本系统单位名录里的，一行一个。"),
    )
    copies = UnitsField(label=gettext_lazy("抄送"), required=False)
    other_copies = forms.CharField(
        label=gettext_lazy("抄送：系统外的机关"),
        required=False,
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    signed_by = forms.CharField(label=gettext_lazy("落款"), max_length=120)
    dated = forms.DateField(
        label=gettext_lazy("成文日期"),
        required=False,
        help_text=gettext_lazy("以负责人签发的日期为准；还不知道的留空。"),
    )

    def __init__(self, *sent: Any, kind: PaperKind, **options: Any) -> None:
        super().__init__(*sent, kind=kind, **options)
        if not kind.has_recipients:
            for name in ("recipients", "others", "copies", "other_copies"):
                del self.fields[name]
        if kind.is_form:
            del self.fields["dated"]
        asked = [name for name in self.fields if name.startswith(ASKED)]
        self.order_fields(["recipients", "others", *asked, "copies", "other_copies", "signed_by", "dated"])

    def arguments(self) -> dict[str, Any]:
        """Lists of names come one a line."""
        found = super().arguments()
        for name in ("others", "other_copies"):
            if name in found:
                found[name] = _lines(found[name])
        for name in ("recipients", "copies"):
            if name in found:
                found[name] = list(found[name])
        return found


class RedraftForm(AskedForm):
    """Take today's facts again, or change the words by hand."""

    by_hand = forms.BooleanField(
        label=gettext_lazy("改动文字"),
        required=False,
        help_text=gettext_lazy("不勾选的，按现行模板和今天的事实重新生成。"),
    )
    title = forms.CharField(
        label=gettext_lazy("标题"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    text = forms.CharField(
        label=gettext_lazy("正文"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 16}),
        help_text=gettext_lazy("一行一段；层次序数依次为“一、”“（一）”“1.”。"),
    )

    def __init__(self, *sent: Any, paper: Paper, **options: Any) -> None:
        super().__init__(*sent, kind=paper.sort, known=paper.named_values, **options)
        self.fields["title"].initial, self.fields["text"].initial = paper.title, paper.text
        self.fields["by_hand"].initial = paper.by_hand
        asked: Iterable[str] = [name for name in self.fields if name.startswith(ASKED)]
        self.order_fields([*asked, "by_hand", "title", "text"])

    def arguments(self) -> dict[str, Any]:
        """Words only where they were meant to be changed."""
        found = super().arguments()
        if not found.pop("by_hand"):
            found |= {"title": "", "text": ""}
        return found


class EnterForm(forms.Form):
    """What came back from the document office."""

    document_no = forms.CharField(
        label=gettext_lazy("文号"),
        max_length=100,
        required=False,
        help_text=gettext_lazy("照签发件填写，如 云整改〔2026〕3号；表单没有文号的留空。"),
    )
    issued_on = forms.DateField(label=gettext_lazy("印发日期"), initial=today)
    signed_copy = forms.FileField(
        label=gettext_lazy("签发件"), required=False, help_text=gettext_lazy("扫描件或照片。")
    )
    reason = forms.CharField(
        label=gettext_lazy("更正理由"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *sent: Any, paper: Paper, **options: Any) -> None:
        super().__init__(*sent, **options)
        if paper.state == paper.State.ISSUED:
            self.fields["document_no"].initial = paper.document_no
            self.fields["issued_on"].initial = paper.issued_on
            self.fields["reason"].required = True
            self.fields["signed_copy"].help_text = _("不换签发件的不用再传。")
        else:
            del self.fields["reason"]


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(
        label=gettext_lazy("理由"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )


class TemplateForm(forms.Form):
    """The words of a kind of paper, and from when they hold."""

    title = forms.CharField(label=gettext_lazy("标题"), max_length=200)
    body = forms.CharField(
        label=gettext_lazy("正文"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 18})
    )
    valid_from = forms.DateField(label=gettext_lazy("生效日期"), initial=today)
    reason = forms.CharField(
        label=gettext_lazy("修改说明"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class WithdrawForm(ReasonForm):
    """From which day a version ends, and why."""

    from_day = forms.DateField(label=gettext_lazy("从哪天起停用"), initial=today)
