"""A later date, asked for before it is too late; granted by approval, then applied."""

from __future__ import annotations

from datetime import date
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.journal.action import Actor, Refused, action, current
from bihuan.journal.timesource import today
from bihuan.journal.wording import for_the_record
from bihuan.ledger.models import Problem
from bihuan.ledger.steps import refuse_empty
from bihuan.rectification.asking import Route, ask
from bihuan.rectification.circumstances import refuse_unless_open, take
from bihuan.rectification.models import Extension
from bihuan.rectification.policy import may, person_of
from bihuan.rectification.rules import ExtensionFacts, ExtensionFault, fault_of_extension, put_off
from bihuan.rectification.terms import NEVER, days_stood_still, extension_terms
from bihuan.rectification.verbs import Verb

EXTENSION_WORDS: Final = {
    ExtensionFault.ALREADY_ASKED: (
        gettext_lazy("已有一份延期申请在审批中。"),
        gettext_lazy("请等待审批结果，或先撤回。"),
    ),
    ExtensionFault.EXPIRED: (
        gettext_lazy("整改期限已过，不能再申请延期。"),
        gettext_lazy("延期要在到期前申请；已逾期的请说明原因并尽快完成。"),
    ),
    ExtensionFault.TOO_LATE_TO_ASK: (
        gettext_lazy("离到期太近，已过申请延期的最后一天。"),
        gettext_lazy("应在规定的提前量以前申请。"),
    ),
    ExtensionFault.TOO_OFTEN: (
        gettext_lazy("延期次数已到规定上限。"),
        gettext_lazy("请按期完成，或申请调整方案、提请协调。"),
    ),
    ExtensionFault.NOT_LATER: (gettext_lazy("新的期限不晚于现在的期限。"), gettext_lazy("请写更晚的日期。")),
    ExtensionFault.TOO_LONG: (
        gettext_lazy("累计延期的时间太长。"),
        gettext_lazy("请缩短，或申请分阶段整改。"),
    ),
}


@action(Verb.ASK_EXTENSION, may=may(Verb.ASK_EXTENSION))
def ask_extension(
    problem: Problem,
    *,
    reason: str,
    new_deadline: date,
    new_plan: str,
    route: Route = (),
    actor: Actor,
) -> Extension:
    """Ask for a later date, before expiry, with the reason and how it will be kept. The first date stays on show."""
    refuse_unless_open(problem, Verb.EXTEND)
    refuse_extension(problem, new_deadline)
    extension = Extension(
        problem=problem,
        round=problem.round,
        reason=refuse_empty(reason, _("理由")),
        asked_by=person_of(actor),
        asked_principal=actor.on_behalf_of,
        asked_on=current().today,
        old_deadline=problem.external_deadline,
        new_deadline=new_deadline,
        new_plan=refuse_empty(new_plan, _("新的安排")),
    )
    with for_the_record():
        title = _("延期至 %(day)s") % {"day": new_deadline.isoformat()}
    extension.approval = ask(Verb.ASK_EXTENSION, problem, extension, title=title, route=route)
    extension.save()
    current().fact(problem, extension=str(extension.pk))
    return extension


def refuse_extension(problem: Problem, new_deadline: date) -> None:
    """Raise the first reason against asking for this date; writes nothing, so that a page may ask too."""
    if problem.external_deadline == NEVER:
        raise Refused(_("这个问题没有期限，不必延期。"))
    terms = extension_terms(problem)
    facts = ExtensionFacts(
        today=today(),
        first_deadline=problem.first_deadline or problem.external_deadline,
        deadline=problem.external_deadline,
        last_day_to_ask=terms.last_day_to_ask,
        new_deadline=new_deadline,
        granted_before=problem.extensions,
        most=terms.most,
        longest=terms.longest_days,
        stood_still=days_stood_still(problem),
        one_is_pending=problem.extensions_asked.filter(state=Extension.State.ASKED).exists(),
    )
    fault = fault_of_extension(facts)
    if fault is not None:
        wrong, right = EXTENSION_WORDS[fault]
        raise Refused(
            wrong,
            accepted=right,
            field="new_deadline",
            fault=fault.value,
            last_day_to_ask=terms.last_day_to_ask.isoformat(),
            most=terms.most,
            longest_days=terms.longest_days,
        )


def extend(extension: Extension) -> None:
    """Inside a reaction: the later date holds; what served the old one is put off with it."""
    problem = extension.problem
    take(problem, Verb.EXTEND)
    old, new = problem.external_deadline, extension.new_deadline
    problem.external_deadline = new
    if problem.internal_deadline is not None:
        problem.internal_deadline = put_off(problem.internal_deadline, old=old, new=new)
    problem.extensions += 1
    current().fact(problem, extension=str(extension.pk), old=old.isoformat(), new=new.isoformat())
    problem.save()
