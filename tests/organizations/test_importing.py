"""Units, posts and people from a workbook: what is wrong is named, and nothing is half-saved."""

from __future__ import annotations

import io

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.journal.action import NotAllowed, Refused
from bihuan.organizations import actions, queries
from bihuan.organizations.importing import SHEETS, import_workbook, template_workbook
from bihuan.organizations.models import Person, Post, Tenure, Unit
from bihuan.organizations.structure import (
    UNITS,
    Known,
    PersonRow,
    PostRow,
    Structure,
    UnitRow,
    faults_of,
    good_part,
)
from tests.documents.opening import sound

GOOD = {
    "单位": [
        ["C1", "甲县", "", "属地", "县", "", "是", "", ""],
        ["C2", "甲县水务局", "", "部门", "县", "C1", "", "", "2025年1月3日"],
    ],
    "岗位": [["C2", "局长", "主要负责人"], ["C2", "经办", "经办人", "水政科"]],
    "人员": [
        ["王乙", "C2", "局长", "", "13912345678", "w@example.org"],
        ["王乙", "C2", "经办", "", "139 1234 5678"],
    ],
}
BAD = ["C3", "乙县", "", "属地", "国", "", "", "", ""]


def workbook(**sheets):
    book = openpyxl.load_workbook(io.BytesIO(sound(template_workbook())))
    for name, rows in sheets.items():
        for row in rows:
            book[name].append(row)
    return saved(book)


def saved(book):
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


codes = st.sampled_from(["A", "B", "C", "D"])
structures = st.builds(
    lambda units, posts, people: Structure(
        tuple(UnitRow(line, *row) for line, row in enumerate(units, 2)),
        tuple(PostRow(line, *row) for line, row in enumerate(posts, 2)),
        tuple(PersonRow(line, *row) for line, row in enumerate(people, 2)),
    ),
    st.lists(
        st.tuples(codes, st.just("局"), st.just("department"), st.sampled_from([3, 4]), codes | st.just("")),
        max_size=5,
    ),
    st.lists(
        st.tuples(codes, st.sampled_from(["局长", "经办"]), st.sampled_from(["principal", "handler"])),
        max_size=5,
    ),
    st.lists(
        st.tuples(st.sampled_from(["甲", "乙"]), codes, st.sampled_from(["局长", "经办", ""])), max_size=5
    ),
)


@given(structures)
def test_the_good_part_has_no_faults(structure):
    good, _ = good_part(structure, Known())
    assert faults_of(good, Known()) == []


@given(structures)
def test_every_row_is_kept_or_named(structure):
    good, faults = good_part(structure, Known())
    named = {(fault.sheet, fault.line) for fault in faults}
    assert len(good) + len(named) == len(structure)


@given(structures)
def test_a_sound_structure_is_kept_whole(structure):
    if not faults_of(structure, Known()):
        assert good_part(structure, Known()) == (structure, [])


def test_a_circle_of_parents_is_named():
    rows = (UnitRow(2, "A", "甲", "department", 3, "B"), UnitRow(3, "B", "乙", "department", 3, "A"))
    assert {fault.line for fault in faults_of(Structure(rows), Known())} == {2, 3}


def test_a_unit_under_a_circle_is_named_too():
    rows = (
        UnitRow(2, "A", "甲", "department", 3, "A"),
        UnitRow(3, "B", "乙", "department", 3, "A"),
    )
    assert {fault.line for fault in faults_of(Structure(rows), Known())} == {2, 3}


def test_the_template_has_every_column():
    book = openpyxl.load_workbook(io.BytesIO(template_workbook()))
    heads = {sheet.title: [cell.value.rstrip("*") for cell in sheet[1]] for sheet in book}
    assert heads == {name: [column.heading for column in columns] for name, (_, columns) in SHEETS.items()}


@pytest.mark.django_db
class TestImport:
    def run(self, cast, content, *, only_good=False, name="机构.xlsx"):
        return import_workbook(content, name, only_good=only_good, actor=cast.system_administrator.actor)

    def test_units_posts_and_people_are_made(self, cast):
        assert self.run(cast, workbook(**GOOD)).made == {"units": 2, "posts": 2, "people": 1}

    def test_children_hang_below_their_parents(self, cast):
        self.run(cast, workbook(**GOOD))
        upper, lower = Unit.objects.get(code="C1"), Unit.objects.get(code="C2")
        assert lower.path == f"{upper.path}.{lower.pk.hex}"

    def test_one_person_takes_both_posts(self, cast):
        self.run(cast, workbook(**GOOD))
        assert Tenure.objects.filter(person__name="王乙", until=None).count() == 2

    def test_the_principal_answers_for_the_unit(self, cast):
        self.run(cast, workbook(**GOOD))
        assert queries.first_responsible_person(Unit.objects.get(code="C2")).person.name == "王乙"

    def test_units_of_the_installation_may_be_parents(self, cast):
        self.run(cast, workbook(单位=[["C9", "市新局", "", "部门", "市", "CITY"]]))
        assert Unit.objects.get(code="C9").parent == cast.city

    def test_a_wrong_row_stops_everything(self, cast):
        before = Unit.objects.count()
        outcome = self.run(cast, workbook(**{**GOOD, "单位": [*GOOD["单位"], BAD]}))
        assert (outcome.made, Unit.objects.count()) == ({}, before)

    def test_the_wrong_cell_is_named(self, cast):
        fault = self.run(cast, workbook(单位=[BAD])).faults[0]
        assert (fault.sheet, fault.line, str(fault.column)) == ("单位", 2, "层级")

    def test_what_would_be_right_is_said(self, cast):
        assert "乡镇" in str(self.run(cast, workbook(单位=[BAD])).faults[0].accepted)

    def test_the_good_rows_alone_by_choice(self, cast):
        outcome = self.run(cast, workbook(**{**GOOD, "单位": [*GOOD["单位"], BAD]}), only_good=True)
        assert (outcome.made["units"], len(outcome.faults)) == (2, 1)

    def test_what_hangs_on_a_bad_row_is_left_out_with_it(self, cast):
        outcome = self.run(cast, workbook(单位=[BAD], 岗位=[["C3", "局长", "主要负责人"]]), only_good=True)
        assert (dict(outcome.made), {fault.sheet for fault in outcome.faults}) == ({}, {"单位", "岗位"})

    def test_the_marked_file_says_it_in_the_row(self, cast):
        marked = openpyxl.load_workbook(io.BytesIO(sound(self.run(cast, workbook(单位=[BAD])).marked)))
        assert "层级" in marked[UNITS].cell(2, 1).value
        assert marked[UNITS].cell(2, 3).value == "C3"

    def test_a_second_import_of_the_same_is_refused(self, cast):
        self.run(cast, workbook(**GOOD))
        assert self.run(cast, workbook(**GOOD)).made == {}

    def test_a_taken_post_is_not_taken_again(self, cast):
        outcome = self.run(cast, workbook(人员=[["新人", "WATER", "市水务局局长"]]))
        assert "已有人任职" in str(outcome.faults[0].message)

    def test_somebody_known_by_number_is_not_made_twice(self, cast):
        actions.set_mobile(cast.handler.person, mobile="13912345678", actor=cast.system)
        sheets = {
            "岗位": [["STATION", "联络", "联络员"]],
            "人员": [["许诺", "STATION", "联络", "", "13912345678"]],
        }
        assert self.run(cast, workbook(**sheets)).made["people"] == 0

    def test_a_number_of_somebody_else_is_named(self, cast):
        actions.set_mobile(cast.handler.person, mobile="13912345678", actor=cast.system)
        outcome = self.run(cast, workbook(人员=[["别人", "", "", "", "13912345678"]]))
        assert "许诺" in str(outcome.faults[0].message)

    def test_namesakes_must_be_told_apart(self, cast):
        outcome = self.run(cast, workbook(人员=[["王丁"], ["王丁"]]))
        assert {fault.line for fault in outcome.faults} == {2, 3}

    def test_a_date_that_does_not_exist_is_named(self, cast):
        row = ["C9", "市新局", "", "部门", "市", "CITY", "", "", "2025-02-30"]
        assert str(self.run(cast, workbook(单位=[row])).faults[0].column) == "设立日期"

    def test_a_missing_column_is_named(self, cast):
        book = openpyxl.load_workbook(io.BytesIO(workbook(**GOOD)))
        book["单位"].delete_cols(2)
        assert "缺少这一列" in str(self.run(cast, saved(book)).faults[0].message)

    def test_merged_cells_and_blank_columns_do_no_harm(self, cast):
        book = openpyxl.load_workbook(io.BytesIO(workbook(**GOOD)))
        book["岗位"].merge_cells("A2:A3")
        book["单位"].cell(2, 60).value = " "
        assert self.run(cast, saved(book)).made["posts"] == 2

    @pytest.mark.parametrize(
        ("content", "name"),
        [
            (b"", "空.xlsx"),
            (b"PK\x03\x04broken", "坏.xlsx"),
            ("单位,1".encode(), "表.csv"),
            (b"\x89PNG", "图.xlsx"),
        ],
    )
    def test_what_is_no_workbook_is_refused_by_name(self, cast, content, name):
        with pytest.raises(Refused) as caught:
            self.run(cast, content, name=name)
        assert name in str(caught.value.message)

    def test_a_cut_off_workbook_is_refused(self, cast):
        with pytest.raises(Refused):
            self.run(cast, workbook(**GOOD)[:2000])

    def test_a_workbook_without_our_sheets_is_refused(self, cast):
        book = openpyxl.Workbook()
        book.active.append(["什么", "都不是"])
        with pytest.raises(Refused):
            self.run(cast, saved(book))

    def test_others_import_nothing(self, cast):
        with pytest.raises(NotAllowed):
            import_workbook(workbook(**GOOD), "x.xlsx", only_good=False, actor=cast.coordinator.actor)

    def test_a_row_costs_one_query_to_own_its_stream(self, cast, django_assert_max_num_queries):
        rows = [[f"N{number}", f"第{number}站", "", "事业单位", "市", "WATER"] for number in range(300)]
        with django_assert_max_num_queries(300 + 40):
            assert self.run(cast, workbook(单位=rows)).made["units"] == 300

    def test_the_page_names_each_fault(self, cast, client_as):
        file = io.BytesIO(workbook(单位=[BAD]))
        file.name = "机构.xlsx"
        response = client_as(cast.system_administrator).post("/organizations/import/", {"file": file})
        assert response.status_code == 422
        assert "读不懂" in response.content.decode()

    def test_the_page_imports(self, cast, client_as):
        file = io.BytesIO(workbook(**GOOD))
        file.name = "机构.xlsx"
        client_as(cast.system_administrator).post("/organizations/import/", {"file": file})
        assert Post.objects.filter(unit__code="C2").count() == 2

    def test_the_page_gives_the_template(self, cast, client_as):
        response = client_as(cast.system_administrator).get("/organizations/import/template/")
        assert openpyxl.load_workbook(io.BytesIO(response.content)).sheetnames == list(SHEETS)

    def test_no_number_of_an_import_stands_in_the_open(self, cast):
        self.run(cast, workbook(**GOOD))
        person = Person.objects.get(name="王乙")
        assert "13912345678" not in str(person.__dict__)
