"""What an office expects of the leaders of a problem, and which problems it keeps on the focus list."""

from __future__ import annotations

from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from bihuan.policies.shapes import Days, Shape, column


class LeadingShape(Shape):
    """After how many days without a visit by whoever leads a problem it is said to be missing; nothing asks for none."""

    sponsor_visit_days: Days = column(
        _("包抓领导至少每几天现场督导一次"), help=_("自交办或上次督导起算，自然日；填 0 表示不要求。")
    )
    principal_visit_days: Days = column(
        _("第一责任人至少每几天现场督导一次"), help=_("自交办或上次督导起算，自然日；填 0 表示不要求。")
    )


class FocusShape(Shape):
    """Whether such problems are proposed for the focus list. A person decides."""

    propose: bool = column(_("建议列入重点问题清单"))


STARTING_LEADING: Final[dict[str, Any]] = {"sponsor_visit_days": 90, "principal_visit_days": 0}
STRICTER_LEADING: Final[dict[str, Any]] = {"sponsor_visit_days": 30, "principal_visit_days": 60}
"""Customs, not law: quarterly by the sponsor; monthly and every other month where the matter is severe."""
