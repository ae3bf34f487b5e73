"""What the ledger does when an approval it asked for is final."""

from __future__ import annotations

from bihuan.approvals.models import ApprovalState
from bihuan.approvals.outcomes import happened_final
from bihuan.journal.action import current
from bihuan.journal.reactions import Happened, reacts_to
from bihuan.ledger.actions.endings import MATTER
from bihuan.ledger.models import Ending
from bihuan.ledger.steps import step


@reacts_to("approvals.decide", "approvals.confirm_paper_decision")
def apply_ending(happened: Happened) -> None:
    """End the problem as approved, or write down that it was refused."""
    for approval in happened_final(happened, MATTER):
        ending = Ending.objects.select_related("problem", "into").get(approval=approval)
        problem = ending.problem
        act = current()
        act.lock([ending, problem])
        if approval.state != ApprovalState.APPROVED:
            ending.state = Ending.State.REFUSED
            ending.save()
            continue
        step(problem, ending.verb)
        act.fact(problem, verb=ending.verb, approval=str(approval.pk))
        problem.merged_into = ending.into
        problem.referred_to = ending.receiving_body
        problem.ended_document = ending.document_no
        problem.closed_on = act.today
        problem.save()
        ending.state = Ending.State.APPLIED
        ending.save()
