"""What a sitting decides takes effect at once: each problem closes, stays as a standing duty, returns, or is put off."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bihuan.files.taking_in import Incoming, Upload
from bihuan.journal.action import Actor, Refused, action, current
from bihuan.journal.wording import listed
from bihuan.ledger.lifecycle_facts import Notice
from bihuan.ledger.models import Problem
from bihuan.ledger.steps import refuse_empty
from bihuan.rectification.acceptance_duty import ELSEWHERE
from bihuan.rectification.actions.notices import publish
from bihuan.rectification.actions.sittings import end_cases, keep_minutes, minutes_file, refuse_ended
from bihuan.rectification.circumstances import circumstances_of, take
from bihuan.rectification.independence_facts import PART_WORDS, accepted_in, parts_in
from bihuan.rectification.models import Acceptance, ClosureReview, ClosureSitting, Outcome, SittingCase
from bihuan.rectification.policy import may_decide_sitting, person_of
from bihuan.rectification.verbs import Verb

if TYPE_CHECKING:
    import uuid
    from collections.abc import Mapping, Sequence
    from datetime import date

    from bihuan.ledger.lifecycle_facts import Facts

VERB_OF: Final = {
    Outcome.APPROVE: Verb.CLOSE,
    Outcome.STANDING: Verb.TO_STANDING_DUTY,
    Outcome.RETURN: Verb.RETURN_CLOSURE,
}
"""The step of the lifecycle each outcome takes; a deferral takes none."""
ENDS: Final = frozenset({Outcome.APPROVE, Outcome.STANDING})
SHOWN: Final = 8
RELATED: Final = ("jurisdiction", "source", "sector", "lead_unit", "channel")


@action(Verb.DECIDE_SITTING, may=may_decide_sitting, ahead=minutes_file)
def decide_sitting(
    sitting: ClosureSitting,
    *,
    minutes_no: str,
    opinion: str,
    file: Upload | Incoming | None = None,
    actor: Actor,
) -> None:
    """Carry out what was marked, in one act: one event for each problem and one for the sitting."""
    refuse_ended(sitting)
    act = current()
    number, words = refuse_empty(minutes_no, _("会议纪要编号")), refuse_empty(opinion, _("审定意见"))
    if sitting.held_on > act.today:
        raise Refused(_("会还没有开。"), accepted=_("会议日期是今天或以前，才能审定。"), field="held_on")
    if {actor.person, actor.on_behalf_of} & {sitting.prepared_by, sitting.prepared_principal} - {None}:
        raise Refused(_("筹备会审的人不能审定。"), accepted=_("由有销号权的另一个人审定。"))
    cases = _cases(sitting)
    problems = [row.problem for row in cases]
    act.lock(problems)
    act.ask_rules_once()
    # Locking refreshed them: what the rules ask of each is read for all, not a case at a time.
    prefetch_related_objects(problems, *RELATED)
    known = circumstances_of(problems)
    refuse_unready(sitting, cases, actor)
    sitting.minutes_no, sitting.opinion, sitting.state = number, words, ClosureSitting.State.DECIDED
    sitting.decided_by, sitting.decided_principal = person_of(actor), actor.on_behalf_of
    sitting.decided_on = act.today
    keep_minutes(sitting, file)
    sitting.save()
    reviews = _reviews([row for row in cases if row.outcome in VERB_OF])
    for row in cases:
        _carry_out(row, sitting, reviews, known[row.problem_id])
    Problem.objects.save_all(problems)
    ClosureReview.objects.save_all(list(reviews.values()))
    _publish(cases, reviews, known)
    end_cases(cases)


def _cases(sitting: ClosureSitting) -> list[SittingCase]:
    rows = SittingCase.objects.filter(sitting=sitting, open=True).order_by("ordinal")
    return list(rows.select_related("problem"))


def refuse_unready(sitting: ClosureSitting, cases: Sequence[SittingCase], actor: Actor) -> None:
    """Every row is marked, and nothing stands against what is marked; writes nothing."""
    open_ones = [row for row in cases if not row.outcome]
    if open_ones:
        words = ngettext(
            "还有 %(n)d 件没有填写意见：%(nos)s。", "还有 %(n)d 件没有填写意见：%(nos)s。", len(open_ones)
        )
        raise Refused(
            words % {"n": len(open_ones), "nos": _numbers(open_ones)},
            accepted=_("请逐件填写；这次不审的填缓议，写明理由。"),
        )
    judged = [row for row in cases if row.outcome in VERB_OF]
    against = objections_to_decider([row.problem for row in judged], actor)
    for row in judged:
        said = against.get(row.problem_id)
        if said:
            raise Refused(
                _("您不能审定 %(no)s：您%(parts)s。") % {"no": row.problem.problem_no, "parts": listed(said)},
                accepted=_("由未参与整改和验收的审定人办理，或者这一件填缓议。"),
                problem=str(row.problem_id),
            )
    _refuse_elsewhere(judged)
    _refuse_early(sitting, judged)


def objections_to_decider(problems: Sequence[Problem], actor: Actor) -> dict[uuid.UUID, list[str]]:
    """Problem -> what this person did there that stands against deciding; the rule of a single closure, for many at once."""
    persons = [person for person in (actor.person, actor.on_behalf_of) if person]
    found: dict[uuid.UUID, list[str]] = defaultdict(list)
    for problem, parts in parts_in(persons, problems).items():
        found[problem] += [str(PART_WORDS[part]) for part in sorted(parts)]
    for problem in accepted_in(persons, problems):
        found[problem].append(_("验收了这个问题"))
    return dict(found)


def _refuse_elsewhere(judged: Sequence[SittingCase]) -> None:
    """Where the source or the superior closes, our sitting can at most return it."""
    wrong = [row for row in judged if row.outcome in ENDS and row.problem.source.closes in ELSEWHERE]
    if wrong:
        raise Refused(
            _("按来源规定，销号权不在本级：%(nos)s。") % {"nos": _numbers(wrong)},
            accepted=_("这些件请填缓议，凭有权机关的文号单独办理销号。"),
        )


def _refuse_early(sitting: ClosureSitting, judged: Sequence[SittingCase]) -> None:
    last: dict[uuid.UUID, date] = {}
    found = Acceptance.objects.filter(
        problem__in=[row.problem_id for row in judged], state=Acceptance.State.ACCEPTED
    )
    rounds = {row.problem_id: row.problem.round for row in judged}
    for one in found.order_by("decided_on"):
        if one.round == rounds[one.problem_id] and one.decided_on:
            last[one.problem_id] = one.decided_on
    early = [row for row in judged if sitting.held_on < last.get(row.problem_id, row.problem.registered_on)]
    if early:
        raise Refused(
            _("会议日期早于验收日期：%(nos)s。") % {"nos": _numbers(early)},
            accepted=_("请改正会议日期，或者这些件填缓议。"),
            field="held_on",
        )


def _numbers(rows: Sequence[SittingCase]) -> str:
    shown = listed(row.problem.problem_no for row in rows[:SHOWN])
    return shown if len(rows) <= SHOWN else _("%(nos)s等 %(n)d 件") % {"nos": shown, "n": len(rows)}


def _reviews(judged: Sequence[SittingCase]) -> Mapping[uuid.UUID, ClosureReview]:
    """The open review of each problem's round; one is opened for a row taken over in this state."""
    rounds = {row.problem_id: row.problem.round for row in judged}
    found = ClosureReview.objects.filter(problem__in=list(rounds), state=ClosureReview.State.OPEN)
    known = {one.problem_id: one for one in found.order_by("id") if one.round == rounds[one.problem_id]}
    current().lock(list(known.values()))
    missing = [row.problem for row in judged if row.problem_id not in known]
    made = [ClosureReview(problem=problem, round=problem.round) for problem in missing]
    ClosureReview.objects.bulk_create(made)
    return known | {one.problem_id: one for one in made}


def _carry_out(
    row: SittingCase, sitting: ClosureSitting, reviews: Mapping[uuid.UUID, ClosureReview], known: Facts
) -> None:
    """One problem's part of the decision: its step, its review, its event. Both rows are saved by the caller."""
    problem, outcome = row.problem, Outcome(row.outcome)
    facts = {"sitting": str(sitting.pk), "outcome": outcome.value, "minutes_no": sitting.minutes_no}
    if outcome is Outcome.DEFER:
        current().fact(problem, **facts)
        return
    review, verb = reviews[problem.pk], VERB_OF[outcome]
    current().fact(problem, verb=verb.value, **facts)
    take(problem, verb, known)
    if outcome is Outcome.APPROVE:
        problem.closed_on = sitting.held_on
    returned = outcome is Outcome.RETURN
    review.state = ClosureReview.State.RETURNED if returned else ClosureReview.State.APPROVED
    review.standing, review.failed = outcome is Outcome.STANDING, list(row.failed)
    review.sitting, review.minutes_no = sitting, sitting.minutes_no
    review.opinion = row.reason or sitting.opinion
    review.decided_by, review.decided_on = sitting.decided_by, sitting.held_on


def _publish(
    cases: Sequence[SittingCase],
    reviews: Mapping[uuid.UUID, ClosureReview],
    known: Mapping[uuid.UUID, Facts],
) -> None:
    """Where policy puts the notice after closure, it begins now."""
    for row in cases:
        if row.outcome == Outcome.APPROVE and known[row.problem_id].notice is Notice.AFTER_CLOSURE:
            publish(row.problem, reviews[row.problem_id].opinion)
