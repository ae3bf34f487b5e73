"""One term, one identifier: the glossary is whole, and the code uses no synonym of its words."""

from __future__ import annotations

import ast
import re
from collections import Counter
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import pytest

from bihuan.ledger.lifecycle_words import State

ROOT = Path(__file__).parents[1]
GLOSSARY = ROOT / "docs" / "glossary.md"


@dataclass(frozen=True)
class Synonym:
    """A way of naming that is not ours: `pattern` is searched in names written in snake_case."""

    pattern: str
    instead: str
    reason: str
    example: str


def _word(words: str) -> str:
    return rf"(?:^|_)(?:{words})(?:_|$)"


SYNONYMS = [
    Synonym(_word("issues|issue_(?:id|no|list|title|text|state|kind)"), "problem",
            "to issue is what is done to an order", "issue_list"),
    Synonym(_word("feedback_items?|finding_items?"), "finding", "the source's item has one name", "FeedbackItem"),
    Synonym(_word("task_orders?|work_orders?|dispatch_orders?|assign_orders?"), "assignment_order",
            "交办单 is a document that assigns; a task is what is to be reached", "task_order"),
    Synonym(_word("supervise_orders?|supervising_orders?|urge_orders?"), "supervision_order",
            "督办 is one thing, beside inspection and guidance", "supervise_order"),
    Synonym(_word("sign_for|sign_off|signoff|sign_receipt"), "acknowledge",
            "签收 signs nothing, and 签批 is an approval", "sign_for_order"),
    Synonym(_word("(?<!log_)auditors?"), "log_auditor", "an auditor comes from the audit office", "AuditorRole"),
    Synonym(_word("audit_(?:logs?|trails?|events?|records?)"), "journal, access_log",
            "audit is what audit offices do; logs are never audit", "audit_log"),
    Synonym(_word("remediations?|remediate|rectify_orders?|corrections?"), "rectification",
            "整改 has one word", "RemediationPlan"),
    Synonym(_word("departments|department_(?:id|no|code|name|list)|depts?|organization_units?"), "unit, section",
            "every node of the tree is a unit (a department is one kind of it); an office inside one is a section", "dept_id"),
    Synonym(_word("(?:host|main|master|primary)_units?|sponsor_units?"), "lead_unit",
            "牵头单位 leads; a sponsor is a leader in person", "host_unit"),
    Synonym(_word("(?:co|assist|assisting|helper)_units?"), "supporting_unit", "配合单位 supports", "assist_unit"),
    Synonym(_word("duty_units?|liable_units?"), "responsible_unit", "it answers for the problem", "duty_unit"),
    Synonym(_word("assignees?|undertakers?"), "lead_unit, handler",
            "units answer, people handle: one word for both hides who answers", "assignee_id"),
    Synonym(_word("look_backs?|relook|review_back"), "lookback", "回头看 is one word", "look_back_due"),
    Synonym(_word("reopen(?:ed|ing|s)?_(?:problem|case|round)s?"), "rebound",
            "what comes back begins a round; the old one stays closed", "reopen_problem"),
    Synonym(_word("postpon(?:e|ed|ement)|prolong(?:ed|ation)?"), "extension", "延期 is an extension",
            "postponement_days"),
    Synonym(_word("traffic_lights?|lamps?|light_colou?rs?"), "light", "a light is its colour", "traffic_light"),
    Synonym(_word("reject(?:ed|s)?_(?:plan|acceptance|closure|proposal|order)s?"), "return, decline",
            "work is returned with what is missing; an order is declined by the unit", "reject_plan"),
    Synonym(_word("publicity"), "public_notice, publication", "公示 has a period, 公开 has none", "publicity_end"),
    Synonym(_word("delegates?|delegation|proxy_person"), "stand_in", "代理 acts for a time, by name", "delegate_post"),
    Synonym(_word("leader_comments?|leader_remarks?"), "leader_instruction", "批示 is an instruction",
            "leader_comment"),
    Synonym(_word("zhenggai|wenti|xiaohao|jiaoban|taizhang|duban|huitoukan|qianshou|yanshou|gongshi|niban|zhuanban"),
            "the glossary's word", "no pinyin", "duban_level"),
]  # fmt: skip


@dataclass(frozen=True)
class Name:
    """A name somebody gave, and where."""

    text: str
    place: str

    @cached_property
    def snake(self) -> str:
        """The name in snake_case, whatever it was written in."""
        return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", self.text).lower().strip("_")


def names_in(source: str, file: str) -> list[Name]:
    """Every name a source file *gives*: what it takes from libraries is not ours to choose."""
    found: list[Name] = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            found.append(Name(node.name, f"{file}:{node.lineno}"))
        elif isinstance(node, ast.arg):
            found.append(Name(node.arg, f"{file}:{node.lineno}"))
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.append(Name(node.id, f"{file}:{node.lineno}"))
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            found.append(Name(node.attr, f"{file}:{node.lineno}"))
    return found


@cache
def names_of_the_program() -> list[Name]:
    found: list[Name] = []
    for path in sorted((ROOT / "bihuan").rglob("*.py")):
        file = str(path.relative_to(ROOT))
        found.append(Name(path.stem, file))
        found += names_in(path.read_text(encoding="utf-8"), file)
    return found


@cache
def names_in_snake_case() -> dict[str, list[Name]]:
    """The same, each name looked at once: most are given in many places."""
    found: dict[str, list[Name]] = {}
    for name in names_of_the_program():
        found.setdefault(name.snake, []).append(name)
    return found


def rows() -> list[list[str]]:
    """The lines of every table of the glossary: Chinese, identifiers, meaning."""
    lines = GLOSSARY.read_text(encoding="utf-8").splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    return [row for row in cells if row[0] not in {"中文", "---"}]


def identifiers() -> list[str]:
    return [name for row in rows() for name in re.findall(r"`([^`]+)`", row[1])]


@pytest.mark.parametrize("synonym", SYNONYMS, ids=lambda synonym: synonym.instead)
def test_program_uses_no_synonym(synonym: Synonym) -> None:
    found = [
        f"{name.place}: {name.text}"
        for snake, names in names_in_snake_case().items()
        if re.search(synonym.pattern, snake)
        for name in names
    ]
    assert not found, f"say {synonym.instead} ({synonym.reason}):\n" + "\n".join(found)


@pytest.mark.parametrize("synonym", SYNONYMS, ids=lambda synonym: synonym.example)
def test_synonym_would_be_found(synonym: Synonym) -> None:
    source = f"class Row:\n    def take(self, {synonym.example}):\n        pass\n"
    assert any(re.search(synonym.pattern, name.snake) for name in names_in(source, "row.py"))


def test_no_word_of_the_glossary_is_itself_a_synonym() -> None:
    assert identifiers()
    assert {
        name: synonym.instead
        for name in identifiers()
        for synonym in SYNONYMS
        if re.search(synonym.pattern, name)
    } == {}


def test_every_line_has_its_chinese_its_identifier_and_its_meaning() -> None:
    assert [row for row in rows() if len(row) != 3 or not all(row)] == []


def test_identifiers_are_words_in_snake_case() -> None:
    assert [name for name in identifiers() if not re.fullmatch(r"[a-z]+(_[a-z]+)*", name)] == []


def test_identifier_stands_for_one_term() -> None:
    assert [name for name, times in Counter(identifiers()).items() if times > 1] == []


@pytest.mark.parametrize("state", State)
def test_every_state_is_in_the_glossary(state: State) -> None:
    assert state.value in identifiers()
