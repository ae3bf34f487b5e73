"""What is typed of leaders' acts and of the focus list."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.journal.timesource import today
from bihuan.organizations.models import Post
from bihuan.rectification.forms import text
from bihuan.rectification.leading import entered_as, leading_posts
from bihuan.rectification.models import LeaderInstruction
from bihuan.rectification.withdrawing import withdrawable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bihuan.journal.action import Actor
    from bihuan.ledger.models import Problem
    from bihuan.rectification.models import Visit


class SeveralFilesInput(forms.ClearableFileInput):
    """A file input that takes more than one."""

    allow_multiple_selected = True


class SeveralFilesField(forms.FileField):
    """A list of uploaded files, which may be empty; size and kind are the action's affair."""

    widget = SeveralFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """All of them."""
        return [one for one in (data if isinstance(data, list | tuple) else [data]) if one]


class LeaderField(forms.ModelChoiceField):  # type: ignore[type-arg]  # Django subscripts it for type checkers only
    """A leader's post, with its unit."""

    def label_from_instance(self, post: Post) -> str:
        return f"{post.unit} · {post.name}"


class LeadersActForm(forms.Form):
    """Whose act, and on which day. Only leaders for whom the actor may write are offered; one's own post is chosen."""

    def __init__(self, *args: Any, problem: Problem, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        posts = [post for post in leading_posts(problem) if entered_as(actor, post, problem)]
        ids = [post.pk for post in posts]
        field = LeaderField(
            label=_("领导"),
            queryset=Post.objects.filter(pk__in=ids)
            .select_related("unit")
            .order_by("unit__path", "kind", "name"),
            help_text=_("写岗位，是谁由那一天的任职定；由谁登记、哪天登记都会显示。"),
        )
        own = actor.post if actor.post in ids else None
        field.initial = own or (problem.sponsor_id if problem.sponsor_id in ids else None)
        self.fields = {"post": field, **self.fields}


class VisitForm(LeadersActForm):
    """现场督导."""

    on = forms.DateField(label=_("督导日期"), initial=today)
    place = forms.CharField(label=_("地点"), max_length=200)
    found = text(_("发现的情况"), help_text=_("写看到什么、差在哪里、当场定了什么。"))
    companions = forms.CharField(label=_("同行人员"), max_length=300, required=False)
    files = SeveralFilesField(label=_("照片、记录"), required=False)  # type: ignore[assignment]  # named as the argument


class InstructionForm(LeadersActForm):
    """领导批示."""

    on = forms.DateField(label=_("批示日期"), initial=today)
    words = text(_("批示内容"), help_text=_("照原文登记。"))
    document_no = forms.CharField(label=_("文号"), max_length=100, required=False)
    answer_by = forms.DateField(label=_("要求何时报告"), required=False, help_text=_("批示没有要求的不填。"))
    file = forms.FileField(label=_("批示扫描件"), required=False)


class AnswerInstructionForm(forms.Form):
    """What came of an instruction."""

    instruction = forms.ChoiceField(label=_("哪一件批示"))
    answer = text(_("办理情况"), help_text=_("写做了什么、有什么结果。"))

    def __init__(self, *args: Any, problem: Problem, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        waiting = LeaderInstruction.objects.filter(
            problem=problem, answered_on=None, withdrawn_on=None
        ).order_by("on", "id")
        self.fields["instruction"].choices = [(str(one.pk), _named(one)) for one in waiting]  # type: ignore[attr-defined]

    def clean_instruction(self) -> uuid.UUID:
        """Its id."""
        return uuid.UUID(self.cleaned_data["instruction"])


def _named(one: LeaderInstruction) -> str:
    return f"{one.on.isoformat()} {one.leader_name} {one.document_no} {one.words[:40]}"


class WithdrawForm(forms.Form):
    """Which entry was wrong, and why. Only what the actor may take back is offered."""

    act = forms.ChoiceField(label=_("哪一条登记"), widget=forms.RadioSelect)
    reason = text(_("撤回理由"), help_text=_("写明错在哪里，例如登记到了别的问题、日期或领导写错。"))

    def __init__(self, *args: Any, problem: Problem, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = withdrawable(actor, problem)
        self.fields["act"].choices = [(str(one.pk), _told(one)) for one in offered]  # type: ignore[attr-defined]
        if len(offered) == 1:
            self.fields["act"].initial = str(offered[0].pk)

    def clean_act(self) -> uuid.UUID:
        """Its id."""
        return uuid.UUID(self.cleaned_data["act"])


def _told(one: Visit | LeaderInstruction) -> str:
    if isinstance(one, LeaderInstruction):
        return _("领导批示 %(words)s") % {"words": _named(one)}
    return _("现场督导 %(day)s %(who)s %(place)s") % {
        "day": one.on.isoformat(),
        "who": one.leader_name,
        "place": one.place,
    }


class PutOnFocusForm(forms.Form):
    """Why it is a key problem, and whose."""

    reason = text(_("列入理由"))

    def __init__(self, *args: Any, problems: Sequence[Problem], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unnamed = [problem for problem in problems if problem.sponsor_id is None]
        found = leading_posts(problems[0])
        self.fields["sponsor"] = LeaderField(
            label=_("包抓领导"),
            queryset=found,
            required=bool(unnamed),
            help_text=_("不填的用各问题现在的包抓领导。") if not unnamed else _("列入的问题由这位领导包抓。"),
        )
        self.order_fields(["sponsor", "reason"])


class TakeOffFocusForm(forms.Form):
    """Why it is no longer one."""

    reason = text(_("移出理由"))
