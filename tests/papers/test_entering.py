"""What comes back from the document system: number, day and signed copy, corrections, and papers out of use."""

from __future__ import annotations

import datetime as dt
import io

import pytest

from bihuan.files.queries import content_of
from bihuan.journal.errors import NotAllowed, NotVisible, Refused
from bihuan.journal.models import JournalEvent
from bihuan.papers import actions
from tests.papers.conftest import drafted, entered, fresh
from tests.rectification.conftest import upload

pytestmark = pytest.mark.django_db


def hostile():
    """A program that calls itself a scan."""
    content = io.BytesIO(b"MZ\x90\x00" + b"\0" * 200)
    content.name = "签发件.pdf"
    return content


def test_the_number_comes_back_with_its_copy(story):
    paper = drafted(story, story.rectifying())
    entered(story, paper)
    paper = fresh(paper)
    assert (paper.state, paper.document_no, paper.issued_on) == (
        "issued",
        "云整改〔2026〕7号",
        story.clock.today,
    )
    assert paper.entered_by == story.cast.coordinator.person.pk
    assert content_of(paper.signed_copy) == "签发件".encode()


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"document_no": "云整改[2026]07号"}, "云整改〔2026〕7号"),
        ({"document_no": ""}, "如："),
        ({"signed_copy": None}, "上传签发件"),
        ({"issued_on": dt.date(2026, 1, 1)}, "不早于起草日期"),
        ({"issued_on": dt.date(2027, 1, 1)}, "不晚于今天"),
    ],
)
def test_what_is_entered_wrong_is_refused_with_what_is_right(story, more, words):
    paper = drafted(story, story.rectifying())
    with pytest.raises(Refused) as refusal:
        entered(story, paper, **more)
    assert words in str(refusal.value.accepted)
    assert fresh(paper).state == "draft"


def test_a_hostile_copy_is_refused(story):
    paper = drafted(story, story.rectifying())
    with pytest.raises(Refused):
        entered(story, paper, signed_copy=hostile())
    assert fresh(paper).state == "draft"


def test_a_correction_needs_its_reason_and_overwrites_nothing(story):
    paper = drafted(story, story.rectifying())
    entered(story, paper)
    with pytest.raises(Refused, match="更正理由"):
        entered(story, fresh(paper), document_no="云整改〔2026〕8号", signed_copy=None)
    entered(story, fresh(paper), document_no="云整改〔2026〕8号", signed_copy=None, reason="序号抄错。")
    assert fresh(paper).document_no == "云整改〔2026〕8号"
    assert fresh(paper).signed_copy_id
    said = [event.body for event in JournalEvent.objects.filter(stream=paper.pk).order_by("seq")]
    assert [body["verb"] for body in said] == [
        "papers.draft_paper",
        "papers.enter_document_no",
        "papers.enter_document_no",
    ]


def test_a_number_is_used_once(story):
    entered(story, drafted(story, story.rectifying()))
    with pytest.raises(Refused, match="已用于"):
        entered(story, drafted(story, story.rectifying()))


def test_a_form_may_have_no_number_of_theirs(story):
    paper = drafted(story, story.rectifying(), kind="supervision_form")
    entered(story, paper, document_no="")
    assert (fresh(paper).state, fresh(paper).document_no) == ("issued", "")


def test_who_may_not_draft_may_not_enter(story):
    paper = drafted(story, story.rectifying())
    draft = drafted(story, story.rectifying())
    entered(story, paper)
    cases = (
        (fresh(paper), story.cast.handler, NotAllowed),
        (fresh(paper), story.cast.outsider, NotVisible),
        (draft, story.cast.handler, NotVisible),
    )
    for paper, player, refusal in cases:
        with pytest.raises(refusal):
            actions.enter_document_no(
                paper,
                document_no="云整改〔2026〕7号",
                issued_on=story.clock.today,
                signed_copy=upload("签发件"),
                actor=player.actor,
            )
        with pytest.raises(refusal):
            actions.void_paper(paper, reason="不用了", actor=player.actor)


def test_what_was_issued_or_voided_is_not_drafted_again(story):
    paper = drafted(story, story.rectifying())
    entered(story, paper)
    with pytest.raises(Refused, match="已印发"):
        actions.redraft_paper(fresh(paper), actor=story.cast.coordinator.actor)
    with pytest.raises(Refused, match="作废理由"):
        actions.void_paper(fresh(paper), reason=" ", actor=story.cast.coordinator.actor)
    actions.void_paper(fresh(paper), reason="重复行文。", actor=story.cast.coordinator.actor)
    assert fresh(paper).state == "void"
    with pytest.raises(Refused, match="作废"):
        entered(story, fresh(paper))
