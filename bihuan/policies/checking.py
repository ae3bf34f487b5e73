"""A body is checked before it becomes a policy; the refusal names the place and says what would be accepted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from pydantic import BaseModel, ValidationError

from bihuan.journal.action import Refused
from bihuan.journal.wording import joined, listed
from bihuan.policies.catalogue import KINDS
from bihuan.policies.kinds import Kind
from bihuan.policies.shapes import ShapeProblem

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_extra: dict[str, list[Callable[[Mapping[str, Any]], None]]] = {}


def register_check(code: str, check: Callable[[Mapping[str, Any]], None]) -> None:
    """Let the room that reads a policy look at its body too; it raises `Refused`."""
    _extra.setdefault(code, []).append(check)


def kind_named(code: str) -> Kind:
    """The kind, or a refusal that lists the codes there are."""
    kind = KINDS.get(code)
    if kind is None:
        raise Refused(
            _("没有“%(code)s”这种规则。") % {"code": code},
            accepted=_("可以制定的规则：%(codes)s。") % {"codes": listed(sorted(KINDS))},
            field="code",
        )
    return kind


def checked_body(code: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """The body in full (what was left out has its default), or a refusal that lists everything wrong with it."""
    kind = kind_named(code)
    try:
        whole = kind.shape.model_validate(dict(body)).model_dump(mode="json")
    except ValidationError as error:
        problems = problems_of(kind.shape, error)
        raise Refused(
            _("“%(policy)s”的内容不合要求：%(problems)s")
            % {
                "policy": kind.label,
                "problems": joined(f"{where}：{what}" for where, what in problems.values()),
            },
            accepted=_("请按提示修改后再提交。"),
            field=next(iter(problems), ""),
            problems={path: what for path, (_where, what) in problems.items()},
        ) from error
    for check in _extra.get(code, []):
        check(whole)
    return whole


def problems_of(shape: type[BaseModel], error: ValidationError) -> dict[str, tuple[str, str]]:
    """Path (``submit_plan.0.name``) -> (the words of the column, what would be accepted there)."""
    found: dict[str, tuple[str, str]] = {}
    for one in error.errors():
        path = [str(part) for part in one["loc"]]
        found[".".join(path)] = (words_at(shape, path) or _("整体"), _what(one))
    return found


def words_at(shape: type[BaseModel], path: list[str]) -> str:
    """The titles along a path, e.g. 审批路线 › 整改方案 › 第 1 行 › 环节名称."""
    words: list[str] = []
    model: Any = shape
    for part in path:
        if part.isdigit():
            words.append(_("第 %(number)s 行") % {"number": int(part) + 1})
            continue
        column = getattr(model, "model_fields", {}).get(part)
        words.append(str(column.title) if column is not None and column.title else part)
        model = _model_in(column.annotation) if column is not None else None
    return " › ".join(words)


def _model_in(annotation: Any) -> Any:
    """The shape inside an annotation such as ``list[Step] | None``."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for one in getattr(annotation, "__args__", ()) if (found := _model_in(one))), None)


def _what(problem: Mapping[str, Any]) -> str:
    kind, context = problem["type"], problem.get("ctx", {})
    if kind == "value_error":
        error = context.get("error")
        # Ours speaks the reader's language; the only other one is Python's, about a date.
        return (
            str(error.args[0]) if isinstance(error, ShapeProblem) else _("请填写有效的日期，如 2026-12-01。")
        )
    words: dict[str, str] = {
        "missing": _("必填。"),
        "extra_forbidden": _("没有这一项。"),
        "int_type": _("请填写整数。"),
        "int_from_float": _("请填写整数。"),
        "bool_type": _("请选“是”或“否”。"),
        "string_type": _("请填写文字。"),
        "list_type": _("请逐行填写。"),
        "dict_type": _("请逐项填写。"),
        "model_type": _("请逐项填写。"),
        "greater_than_equal": _("不小于 %(least)s。") % {"least": context.get("ge")},
        "less_than_equal": _("不大于 %(most)s。") % {"most": context.get("le")},
        "string_too_short": _("不能为空。"),
        "string_too_long": _("最多 %(most)s 个字。") % {"most": context.get("max_length")},
        "too_short": _("至少 %(least)s 项。") % {"least": context.get("min_length")},
        "too_long": _("最多 %(most)s 项。") % {"most": context.get("max_length")},
        "literal_error": _("只能是：%(choices)s。") % {"choices": context.get("expected")},
    }
    return words.get(kind, _("内容不合要求。"))
