"""Who may: the office calls and concludes, a unit answers its own sheet and sees no other; requests are between the two
who ask and answer, and the office of their place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext_lazy as _

from bihuan.journal.action import Actor, NotAllowed, NotVisible
from bihuan.ledger.lifecycle_words import Who
from bihuan.ledger.models import Problem
from bihuan.ledger.sight import require_sight
from bihuan.organizations.authority import in_unit, is_coordinator, is_reviewer, open_post_of, unit_of
from bihuan.organizations.models import PostKind, Unit
from bihuan.organizations.tree import home_of
from bihuan.rectification.policy import holds
from bihuan.reviews.models import CoordinationRequest, MonthlyReview, ReviewRow, ReviewSheet
from bihuan.reviews.rules import OUT
from bihuan.reviews.verbs import Verb

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.db.models import QuerySet

    from bihuan.journal.action import Authority
    from bihuan.journal.records import Record

HEADS: Final = frozenset({PostKind.PRINCIPAL, PostKind.DEPUTY_IN_CHARGE})
State = CoordinationRequest.State


def is_office(actor: Actor, place: Unit) -> bool:
    """Either desk of the rectification office of a place."""
    return is_coordinator(actor, place) or is_reviewer(actor, place)


def is_head(actor: Actor) -> bool:
    """A principal or deputy of whatever unit."""
    post = open_post_of(actor)
    return post is not None and post.kind in HEADS


def sees_review(actor: Actor, review: MonthlyReview) -> bool:
    """The office whose call it is."""
    return is_office(actor, review.jurisdiction)


def sees_sheet(actor: Actor, sheet: ReviewSheet) -> bool:
    """The office sees every sheet; a unit its own and, for what it handed down, those below, once the call is out."""
    if sees_review(actor, sheet.review):
        return True
    return sheet.review.state in OUT and (in_unit(actor, sheet.unit) or rows_seen(actor, sheet).exists())


def rows_seen(actor: Actor, sheet: ReviewSheet) -> QuerySet[ReviewRow]:
    """The rows of a sheet that are this reader's affair: a unit above sees those that stand under it."""
    rows: QuerySet[ReviewRow] = ReviewRow.objects.filter(sheet=sheet)
    if sees_review(actor, sheet.review) or in_unit(actor, sheet.unit):
        return rows
    own = unit_of(actor)
    return rows.none() if own is None else rows.filter(under__contains=[str(home_of(own).pk)])


def may_call(actor: Actor, subjects: Sequence[Record], arguments: Mapping[str, Any]) -> None:
    """Either desk of the office of the place that calls."""
    if not is_office(actor, arguments["jurisdiction"]):
        raise NotAllowed(_("月调度由本级整改办拟定。"), accepted=_("请由整改办的经办岗或审核岗办理。"))


def may_run(actor: Actor, subjects: Sequence[Record], arguments: Mapping[str, Any]) -> None:
    """Either desk of the office; to everybody else the call does not exist, a unit knows only its sheet."""
    for review in (subject for subject in subjects if isinstance(subject, MonthlyReview)):
        if not sees_review(actor, review):
            raise NotVisible(_("没有找到这次月调度。"))


def may_remind(actor: Actor, subjects: Sequence[Record], arguments: Mapping[str, Any]) -> None:
    """The program by the calendar, and the office when it wants to."""
    if not actor.system:
        may_run(actor, subjects, arguments)


def may_answer(actor: Actor, subjects: Sequence[Record], arguments: Mapping[str, Any]) -> None:
    """Anybody of the called unit."""
    for sheet in (subject for subject in subjects if isinstance(subject, ReviewSheet)):
        if not sees_sheet(actor, sheet):
            raise NotVisible(_("没有找到这张调度表。"))
        if not in_unit(actor, sheet.unit):
            raise NotAllowed(
                _("调度表由被调度的单位自己报送。"),
                accepted=_("由%(unit)s办理。") % {"unit": sheet.unit.name},
            )


def may_pass(actor: Actor, subjects: Sequence[Record], arguments: Mapping[str, Any]) -> None:
    """A head of the unit."""
    may_answer(actor, subjects, arguments)
    if not is_head(actor):
        raise NotAllowed(_("调度表由单位负责人审定。"), accepted=_("由主要负责人或分管负责人办理。"))


# ---- requests -------------------------------------------------------------------------------------------------------


def sees_request(actor: Actor, request: CoordinationRequest) -> bool:
    """Both units, the office, and the leading group once it was asked."""
    if is_office(actor, request.jurisdiction) or in_unit(actor, request.asking_unit):
        return True
    if request.asked_unit is not None and in_unit(actor, request.asked_unit):
        return True
    return request.state == State.PASSED_UP and holds(actor, request.problem, Who.LEADING_GROUP)


def may_ask(actor: Actor, subjects: Sequence[Record], arguments: Mapping[str, Any]) -> None:
    """The lead unit of the problem."""
    problems = [subject for subject in subjects if isinstance(subject, Problem)]
    require_sight(actor, problems)
    for problem in problems:
        if problem.lead_unit is None or not in_unit(actor, problem.lead_unit):
            raise NotAllowed(_("由牵头单位提请协调。"), accepted=_("配合单位的困难请向牵头单位提出。"))


def answers(actor: Actor, request: CoordinationRequest) -> bool:
    """Whether an answer would be this person's: the asked unit's, the office's, or the leading group's."""
    office = is_office(actor, request.jurisdiction)
    if request.state == State.PASSED_UP:
        # The group decides in a meeting; the office enters what was decided, with its minutes.
        return office or holds(actor, request.problem, Who.LEADING_GROUP)
    if request.state == State.ACCEPTED or request.asked_unit is None:
        return office
    return in_unit(actor, request.asked_unit)


def decides(actor: Actor, request: CoordinationRequest) -> bool:
    """The office of the place takes it up, refuses it or passes it up."""
    return is_office(actor, request.jurisdiction)


def asked(actor: Actor, request: CoordinationRequest) -> bool:
    """Somebody of the unit that asked."""
    return in_unit(actor, request.asking_unit)


WHOSE: Final = {
    Verb.ANSWER_REQUEST: (answers, _("由被提请的单位或整改办答复。")),
    Verb.ACCEPT_REQUEST: (decides, _("由整改办受理。")),
    Verb.REFUSE_REQUEST: (decides, _("由整改办决定。")),
    Verb.PASS_UP_REQUEST: (decides, _("由整改办提请领导小组。")),
    Verb.SETTLE_REQUEST: (asked, _("由提请的单位确认。")),
    Verb.ASK_AGAIN: (asked, _("由提请的单位再次提请。")),
    Verb.WITHDRAW_REQUEST: (asked, _("由提请的单位撤回。")),
}


def may_on_request(verb: Verb) -> Authority:
    """The authority of a verb on a request: sight first, then whose it is."""
    whose, words = WHOSE[verb]

    def check(actor: Actor, subjects: Sequence[Record], arguments: Mapping[str, Any]) -> None:
        for request in (subject for subject in subjects if isinstance(subject, CoordinationRequest)):
            if not sees_request(actor, request):
                raise NotVisible(_("没有找到这件提请协调。"))
            if not whose(actor, request):
                raise NotAllowed(_("这件提请协调不由您的岗位这样办。"), accepted=words)

    return check
