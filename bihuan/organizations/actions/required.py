"""What every verb of this room asks of its arguments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from bihuan.journal.action import Refused

if TYPE_CHECKING:
    from datetime import date

    from django.utils.functional import _StrPromise

    from bihuan.organizations.models import Post, Unit


def filled(text: str, *, field: str, label: str | _StrPromise, longest: int = 120) -> str:
    """The text without blanks around it; refused where nothing is left or more than the column holds."""
    plain = " ".join(text.split())
    if not plain:
        raise Refused(
            _("%(label)s不能为空。") % {"label": label}, accepted=_("请填写后再提交。"), field=field
        )
    if len(plain) > longest:
        raise Refused(
            _("%(label)s太长：%(length)d 个字。") % {"label": label, "length": len(plain)},
            accepted=_("最多 %(longest)d 个字。") % {"longest": longest},
            field=field,
        )
    return plain


def still_open(unit: Unit, *, field: str) -> Unit:
    """A unit that has not been closed."""
    if unit.closed_on is not None:
        raise Refused(
            _("“%(unit)s”已于 %(day)s 撤销。") % {"unit": unit.name, "day": unit.closed_on.isoformat()},
            accepted=_("请选择承接它的单位。"),
            field=field,
        )
    return unit


def post_still_open(post: Post, *, field: str = "post") -> Post:
    """A post that has not been closed."""
    if post.closed_on is not None:
        raise Refused(
            _("“%(post)s”岗位已撤销。") % {"post": post.name}, accepted=_("请选择在设的岗位。"), field=field
        )
    return post


def not_before(day: date, earliest: date, *, field: str) -> date:
    """A day that does not lie before another."""
    if day < earliest:
        raise Refused(
            _("日期 %(day)s 早于 %(earliest)s。")
            % {"day": day.isoformat(), "earliest": earliest.isoformat()},
            accepted=_("请填 %(earliest)s 或之后的日期。") % {"earliest": earliest.isoformat()},
            field=field,
        )
    return day
