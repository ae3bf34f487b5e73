"""What people may send to this room's actions."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.core.validators import MaxValueValidator
from django.utils.translation import gettext_lazy as _

from bihuan.calendars.deadline_field import DeadlineField
from bihuan.drives.models import BasisKind, Every
from bihuan.drives.terms import policy_at
from bihuan.intake.forms import ACCEPTED, UnitsChoice
from bihuan.journal.timesource import today
from bihuan.ledger.models import Sector, Source
from bihuan.ledger.taxonomy import in_tree_order, offered, sector_choices
from bihuan.organizations.models import Unit, UnitKind

if TYPE_CHECKING:
    from bihuan.drives.models import DriveLine

ROWS: Final = 5
IN_A_ROW: Final = ("title", "text", "sector", "site", "measures", "deadline", "fixed")
MUST: Final = {"text": _("请写明是什么问题。"), "sector": _("请选择领域。")}
NIL_WORDS: Final = _("经逐项自查，本单位在本次自查的领域和期间内没有发现问题。")


class ScopeForm(forms.Form):
    """Whom a call asks about what, and under which deployment."""

    title = forms.CharField(label=_("名称"), max_length=200, help_text=_("如“安全生产领域自查自纠”。"))
    sectors = forms.MultipleChoiceField(label=_("自查领域"))
    sources = forms.MultipleChoiceField(
        label=_("须逐一对照的来源"),
        required=False,
        help_text=_("选了来源，每个领域要按来源逐格交代；不选则不分来源。"),
    )
    kinds = forms.MultipleChoiceField(
        label=_("直属单位，按类别全选"),
        required=False,
        choices=[one for one in UnitKind.choices if one[0] != UnitKind.SECTION],
        widget=forms.CheckboxSelectMultiple,
    )
    units = UnitsChoice(
        label=_("自查单位"),
        queryset=Unit.objects.none(),
        required=False,
        help_text=_("可以逐个选，也可以按类别全选，两样合在一起。"),
    )
    requirement = forms.CharField(
        label=_("自查要求"),
        widget=forms.Textarea(attrs={"rows": "3"}),
        help_text=_("查什么、怎么查、报什么。"),
    )
    basis_kind = forms.ChoiceField(label=_("依据"), choices=BasisKind.choices, initial=BasisKind.OTHER)
    basis = forms.CharField(label=_("所依据的部署"), max_length=200, required=False)
    basis_no = forms.CharField(label=_("部署文号"), max_length=100, required=False)
    remind_before = forms.IntegerField(label=_("到期前几天提醒"), min_value=0)
    remind_every = forms.IntegerField(label=_("逾期后每几天催报"), min_value=1)

    # A box that must be filled in is drawn as wrong before anybody could touch it; the form says what is missing itself.
    use_required_attribute = False

    def __init__(self, *args: Any, place: Unit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.place = place
        self.terms: dict[str, int] = policy_at(place, today()).body
        for name in ("remind_before", "remind_every"):
            _propose(self.fields[name], self.terms[name], most=self.terms["longest_reminder"])
        units = Unit.objects.filter(path__under=place.path, closed_on__isnull=True)
        self.fields["units"].queryset = units.order_by("path")  # type: ignore[attr-defined]
        self.fields["sectors"].choices = sector_choices()  # type: ignore[attr-defined]
        sources = offered(Source.objects.all()).order_by("position", "code")
        self.fields["sources"].choices = [(one.code, one.label) for one in sources]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """The units of both ways of choosing, each once, as a list an action can take and compare."""
        cleaned = super().clean() or {}
        kinds = cleaned.pop("kinds", [])
        chosen = {unit.pk: unit for unit in cleaned.get("units", ())}
        whole = Unit.objects.filter(parent=self.place, kind__in=kinds, closed_on__isnull=True)
        cleaned["units"] = list((chosen | {unit.pk: unit for unit in whole.order_by("path")}).values())
        if not cleaned["units"] and "units" not in self.errors:
            self.add_error("units", _("请选择自查单位。"))
        return cleaned


def _propose(field: forms.Field, days: int, *, most: int) -> None:
    """What the policy proposes, and the most it allows; the action has the last word."""
    field.initial = days
    field.validators.append(MaxValueValidator(most))
    field.widget.attrs["max"] = most


class CallForm(ScopeForm):
    """One call."""

    code = forms.CharField(label=_("批次代码"), max_length=60, help_text=_("简短好认，如 ZC-2026-04。"))
    since = forms.DateField(
        label=_("自查期间起"), help_text=_("这一天以后登记的问题，不论来源，都算作已知的问题。")
    )
    due_on = DeadlineField(label=_("报送期限"))

    field_order = ("title", "code", "sectors", "sources", "kinds", "units", "requirement", "since", "due_on")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        day = today()
        self.fields["code"].initial = f"ZC-{day:%Y%m%d}"
        self.fields["since"].initial = day.replace(month=1, day=1)
        self.fields["due_on"].initial = day + timedelta(days=self.terms["days_to_answer"])


class PlanForm(ScopeForm):
    """A call that is made again and again."""

    code = forms.CharField(label=_("代码"), max_length=40, help_text=_("每次的批次代码是它加上日期。"))
    every = forms.ChoiceField(label=_("多久一次"), choices=Every.choices, initial=Every.QUARTER)
    starts_on = forms.DateField(
        label=_("首次发出日期"), help_text=_("以后按周期在同一天发出；遇短月在月末。")
    )
    days_to_answer = forms.IntegerField(label=_("几天内报送"), min_value=1, help_text=_("自然日。"))

    field_order = (
        "title", "code", "every", "starts_on", "days_to_answer", "sectors", "sources", "kinds", "units", "requirement",
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        days, most = self.terms["days_to_answer"], self.terms["longest_to_answer"]
        _propose(self.fields["days_to_answer"], days, most=most)


class RowsForm(forms.Form):
    """Up to five problems at once; rows left empty are none. `cleaned_data["rows"]` is what the action takes."""

    def __init__(self, *args: Any, line: DriveLine, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sectors = offered(Sector.objects.filter(code__in=line.drive.sectors))
        choices = [(one.code, one.label) for one in in_tree_order(sectors)]
        if choices[1:]:
            # The first of several would be taken for chosen.
            choices.insert(0, ("", str(_("请选择"))))
        for number in range(1, ROWS + 1):
            for name, field in _row_fields(choices, must=number == 1).items():
                self.fields[f"{name}_{number}"] = field

    def rows_shown(self) -> list[dict[str, Any]]:
        """The fields row by row; the first stands open, and every one something is written in."""
        return [
            {
                "number": number,
                "open": number == 1 or self._is_written(number) or self._is_wrong(number),
                "fields": [self[f"{name}_{number}"] for name in IN_A_ROW],
            }
            for number in range(1, ROWS + 1)
        ]

    def _is_written(self, number: int) -> bool:
        names = (name for name in IN_A_ROW if name != "sector")
        return self.is_bound and any(self.data.get(f"{name}_{number}", "").strip() for name in names)

    def _is_wrong(self, number: int) -> bool:
        return any(self[f"{name}_{number}"].errors for name in IN_A_ROW)

    def clean(self) -> dict[str, Any]:
        """The rows that say something; each must say what and in which sector."""
        cleaned = super().clean() or {}
        rows = []
        for number in (one for one in range(1, ROWS + 1) if one == 1 or self._is_written(one)):
            for name, said in MUST.items():
                if not cleaned.get(f"{name}_{number}") and f"{name}_{number}" not in self.errors:
                    self.add_error(f"{name}_{number}", said)
            given = {name: cleaned.get(f"{name}_{number}") for name in IN_A_ROW}
            rows.append({name: text for name, value in given.items() if (text := _as_text(value))})
        return {**cleaned, "rows": rows}


def _as_text(value: Any) -> str:
    """A cell as the sheet has it."""
    if isinstance(value, bool):
        return "yes" if value else ""
    return value.isoformat() if hasattr(value, "isoformat") else str(value or "").strip()


def _row_fields(sectors: list[tuple[str, str]], *, must: bool) -> dict[str, forms.Field]:
    return {
        "title": forms.CharField(label=_("问题标题"), max_length=200, required=False),
        "text": forms.CharField(
            label=_("问题描述"),
            required=must,
            error_messages={"required": MUST["text"]},
            max_length=4000,
            widget=forms.Textarea(attrs={"rows": "3"}),
            help_text=_("时间、地点、数量、表现。"),
        ),
        "sector": forms.ChoiceField(
            label=_("所属领域"),
            choices=sectors,
            required=must,
            error_messages={"required": MUST["sector"]},
        ),
        "site": forms.CharField(label=_("点位"), max_length=200, required=False),
        "measures": forms.CharField(
            label=_("整改措施"),
            required=False,
            max_length=2000,
            widget=forms.Textarea(attrs={"rows": "2"}),
        ),
        "deadline": forms.DateField(label=_("整改时限"), required=False),
        "fixed": forms.BooleanField(label=_("自查期间已整改到位"), required=False),
    }


class SheetForm(forms.Form):
    """The unit's own sheet."""

    file = forms.FileField(
        label=_("自查表"),
        help_text=_("Excel、Word、PDF 等都可以；列名照原来的写。没有现成的表，可先下载空表。"),
        error_messages={
            "required": _("还没有选文件。"),
            "empty": _("这个文件是空的（0 字节），请重新导出。"),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].widget.attrs.update({"accept": ACCEPTED, "data-max-megabytes": "100"})


class NilForm(forms.Form):
    """The words of a nil return."""

    statement = forms.CharField(
        label=_("零报告声明"), max_length=2000, initial=NIL_WORDS, widget=forms.Textarea(attrs={"rows": "3"})
    )


class ReasonForm(forms.Form):
    """One sentence why."""

    reason = forms.CharField(label=_("理由"), max_length=200, widget=forms.Textarea(attrs={"rows": "2"}))
