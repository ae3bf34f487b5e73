"""What is expected next of a problem on the focus list, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from bihuan.rectification.leading_rules import Expected

if TYPE_CHECKING:
    from bihuan.rectification.leading_rules import Next


def expected_words(one: Next) -> str:
    """What, and by when."""
    words = {
        Expected.VISIT: _("%(day)s 前包抓领导到现场"),
        Expected.ANSWER: _("%(day)s 前报告批示办理情况"),
        Expected.DEADLINE: _("%(day)s 整改到期"),
    }[one.what]
    return words % {"day": one.by.isoformat()}
