"""Closure by the competent body, filing with the superior, and standing duty where the work never ends."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Final

from django.utils.translation import gettext as _

from bihuan.files.taking_in import Incoming, Upload, prepare, take_in
from bihuan.journal.action import Actor, Refused, action, current
from bihuan.journal.wording import listed
from bihuan.ledger.models import InvolvementRole, Problem
from bihuan.ledger.rigour import rigour_of
from bihuan.ledger.steps import refuse_empty, units_in
from bihuan.organizations.authority import in_unit
from bihuan.rectification.acceptance_duty import ELSEWHERE
from bihuan.rectification.actions.notices import open_review, publish_after_closure
from bihuan.rectification.circumstances import take
from bihuan.rectification.deliberating import DeliberationDraft, deliberate
from bihuan.rectification.independence import Part
from bihuan.rectification.independence_facts import PART_WORDS, accepted_by, work_of
from bihuan.rectification.models import Acceptance, ClosureReview, Deliberation, Evidence, StandingCheck
from bihuan.rectification.policy import may, person_of
from bihuan.rectification.verbs import Verb

LONGEST_SITTING: Final = 500
WORKING_PARTS: Final = frozenset({Part.PLANNER, Part.IMPLEMENTER, Part.EVIDENCE_AUTHOR, Part.APPLICANT})


@action(Verb.CLOSE, may=may(Verb.CLOSE))
def close(
    problems: Sequence[Problem],
    *,
    minutes_no: str,
    decided_on: date,
    opinion: str,
    file: Upload | Incoming | None = None,
    authority: str = "",
    actor: Actor,
) -> None:
    """Decide several in one sitting: closed by the minutes or document whose number is given."""

    def decided(problem: Problem, review: ClosureReview) -> None:
        take(problem, Verb.CLOSE)
        problem.closed_on = decided_on
        problem.save()
        publish_after_closure(problem, review.opinion)

    _decide(
        problems, _Sitting(minutes_no, decided_on, opinion, file, authority, standing=False), decided, actor
    )


@action(Verb.TO_STANDING_DUTY, may=may(Verb.TO_STANDING_DUTY))
def to_standing_duty(
    problems: Sequence[Problem],
    *,
    minutes_no: str,
    decided_on: date,
    opinion: str,
    file: Upload | Incoming | None = None,
    authority: str = "",
    actor: Actor,
) -> None:
    """What is to be kept up for good goes on as standing duty: not counted as closed, checked from time to time."""

    def decided(problem: Problem, review: ClosureReview) -> None:
        take(problem, Verb.TO_STANDING_DUTY)
        problem.save()

    _decide(
        problems, _Sitting(minutes_no, decided_on, opinion, file, authority, standing=True), decided, actor
    )


class _Sitting:
    """What one sitting says of all its problems, the attached file checked and stored once."""

    def __init__(
        self,
        minutes_no: str,
        decided_on: date,
        opinion: str,
        file: Upload | Incoming | None,
        authority: str,
        *,
        standing: bool,
    ) -> None:
        self.minutes_no = refuse_empty(minutes_no, _("纪要或文号"))
        self.decided_on = decided_on
        self.opinion = refuse_empty(opinion, _("审定意见"))
        self.file = file if file is None or isinstance(file, Incoming) else prepare(file)
        self.authority = authority.strip()
        self.standing = standing


def _decide(
    problems: Sequence[Problem],
    sitting: _Sitting,
    decided: Callable[[Problem, ClosureReview], None],
    actor: Actor,
) -> None:
    if not problems:
        raise Refused(_("没有选择要审定的问题。"), accepted=_("请至少选择一件。"))
    if len(problems) > LONGEST_SITTING:
        raise Refused(
            _("一次审定的问题太多。"), accepted=_("每次不超过 %(count)s 件。") % {"count": LONGEST_SITTING}
        )
    for problem in problems:
        _refuse_date(problem, sitting.decided_on)
        refuse_wrong_authority(problem, sitting.authority, actor)
        refuse_involved(problem, actor)
        review = _review_of(problem)
        decided(problem, review_filled(review, problem, sitting, actor))


def review_filled(review: ClosureReview, problem: Problem, sitting: _Sitting, actor: Actor) -> ClosureReview:
    """The review with what the sitting decided, saved."""
    review.state, review.standing = ClosureReview.State.APPROVED, sitting.standing
    review.minutes_no, review.decided_on, review.opinion = (
        sitting.minutes_no,
        sitting.decided_on,
        sitting.opinion,
    )
    review.authority = sitting.authority
    if sitting.authority:
        review.recorded_by = actor.person
    else:
        review.decided_by = actor.person
    if sitting.file is not None:
        review.file = take_in(sitting.file, subject_kind=Problem.Stream.kind, subject=problem.pk)
    review.save()
    return review


def _review_of(problem: Problem) -> ClosureReview:
    """The open review of the round; one is opened for a row taken over in this state."""
    found: ClosureReview | None = (
        ClosureReview.objects.filter(problem=problem, round=problem.round, state=ClosureReview.State.OPEN)
        .order_by("-id")
        .first()
    )
    return found or open_review(problem)


def _refuse_date(problem: Problem, decided_on: date) -> None:
    accepted = (
        Acceptance.objects.filter(problem=problem, round=problem.round, state=Acceptance.State.ACCEPTED)
        .order_by("-decided_on")
        .values_list("decided_on", flat=True)
        .first()
    )
    earliest = accepted or problem.registered_on
    if not earliest <= decided_on <= current().today:
        raise Refused(
            _("%(no)s：审定日期不对。") % {"no": problem.problem_no},
            accepted=_("应在验收日期 %(first)s 之后、今天或以前。") % {"first": earliest.isoformat()},
            field="decided_on",
        )


def refuse_wrong_authority(problem: Problem, authority: str, actor: Actor) -> None:
    """Where the source or the superior closes, its document closes: the authority is named, or acts itself."""
    if rigour_of(problem).closes not in ELSEWHERE or authority:
        return
    if not any(in_unit(actor, unit) for unit in units_in(problem, [InvolvementRole.SOURCE])):
        raise Refused(
            _("按来源规定，%(no)s 的销号权不在本级。") % {"no": problem.problem_no},
            accepted=_("请填写作出销号决定的机关，并以其文号为凭。"),
            field="authority",
        )


def refuse_involved(problem: Problem, actor: Actor) -> None:
    """Whoever did, proved or accepted the work does not also take it off the list; who approved the plan may."""
    persons = [person for person in (actor.person, actor.on_behalf_of) if person]
    work = work_of(problem)
    parts = {part for person in persons for part in work.parts_of(person)} & WORKING_PARTS
    words = [str(PART_WORDS[part]) for part in sorted(parts)]
    if set(persons) & accepted_by(problem):
        words.append(_("验收了这个问题"))
    if words:
        raise Refused(
            _("您不能审定 %(no)s：您%(parts)s。") % {"no": problem.problem_no, "parts": listed(words)},
            accepted=_("由未参与整改和验收的审定人办理。"),
        )


@action(Verb.RETURN_CLOSURE, may=may(Verb.RETURN_CLOSURE))
def return_closure(problem: Problem, *, what_is_missing: str, actor: Actor) -> None:
    """The competent body finds the work not done: back to work in the same round."""
    review = _review_of(problem)
    take(problem, Verb.RETURN_CLOSURE)
    review.state = ClosureReview.State.RETURNED
    review.opinion = refuse_empty(what_is_missing, _("缺什么"))
    review.decided_by, review.decided_on = actor.person, current().today
    review.save()
    problem.save()


@action(Verb.CHECK_STANDING_DUTY, may=may(Verb.CHECK_STANDING_DUTY))
def check_standing_duty(
    problem: Problem, *, on: date, opinion: str, file: Upload | Incoming | None = None, actor: Actor
) -> StandingCheck:
    """A dated look at whether the duty is still kept."""
    if on > current().today:
        raise Refused(_("核查日期在将来。"), accepted=_("应是今天或以前。"), field="on")
    take(problem, Verb.CHECK_STANDING_DUTY)
    made: StandingCheck = StandingCheck.objects.create(
        problem=problem,
        round=problem.round,
        on=on,
        opinion=refuse_empty(opinion, _("核查情况")),
        checked_by=person_of(actor),
        file=take_in(file, subject_kind=Problem.Stream.kind, subject=problem.pk) if file else None,
    )
    current().fact(problem, check=str(made.pk))
    return made


@action(Verb.PROPOSE_CLOSURE, may=may(Verb.PROPOSE_CLOSURE))
def propose_closure(
    problem: Problem, *, reason: str, deliberation: DeliberationDraft | None = None, actor: Actor
) -> None:
    """The lasting mechanism works, so the standing duty may be closed after all; new evidence shows it."""
    since = (
        ClosureReview.objects.filter(problem=problem, round=problem.round, standing=True)
        .order_by("-id")
        .values_list("decided_on", flat=True)
        .first()
    )
    fresh = Evidence.objects.filter(problem=problem, round=problem.round)
    if since is not None:
        fresh = fresh.filter(file__uploaded_at__date__gte=since)
    if not fresh.exists():
        raise Refused(_("转常态以后还没有新的佐证材料。"), accepted=_("请先上传能证明长效机制见效的材料。"))
    current().because(refuse_empty(reason, _("提请理由")))
    deliberate(problem, Deliberation.About.CLOSURE, deliberation, actor)
    take(problem, Verb.PROPOSE_CLOSURE)
    problem.save()
    open_review(problem)


@action(Verb.FILE, may=may(Verb.FILE))
def file_closure(problems: Sequence[Problem], *, filing_no: str, filed_on: date, actor: Actor) -> None:
    """Tell the superior for the record, by the document whose number is given."""
    number = refuse_empty(filing_no, _("备案文号"))
    for problem in problems:
        if not (problem.closed_on or problem.registered_on) <= filed_on <= current().today:
            raise Refused(
                _("%(no)s：备案日期应在销号之后、今天或以前。") % {"no": problem.problem_no}, field="filed_on"
            )
        take(problem, Verb.FILE)
        problem.filing_no, problem.filed_on = number, filed_on
        problem.save()
