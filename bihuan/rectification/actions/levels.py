"""Acceptance at a level below the last, and the refusal of the level that is only told for the record."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.utils.translation import gettext as _

from bihuan.files.taking_in import Incoming, Upload
from bihuan.journal.action import Actor, Refused, action, current
from bihuan.journal.wording import for_the_record, listed
from bihuan.ledger.models import Problem
from bihuan.ledger.steps import refuse_empty
from bihuan.rectification.acceptance_duty import call_acceptors
from bihuan.rectification.acceptance_words import GATES
from bihuan.rectification.actions.acceptance import (
    attached,
    failed_gates,
    fit_to_judge,
    look_before_verdict,
    open_acceptance,
    words_of_verdict,
)
from bihuan.rectification.before_verdicts import refuse_by_guards
from bihuan.rectification.circumstances import refuse_unless_open, take
from bihuan.rectification.independence_facts import doing_paths
from bihuan.rectification.levels import refuse_if_last
from bihuan.rectification.models import AcceptanceLevel, ClosureReview
from bihuan.rectification.policy import may, person_of
from bihuan.rectification.verbs import Verb


@action(Verb.ACCEPT_LEVEL, may=may(Verb.ACCEPT_LEVEL), ahead=look_before_verdict)
def accept_level(
    problem: Problem,
    *,
    opinion: str,
    gates: Mapping[str, str],
    on_site: bool,
    file: Upload | Incoming | None = None,
    actor: Actor,
) -> AcceptanceLevel:
    """This level finds the work done and leaves it to the next. It is sent back by `return_acceptance` at any level."""
    words = words_of_verdict(opinion, gates)
    refuse_unless_open(problem, Verb.ACCEPT)
    level = refuse_if_last(problem)
    unit = fit_to_judge(problem, actor)
    refuse_by_guards(problem)
    application = open_acceptance(problem)
    if application is None:
        raise Refused(_("这个问题没有申请验收，不能逐级验收。"), accepted=_("请由整改单位先申请验收。"))
    current().lock([application])
    made: AcceptanceLevel = AcceptanceLevel.objects.create(
        acceptance=application,
        level=level,
        unit=unit,
        unit_path=unit.path,
        doing_paths=doing_paths(problem),
        acceptor=person_of(actor),
        acceptor_principal=actor.on_behalf_of,
        gates=dict(gates),
        on_site=on_site,
        opinion=words,
        decided_on=current().today,
        file=attached(problem, file),
    )
    current().fact(problem, level=level.value)
    call_acceptors(problem)
    return made


@action(Verb.REFUSE_FILING, may=may(Verb.REFUSE_FILING))
def refuse_filing(
    problem: Problem,
    *,
    authority: str,
    document_no: str,
    refused_on: date,
    gates: Mapping[str, str],
    what_is_missing: str,
    file: Upload | Incoming | None = None,
    actor: Actor,
) -> ClosureReview:
    """The level that is told for the record does not take it: the closure is withdrawn, with the gates it named."""
    missing, failed = refuse_empty(what_is_missing, _("缺什么")), failed_gates(gates)
    body, number = refuse_empty(authority, _("备案机关")), refuse_empty(document_no, _("文号"))
    if not (problem.closed_on or problem.registered_on) <= refused_on <= current().today:
        raise Refused(_("日期应在销号之后、今天或以前。"), field="refused_on")
    with for_the_record():
        current().because(
            _("%(gates)s未通过：%(missing)s")
            % {"gates": listed(f"“{GATES[name]}”" for name in failed), "missing": missing}
        )
    take(problem, Verb.REFUSE_FILING)
    made: ClosureReview = ClosureReview.objects.create(
        problem=problem,
        round=problem.round,
        state=ClosureReview.State.RETURNED,
        authority=body,
        minutes_no=number,
        recorded_by=person_of(actor),
        decided_on=refused_on,
        opinion=missing,
        failed=failed,
        file=attached(problem, file),
    )
    problem.closed_on = None
    problem.save()
    return made
