"""Many rows of which 37 are wrong, through the pages: none or the good ones, and a file that marks and explains them."""

from __future__ import annotations

from collections import Counter
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from bihuan.deadlines.models import Clock
from bihuan.intake.imports import runs as import_runs
from bihuan.journal.models import JournalEvent
from bihuan.journal.verify.whole import verify_journal
from bihuan.ledger.models import Batch, Finding, Involvement, NumberSeries, Problem
from tests.intake.sheets import HEADER, rows, workbook

if TYPE_CHECKING:
    from typing import Any

    from django.http import HttpResponse
    from django.test import Client

    from tests.intake.test_views import ClientAs
    from tests.organizations.cast import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("uncollected_static")]

WRONG = 37
BEFORE_ROWS = 3  # sheets begin at line 1 with a title and a header
RED = "FFFBD5D5"


@pytest.fixture
def desk(cast: Cast, client_as: ClientAs) -> Client:
    return client_as(cast.coordinator)


def marked(client: Client, url: str) -> list[tuple[Any, ...]]:
    """The lines of a marked file below its header, as cells."""
    page = load_workbook(BytesIO(client.get(url).content)).active
    lines = list(page.iter_rows())
    header = next(at for at, line in enumerate(lines) if line[0].value == HEADER[0])
    return lines[header + 1 :]


def wrong_lines(lines: list[tuple[Any, ...]]) -> list[int]:
    """The numbers, from 0, of the rows whose last cell gives a reason."""
    return [int(line[0].value) - 1 for line in lines if line[len(HEADER)].value]


def take(client: Client, url: str) -> HttpResponse:
    """Confirm the new rows; the page says afterwards how it stands."""
    answer: HttpResponse = client.post(f"{url}take/")
    assert (answer.status_code, answer["Location"]) == (302, url)
    return client.get(url)


@pytest.mark.parametrize("count", [1_300, pytest.param(10_000, marks=pytest.mark.long)])
def test_many_rows_of_which_37_are_wrong(
    count: int, batch: Batch, desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_runs, "AT_ONCE", 2 * count)
    bad = frozenset(range(13, count, count // WRONG))
    good = count - len(bad)
    assert len(bad) == WRONG
    file = SimpleUploadedFile("旧台账.xlsx", workbook(rows(count, bad=bad)))
    answer = desk.post(reverse("intake:import"), {"batch": str(batch.pk), "file": file})
    url = answer["Location"]
    nothing_yet(desk.get(url).content.decode(), good)

    whole = marked(desk, f"{url}marked.xlsx")
    assert len(whole) == count
    assert wrong_lines(whole) == sorted(bad)
    assert all("等通知" in line[len(HEADER)].value for line in whole if line[len(HEADER)].value)
    assert {int(line[0].value) - 1 for line in whole if line[3].fill.fgColor.rgb == RED} == bad

    assert "在台账里看" in take(desk, url).content.decode()
    stands_whole(count, bad)
    take(desk, url)
    assert Problem.objects.count() == good, "taking it again brings nothing twice"

    the_rest_comes_after(desk, batch, f"{url}marked.xlsx?rows=bad", good)


def nothing_yet(page: str, good: int) -> None:
    """Both choices are offered; the file was looked at, and nothing of it stands in the ledger."""
    assert f"只导入 {good} 行好的" in page
    assert "一行都不导" in page
    assert not Problem.objects.exists()
    assert not Finding.objects.exists()
    assert not JournalEvent.objects.filter(verb="intake.import_rows").exists()


def stands_whole(count: int, bad: frozenset[int]) -> None:
    """Each good row is one finding and one problem with a number of its own, and says where it came from."""
    good = count - len(bad)
    assert Problem.objects.count() == Finding.objects.count() == good
    origins = set(Problem.objects.values_list("imported_from", flat=True))
    assert origins == {f"旧台账.xlsx:台账!{at + BEFORE_ROWS}" for at in range(count) if at not in bad}
    assert Problem.objects.values("problem_no").distinct().count() == good
    assert NumberSeries.objects.get(series__startswith="problem:").last == good
    led = sum(at not in bad and at % 5 != 2 for at in range(count))  # one state in five has no unit yet
    assert Involvement.objects.filter(role="lead").count() == led
    journal_is_right(good)


def journal_is_right(good: int) -> None:
    """One event a finding, one a problem, one more where a clock began or judges were called; and all of it replays."""
    kinds = JournalEvent.objects.filter(kind__in=["finding", "problem"])
    clocks = Clock.objects.values("problem").distinct().count()
    assert Counter(kinds.values_list("kind", "verb")) == {
        ("finding", "intake.import_rows"): good,
        ("problem", "intake.import_rows"): good,
        ("problem", "deadlines.keep_clocks"): clocks,
        ("problem", "rectification.call_judges"): Problem.objects.filter(state="accepting").count(),
    }
    assert clocks == Problem.objects.filter(state__in=["rectifying", "accepting"]).count() > 0
    tally = verify_journal(processes=1, done={}, progress=lambda *_: None)
    assert tally.wrong == []
    assert tally.events == JournalEvent.objects.count()


def the_rest_comes_after(client: Client, batch: Batch, marked_url: str, good: int) -> None:
    """The file of the wrong rows alone, mended, is itself a ledger that can be handed in."""
    book = load_workbook(BytesIO(client.get(marked_url).content))
    lines = [line for line in book.active.iter_rows() if line[len(HEADER)].value]
    wrong = [line for line in lines if line[0].value != HEADER[0]]
    assert len(wrong) == WRONG
    for line in wrong:
        line[3].value = "2026-12-31"
    mended = BytesIO()
    book.save(mended)
    file = SimpleUploadedFile("旧台账（只含错行）.xlsx", mended.getvalue())
    answer = client.post(reverse("intake:import"), {"batch": str(batch.pk), "file": file})
    take(client, answer["Location"])
    assert Problem.objects.count() == good + WRONG
