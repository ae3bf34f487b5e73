"""Forms made from the shape of a policy: what the check demands is what the form asks for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.journal.action import Refused
from bihuan.journal.timesource import today
from bihuan.organizations.choices import codes
from bihuan.policies.checking import checked_body
from bihuan.policies.leaves import JOINT, Leaf, Sort, leaves_of
from bihuan.policies.shapes import DECIDERS, MATRIX_KEYS
from bihuan.policies.wording import cell_words, matrix_rows, term_label
from bihuan.text.starting_taxonomy import GRADES, SUPERVISION_LEVELS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bihuan.policies.kinds import Kind

COLON = re.compile(r"\s*[:：]\s*")


class WithdrawForm(forms.Form):
    """From which day a version ends, and why."""

    from_day = forms.DateField(label=gettext_lazy("从哪天起停用"), initial=today)
    reason = forms.CharField(label=gettext_lazy("理由"), max_length=500, widget=forms.Textarea)


class PolicyForm(forms.Form):
    """The body of one kind of policy, its days, its basis; with `scope`, for which cases it is to hold."""

    def __init__(self, *sent: Any, kind: Kind, body: Mapping[str, Any], scope: bool, **options: Any) -> None:
        super().__init__(*sent, **options)
        self.kind, self.body = kind, body
        self.leaves = list(leaves_of(kind.shape))
        if scope:
            self.fields.update(_scope_fields())
        for leaf in self.leaves:
            self.fields.update(_body_fields(leaf, leaf.value_in(body)))
        self.fields["valid_from"] = forms.DateField(label=_("生效日期"), initial=today)
        self.fields["valid_until"] = forms.DateField(
            label=_("失效日期"), required=False, help_text=_("留空即长期有效；到期后恢复此前的版本。")
        )
        self.fields["basis"] = forms.CharField(label=_("依据"), max_length=300, required=False)
        self.fields["reason"] = forms.CharField(
            label=_("修改说明"), max_length=500, required=False, widget=forms.Textarea
        )

    def clean(self) -> dict[str, Any]:
        """Put the body together and have it checked; each objection goes beside its field."""
        data = super().clean() or {}
        if self.errors:
            return data
        body: dict[str, Any] = {}
        for leaf in self.leaves:
            _put(body, leaf.path, _value(leaf, data))
        try:
            data["body"] = checked_body(self.kind.code, body)
        except Refused as refused:
            for path, words in refused.data.get("problems", {"": str(refused)}).items():
                self.add_error(self._field_at(path), words)
        return data

    def _field_at(self, path: str) -> str | None:
        """The field a problem belongs to: the longest beginning of its path that is a field."""
        parts = path.replace("/", ".").split(".")
        for length in range(len(parts), 0, -1):
            name = JOINT.join(parts[:length])
            if name in self.fields:
                return name
        return None

    def arguments(self) -> dict[str, Any]:
        """The cleaned fields as `policies.enact` takes them."""
        names = {
            "source",
            "sector",
            "grade",
            "supervision_level",
            "valid_from",
            "valid_until",
            "basis",
            "reason",
        }
        return {name: value for name, value in self.cleaned_data.items() if name in names | {"body"}}

    @property
    def plain_fields(self) -> Iterator[forms.BoundField]:
        """The fields that stand one below the other."""
        return (field for field in self.visible_fields() if not field.name.startswith(f"matrix{JOINT}"))

    @property
    def grid(self) -> dict[str, Any] | None:
        """The fields of a matrix, row by row."""
        if not any(leaf.sort is Sort.MATRIX for leaf in self.leaves):
            return None
        found = matrix_rows(dict.fromkeys(_cells(self.body.get("matrix")), ""))
        for row in found["rows"]:
            fields = [self[f"matrix{JOINT}{key.replace('/', JOINT)}"] for key in row["keys"]]
            row["cells"] = [
                {"head": head, "field": bound} for head, bound in zip(found["heads"], fields, strict=True)
            ]
        return found


def _cells(matrix: Mapping[str, str] | None) -> list[str]:
    """The starting cells, and those an office has added."""
    return [*MATRIX_KEYS, *(key for key in matrix or {} if key not in MATRIX_KEYS)]


def _scope_fields() -> dict[str, forms.Field]:
    def choose(label: str, offered: list[tuple[str, str]]) -> forms.ChoiceField:
        return forms.ChoiceField(label=label, required=False, choices=[("", _("不限")), *offered])

    grades = [(one.code, term_label(GRADES, one.code)) for one in GRADES]
    levels = [(one.code, term_label(SUPERVISION_LEVELS, one.code)) for one in SUPERVISION_LEVELS]
    return {
        "source": choose(_("来源"), codes("source")),
        "sector": choose(_("领域"), codes("sector")),
        "grade": choose(_("等级"), grades),
        "supervision_level": choose(_("督办级别"), levels),
    }


def _body_fields(leaf: Leaf, value: Any) -> dict[str, forms.Field]:
    if leaf.sort is Sort.MATRIX:
        grades = [(one.code, term_label(GRADES, one.code)) for one in GRADES]
        return {
            f"{leaf.name}{JOINT}{key.replace('/', JOINT)}": forms.ChoiceField(
                label=cell_words(key),
                choices=grades,
                initial=(value or {}).get(key, "minor"),
                widget=forms.Select(attrs={"class": "select"}),
            )
            for key in _cells(value)
        }
    return {leaf.name: _body_field(leaf, value)}


def _body_field(leaf: Leaf, value: Any) -> forms.Field:
    words: dict[str, Any] = {"label": leaf.label, "help_text": leaf.help, "initial": value}
    if leaf.sort is Sort.YES_NO:
        return forms.BooleanField(required=False, **words)
    if leaf.sort is Sort.CHOICE:
        offered = [(code, label) for code, label in (leaf.choices or {}).items()]
        # An empty choice stands where a term has no starting event: a fixed date needs none.
        empty = [("", "—")] if leaf.path[-1] == "starts_on" else []
        return forms.ChoiceField(required=not empty, choices=[*empty, *offered], **words)
    if leaf.sort is Sort.NUMBER:
        return forms.IntegerField(required=not leaf.optional, **words)
    if leaf.sort is Sort.DAY:
        return forms.DateField(required=not leaf.optional, **words)
    if leaf.sort in {Sort.STEPS, Sort.DAYS}:
        words["initial"] = _as_lines(leaf, value)
        return forms.CharField(required=leaf.sort is Sort.STEPS, widget=forms.Textarea, **words)
    return forms.CharField(max_length=200, **words)


def _as_lines(leaf: Leaf, value: Any) -> str:
    if leaf.sort is Sort.DAYS:
        return "\n".join(value or [])
    return "\n".join(
        f"{step['name']}：{DECIDERS.get(step['decider'], step['decider'])}" for step in value or []
    )


def _value(leaf: Leaf, data: Mapping[str, Any]) -> Any:
    """What was typed, as the body holds it."""
    if leaf.sort is Sort.MATRIX:
        beginning = f"{leaf.name}{JOINT}"
        return {
            name.removeprefix(beginning).replace(JOINT, "/"): value
            for name, value in data.items()
            if name.startswith(beginning)
        }
    value = data.get(leaf.name)
    if leaf.sort is Sort.DAY:
        return value.isoformat() if value else None
    if leaf.sort is Sort.DAYS:
        return [line.strip() for line in (value or "").splitlines() if line.strip()]
    if leaf.sort is Sort.STEPS:
        return [_step(line) for line in (value or "").splitlines() if line.strip()]
    return value


def _step(line: str) -> dict[str, str]:
    """``审核：整改办审核岗`` as a step; words nobody knows are left to the check to name."""
    name, *rest = COLON.split(line.strip(), maxsplit=1)
    decider = rest[0].strip() if rest else ""
    known = {str(label): code for code, label in DECIDERS.items()}
    return {"name": name, "decider": known.get(decider, decider)}


def _put(body: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    for part in path[:-1]:
        body = body.setdefault(part, {})
    body[path[-1]] = value
