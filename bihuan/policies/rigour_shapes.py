"""The shape of the policy that says how strictly a problem is handled, with its choices."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from bihuan.policies.shapes import Shape, column

RAISED_AT_FIRST: Final = 1
"""What the rule was before there was a choice."""
NOTICES: Final = {
    "before_closure": _("销号前公示"),
    "after_closure": _("销号后公示"),
    "none": _("不公示"),
}


class RigourShape(Shape):
    """How strictly a problem is handled. Who accepts and closes comes with its source; who approves, with the route."""

    short_path: bool = column(
        _("一般问题走简易程序"),
        help=_("交办后直接整改，凭佐证由上级验收，不报方案。只对一般问题有效。"),
    )
    notice: Literal["before_closure", "after_closure", "none"] = column(_("公示"), choices=NOTICES)
    raise_at_return: Annotated[int, Field(ge=1, le=20)] = column(
        _("第几次退回起提高督办级别"),
        default=RAISED_AT_FIRST,
        help=_("验收退回、异议成立、审定退回一并计数；到了次数，每退回一次提高一级。"),
    )
