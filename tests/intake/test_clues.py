"""Words set apart as a clue leave nothing behind beside the journal; what is no clue comes back and is not lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bihuan.files.policy import may_see
from bihuan.intake import actions
from bihuan.intake.actions import Handed
from bihuan.intake.keeping import HEADING_MARKER, MARKER
from bihuan.intake.models import Candidate, Disposition, IntakeDocument, Passage
from bihuan.intake.standing import standing_of
from bihuan.journal.action import Refused
from bihuan.journal.models import JournalEvent, Payload
from bihuan.journal.vault import content_of
from bihuan.journal.verify.whole import verify_journal
from bihuan.ledger.actions import hand_over_clue, return_clue
from bihuan.ledger.models import Batch, Clue, ClueState
from tests.intake.conftest import LETTER
from tests.intake.sealing import seal
from tests.intake.test_actions import CLUE, events_of, open_numbers, settle

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bihuan.journal.verify.report import Tally
    from tests.organizations.cast import Cast

pytestmark = pytest.mark.django_db

PROBLEM = 8  # （二）石堰镇水源地保护区内仍有三家养殖场未按期搬迁，粪污直排沟渠，存在饮水安全隐患。
WORDS = "养殖场"


def checked() -> Tally:
    return verify_journal(processes=1, done={}, progress=lambda *_: None)


def everything_kept() -> Iterator[str]:
    """Every text of the document's rows, events and payloads that can still be read without a person's key."""
    for model in (Passage, Candidate):
        for row in model.objects.values():
            yield str(row)
    for event in JournalEvent.objects.all():
        yield str(event.body)
    for payload in Payload.objects.filter(holder=None):
        yield str(content_of(payload))


def mark(letter: IntakeDocument, cast: Cast, *numbers: int) -> Clue:
    actions.dispose(letter, passages=numbers, disposition="clue", actor=cast.coordinator.actor)
    found: Clue = Clue.objects.order_by("pk").last()
    return found


# ---- marked by hand: the words go everywhere ----


def test_the_words_were_there_before(letter: IntakeDocument) -> None:
    assert [text for text in everything_kept() if WORDS in text]


def test_a_passage_marked_by_hand_leaves_its_words_in_no_row_event_or_payload(
    letter: IntakeDocument, cast: Cast
) -> None:
    mark(letter, cast, PROBLEM)
    assert not [text for text in everything_kept() if WORDS in text]


def test_verify_says_erased_and_nothing_wrong(letter: IntakeDocument, cast: Cast) -> None:
    mark(letter, cast, PROBLEM)
    tally = checked()
    assert tally.wrong == []
    assert tally.erased == 1
    hand_over_clue(Clue.objects.get(), receipt_no="纪收〔2026〕3号", actor=cast.channel_keeper.actor)
    assert (checked().wrong, checked().erased) == ([], 2)


def test_words_that_went_through_many_hands_are_gone_too(letter: IntakeDocument, cast: Cast) -> None:
    """Split, merged and put aside before: every candidate that ever stood on the passage forgets it."""
    whole = Candidate.objects.get(document=letter, k=2)
    halves = actions.split_candidate(
        letter,
        candidate=2,
        first={"text": whole.text},
        second={"text": "三家养殖场粪污直排沟渠。"},
        actor=cast.coordinator.actor,
    )
    actions.merge_candidates(letter, candidates=[1, halves[0]], actor=cast.coordinator.actor)
    actions.edit_candidate(
        letter, candidate=halves[1], facts={"site": "石堰镇养殖场"}, actor=cast.coordinator.actor
    )
    actions.dispose(letter, passages=[PROBLEM], disposition="context", actor=cast.coordinator.actor)
    mark(letter, cast, PROBLEM)
    assert not [text for text in everything_kept() if WORDS in text]
    assert checked().wrong == []


def test_a_candidate_that_stands_on_more_goes_on_without_the_words(
    letter: IntakeDocument, cast: Cast
) -> None:
    k = actions.merge_candidates(letter, candidates=[1, 2], actor=cast.coordinator.actor)
    mark(letter, cast, PROBLEM)
    left = Candidate.objects.get(document=letter, k=k)
    assert left.state == Candidate.State.PROPOSED
    assert "管网" in left.title
    assert WORDS not in f"{left.title}{left.text}{left.proposals}"


def test_the_other_passages_keep_their_words_and_stay_provable(letter: IntakeDocument, cast: Cast) -> None:
    mark(letter, cast, PROBLEM)
    kept = "".join(Passage.objects.filter(document=letter).exclude(n=PROBLEM).values_list("text", flat=True))
    assert "管网漏损率" in kept
    assert checked().wrong == []


def test_a_heading_that_is_a_clue_is_not_repeated_below_it(letter: IntakeDocument, cast: Cast) -> None:
    above = Passage.objects.get(document=letter, n=PROBLEM).heading[-1]
    number = Passage.objects.filter(document=letter, text__contains=above).order_by("n")[0].n
    mark(letter, cast, number)
    below = Passage.objects.get(document=letter, n=PROBLEM)
    assert below.heading[-1] == HEADING_MARKER
    assert not [text for text in everything_kept() if above in text]
    assert checked().wrong == []


def test_words_that_stand_in_the_ledger_are_not_hidden_by_intake(letter: IntakeDocument, cast: Cast) -> None:
    settle(letter, cast)
    with pytest.raises(Refused, match="入账"):
        mark(letter, cast, PROBLEM)
    assert not Clue.objects.exists()


def test_two_passages_at_once_are_two_clues(letter: IntakeDocument, cast: Cast) -> None:
    mark(letter, cast, PROBLEM, 9)
    assert Clue.objects.count() == 2
    assert not [text for text in everything_kept() if WORDS in text or "应急预案" in text]
    assert checked().wrong == []


# ---- given back: no problem is lost ----


@pytest.fixture
def with_clue(batch: Batch, cast: Cast) -> IntakeDocument:
    files = [Handed("含线索.txt", (LETTER + CLUE).encode())]
    return actions.receive_documents(files, batch, actor=cast.coordinator.actor)[0]


def give_back(cast: Cast, clue: Clue) -> None:
    return_clue(clue, reason="说的是单位管理问题，不涉及个人", actor=cast.channel_keeper.actor)


def test_what_is_no_clue_is_an_ordinary_passage_again(letter: IntakeDocument, cast: Cast) -> None:
    words = Passage.objects.get(document=letter, n=PROBLEM).text
    clue = mark(letter, cast, PROBLEM)
    give_back(cast, clue)
    passage = Passage.objects.get(document=letter, n=PROBLEM)
    assert (passage.text, passage.disposition, passage.clue) == (words, "", None)
    assert "不涉及个人" in passage.reason


def test_it_is_unaccounted_for_and_has_a_candidate_again(letter: IntakeDocument, cast: Cast) -> None:
    clue = mark(letter, cast, PROBLEM)
    give_back(cast, clue)
    live = Candidate.objects.filter(document=letter, state=Candidate.State.PROPOSED)
    assert PROBLEM in open_numbers(letter)
    assert [one.k for one in live if PROBLEM in one.passages] == [4]


def test_nothing_is_held_any_more_and_the_journal_says_who_and_why(
    letter: IntakeDocument, cast: Cast
) -> None:
    clue = mark(letter, cast, PROBLEM)
    give_back(cast, clue)
    clue.refresh_from_db()
    assert clue.state == ClueState.RETURNED
    payload = Payload.objects.get(pk=clue.content)
    assert payload.content is None
    event = JournalEvent.objects.get(stream=clue.pk, verb="ledger.return_clue")
    assert event.person == cast.channel_keeper.person.pk
    assert events_of(letter)[-1] == "intake.take_back_clue"
    assert checked().wrong == []


def test_the_file_opens_again_for_the_desks(with_clue: IntakeDocument, cast: Cast) -> None:
    assert not may_see(cast.coordinator.actor, with_clue.file)
    for clue in Clue.objects.all():
        give_back(cast, clue)
    assert may_see(cast.coordinator.actor, with_clue.file)


def test_a_sealed_batch_is_open_again_and_can_be_sealed_anew(
    with_clue: IntakeDocument, batch: Batch, cast: Cast
) -> None:
    settle(with_clue, cast)
    seal(batch, cast.reviewer.actor)
    give_back(cast, Clue.objects.get())
    batch.refresh_from_db()
    with_clue.refresh_from_db()
    assert (batch.state, with_clue.state) == (Batch.State.OPEN, IntakeDocument.State.REVIEWING)
    assert standing_of(batch).unaccounted == 1
    with pytest.raises(Refused, match="先交代 1 段"):
        actions.seal_batch(batch, actor=cast.reviewer.actor)
    back = open_numbers(with_clue)
    for candidate in Candidate.objects.filter(document=with_clue, state=Candidate.State.PROPOSED):
        actions.drop_candidate(with_clue, candidate=candidate.k, actor=cast.coordinator.actor)
    actions.dispose(with_clue, passages=back, disposition="context", actor=cast.coordinator.actor)
    seal(batch, cast.reviewer.actor)
    assert checked().wrong == []


def test_what_came_back_may_be_held_again(letter: IntakeDocument, cast: Cast) -> None:
    give_back(cast, mark(letter, cast, PROBLEM))
    mark(letter, cast, PROBLEM)
    assert Passage.objects.get(document=letter, n=PROBLEM).text == MARKER
    assert not [text for text in everything_kept() if WORDS in text]
    assert checked().wrong == []


def test_a_document_goes_once_its_clues_are_settled(with_clue: IntakeDocument, cast: Cast) -> None:
    with pytest.raises(Refused, match="线索"):
        actions.withdraw_document(with_clue, reason="传错", actor=cast.coordinator.actor)
    hand_over_clue(Clue.objects.get(), receipt_no="1", actor=cast.channel_keeper.actor)
    actions.withdraw_document(with_clue, reason="传错", actor=cast.coordinator.actor)
    assert Disposition.CLUE in set(Passage.objects.values_list("disposition", flat=True))
