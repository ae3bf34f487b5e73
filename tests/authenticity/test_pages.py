"""What each sees of doubts, and what they can do there."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bihuan.authenticity.models import AuthenticityFlag
from tests.authenticity.doctored_sets import photograph_of_another_problem, report_copied_from_another_unit
from tests.rectification.conftest import fresh

pytestmark = pytest.mark.django_db


@pytest.fixture
def doubted(stage):
    return photograph_of_another_problem(stage)


def page(name, row):
    return reverse(f"authenticity:{name}", args=[row.pk])


def test_the_acceptor_finds_the_doubt_on_the_problems_page(stage, doubted, client_as):
    text = client_as(stage.story.cast.acceptor).get(f"/ledger/{doubted.pk}/").content.decode()
    assert "真实性疑点" in text
    assert "同一文件用在别处" in text
    assert page("weigh", stage.flags(doubted)[0]) in text


def test_who_works_finds_nothing_of_it_on_the_page(stage, doubted, client_as):
    for player in (stage.story.cast.handler, stage.story.cast.principal):
        text = client_as(player).get(f"/ledger/{doubted.pk}/").content.decode()
        assert doubted.title in text
        assert "疑点" not in text
        assert "检查佐证真实性" not in text


@pytest.mark.parametrize("name", ["detail", "weigh"])
@pytest.mark.parametrize("player", ["handler", "outsider", "log_auditor"])
def test_a_strangers_address_leads_nowhere(stage, doubted, client_as, name, player):
    client = client_as(getattr(stage.story.cast, player))
    assert client.get(page(name, stage.flags(doubted)[0])).status_code == 404
    assert client.post(page(name, stage.flags(doubted)[0]), {}).status_code in {404, 405}


def test_examining_is_not_there_for_outsiders_and_not_allowed_for_who_works(stage, doubted, client_as):
    cast = stage.story.cast
    assert client_as(cast.outsider).get(page("examine", doubted)).status_code == 404
    assert client_as(cast.handler).get(page("examine", doubted)).status_code == 403
    assert client_as(cast.coordinator).post(page("examine", doubted), {}).status_code == 302


def test_the_office_may_not_open_the_form(stage, doubted, client_as):
    assert (
        client_as(stage.story.cast.coordinator).get(page("weigh", stage.flags(doubted)[0])).status_code == 403
    )


def test_the_acceptor_weighs(stage, doubted, client_as):
    (flag,) = stage.flags(doubted)
    client = client_as(stage.story.cast.acceptor)
    assert "判断理由" in client.get(page("weigh", flag)).content.decode()
    empty = client.post(page("weigh", flag), {"weight": "explained", "reason": ""})
    assert empty.status_code == 422
    sent = client.post(page("weigh", flag), {"weight": "explained", "reason": "两件问题同一处管网。"})
    assert sent.status_code == 302
    assert AuthenticityFlag.objects.get().weight == "explained"
    assert "两件问题同一处管网。" in client.get(page("detail", flag)).content.decode()


def test_the_detail_shows_the_other_file_only_to_who_sees_its_problem(stage, doubted, client_as):
    (flag,) = stage.flags(doubted)
    whole = client_as(stage.story.cast.coordinator).get(page("detail", flag)).content.decode()
    part = client_as(stage.story.cast.acceptor).get(page("detail", flag)).content.decode()
    assert "对照的一份" in whole
    assert "对照的一份" not in part
    assert "不在您的知悉范围" in part


def test_the_form_of_the_verdict_says_what_waits(stage, doubted, client_as):
    client = client_as(stage.story.cast.acceptor)
    text = client.get(f"/ledger/{doubted.pk}/").content.decode()
    assert "还有 1 条真实性疑点没有判断" in text


def test_words_of_a_report_are_quoted(stage, client_as):
    problem = report_copied_from_another_unit(stage)
    text = client_as(stage.story.cast.coordinator).get(f"/ledger/{problem.pk}/").content.decode()
    assert "进展照抄" in text
    assert "100% 相同" in text


def test_in_english_too(stage, doubted, client_as):
    client = client_as(stage.story.cast.acceptor)
    client.cookies["django_language"] = "en"
    text = client.get(page("detail", stage.flags(doubted)[0])).content.decode()
    assert "Same file used elsewhere" in text


def test_the_cost_of_the_section_does_not_grow_with_its_doubts(stage, client_as):
    problem = photograph_of_another_problem(stage)
    client = client_as(stage.story.cast.acceptor)

    def queries():
        with CaptureQueriesContext(connection) as asked:
            assert client.get(f"/ledger/{problem.pk}/").status_code == 200
        return len(asked)

    queries()
    one = queries()
    stage.more_flags(fresh([problem])[0], 5)
    assert queries() == one
