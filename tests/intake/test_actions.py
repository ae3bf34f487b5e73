"""From a file handed in to problems in the ledger and a sealed batch, and what is refused on the way."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from django.core.files.storage import storages

from bihuan.files.models import Blob, FileReference
from bihuan.files.policy import may_see
from bihuan.intake import actions
from bihuan.intake.keeping import MARKER, AlreadyReceived
from bihuan.intake.models import Candidate, Disposition, IntakeDocument, Passage
from bihuan.intake.standing import standing_of
from bihuan.intake.unpacking import Handed
from bihuan.intake.verbs import LABELS, IntakeVerb
from bihuan.journal.action import NotVisible, Refused
from bihuan.journal.models import JournalEvent, Payload
from bihuan.journal.vault import open_personal
from bihuan.ledger.models import Batch, Clue, Finding
from tests.intake.conftest import LETTER

if TYPE_CHECKING:
    from tests.organizations.cast import Cast

pytestmark = pytest.mark.django_db

CLUE = "三、其他\n有群众反映，某镇党委书记王某收受企业礼金，插手工程建设。\n"


def nothing_stored() -> bool:
    rows = [IntakeDocument, Passage, Candidate, Blob, FileReference, Clue]
    return not any(model.objects.exists() for model in rows)


def events_of(document: IntakeDocument) -> list[str]:
    return list(
        JournalEvent.objects.filter(stream=document.pk).order_by("seq").values_list("verb", flat=True)
    )


def open_numbers(document: IntakeDocument) -> list[int]:
    return list(Passage.objects.filter(document=document, disposition="").values_list("n", flat=True))


def give_unit(document: IntakeDocument, cast: Cast, *ks: int) -> None:
    for k in ks:
        actions.edit_candidate(
            document, candidate=k, facts={"lead_unit": str(cast.water.pk)}, actor=cast.coordinator.actor
        )


def settle(document: IntakeDocument, cast: Cast) -> None:
    """Everything accounted for and confirmed by the coordinator."""
    give_unit(document, cast, 1, 2, 3)
    actions.confirm_candidates(document, candidates=[1, 2, 3], actor=cast.coordinator.actor)
    actions.accept_proposals(document, passages=open_numbers(document), actor=cast.coordinator.actor)


# ---- taking in ----


def test_every_word_of_the_letter_is_in_a_passage(letter: IntakeDocument) -> None:
    text = "".join(Passage.objects.filter(document=letter).values_list("text", flat=True))
    assert "".join(text.split()) == "".join(LETTER.split())


def test_a_fresh_document_has_no_passage_accounted_for(letter: IntakeDocument, batch: Batch) -> None:
    standing = standing_of(batch)
    assert (standing.unaccounted, standing.accounted, standing.pending) == (11, 0, 3)


def test_receiving_is_one_event(letter: IntakeDocument) -> None:
    assert events_of(letter) == [IntakeVerb.RECEIVE_DOCUMENT]


def test_the_content_is_kept_under_its_digest(letter: IntakeDocument) -> None:
    assert letter.file.blob.sha256 == letter.sha256


def test_the_same_content_under_another_name_is_recognised(
    letter: IntakeDocument, batch: Batch, cast: Cast
) -> None:
    again = list(
        actions.receive_each([Handed("副本.txt", LETTER.encode())], batch, actor=cast.reviewer.actor)
    )
    assert isinstance(again[0].refusal, AlreadyReceived)
    assert again[0].refusal.data["document"] == str(letter.pk)


def test_a_bad_file_costs_only_itself(batch: Batch, cast: Cast) -> None:
    files = [Handed("空.txt", b""), Handed("好.txt", LETTER.encode())]
    results = list(actions.receive_each(files, batch, actor=cast.coordinator.actor))
    assert [result.document is not None for result in results] == [False, True]


def test_all_files_are_tried_before_the_refusal_speaks(batch: Batch, cast: Cast) -> None:
    files = [Handed("空.txt", b""), Handed("好.txt", LETTER.encode())]
    with pytest.raises(Refused) as refused:
        actions.receive_documents(files, batch.code, actor=cast.coordinator.actor)
    assert refused.value.data == {"received": ["好.txt"], "refused": ["空.txt"]}


def test_a_batch_nobody_opened_is_named_in_the_refusal(batch: Batch, cast: Cast) -> None:
    with pytest.raises(Refused, match="NOWHERE"):
        actions.receive_documents([], "NOWHERE", actor=cast.coordinator.actor)


def _docx_bomb() -> bytes:
    written = BytesIO()
    with ZipFile(written, "w", ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", b"0" * 50_000_000)
    return written.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("空.txt", b""),
        ("只有空白.txt", b" \n \n"),
        ("假.pdf", b"\x89PNG\r\n\x1a\n" + b"0" * 100),
        ("截断.pdf", b"%PDF-1.7\n1 0 obj\n<<"),
        ("炸弹.docx", _docx_bomb()),
        ("程序.docx", b"MZ" + b"\x00" * 100),
        ("../逃逸.txt", b"abc"),
        ("机密★反馈意见.txt", LETTER.encode()),
        ("反馈意见.txt", ("机密★10年\n" + LETTER).encode()),
        ("反馈意见.txt", ("份号：000123\n" + LETTER).encode()),
    ],
)
def test_a_refused_file_leaves_nothing_behind(batch: Batch, cast: Cast, name: str, content: bytes) -> None:
    (result,) = actions.receive_each([Handed(name, content)], batch, actor=cast.coordinator.actor)
    assert result.refusal is not None
    assert result.refusal.message
    assert result.refusal.accepted
    assert nothing_stored()


def test_marked_content_never_reaches_the_storage(
    batch: Batch, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        type(storages["default"]), "save", lambda *given: pytest.fail("a marked file was stored")
    )
    monkeypatch.setattr("bihuan.files.store.write", lambda *given: pytest.fail("a marked file was stored"))
    marked = Handed("反馈意见.txt", ("绝密★长期\n" + LETTER).encode())
    list(actions.receive_each([marked], batch, actor=cast.coordinator.actor))


# ---- clues ----


@pytest.fixture
def with_clue(batch: Batch, cast: Cast) -> IntakeDocument:
    files = [Handed("含线索.txt", (LETTER + CLUE).encode())]
    return actions.receive_documents(files, batch, actor=cast.coordinator.actor)[0]


def test_a_clue_is_held_for_its_receiver(with_clue: IntakeDocument, cast: Cast) -> None:
    clue = Clue.objects.get()
    assert clue.receiver == cast.channel_keeper.post
    assert "王某" in str(open_personal(clue.content))


def test_a_marker_stands_where_the_clue_was(with_clue: IntakeDocument) -> None:
    held = Passage.objects.get(document=with_clue, clue__isnull=False)
    assert (held.text, held.disposition) == (MARKER, Disposition.CLUE)


def test_a_clue_stands_in_no_row_event_or_payload(with_clue: IntakeDocument) -> None:
    rows = [
        *Passage.objects.values_list("text", flat=True),
        *Candidate.objects.values_list("text", flat=True),
    ]
    events = [str(event.body) for event in JournalEvent.objects.all()]
    payloads = [bytes(one.content or b"").decode("utf-8", "ignore") for one in Payload.objects.all()]
    assert not [text for text in (*rows, *events, *payloads) if "王某" in text]


def test_the_file_of_a_clue_is_closed_to_the_desks(with_clue: IntakeDocument, cast: Cast) -> None:
    assert not may_see(cast.coordinator.actor, with_clue.file)
    assert may_see(cast.channel_keeper.actor, with_clue.file)


def test_a_clue_is_not_made_into_anything_else(with_clue: IntakeDocument, cast: Cast) -> None:
    held = Passage.objects.get(document=with_clue, clue__isnull=False)
    with pytest.raises(Refused, match="线索"):
        actions.dispose(with_clue, passages=[held.n], disposition="context", actor=cast.coordinator.actor)


def test_a_person_may_hand_a_passage_over_as_a_clue(letter: IntakeDocument, cast: Cast) -> None:
    words = Passage.objects.get(document=letter, n=5).text
    actions.dispose(letter, passages=[5], disposition="clue", actor=cast.coordinator.actor)
    assert open_personal(Clue.objects.get().content) == words
    assert Passage.objects.get(document=letter, n=5).text == MARKER


# ---- disposing ----


def test_a_disposition_names_who_decided(letter: IntakeDocument, cast: Cast) -> None:
    actions.dispose(letter, passages=[3], disposition="context", actor=cast.coordinator.actor)
    assert Passage.objects.get(document=letter, n=3).decided_by == cast.coordinator.person.pk


@pytest.mark.parametrize("disposition", ["not_a_problem", "duplicate"])
def test_some_dispositions_need_a_reason(letter: IntakeDocument, cast: Cast, disposition: str) -> None:
    with pytest.raises(Refused) as refused:
        actions.dispose(letter, passages=[3], disposition=disposition, actor=cast.coordinator.actor)
    assert refused.value.field == "reason"


def test_a_word_that_is_no_disposition_is_refused_with_those_that_are(
    letter: IntakeDocument, cast: Cast
) -> None:
    with pytest.raises(Refused, match="背景"):
        actions.dispose(letter, passages=[3], disposition="whatever", actor=cast.coordinator.actor)


def test_a_passage_the_document_does_not_have_is_refused(letter: IntakeDocument, cast: Cast) -> None:
    with pytest.raises(Refused, match="999"):
        actions.dispose(letter, passages=[3, 999], disposition="context", actor=cast.coordinator.actor)
    assert 3 in open_numbers(letter)


def test_what_somebody_else_decided_meanwhile_is_not_overwritten(letter: IntakeDocument, cast: Cast) -> None:
    actions.dispose(letter, passages=[3], disposition="context", actor=cast.coordinator.actor)
    with pytest.raises(Refused, match="背景"):
        actions.dispose(
            letter, passages=[3], disposition="praise", shown={"3": ""}, actor=cast.reviewer.actor
        )


def test_calling_a_passage_a_problem_proposes_a_candidate(letter: IntakeDocument, cast: Cast) -> None:
    actions.dispose(letter, passages=[5], disposition="problem", actor=cast.coordinator.actor)
    made = Candidate.objects.get(document=letter, k=4)
    assert made.passages == [5]
    assert made.values["sector"]


def test_a_passage_that_is_no_problem_takes_its_candidate_with_it(letter: IntakeDocument, cast: Cast) -> None:
    actions.dispose(letter, passages=[8], disposition="context", actor=cast.coordinator.actor)
    assert Candidate.objects.get(document=letter, k=2).state == Candidate.State.DROPPED


def test_proposals_are_accepted_together(letter: IntakeDocument, cast: Cast) -> None:
    settled = actions.accept_proposals(letter, passages=range(1, 12), actor=cast.coordinator.actor)
    assert settled == 11
    assert open_numbers(letter) == []


def test_accepting_leaves_what_is_decided(letter: IntakeDocument, cast: Cast) -> None:
    actions.dispose(letter, passages=[5], disposition="context", actor=cast.coordinator.actor)
    actions.accept_proposals(letter, passages=range(1, 12), actor=cast.coordinator.actor)
    assert Passage.objects.get(document=letter, n=5).disposition == "context"


# ---- candidates ----


def test_editing_keeps_what_the_program_read(letter: IntakeDocument, cast: Cast) -> None:
    actions.edit_candidate(
        letter, candidate=1, facts={"sector": "risk.ecology.water"}, actor=cast.coordinator.actor
    )
    edited = Candidate.objects.get(document=letter, k=1)
    assert edited.values["sector"] == "risk.ecology.water"
    assert edited.proposals["sector"] != "risk.ecology.water"


@pytest.mark.parametrize(
    "facts",
    [
        {"sector": "no.such"},
        {"nature": "no"},
        {"lead_unit": "not-an-id"},
        {"deadline": "明天"},
        {"amount": "很多"},
        {"amount": "-1"},
        {"amount": "NaN"},
        {"colour": "red"},
    ],
)
def test_a_fact_that_cannot_be_is_refused(letter: IntakeDocument, cast: Cast, facts: dict[str, str]) -> None:
    with pytest.raises(Refused):
        actions.edit_candidate(letter, candidate=1, facts=facts, actor=cast.coordinator.actor)
    assert Candidate.objects.get(document=letter, k=1).choices == {}


def test_marks_of_secrecy_are_not_typed_in_either(letter: IntakeDocument, cast: Cast) -> None:
    with pytest.raises(Refused):
        actions.edit_candidate(letter, candidate=1, text="绝密★长期\n内容", actor=cast.coordinator.actor)


def test_a_split_gives_two_problems_and_one_finding(letter: IntakeDocument, cast: Cast) -> None:
    give_unit(letter, cast, 1)
    ks = actions.split_candidate(
        letter,
        candidate=1,
        first={"text": "巡检不到位"},
        second={"text": "漏损率长期超过百分之二十", "title": "漏损率过高"},
        actor=cast.coordinator.actor,
    )
    problems = actions.confirm_candidates(letter, candidates=ks, actor=cast.coordinator.actor)
    assert [problem.title for problem in problems] == ["巡检不到位", "漏损率过高"]
    finding = Finding.objects.get()
    assert finding.text == Passage.objects.get(document=letter, n=7).text.strip()
    assert finding.problem_links.count() == 2


def test_a_merger_gives_one_problem_and_keeps_both_findings(letter: IntakeDocument, cast: Cast) -> None:
    k = actions.merge_candidates(letter, candidates=[2, 3], actor=cast.coordinator.actor)
    give_unit(letter, cast, k)
    (problem,) = actions.confirm_candidates(letter, candidates=[k], actor=cast.coordinator.actor)
    links = problem.finding_links.order_by("finding__ordinal")
    assert [link.finding.source_no for link in links] == ["二（二）", "二（三）"]


def test_dropping_opens_the_passages_again(letter: IntakeDocument, cast: Cast) -> None:
    actions.accept_proposals(letter, passages=[8], actor=cast.coordinator.actor)
    actions.drop_candidate(letter, candidate=2, reason="已在上轮整改", actor=cast.coordinator.actor)
    assert 8 in open_numbers(letter)


def test_a_problem_left_out_is_added_by_hand(letter: IntakeDocument, cast: Cast) -> None:
    k = actions.add_candidate(letter, passages=[9], title="没有开展实战演练", actor=cast.coordinator.actor)
    assert Candidate.objects.get(document=letter, k=k).title == "没有开展实战演练"


# ---- who may ----


@pytest.mark.parametrize(
    "who", ["outsider", "handler", "principal", "system_administrator", "source_authority"]
)
def test_for_others_intake_does_not_exist(letter: IntakeDocument, cast: Cast, who: str) -> None:
    actor = cast.players[who].actor
    with pytest.raises(NotVisible):
        actions.dispose(letter, passages=[3], disposition="context", actor=actor)


def test_every_verb_has_a_label() -> None:
    assert set(LABELS) == set(IntakeVerb)
