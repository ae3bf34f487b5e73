"""Money put right: entered, corrected by new entries, taken off by a second person, never too much in silence."""

from __future__ import annotations

import datetime as dt
import io
import random
from decimal import Decimal

import openpyxl
import pytest
from django.db import IntegrityError
from django.urls import reverse

from bihuan.desk.case_file import case_file_of
from bihuan.journal import timesource
from bihuan.journal.action import NotAllowed, NotVisible, Refused, Verb, system_only
from bihuan.journal.verify.whole import verify_journal
from bihuan.ledger import actions as ledger
from bihuan.ledger.models import Problem
from bihuan.rectification import actions as do
from bihuan.rectification.models import MoneyEntry
from bihuan.rectification.money_queries import money_by_problem, money_in
from bihuan.rectification.money_rules import Money, total
from bihuan.rectification.offers import offers_for
from bihuan.text.starting_taxonomy import MONEY_WAYS
from tests.documents.opening import sound
from tests.rectification.conftest import fresh, upload
from tests.static_files import plain_static

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_static")]
__all__ = ["plain_static"]
ALL = Problem.objects.all


def with_money(story, amount="100000.00"):
    return story.rectifying(amount=Decimal(amount))


def entered(story, problem, amount="1", unit="wan", by=None, **more):
    facts = {"way": "turned_in", "on": story.clock.today, "document_no": "缴款书 0012"}
    return do.record_money(
        problem, amount=Decimal(amount), unit=unit, **(facts | more), actor=(by or story.cast.handler).actor
    )


def asked(story, problem, amount="3", unit="wan"):
    return do.ask_reduction(
        problem,
        amount=Decimal(amount),
        unit=unit,
        on=story.clock.today,
        document_no="审计复核意见 3 号",
        reason="其中部分系统计口径重复。",
        actor=story.cast.handler.actor,
    )


def decided(story, entry, by=None, approve=True):
    return do.decide_reduction(
        entry.problem,
        entry=entry.pk,
        approve=approve,
        opinion="属实。",
        actor=(by or story.cast.reviewer).actor,
    )


def money(problem):
    return money_by_problem(fresh([problem]))[problem.pk]


def test_entries_reconcile_with_what_is_in_question(story):
    problem = with_money(story)
    entered(story, problem, "4.5", file=upload("缴款书"))
    entered(story, problem, "15000.25", "yuan", way="returned")
    assert money(problem) == Money(
        in_question=Decimal(100000), put_right=Decimal("60000.25"), outstanding=Decimal("39999.75")
    )
    reduction = asked(story, problem)
    assert money(problem).taken_off == 0, "not before somebody agreed"
    decided(story, reduction)
    assert money(problem).taken_off == 30000
    assert money(problem).outstanding == Decimal("9999.75")
    assert money_in(ALL()) == money(problem)
    assert verify_journal(processes=1, done={}, progress=lambda *_: None).wrong == []


def test_nothing_is_edited_a_correction_is_a_new_entry(story):
    problem = with_money(story)
    first = entered(story, problem, "4.5")
    do.correct_money(
        problem, entry=first.pk, amount=Decimal("5.4"), unit="wan", reason="看错了数字。",
        actor=story.cast.handler.actor,
    )  # fmt: skip
    assert MoneyEntry.objects.get(pk=first.pk).yuan == 45000
    assert money(problem).put_right == 54000
    do.correct_money(
        problem, entry=first.pk, amount=Decimal(0), reason="不是这个问题的。", actor=story.cast.handler.actor
    )
    assert money(problem).put_right == 0
    assert [row.yuan for row in MoneyEntry.objects.order_by("id")] == [45000, 9000, -54000]
    with pytest.raises(Refused, match="和原来一样"):
        do.correct_money(
            problem, entry=first.pk, amount=Decimal(0), reason="再撤。", actor=story.cast.handler.actor
        )


def test_too_much_is_explained_or_refused(story):
    problem = with_money(story)
    with pytest.raises(Refused, match=r"多 20,000\.00 元"):
        entered(story, problem, "12")
    entered(story, problem, "12", explanation="含滞纳金 2 万元。")
    assert (money(problem).excess, money(problem).outstanding) == (20000, 0)
    first = MoneyEntry.objects.get()
    with pytest.raises(Refused, match=r"多 30,000\.00 元"):
        do.correct_money(
            problem, entry=first.pk, amount=Decimal(13), unit="wan", reason="少写了。",
            actor=story.cast.handler.actor,
        )  # fmt: skip
    with pytest.raises(Refused, match="多于尚未整改到位"):
        asked(story, problem, "1")


def test_the_amount_itself_is_not_corrected_below_what_was_put_right(story):
    problem = with_money(story)
    entered(story, problem, "4")
    edit = {"actor": story.cast.coordinator.actor}
    ledger.edit_facts(fresh([problem])[0], changes={"amount": Decimal("40000.00")}, **edit)
    with pytest.raises(Refused, match="不能比这还少"):
        ledger.edit_facts(fresh([problem])[0], changes={"amount": Decimal("39999.99")}, **edit)
    assert money(problem).in_question == 40000


def test_who_asks_for_a_reduction_does_not_grant_it(story):
    problem = with_money(story)
    reduction = asked(story, problem)
    for player in (story.cast.handler, story.cast.liaison):
        with pytest.raises(NotAllowed):
            decided(story, reduction, by=player)
    decided(story, reduction, approve=False)
    assert money(problem).taken_off == 0
    with pytest.raises(Refused, match="没有这笔待批"):
        decided(story, reduction)

    def forge(one, *, actor):
        row = MoneyEntry.objects.get(pk=reduction.pk)
        row.decided_by = row.entered_by
        row.save()

    with pytest.raises(IntegrityError, match="reduction_decided_by_another"):
        Verb("tests.forge_reduction", forge, system_only)(problem, actor=story.cast.system)


def test_outsiders_find_nothing_and_others_may_not(story):
    problem = with_money(story)
    with pytest.raises(NotVisible):
        entered(story, problem, by=story.cast.outsider)
    with pytest.raises(NotAllowed):
        entered(story, problem, by=story.cast.coordinator)


def test_bad_input_is_refused_with_what_would_be_right(story):
    problem = with_money(story)
    for more, words in (
        ({"way": "burnt"}, "没有这种资金整改方式"),
        ({"way": "taken_off"}, "没有这种资金整改方式"),
        ({"way": "other"}, "不能为空"),
        ({"unit": "贯"}, "没有这种金额单位"),
        ({"amount": "0.001", "unit": "yuan"}, "精确到分"),
        ({"amount": "-1"}, "大于零"),
        ({"on": story.clock.today + dt.timedelta(days=1)}, "在将来"),
        ({"document_no": " "}, "不能为空"),
    ):
        with pytest.raises(Refused, match=words):
            entered(story, problem, **more)
    assert not MoneyEntry.objects.exists()
    with pytest.raises(Refused, match="没有登记涉及金额"):
        entered(story, story.rectifying())


def test_random_entries_reconcile_in_every_partition(story):
    """Many problems and entries, corrections and reductions among them: slices add up to the whole, to the fen."""
    draw = random.Random(20261126)
    problems = [story.assigned(amount=Decimal(draw.randrange(1, 10**9)) / 100)[0] for _ in range(6)]
    for _ in range(40):
        problem = draw.choice(problems)
        fen = Decimal(draw.randrange(1, 4 * 10**8)) / 100
        try:
            match draw.randrange(4):
                case 0:
                    decided(story, asked(story, problem, str(fen), "yuan"), approve=draw.random() < 0.7)
                case 1:
                    old = draw.choice(
                        list(MoneyEntry.objects.filter(problem=problem, corrects=None)) or [None]
                    )
                    if old is not None:
                        do.correct_money(
                            problem, entry=old.pk, amount=fen, reason="更正。", explanation="利息。",
                            actor=story.cast.handler.actor,
                        )  # fmt: skip
                case _:
                    way = draw.choice(MONEY_WAYS).code
                    said = "利息。" if draw.random() < 0.5 else ""
                    entered(story, problem, str(fen), "yuan", way=way, note="说明", explanation=said)
        except Refused:
            continue
    whole = money_in(ALL())
    each = money_by_problem(fresh(problems))
    assert MoneyEntry.objects.filter(state="counted").count() > 15
    assert whole == total(each.values())
    assert whole.reconciles
    for cut in range(1, 6):
        ids = [one.pk for one in problems[:cut]]
        parts = (ALL().filter(pk__in=ids), ALL().exclude(pk__in=ids))
        assert total(money_in(one) for one in parts) == whole
        assert all(money_in(one).reconciles for one in parts)
    merged = fresh(problems)[0]
    merged.state = "merged"
    assert money_by_problem([merged])[merged.pk] == Money()


def test_the_page_and_its_forms(story, client_as):
    problem = with_money(story)
    handler = client_as(story.cast.handler)
    page = reverse("desk:problem", args=[problem.pk])
    assert "尚未到位" in handler.get(page).content.decode()
    url = reverse("rectification:record_money", args=[problem.pk])
    sent = handler.post(
        url,
        {
            "amount": "4.5",
            "unit": "wan",
            "way": "turned_in",
            "on": story.clock.today,
            "document_no": "缴款书 0012",
        },
    )
    assert sent.url == page
    shown = handler.get(page).content.decode()
    assert "45,000.00" in shown
    assert "55,000.00" in shown
    assert f"{story.clock.today}，上缴财政，45,000.00 元，缴款书 0012" in shown, (
        "nothing stands for what is empty"
    )
    assert client_as(story.cast.outsider).get(url).status_code == 404
    assert client_as(story.cast.coordinator).get(url).status_code == 403
    asked(story, problem, "1")
    offered = {offer.verb for offer in offers_for(story.cast.reviewer.actor, fresh([problem])[0])}
    assert "rectification.decide_reduction" in offered
    form = client_as(story.cast.reviewer).get(reverse("rectification:decide_reduction", args=[problem.pk]))
    assert "10,000.00" in form.content.decode()


def test_the_ledger_and_its_export_tell_of_money(story, client_as):
    problem, other = with_money(story), story.rectifying(amount=Decimal("0.10"))
    entered(story, problem, "4.5")
    entered(story, other, "0.30", "yuan", way="returned", explanation="利息。")
    client = client_as(story.cast.coordinator)
    columns = "?column=amount&column=put_right&column=outstanding"
    page = client.get(reverse("desk:ledger") + columns).content.decode()
    assert all(words in page for words in ("100,000.00", "45,000.00", "55,000.00"))
    money_of_all = money_in(ALL())
    answer = client.get(reverse("desk:export"))
    rows = list(openpyxl.load_workbook(io.BytesIO(sound(b"".join(answer.streaming_content)))).active.values)
    head = rows[0].index("涉及金额（元）")
    cells = {row[0]: [Decimal(str(cell or 0)) for cell in row[head:]] for row in rows[1:-1]}
    total_row = [Decimal(str(cell)) for cell in rows[-1][head:]]
    assert rows[-1][head - 1] == "合计"
    assert [sum(column) for column in zip(*cells.values(), strict=True)] == total_row
    assert total_row[0] == money_of_all.in_question
    assert (total_row[-2], total_row[-1]) == (money_of_all.outstanding, money_of_all.excess)


def test_the_case_file_holds_every_entry_with_its_document(story):
    problem = with_money(story)
    first = entered(story, problem, "4.5", file=upload("缴款书", "缴款书.txt"))
    do.correct_money(
        problem, entry=first.pk, amount=Decimal("5.4"), unit="wan", reason="看错了。",
        actor=story.cast.handler.actor,
    )  # fmt: skip
    case = case_file_of(story.cast.coordinator.actor, fresh([problem])[0], timesource.now())
    (item,) = [one for one in case.items if one.title == "资金整改登记"]
    table = item.pieces[-1]
    assert [row[2] for row in table.rows] == ["45,000.00", "9,000.00"]
    assert "更正" in table.rows[1][1]
    assert [one.reference.name for one in item.attachments] == ["缴款书.txt"]
