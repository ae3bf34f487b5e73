"""A holder and a stand-in press the same button in the same moment."""

from __future__ import annotations

import threading
import uuid

from django.db import connections

from bihuan.approvals import actions
from bihuan.approvals.matters import register_matter
from bihuan.approvals.models import Approval, ApprovalState, StepState
from bihuan.journal.action import Refused, anyone_signed_in
from tests.organizations.cast import build_cast

MATTER = "tests.matter"
HANDS = 4


def test_a_step_is_decided_once(committed):
    register_matter(MATTER, label="试办事项", may_ask=anyone_signed_in)
    cast = build_cast()
    approval = actions.request_approval(
        matter=MATTER,
        subject_kind="batch",
        subject=uuid.uuid4(),
        title="第一批问题交办",
        route=[("审核", cast.reviewer.post), ("签批", cast.decider.post)],
        actor=cast.coordinator.actor,
    )
    start = threading.Barrier(HANDS)
    outcomes: list[str] = []

    def press() -> None:
        try:
            start.wait(timeout=30)
            actions.decide(Approval.objects.get(pk=approval.pk), opinion="同意", actor=cast.reviewer.actor)
            outcomes.append("done")
        except Refused as refused:
            outcomes.append(type(refused).__name__)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=press) for _ in range(HANDS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert (outcomes.count("done"), len(outcomes)) == (1, HANDS)
    approval.refresh_from_db()
    assert approval.state == ApprovalState.PENDING
    assert [step.state for step in approval.steps.all()] == [StepState.DONE, StepState.PENDING]
