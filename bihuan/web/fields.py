"""Drawing form fields: label, control, help, and errors tied to the control for screen readers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from django.core.exceptions import ValidationError
    from django.forms import BoundField

    from bihuan.web.components import Words

_BOXES = (forms.RadioSelect, forms.CheckboxSelectMultiple)
DJANGO_ROWS = "10"
_WIDE = (forms.Textarea, forms.FileInput, forms.CheckboxSelectMultiple)


def _kind(widget: forms.Widget) -> str:
    """Which way to draw: each kind has its own place in parts/field.html."""
    if widget.is_hidden:
        return "hidden"
    if isinstance(widget, _BOXES):
        return "choices"
    if isinstance(widget, forms.CheckboxInput):
        return "check"
    if isinstance(widget, forms.FileInput):
        return "file"
    return "control"


def _class(widget: forms.Widget) -> str:
    if isinstance(widget, forms.Textarea):
        return "area"
    if isinstance(widget, forms.Select):
        return "select"
    return "check" if isinstance(widget, forms.CheckboxInput) else "input"


def _as_date(bound: BoundField) -> None:
    """The browser's own date field, unless the form chose another; it speaks ISO whatever the language."""
    widget = bound.field.widget
    if isinstance(bound.field, forms.DateField) and isinstance(widget, forms.DateInput):
        widget.input_type = "date"
        widget.format = "%Y-%m-%d"


def _attributes(bound: BoundField, help_id: str, error_id: str) -> dict[str, str | bool]:
    widget = bound.field.widget
    attributes: dict[str, str | bool] = {"class": _class(widget)}
    described = [help_id] if bound.help_text else []
    if bound.errors:
        attributes["aria-invalid"] = "true"
        described.append(error_id)
    if described:
        attributes["aria-describedby"] = " ".join(described)
    if isinstance(widget, forms.Textarea):
        # Django's ten rows push the button off the screen; a form that wants more says another number.
        rows = str(widget.attrs.get("rows", DJANGO_ROWS))
        attributes["rows"] = "4" if rows == DJANGO_ROWS else rows
    return attributes


def _errors(bound: BoundField, kind: str) -> list[Words]:
    """What is wrong, said as what would be accepted; a form's own words stand as they are."""
    return [_said(bound, kind, error) for error in bound.errors.as_data()]


def _said(bound: BoundField, kind: str, error: ValidationError) -> Words:
    code = error.code or ""
    standard = type(bound.field).default_error_messages.get(code) or forms.Field.default_error_messages.get(
        code
    )
    if standard is None or bound.field.error_messages.get(code) != standard:
        return " ".join(error.messages)
    if code == "required":
        return _required(bound, kind)
    if code == "invalid" and isinstance(bound.field, forms.DateField):
        return _("请填写日期，如 2026-11-30")
    if code == "invalid" and isinstance(bound.field, forms.IntegerField):
        return _("请填写数字，如 30")
    return " ".join(error.messages)


def _required(bound: BoundField, kind: str) -> str:
    if kind == "file":
        return _("请选择文件")
    if kind == "check":
        return _("请确认并勾选")
    chosen = kind == "choices" or isinstance(bound.field.widget, forms.Select)
    return (_("请选择%(label)s") if chosen else _("请填写%(label)s")) % {"label": bound.label}


def field_context(
    bound: BoundField, *, wide: bool | None = None, label: str = "", hint: bool = True
) -> dict[str, object]:
    """What parts/field.html draws. `wide` spans both columns; by default long text, files and many boxes do."""
    widget = bound.field.widget
    _as_date(bound)
    kind = _kind(widget)
    if widget.attrs.get("placeholder") == bound.label:
        # Some libraries repeat the label inside the field, where it looks like something already typed.
        del widget.attrs["placeholder"]
    help_id, error_id = f"{bound.auto_id}-help", f"{bound.auto_id}-error"
    if not hint:
        # What the page does not show nothing may refer to; Django would by itself.
        bound.help_text = ""
    attributes = _attributes(bound, help_id, error_id)
    return {
        "bound": bound,
        "label": label or bound.label,
        "hint": hint,
        "errors": _errors(bound, kind),
        "kind": kind,
        "control": bound.as_widget(attrs=attributes) if kind != "choices" else "",
        "options": list(bound) if kind == "choices" else [],
        "wide": isinstance(widget, _WIDE) if wide is None else wide,
        "help_id": help_id,
        "error_id": error_id,
        "described": attributes.get("aria-describedby", ""),
        "optional": not bound.field.required and kind not in ("check", "hidden"),
        "counts_to": getattr(bound.field, "max_length", None) if isinstance(widget, forms.Textarea) else None,
        "multiple": isinstance(widget, forms.FileInput) and getattr(widget, "allow_multiple_selected", False),
    }
