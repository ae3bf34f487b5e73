"""The circular of a call is an official paper: drafted by one act, numbered and signed elsewhere, read by whom it is sent to."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO

import docx
import pytest
from django.urls import reverse

from bihuan.files.queries import content_of
from bihuan.journal.action import NotAllowed, NotVisible, Refused
from bihuan.journal.verify.whole import verify_journal
from bihuan.ledger import actions as ledger
from bihuan.papers import actions as papers
from bihuan.papers.models import Paper
from bihuan.papers.queries import papers_seen
from bihuan.rectification import actions as do
from bihuan.reviews.actions import conclude_review, withdraw_review
from bihuan.reviews.circular import draft_circular
from bihuan.reviews.models import MonthlyReview
from bihuan.reviews.requests import ask_coordination
from tests.documents.opening import sound
from tests.rectification.conftest import fresh, upload
from tests.reviews.calls import sheet_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("uncollected_static")]


def drafted(story, review, **more):
    facts = {"demand": "各单位要逐件核实，按期报送。"} | more
    made = draft_circular(now(review), **facts, actor=story.cast.coordinator.actor)
    return Paper.objects.get(pk=made.pk)


def now(review):
    return MonthlyReview.objects.select_related("jurisdiction").get(pk=review.pk)


def document(paper):
    return docx.Document(BytesIO(sound(content_of(paper.draft))))


def sent(story, paper):
    papers.enter_document_no(
        paper, document_no="云整改〔2026〕9号", issued_on=story.clock.today, signed_copy=upload("签发件"),
        actor=story.cast.coordinator.actor,
    )  # fmt: skip


def asked_in_sheet(story, issued, plain):
    return ask_coordination(
        plain, matter="占道许可未批，联系人电话13812345678。", sheet=sheet_of(issued, story.cast.water),
        actor=story.cast.handler.actor,
    )  # fmt: skip


def test_it_is_an_official_paper_to_every_called_unit(issued, story, plain):
    paper = drafted(story, issued)
    assert (paper.kind, paper.document_kind, paper.state) == ("review_circular", "circular", "draft")
    assert paper.title == "关于在办问题月调度情况的通报"
    assert [one["name"] for one in paper.addressed_to] == ["市水务局"]
    assert paper.about == issued.pk
    assert "应报1个单位，已报0个。" in paper.text
    assert paper.text.splitlines()[-1] == "特此通报。"
    assert "各单位要逐件核实" in paper.text
    said = "\n".join(one.text for one in document(paper).paragraphs)
    assert "亮灯表" in said
    assert document(paper).tables[0].rows[1].cells[0].text == "市水务局"
    assert verify_journal(processes=1, done={}, progress=lambda *_: None).wrong == []


def test_requests_stand_in_an_annex_and_persons_are_masked(issued, story, plain):
    asked_in_sheet(story, issued, plain)
    paper = drafted(story, issued)
    assert "本次提请协调1件：已解决0件，已答复待确认0件，待答复1件，清单附后。" in paper.text
    row = [cell.text for cell in document(paper).tables[1].rows[1].cells]
    assert row[1:3] == ["市水务局", plain.problem_no]
    assert "占道许可未批" in row[3]
    assert "13812345678" not in row[3]


def test_it_is_drafted_once_and_anew_only_when_voided(issued, story):
    paper = drafted(story, issued)
    with pytest.raises(Refused, match="已经有通报"):
        drafted(story, issued)
    papers.void_paper(paper, reason="作废重拟。", actor=story.cast.coordinator.actor)
    assert drafted(story, issued).pk != paper.pk


def test_drafted_again_it_tells_of_today(issued, story, problem):
    paper = drafted(story, issued)
    assert "没有登记涉及资金" in paper.text
    office = story.cast.coordinator.actor
    ledger.edit_facts(fresh([problem])[0], changes={"amount": Decimal("100000.00")}, actor=office)
    do.record_money(
        fresh([problem])[0], way="returned", amount=Decimal("4.5"), unit="wan", on=story.clock.today,
        document_no="回单 1", actor=story.cast.handler.actor,
    )  # fmt: skip
    papers.redraft_paper(paper, actor=office)
    paper.refresh_from_db()
    assert "涉及金额100,000.00元，整改到位45,000.00元，尚未到位55,000.00元" in paper.text
    assert "各单位要逐件核实" in paper.text, "what was typed stays"


def test_a_concluded_call_has_one_and_a_withdrawn_call_none(review, issued, story):
    story.clock.go_on(10)
    conclude_review(now(issued), actor=story.cast.coordinator.actor)
    assert drafted(story, issued).state == "draft"


def test_a_call_that_was_never_out_or_called_back_has_none(review, story):
    with pytest.raises(Refused, match="没有在办"):
        drafted(story, review)
    withdraw_review(now(review), reason="重拟。", actor=story.cast.coordinator.actor)
    with pytest.raises(Refused, match="没有在办"):
        drafted(story, review)


def test_units_read_it_once_it_is_sent_and_nobody_else_does(issued, story, client_as):
    cast, paper = story.cast, drafted(story, issued)
    page = reverse("papers:paper", args=[paper.pk])
    for player, status in ((cast.reviewer, 200), (cast.handler, 404), (cast.outsider, 404)):
        assert client_as(player).get(page).status_code == status
    sent(story, paper)
    for player, seen in ((cast.handler, True), (cast.outsider, False), (cast.sector_handler, False)):
        assert papers_seen(player.actor).filter(pk=paper.pk).exists() is seen
    shown = client_as(cast.handler).get(page)
    assert shown.context["matter"] is None
    assert "起草自" not in shown.content.decode()
    with pytest.raises(NotAllowed):
        papers.void_paper(Paper.objects.get(pk=paper.pk), reason="不要。", actor=cast.handler.actor)


def test_only_the_office_drafts_it_and_only_from_the_call(issued, story, problem, client_as):
    cast = story.cast
    for player in (cast.handler, cast.outsider):
        with pytest.raises(NotVisible):
            draft_circular(now(issued), actor=player.actor)
    with pytest.raises(Refused, match="不从问题起草"):
        papers.draft_paper(
            [problem], kind="review_circular", recipients=[cast.water], actor=cast.coordinator.actor
        )
    choose = client_as(cast.coordinator).get(reverse("papers:choose"), {"pick": problem.pk})
    assert "月调度通报" not in choose.content.decode()


def test_the_call_offers_it_and_then_leads_to_it(issued, story, client_as):
    office = client_as(story.cast.coordinator)
    call, form = (reverse(f"reviews:{name}", args=[issued.pk]) for name in ("review", "circular"))
    assert form in office.get(call).content.decode()
    assert "落款" in office.get(form).content.decode()
    answer = office.post(form, {"demand": "", "signed_by": "云川市整改办"})
    paper = Paper.objects.get()
    assert answer.url == reverse("papers:paper", args=[paper.pk])
    assert paper.signed_by == "云川市整改办"
    after = office.get(call).content.decode()
    assert answer.url in after
    assert form not in after
    assert call in office.get(answer.url).content.decode()
    assert client_as(story.cast.outsider).get(form).status_code == 404
