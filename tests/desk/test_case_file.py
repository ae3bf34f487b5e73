"""The case file of one problem: whole for who may see it, the same each time, and nothing in it one may not see."""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import io
import json
import zipfile

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bihuan.approvals.models import Approval
from bihuan.desk.case_file import case_file_of
from bihuan.desk.case_file_archive import MANIFEST
from bihuan.desk.case_file_check import _is_of_the_original, check
from bihuan.files import policy
from bihuan.files.queries import content_of
from bihuan.journal import access, timesource
from bihuan.journal.actions import confirm_expunge, propose_expunge
from bihuan.journal.models import AccessEntry, JournalEvent
from bihuan.rectification.models import Evidence
from tests.authenticity.pictures import camera, jpeg, scene
from tests.desk.binding import fetched, opened, proven, walked
from tests.rectification.conftest import upload

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("uncollected_static", "folder")]
IN_ORDER = [
    "问题登记", "问题基本情况", "拟办意见", "交办单", "签收", "会议研究（方案）", "整改方案第 1 版（已批准）",
    "进展报告", "佐证材料", "会议研究（销号）", "验收记录（通过）", "公示（期满）", "销号审定（同意销号）",
    "备案", "回头看（成效保持）", "回头看（待核查）", "经过（日志）",
]  # fmt: skip


@pytest.fixture
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def address(problem) -> str:
    return reverse("desk:case_file", args=[problem.pk])


def bound(client_as, player, problem) -> bytes:
    return fetched(client_as(player).get(address(problem)))


def test_a_closed_problem_is_bound_whole_and_in_the_order_of_the_loop(story, client_as):
    problem = walked(story)
    (case,) = opened(bound(client_as, story.cast.coordinator, problem))
    assert case.folder == problem.problem_no
    assert case.titles == IN_ORDER
    assert [path.removeprefix("附件/") for path in case.enclosed] == [
        "10-1 会议纪要.txt", "13-1 会议纪要.txt", "4-1 竣工资料.txt", "6-1 会议纪要.txt", "9-1 竣工资料.txt",
    ]  # fmt: skip
    words = case.words
    for said in (
        problem.title, "督查发现城区老旧供水管网漏损率", "由市水务局牵头整改。", "云整改〔2026〕3号", "云整改签〔2026〕5号",
        "唐敏（市水务局）", "漏损率降到百分之十以下", "更换北城管网", "已更换管网。", "现场核查，整改到位。",
        "〔2026〕8号纪要", "云整改备〔2026〕1号", "漏损率保持在百分之九。", "林晓（市整改办 整改办经办） 于",
    ):  # fmt: skip
        assert said in words, said


def test_every_record_names_its_place_in_the_journal(story, client_as):
    problem = proven(story)
    (case,) = opened(bound(client_as, story.cast.coordinator, problem))
    heads = {head["stream"]: head for head in case.manifest["journal"]["heads"]}
    assert {item["stream"] for item in case.manifest["items"]} - {None} <= heads.keys()
    approvals = Approval.objects.values_list("pk", flat=True)
    assert {str(pk) for pk in approvals} <= heads.keys()
    last = JournalEvent.objects.filter(stream=problem.pk).order_by("-seq").first()
    head = heads[str(problem.pk)]
    assert (head["seq"], head["hash"]) == (last.seq, bytes(last.hash).hex())


def test_the_same_ledger_actor_and_moment_give_the_same_bytes(story, client_as):
    problem = proven(story)
    client = client_as(story.cast.coordinator)
    first, second = (fetched(client.get(address(problem))) for _ in range(2))
    assert first == second
    story.clock.go_on()
    assert fetched(client.get(address(problem))) != first


@pytest.mark.parametrize("player", ["outsider", "system_administrator", "log_auditor"])
def test_for_others_there_is_no_case_file(story, client_as, player):
    problem = story.register()
    assert client_as(getattr(story.cast, player)).get(address(problem)).status_code == 404


def test_it_is_only_read(story, client_as):
    problem = story.register()
    assert client_as(story.cast.coordinator).post(address(problem)).status_code == 405


def test_a_file_one_may_not_open_leaves_no_trace(story, client_as, monkeypatch):
    problem = walked(story)
    hidden = story.cast.handler
    sees = policy._sights["assignment_order"]
    monkeypatch.setitem(
        policy._sights,
        "assignment_order",
        lambda actor, subject: actor.person != hidden.person.pk and sees(actor, subject),
    )
    (full,) = opened(bound(client_as, story.cast.coordinator, problem))
    (less,) = opened(bound(client_as, hidden, problem))
    assert len(full.enclosed) - len(less.enclosed) == 1
    assert [one for one in full.enclosed if one.startswith("附件/4-1 ")] != []
    assert [one for one in less.enclosed if one.startswith("附件/4-1 ")] == []
    order = next(item for item in less.manifest["items"] if item["title"] == "交办单")
    assert order["files"] == 0


def test_personal_numbers_are_covered_and_counted(story, client_as):
    problem = story.rectifying()
    (measure,) = story.measures(problem)
    story.report(problem, measure=measure, facts="联系人 13812345678，证件 610102199003071234，已更换管网。")
    (case,) = opened(bound(client_as, story.cast.coordinator, problem))
    assert "13812345678" not in case.words
    assert "610102199003071234" not in case.words
    assert "联系人 138****5678，证件 610*************34" in case.words
    assert "已遮盖 2 处" in case.words


def test_an_expunged_file_is_told_of_and_left_out(story, client_as):
    problem = story.rectifying()
    story.prove(problem, upload=upload("误传的内容", "误传.txt"))
    file = Evidence.objects.get(problem=problem).file
    request = propose_expunge(
        record=file,
        rows={file.row_key: ["name"]},
        reason="误传",
        document_no="保〔2026〕1号",
        actor=story.cast.security_administrator.actor,
    )
    confirm_expunge(request, actor=story.cast.system_administrator.actor)
    content = bound(client_as, story.cast.coordinator, problem)
    (case,) = opened(content)
    assert case.enclosed == []
    assert "的内容已按规定清除或缺失，未收入" in case.words
    assert "误传的内容".encode() not in content


def test_a_photograph_is_bound_without_what_the_camera_wrote(story, client_as, tmp_path):
    """Even for whoever judges photographs: a bound copy is passed on. Both digests stand in the manifest."""
    problem = story.rectifying()
    taken = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
    photograph = jpeg(scene(8), "整改后.jpg", exif=camera(taken=taken))
    evidence = story.prove(problem, upload=photograph, kind="after")
    content = bound(client_as, story.cast.coordinator, problem)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        (name,) = [one for one in archive.namelist() if one.endswith("整改后.jpg")]
        copy = archive.read(name)
        (manifest,) = [json.loads(archive.read(one)) for one in archive.namelist() if one.endswith(MANIFEST)]
    assert b"Phone 7" in content_of(evidence.file)
    assert b"Phone 7" not in copy
    (entry,) = [one for one in manifest["files"] if one["path"].endswith("整改后.jpg")]
    assert entry["sha256"] == hashlib.sha256(copy).hexdigest()
    assert entry["recorded_sha256"] == evidence.file.blob.sha256
    path = tmp_path / "卷宗.zip"
    path.write_bytes(content)
    (checked,) = check(path)
    assert checked.faults == []
    other = {**entry, "recorded_sha256": story.prove(problem).file.blob.sha256}
    assert not _is_of_the_original(other)


def test_binding_is_entered_in_the_access_log(story, client_as):
    problem = proven(story)
    bound(client_as, story.cast.handler, problem)
    (entry,) = AccessEntry.objects.using(access.LOG).filter(what="export:case_file")
    assert (entry.person, entry.subject) == (story.cast.handler.person.pk, problem.row_key)
    assert entry.detail["files"] == 2


def test_a_case_file_costs_the_same_however_long_the_ledger(story):
    problem = proven(story)
    actor = story.cast.coordinator.actor

    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            case_file_of(actor, problem, timesource.now())
        return len(captured)

    cost()
    few = cost()
    story.assigned(3)
    assert cost() == few <= 80


class TestChecking:
    """`bihuan check_case_file` says whether an archive is still what was handed out."""

    @pytest.fixture
    def archive(self, story, client_as, tmp_path):
        path = tmp_path / "卷宗.zip"
        path.write_bytes(bound(client_as, story.cast.coordinator, proven(story)))
        return path

    def said(self, path) -> dict:
        out = io.StringIO()
        with contextlib.suppress(SystemExit):
            call_command("check_case_file", path, as_json=True, stdout=out)
        return json.loads(out.getvalue())

    def rewritten(self, path, change) -> None:
        with zipfile.ZipFile(path) as archive:
            held = {name: archive.read(name) for name in archive.namelist()}
        change(held)
        with zipfile.ZipFile(path, "w") as archive:
            for name, content in held.items():
                archive.writestr(name, content)

    def faults(self, path) -> set[str]:
        answer = self.said(path)
        assert answer["whole"] is False
        return {fault for one in answer["case_files"] for fault, _where in one["faults"]}

    def test_what_was_handed_out_is_whole(self, archive, story):
        answer = self.said(archive)
        assert answer["whole"] is True
        assert answer["case_files"][0]["bound_by"] == story.cast.coordinator.person.name

    def test_an_altered_file_is_named(self, archive):
        self.rewritten(
            archive, lambda held: held.update(dict.fromkeys([n for n in held if "监测报告" in n], b"x"))
        )
        assert self.faults(archive) == {"altered"}

    def test_a_file_that_was_taken_out_or_put_in_is_named(self, archive):
        def change(held: dict[str, bytes]) -> None:
            held.pop(next(name for name in held if "监测报告" in name))
            held[next(iter(held)).partition("/")[0] + "/多出.txt"] = b"x"

        self.rewritten(archive, change)
        assert self.faults(archive) == {"missing", "stranger"}

    def test_a_manifest_made_to_fit_is_not_in_the_log(self, archive):
        def change(held: dict[str, bytes]) -> None:
            name = next(name for name in held if name.endswith("manifest.json"))
            held[name] = held[name].replace("林晓".encode(), "田野".encode())

        self.rewritten(archive, change)
        assert self.faults(archive) == {"not_logged"}

    def test_a_journal_that_differs_is_named(self, archive):
        def change(held: dict[str, bytes]) -> None:
            name = next(name for name in held if name.endswith("manifest.json"))
            manifest = json.loads(held[name])
            manifest["journal"]["heads"][0]["hash"] = "00" * 32
            held[name] = json.dumps(manifest).encode()

        self.rewritten(archive, change)
        assert self.faults(archive) == {"journal", "not_logged"}

    @pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"no zip at all"])
    def test_something_else_is_refused_by_name(self, tmp_path, content):
        path = tmp_path / "别的.zip"
        path.write_bytes(content)
        with pytest.raises(CommandError, match=r"别的\.zip") as refused:
            call_command("check_case_file", path)
        assert refused.value.returncode == 2

    def test_a_manifest_of_another_make_is_named(self, tmp_path):
        path = tmp_path / "别的.zip"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("a/manifest.json", b'{"format": "x"}')
        assert self.faults(path) == {"manifest"}
