"""Scans inside an archive or letter: what holds them is kept after them, and only if all of them may be."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from bihuan.intake import actions
from bihuan.intake.models import IntakeDocument
from bihuan.intake.scans import running
from bihuan.intake.scans.scan import MOVING, Scan
from bihuan.intake.scans.spool import Spool
from bihuan.intake.unpacking import Handed, Received
from tests.intake.recogniser import Recogniser, tiff
from tests.intake.test_unpacking import packed

if TYPE_CHECKING:
    from django.test import Client

    from bihuan.ledger.models import Batch
    from tests.organizations.cast import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("uncollected_static")]


PACKED = "附件.zip"


def take_in(batch: Batch, cast: Cast, content: bytes) -> dict[str, Received]:
    file = Handed(PACKED, content)
    return {one.name: one for one in actions.receive_each([file], batch, actor=cast.coordinator.actor)}


def archive() -> bytes:
    return packed(("扫描.tif", tiff()), ("照片.tif", tiff(2)), ("一.txt", "台账不清。".encode()))


def run_jobs() -> None:
    """What the worker would do with the scans, in the order asked for; each once."""
    for job in ProcrastinateJob.objects.filter(task_name="intake.read_scan", status="todo").order_by("id"):
        running.read_scan(job.args["scan"])


def received_names() -> set[str]:
    return set(IntakeDocument.objects.values_list("name", flat=True))


def test_an_archive_waits_for_the_scans_inside_it(
    batch: Batch, desk: Client, cast: Cast, recogniser: Recogniser
) -> None:
    results = take_in(batch, cast, archive())
    assert not any(result.refusal for result in results.values())
    holder = results[PACKED].scan
    assert holder is not None
    assert sorted(holder.awaits.values()) == ["扫描.tif", "照片.tif"]
    assert received_names() == {"一.txt"}
    page = desk.get(reverse("intake:batch", args=[batch.pk])).content.decode()
    assert "等里面的扫描件识别完（2 份）" in page
    running.read_scan(holder.pk)
    running.read_scan(results["扫描.tif"].scan.pk)
    running.read_scan(holder.pk)
    assert PACKED not in received_names(), "one is still under way"
    run_jobs()
    run_jobs()
    assert received_names() == {"一.txt", "扫描.tif", "照片.tif", PACKED}
    assert not Scan.objects.filter(state__in=MOVING).exists()
    assert not Spool(holder.pk).folder.exists()


def test_an_archive_is_not_kept_over_a_scan_that_could_not_be(
    batch: Batch, cast: Cast, recogniser: Recogniser
) -> None:
    results = take_in(batch, cast, archive())
    running.read_scan(results["照片.tif"].scan.pk)
    recogniser.texts[2] = ["机密★5年"]
    run_jobs()
    run_jobs()
    holder = Scan.objects.get(pk=results[PACKED].scan.pk)
    assert holder.state == Scan.State.FAILED
    assert "扫描.tif" in holder.failure["message"]
    assert "照片.tif" not in holder.failure["message"]
    assert received_names() == {"一.txt", "照片.tif"}
    assert not Spool(holder.pk).folder.exists()


def test_a_scan_cancelled_inside_an_archive_ends_its_waiting(
    batch: Batch, cast: Cast, recogniser: Recogniser
) -> None:
    results = take_in(batch, cast, packed(("扫描.tif", tiff()), ("一.txt", "台账不清。".encode())))
    running.cancel(results["扫描.tif"].scan)
    run_jobs()
    holder = Scan.objects.get(pk=results[PACKED].scan.pk)
    assert (holder.state, holder.failure["code"]) == (Scan.State.FAILED, "holds_refused")


def test_an_archive_handed_in_twice_waits_once(batch: Batch, cast: Cast, recogniser: Recogniser) -> None:
    content = archive()
    first, second = (take_in(batch, cast, content) for _ in range(2))
    assert first[PACKED].scan == second[PACKED].scan
    assert Scan.objects.count() == 3


def test_a_worker_killed_at_the_end_of_a_scan_wakes_the_archive_when_it_comes_back(
    batch: Batch, cast: Cast, recogniser: Recogniser, monkeypatch: pytest.MonkeyPatch
) -> None:
    results = take_in(batch, cast, packed(("扫描.tif", tiff())))
    scan, holder = results["扫描.tif"].scan, results[PACKED].scan
    with monkeypatch.context() as killed:
        killed.setattr(running.containers, "wake", lambda _pk: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            running.read_scan(scan.pk)
    ProcrastinateJob.objects.filter(task_name="intake.read_scan").delete()
    running.read_scan(scan.pk)
    run_jobs()
    assert Scan.objects.get(pk=holder.pk).state == Scan.State.DONE


def test_an_emblem_without_letters_is_no_reason_to_refuse_the_letter_it_stands_in(
    batch: Batch, cast: Cast, recogniser: Recogniser
) -> None:
    recogniser.texts[0] = []
    results = take_in(batch, cast, packed(("徽标.tif", tiff(1)), ("一.txt", "台账不清。".encode())))
    assert results["徽标.tif"].refusal is not None
    assert received_names() == {"一.txt", PACKED}
