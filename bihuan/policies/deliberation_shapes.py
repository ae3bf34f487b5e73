"""What a unit's party committee has to deliberate itself before it may go on: the shape of that policy."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from bihuan.policies.shapes import Shape, column


class DeliberationShape(Shape):
    """Whether plan and closure need a meeting of the unit's committee and its principal's approval."""

    plan: bool = column(_("报送方案前要会议研究、主要负责人批准"))
    closure: bool = column(_("申请验收、提请销号前要会议研究、主要负责人批准"))


PARTY_INSPECTIONS: Final = (
    "central_party_inspection",
    "provincial_party_inspection",
    "city_party_inspection",
)
"""Whose findings bind the unit's committee as a body, to begin with."""
