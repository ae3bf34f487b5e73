"""The form of a plan: goal, five assurances, and rows of measures, each with its depth in the tree.

Rows are read from the top down: a row of depth 2 belongs to the last row of depth 1 above it. Empty rows do not count.
"""

from __future__ import annotations

import datetime as dt
import re
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.calendars.deadline_field import DeadlineField
from bihuan.ledger.steps import doing_units
from bihuan.organizations.models import Post
from bihuan.rectification.deliberation_forms import NAMES, add_deliberation
from bihuan.rectification.exemplars import as_rows
from bihuan.rectification.forms import text, units_taking_part
from bihuan.rectification.frames import frame_of
from bihuan.rectification.models import Deliberation, Measure
from bihuan.rectification.plan_trees import ASSURANCES, MeasureDraft, Milestone
from bihuan.rectification.queries import plan_tree
from bihuan.text.blanks import BLANK, Part, parts_of

if TYPE_CHECKING:
    from datetime import date

    from bihuan.ledger.models import Problem
    from bihuan.rectification.frames import Frame
    from bihuan.rectification.models import Plan

EMPTY_ROWS: Final = 3
MORE_ROWS: Final = 3
DEPTHS: Final = [
    ("1", _("措施")),
    ("2", _("分项")),
    ("3", _("细项")),
    ("4", _("第四层")),
    ("5", _("第五层")),
    ("6", _("第六层")),
]
_MILESTONE: Final = re.compile(r"(\d{4}-\d{1,2}-\d{1,2})\s*[:：]?\s*(\d{1,3})\s*%?")


class RowForm(forms.Form):
    """One row of the table."""

    depth = forms.ChoiceField(label=_("层次"), choices=DEPTHS)
    deadline = DeadlineField(label=_("期限"), required=False)
    text = forms.CharField(label=_("做什么"), widget=forms.Textarea(attrs={"rows": 2}), required=False)
    unit = forms.ChoiceField(label=_("承担单位"), required=False)
    post = forms.ChoiceField(label=_("责任岗位"), required=False)
    deliverable = forms.CharField(label=_("成果形式"), max_length=200, required=False)
    milestones = forms.CharField(
        label=_("时间节点"),
        required=False,
        max_length=300,
        help_text=_("例如：2026-05-01 30%；2026-06-15 60%。不写的按时间平均推算。"),
    )
    continues = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, choices: PlanChoices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, offered in (("unit", choices.units), ("post", choices.posts)):
            one = self.fields[name]
            if isinstance(one, forms.ChoiceField):
                one.choices = [("", "—"), *offered]

    def clean(self) -> dict[str, Any]:
        """A row is either empty or whole."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("text", "").strip():
            for name in ("unit", "deadline"):
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, _("请填写。"))
        return cleaned

    def clean_milestones(self) -> tuple[Milestone, ...]:
        """Days and percentages; a line that is anything else is refused."""
        written = str(self.cleaned_data["milestones"])
        if _MILESTONE.sub("", written).strip(" ；;，,、。"):
            raise forms.ValidationError(_("请写成“日期 百分比”，几个节点用分号隔开。"))
        try:
            return tuple(
                Milestone(dt.date(*map(int, day.split("-"))), int(percent))
                for day, percent in _MILESTONE.findall(written)
            )
        except ValueError:
            raise forms.ValidationError(_("没有这样的日期。")) from None

    @property
    def blanks(self) -> list[Part]:
        """The row's words with what is still to be filled in apart; nothing where nothing is."""
        words = "；".join(str(self[name].value() or "") for name in ("text", "deliverable"))
        return list(parts_of(words)) if BLANK in words else []

    @property
    def counts(self) -> bool:
        """Whether somebody wrote a measure here."""
        return bool(self.cleaned_data.get("text", "").strip())


@dataclass(frozen=True)
class PlanChoices:
    """Units and posts a plan may name, read once for all rows."""

    units: list[tuple[str, str]]
    posts: list[tuple[str, str]]


@dataclass
class _Node:
    """A row on its way into the tree."""

    cleaned: dict[str, Any]
    parts: list[_Node] = field(default_factory=list)

    def draft(self) -> MeasureDraft:
        """The row and what hangs below it."""
        cleaned = self.cleaned
        deadline: date = cleaned["deadline"]
        return MeasureDraft(
            text=cleaned["text"],
            unit=uuid.UUID(cleaned["unit"]),
            deadline=deadline,
            deliverable=cleaned["deliverable"],
            post=uuid.UUID(cleaned["post"]) if cleaned["post"] else None,
            parts=tuple(part.draft() for part in self.parts),
            continues=cleaned["continues"],
            milestones=cleaned["milestones"],
        )


class PlanForm(forms.Form):
    """A plan of one problem; `standing` is the plan an amendment starts from."""

    goal = text(_("整改目标"), rows=3, help_text=_("写清达到什么程度才算整改到位，最好能量化。"))
    similar_cases = text(
        _("举一反三范围"),
        rows=2,
        required=False,
        help_text=_("同类问题在哪些地方、哪些单位一并排查整改；没有的不写。"),
    )

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        problem: Problem,
        standing: Plan | None = None,
        exemplar: Plan | None = None,
        amends: bool = False,
    ) -> None:
        super().__init__(data, files)
        self.problem, self.exemplar = problem, exemplar
        self.may_learn = not amends and standing is None
        if amends:
            self.fields["reason"] = text(_("调整理由"), rows=3)
        else:
            add_deliberation(self, problem, Deliberation.About.PLAN)
        for name, label in ASSURANCES.items():
            self.fields[f"assure_{name}"] = forms.CharField(label=label, max_length=300, required=False)
        self.frame = frame_of(problem)
        if self.frame.tasks:
            self.fields["goal"].help_text = _(
                "交办单写明的任务不能少，可以补充；写清达到什么程度才算整改到位。"
            )
        self.rows = self._rows(data, self._choices(problem), self._written(problem, standing))
        if standing is None and data is None:
            self.initial["goal"] = "\n".join(self.frame.tasks)
        if standing is not None and data is None:
            self.initial.update(goal=standing.goal, similar_cases=standing.similar_cases)
            for name, words in standing.five_assurances.items():
                self.initial[f"assure_{name}"] = words

    def _choices(self, problem: Problem) -> PlanChoices:
        units = units_taking_part(problem, doing_units(problem))
        posts = Post.objects.filter(unit__in=units, closed_on=None).select_related("unit")
        return PlanChoices(
            [(str(unit.pk), unit.name) for unit in units],
            [(str(post.pk), f"{post.unit} · {post.name}") for post in posts.order_by("unit__path", "name")],
        )

    def _written(self, problem: Problem, standing: Plan | None) -> list[dict[str, Any]]:
        """The rows to begin with: the version written last, or what the order asks for; behind it an exemplar's structure."""
        if self.exemplar is not None:
            return [*_framed(self.frame, problem), *as_rows(self.exemplar, problem)]
        return _as_rows(standing) if standing else _framed(self.frame, problem)

    def _rows(self, data: Any, choices: PlanChoices, written: list[dict[str, Any]]) -> list[RowForm]:
        if data is None:
            initials = written + [{"depth": "1"}] * EMPTY_ROWS
            return [
                RowForm(prefix=f"row{place}", initial=initial, choices=choices)
                for place, initial in enumerate(initials)
            ]
        count = sum(1 for name in data if name.startswith("row") and name.endswith("-depth"))
        if not self.wants_more:
            return [RowForm(data, prefix=f"row{place}", choices=choices) for place in range(count)]
        # Nothing is sent yet, so nothing is judged: what was typed stands again, and empty rows follow.
        typed = [
            {name: data.get(f"row{place}-{name}", "") for name in RowForm.base_fields}
            for place in range(count)
        ]
        return [
            RowForm(prefix=f"row{place}", initial=initial, choices=choices)
            for place, initial in enumerate(typed + [{"depth": "1"}] * MORE_ROWS)
        ]

    @property
    def wants_more(self) -> bool:
        """Whether further empty rows were asked for instead of sending."""
        return "more" in self.data

    @property
    def main_fields(self) -> list[Any]:
        """Goal and reason, drawn above the table."""
        return [self[name] for name in ("reason", "goal", "similar_cases") if name in self.fields]

    @property
    def deliberation(self) -> list[Any]:
        """The unit's meeting, where policy asks for one."""
        return [self[name] for name in NAMES if name in self.fields]

    @property
    def assurances(self) -> list[Any]:
        """The five, drawn below it."""
        return [self[f"assure_{name}"] for name in ASSURANCES]

    def is_valid(self) -> bool:
        """The head and every row; asking for more rows keeps everything typed and sends nothing."""
        if self.wants_more:
            self._errors = forms.utils.ErrorDict()
            return False
        rows = [row.is_valid() for row in self.rows]
        return super().is_valid() and all(rows)

    def clean(self) -> dict[str, Any]:
        """Goal, assurances and the tree, as the action takes them; nothing of it while a row is not whole."""
        cleaned: dict[str, Any] = super().clean() or {}
        if self.errors or not all(row.is_valid() for row in self.rows):
            return cleaned
        return self.arguments(cleaned)

    def arguments(self, cleaned: dict[str, Any]) -> dict[str, Any]:
        """Goal, assurances and the tree, as the action takes them."""
        found = {
            "goal": cleaned["goal"],
            "five_assurances": {name: cleaned[f"assure_{name}"] for name in ASSURANCES},
            "measures": self._tree(),
            "similar_cases": cleaned["similar_cases"],
        }
        if self.exemplar is not None:
            found["taken_from"] = self.exemplar
        for name in ("reason", *NAMES):
            if name in self.fields:
                found[name] = cleaned.get(name)
        return found

    def _tree(self) -> list[MeasureDraft]:
        tops: list[_Node] = []
        above: list[_Node] = []
        for row in self.rows:
            if not row.counts:
                continue
            node = _Node(row.cleaned_data)
            depth = min(int(row.cleaned_data["depth"]), len(above) + 1)
            del above[depth - 1 :]
            (above[-1].parts if above else tops).append(node)
            above.append(node)
        return [node.draft() for node in tops]


def _framed(frame: Frame, problem: Problem) -> list[dict[str, Any]]:
    """The measures the order wrote, for the unit to say who does them, by when, with what to show."""
    lead = str(problem.lead_unit_id) if problem.lead_unit_id else ""
    return [{"depth": "1", "text": line, "unit": lead} for line in frame.measures]


def _as_rows(plan: Plan) -> list[dict[str, Any]]:
    """The measures of the plan in force as rows that go on."""
    return [
        {
            "depth": str(min(measure.number.count(".") + 1, len(DEPTHS))),
            "text": measure.text,
            "unit": str(measure.unit_id),
            "post": str(measure.post_id) if measure.post_id else "",
            "deadline": measure.deadline,
            "deliverable": measure.deliverable,
            "milestones": "；".join(f"{day} {percent}%" for day, percent in measure.milestones),
            "continues": str(measure.pk),
        }
        for measure in plan_tree(plan)
        if measure.state != Measure.State.RETURNED
    ]
