"""Public notice: the result is shown for its period, objections are heard and settled, then it ends."""

from __future__ import annotations

import uuid
from datetime import date

from django.utils.translation import gettext as _

from bihuan.journal.action import Actor, Refused, action, current
from bihuan.journal.identity import new_id
from bihuan.journal.vault import seal_personal
from bihuan.journal.wording import for_the_record
from bihuan.ledger.lifecycle_facts import Notice
from bihuan.ledger.lifecycle_words import State
from bihuan.ledger.models import Problem
from bihuan.ledger.steps import refuse_empty
from bihuan.rectification.circumstances import circumstances, running_notice, take
from bihuan.rectification.models import ClosureReview, Objection, PublicNotice
from bihuan.rectification.policy import may
from bihuan.rectification.terms import notice_place, notice_until
from bihuan.rectification.verbs import Verb


def open_what_follows(problem: Problem, state: State, result: str) -> None:
    """Inside an action: the step led to a notice or to the closure review, so that one begins."""
    if state is State.NOTICED:
        publish(problem, result)
    elif state is State.CLOSURE_REVIEW:
        open_review(problem)


def publish(problem: Problem, result: str) -> PublicNotice:
    """Inside an action: put the result under notice from today for the working days policy asks for."""
    since = current().today
    with for_the_record():
        text = _("%(no)s %(title)s：%(result)s") % {
            "no": problem.problem_no,
            "title": problem.title,
            "result": result,
        }
    made: PublicNotice = PublicNotice.objects.create(
        problem=problem,
        round=problem.round,
        text=text,
        place=notice_place(problem),
        since=since,
        until=notice_until(problem, since),
    )
    return made


def publish_after_closure(problem: Problem, result: str) -> None:
    """Inside an action: where policy puts notice after closure, it begins now."""
    if circumstances(problem).notice is Notice.AFTER_CLOSURE:
        publish(problem, result)


def open_review(problem: Problem) -> ClosureReview:
    """Inside an action: the problem waits for the competent body."""
    made: ClosureReview = ClosureReview.objects.create(problem=problem, round=problem.round)
    return made


@action(Verb.HEAR_OBJECTION, may=may(Verb.HEAR_OBJECTION))
def hear_objection(
    notice: PublicNotice, *, text: str, who: str = "", received_on: date, actor: Actor
) -> Objection:
    """Enter an objection raised during the notice. Who raised it is sealed under a key of its own."""
    _refuse_ended(notice)
    if not notice.since <= received_on <= min(notice.until, current().today):
        raise Refused(
            _("收到日期不在公示期内。"),
            accepted=_("%(first)s 至 %(last)s 之间、今天或以前。")
            % {"first": notice.since.isoformat(), "last": notice.until.isoformat()},
            field="received_on",
        )
    identity = seal_personal(notice, new_id(), "objector", who.strip()) if who.strip() else None
    made: Objection = Objection.objects.create(
        notice=notice, received_on=received_on, text=refuse_empty(text, _("异议内容")), who=identity
    )
    return made


@action(Verb.DISMISS_OBJECTION, may=may(Verb.DISMISS_OBJECTION))
def dismiss_objection(notice: PublicNotice, *, objection: uuid.UUID, finding: str, actor: Actor) -> None:
    """The objection was looked into and does not hold; what was found is written down."""
    _refuse_ended(notice)
    row = _open_objection(notice, objection)
    row.upheld, row.finding = False, refuse_empty(finding, _("核实情况"))
    row.save()


@action(Verb.OBJECT, may=may(Verb.OBJECT))
def object_to_result(notice: PublicNotice, *, objection: uuid.UUID, finding: str, actor: Actor) -> None:
    """The objection is right: the problem goes back to work in the same round."""
    _refuse_ended(notice)
    row = _open_objection(notice, objection)
    problem = notice.problem
    current().lock([problem])
    take(problem, Verb.OBJECT)
    row.upheld, row.finding = True, refuse_empty(finding, _("核实情况"))
    row.save()
    notice.state, notice.ended_on = PublicNotice.State.OBJECTED, current().today
    notice.save()
    problem.closed_on = None
    current().fact(problem, notice=str(notice.pk), objection=str(row.pk))
    problem.save()


def _refuse_ended(notice: PublicNotice) -> None:
    if notice.state != PublicNotice.State.RUNNING:
        raise Refused(
            _("这次公示已经“%(state)s”。") % {"state": notice.get_state_display()},
            accepted=_("公示期内的异议才在这里办理；销号以后的情况通过回头看核查。"),
        )


def _open_objection(notice: PublicNotice, objection: uuid.UUID) -> Objection:
    found: Objection | None = Objection.objects.filter(notice=notice, pk=objection).first()
    if found is None or found.upheld is not None:
        raise Refused(_("没有这条待核实的异议。"), accepted=_("请刷新后查看。"), field="objection")
    return found


@action(Verb.END_NOTICE, may=may(Verb.END_NOTICE))
def end_notice(problem: Problem, *, actor: Actor) -> None:
    """The period is over and every objection is settled: on to the closure review, or done if closed before."""
    notice = running_notice(problem)
    if notice is not None:
        waiting = Objection.objects.filter(notice=notice, upheld=None).count()
        if waiting:
            raise Refused(
                _("还有 %(count)s 条异议没有核实。") % {"count": waiting},
                accepted=_("请先逐条核实，写明结果。"),
            )
    edge = take(problem, Verb.END_NOTICE)
    problem.save()
    if notice is not None:
        notice.state, notice.ended_on = PublicNotice.State.ENDED, current().today
        notice.save()
    if State(problem.state) is State.CLOSURE_REVIEW:
        open_what_follows(problem, edge.to, "")
