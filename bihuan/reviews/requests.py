"""提请协调: asked of another unit or the office, answered or decided, and ended only by who asked."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from bihuan.journal.action import Actor, Refused, action, current
from bihuan.journal.wording import for_the_record
from bihuan.ledger.lifecycle import OPEN
from bihuan.ledger.models import Problem, Readership
from bihuan.ledger.secrecy import refuse_marks_above
from bihuan.ledger.steps import refuse_empty
from bihuan.organizations.models import Unit
from bihuan.organizations.tree import home_of
from bihuan.policies.queries import quote
from bihuan.reviews.models import CoordinationRequest, ReviewSheet
from bihuan.reviews.notices import tell_unit_asked, tell_who_asked
from bihuan.reviews.policy import may_ask, may_on_request
from bihuan.reviews.rules import REQUEST
from bihuan.reviews.terms import default_answer_day, policy_at
from bihuan.reviews.verbs import Verb

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

State = CoordinationRequest.State


@action(Verb.ASK, may=may_ask)
def ask_coordination(
    problem: Problem,
    *,
    matter: str,
    asked_unit: Unit | None = None,
    due_on: date | None = None,
    sheet: ReviewSheet | None = None,
    actor: Actor,
) -> CoordinationRequest:
    """Ask what the unit cannot remove itself: of another unit, or of the rectification office."""
    if actor.person is None or problem.lead_unit is None:
        raise Refused(_("提请协调要由具体的人提出。"))
    if problem.state not in OPEN:
        raise Refused(_("问题已经办结，不用再协调。"))
    _refuse_strangers(problem, asked_unit)
    if sheet is not None and not sheet.rows.filter(problem=problem).exists():
        raise Refused(_("这个问题不在这张调度表上。"), field="sheet")
    refuse_marks_above(matter)
    made: CoordinationRequest = CoordinationRequest.objects.create(
        problem=problem,
        sheet=sheet,
        jurisdiction=problem.jurisdiction,
        asking_unit=problem.lead_unit,
        asked_unit=asked_unit,
        matter=refuse_empty(matter, _("提请协调的事项")),
        due_on=_answer_day(problem.jurisdiction, due_on),
        asked_by=actor.person,
        asked_on=current().today,
    )
    current().fact(problem, coordination_request=str(made.pk))
    tell_unit_asked(made)
    return made


def _refuse_strangers(problem: Problem, asked_unit: Unit | None) -> None:
    """Whom one may ask: a unit that exists and is not one's own; of what few may know, the office alone."""
    if asked_unit is None:
        return
    if problem.channel_id is not None or problem.readership == Readership.WORK_SECRET:
        raise Refused(
            _("这个问题限定了知悉范围，不能向别的单位提请。"),
            accepted=_("不选单位，向整改办提请。"),
            field="asked_unit",
        )
    if asked_unit.closed_on is not None:
        raise Refused(_("这个单位已经撤销。"), accepted=_("请选择现有单位。"), field="asked_unit")
    if problem.lead_unit is not None and home_of(asked_unit).pk == home_of(problem.lead_unit).pk:
        raise Refused(
            _("不能向自己的单位提请协调。"), accepted=_("单位内部的事请自行安排。"), field="asked_unit"
        )


def _answer_day(place: Unit, due_on: date | None) -> date:
    today = current().today
    body: Mapping[str, Any] = quote(policy_at(place, today)).body
    day = due_on or default_answer_day(body, place, today)
    if day < today or (day - today).days > body["longest_to_coordinate"]:
        raise Refused(
            _("希望答复的日期不对。"),
            accepted=_("应在今天至 %(n)s 天以内。") % {"n": body["longest_to_coordinate"]},
            field="due_on",
        )
    return day


@action(Verb.ANSWER_REQUEST, may=may_on_request(Verb.ANSWER_REQUEST))
def answer_request(request: CoordinationRequest, *, answer: str, basis_no: str = "", actor: Actor) -> None:
    """Say what was done or decided. What the leading group decided is entered with its minutes."""
    was_up = request.state == State.PASSED_UP
    _advance(request, Verb.ANSWER_REQUEST)
    if was_up and not basis_no.strip():
        raise Refused(
            _("没有写明领导小组的会议纪要或文号。"),
            accepted=_("请写明依据哪次会议或哪份文件。"),
            field="basis_no",
        )
    request.basis_no = basis_no.strip()
    _say(request, answer, actor)


@action(Verb.REFUSE_REQUEST, may=may_on_request(Verb.REFUSE_REQUEST))
def refuse_request(request: CoordinationRequest, *, reason: str, actor: Actor) -> None:
    """The office does not coordinate this, and says why."""
    _advance(request, Verb.REFUSE_REQUEST)
    _say(request, reason, actor)


def _say(request: CoordinationRequest, words: str, actor: Actor) -> None:
    refuse_marks_above(words)
    request.answer = refuse_empty(words, _("答复"))
    request.answered_by, request.answered_on = actor.person, current().today
    request.save()
    tell_who_asked(request)


@action(Verb.ACCEPT_REQUEST, may=may_on_request(Verb.ACCEPT_REQUEST))
def accept_request(request: CoordinationRequest, *, actor: Actor) -> None:
    """The office takes it into its own hands; from now on the answer is its own."""
    _advance(request, Verb.ACCEPT_REQUEST)
    request.save()


@action(Verb.PASS_UP_REQUEST, may=may_on_request(Verb.PASS_UP_REQUEST))
def pass_up_request(request: CoordinationRequest, *, reason: str, actor: Actor) -> None:
    """The leading group is to decide."""
    _advance(request, Verb.PASS_UP_REQUEST)
    refuse_marks_above(reason)
    current().because(refuse_empty(reason, _("理由")))
    request.save()


@action(Verb.SETTLE_REQUEST, may=may_on_request(Verb.SETTLE_REQUEST))
def settle_request(request: CoordinationRequest, *, actor: Actor) -> None:
    """Who asked has read the answer, and it will do."""
    _advance(request, Verb.SETTLE_REQUEST)
    request.seen_by, request.settled_on = actor.person, current().today
    request.save()


@action(Verb.ASK_AGAIN, may=may_on_request(Verb.ASK_AGAIN))
def ask_again(request: CoordinationRequest, *, reason: str, due_on: date | None = None, actor: Actor) -> None:
    """The answer does not remove the obstacle: it is asked once more, with what is still missing."""
    _advance(request, Verb.ASK_AGAIN)
    refuse_marks_above(reason)
    request.times_asked += 1
    with for_the_record():
        further = _("第 %(n)s 次提请：%(why)s") % {
            "n": request.times_asked,
            "why": refuse_empty(reason, _("还差什么")),
        }
    request.matter = f"{request.matter}\n\n{further}"
    request.due_on = _answer_day(request.jurisdiction, due_on)
    request.save()
    tell_unit_asked(request)


@action(Verb.WITHDRAW_REQUEST, may=may_on_request(Verb.WITHDRAW_REQUEST))
def withdraw_request(request: CoordinationRequest, *, reason: str, actor: Actor) -> None:
    """Not needed any more, before anybody answered."""
    _advance(request, Verb.WITHDRAW_REQUEST)
    current().because(refuse_empty(reason, _("理由")))
    request.save()


def _advance(request: CoordinationRequest, verb: Verb) -> None:
    to = REQUEST.get((request.state, verb))
    if to is None:
        raise Refused(
            _("提请协调“%(state)s”，不能这样办。") % {"state": request.get_state_display()},
            accepted=_("请刷新后按现在的状态办理。"),
        )
    request.state = to
