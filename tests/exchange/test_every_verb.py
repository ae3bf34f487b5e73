"""Every verb as programs meet it: described, refused in words, closed to those who have no business with it."""

from __future__ import annotations

import json
import subprocess
import sys
import uuid
from functools import cache
from typing import Any, cast, get_args, get_type_hints

import pytest
from django.utils.translation import override
from openapi_spec_validator import OpenAPIV31SpecValidator

from bihuan.exchange import wire
from bihuan.exchange.api import api
from bihuan.journal.action import VERBS
from bihuan.journal.models import JournalEvent
from bihuan.journal.records import Record
from bihuan.ledger.models import Problem
from bihuan.organizations.logs import verb_label
from tests.exchange.test_api import key_of, registration, rules, send

__all__ = ["rules"]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("uncollected_static")]
REACHABLE = sorted(
    name for name in wire.reachable() if ".test_" not in name and not name.startswith("tests.")
)
# What anybody signed in may do for themselves, whatever their unit.
FOR_ONESELF = {"exchange.make_key", "ledger.save_view", "outlets.choose"}
PLAIN: dict[str, Any] = {
    "integer": 1,
    "boolean": True,
    "number": 1,
    "object": {},
    "null": None,
}  # fmt: skip


@cache
def described() -> dict[str, Any]:
    """The description as programs read it, made once: it is large."""
    return cast("dict[str, Any]", json.loads(json.dumps(api.get_openapi_schema(), default=str)))


def takes_problem(name: str) -> bool:
    """Whether a problem is among what the verb acts on."""
    verb = VERBS[name]
    first = wire.parameters(verb)[:1]
    hint = get_type_hints(verb.body)[first[0].name] if first else None
    return Problem in (hint, *get_args(hint))


class Maker:
    """Bodies that fit a verb's description, with ids of records that really are there where there are any."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.schema = wire.reachable()[name].model_json_schema()

    def body(self) -> dict[str, Any]:
        hints = get_type_hints(VERBS[self.name].body)
        required = self.schema.get("required", [])
        return {field: self.value(self.schema["properties"][field], hints.get(field)) for field in required}

    def value(self, schema: dict[str, Any], hint: Any = None) -> Any:
        if "$ref" in schema:
            named = self.schema["$defs"][schema["$ref"].rsplit("/", 1)[1]]
            return {field: self.value(named["properties"][field]) for field in named.get("required", [])}
        if "anyOf" in schema:
            return self.value(schema["anyOf"][0], hint)
        kind = schema.get("type", "string")
        if kind == "array":
            if "prefixItems" in schema:
                return [self.value(one) for one in schema["prefixItems"]]
            return [self.value(schema.get("items", {}), hint)]
        if kind != "string":
            return PLAIN[kind]
        return {"uuid": an_id(hint), "date": "2027-01-31", "date-time": "2027-01-31T08:00:00Z"}.get(
            schema.get("format", ""), "1"
        )


def an_id(hint: Any) -> str:
    """The id of a record of the kind the parameter asks for."""
    for model in (hint, *get_args(hint)):
        if isinstance(model, type) and issubclass(model, Record):
            found = model._base_manager.first()
            if found is not None:
                return str(found.pk)
    return str(uuid.uuid4())


@pytest.fixture
def a_problem(client, rules) -> Problem:
    """A problem of the coordinator's city."""
    send(client, "ledger.register", registration(rules), **key_of(rules.coordinator))
    return Problem.objects.get()


def test_there_are_verbs_to_look_at():
    assert len(REACHABLE) > 80
    assert sum(takes_problem(name) for name in REACHABLE) > 20


def test_the_description_is_valid_openapi_3_1():
    assert [str(error) for error in OpenAPIV31SpecValidator(described()).iter_errors()] == []
    assert {f"/api/actions/{name}" for name in REACHABLE} <= set(described()["paths"])


def test_each_is_described_in_both_languages():
    for name in REACHABLE:
        said = {}
        for language in ("zh-hans", "en"):
            with override(language):
                said[language] = str(verb_label(name))
        post = described()["paths"][f"/api/actions/{name}"]["post"]
        assert (name, post["summary"]) == (name, said["en"])
        assert name not in said.values(), f"{name} has no label"
        assert post["description"].startswith(f"{said['zh-hans']}。"), name
        assert said["en"].isascii(), said


def test_a_wrong_body_is_refused_field_by_field(client, rules):
    headers = key_of(rules.coordinator)
    before = JournalEvent.objects.count()
    for name in REACHABLE:
        required = wire.reachable()[name].model_json_schema().get("required", [])
        for language, unknown in (("zh-hans", "没有“colour”这一项。"), ("en", "There is no “colour” here.")):
            answer = send(client, name, {"colour": "red"}, HTTP_ACCEPT_LANGUAGE=language, **headers)
            assert answer.status_code == 422, (name, answer.content)
            said = answer.json()
            assert {fault["field"] for fault in said["faults"]} == {"colour", *required}, name
            assert unknown in {fault["message"] for fault in said["faults"]}, (name, said)
            assert said["message"], name
            assert all(fault["accepted"] for fault in said["faults"]), name
    assert JournalEvent.objects.count() == before


def test_a_value_of_a_wrong_kind_is_named_with_what_would_be_right(client, rules):
    wrong = registration(rules)
    wrong["new"] |= {"external_deadline": "明年", "amount": "很多", "title": 5}
    said = send(client, "ledger.register", wrong, **key_of(rules.coordinator)).json()
    named = {fault["field"]: fault["accepted"] for fault in said["faults"]}
    assert "2026-09-30" in named["new.external_deadline"]
    assert "125000.00" in named["new.amount"]
    assert "文字" in named["new.title"]


def test_what_is_no_json_is_refused_in_words(client, rules):
    answer = client.post(
        "/api/actions/ledger.register", "{", content_type="application/json", **key_of(rules.coordinator)
    )
    assert (answer.status_code, answer.json()["message"]) == (400, "请求不是有效的 JSON。")


def test_nobody_calls_anything(client, rules):
    for name in REACHABLE:
        answer = send(client, name, {})
        assert (name, answer.status_code) == (name, 401)
        assert answer.json()["message"]


def test_an_outsider_finds_no_problem(client, rules, a_problem):
    headers, before = key_of(rules.outsider), JournalEvent.objects.count()
    for name in REACHABLE:
        if takes_problem(name):
            answer = send(client, name, Maker(name).body(), **headers)
            assert (name, answer.status_code) == (name, 404), answer.content
    assert JournalEvent.objects.count() == before


def test_an_outsider_changes_nothing_of_others(client, rules, a_problem):
    """Whatever is called, with bodies that fit: refused, and never by an accident of the program."""
    headers, before = key_of(rules.outsider), JournalEvent.objects.count()
    for name in sorted(set(REACHABLE) - FOR_ONESELF):
        answer = send(client, name, Maker(name).body(), **headers)
        assert answer.status_code in {403, 404, 422}, (name, answer.status_code, answer.content)
        assert answer.json()["message"], name
    assert JournalEvent.objects.count() == before


# Each takes a tenth of a second or more, and most commands and jobs need none of them.
HEAVY = {"holidays", "ninja", "numpy", "pypdfium2", "rjieba", "scipy", "segno", "sklearn", "xlsxwriter"}
STARTED = """
import sys
import django
django.setup()
print(*sys.modules)
from bihuan.exchange import wire
print(*wire.reachable())
"""


@cache
def started() -> tuple[set[str], set[str]]:
    """What a process has loaded that has only started, and the verbs it knows."""
    done = subprocess.run([sys.executable, "-c", STARTED], capture_output=True, text=True, check=True)
    loaded, known = done.stdout.splitlines()
    return set(loaded.split()), set(known.split())


def test_every_verb_is_known_as_soon_as_the_program_has_started():
    """Whatever happened to be imported: else a verb would be missing from the API until some page was opened."""
    ours = {name for name in REACHABLE if not name.startswith("demo.")}
    assert ours - started()[1] == set()


def test_a_start_loads_no_library_only_some_work_needs():
    assert "django" in started()[0]
    assert HEAVY & started()[0] == set()
