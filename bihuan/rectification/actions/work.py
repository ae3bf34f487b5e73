"""The work itself: dated progress, and files that prove it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Final

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bihuan.files.taking_in import Incoming, Upload, take_in
from bihuan.journal.action import Actor, Refused, action, current
from bihuan.journal.wording import listed
from bihuan.ledger.lifecycle_words import STATE_WORDS, State
from bihuan.ledger.models import Problem
from bihuan.ledger.steps import refuse_empty
from bihuan.rectification.models import Evidence, EvidenceUse, Measure, ProgressReport
from bihuan.rectification.policy import may, person_of
from bihuan.rectification.reporting import Progress, record_progress
from bihuan.rectification.verbs import Verb

if TYPE_CHECKING:
    from bihuan.files.models import FileReference

PROVING_STATES: Final = frozenset({State.PLANNING, State.RECTIFYING, State.SUSPENDED, State.STANDING_DUTY})


@action(Verb.REPORT_PROGRESS, may=may(Verb.REPORT_PROGRESS))
def report_progress(
    problem: Problem,
    *,
    measure: Measure | None = None,
    on: date,
    percent: int,
    facts: str,
    obstacle: str = "",
    next_step: str = "",
    actor: Actor,
) -> ProgressReport:
    """Say what was done by a day. The percentage goes up the tree of measures by rule, never by words."""
    said = Progress(on=on, percent=percent, facts=facts, obstacle=obstacle, next_step=next_step)
    return record_progress(problem, measure, said, actor=actor)


@action(Verb.ADD_EVIDENCE, may=may(Verb.ADD_EVIDENCE))
def add_evidence(
    problem: Problem,
    *,
    upload: Upload | Incoming,
    kind: str,
    caption: str,
    taken_on: date | None = None,
    measures: Sequence[Measure] = (),
    actor: Actor,
) -> Evidence:
    """Hand in a file that proves a fact; measures cite it, so that it is not uploaded again."""
    refuse_unprovable(problem)
    if kind not in Evidence.Kind.values:
        raise Refused(
            _("没有这种佐证材料。"), accepted=listed(str(one.label) for one in Evidence.Kind), field="kind"
        )
    refuse_future(taken_on)
    caption = refuse_empty(caption, _("说明"))
    file = take_in(upload, subject_kind=Problem.Stream.kind, subject=problem.pk)
    refuse_same(problem, file)
    made: Evidence = Evidence.objects.create(
        problem=problem,
        round=problem.round,
        file=file,
        kind=kind,
        caption=caption,
        taken_on=taken_on,
        author=person_of(actor),
        author_principal=actor.on_behalf_of,
    )
    _cite(made, measures)
    current().fact(problem, evidence=str(made.pk), sha256=file.blob.sha256)
    return made


def refuse_future(taken_on: date | None) -> None:
    """What was made proves nothing before it was made."""
    if taken_on is not None and taken_on > current().today:
        raise Refused(_("形成日期在将来。"), accepted=_("应是今天或以前。"), field="taken_on")


def refuse_same(problem: Problem, file: FileReference) -> None:
    """One content proves a round once; measures cite it."""
    same = Evidence.objects.filter(problem=problem, round=problem.round, file__blob=file.blob_id).first()
    if same is not None:
        raise Refused(
            _("同样的文件本轮已经上传过：%(caption)s。") % {"caption": same.caption},
            accepted=_("请引用已有的材料，不必再传。"),
            field="upload",
            evidence=str(same.pk),
        )


def refuse_unprovable(problem: Problem) -> None:
    """What is being judged must not change under the judge's eyes, except where it was entered as already fixed."""
    state = State(problem.state)
    entered_fixed = state is State.ACCEPTING and problem.fixed_on_entry and not problem.acceptances.exists()
    if state not in PROVING_STATES and not entered_fixed:
        language = get_language() or "zh"
        raise Refused(
            _("“%(state)s”的问题不能补传佐证材料。") % {"state": STATE_WORDS[state].say(language)},
            accepted=listed(STATE_WORDS[one].say(language) for one in State if one in PROVING_STATES),
        )


@action(Verb.CITE_EVIDENCE, may=may(Verb.CITE_EVIDENCE))
def cite_evidence(evidence: Evidence, *, measures: Sequence[Measure], actor: Actor) -> None:
    """Let further measures rest on a piece of evidence that is there already."""
    if not measures:
        raise Refused(_("没有选择要引用的措施。"), accepted=_("请至少选择一条措施。"), field="measures")
    current().lock([evidence.problem])
    refuse_unprovable(evidence.problem)
    _cite(evidence, measures)


def _cite(evidence: Evidence, measures: Sequence[Measure]) -> None:
    known = set(EvidenceUse.objects.filter(evidence=evidence).values_list("measure_id", flat=True))
    for measure in measures:
        if measure.plan.problem_id != evidence.problem_id or measure.plan.round != evidence.round:
            raise Refused(
                _("第 %(number)s 条措施不属于这个问题的本轮方案。") % {"number": measure.number},
                field="measures",
            )
    fresh = [
        EvidenceUse(evidence=evidence, measure=one, version=evidence.version)
        for one in measures
        if one.pk not in known
    ]
    EvidenceUse.objects.bulk_create(fresh)
