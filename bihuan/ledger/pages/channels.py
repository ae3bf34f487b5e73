"""What the pages of restricted channels and clues show, to the posts that were named."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.journal.action import Actor, Refused
from bihuan.journal.timesource import today
from bihuan.journal.vault import open_personal
from bihuan.ledger import actions
from bihuan.ledger.channels import channels_of, clues_for, counts_of, member_counts, members_of
from bihuan.ledger.models import Clue, ClueState, Problem
from bihuan.ledger.pages.marks import chip, problem_columns, problem_rows
from bihuan.ledger.policy import may_prepare
from bihuan.ledger.sight import visible
from bihuan.ledger.verbs import LABELS, LedgerVerb
from bihuan.organizations.authority import jurisdiction_of
from bihuan.organizations.models import Role, Tenure
from bihuan.organizations.sight import sight_of
from bihuan.organizations.spans import in_force
from bihuan.organizations.tables import until

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable, Mapping, Sequence

    from bihuan.journal.action import Authority
    from bihuan.journal.records import Record
    from bihuan.ledger.models import ChannelMember, RestrictedChannel

PAGE: Final = 50
CLUE_VERBS: Final[dict[LedgerVerb, tuple[str, Any]]] = {
    LedgerVerb.HAND_OVER_CLUE: (
        "ledger:hand_over_clue",
        gettext_lazy("登记回执后，这里的内容当即销毁，不能找回。"),
    ),
    LedgerVerb.RETURN_CLUE: (
        "ledger:return_clue",
        gettext_lazy("不是线索的，退回原材料，由整改办重新交代。"),
    ),
}
GONE: Final[dict[ClueState, Any]] = {
    ClueState.HANDED_OVER: gettext_lazy("内容已随移交销毁，只留回执。"),
    ClueState.RETURNED: gettext_lazy("不是线索，内容已退回原材料。"),
}


def list_context(actor: Actor) -> dict[str, Any]:
    """The channels one is a member of, and the clues held for one's post."""
    channels = list(channels_of(actor))
    counts, members = counts_of(channels), member_counts(channels)
    clues = list(clues_for(actor)[:PAGE])
    heads = [("no", _("代码")), ("title", _("专线")), ("place", _("设在")), ("pattern", _("编号样式"))]
    heads += [("members", _("知悉岗位")), ("open", _("在办")), ("problems", _("问题"))]
    return {
        "keeps": Role.CHANNEL_KEEPER in sight_of(actor).roles,
        "channels": {
            "caption": _("限制知悉专线"),
            "columns": [
                {"key": key, "label": label, "right": key in {"members", "open", "problems"}}
                for key, label in heads
            ],
            "rows": [
                _channel_row(channel, counts.get(channel.pk, {}), members.get(channel.pk, 0))
                for channel in channels
            ],
            "empty": {
                "title": _("没有您在知悉范围内的专线"),
                "sentence": _("专线由专线保管岗建立；准入的岗位才知道它存在。"),
            },
        },
        "clues": _clues_table(clues) if clues or Role.CHANNEL_KEEPER in sight_of(actor).roles else None,
    }


def _channel_row(channel: RestrictedChannel, counts: dict[str, int], members: int) -> dict[str, Any]:
    return {
        "id": str(channel.pk),
        "url": reverse("ledger:channel", args=[channel.pk]),
        "name": channel.code,
        "cells": [
            channel.code,
            channel.name,
            channel.jurisdiction.name,
            channel.number_pattern,
            members,
            counts.get("open", 0),
            counts.get("problems", 0),
        ],
    }


def _clues_table(clues: Iterable[Clue]) -> dict[str, Any]:
    heads = [("no", _("收到")), ("state", _("状态")), ("receipt", _("回执编号")), ("handed", _("移交时间"))]
    return {
        "caption": _("问题线索"),
        "columns": [{"key": key, "label": label} for key, label in heads],
        "rows": [
            {
                "id": str(clue.pk),
                "url": reverse("ledger:clue", args=[clue.pk]),
                "cells": [timezone.localtime(clue.held_at), state_of(clue), clue.receipt_no, _when(clue)],
            }
            for clue in clues
        ],
        "empty": {
            "title": _("没有待移交的线索"),
            "sentence": _("材料里反映个人的内容会封存给您，凭回执移交后在这里清除。"),
        },
    }


def _when(clue: Clue) -> Any:
    return timezone.localtime(clue.handed_over_at) if clue.handed_over_at else None


def state_of(clue: Clue) -> dict[str, Any]:
    """Held or handed over."""
    return chip(clue.get_state_display(), "notice" if clue.state == ClueState.HELD else "ok")


def channel_context(actor: Actor, channel: RestrictedChannel, cursor: uuid.UUID | None) -> dict[str, Any]:
    """A channel: who may know, and its problems under their own numbers."""
    members = list(members_of(channel))
    keeps = Role.CHANNEL_KEEPER in sight_of(actor).roles
    counts = counts_of([channel]).get(channel.pk, {"problems": 0, "open": 0})
    return {
        "channel": channel,
        "title": channel.name,
        "crumbs": [
            {"words": _("限制知悉"), "url": reverse("ledger:channels")},
            {"words": channel.code, "url": ""},
        ],
        "facts": [
            {"label": _("代码"), "value": channel.code},
            {"label": _("设在"), "value": channel.jurisdiction.name},
            {"label": _("编号样式"), "value": channel.number_pattern},
            {"label": _("问题"), "value": counts["problems"]},
            {"label": _("在办"), "value": counts["open"]},
        ],
        "members": _members_table(channel, members, keeps=keeps),
        "problems": _problems_table(actor, channel, cursor),
        "acts": _acts(actor, channel),
    }


def _members_table(
    channel: RestrictedChannel, members: list[ChannelMember], *, keeps: bool
) -> dict[str, Any]:
    holders = dict(
        Tenure.objects.filter(in_force(today()), post__in=[member.post_id for member in members]).values_list(
            "post_id", "person__name"
        )
    )
    heads = [("title", _("岗位")), ("unit", _("单位")), ("person", _("现任"))]
    heads += [("since", _("自")), ("until", _("至")), ("act", "")]
    rows = []
    for member in members:
        over = member.until is not None and member.until <= today()
        out = reverse("ledger:dismiss", args=[channel.pk, member.post_id])
        act: Any = {"piece": "link", "words": _("移出"), "url": out} if keeps and not over else None
        rows.append(
            {
                "id": str(member.pk),
                "cells": [
                    member.post.name,
                    member.post.unit.name,
                    holders.get(member.post_id, _("空缺")),
                    member.since,
                    until(member.until) or _("长期"),
                    _("已到期") if over else act,
                ],
            }
        )
    columns = [{"key": key, "label": label} for key, label in heads]
    return {"caption": _("知悉范围"), "columns": columns, "rows": rows}


def _problems_table(actor: Actor, channel: RestrictedChannel, cursor: uuid.UUID | None) -> dict[str, Any]:
    problems = visible(actor, Problem.objects.filter(channel=channel).defer("text"))
    problems = problems.select_related("source", "lead_unit").order_by("-pk")
    if cursor is not None:
        problems = problems.filter(pk__lt=cursor)
    rows = list(problems[: PAGE + 1])
    address = reverse("ledger:channel", args=[channel.pk])
    pager = {
        "previous_url": address if cursor else "",
        "next_url": f"{address}?after={rows[PAGE - 1].pk}" if len(rows) > PAGE else "",
    }
    return {
        "caption": _("专线里的问题"),
        "columns": problem_columns(),
        "rows": problem_rows(rows[:PAGE]),
        "pager": pager if any(pager.values()) else None,
        "empty": {
            "title": _("这条专线还没有问题"),
            "sentence": _("整改办的专线成员登记问题或建批次时选上这条专线。"),
        },
    }


def _acts(actor: Actor, channel: RestrictedChannel) -> dict[str, Any]:
    """Letting somebody in is the keeper's; registering is the office's, as far as it sits in the channel."""
    place = jurisdiction_of(actor)
    offers = [
        (
            LABELS[LedgerVerb.ADMIT],
            reverse("ledger:admit", args=[channel.pk]),
            _refusal(actions.admit.may, actor, [channel], {}),
            _("该岗位从准入之日起看得到专线里的全部问题。"),
        ),
        (
            _("登记问题"),
            f"{reverse('ledger:register')}?channel={channel.pk}",
            _refusal(may_prepare, actor, [], {"jurisdiction": place, "channel": channel}),
            _("编入专线，别处不留痕迹。"),
        ),
    ]
    return {
        "allowed": [
            {"label": label, "url": url, "consequence": then} for label, url, why, then in offers if not why
        ],
        "denied": [{"label": label, "why": why} for label, _url, why, _then in offers if why],
    }


def _refusal(
    authority: Authority, actor: Actor, subjects: Sequence[Record], arguments: Mapping[str, Any]
) -> str:
    try:
        authority(actor, subjects, arguments)
    except Refused as refusal:
        return str(refusal)
    return ""


def clue_context(clue: Clue, *, opened: bool) -> dict[str, Any]:
    """A clue: when it was held, and its words only when they were asked for."""
    held = clue.state == ClueState.HELD
    facts: list[tuple[Any, Any]] = [
        (_("收到"), timezone.localtime(clue.held_at)),
        (_("状态"), state_of(clue)),
        (_("接收岗位"), f"{clue.receiver.unit.name} · {clue.receiver.name}"),
    ]
    if clue.state == ClueState.HANDED_OVER:
        facts += [(_("回执编号"), clue.receipt_no), (_("移交时间"), _when(clue))]
    if clue.returned_at is not None:
        facts += [(_("退回理由"), clue.return_reason), (_("退回时间"), timezone.localtime(clue.returned_at))]
    return {
        "clue": clue,
        "crumbs": [
            {"words": _("限制知悉"), "url": reverse("ledger:channels")},
            {"words": _("问题线索"), "url": ""},
        ],
        "facts": [{"label": label, "value": value} for label, value in facts],
        "words": open_personal(clue.content) if opened else None,
        "may_open": held and not opened,
        "gone": GONE.get(ClueState(clue.state), _("内容已经清除。")),
        "acts": _clue_acts(clue, opened=opened) if held else None,
    }


def _clue_acts(clue: Clue, *, opened: bool) -> dict[str, Any]:
    return {
        "allowed": [
            {
                "label": LABELS[verb],
                "url": reverse(name, args=[clue.pk]),
                "consequence": then,
                "primary": opened and verb == LedgerVerb.HAND_OVER_CLUE,
            }
            for verb, (name, then) in CLUE_VERBS.items()
        ]
    }
