"""What leaders did for a problem: visits made, instructions written, what came of the instructions, and taking back
what was written down wrongly.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.files.taking_in import Incoming, Upload, take_in
from bihuan.journal.action import Actor, Refused, action, current
from bihuan.ledger.models import Problem
from bihuan.ledger.steps import refuse_empty
from bihuan.messages.kinds import register_kind
from bihuan.messages.outbox import queue_message
from bihuan.organizations.models import Post
from bihuan.organizations.seats import receivers_of
from bihuan.rectification.leading import may_enter, written_down
from bihuan.rectification.models import LeaderInstruction, Visit, VisitFile
from bihuan.rectification.policy import may, person_of
from bihuan.rectification.verbs import Verb
from bihuan.rectification.withdrawing import act_to_withdraw, may_withdraw

INSTRUCTED: Final = "rectification.instructed"
WITHDRAWN: Final = "rectification.instruction_withdrawn"
MOST_FILES: Final = 20

register_kind(INSTRUCTED, gettext_lazy("有 %(count)s 件领导批示等您单位落实。"))
register_kind(WITHDRAWN, gettext_lazy("有 %(count)s 件领导批示已撤回，不用再报告办理情况。"))


@action(Verb.RECORD_VISIT, may=may_enter)
def record_visit(
    problem: Problem,
    *,
    post: Post,
    on: date,
    place: str,
    found: str,
    companions: str = "",
    files: Sequence[Upload | Incoming] = (),
    actor: Actor,
) -> Visit:
    """The holder of the post went there on that day; entered by themselves or on their behalf, which stays to be read."""
    facts = written_down(problem, post, on, actor)
    if len(files) > MOST_FILES:
        raise Refused(
            _("一次督导的附件太多。"), accepted=_("最多 %(n)d 个。") % {"n": MOST_FILES}, field="files"
        )
    visit: Visit = Visit.objects.create(
        **facts,
        place=refuse_empty(place, _("地点"))[:200],
        found=refuse_empty(found, _("发现的情况")),
        companions=companions.strip()[:300],
    )
    for file in files:
        taken = take_in(file, subject_kind=Problem.Stream.kind, subject=problem.pk)
        VisitFile.objects.create(problem=problem, visit=visit, file=taken)
    return visit


@action(Verb.RECORD_INSTRUCTION, may=may_enter)
def record_instruction(
    problem: Problem,
    *,
    post: Post,
    on: date,
    words: str,
    document_no: str = "",
    answer_by: date | None = None,
    file: Upload | Incoming | None = None,
    actor: Actor,
) -> LeaderInstruction:
    """The holder of the post wrote an instruction on that day; the lead unit is told, and reports what came of it."""
    facts = written_down(problem, post, on, actor)
    if answer_by is not None and answer_by < on:
        raise Refused(
            _("要求报告的日期早于批示日期。"),
            accepted=_("应不早于 %(day)s。") % {"day": on.isoformat()},
            field="answer_by",
        )
    made: LeaderInstruction = LeaderInstruction.objects.create(
        **facts,
        words=refuse_empty(words, _("批示内容")),
        document_no=document_no.strip()[:100],
        answer_by=answer_by,
        file=take_in(file, subject_kind=Problem.Stream.kind, subject=problem.pk) if file else None,
    )
    _tell(problem, INSTRUCTED)
    return made


def _tell(problem: Problem, kind: str) -> None:
    if problem.lead_unit_id is None or problem.assigned_on is None:
        return
    link = reverse("desk:problem", args=[problem.pk])
    for person in sorted(receivers_of([problem.lead_unit_id], heads=True)[problem.lead_unit_id]):
        queue_message(to_person=person, kind=kind, link=link)


@action(Verb.ANSWER_INSTRUCTION, may=may(Verb.ANSWER_INSTRUCTION))
def answer_instruction(
    problem: Problem, *, instruction: uuid.UUID, answer: str, actor: Actor
) -> LeaderInstruction:
    """The lead unit reports what came of an instruction; once, and what is to be added stands in the next progress."""
    found: LeaderInstruction | None = LeaderInstruction.objects.filter(
        problem=problem, pk=instruction, answered_on=None, withdrawn_on=None
    ).first()
    if found is None:
        raise Refused(_("没有这件等待报告的批示。"), accepted=_("请刷新后再选。"), field="instruction")
    found.answer = refuse_empty(answer, _("办理情况"))
    found.answered_on, found.answered_by = current().today, person_of(actor)
    found.save()
    return found


@action(Verb.WITHDRAW_LEADERS_ACT, may=may_withdraw)
def withdraw_leaders_act(
    problem: Problem, *, act: uuid.UUID, reason: str, actor: Actor
) -> Visit | LeaderInstruction:
    """Take back a visit or an instruction that was written down wrongly; it stays to be read and counts no more."""
    reason = refuse_empty(reason, _("撤回理由"))
    found = act_to_withdraw(problem, act)
    current().because(reason)
    found.withdrawn_on, found.withdrawn_because = current().today, reason
    found.withdrawn_by, found.withdrawn_by_name = person_of(actor), actor.person_name
    found.save()
    if isinstance(found, LeaderInstruction):
        _tell(problem, WITHDRAWN)
    return found
