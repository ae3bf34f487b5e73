"""The five gates (五关) an acceptance goes through one by one, and the answers to each."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy

GATES: Final = {
    "tasks": gettext_lazy("方案确定的任务措施全部落实"),
    "penalties": gettext_lazy("违法违规问题处理到位"),
    "effect": gettext_lazy("整改效果符合法规和行业规范"),
    "similar_cases": gettext_lazy("举一反三，同类问题一并整改"),
    "lasting": gettext_lazy("源头治理，长效机制建立并见效"),
}
PASSED, NOT_APPLICABLE, FAILED = "passed", "not_applicable", "failed"
GATE_ANSWERS: Final = {
    PASSED: gettext_lazy("通过"),
    NOT_APPLICABLE: gettext_lazy("不适用"),
    FAILED: gettext_lazy("未通过"),
}
