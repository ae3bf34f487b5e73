"""From a confirmed candidate to a sealed batch, and what of it may be undone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bihuan.intake import actions
from bihuan.intake.models import Candidate, Disposition, IntakeDocument, Passage
from bihuan.intake.standing import standing_of
from bihuan.intake.unpacking import Handed
from bihuan.intake.verbs import IntakeVerb
from bihuan.journal.action import NotAllowed, Refused
from bihuan.journal.models import JournalEvent
from bihuan.ledger.models import Batch, Finding, Problem
from tests.intake.sealing import seal
from tests.intake.test_actions import open_numbers, settle

if TYPE_CHECKING:
    from tests.organizations.cast import Cast

pytestmark = pytest.mark.django_db


# ---- confirming ----


def test_a_confirmed_candidate_stands_in_the_ledger(letter: IntakeDocument, cast: Cast, batch: Batch) -> None:
    (problem,) = actions.confirm_candidates(letter, candidates=[1], actor=cast.coordinator.actor)
    finding = Finding.objects.get()
    assert problem.problem_no.startswith("ZG-")
    assert (problem.lead_unit, problem.batch, problem.external_deadline) == (
        cast.water,
        batch,
        batch.deadline,
    )
    assert (finding.source_no, finding.heading) == ("二（一）", ["二、存在的主要问题"])
    assert finding.text == Passage.objects.get(document=letter, n=7).text.strip()


def test_confirming_accounts_for_the_passages(letter: IntakeDocument, cast: Cast) -> None:
    actions.confirm_candidates(letter, candidates=[1], actor=cast.coordinator.actor)
    assert Passage.objects.get(document=letter, n=7).disposition == Disposition.PROBLEM


def test_one_incomplete_candidate_stops_them_all(letter: IntakeDocument, cast: Cast) -> None:
    with pytest.raises(Refused, match="牵头单位") as refused:
        actions.confirm_candidates(letter, candidates=[1, 2], actor=cast.coordinator.actor)
    assert refused.value.data["lacking"] == {"2": ["牵头单位"]}
    assert not Problem.objects.exists()
    assert not Finding.objects.exists()


def test_one_event_for_each_changed_stream(letter: IntakeDocument, cast: Cast) -> None:
    actions.confirm_candidates(letter, candidates=[1], actor=cast.coordinator.actor)
    made = JournalEvent.objects.filter(verb=IntakeVerb.CONFIRM_CANDIDATES)
    assert sorted(made.values_list("kind", flat=True)) == ["finding", "intake_document", "problem"]


def test_a_candidate_is_confirmed_once(letter: IntakeDocument, cast: Cast) -> None:
    actions.confirm_candidates(letter, candidates=[1], actor=cast.coordinator.actor)
    with pytest.raises(Refused, match="已确认"):
        actions.confirm_candidates(letter, candidates=[1], actor=cast.reviewer.actor)


def test_a_retried_confirmation_gives_the_same_problem(letter: IntakeDocument, cast: Cast) -> None:
    confirm = actions.confirm_candidates.call(key="click-1")
    first = confirm(letter, candidates=[1], actor=cast.coordinator.actor)
    assert confirm(letter, candidates=[1], actor=cast.coordinator.actor) == first
    assert Problem.objects.count() == 1


def test_a_passage_in_the_ledger_is_not_called_something_else(letter: IntakeDocument, cast: Cast) -> None:
    actions.confirm_candidates(letter, candidates=[1], actor=cast.coordinator.actor)
    with pytest.raises(Refused, match="已经入账"):
        actions.dispose(letter, passages=[7], disposition="context", actor=cast.coordinator.actor)


# ---- undoing ----


def test_undo_takes_back_ones_last_decision(letter: IntakeDocument, cast: Cast) -> None:
    actions.accept_proposals(letter, passages=[1, 2, 3], actor=cast.coordinator.actor)
    actions.dispose(letter, passages=[5], disposition="context", actor=cast.coordinator.actor)
    assert actions.undo(letter, actor=cast.coordinator.actor) == IntakeVerb.DISPOSE
    assert open_numbers(letter) == [4, 5, 6, 7, 8, 9, 10, 11]


def test_undo_twice_takes_back_two(letter: IntakeDocument, cast: Cast) -> None:
    actions.accept_proposals(letter, passages=[1, 2, 3], actor=cast.coordinator.actor)
    actions.dispose(letter, passages=[5], disposition="context", actor=cast.coordinator.actor)
    actions.undo(letter, actor=cast.coordinator.actor)
    actions.undo(letter, actor=cast.coordinator.actor)
    assert len(open_numbers(letter)) == 11


def test_undo_gives_back_a_dropped_candidate(letter: IntakeDocument, cast: Cast) -> None:
    actions.drop_candidate(letter, candidate=2, actor=cast.coordinator.actor)
    actions.undo(letter, actor=cast.coordinator.actor)
    assert Candidate.objects.get(document=letter, k=2).state == Candidate.State.PROPOSED


def test_undo_of_a_split_puts_the_whole_back(letter: IntakeDocument, cast: Cast) -> None:
    actions.split_candidate(
        letter, candidate=1, first={"text": "甲"}, second={"text": "乙"}, actor=cast.coordinator.actor
    )
    actions.undo(letter, actor=cast.coordinator.actor)
    states = Candidate.objects.filter(document=letter, k__in=[1, 4, 5]).values_list("state", flat=True)
    assert list(states) == ["proposed", "dropped", "dropped"]


def test_undo_never_takes_back_what_another_did_since(letter: IntakeDocument, cast: Cast) -> None:
    actions.dispose(letter, passages=[5], disposition="context", actor=cast.coordinator.actor)
    actions.dispose(letter, passages=[5], disposition="praise", actor=cast.reviewer.actor)
    with pytest.raises(Refused, match="别人又改过"):
        actions.undo(letter, actor=cast.coordinator.actor)


def test_what_entered_the_ledger_is_not_undone_here(letter: IntakeDocument, cast: Cast) -> None:
    actions.confirm_candidates(letter, candidates=[1], actor=cast.coordinator.actor)
    with pytest.raises(Refused, match="没有可以撤销"):
        actions.undo(letter, actor=cast.coordinator.actor)


# ---- sealing ----


def test_a_batch_is_not_sealed_while_something_is_open(
    letter: IntakeDocument, batch: Batch, cast: Cast
) -> None:
    with pytest.raises(Refused) as refused:
        actions.seal_batch(batch, actor=cast.reviewer.actor)
    assert (refused.value.data["unaccounted"], refused.value.data["pending"]) == (11, 3)


def test_an_empty_batch_is_not_sealed(batch: Batch, cast: Cast) -> None:
    with pytest.raises(Refused, match="没有收下任何文件"):
        actions.seal_batch(batch, actor=cast.reviewer.actor)


def test_who_decided_does_not_seal(letter: IntakeDocument, batch: Batch, cast: Cast) -> None:
    settle(letter, cast)
    with pytest.raises(Refused, match="参与过"):
        actions.seal_batch(batch, actor=cast.coordinator.actor)


def test_a_second_person_seals(letter: IntakeDocument, batch: Batch, cast: Cast) -> None:
    settle(letter, cast)
    seal(batch, cast.reviewer.actor)
    batch.refresh_from_db()
    assert (batch.state, batch.sealed_by) == (Batch.State.SEALED, cast.reviewer.person.pk)
    event = JournalEvent.objects.get(stream=batch.pk, verb=IntakeVerb.SEAL_BATCH)
    assert event.body["facts"]["passages"] == 11


def test_nothing_changes_after_the_seal(letter: IntakeDocument, batch: Batch, cast: Cast) -> None:
    settle(letter, cast)
    seal(batch, cast.reviewer.actor)
    for attempt in (
        lambda: actions.dispose(letter, passages=[5], disposition="context", actor=cast.coordinator.actor),
        lambda: actions.undo(letter, actor=cast.coordinator.actor),
        lambda: actions.receive_documents([Handed("补.txt", b"abc")], batch, actor=cast.coordinator.actor),
        lambda: actions.draw_sample(batch, actor=cast.reviewer.actor),
        lambda: actions.check_passages(batch, places=[1], agrees=True, actor=cast.reviewer.actor),
        lambda: actions.seal_batch(batch, actor=cast.reviewer.actor),
    ):
        with pytest.raises(Refused, match="已经封账"):
            attempt()


def test_the_program_does_not_seal(letter: IntakeDocument, batch: Batch, cast: Cast) -> None:
    settle(letter, cast)
    with pytest.raises(NotAllowed):
        actions.seal_batch(batch, actor=cast.system)


def test_a_wrong_file_is_withdrawn_with_a_reason(letter: IntakeDocument, batch: Batch, cast: Cast) -> None:
    actions.withdraw_document(letter, reason="传错了", actor=cast.coordinator.actor)
    assert standing_of(batch).total == 0


def test_a_file_with_problems_in_the_ledger_stays(letter: IntakeDocument, cast: Cast) -> None:
    actions.confirm_candidates(letter, candidates=[1], actor=cast.coordinator.actor)
    with pytest.raises(Refused, match="已有问题入账"):
        actions.withdraw_document(letter, reason="传错了", actor=cast.coordinator.actor)
