"""The English of the interface is whole: nothing missing, nothing doubtful, every placeholder in its place."""

from __future__ import annotations

import ast
import re
import shutil
from functools import cache
from pathlib import Path

import polib
import pytest
from django.utils.translation import gettext, ngettext, override

from scripts.check_messages import hidden
from scripts.extract_messages import CATALOGUE, extracted, merged
from tests.web.pages import read

ROOT = Path(__file__).parents[1]
PLACEHOLDER = re.compile(r"%\(\w+\)[-0-9.]*[a-z]|%%")
CHINESE = re.compile(r"[\u3400-\u9fff，。；：？！、（）]")
# The language one may change to is written in itself; the sign-in page has the product's own name.
IN_ITS_OWN_WORDS = {"中文", "简体中文", "闭环"}
# Examples a person copies into a Chinese document or sheet, and words a sheet must really contain.
QUOTED = re.compile(r"‘[^’]*’|云整改〔2026〕3号|‘name：approver’|　└")
NUMBER = re.compile(r"\b[Nn]o\.$")
CALLS = {
    "_",
    "gettext",
    "gettext_lazy",
    "ngettext",
    "ngettext_lazy",
    "pgettext",
    "pgettext_lazy",
    "npgettext",
}


@cache
def catalogue() -> polib.POFile:
    return polib.pofile(str(CATALOGUE))


def versions(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def test_every_text_has_its_english():
    assert [entry.msgid for entry in catalogue() if not all(versions(entry))] == []


def test_no_translation_is_doubtful_or_left_over():
    assert [entry.msgid for entry in catalogue() if entry.fuzzy or entry.obsolete] == []


def test_there_are_two_forms_of_every_plural():
    plurals = [entry for entry in catalogue() if entry.msgid_plural]
    assert plurals
    assert [entry.msgid for entry in plurals if sorted(entry.msgstr_plural) != [0, 1]] == []


def test_placeholders_stand_in_both_languages():
    wrong = [
        (entry.msgid, said)
        for entry in catalogue()
        for said in versions(entry)
        if sorted(set(PLACEHOLDER.findall(said))) != sorted(set(PLACEHOLDER.findall(entry.msgid)))
    ]
    assert wrong == []


def test_english_is_english():
    odd = [said for entry in catalogue() for said in versions(entry) if CHINESE.search(QUOTED.sub("", said))]
    assert odd == []


def test_a_sentence_stays_a_sentence():
    """Where the Chinese ends in a full stop the English does, and the other way round; "no." is no sentence."""
    odd = [
        (entry.msgid, said)
        for entry in catalogue()
        for said in versions(entry)
        if entry.msgid.endswith(("。", "？")) != said.endswith((".", "?")) and not NUMBER.search(said)
    ]
    assert odd == []


def test_the_catalogue_holds_every_text_of_the_program():
    if shutil.which("xgettext") is None:
        pytest.skip("NO XGETTEXT HERE: nobody looked for texts without English (apt-get install gettext)")
    kept = {(entry.msgctxt, entry.msgid) for entry in catalogue()}
    found = {(entry.msgctxt, entry.msgid) for entry in extracted()}
    assert sorted(str(text) for text in found ^ kept) == [], "run scripts/extract_messages.py and translate"


def test_merging_keeps_what_is_translated_and_asks_for_what_is_new():
    known = polib.POFile()
    known.append(polib.POEntry(msgid="台账", msgstr="Ledger"))
    known.append(polib.POEntry(msgid="不再有", msgstr="Gone"))
    fresh = polib.POFile()
    fresh.append(polib.POEntry(msgid="新的"))
    fresh.append(polib.POEntry(msgid="台账"))
    result = {entry.msgid: entry.msgstr for entry in merged(fresh, known)}
    assert result == {"台账": "Ledger", "新的": ""}


def translated_arguments(source: str) -> list[ast.expr]:
    """What stands as the first argument of calls that ask for a translation."""
    return [
        node.args[0]
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        and node.args
        and (getattr(node.func, "id", None) in CALLS or getattr(node.func, "attr", None) in CALLS)
    ]


def test_an_fstring_would_be_noticed():
    assert [type(one) for one in translated_arguments('_(f"{count} 件")')] == [ast.JoinedStr]


def test_no_fstring_is_asked_to_be_translated():
    """It is filled before it is looked up, so that no catalogue can hold it."""
    wrong = [
        f"{path.relative_to(ROOT)}:{argument.lineno}"
        for path in sorted((ROOT / "bihuan").rglob("*.py"))
        for argument in translated_arguments(path.read_text("utf-8"))
        if any(isinstance(part, ast.JoinedStr) for part in ast.walk(argument))
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("f\"{_('程序')} · {day}\"", [1]),
        ("a = 1\nf\"{a}（{gettext('不变')}）\"", [2]),
        ("f\"{words.ngettext('件', '件', n)}\"", [1]),
        ("_('程序')\nf\"{who} · {day}\"", []),
        ('f"{translated(_)}"', []),
    ],
)
def test_lint_notices_what_xgettext_would_not(source, lines):
    assert list(hidden(source)) == lines


def test_the_compiled_catalogue_is_the_one_read():
    with override("en"):
        assert gettext("台账") == "Ledger", "run `make env`: the translations are not compiled"


def test_one_and_many_are_told_apart():
    with override("en"):
        words = [ngettext("等 %(n)d 天", "等 %(n)d 天", number) % {"n": number} for number in (1, 2)]
    assert words == ["Waiting 1 day", "Waiting 2 days"]


def chinese_in(response) -> list[str]:
    words = read(response.content).words
    for own in sorted(IN_ITS_OWN_WORDS, key=len, reverse=True):
        words = words.replace(own, "")
    return CHINESE.findall(words)


@pytest.fixture
def english_shell(settings, uncollected_static):
    settings.ROOT_URLCONF = "tests.web.addresses"


@pytest.mark.parametrize("failure", ["bad", "forbidden", "gone", "broken", "not-visible"])
def test_pages_of_failures_are_english(client, english_shell, failure):
    client.raise_request_exception = False
    response = client.get(f"/{failure}/", headers={"Accept-Language": "en"})
    assert "desk" in read(response.content).words
    assert chinese_in(response) == []


@pytest.mark.django_db
def test_the_sign_in_page_is_english(client, uncollected_static):
    response = client.get("/account/login/", headers={"Accept-Language": "en"})
    assert "Password" in read(response.content).words
    assert chinese_in(response) == []


@pytest.mark.django_db
def test_chinese_comes_first(client, uncollected_static):
    assert "密码" in read(client.get("/account/login/", headers={"Accept-Language": "fr"}).content).words
