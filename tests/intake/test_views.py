"""The pages of intake: who finds them, how they answer, what they show."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from bihuan.intake import actions
from bihuan.intake.models import Candidate, IntakeDocument, Passage
from bihuan.intake.unpacking import Handed
from bihuan.ledger.actions import create_batch, create_channel
from bihuan.ledger.models import Batch, Problem, Source
from tests.intake.conftest import LETTER
from tests.intake.sealing import seal
from tests.intake.test_actions import open_numbers, settle

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client
    from pytest_django import DjangoAssertNumQueries

    from tests.organizations.cast import Cast, Player

    ClientAs = Callable[[Player], Client]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("uncollected_static")]
HTMX = {"HX-Request": "true"}


def review_url(document: IntakeDocument) -> str:
    return reverse("intake:review", args=[document.pk])


def post(client: Client, name: str, document: IntakeDocument, **more: Any) -> Any:
    return client.post(reverse(f"intake:{name}", args=[document.pk]), more)


# ---- who finds the pages ----


def pages_of(batch: Batch, letter: IntakeDocument) -> list[str]:
    k = {"document": letter.pk, "k": 1}
    return [
        reverse("intake:list"),
        reverse("intake:new_batch"),
        reverse("intake:import"),
        reverse("intake:batch", args=[batch.pk]),
        reverse("intake:sample", args=[batch.pk]),
        review_url(letter),
        reverse("intake:withdraw", args=[letter.pk]),
        reverse("intake:add", args=[letter.pk]),
        *(reverse(f"intake:{name}", kwargs=k) for name in ("edit", "split", "drop")),
    ]


def posts_of(batch: Batch, letter: IntakeDocument) -> list[str]:
    names = ("dispose", "accept", "undo", "confirm", "merge")
    return [
        reverse("intake:upload", args=[batch.pk]),
        reverse("intake:draw_sample", args=[batch.pk]),
        reverse("intake:check_passages", args=[batch.pk]),
        *(reverse(f"intake:{name}", args=[letter.pk]) for name in names),
    ]


@pytest.mark.parametrize(
    "who", ["outsider", "handler", "principal", "acceptor", "log_auditor", "channel_keeper"]
)
def test_for_others_no_page_of_intake_exists(
    batch: Batch, letter: IntakeDocument, cast: Cast, client_as: ClientAs, who: str
) -> None:
    client = client_as(cast.players[who])
    statuses = [client.get(url).status_code for url in pages_of(batch, letter)]
    statuses += [client.post(url).status_code for url in posts_of(batch, letter)]
    assert set(statuses) == {404}


def test_the_two_desks_find_every_page(
    batch: Batch, letter: IntakeDocument, cast: Cast, client_as: ClientAs
) -> None:
    for player in (cast.coordinator, cast.reviewer):
        client = client_as(player)
        assert client.get(reverse("intake:seal", args=[batch.pk])).status_code == 302
        assert {client.get(url).status_code for url in pages_of(batch, letter)} == {200}


def test_nobody_signed_in_is_asked_to_sign_in(batch: Batch, letter: IntakeDocument, client: Client) -> None:
    statuses = {client.get(url).status_code for url in pages_of(batch, letter)}
    assert statuses == {302}


def test_what_changes_something_is_not_got(batch: Batch, letter: IntakeDocument, desk: Client) -> None:
    assert {desk.get(url).status_code for url in posts_of(batch, letter)} == {405}


def test_what_only_shows_is_not_posted_to(batch: Batch, letter: IntakeDocument, desk: Client) -> None:
    shown = [reverse("intake:list"), reverse("intake:batch", args=[batch.pk]), review_url(letter)]
    assert {desk.post(url).status_code for url in shown} == {405}


def test_what_is_not_there_is_not_found(desk: Client, batch: Batch, letter: IntakeDocument) -> None:
    missing = [
        reverse("intake:batch", args=[uuid4()]),
        reverse("intake:review", args=[uuid4()]),
        reverse("intake:edit", args=[letter.pk, 99]),
        reverse("intake:page_image", args=[letter.pk, 1]),
        reverse("intake:import_run", args=[batch.pk, uuid4()]),
    ]
    assert {desk.get(url).status_code for url in missing} == {404}


def test_a_restricted_batch_exists_for_its_members_alone(
    batch: Batch, cast: Cast, client_as: ClientAs
) -> None:
    channel = create_channel(
        jurisdiction=cast.city,
        code="Z1",
        name="专线一",
        number_pattern="ZX-{year}-{serial:03}",
        keeper=cast.coordinator.post,
        actor=cast.channel_keeper.actor,
    )
    hidden = create_batch(
        jurisdiction=cast.city,
        code="SECRET-1",
        title="只给少数人看的批次",
        source=Source.objects.get(code="audit"),
        source_authority="某机关",
        received_on=dt.date(2026, 1, 5),
        channel=channel,
        actor=cast.coordinator.actor,
    )
    member, other = client_as(cast.coordinator), client_as(cast.reviewer)
    url = reverse("intake:batch", args=[hidden.pk])
    assert (member.get(url).status_code, other.get(url).status_code) == (200, 404)
    assert "只给少数人看的批次" in member.get(reverse("intake:list")).content.decode()
    assert "只给少数人看的批次" not in other.get(reverse("intake:list")).content.decode()
    assert "SECRET-1" not in other.get(reverse("intake:import")).content.decode()


# ---- batches ----


def test_an_empty_list_says_what_to_do_next(cast: Cast, desk: Client) -> None:
    assert "还没有批次" in desk.get(reverse("intake:list")).content.decode()


def test_a_batch_is_opened_by_its_form(batch: Batch, desk: Client) -> None:
    values = {
        "title": "新批次",
        "code": "NEW-1",
        "source": str(Source.objects.get(code="audit").pk),
        "source_authority": "省审计厅",
        "received_on": "2026-04-01",
    }
    answer = desk.post(reverse("intake:new_batch"), values)
    made = Batch.objects.get(code="NEW-1")
    assert answer["Location"] == reverse("intake:batch", args=[made.pk])


def test_a_code_taken_keeps_what_was_typed(batch: Batch, desk: Client) -> None:
    values = {
        "title": "又一个批次",
        "code": batch.code,
        "source": str(batch.source.pk),
        "source_authority": "省审计厅",
        "received_on": "2026-04-01",
    }
    answer = desk.post(reverse("intake:new_batch"), values)
    assert answer.status_code == 422
    assert "又一个批次" in answer.content.decode()


def test_the_list_asks_as_often_for_ten_batches_as_for_one(
    letter: IntakeDocument, cast: Cast, desk: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(10):
        create_batch(
            jurisdiction=cast.city,
            code=f"B{number}",
            title=f"批次{number}",
            source=Source.objects.get(code="audit"),
            source_authority="某机关",
            received_on=dt.date(2026, 1, 5),
            actor=cast.coordinator.actor,
        )
    with django_assert_max_num_queries(40):
        assert desk.get(reverse("intake:list")).status_code == 200


# ---- files ----


def upload(client: Client, batch: Batch, *files: tuple[str, bytes], **headers: str) -> Any:
    sent = [SimpleUploadedFile(name, content) for name, content in files]
    return client.post(reverse("intake:upload", args=[batch.pk]), {"files": sent}, headers=headers)


def test_several_files_are_sent_at_once(batch: Batch, desk: Client) -> None:
    answer = upload(desk, batch, ("一.txt", LETTER.encode()), ("二.txt", (LETTER + "另").encode()))
    assert answer.status_code == 302
    assert IntakeDocument.objects.filter(batch=batch).count() == 2


def test_a_script_hears_of_each_file(batch: Batch, desk: Client) -> None:
    good = upload(desk, batch, ("一.txt", LETTER.encode()), **{"X-One-By-One": "yes"})
    bad = upload(desk, batch, ("坏.pdf", b"%PDF-1.4 x"), **{"X-One-By-One": "yes"})
    assert (good.status_code, bad.status_code) == (200, 422)
    assert "坏.pdf" in bad.content.decode()


def test_an_empty_file_is_named_in_its_refusal(batch: Batch, desk: Client) -> None:
    answer = upload(desk, batch, ("空.txt", b""), **{"X-One-By-One": "yes"})
    assert answer.status_code == 422
    assert "空.txt" in answer.content.decode()


def test_no_file_at_all_is_said_beside_the_field(batch: Batch, desk: Client) -> None:
    answer = desk.post(reverse("intake:upload", args=[batch.pk]), {})
    assert answer.status_code == 422
    assert "还没有选文件" in answer.content.decode()


# ---- reviewing ----


def test_the_review_shows_every_passage_and_candidate(letter: IntakeDocument, desk: Client) -> None:
    page = desk.get(review_url(letter)).content.decode()
    assert all(f'id="p-{n}"' in page for n in range(1, 12))
    assert all(f'id="c-{k}"' in page for k in (1, 2, 3))
    assert "还有 11 段未交代" in page


def test_without_a_script_the_current_passage_is_a_plain_form(letter: IntakeDocument, desk: Client) -> None:
    page = desk.get(review_url(letter), {"n": "5"}).content.decode()
    assert page.count('class="choose"') == 2  # the form, and the template a script copies
    assert '<input type="hidden" name="passages" value="5">' in page


def test_a_plain_form_leads_to_the_next_open_passage(letter: IntakeDocument, desk: Client) -> None:
    answer = post(desk, "dispose", letter, passages="1", at="1", disposition="heading")
    assert answer["Location"] == f"{review_url(letter)}?n=2#p-2"
    assert Passage.objects.get(document=letter, n=1).disposition == "heading"


def test_a_script_gets_only_what_changed(letter: IntakeDocument, desk: Client) -> None:
    url = reverse("intake:dispose", args=[letter.pk])
    answer = desk.post(url, {"passages": "1", "at": "1", "disposition": "heading"}, headers=HTMX)
    text = answer.content.decode()
    assert 'id="p-1"' in text
    assert 'id="p-2"' not in text
    assert 'id="cards"' not in text
    assert "还有 10 段未交代" in text


def test_a_refused_act_says_why_and_shows_how_things_stand(
    letter: IntakeDocument, cast: Cast, desk: Client
) -> None:
    actions.dispose(letter, passages=[3], disposition="context", actor=cast.reviewer.actor)
    url = reverse("intake:dispose", args=[letter.pk])
    values = {"passages": "3", "at": "3", "disposition": "praise", "shown-3": ""}
    answer = desk.post(url, values, headers=HTMX)
    assert answer.status_code == 409
    assert "刚才已被周正改为" in answer.content.decode()
    assert 'data-disposition="context"' in answer.content.decode()


@pytest.mark.parametrize("passages", ["", "x", "5-1", "1-9999", "99"])
def test_numbers_that_name_nothing_are_refused(letter: IntakeDocument, desk: Client, passages: str) -> None:
    url = reverse("intake:dispose", args=[letter.pk])
    answer = desk.post(url, {"passages": passages, "disposition": "context"}, headers=HTMX)
    assert answer.status_code == 422


def test_confirming_puts_the_card_in_the_ledger(letter: IntakeDocument, desk: Client) -> None:
    url = reverse("intake:confirm", args=[letter.pk])
    answer = desk.post(url, {"candidates": "1", "at": "7"}, headers=HTMX)
    problem = Problem.objects.get()
    text = answer.content.decode()
    assert f'<a href="{reverse("desk:problem", args=[problem.pk])}">{problem.problem_no}</a>' in text


def test_undo_by_its_button(letter: IntakeDocument, cast: Cast, desk: Client) -> None:
    actions.dispose(letter, passages=[3], disposition="context", actor=cast.coordinator.actor)
    post(desk, "undo", letter)
    assert 3 in open_numbers(letter)


def edit_values(letter: IntakeDocument, **more: str) -> dict[str, str]:
    candidate = Candidate.objects.get(document=letter, k=1)
    values = candidate.values
    names = ("sector", "nature", "impact", "urgency", "rectification_kind", "source_no", "site", "lead_unit")
    return {name: str(values[name] or "") for name in names} | {
        "title": candidate.title,
        "text": candidate.text,
        **more,
    }


def test_a_candidate_is_edited_by_its_form(letter: IntakeDocument, cast: Cast, desk: Client) -> None:
    values = edit_values(letter, lead_unit=str(cast.station.pk), deadline="2026-08-31")
    answer = desk.post(reverse("intake:edit", args=[letter.pk, 1]), values)
    assert answer.status_code == 302
    choices = Candidate.objects.get(document=letter, k=1).choices
    assert choices == {"lead_unit": str(cast.station.pk), "deadline": "2026-08-31"}


def test_a_form_with_a_wrong_field_keeps_every_word(letter: IntakeDocument, desk: Client) -> None:
    values = edit_values(letter, title="改过的标题", deadline="不是日期")
    answer = desk.post(reverse("intake:edit", args=[letter.pk, 1]), values)
    assert answer.status_code == 422
    assert "改过的标题" in answer.content.decode()


def test_a_candidate_is_cut_in_two_by_its_form(letter: IntakeDocument, desk: Client) -> None:
    values = {"first_text": "巡检不到位", "second_text": "漏损率过高"}
    answer = desk.post(reverse("intake:split", args=[letter.pk, 1]), values)
    assert answer.status_code == 302
    assert Candidate.objects.filter(document=letter, state="proposed").count() == 4


def test_a_problem_left_out_is_added_by_its_form(letter: IntakeDocument, desk: Client) -> None:
    answer = desk.post(reverse("intake:add", args=[letter.pk]), {"passages": "5"})
    assert answer.status_code == 302
    assert Candidate.objects.get(document=letter, k=4).passages == [5]


def test_a_long_document_is_shown_in_parts(
    batch: Batch,
    cast: Cast,
    desk: Client,
    monkeypatch: pytest.MonkeyPatch,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    long = "\n".join(f"第{n}个供水站巡检不到位，漏损率过高。" for n in range(1, 451))
    document = actions.receive_documents(
        [Handed("长.txt", long.encode())], batch, actor=cast.coordinator.actor
    )[0]
    with django_assert_max_num_queries(60):
        page = desk.get(review_url(document), {"n": "250"}).content.decode()
    assert 'id="p-250"' in page
    assert 'id="p-150"' not in page


# ---- sealing ----


def test_the_seal_says_why_it_cannot_be_pressed(letter: IntakeDocument, desk: Client) -> None:
    page = desk.get(review_url(letter)).content.decode()
    assert 'aria-disabled="true" aria-describedby="seal-why"' in page
    assert "先交代 11 段" in page


def test_who_decided_is_told_that_another_must_seal(
    letter: IntakeDocument, batch: Batch, cast: Cast, desk: Client
) -> None:
    settle(letter, cast)
    page = desk.get(reverse("intake:batch", args=[batch.pk])).content.decode()
    assert "须由另一位同志复核后封账" in page


def test_a_sealed_document_is_read_only(
    letter: IntakeDocument, batch: Batch, cast: Cast, desk: Client
) -> None:
    settle(letter, cast)
    seal(batch, cast.reviewer.actor)
    page = desk.get(review_url(letter)).content.decode()
    assert 'class="choose"' not in page
    assert "review.js" not in page
