"""For which problems acceptance takes a panel, of how many, and how many of them must agree."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from django.utils.translation import gettext_lazy as _
from pydantic import Field, model_validator

from bihuan.policies.shapes import Shape, ShapeProblem, column

LARGEST: Final = 15
AGREEMENTS: Final = {
    "majority": _("过半数"),
    "two_thirds": _("三分之二以上"),
    "all": _("一致"),
}


class PanelShape(Shape):
    """Who accepts together, where one acceptor is not enough."""

    members: Annotated[int, Field(ge=0, le=LARGEST)] = column(
        _("验收组至少几人"), help=_("填 0 的不要求组成验收组，验收人认为需要的仍可组成。")
    )
    units: Annotated[int, Field(ge=1, le=LARGEST)] = column(
        _("至少来自几个单位"), default=1, help=_("联合验收的填 2 以上。")
    )
    agreement: Literal["majority", "two_thirds", "all"] = column(
        _("多少人同意才能通过"),
        default="majority",
        choices=AGREEMENTS,
        help=_("不同意见都记入验收意见；结论不得与此相反。"),
    )
    on_site: bool = column(_("必须现场核查"), default=False)

    @model_validator(mode="after")
    def _possible(self) -> PanelShape:
        if self.members and self.units > self.members:
            raise ShapeProblem(_("单位数不能多于人数。"))
        return self


STARTING_PANEL: Final[dict[str, Any]] = {
    "members": 0,
    "units": 1,
    "agreement": "majority",
    "on_site": False,
}
STARTING_PANEL_SEVERE: Final[dict[str, Any]] = {
    "members": 3,
    "units": 2,
    "agreement": "majority",
    "on_site": True,
}
