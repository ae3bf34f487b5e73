"""The ways of putting money right are the office's own list; an entry keeps the word it was made with."""

from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal

import openpyxl
import pytest
from django.urls import reverse
from django.utils import translation

from bihuan.desk.problem_money import pairs
from bihuan.journal import timesource
from bihuan.journal.action import Refused
from bihuan.journal.verify.whole import verify_journal
from bihuan.ledger import actions as ledger
from bihuan.ledger.models import Problem, Term
from bihuan.rectification import actions as do
from bihuan.rectification.models import MoneyEntry
from bihuan.rectification.models.money import TAKEN_OFF
from bihuan.rectification.money_queries import ways_among
from bihuan.text.starting_taxonomy import MONEY_WAYS
from tests.rectification.conftest import fresh
from tests.static_files import plain_static

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_static")]
__all__ = ["plain_static"]


@pytest.fixture
def problem(story):
    return story.rectifying(amount=Decimal("100000.00"))


@pytest.fixture
def keeper(story):
    return story.cast.reviewer.actor


def way(code):
    return Term.objects.get(kind="money_way", code=code)


def entered(story, problem, code, yuan="1000", **more):
    return do.record_money(
        problem, way=code, amount=Decimal(yuan), unit="yuan", on=story.clock.today, document_no="缴款书 0012",
        actor=story.cast.handler.actor, **more,
    )  # fmt: skip


def added(story, keeper, code="offset", zh="抵扣下年预算"):
    return ledger.add_entry(
        list_name="money_way", jurisdiction=story.cast.city, code=code, zh=zh, en="Set off", actor=keeper
    )


def test_the_office_adds_a_way_and_it_can_be_entered(story, problem, keeper, client_as):
    with pytest.raises(Refused, match="没有这种资金整改方式"):
        entered(story, problem, "offset")
    added(story, keeper)
    form = client_as(story.cast.handler).get(reverse("rectification:record_money", args=[problem.pk]))
    assert "抵扣下年预算" in form.content.decode()
    assert entered(story, problem, "offset").way_words == "抵扣下年预算"


def test_an_entry_keeps_the_word_it_was_made_with(story, problem, keeper):
    old = entered(story, problem, "pooled")
    ledger.edit_label(way("pooled"), zh="收回统筹", en="Called back", actor=keeper)
    new = entered(story, problem, "pooled", "500")
    do.correct_money(
        problem, entry=old.pk, amount=Decimal(900), reason="看错了。", actor=story.cast.handler.actor
    )
    words = [row.way_words for row in MoneyEntry.objects.order_by("id")]
    assert words == ["统筹使用", "收回统筹", "统筹使用"], "a correction speaks of the entry it corrects"
    said = dict(pairs(fresh([problem])[0]))["整改到位"]
    assert "统筹使用 900.00 元" in said
    assert "收回统筹 500.00 元" in said
    with translation.override("en"):
        assert (old.way_words, new.way_words) == ("Pooled for other use", "Called back")
    assert verify_journal(processes=1, done={}, progress=lambda *_: None).wrong == []


def test_entries_older_than_the_list_are_told_by_the_starting_words(story, problem):
    for one in MONEY_WAYS:
        row = MoneyEntry(way=one.code)
        assert row.way_words == one.zh
        with translation.override("en"):
            assert row.way_words == one.en
    assert MoneyEntry(way=TAKEN_OFF).way_words == "核减"


def test_a_retired_way_is_not_offered_and_its_money_stays_in_the_export(story, problem, keeper, client_as):
    entered(story, problem, "reclaimed", "1234.5")
    with pytest.raises(Refused, match="不能作废"):
        ledger.retire_entry(way("reclaimed"), last_day=story.clock.today - dt.timedelta(days=1), actor=keeper)
    ledger.retire_entry(way("reclaimed"), last_day=story.clock.today, actor=keeper)
    with timesource.at(timesource.now() + dt.timedelta(days=1)):
        with pytest.raises(Refused, match="没有这种资金整改方式"):
            entered(story, problem, "reclaimed")
        assert "reclaimed" in [one.code for one in ways_among(Problem.objects.all())]
        assert "reclaimed" not in [one.code for one in ways_among(Problem.objects.none())]
        answer = client_as(story.cast.coordinator).get(reverse("desk:export"))
    rows = list(openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active.values)
    assert rows[1][rows[0].index("追缴收回")] == 1234.5
    assert rows[-1][rows[0].index("追缴收回")] == 1234.5


def test_a_way_begins_no_later_than_its_first_entry(story, problem, keeper):
    entered(story, problem, "adjusted")
    words = {"zh": "调账处理", "en": "Adjusted", "actor": keeper}
    ledger.edit_label(way("adjusted"), valid_from=story.clock.today, **words)
    with pytest.raises(Refused, match="启用日期不能晚于那一天"):
        ledger.edit_label(way("adjusted"), valid_from=story.clock.today + dt.timedelta(days=1), **words)


def test_reductions_are_no_way_an_office_may_add_or_enter(story, problem, keeper):
    with pytest.raises(Refused, match="由程序使用"):
        added(story, keeper, code=TAKEN_OFF, zh="核减")
    with pytest.raises(Refused, match="没有这种资金整改方式"):
        entered(story, problem, TAKEN_OFF)


def test_the_lists_page_counts_problems_once(story, problem, client_as):
    entered(story, problem, "returned")
    entered(story, problem, "returned", "20")
    page = client_as(story.cast.reviewer).get(reverse("ledger:lists") + "?list=money_way")
    rows = {row["name"]: row["cells"][-1] for row in page.context["table"]["rows"]}
    assert (rows["归还原渠道"], rows["上缴财政"]) == (1, 0)
    entry = client_as(story.cast.reviewer).get(
        reverse("ledger:entry", args=["money_way", way("returned").pk])
    )
    assert next(one["value"] for one in entry.context["facts"] if one["label"] == "归入的问题") == 1
