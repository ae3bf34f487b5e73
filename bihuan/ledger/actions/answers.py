"""The source's own verdict on a finding, and our answer to it."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from bihuan.journal.action import Actor, Refused, action, current
from bihuan.journal.wording import listed
from bihuan.ledger.lifecycle import ENDED_EARLY
from bihuan.ledger.lifecycle_words import State
from bihuan.ledger.models import Finding, FindingState, Problem
from bihuan.ledger.policy import may_answer
from bihuan.ledger.steps import refuse_empty
from bihuan.ledger.verbs import LedgerVerb

SETTLED = frozenset({State.CLOSED, State.STANDING_DUTY, *ENDED_EARLY})


@action(LedgerVerb.RECORD_DETERMINATION, may=may_answer)
def record_determination(
    finding: Finding, *, determination: str, determined_on: date, document_no: str, actor: Actor
) -> None:
    """Write down the source authority's verdict in its own words, with its document."""
    words = finding.batch.source.determinations
    if words and determination not in words:
        raise Refused(
            _("“%(given)s”不是%(source)s的认定用词。")
            % {"given": determination, "source": finding.batch.source.label},
            accepted=listed(words),
            field="determination",
        )
    if determined_on > current().today:
        raise Refused(_("认定日期在将来。"), accepted=_("应是今天或以前。"), field="determined_on")
    finding.determination = refuse_empty(determination, _("认定结果"))
    finding.determined_on = determined_on
    finding.determination_document = document_no
    finding.save()


@action(LedgerVerb.ANSWER_FINDING, may=may_answer)
def answer_finding(finding: Finding, *, answer: str, document_no: str, actor: Actor) -> None:
    """Answer the source. Only when every problem the finding raised is closed or otherwise ended."""
    open_problems = Problem.objects.filter(finding_links__finding=finding).exclude(state__in=SETTLED)
    numbers = list(open_problems.values_list("problem_no", flat=True)[:5])
    if numbers:
        raise Refused(
            _("这条反馈问题还有未办结的问题：%(numbers)s。") % {"numbers": listed(numbers)},
            accepted=_("全部销号或办结以后再答复。"),
        )
    if not finding.problem_links.exists():
        raise Refused(
            _("这条反馈问题还没有登记任何问题。"),
            accepted=_("请先登记问题，或在摸底中说明它为什么不是问题。"),
        )
    finding.answer = refuse_empty(answer, _("答复"))
    finding.answer_document = document_no
    finding.answered_at = current().now
    finding.state = FindingState.ANSWERED
    finding.save()
