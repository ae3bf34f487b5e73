"""The doctor's question to this room: can every model in use be read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.checks import CheckMessage, Warning, register  # noqa: A004  (the name Django gives it)
from django.db import DatabaseError
from django.utils.translation import gettext as _

from bihuan.text.model_errors import ModelFileError

if TYPE_CHECKING:
    from collections.abc import Sequence


@register("bihuan")
def models_can_be_read(
    app_configs: Any, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Only where a database may be asked; one that is still to be made has no model in use."""
    if not databases:
        return []
    from bihuan.learning.classifiers import opened
    from bihuan.learning.models import LearnedModel

    try:
        used = LearnedModel.objects.filter(state=LearnedModel.State.IN_FORCE)
        models = list(used.select_related("file__blob", "jurisdiction"))
    except DatabaseError:
        # `bihuan migrate` runs every check before it has made a table.
        return []
    found: list[CheckMessage] = []
    for model in models:
        try:
            opened(model)
        except (OSError, ModelFileError) as error:
            said = _("%(place)s在用的分类模型第 %(version)s 版读不出来（%(error)s），现按关键词分类。") % {
                "place": model.jurisdiction.name,
                "version": model.version,
                "error": type(error).__name__,
            }
            hint = _("请在“管理 → 分类学习”退回到别的版本或重新学习。")
            found.append(Warning(said, hint=hint, id="learning.W001"))
    return found
