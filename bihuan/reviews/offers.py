"""What may be done to a call, a sheet or a request now, and why the rest may not: from what the actions themselves ask."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.journal.action import Refused
from bihuan.journal.timesource import today
from bihuan.ledger.lifecycle import OPEN
from bihuan.ledger.offers import Offer, refused_by_authority
from bihuan.organizations.authority import in_unit
from bihuan.reviews.below import sheets_below
from bihuan.reviews.circular import circulars_of
from bihuan.reviews.models import MonthlyReview, ReviewSheet
from bihuan.reviews.policy import is_head, may_ask, may_on_request
from bihuan.reviews.pressing import may_be_reminded
from bihuan.reviews.rules import REQUEST, REVIEW
from bihuan.reviews.verbs import LABELS, Verb

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bihuan.journal.action import Actor
    from bihuan.ledger.models import Problem
    from bihuan.reviews.coverage import Covered
    from bihuan.reviews.models import CoordinationRequest

Panel = dict[str, list[dict[str, Any]]]
CONSEQUENCES: Final[dict[Verb, Any]] = {
    Verb.PREPARE: gettext_lazy("拟好以后由整改办另一位同志下发；下发前各单位看不到。"),
    Verb.ISSUE: gettext_lazy(
        "每个牵头单位收到一张填好现状的调度表，只改有变化的格子；承担措施的下级和配合单位先报。"
    ),
    Verb.WITHDRAW: gettext_lazy("撤回后各单位不用再报；已经报的进展照旧在台账里。"),
    Verb.STOP_REPEATING: gettext_lazy("这一次照常办理，以后不再自动发出。"),
    Verb.CONCLUDE: gettext_lazy("留下今天的亮灯作为这一次的结果；没报的记为未报。"),
    Verb.DRAFT_CIRCULAR: gettext_lazy(
        "生成给各被调度单位的公文草稿，亮灯表和提请协调事项作附件；文号和签发件在文书上回填。"
    ),
    Verb.REMIND: gettext_lazy("给还没报的单位各发一条消息；逾期的也告诉单位负责人。"),
    Verb.REMIND_BELOW: gettext_lazy("给还没报的下级各发一条消息；近日催过的不再催。"),
    Verb.ANSWER: gettext_lazy("改了的格子记为进展，没有改的行按“无变化”报。"),
    Verb.PASS: gettext_lazy("审定后写入台账；与台账新情况冲突的会退回重填。"),
    Verb.RETURN: gettext_lazy("退回经办人修改，已填的内容留着。"),
    Verb.ASK: gettext_lazy("对方和整改办收到消息，到期没有答复的由整改办接着办。"),
    Verb.ANSWER_REQUEST: gettext_lazy("提请的单位看过、确认解决了才算办完。"),
    Verb.ACCEPT_REQUEST: gettext_lazy("由整改办协调，答复也由整改办作出。"),
    Verb.REFUSE_REQUEST: gettext_lazy("理由告诉提请的单位；提请的单位可以再次提请。"),
    Verb.PASS_UP_REQUEST: gettext_lazy("由领导小组议定，议定后凭会议纪要答复。"),
    Verb.SETTLE_REQUEST: gettext_lazy("确认以后这件提请协调办完。"),
    Verb.ASK_AGAIN: gettext_lazy("写明还差什么，重新计时。"),
    Verb.WITHDRAW_REQUEST: gettext_lazy("不用再协调了；理由留痕。"),
}
OF_REVIEW: Final = {
    Verb.ISSUE: "issue",
    Verb.CONCLUDE: "conclude",
    Verb.REMIND: "remind",
    Verb.WITHDRAW: "withdraw",
}
OF_REQUEST: Final = {
    Verb.SETTLE_REQUEST: "settle",
    Verb.ANSWER_REQUEST: "answer_request",
    Verb.ACCEPT_REQUEST: "accept",
    Verb.PASS_UP_REQUEST: "pass_up",
    Verb.REFUSE_REQUEST: "refuse",
    Verb.ASK_AGAIN: "ask_again",
    Verb.WITHDRAW_REQUEST: "withdraw_request",
}


def _act(verb: Verb, name: str, pk: Any, *, primary: bool = False) -> dict[str, Any]:
    return {
        "label": LABELS[verb],
        "url": reverse(f"reviews:{name}", args=[pk]),
        "consequence": CONSEQUENCES[verb],
        "primary": primary,
    }


def acts_on_review(actor: Actor, review: MonthlyReview, covered: Sequence[Covered]) -> Panel:
    """The panel of a call's page, for the office."""
    panel: Panel = {"allowed": [], "denied": []}
    issued = review.state == MonthlyReview.State.ISSUED
    owing = sum(one.owes for one in covered)
    for verb, name in OF_REVIEW.items():
        if verb is Verb.REMIND:
            if issued and owing:
                panel["allowed"].append(_act(verb, name, review.pk))
        elif (review.state, verb) in REVIEW:
            why = _why_not(actor, review, verb, owing)
            if why:
                panel["denied"].append({"label": LABELS[verb], "why": why})
            else:
                primary = verb in (Verb.ISSUE, Verb.CONCLUDE)
                panel["allowed"].append(_act(verb, name, review.pk, primary=primary))
    if review.state in (MonthlyReview.State.ISSUED, MonthlyReview.State.CONCLUDED):
        if circulars_of(review).exists():
            why = _("已经起草，见“文书”")
            panel["denied"].append({"label": LABELS[Verb.DRAFT_CIRCULAR], "why": why})
        else:
            panel["allowed"].append(_act(Verb.DRAFT_CIRCULAR, "circular", review.pk))
    if review.next_on is not None:
        panel["allowed"].append(_act(Verb.STOP_REPEATING, "stop_repeating", review.pk))
    return panel


def _why_not(actor: Actor, review: MonthlyReview, verb: Verb, owing: int) -> str:
    prepared = review.prepared_by in (actor.person, actor.on_behalf_of)
    if verb is Verb.ISSUE and prepared:
        return _("拟定的人不能自己下发，请另一位同志下发。")
    if verb is Verb.WITHDRAW and prepared and review.state == MonthlyReview.State.ISSUED:
        return _("拟定的人不能自己撤回已下发的月调度，请另一位同志撤回。")
    if verb is Verb.CONCLUDE and owing and today() <= review.due_on:
        return _("还有 %(n)s 个单位没有报，到期以后可以办结") % {"n": owing}
    return ""


def acts_on_sheet(actor: Actor, sheet: ReviewSheet) -> Panel:
    """The panel of a sheet: reminding those below, and where it waits for its head, the head's word."""
    panel: Panel = {"allowed": [], "denied": []}
    waits = sheet.state == ReviewSheet.State.PREPARED and sheet.review.state == MonthlyReview.State.ISSUED
    if not in_unit(actor, sheet.unit):
        return panel
    if sheet.review.state == MonthlyReview.State.ISSUED:
        _offer_reminding(panel, sheet)
    if not waits:
        return panel
    if not is_head(actor):
        panel["denied"].append({"label": LABELS[Verb.PASS], "why": _("由单位负责人审定。")})
    elif sheet.prepared_by in (actor.person, actor.on_behalf_of):
        panel["denied"].append({"label": LABELS[Verb.PASS], "why": _("填表的人不能自己审定。")})
    else:
        panel["allowed"].append(_act(Verb.PASS, "pass", sheet.pk, primary=True))
        panel["allowed"].append(_act(Verb.RETURN, "return", sheet.pk))
    return panel


def _offer_reminding(panel: Panel, sheet: ReviewSheet) -> None:
    """Whoever handed tasks down and still waits for an answer may remind those who owe it."""
    owing = sheets_below(sheet)
    if not owing:
        return
    if any(may_be_reminded(one, today()) for one in owing):
        panel["allowed"].append(_act(Verb.REMIND_BELOW, "remind_below", sheet.pk))
    else:
        why = _("没报的下级近日都已催过，同一单位 %(n)s 天内只催一次。") % {"n": sheet.review.remind_every}
        panel["denied"].append({"label": LABELS[Verb.REMIND_BELOW], "why": why})


def acts_on_request(actor: Actor, request: CoordinationRequest) -> Panel:
    """The panel of a request's page: what its state allows and this person may do."""
    panel: Panel = {"allowed": [], "denied": []}
    for verb, name in OF_REQUEST.items():
        if (request.state, verb) not in REQUEST:
            continue
        try:
            may_on_request(verb)(actor, [request], {})
        except Refused:
            continue
        primary = not any(act["primary"] for act in panel["allowed"])
        panel["allowed"].append(_act(verb, name, request.pk, primary=primary))
    return panel


def offers_for(actor: Actor, problem: Problem) -> list[Offer]:
    """Asking for coordination, from the problem's page."""
    if problem.state not in OPEN or problem.lead_unit is None:
        return []
    return [
        Offer(
            verb=Verb.ASK,
            label=LABELS[Verb.ASK],
            url=reverse("reviews:ask", args=[problem.pk]),
            consequence=CONSEQUENCES[Verb.ASK],
            why_not=refused_by_authority(may_ask, actor, problem),
        )
    ]
