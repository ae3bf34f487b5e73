"""What people type: the meeting's facts, a mark for each row, and the decision."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.journal.timesource import today
from bihuan.ledger.deciding import leading_group_posts
from bihuan.organizations.models import Post, Unit
from bihuan.rectification.acceptance_words import GATES
from bihuan.rectification.actions.sittings import LONGEST_REASON, LONGEST_TITLE, SAYS_WHY, CaseMark
from bihuan.rectification.models import Outcome, SittingCase


class PostsField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Posts with their units."""

    def label_from_instance(self, post: Post) -> str:
        return f"{post.unit.name} {post.name}"


class SittingForm(forms.Form):
    """Name, day, place and members of the meeting."""

    title = forms.CharField(label=gettext_lazy("会议名称"), max_length=LONGEST_TITLE)
    held_on = forms.DateField(label=gettext_lazy("会议日期"), initial=today)
    place = forms.CharField(label=gettext_lazy("会议地点"), max_length=120, required=False)
    other_members = forms.CharField(
        label=gettext_lazy("其他参加人员"),
        required=False,
        help_text=gettext_lazy("一行一人，写单位和姓名。"),
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, place: Unit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        posts = [post.pk for post in leading_group_posts(place)]
        self.fields["members"] = PostsField(
            label=_("领导小组成员"),
            queryset=Post.objects.filter(pk__in=posts).select_related("unit").order_by("unit__path", "name"),
            required=False,
            initial=posts,
        )
        self.order_fields(["title", "held_on", "place", "members", "other_members"])

    def clean_other_members(self) -> list[str]:
        """One name a line."""
        return [line.strip() for line in self.cleaned_data["other_members"].splitlines() if line.strip()]


class DecideForm(forms.Form):
    """What the meeting decided of all."""

    minutes_no = forms.CharField(label=gettext_lazy("会议纪要编号"), max_length=100)
    opinion = forms.CharField(
        label=gettext_lazy("审定意见"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("对全部问题的总的意见；退回、缓议的理由已逐件写明。"),
    )
    file = forms.FileField(label=gettext_lazy("签发的纪要"), required=False)


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=gettext_lazy("理由"), widget=forms.Textarea(attrs={"rows": 3}))


OUTCOMES: Final = [(one.value, one.label) for one in Outcome]


class MarkForm(forms.Form):
    """The mark of one row; an empty one leaves it open."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("审定结果"), choices=OUTCOMES, required=False, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=gettext_lazy("理由"),
        required=False,
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": "2", "data-plain": ""}),
    )
    failed = forms.MultipleChoiceField(
        label=gettext_lazy("未通过的关"),
        choices=list(GATES.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, data: Any = None, *, case: SittingCase) -> None:
        initial = {"outcome": case.outcome, "reason": case.reason, "failed": case.failed}
        super().__init__(data, prefix=case.problem_id.hex, initial=initial)
        self.case = case
        words = _("%(no)s 理由") % {"no": case.problem.problem_no}
        self.fields["reason"].widget.attrs.update({"aria-label": words, "class": "input"})

    def clean(self) -> dict[str, Any]:
        """A return and a deferral say why."""
        sent: dict[str, Any] = super().clean() or {}
        if sent.get("outcome") in SAYS_WHY and not (sent.get("reason") or "").strip():
            self.add_error("reason", _("请写明退回或缓议的理由。"))
        return sent

    @property
    def mark(self) -> CaseMark:
        """What is to be kept."""
        sent = self.cleaned_data
        return CaseMark(self.case.problem_id, sent["outcome"], sent["reason"], tuple(sent["failed"]))

    @property
    def changes(self) -> bool:
        """Whether it says anything else than what is kept."""
        mark, case = self.mark, self.case
        return (mark.outcome, mark.reason.strip(), list(mark.failed)) != (
            case.outcome,
            case.reason,
            list(case.failed),
        )
