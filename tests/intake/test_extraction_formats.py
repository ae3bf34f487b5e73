"""Whatever the format, nothing is lost and nothing stays unaccounted for."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bihuan.documents import read_document
from bihuan.intake.extraction.cues import Disposition
from bihuan.intake.extraction.extracting import extract
from tests.documents import making
from tests.documents.test_pdf import drawn
from tests.documents.test_picture_pages import scan, text
from tests.intake.test_extraction import FEEDBACK, read


@settings(deadline=None)
@given(
    st.text(
        alphabet="整改问题落实不到位未违规一二三是（）1.、，。；：“”\n 主要 存在案例9", max_size=200
    ).filter(str.strip)
)
def test_no_text_whatever_loses_a_character_or_stays_unaccounted(text):
    extraction = read(text)
    written = "".join(passage.text for passage in extraction.passages)
    assert sorted(making.squeezed(written)) == sorted(making.squeezed(text))
    assert extraction.unaccounted == 0


@settings(max_examples=15, deadline=None)
@given(st.lists(st.sampled_from(FEEDBACK.split("\n")).filter(str.strip), min_size=1, max_size=12))
def test_word_documents_lose_nothing_either(lines):
    extraction = extract(read_document(making.word(*lines), name="a.docx"))
    assert making.squeezed("".join(passage.text for passage in extraction.passages)) == making.squeezed(
        "".join(lines)
    )


CELLS = st.lists(
    st.sampled_from(["序号", "问题描述", "1", "台账不规范", "市水务局", "", "8月底", "合计"]),
    min_size=1,
    max_size=5,
)


@settings(max_examples=15, deadline=None)
@given(
    st.lists(
        st.lists(st.sampled_from(FEEDBACK.split("\n")).filter(str.strip), min_size=1, max_size=6),
        min_size=1,
        max_size=4,
    )
)
def test_pdf_documents_lose_nothing_either(pages):
    extraction = extract(read_document(making.pdf(pages), name="a.pdf"))
    written = "".join(passage.text for passage in extraction.passages)
    assert sorted(making.squeezed(written)) == sorted(making.squeezed("".join(map("".join, pages))))
    assert extraction.unaccounted == 0


@settings(max_examples=25, deadline=None)
@given(st.lists(CELLS, min_size=1, max_size=8).filter(lambda rows: any(map(any, rows))))
@pytest.mark.parametrize("kind", ["xlsx", "csv", "ods"])
def test_sheets_lose_nothing_either(kind, rows):
    makers = {
        "xlsx": making.sheet,
        "ods": making.open_document_sheet,
        "csv": lambda rows: "\n".join(",".join(row) for row in rows).encode(),
    }
    extraction = extract(read_document(makers[kind](rows), name=f"a.{kind}"))
    written = "".join(passage.text for passage in extraction.passages)
    assert making.squeezed(written) == making.squeezed("".join(map("".join, rows)))
    assert extraction.unaccounted == 0


def test_pdf_passages_know_their_page_and_its_radicals_are_mended():
    extraction = extract(
        read_document(making.pdf([["存在的主要问题"], ["1.饮⽔⼯程进展缓慢。"]]), name="a.pdf")
    )
    assert [
        (candidate.title, extraction.passages[candidate.passages[0]].page)
        for candidate in extraction.candidates
    ] == [("饮水工程进展缓慢", 2)]


def test_word_numbers_that_are_not_in_the_text_number_the_candidates():
    content = making.numbered_word([(0, "存在的主要问题"), (1, "台账管理不规范。"), (1, "责任落实不到位。")])
    extraction = extract(read_document(content, name="a.docx"))
    assert [candidate.source_no for candidate in extraction.candidates] == ["一（一）", "一（二）"]


def test_a_table_in_a_document_gives_a_problem_per_row():
    content = making.sheet(
        [
            ["问题台账"],
            ["序号", "问题描述", "责任单位", "整改时限"],
            [1, "台账不规范", "市水务局", "2026年8月底"],
        ]
    )
    candidate = extract(read_document(content, name="a.xlsx")).candidates[0]
    assert (candidate.source_no, candidate.title, candidate.deadline.date) == (
        "1",
        "台账不规范",
        dt.date(2026, 8, 31),
    )
    assert [match.name for match in candidate.units] == ["市水务局"]


def test_a_page_nobody_could_read_waits_for_a_person_and_is_part_of_no_problem():
    content = drawn(text, scan, text)
    found = extract(read_document(content, name="反馈.pdf"))
    unread = [
        (number, passage) for number, passage in enumerate(found.passages) if "未能读出" in passage.text
    ]
    assert [passage.disposition for _, passage in unread] == [Disposition.UNDECIDED]
    assert not any(number in candidate.passages for number, _ in unread for candidate in found.candidates)
