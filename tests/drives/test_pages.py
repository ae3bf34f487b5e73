"""The pages of a drive: whose they are, what each may do there, what stays refused."""

from __future__ import annotations

import datetime as dt
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import load_workbook

from bihuan.drives import actions
from bihuan.drives.answering import sheet_of
from bihuan.drives.models import CoverageNote, Drive, DriveLine
from bihuan.intake.actions import drop_candidate
from bihuan.intake.models import Candidate, IntakeDocument
from bihuan.journal.timesource import today
from tests.desk.test_costs import register_many
from tests.drives.calls import ROW, answered, confirmed, draft_of, issue, line_of
from tests.organizations.cast import THE_SYSTEM
from tests.web.pages import read

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("uncollected_static")]
OF_UNIT = ("acknowledge", "rows", "sheet", "nil")
NIL = "经逐项自查，没有发现问题。"


def at(name: str, row, query: str = "") -> str:
    return reverse(f"drives:{name}", args=[row.pk]) + query


def words(answer) -> str:
    return answer.content.decode()


def dropped(line: DriveLine, cast) -> DriveLine:
    """What the unit reported is turned down."""
    document = IntakeDocument.objects.get(pk=line.documents[0])
    drop_candidate(document, candidate=1, reason="重复", actor=cast.coordinator.actor)
    return line


@pytest.fixture
def water(issued, cast) -> DriveLine:
    return line_of(issued, cast.water)


@pytest.fixture
def received(water, cast) -> DriveLine:
    actions.acknowledge_call(water, actor=cast.handler.actor)
    return water


def test_each_sees_its_own_line_and_no_other(issued, water, cast, client_as):
    for player, status in ((cast.handler, 200), (cast.coordinator, 200), (cast.sector_handler, 404)):
        assert client_as(player).get(at("line", water)).status_code == status
    for player in (cast.outsider, cast.system_administrator, cast.county_handler):
        assert client_as(player).get(at("line", water)).status_code == 404


def test_the_drive_is_the_offices(issued, cast, client_as):
    assert client_as(cast.reviewer).get(at("drive", issued)).status_code == 200
    for player in (cast.handler, cast.outsider, cast.mayor):
        client = client_as(player)
        for name in ("drive", "matrix", "issue", "withdraw", "conclude"):
            assert client.get(at(name, issued)).status_code == 404
        assert client.get(reverse("drives:new")).status_code == 404


def test_a_draft_has_no_page_for_the_unit(drive, cast, client_as):
    line = line_of(drive, cast.water)
    assert client_as(cast.handler).get(at("line", line)).status_code == 404
    assert "安全生产自查" not in words(client_as(cast.handler).get(reverse("drives:list")))
    assert "安全生产自查" in words(client_as(cast.coordinator).get(reverse("drives:list")))


def test_the_list_is_closed_to_administrators_and_empty_for_those_not_called(issued, cast, client_as):
    assert client_as(cast.log_auditor).get(reverse("drives:list")).status_code == 404
    assert "现在没有自查" in words(client_as(cast.outsider).get(reverse("drives:list")))
    assert "安全生产自查" in words(client_as(cast.handler).get(reverse("drives:list")))
    concluded = reverse("drives:list") + "?show=concluded"
    assert "没有结束的自查" in words(client_as(cast.handler).get(concluded))


@pytest.mark.parametrize("name", OF_UNIT)
def test_the_office_does_not_answer_for_a_unit(water, cast, client_as, name):
    for player, status in ((cast.coordinator, 403), (cast.outsider, 404)):
        client = client_as(player)
        assert client.get(at(name, water)).status_code == status
        assert client.post(at(name, water), {}).status_code == status


def test_a_unit_does_not_excuse_itself(water, cast, client_as):
    assert client_as(cast.handler).post(at("excuse", water), {"reason": "太忙"}).status_code == 403


@pytest.mark.parametrize("name", [*OF_UNIT, "sign", "explain", "excuse", "issue", "withdraw", "conclude"])
def test_a_form_takes_no_other_method(water, issued, cast, client_as, name):
    row = issued if name in ("issue", "withdraw", "conclude") else water
    query = "?sector=risk.safety" if name == "explain" else ""
    assert client_as(cast.coordinator).delete(at(name, row, query)).status_code == 405


@pytest.mark.parametrize(
    ("name", "sent"),
    [("rows", {"text_1": "漏水", "sector_1": "risk.safety"}), ("nil", {"statement": NIL})],
)
def test_what_was_not_received_is_not_answered_yet(water, cast, client_as, name, sent):
    answer = client_as(cast.handler).post(at(name, water), sent)
    assert answer.status_code == 422
    assert "未签收" in words(answer)


def test_a_unit_receives_reports_and_sees_what_became_of_it(water, issued, cast, client_as):
    client = client_as(cast.handler)
    assert client.post(at("acknowledge", water)).status_code == 302
    sent = {
        "text_1": ROW["text"], "title_1": ROW["title"], "sector_1": "risk.safety", "fixed_1": "on",
        "text_3": "加氯间没有报警器。", "sector_3": "risk.safety", "deadline_3": "2027-03-31",
    }  # fmt: skip
    assert client.post(at("rows", water), sent).status_code == 302
    one, two = Candidate.objects.order_by("k")
    assert (one.choices["fixed_on_entry"], two.values["deadline"]) == (True, "2027-03-31")
    page = words(client.get(at("line", water)))
    assert ROW["title"] in page
    assert page.count("待审核") == 2
    line = line_of(issued, cast.water)
    drop_candidate(one.document, candidate=2, reason="与受限的问题重复", actor=cast.coordinator.actor)
    page = words(client.get(at("line", line)))
    assert "未采用" in page
    assert "受限" not in page


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({}, "请写明是什么问题"),
        ({"text_1": "漏水", "sector_1": "finance"}, "finance"),
        ({"text_1": "漏水"}, "请选择领域"),
        ({"text_1": "漏水", "sector_1": "risk.safety", "site_2": "泵房"}, "请写明是什么问题"),
        ({"text_1": "漏水", "sector_1": "risk.safety", "deadline_1": "月底"}, "月底"),
    ],
)
def test_a_wrong_row_comes_back_as_typed(received, cast, client_as, sent, said):
    answer = client_as(cast.handler).post(at("rows", received), sent)
    assert answer.status_code == 422
    assert said in words(answer)
    assert not Candidate.objects.exists()


def test_a_unit_sends_its_own_sheet(received, issued, cast, client_as):
    client = client_as(cast.handler)
    content = sheet_of(received, [ROW])
    file = SimpleUploadedFile("自查台账.xlsx", content)
    assert client.post(at("sheet", received), {"file": file}).status_code == 302
    assert "自查台账.xlsx" in words(client.get(at("line", received)))
    wrong = SimpleUploadedFile("自查.xlsx", b"PK\x03\x04 not a workbook")
    answer = client.post(at("sheet", received), {"file": wrong})
    assert answer.status_code == 422
    assert len(line_of(issued, cast.water).documents) == 1


def test_the_empty_sheet_has_the_header_that_is_read(received, cast, client_as):
    client = client_as(cast.handler)
    sheet = b"".join(client.get(at("empty_sheet", received)).streaming_content)
    book = load_workbook(BytesIO(sheet))
    assert book.get_sheet_by_name("可填领域").to_python() == [["所属领域"], ["安全生产"]]
    head = book.get_sheet_by_name("自查问题").to_python()[0]
    assert {"问题描述", "所属领域", "整改状态"} <= set(head)
    assert client_as(cast.sector_handler).get(at("empty_sheet", received)).status_code == 404


def test_a_nil_return_is_written_by_one_and_signed_by_another(received, issued, cast, client_as):
    assert client_as(cast.handler).post(at("nil", received), {"statement": NIL}).status_code == 302
    page = words(client_as(cast.handler).get(at("line", received)))
    assert "待负责人签署" in page
    assert client_as(cast.handler).post(at("sign", received)).status_code == 403
    head = client_as(cast.principal)
    assert at("sign", received) in words(head.get(at("line", received)))
    assert head.post(at("sign", received)).status_code == 302
    page = words(head.get(at("line", received)))
    assert NIL in page
    assert cast.principal.person.name in page
    assert head.post(at("sign", received)).status_code == 422


def test_a_blank_is_explained_where_it_stands(issued, cast, client_as):
    line = dropped(answered(issued, cast), cast)
    client, address = client_as(cast.handler), at("explain", line, "?sector=risk.safety&source=")
    assert address.replace("&", "&amp;") in words(client.get(at("line", line)))
    assert "安全生产自查 · 市水务局 · 安全生产" in words(client.get(address))
    assert client.post(address, {"reason": " "}).status_code == 422
    assert client.post(address, {"reason": "所报问题正在审核。"}).status_code == 302
    assert CoverageNote.objects.get().reason == "所报问题正在审核。"
    assert "所报问题正在审核。" in words(client.get(at("line", line)))
    for wrong in ("?sector=finance", "?sector=risk.safety&source=audit", ""):
        assert client.get(at("explain", line, wrong)).status_code == 404


CALL = {
    "title": "燃气安全自查", "code": "ZC-9", "sectors": ["risk.safety", "risk.fire"], "sources": ["audit"],
    "requirement": "逐户排查。", "since": "2026-01-01", "due_on": (today() + dt.timedelta(days=60)).isoformat(), "basis_kind": "major_decision",
    "basis": "全市安全生产大会部署", "basis_no": "云安委〔2026〕3号", "remind_before": "3", "remind_every": "5",
}  # fmt: skip


@pytest.mark.usefixtures("lists")
def test_the_office_makes_a_call_and_another_sends_it_out(cast, client_as):
    client, sent = client_as(cast.coordinator), {**CALL, "units": [str(cast.water.pk), str(cast.station.pk)]}
    assert client.get(reverse("drives:new")).status_code == 200
    assert client.post(reverse("drives:new"), {**sent, "due_on": "2020-01-31"}).status_code == 422
    foreign = {**sent, "units": [str(cast.other_housing.pk)]}
    made = client.post(reverse("drives:new"), sent)
    drive = Drive.objects.get()
    assert made["Location"] == at("drive", drive)
    assert (drive.batch.title, drive.sources, drive.lines.count()) == ("燃气安全自查", ["audit"], 2)
    assert client.post(reverse("drives:new"), foreign).status_code == 422
    page = words(client.get(at("drive", drive)))
    assert "请另一位同志下发" in page
    assert page.count("未下发") == 2
    assert "云安委〔2026〕3号" in page
    assert client.post(at("issue", drive)).status_code == 422
    assert client_as(cast.reviewer).post(at("issue", drive)).status_code == 302
    assert client_as(cast.reviewer).post(at("issue", drive)).status_code == 422
    assert "燃气安全自查" in words(client_as(cast.handler).get(reverse("drives:list")))


def test_the_office_sees_who_has_not_answered_and_why_it_cannot_conclude(issued, cast, client_as):
    line = answered(issued, cast)
    client = client_as(cast.coordinator)
    page = words(client.get(at("drive", issued)))
    assert "还有 1 个单位没有报告、报来的问题还有 1 条没有审核" in page
    assert cast.ecology.name not in words(client.get(at("drive", issued, "?show=reported")))
    assert cast.water.name not in words(client.get(at("drive", issued, "?show=asked")))
    confirmed(line, cast)
    excused = client.post(at("excuse", line_of(issued, cast.ecology)), {"reason": "机构改革期间"})
    assert excused.status_code == 302
    assert client.post(at("conclude", issued)).status_code == 302
    assert Drive.objects.get().state == Drive.State.CONCLUDED
    page = words(client.get(at("drive", issued)))
    assert at("conclude", issued) not in page
    assert "安全生产自查" in words(client.get(reverse("drives:list") + "?show=concluded"))


@pytest.mark.parametrize(("fixed", "then"), [("no", "已报 1"), ("yes", "1")])
def test_a_unit_is_not_asked_to_explain_what_it_reported_itself(issued, cast, client_as, fixed, then):
    """Its problem is in the ledger, but it sees it there only once it is assigned, or is to prove it fixed."""
    actions.acknowledge_call(line_of(issued, cast.water), actor=cast.handler.actor)
    rows = [ROW | {"fixed": fixed}]
    actions.answer_with_rows(line_of(issued, cast.water), rows=rows, actor=cast.handler.actor)
    line = line_of(issued, cast.water)

    def said():
        page = client_as(cast.handler).get(at("line", line))
        assert at("explain", line) not in words(page)
        return [cell.words for cell in page.context["cells"]]

    assert "已报 1" in said()
    confirmed(line, cast)
    assert then in said()


@pytest.mark.usefixtures("lists")
def test_all_of_a_kind_are_called_together(cast, client_as):
    sent = {**CALL, "kinds": ["department"], "units": [str(cast.station.pk)]}
    assert client_as(cast.coordinator).post(reverse("drives:new"), sent).status_code == 302
    called = set(DriveLine.objects.values_list("unit__code", flat=True))
    assert called == {"WATER", "ECOLOGY", "DATA", "STATION"}
    answer = client_as(cast.coordinator).post(reverse("drives:new"), {**CALL, "code": "ZC-10"})
    assert (answer.status_code, "请选择自查单位" in words(answer)) == (422, True)


def test_a_number_leads_to_the_very_problems_it_counts(cast, client_as, lists):
    drive = issue(draft_of(cast, sectors=["risk.ecology"]), cast)
    register_many(place=cast.city, lead=cast.station, start=0, end=2, actor=THE_SYSTEM)
    client = client_as(cast.coordinator)
    page = read(words(client.get(at("drive", drive))))
    [link] = [one for one in page.all("a") if "registered_after" in (one.get("href") or "")]
    assert link.words == "2"
    assert words(client.get(link.get("href"))).count("data-row") == 2


def test_the_sheet_is_the_table_the_reader_sees(issued, cast, client_as):
    answered(issued, cast)
    client = client_as(cast.coordinator)

    def rows(query: str = "") -> list[list[object]]:
        sheet = b"".join(client.get(at("matrix", issued, query)).streaming_content)
        return load_workbook(BytesIO(sheet)).get_sheet_by_index(0).to_python()[2:]

    head, *units = rows()
    assert head == ["单位", "报告情况", "安全生产", "报来", "待审", "空白格"]
    assert units == [
        [cast.water.name, "已报问题", "已报 1", 1, 1, 0],
        [cast.ecology.name, "未签收", "未报", 0, 0, 0],
    ]
    dropped(line_of(issued, cast.water), cast)
    assert rows("?show=blank")[1:] == [[cast.water.name, "已报问题", "空白", 1, 0, 1]]
    assert [row[0] for row in rows("?show=asked")[1:]] == [cast.ecology.name]


def test_the_page_of_sixty_units_costs_what_that_of_two_does(cast, client_as, lists):
    client = client_as(cast.coordinator)

    def cost(drive: Drive) -> int:
        client.get(at("drive", drive))
        with CaptureQueriesContext(connection) as captured:
            assert client.get(at("drive", drive)).status_code == 200
        return len(captured)

    units = [
        cast.water, cast.ecology, cast.station, cast.data, cast.audit, cast.inspection, cast.county, cast.county_water,
    ]  # fmt: skip
    few = issue(draft_of(cast), cast)
    many = issue(draft_of(cast, code="ZC-2", units=units, sectors=["risk.safety", "risk.ecology"]), cast)
    register_many(place=cast.city, lead=cast.water, start=0, end=9, actor=THE_SYSTEM)
    assert cost(few) == cost(many) <= 25
    line = line_of(few, cast.water)
    mine = client_as(cast.handler)
    mine.get(at("line", line))
    with CaptureQueriesContext(connection) as captured:
        mine.get(at("line", line))
    assert len(captured) <= 28


def test_the_list_costs_the_same_for_many_drives(cast, client_as, lists):
    def cost(player) -> int:
        client = client_as(player)
        client.get(reverse("drives:list"))
        with CaptureQueriesContext(connection) as captured:
            assert client.get(reverse("drives:list")).status_code == 200
        return len(captured)

    issue(draft_of(cast), cast)
    few = {player.post.name: cost(player) for player in (cast.coordinator, cast.handler)}
    for number in range(2, 5):
        issue(draft_of(cast, code=f"ZC-{number}"), cast)
    assert {player.post.name: cost(player) for player in (cast.coordinator, cast.handler)} == few
    assert max(few.values()) <= 22


def test_an_office_that_is_called_itself_sees_both(cast, client_as, lists):
    drive = issue(draft_of(cast, units=[cast.office, cast.water]), cast)
    page = words(client_as(cast.coordinator).get(reverse("drives:list")))
    assert at("drive", drive) in page
    assert at("line", line_of(drive, cast.office)) in page


def test_of_several_sectors_none_is_chosen_beforehand(cast, client_as, lists):
    drive = issue(draft_of(cast, sectors=["risk.safety", "risk.fire"]), cast)
    line = line_of(drive, cast.water)
    actions.acknowledge_call(line, actor=cast.handler.actor)
    client = client_as(cast.handler)
    assert "请选择" in words(client.get(at("rows", line)))
    sent = {"text_1": "漏水", "sector_1": "risk.fire", "text_2": "电缆老化", "sector_2": ""}
    answer = client.post(at("rows", line), sent)
    assert (answer.status_code, "请选择领域" in words(answer)) == (422, True)


def test_a_problem_says_that_its_unit_reported_it_and_fixed_it_at_once(issued, cast, client_as):
    problem = confirmed(answered(issued, cast), cast)
    page = words(client_as(cast.coordinator).get(reverse("desk:problem", args=[problem.pk])))
    assert "自查上报" in page
    assert "边审边改" in page


def test_a_draft_can_be_put_aside_by_who_wrote_it_and_what_was_sent_out_cannot(drive, cast, client_as):
    client = client_as(cast.coordinator)
    assert at("withdraw", drive) in words(client.get(at("drive", drive)))
    assert client.post(at("withdraw", drive), {"reason": " "}).status_code == 422
    assert client.post(at("withdraw", drive), {"reason": "领域选错了。"}).status_code == 302
    page = words(client.get(at("drive", drive)))
    assert "领域选错了。" in page
    assert at("issue", drive) not in page
    assert client_as(cast.reviewer).post(at("issue", drive)).status_code == 422
    assert client_as(cast.handler).get(at("line", line_of(drive, cast.water))).status_code == 404
    assert "安全生产自查" in words(client.get(reverse("drives:list") + "?show=concluded"))
    sent = issue(draft_of(cast, code="ZC-2"), cast)
    assert client.post(at("withdraw", sent), {"reason": "领域选错了。"}).status_code == 422
    page = words(client.get(at("drive", sent)))
    assert at("withdraw", sent) not in page
    assert "请另一位同志撤回" in page
