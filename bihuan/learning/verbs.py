"""The verbs of learning, with their labels."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from django.utils.translation import gettext_lazy as _


class LearningVerb(StrEnum):
    """What happens to an office's classifier. The last one is a reaction."""

    ASK_TRAINING = "learning.ask_training"
    MEASURE = "learning.measure"
    FAIL = "learning.fail"
    ADOPT = "learning.adopt"
    ROLL_BACK = "learning.roll_back"
    SET_ASIDE = "learning.set_aside"
    FORGET_MODELS = "learning.forget_models"


LABELS: Final = {
    LearningVerb.ASK_TRAINING: _("重新学习"),
    LearningVerb.MEASURE: _("学习完成，测得准确率"),
    LearningVerb.FAIL: _("学习没有完成"),
    LearningVerb.ADOPT: _("启用新模型"),
    LearningVerb.ROLL_BACK: _("退回到这一版"),
    LearningVerb.SET_ASIDE: _("停用本级模型"),
    LearningVerb.FORGET_MODELS: _("清除学过已清除文字的模型"),
}
