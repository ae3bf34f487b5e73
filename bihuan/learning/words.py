"""What verdicts, failures and measures are called, in whole sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from bihuan.learning.models import LearnedModel
from bihuan.learning.rules import Reason
from bihuan.learning.training import Failure

if TYPE_CHECKING:
    from collections.abc import Mapping


def percent(part: float, whole: float) -> str:
    """``87 %``; a dash where nothing can be said."""
    return f"{100 * part / whole:.0f} %" if whole else "—"


def thousandths(value: Any) -> str:
    """``0.873`` of 873."""
    return f"{value / 1000:.3f}" if isinstance(value, int) else "—"


def version_words(model: LearnedModel) -> str:
    """``第 3 版``."""
    return _("第 %(version)s 版") % {"version": model.version}


def outcome_words(model: LearnedModel) -> str:
    """Why it is in use, or is not, in one sentence."""
    if model.state == LearnedModel.State.ASKED:
        return _("正在后台学习，可以离开本页。")
    if model.state == LearnedModel.State.DESTROYED:
        return _("学过后来清除的文字，模型随之清除。")
    if model.failure:
        return _failure_words(model)
    return _verdict_words(model.verdict, model.held_back, model.measures)


def _verdict_words(verdict: str, rows: int, measures: Mapping[str, Any]) -> str:
    """What the comparison came to, with its numbers."""
    said = {
        "rows": rows,
        "gained": measures.get("gained", 0),
        "lost": measures.get("lost", 0),
        "chance": f"{measures.get('chance', 0) / 10:.1f}",
    }
    words = {
        Reason.BETTER: _(
            "在 %(rows)s 条留作检验的条目上更好：原来错、现在对的 %(gained)s 条，反过来 %(lost)s 条；纯属偶然的可能 %(chance)s %%。"
        ),
        Reason.TOO_FEW: _("留作检验的只有 %(rows)s 条，不足以判断，没有启用。"),
        Reason.NO_GAIN: _("不比在用的更好：原来错、现在对的 %(gained)s 条，反过来 %(lost)s 条，没有启用。"),
        Reason.SMALL_GAIN: _("好得太少：原来错、现在对的 %(gained)s 条，反过来 %(lost)s 条，没有启用。"),
        Reason.CHANCE: _(
            "可能只是偶然（%(chance)s %%）：原来错、现在对的 %(gained)s 条，反过来 %(lost)s 条，没有启用。"
        ),
    }
    return words[Reason(verdict)] % said if verdict else ""


def _failure_words(model: LearnedModel) -> str:
    words = {
        Failure.FEW_LABELS: _("可学的已确认条目只有 %(count)s 条，至少要十条、两个领域。"),
        Failure.TIME: _("学习超过了规则允许的时间，已停止。"),
        Failure.MEMORY: _("学习超过了规则允许的内存，已停止。"),
        Failure.CRASHED: _("学习中途出错，已停止；在用的模型不受影响。"),
        Failure.LOST: _("后台没有回音，按没有学成处理。"),
    }
    return words[Failure(model.failure)] % {"count": model.examples}
