"""Which levels accept one after another, and which is told for the record: 单位自验 → 县级 → 市级 → 省级."""

from __future__ import annotations

from typing import Any, Final, Literal

from django.utils.translation import gettext_lazy as _
from pydantic import model_validator

from bihuan.policies.shapes import Shape, ShapeProblem, column

NOTHING, ACCEPTS, FILES = "none", "accept", "file"
DOES: Final = {NOTHING: _("不经过"), ACCEPTS: _("验收"), FILES: _("备案")}


class LevelsShape(Shape):
    """The unit's own check comes first always. Levels below the problem's own office are passed over."""

    county: Literal["none", "accept"] = column(
        _("县级"), choices={NOTHING: DOES[NOTHING], ACCEPTS: DOES[ACCEPTS]}
    )
    city: Literal["none", "accept", "file"] = column(_("市级"), choices=DOES)
    province: Literal["none", "accept", "file"] = column(
        _("省级"),
        choices=DOES,
        help=_("都不经过的，按来源规定由一级验收；备案在销号以后办理。"),
    )

    @model_validator(mode="after")
    def _in_order(self) -> LevelsShape:
        if self.city == FILES and self.province != NOTHING:
            raise ShapeProblem(_("备案之后不再有验收或备案。"))
        return self


STARTING_LEVELS: Final[dict[str, Any]] = {"county": NOTHING, "city": NOTHING, "province": NOTHING}
