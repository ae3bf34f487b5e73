"""What the doctor hears of this room: whether texts leave, and where to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.checks import CheckMessage, Info, register
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from collections.abc import Sequence


@register("bihuan")
def language_model_is_said(
    app_configs: Any, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Nothing is wrong with either; but whoever runs this ought to know."""
    model = settings.LANGUAGE_MODEL
    if model is None:
        return []
    said = _("语言模型已启用：反馈文件的部分片段（遮盖个人信息后）送往 %(host)s 的 %(name)s。") % {
        "host": model.host,
        "name": model.name,
    }
    return [Info(said, hint=_("不需要时去掉 BIHUAN_LANGUAGE_MODEL_URL。"), id="intake.I001")]
