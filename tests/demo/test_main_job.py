from __future__ import annotations

import io
from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils.translation import override

from bihuan.demo.bench.fill import fill, filled
from bihuan.demo.bench.reviewing import review
from bihuan.demo.clock import Clock
from bihuan.demo.founding import City, found_city
from bihuan.demo.main_job import MainJob
from bihuan.desk.case_file import case_file_of
from bihuan.desk.case_file_archive import Archive
from bihuan.journal import timesource
from bihuan.journal.models import JournalEvent
from bihuan.journal.verify.whole import verify_derived, verify_journal
from bihuan.ledger.lifecycle import MOVED_BY
from bihuan.organizations.models import Account
from tests.demo.walking import walk_in_english
from tests.desk.binding import opened

BACKEND = "bihuan.organizations.sign_in.NameOrMobileBackend"
MANY_VIEWS = 40
FIRST_DAY = date(2026, 3, 2)


def moved(event: JournalEvent) -> bool:
    """Whether the event put a problem into another state."""
    return any(
        stream.startswith("ledger.problem:") and "state" in columns
        for stream, columns in event.body["changes"].items()
    )


@pytest.mark.usefixtures("committed", "uncollected_static")
def test_the_main_job_runs_and_the_ledger_verifies_and_reads_in_english() -> None:
    clock, said = Clock(FIRST_DAY), []

    def say(words: Any, **values: Any) -> None:
        for language in ("zh-hans", "en"):
            with override(language):
                said.append(str(words) % values)

    with clock.now():
        city = found_city()
    clock.on(1)
    problem = MainJob(city, clock, say).run()
    problem.refresh_from_db()
    assert (problem.state, problem.round) == ("rectifying", 2)
    assert len(said) >= 20
    assert len(set(said)) == len(said), "each step is said once in each language"
    tally = verify_journal(processes=1, done={}, progress=lambda *_: None)
    tally.add(verify_derived())
    assert tally.wrong == []
    assert {event.verb for event in JournalEvent.objects.filter(kind="problem") if moved(event)} <= MOVED_BY
    with override("zh-hans"):
        check_case_file(city, clock, problem)
    assert FIRST_DAY + timedelta(days=1) < clock.day
    reads_in_english()
    # What the benchmark fills a ledger with must be as true as what people wrote.
    before = tally.events
    loaded = fill(7, lambda words: None)
    loaded += fill(2001, lambda words: None, processes=2)
    assert fill(2001, lambda words: None) == 0
    tally = verify_journal(processes=2, done={}, progress=lambda *_: None)
    tally.add(verify_derived())
    assert (tally.wrong, tally.events) == ([], before + loaded)
    assert filled() == set(range(1, 2002))
    reviews_a_letter()


def reviews_a_letter() -> None:
    """What is measured of a review is a real one: it ends with a sealed batch and fewer keys than twice its passages."""
    found = review(City.found(), 1)
    assert 0 < found.first.keys <= 2 * found.passages
    assert found.second.keys >= 10
    assert (found.problems, found.as_json()["minutes_left_to_read"] > 0) == (6, True)


def check_case_file(city, clock, problem) -> None:
    """Bound by the office it is whole; the unit that answers gets it without the letter, which speaks of others too."""
    with clock.now():
        office, unit = (bound(city.actor(name), problem) for name in ("shenyan", "boyn"))
    assert [title.partition("（")[0] for title in office.titles] == [
        "反馈问题原文", "问题基本情况", "拟办意见", "交办单", "签收", "整改方案第 1 版", "进展报告", "佐证材料", "验收记录",
        "验收记录", "公示", "销号审定", "回头看", "对来源的答复", "经过",
    ]  # fmt: skip
    assert office.titles == unit.titles
    letter, copy = "附件/1-1 01-生态环境专项督查反馈意见.docx", "附件/4-1 交办单签批件.docx"
    assert {letter, copy} <= set(office.enclosed)
    assert len(office.enclosed) == 8
    assert set(office.enclosed) - set(unit.enclosed) >= {letter}
    assert problem.text in office.words


def bound(actor, problem):
    target = io.BytesIO()
    with Archive(target, timesource.now()) as archive:
        archive.bind(case_file_of(actor, problem, timesource.now()))
    return opened(target.getvalue())[0]


def reads_in_english() -> None:
    """Coordinator and handler find nothing in Chinese but what the ledger itself holds."""
    seen: Counter[str] = Counter()
    for name in ("shenyan", "boyn"):
        client = Client()
        client.force_login(Account.objects.get(username=name), backend=BACKEND)
        walk = walk_in_english(client)
        assert (name, walk.foreign) == (name, {})
        assert (name, walk.broken) == (name, [])
        assert (name, walk.faults) == (name, {})
        seen += walk.seen
    assert len(seen) > MANY_VIEWS, sorted(seen)
