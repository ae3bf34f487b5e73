"""A newer version of a ledger that was taken over: what differs is shown, and only what a person confirms is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from bihuan.intake.imports import confirming_rows
from bihuan.intake.imports import runs as import_runs
from bihuan.intake.models import StagedRow
from bihuan.journal.action import NotAllowed, NotVisible, Refused
from bihuan.journal.models import JournalEvent
from bihuan.journal.verify.whole import verify_journal
from bihuan.ledger.actions import edit_facts
from bihuan.ledger.models import Batch, Problem
from tests.intake.sheets import Looked, look, take, workbook

if TYPE_CHECKING:
    from tests.intake.test_views import ClientAs
    from tests.organizations.cast import Cast

pytestmark = pytest.mark.django_db

HEADER = ("序号", "存在问题", "责任单位", "整改时限", "整改状态", "销号时间", "点位", "涉及金额（万元）")
Group = StagedRow.Group


def ledger() -> list[list[Any]]:
    texts = (
        "市水务局对青石县供水管网巡检不到位，漏损率长期超过百分之二十。",
        "石堰镇水源地保护区内仍有三家养殖场未按期搬迁，粪污直排沟渠。",
        "供水应急预案未及时修订，应急演练流于形式，两年未开展实战演练。",
        "老旧小区二次供水设施无人管理，水箱长期不清洗消毒。",
    )
    return [
        [n, text, "市水务局", "2026-10-31", "整改中", "", f"点位{n}", ""]
        for n, text in enumerate(texts, start=1)
    ]


def newer(batch: Batch, cast: Cast, rows: list[list[Any]], name: str = "新台账.xlsx") -> Looked:
    return look(batch, workbook(rows, HEADER), cast, name)


@pytest.fixture
def taken(batch: Batch, cast: Cast) -> Batch:
    take(batch, workbook(ledger(), HEADER), cast)
    return batch


def groups(looked: Looked) -> dict[str, int]:
    found: dict[str, int] = {}
    for one in looked.laid(*Group):
        found[one.group] = found.get(one.group, 0) + 1
    return found


def act(looked: Looked, name: str, group: Group, cast: Cast, *, rows: list[int] | None = None) -> str:
    looked.run.refresh_from_db()
    return confirming_rows.ACTS[name](looked.run, group, rows, cast.coordinator.actor)


def numbers(looked: Looked, group: Group) -> list[int]:
    return [one.n for one in looked.laid(group)]


def test_the_same_ledger_again_differs_in_nothing(taken: Batch, cast: Cast) -> None:
    assert groups(newer(taken, cast, ledger())) == {"unchanged": 4}


def test_new_changed_and_gone_are_told_apart(taken: Batch, cast: Cast) -> None:
    rows = ledger()
    rows[1][6] = "石堰镇水源地"
    del rows[2]
    rows.append(
        [5, "乡镇水厂消毒设备停用三个月，出厂水质未检测。", "市水务局", "2026-10-31", "整改中", "", "", ""]
    )
    looked = newer(taken, cast, rows)
    assert groups(looked) == {"unchanged": 2, "changed": 1, "new": 1, "gone": 1}
    (changed,) = looked.laid(Group.CHANGED)
    assert changed.cells == [
        {"column": "site", "kind": "change", "base": "点位2", "ours": "点位2", "theirs": "石堰镇水源地"}
    ]


def test_numbers_that_shifted_pair_no_row_wrongly(taken: Batch, cast: Cast) -> None:
    """A row put in at the top moves every number; the words say who is who."""
    rows = [[0, "新增的一条：泵站无人值守。", "市水务局", "2026-10-31", "整改中", "", "", ""], *ledger()]
    for at, row in enumerate(rows, start=1):
        row[0] = at
    assert groups(newer(taken, cast, rows)) == {"unchanged": 4, "new": 1}


def test_only_what_is_confirmed_is_written_one_event_a_row(taken: Batch, cast: Cast) -> None:
    rows = ledger()
    rows[0][6], rows[1][6], rows[1][7] = "青石县城", "石堰镇", "12.5"
    looked = newer(taken, cast, rows)
    first, second = numbers(looked, Group.CHANGED)
    assert act(looked, "apply", Group.CHANGED, cast, rows=[second]) == "已采用 1 条的改动。"
    problems = list(Problem.objects.order_by("problem_no"))
    assert [problem.site for problem in problems] == ["点位1", "石堰镇", "点位3", "点位4"]
    assert problems[1].amount == 125_000
    events = JournalEvent.objects.filter(verb="intake.apply_changes")
    assert [(event.stream, event.batch) for event in events] == [(problems[1].pk, looked.run.pk)]
    assert act(looked, "apply", Group.CHANGED, cast) == "已采用 1 条的改动。"
    assert first in [one.n for one in looked.laid(Group.CHANGED) if one.settled == "applied"]
    assert verify_journal(processes=1, done={}, progress=lambda *_: None).wrong == []


def test_applying_twice_does_nothing_and_the_next_version_is_compared_with_this_one(
    taken: Batch, cast: Cast
) -> None:
    rows = ledger()
    rows[0][6] = "青石县城"
    looked = newer(taken, cast, rows)
    act(looked, "apply", Group.CHANGED, cast)
    before = JournalEvent.objects.count()
    assert act(looked, "apply", Group.CHANGED, cast) == "已采用 0 条的改动。"
    assert JournalEvent.objects.count() == before
    assert groups(newer(taken, cast, rows, "又一版.xlsx")) == {"unchanged": 4}


def test_what_was_changed_here_and_not_in_the_file_is_left_in_peace(taken: Batch, cast: Cast) -> None:
    problem = Problem.objects.order_by("problem_no").first()
    assert problem is not None
    edit_facts(problem, changes={"site": "改在程序里"}, actor=cast.coordinator.actor)
    assert groups(newer(taken, cast, ledger())) == {"unchanged": 4}


def test_what_moved_on_both_sides_is_a_conflict_and_never_taken_over_as_a_group(
    taken: Batch, cast: Cast
) -> None:
    problem = Problem.objects.order_by("problem_no").first()
    assert problem is not None
    edit_facts(problem, changes={"site": "改在程序里"}, actor=cast.coordinator.actor)
    rows = ledger()
    rows[0][6] = "改在表里"
    looked = newer(taken, cast, rows)
    assert groups(looked) == {"unchanged": 3, "conflict": 1}
    (cell,) = looked.laid(Group.CONFLICT)[0].cells
    assert (cell["base"], cell["ours"], cell["theirs"]) == ("点位1", "改在程序里", "改在表里")
    with pytest.raises(Refused, match="一条一条"):
        act(looked, "apply", Group.CONFLICT, cast)
    act(looked, "apply", Group.CONFLICT, cast, rows=numbers(looked, Group.CONFLICT))
    problem.refresh_from_db()
    assert problem.site == "改在表里"


def test_what_somebody_changed_while_one_was_looking_is_not_overwritten(taken: Batch, cast: Cast) -> None:
    rows = ledger()
    rows[0][6] = "改在表里"
    looked = newer(taken, cast, rows)
    problem = Problem.objects.order_by("problem_no").first()
    assert problem is not None
    edit_facts(problem, changes={"site": "改在程序里"}, actor=cast.coordinator.actor)
    assert "没有动" in act(looked, "apply", Group.CHANGED, cast)
    problem.refresh_from_db()
    assert problem.site == "改在程序里"


def test_dates_units_and_states_are_shown_and_no_import_moves_them(taken: Batch, cast: Cast) -> None:
    rows = ledger()
    rows[0][3], rows[0][4], rows[0][5] = "2027-03-31", "已销号", "2026-06-01"
    looked = newer(taken, cast, rows)
    (changed,) = looked.laid(Group.CHANGED)
    assert {(cell["column"], cell["kind"]) for cell in changed.cells} == {
        ("external_deadline", "procedure"), ("state", "procedure"), ("closed_on", "procedure"),
    }  # fmt: skip
    assert act(looked, "apply", Group.CHANGED, cast) == "已采用 0 条的改动。"
    assert set(Problem.objects.values_list("state", flat=True)) == {"rectifying"}


def test_a_row_reworded_under_its_number_is_the_same_row(taken: Batch, cast: Cast) -> None:
    rows = ledger()
    rows[2][1] = rows[2][1].replace("两年", "三年")
    looked = newer(taken, cast, rows)
    assert groups(looked) == {"unchanged": 3, "changed": 1}


def test_a_row_that_only_reads_alike_is_asked_about(taken: Batch, cast: Cast) -> None:
    rows = ledger()
    rows[2][0], rows[2][1] = 9, rows[2][1].replace("两年", "三年")
    looked = newer(taken, cast, rows)
    assert groups(looked) == {"unchanged": 3, "likely": 1}
    act(looked, "same", Group.LIKELY, cast, rows=numbers(looked, Group.LIKELY))
    assert groups(looked) == {"unchanged": 3, "changed": 1}


def test_a_row_that_is_another_after_all_is_new(taken: Batch, cast: Cast) -> None:
    rows = ledger()
    rows[2][0], rows[2][1] = 9, rows[2][1].replace("两年", "三年")
    looked = newer(taken, cast, rows)
    act(looked, "new", Group.LIKELY, cast, rows=numbers(looked, Group.LIKELY))
    assert groups(looked) == {"unchanged": 3, "new": 1, "gone": 1}
    import_runs.take(looked.run, actor=cast.coordinator.actor)
    assert Problem.objects.count() == 5


def test_what_is_gone_stays_in_the_ledger_and_may_be_asked_after(taken: Batch, cast: Cast) -> None:
    looked = newer(taken, cast, ledger()[:3])
    (gone,) = looked.laid(Group.GONE)
    assert act(looked, "ask", Group.GONE, cast, rows=[gone.n]) == "已标记 1 条待问。"
    event = JournalEvent.objects.get(verb="intake.ask_after")
    assert event.stream == gone.problem
    assert event.body["facts"] == {"missing_from": "新台账.xlsx"}
    assert Problem.objects.filter(pk=gone.problem, state="rectifying").exists()


def test_whoever_has_no_desk_changes_nothing(taken: Batch, cast: Cast) -> None:
    rows = ledger()
    rows[0][6] = "改在表里"
    looked = newer(taken, cast, rows)
    with pytest.raises((NotAllowed, NotVisible)):
        confirming_rows.apply(looked.run, Group.CHANGED, None, cast.handler.actor)
    with pytest.raises(NotVisible):
        confirming_rows.apply(looked.run, Group.CHANGED, None, cast.outsider.actor)
    assert not Problem.objects.filter(site="改在表里").exists()


@pytest.mark.usefixtures("uncollected_static")
def test_the_page_shows_both_sides_and_takes_over_what_is_ticked(
    taken: Batch, cast: Cast, client_as: ClientAs
) -> None:
    rows = ledger()
    rows[1][6] = "石堰镇水源地"
    looked = newer(taken, cast, rows)
    url = reverse("intake:import_run", args=[taken.pk, looked.run.pk])
    desk = client_as(cast.coordinator)
    page = desk.get(f"{url}?group=changed").content.decode()
    assert "点位2" in page
    assert "石堰镇水源地" in page
    ticked = {"group": "changed", "act": "apply", "row": numbers(looked, Group.CHANGED)}
    assert desk.post(f"{url}confirm/", ticked).status_code == 302
    assert Problem.objects.filter(site="石堰镇水源地").count() == 1
    assert desk.get(f"{url}confirm/").status_code == 405
    assert desk.post(f"{url}confirm/", {"group": "changed", "act": "delete"}).status_code == 404
    for stranger in (cast.handler, cast.outsider):
        other = client_as(stranger)
        assert other.get(url).status_code == 404
        assert other.post(f"{url}confirm/", ticked).status_code == 404
        assert other.post(f"{url}take/").status_code == 404
