"""What people may send to this room's actions. Fields are named as the arguments they become."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.calendars.deadline_field import DeadlineField
from bihuan.journal.timesource import today
from bihuan.ledger.forms import UnitField
from bihuan.organizations.ltree import is_under
from bihuan.organizations.models import Post, Unit
from bihuan.organizations.queries import open_units
from bihuan.rectification.acceptance_words import FAILED, GATE_ANSWERS, GATES
from bihuan.rectification.deliberation_forms import add_deliberation
from bihuan.rectification.measures import leaves_in, plan_in_force
from bihuan.rectification.models import Deliberation, Evidence, Measure, Objection
from bihuan.rectification.reporting import speaks_for_the_whole

if TYPE_CHECKING:
    from bihuan.journal.action import Actor
    from bihuan.ledger.models import Problem

TEXT = {"rows": 4}
SHORT = {"rows": 2}


def text(label: Any, *, rows: int = 4, **more: Any) -> forms.CharField:
    """A field for several sentences."""
    return forms.CharField(label=label, widget=forms.Textarea(attrs={"rows": rows}), **more)


class MeasureField(forms.ModelChoiceField):  # type: ignore[type-arg]  # Django subscripts it for type checkers only
    """A measure by number, unit and words."""

    def label_from_instance(self, measure: Measure) -> str:
        return f"{measure.number} {measure.unit} · {measure.text[:40]} · {measure.progress}%"


class MeasuresField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Several measures."""

    def label_from_instance(self, measure: Measure) -> str:
        return f"{measure.number} {measure.text[:40]}"


class PostsOfField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A post of some units."""

    def __init__(self, under: Unit | None, **kwargs: Any) -> None:
        posts = Post.objects.filter(closed_on=None, unit__closed_on=None).select_related("unit")
        found = posts.filter(unit__path__under=under.path) if under else posts.none()
        super().__init__(queryset=found.order_by("unit__path", "name"), empty_label=_("不指定"), **kwargs)

    def label_from_instance(self, post: Post) -> str:
        return f"{post.unit} · {post.name}"


class ProblemForm(forms.Form):
    """A form about one problem, whose measures and units it offers."""

    def __init__(self, *args: Any, problem: Problem, **kwargs: Any) -> None:
        self.problem = problem
        super().__init__(*args, **kwargs)
        self.offer()

    def offer(self) -> None:
        """Fill the fields with what this problem has to offer."""

    def measures(self) -> Any:
        """The measures of the plan in force as a queryset."""
        plan = plan_in_force(self.problem)
        found = Measure.objects.filter(plan=plan) if plan else Measure.objects.none()
        found = found.exclude(state=Measure.State.RETURNED)
        return found.select_related("unit").order_by("number")


class AcknowledgeForm(forms.Form):
    """Who in the unit does it."""

    section = forms.CharField(label=_("责任科室"), max_length=80, required=False)

    def __init__(self, *args: Any, unit: Unit | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["handler"] = PostsOfField(unit, label=_("经办人"), required=False)
        self.fields["deputy_in_charge"] = PostsOfField(unit, label=_("分管负责人"), required=False)


class DeclineForm(forms.Form):
    """Not ours: why, and whose."""

    reason = text(_("理由"), help_text=_("写明依据的职责规定，例如“三定”文件的条款。"))
    proposed_unit = UnitField(label=_("建议承办单位"))


class HandDownForm(ProblemForm):
    """A measure for a subordinate unit; the whole problem where there is no plan."""

    def offer(self) -> None:
        """Measures still open, units below the lead unit or guided by it."""
        if plan_in_force(self.problem) is not None:
            self.fields["measure"] = MeasureField(
                label=_("交下哪一条措施"), queryset=self.measures().filter(state=Measure.State.OPEN)
            )
        self.fields["unit"] = UnitField(label=_("承接单位"))
        self.fields["text"] = text(_("任务"))
        self.fields["deadline"] = DeadlineField(label=_("期限"), help_text=_("不晚于所交事项自己的期限。"))
        self.fields["post"] = PostsOfField(
            self.problem.lead_unit,
            label=_("责任岗位"),
            required=False,
            help_text=_("交给本单位的人时要写；不写的由承接单位自定。"),
        )
        self.fields["deliverable"] = forms.CharField(
            label=_("成果形式"), max_length=200, help_text=_("上级要求的自动带下去，这里只写另外要的。")
        )


class GiveBackForm(ProblemForm):
    """Which task is returned upward, and why."""

    def offer(self) -> None:
        """Tasks that were handed down and are still open."""
        tasks = self.measures().filter(
            state=Measure.State.OPEN, parent__isnull=False, handed_down_by__isnull=False
        )
        self.fields["measure"] = MeasureField(label=_("退回哪一项任务"), queryset=tasks)
        self.fields["reason"] = text(_("理由"), help_text=_("写明为什么办不了、建议谁办。"))


class ProgressForm(ProblemForm):
    """How far it is by a day. Whoever speaks for the whole finds there what they last said of it."""

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        self.actor = actor
        super().__init__(*args, **kwargs)

    def offer(self) -> None:
        """Leaves of the tree, if there is one."""
        leaves = leaves_in(self.measures())
        if leaves.exists():
            self.fields["measure"] = MeasureField(label=_("措施"), queryset=leaves)
        self.fields["on"] = forms.DateField(label=_("截至"), initial=today)
        self.fields["percent"] = forms.IntegerField(label=_("进度（%）"), min_value=0, max_value=100)
        self.fields["facts"] = text(
            _("进展事实"), help_text=_("写做了什么、有什么结果，不写“高度重视”一类的话。")
        )
        self.fields["obstacle"] = text(_("存在困难"), rows=2, required=False)
        self.fields["next_step"] = text(_("下一步"), rows=2, required=False)
        if speaks_for_the_whole(self.actor, self.problem):
            self.initial.setdefault("obstacle", self.problem.reason_unfinished)
            self.initial.setdefault("next_step", self.problem.next_step)


class EvidenceForm(ProblemForm):
    """A file that proves a fact."""

    def offer(self) -> None:
        """The measures that may cite it."""
        self.fields["upload"] = forms.FileField(label=_("文件"))
        self.fields["kind"] = forms.ChoiceField(label=_("种类"), choices=Evidence.Kind.choices)
        self.fields["caption"] = forms.CharField(label=_("说明"), max_length=200)
        self.fields["taken_on"] = forms.DateField(label=_("形成日期"), required=False)
        measures = self.measures()
        if measures.exists():
            self.fields["measures"] = MeasuresField(
                label=_("证明哪些措施"),
                queryset=measures,
                required=False,
                widget=forms.CheckboxSelectMultiple,
            )


class EvidenceField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A proof by its kind and words."""

    def label_from_instance(self, evidence: Evidence) -> str:
        return f"{evidence.get_kind_display()} · {evidence.caption}"


class CiteForm(ProblemForm):
    """A proof that is there, and further measures that rest on it."""

    def offer(self) -> None:
        """The proofs of this round and the measures of the plan in force."""
        proofs = Evidence.objects.filter(problem=self.problem, round=self.problem.round).order_by("-id")
        self.fields["evidence"] = EvidenceField(label=_("佐证材料"), queryset=proofs)
        self.fields["measures"] = MeasuresField(
            label=_("由哪些措施引用"), queryset=self.measures(), widget=forms.CheckboxSelectMultiple
        )


class ExtensionForm(forms.Form):
    """A later date."""

    new_deadline = DeadlineField(label=_("新的期限"))
    reason = text(_("理由"))
    new_plan = text(_("新的安排"), help_text=_("写明分几步、每步何时完成。"))


class SuspensionForm(forms.Form):
    """A stop of the clock."""

    resume_by = DeadlineField(label=_("恢复日期"))
    reason = text(_("理由"), help_text=_("仅限诉讼、季节等非本单位能够左右的原因。"))


class NothingForm(forms.Form):
    """Nothing to fill in: only to be sure."""


class ReasonForm(forms.Form):
    """Why."""

    reason = text(_("理由"))


class ApplyForm(ProblemForm):
    """The unit's own check."""

    def offer(self) -> None:
        """The goal's present value, where the problem closes by indicator."""
        self.fields["self_check"] = text(_("自验结论"), rows=5)
        if self.problem.goal_indicator:
            self.fields["goal_now"] = forms.CharField(
                label=_("指标现值"),
                max_length=60,
                initial=self.problem.goal_now,
                help_text=f"{self.problem.goal_indicator} → {self.problem.goal_target}",
            )
        add_deliberation(self, self.problem, Deliberation.About.CLOSURE)


class ProposeClosureForm(ProblemForm):
    """Why a standing duty may be closed after all."""

    def offer(self) -> None:
        """The reason, and the unit's meeting where policy asks for one."""
        self.fields["reason"] = text(_("理由"))
        add_deliberation(self, self.problem, Deliberation.About.CLOSURE)


_PASSING = [(answer, words) for answer, words in GATE_ANSWERS.items() if answer != FAILED]


class AcceptForm(forms.Form):
    """The verdict, gate by gate."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in GATES.items():
            self.fields[f"gate_{name}"] = forms.ChoiceField(
                label=label,
                choices=_PASSING,
                # No answer is filled in beforehand: each gate is judged, not passed through.
                widget=forms.RadioSelect,
            )
        self.fields["on_site"] = forms.BooleanField(label=_("已到现场核查"), required=False)
        self.fields["opinion"] = text(_("验收意见"), rows=5)
        self.fields["file"] = forms.FileField(label=_("核查记录"), required=False)

    def clean(self) -> dict[str, Any]:
        """The gates as one mapping."""
        cleaned: dict[str, Any] = super().clean() or {}
        cleaned["gates"] = {name: cleaned.pop(f"gate_{name}", "") for name in GATES}
        return cleaned


class ReturnForm(forms.Form):
    """What is missing."""

    what_is_missing = text(_("缺什么、怎样补正"), rows=5)


class ReturnAcceptanceForm(ReturnForm):
    """Which gates failed, what is missing, and whether somebody looked."""

    on_site = forms.BooleanField(label=_("已到现场核查"), required=False)
    file = forms.FileField(label=_("核查记录"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in GATES.items():
            self.fields[f"gate_{name}"] = forms.ChoiceField(
                label=label,
                choices=[(FAILED, GATE_ANSWERS[FAILED]), *_PASSING, ("", _("没有核查"))],
                required=False,
                initial="",
                widget=forms.RadioSelect,
            )
        self.order_fields([*(f"gate_{name}" for name in GATES), "what_is_missing", "on_site", "file"])

    def clean(self) -> dict[str, Any]:
        """The gates somebody judged, at least one of them failed."""
        cleaned: dict[str, Any] = super().clean() or {}
        answers = {name: cleaned.pop(f"gate_{name}", "") for name in GATES}
        cleaned["gates"] = {name: answer for name, answer in answers.items() if answer}
        if FAILED not in cleaned["gates"].values():
            raise forms.ValidationError(_("请选出没有通过的关。"))
        return cleaned


class ExternalForm(forms.Form):
    """The verdict of an authority outside."""

    authority = forms.CharField(label=_("认定机关"), max_length=120)
    document_no = forms.CharField(label=_("认定文号"), max_length=100)
    decided_on = forms.DateField(label=_("认定日期"))
    accepted = forms.TypedChoiceField(
        label=_("结论"),
        choices=[("yes", _("认定整改到位")), ("no", _("认定未到位，退回整改"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    opinion = text(_("认定意见"), help_text=_("照文件抄录原文。"))
    file = forms.FileField(label=_("认定文件"))


class ObjectionForm(forms.Form):
    """An objection as it was received."""

    received_on = forms.DateField(label=_("收到日期"), initial=today)
    text = text(_("异议内容"))
    who = forms.CharField(
        label=_("提出人"), max_length=120, required=False, help_text=_("加密保存，不显示给被反映的单位。")
    )


class SettleForm(forms.Form):
    """Whether an objection holds."""

    upheld = forms.TypedChoiceField(
        label=_("核实结论"),
        choices=[("no", _("不成立")), ("yes", _("成立，退回整改"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    finding = text(_("核实情况"))

    def __init__(self, *args: Any, waiting: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["objection"] = ObjectionField(label=_("异议"), queryset=waiting, empty_label=None)
        self.order_fields(["objection", "upheld", "finding"])


class ObjectionField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """An objection by its first words."""

    def label_from_instance(self, objection: Objection) -> str:
        return f"{objection.received_on.isoformat()} {objection.text[:60]}"


class SittingForm(forms.Form):
    """What the competent body decided."""

    minutes_no = forms.CharField(label=_("会议纪要或文号"), max_length=100)
    decided_on = forms.DateField(label=_("审定日期"), initial=today)
    opinion = text(_("审定意见"))
    authority = forms.CharField(
        label=_("外部审定机关"),
        max_length=120,
        required=False,
        help_text=_("销号权在来源机关或上级的，填写作出决定的机关。"),
    )
    file = forms.FileField(label=_("纪要或文件"), required=False)


class CheckForm(forms.Form):
    """A dated look at a standing duty."""

    on = forms.DateField(label=_("核查日期"), initial=today)
    opinion = text(_("核查情况"))
    file = forms.FileField(label=_("核查记录"), required=False)


class FilingForm(forms.Form):
    """The document by which the superior was told."""

    filing_no = forms.CharField(label=_("备案文号"), max_length=100)
    filed_on = forms.DateField(label=_("备案日期"), initial=today)


def units_taking_part(problem: Problem, doing: list[Unit]) -> list[Unit]:
    """The units a plan may name: those doing the work and everything below them."""
    return [unit for unit in open_units() if any(is_under(unit.path, one.path) for one in doing)]
