"""The source's own verdict on a finding, and our answer to it."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from bihuan.journal.action import Actor, Refused, action, current
from bihuan.journal.wording import listed
from bihuan.ledger.findings import obstacle_to_answering
from bihuan.ledger.models import Finding, FindingState
from bihuan.ledger.policy import may_answer
from bihuan.ledger.secrecy import refuse_marks_above
from bihuan.ledger.steps import refuse_empty
from bihuan.ledger.verbs import LedgerVerb


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


@action(LedgerVerb.DRAFT_ANSWER, may=may_answer)
def draft_answer(finding: Finding, *, answer: str, actor: Actor) -> None:
    """Keep the words of an answer that is not given yet; this may be done while its problems are still open."""
    if finding.state == FindingState.ANSWERED:
        raise Refused(_("这条反馈问题已经答复。"), accepted=_("要更正答复的，请重新登记答复。"))
    refuse_marks_above(answer)
    finding.answer = refuse_empty(answer, _("答复"))
    finding.save()


@action(LedgerVerb.ANSWER_FINDING, may=may_answer)
def answer_finding(finding: Finding, *, answer: str, document_no: str, actor: Actor) -> None:
    """Answer the source. Only when every problem the finding raised is closed or otherwise ended."""
    obstacle = obstacle_to_answering(actor, finding)
    if obstacle is not None:
        raise obstacle
    refuse_marks_above(answer)
    finding.answer = refuse_empty(answer, _("答复"))
    finding.answer_document = document_no
    finding.answered_at = current().now
    finding.state = FindingState.ANSWERED
    finding.save()
