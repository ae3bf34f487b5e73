"""An open batch in the small city, and a letter to take in."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from bihuan.documents import read_document
from bihuan.files import store
from bihuan.intake.actions import receive_documents
from bihuan.intake.models import IntakeDocument
from bihuan.intake.scans import recognising, running
from bihuan.intake.unpacking import Handed
from bihuan.journal.action import Actor
from bihuan.ledger.actions import create_batch
from bihuan.ledger.models import Batch, Source
from tests.intake.recogniser import TEXTS, Recogniser

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from tests.kept_rows import Shelf
    from tests.organizations.cast import Cast, Player

__all__ = ["batch", "letter"]

DAY = dt.date(2025, 1, 1)
SYSTEM = Actor.the_system("tests.intake")

LETTER = """关于专项督察发现问题的反馈意见
市人民政府：
督察组于2026年3月对你市供水保障情况进行了专项督察，现将有关情况反馈如下。
一、总体情况
你市高度重视供水工作，农村供水覆盖率持续提升，取得明显成效。
二、存在的主要问题
（一）市水务局对青石县供水管网巡检不到位，管网漏损率长期超过百分之二十，群众多次反映未得到有效解决。
（二）石堰镇水源地保护区内仍有三家养殖场未按期搬迁，粪污直排沟渠，存在饮水安全隐患。
（三）供水应急预案未及时修订，应急演练流于形式，2025年以来未开展一次实战演练。
三、整改要求
请你市切实加强组织领导，于2026年9月30日前完成整改，并按月报送整改进展情况。
"""


def open_batch(cast: Cast) -> Batch:
    """A batch of the city, received in spring, due in autumn."""
    return create_batch(
        jurisdiction=cast.city,
        code="GS-2026",
        title="供水保障专项督察反馈意见",
        source=Source.objects.get(code="audit"),
        source_authority="省专项督察组",
        received_on=dt.date(2026, 3, 20),
        deadline=dt.date(2026, 9, 30),
        actor=cast.coordinator.actor,
    )


def take_in_letter(batch: Batch, cast: Cast) -> IntakeDocument:
    """The letter, taken in by the coordinator."""
    files = [Handed("反馈意见.txt", LETTER.encode())]
    return receive_documents(files, batch, actor=cast.coordinator.actor)[0]


@pytest.fixture
def batch(cast: Cast, lists: None, shelf: Shelf) -> Batch:
    """An open batch in the small city."""
    return Batch.objects.get(pk=shelf.stage("batch", lambda: open_batch(cast).pk))


@pytest.fixture
def letter(batch: Batch, cast: Cast, shelf: Shelf) -> IntakeDocument:
    """The letter in that batch."""
    document = IntakeDocument.objects.get(pk=shelf.stage("letter", lambda: take_in_letter(batch, cast).pk))
    # Rows are kept, contents are not: a test may have spoilt this one, or had a folder of its own for it.
    store.write(store.name_of(document.sha256), LETTER.encode())
    return document


@pytest.fixture
def desk(cast: Cast, client_as: Callable[[Player], Client]) -> Client:
    """The coordinator's browser."""
    return client_as(cast.coordinator)


@pytest.fixture
def recogniser(monkeypatch: pytest.MonkeyPatch) -> Recogniser:
    """Text recognition is installed, and reads what it was given to say."""
    made = Recogniser(TEXTS)
    monkeypatch.setattr("bihuan.documents.scanning.is_installed", lambda: True)
    monkeypatch.setattr(running, "scan_in_sandbox", made)
    monkeypatch.setattr(recognising, "scan_in_sandbox", made)
    # In this process: that a child reads the same is shown elsewhere, and each costs a second.
    monkeypatch.setattr("bihuan.intake.reading.read_in_sandbox", read_document)
    return made
