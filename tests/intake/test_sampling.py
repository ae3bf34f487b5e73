"""The second person looks at a sample: drawn by nobody's choice, answered one by one, and the seal rests on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bihuan.intake import actions
from bihuan.intake.models import Candidate, IntakeDocument, Passage, SampledPassage, SealSample
from bihuan.intake.standing import standing_of
from bihuan.intake.unpacking import Handed
from bihuan.intake.verbs import IntakeVerb
from bihuan.journal.action import Actor, NotVisible, Refused, action, anyone_signed_in
from bihuan.journal.models import JournalEvent, Payload
from bihuan.journal.vault import content_of
from bihuan.journal.verify.whole import verify_journal
from bihuan.ledger.models import Batch
from bihuan.organizations import actions as organizations
from bihuan.organizations.models import Role
from bihuan.policies.actions import enact
from tests.intake.sealing import agree, draw, places_of, seal
from tests.intake.test_actions import CLUE, settle

if TYPE_CHECKING:
    from tests.organizations.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def reviewed(letter: IntakeDocument, cast: Cast) -> IntakeDocument:
    """The letter, everything decided by the coordinator."""
    settle(letter, cast)
    return letter


@pytest.fixture
def second(cast: Cast) -> Actor:
    """Somebody else of the office who may review."""
    organizations.grant_role(cast.channel_keeper.post, role=Role.REVIEWER, actor=cast.system)
    return cast.channel_keeper.actor


def drawn(sample: SealSample) -> set[int]:
    return set(SampledPassage.objects.filter(sample=sample).values_list("passage__n", flat=True))


def differ(batch: Batch, cast: Cast, n: int, reason: str = "这句是问题") -> None:
    place = SampledPassage.objects.get(sample__batch=batch, sample__number=1, passage__n=n).place
    actions.check_passages(batch, places=[place], agrees=False, reason=reason, actor=cast.reviewer.actor)


# ---- drawing ----


def test_nothing_is_drawn_while_something_is_open(letter: IntakeDocument, batch: Batch, cast: Cast) -> None:
    with pytest.raises(Refused, match="先交代 11 段"):
        actions.draw_sample(batch, actor=cast.reviewer.actor)


def test_who_decided_does_not_draw(reviewed: IntakeDocument, batch: Batch, cast: Cast) -> None:
    with pytest.raises(Refused, match="参与过"):
        actions.draw_sample(batch, actor=cast.coordinator.actor)


def test_for_others_there_is_nothing_to_draw(reviewed: IntakeDocument, batch: Batch, cast: Cast) -> None:
    with pytest.raises(NotVisible):
        actions.draw_sample(batch, actor=cast.outsider.actor)


def test_the_sample_keeps_to_the_policy(reviewed: IntakeDocument, batch: Batch, cast: Cast) -> None:
    sample = draw(batch, cast.reviewer.actor)
    assert (sample.total, len(drawn(sample)), sample.rule["least"]) == (11, 10, 10)


def test_a_policy_of_the_office_decides_how_many(reviewed: IntakeDocument, batch: Batch, cast: Cast) -> None:
    body = {"percent": 1, "least": 1, "most": 1, "dropped_weight": 1}
    enact(code="seal_sample", jurisdiction=cast.city, body=body, actor=cast.coordinator.actor)
    sample = draw(batch, cast.reviewer.actor)
    dispositions = set(Passage.objects.filter(document=reviewed).values_list("disposition", flat=True))
    assert len(drawn(sample)) == len(dispositions)


def test_asking_again_gives_the_same_sample(reviewed: IntakeDocument, batch: Batch, cast: Cast) -> None:
    first, again = draw(batch, cast.reviewer.actor), draw(batch, cast.reviewer.actor)
    assert (again.pk, JournalEvent.objects.filter(verb=IntakeVerb.DRAW_SAMPLE).count()) == (first.pk, 1)


def test_another_person_draws_another_sample(
    reviewed: IntakeDocument, batch: Batch, cast: Cast, second: Actor
) -> None:
    first = draw(batch, cast.reviewer.actor)
    another = draw(batch, second)
    assert (another.number, another.seed != first.seed) == (2, True)
    with pytest.raises(Refused, match="另一位同志"):
        actions.check_passages(batch, places=[1], agrees=True, actor=cast.reviewer.actor)


def test_a_held_clue_is_in_no_sample(batch: Batch, cast: Cast) -> None:
    [document] = actions.receive_documents(
        [Handed("信.txt", CLUE.encode())], batch, actor=cast.coordinator.actor
    )
    rest = document.passages.filter(disposition="").values_list("n", flat=True)
    actions.dispose(document, passages=list(rest), disposition="context", actor=cast.coordinator.actor)
    sample = draw(batch, cast.reviewer.actor)
    held = set(Passage.objects.filter(clue__isnull=False).values_list("n", flat=True))
    assert held
    assert not held & drawn(sample)


# ---- answering ----


def test_a_difference_says_why(reviewed: IntakeDocument, batch: Batch, cast: Cast) -> None:
    draw(batch, cast.reviewer.actor)
    with pytest.raises(Refused, match="哪里不一致"):
        actions.check_passages(batch, places=[1], agrees=False, actor=cast.reviewer.actor)


def test_a_place_the_sample_does_not_have_is_refused(
    reviewed: IntakeDocument, batch: Batch, cast: Cast
) -> None:
    draw(batch, cast.reviewer.actor)
    with pytest.raises(Refused, match="没有第 99 段"):
        actions.check_passages(batch, places=[1, 99], agrees=True, actor=cast.reviewer.actor)


def test_a_difference_opens_the_passage_again(reviewed: IntakeDocument, batch: Batch, cast: Cast) -> None:
    sample = draw(batch, cast.reviewer.actor)
    n = min(drawn(sample))
    differ(batch, cast, n)
    passage = Passage.objects.get(document=reviewed, n=n)
    assert (passage.disposition, passage.decided_by, passage.reason) == ("", None, "这句是问题")
    assert standing_of(batch).unaccounted == 1


def test_a_difference_is_not_taken_back(reviewed: IntakeDocument, batch: Batch, cast: Cast) -> None:
    sample = draw(batch, cast.reviewer.actor)
    differ(batch, cast, min(drawn(sample)))
    with pytest.raises(Refused, match="已退回重新交代"):
        actions.check_passages(batch, places=[1], agrees=True, actor=cast.reviewer.actor)


def test_what_was_decided_anew_meanwhile_is_not_answered_for(
    reviewed: IntakeDocument, batch: Batch, cast: Cast
) -> None:
    sample = draw(batch, cast.reviewer.actor)
    row = SampledPassage.objects.filter(sample=sample).exclude(disposition="problem").first()
    actions.dispose(
        reviewed, passages=[row.passage.n], disposition="measure_taken", actor=cast.coordinator.actor
    )
    with pytest.raises(Refused, match="又有改动"):
        actions.check_passages(batch, places=[row.place], agrees=True, actor=cast.reviewer.actor)


# ---- sealing on it ----


def test_no_seal_without_a_sample(reviewed: IntakeDocument, batch: Batch, cast: Cast) -> None:
    with pytest.raises(Refused, match="还没有抽取样本"):
        actions.seal_batch(batch, actor=cast.reviewer.actor)


def test_no_seal_before_every_answer(reviewed: IntakeDocument, batch: Batch, cast: Cast) -> None:
    sample = draw(batch, cast.reviewer.actor)
    actions.check_passages(batch, places=places_of(sample)[1:], agrees=True, actor=cast.reviewer.actor)
    with pytest.raises(Refused, match="还有 1 段没有复核"):
        actions.seal_batch(batch, actor=cast.reviewer.actor)


def test_no_seal_on_a_sample_the_batch_has_left_behind(
    reviewed: IntakeDocument, batch: Batch, cast: Cast
) -> None:
    agree(batch, cast.reviewer.actor)
    actions.dispose(reviewed, passages=[1], disposition="metadata", actor=cast.coordinator.actor)
    with pytest.raises(Refused, match="又有改动"):
        actions.seal_batch(batch, actor=cast.reviewer.actor)


def test_a_file_taken_in_after_the_draw_belongs_to_a_new_one(
    reviewed: IntakeDocument, batch: Batch, cast: Cast
) -> None:
    agree(batch, cast.reviewer.actor)
    handed = [Handed("补充.txt", "总体情况良好。".encode())]
    [more] = actions.receive_documents(handed, batch, actor=cast.coordinator.actor)
    actions.dispose(more, passages=[1], disposition="praise", actor=cast.coordinator.actor)
    with pytest.raises(Refused, match="又有改动"):
        actions.seal_batch(batch, actor=cast.reviewer.actor)


def test_after_a_difference_it_takes_a_new_review_and_a_new_sample(
    reviewed: IntakeDocument, batch: Batch, cast: Cast
) -> None:
    n = min(drawn(draw(batch, cast.reviewer.actor)))
    differ(batch, cast, n)
    with pytest.raises(Refused, match="先交代 1 段"):
        actions.seal_batch(batch, actor=cast.reviewer.actor)
    actions.dispose(reviewed, passages=[n], disposition="context", actor=cast.coordinator.actor)
    with pytest.raises(Refused, match="复核有不一致"):
        actions.seal_batch(batch, actor=cast.reviewer.actor)
    again = agree(batch, cast.reviewer.actor)
    assert (again.number, n in drawn(again)) == (2, True)
    actions.seal_batch(batch, actor=cast.reviewer.actor)
    batch.refresh_from_db()
    assert batch.state == Batch.State.SEALED


def test_who_had_decided_what_was_sent_back_does_not_seal(
    reviewed: IntakeDocument, batch: Batch, cast: Cast, second: Actor
) -> None:
    """A passage that was sent back forgets who decided it; the sample does not."""
    # All of them are drawn: left to the lot, the one that is sent back would now and then not be among them.
    body = {"percent": 100, "least": 20, "most": 20, "dropped_weight": 1}
    enact(code="seal_sample", jurisdiction=cast.city, body=body, actor=cast.coordinator.actor)
    only = Passage.objects.filter(document=reviewed, disposition="praise").get().n
    actions.dispose(reviewed, passages=[only], disposition="context", actor=second)
    draw(batch, cast.reviewer.actor)
    differ(batch, cast, only)
    actions.dispose(reviewed, passages=[only], disposition="praise", actor=cast.coordinator.actor)
    with pytest.raises(Refused, match="参与过"):
        actions.draw_sample(batch, actor=second)


def test_the_seal_keeps_seed_and_answers_in_its_event(
    reviewed: IntakeDocument, batch: Batch, cast: Cast
) -> None:
    sample = draw(batch, cast.reviewer.actor)
    seal(batch, cast.reviewer.actor)  # draws again and gets the same
    said = JournalEvent.objects.get(stream=batch.pk, verb=IntakeVerb.SEAL_BATCH).body["facts"]["sample"]
    assert (said["seed"], said["again"]) == (sample.seed, [])
    assert [answer for _key, answer in said["answers"]] == ["agrees"] * 10


def test_the_journal_of_a_difference_and_a_seal_holds(
    reviewed: IntakeDocument, batch: Batch, cast: Cast
) -> None:
    n = min(drawn(draw(batch, cast.reviewer.actor)))
    differ(batch, cast, n)
    actions.dispose(reviewed, passages=[n], disposition="context", actor=cast.coordinator.actor)
    seal(batch, cast.reviewer.actor)
    assert verify_journal(processes=1, done={}, progress=lambda *_: None).wrong == []


def test_a_difference_that_quotes_a_clue_goes_with_its_words(
    reviewed: IntakeDocument, batch: Batch, cast: Cast
) -> None:
    """What the second person wrote about a passage that turns out to be a clue lies in the batch's stream."""
    words = "取得明显成效"
    passage = Passage.objects.get(document=reviewed, disposition="praise")
    draw(batch, cast.reviewer.actor)
    differ(batch, cast, passage.n, f"“{words}”说的是个人")
    actions.dispose(
        reviewed, passages=[passage.n], disposition="clue", reason=words, actor=cast.coordinator.actor
    )
    kept = [str(row) for model in (Passage, SampledPassage) for row in model.objects.values()]
    kept += [str(content_of(payload)) for payload in Payload.objects.filter(holder=None)]
    assert [text for text in kept if words in text] == []
    assert verify_journal(processes=1, done={}, progress=lambda *_: None).wrong == []


# ---- what still stands in the way ----


@pytest.mark.parametrize("read", [None, "", "unit", "absent"])
@pytest.mark.parametrize("chosen", [None, "", "unit", "absent"])
def test_a_candidate_without_unit_is_counted_as_its_values_say(
    letter: IntakeDocument, batch: Batch, cast: Cast, read: str | None, chosen: str | None
) -> None:
    """The count is made by the database; what a choice means is said in `Candidate.values`."""
    candidate = Candidate.objects.get(document=letter, k=1)
    others = Candidate.objects.filter(document=letter).exclude(k=1)
    elsewhere = sum(not other.values.get("lead_unit") for other in others)
    candidate.proposals = {} if read == "absent" else {"lead_unit": read}
    candidate.choices = {} if chosen == "absent" else {"lead_unit": chosen}
    missing = not candidate.values.get("lead_unit")
    rewrite(candidates=[candidate], actor=cast.system)
    assert standing_of(batch).without_unit == elsewhere + missing


@action("intake.test_rewrite", may=anyone_signed_in)
def rewrite(*, candidates: list[Candidate], actor: Actor) -> None:
    for candidate in candidates:
        candidate.save()
