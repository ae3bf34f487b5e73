"""Every kind of paper as a file: made of its starting words, opened again, with nothing left out and nothing left open."""

from __future__ import annotations

import datetime as dt
import io
from types import SimpleNamespace

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bihuan.papers.composing import Words, word_file
from bihuan.papers.facts import masked
from bihuan.papers.kinds import DOCUMENT_WORDS, KINDS, offered_names
from bihuan.papers.rules import KIND_BY_RELATION, WITHOUT_RECIPIENTS
from bihuan.papers.starting_words import STARTING_WORDS
from bihuan.papers.templating import filled, filled_lines
from tests.papers.conftest import text_of

PROBLEM = SimpleNamespace(
    pk=1,
    problem_no="ZG-2026-0001",
    title="城区供水管网漏损率偏高",
    lead_unit=SimpleNamespace(name="市水务局"),
    external_deadline=dt.date(2026, 6, 30),
    first_deadline=dt.date(2026, 5, 31),
    extensions=1,
)
KINDS_OF_DOCUMENT = [
    (code, document)
    for code, kind in KINDS.items()
    for document in sorted(
        {WITHOUT_RECIPIENTS[kind.purpose]}
        if kind.purpose in WITHOUT_RECIPIENTS
        else set(KIND_BY_RELATION[kind.purpose].values())
    )
]


@pytest.mark.parametrize(("code", "document"), KINDS_OF_DOCUMENT)
def test_every_kind_is_made_of_its_words(code, document):
    kind, words = KINDS[code], STARTING_WORDS[code]
    values = {name: f"〈{name}〉" for name in offered_names(kind)} | {"文种": DOCUMENT_WORDS[document]}
    text = words.body if kind.is_form else "\n".join(filled_lines(words.body, values))
    title = filled(words.title, values)
    made = word_file(
        Words(
            kind=kind,
            document_kind=document,
            title=title,
            text=text,
            values=values,
            addressed_to=["市水务局"] if kind.has_recipients else [],
            signed_by="市整改办",
            address="https://zg.example.gov.cn/1/" if kind.is_form else "",
        ),
        [PROBLEM] * (2 if kind.several else 1),
        {1: "市生态环境局"},
    )
    document_read = docx.Document(io.BytesIO(made))
    shown = text_of(document_read)
    assert "{{" not in shown
    assert "}}" not in shown
    assert "".join(title.split()) in "".join(shown.split())
    assert ("ZG-2026-0001" in shown) is (kind.several and (not kind.is_form or "问题清单" in words.body))
    for name in kind.asks:
        assert f"〈{name}〉" in shown or name == "督办颜色", name
    assert bool(document_read.inline_shapes) is kind.is_form


@settings(max_examples=12)
@given(st.text(max_size=60))
def test_any_value_goes_into_a_form_and_an_official_document(value):
    """Whatever was pasted into the ledger: control characters, half surrogates, markup, very long names."""
    for code in ("supervision_form", "reminder_letter"):
        kind, words = KINDS[code], STARTING_WORDS[code]
        values = dict.fromkeys(offered_names(kind), value)
        text = words.body if kind.is_form else "\n".join(filled_lines(words.body, values))
        made = word_file(
            Words(
                kind=kind,
                document_kind="form" if kind.is_form else "letter",
                title=value * 5,
                text=text,
                values=values,
                addressed_to=[value],
                signed_by=value,
            ),
            [PROBLEM],
            {},
        )
        docx.Document(io.BytesIO(made))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("电话13812345678。", "电话138****5678。"),
        ("村民王大力反映", "村民王某反映"),
        ("身份证11010519491231002X", "身份证110***********002X"),
        ("共整改1200000.05元，见云整改〔2026〕3号", "共整改1200000.05元，见云整改〔2026〕3号"),
    ],
)
def test_private_data_are_shortened_and_amounts_are_not(text, shown):
    assert masked(text) == shown
