"""Short messages by a gateway over plain HTTP: a request filled in from a template, an answer judged by one field. Pure.

Placeholders ({mobile}, {text}, {marker}, {secret}) are filled in where a value stands, after the template has been taken
apart: what is put in cannot become another field, another parameter or another header.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from bihuan.outlets.asking import Answer, Question
from bihuan.outlets.errors import NotSent, Why

if TYPE_CHECKING:
    from collections.abc import Mapping

PLACEHOLDERS: Final = ("mobile", "text", "marker", "secret")
FORMATS: Final = {"json": "application/json; charset=utf-8", "form": "application/x-www-form-urlencoded"}
_FINE: Final = range(200, 300)


class BadTemplate(ValueError):
    """The template cannot be taken apart; the first argument says which part: body, header."""


@dataclass(frozen=True, kw_only=True)
class Template:
    """How a gateway is asked, and how its answer is read. `header` is one line, `Authorization: Bearer {secret}`."""

    url: str
    method: str
    format: str
    body: str
    header: str
    success_field: str
    success_value: str

    def check(self) -> None:
        """Refuse what cannot be filled in."""
        filled(self, dict.fromkeys(PLACEHOLDERS, "1"))


def filled(template: Template, values: Mapping[str, str]) -> Question:
    """The request for one short message."""
    parts = urlsplit(template.url)
    query = [(name, _put(value, values)) for name, value in parse_qsl(parts.query, keep_blank_values=True)]
    url = urlunsplit((parts.scheme, parts.netloc, parts.path, urlencode(query), ""))
    headers = _header(template.header, values)
    if template.method == "GET":
        return Question(url=url, method="GET", headers=headers)
    headers["Content-Type"] = FORMATS[template.format]
    return Question(url=url, body=_body(template, values), headers=headers)


def _put(text: str, values: Mapping[str, str]) -> str:
    """Every placeholder once, from left to right: what was put in is not looked through again."""
    made, rest = "", text
    while rest:
        found = [(rest.find(f"{{{name}}}"), name) for name in values]
        place, name = min(((at, name) for at, name in found if at >= 0), default=(-1, ""))
        if place < 0:
            return made + rest
        made += rest[:place] + values[name]
        rest = rest[place + len(name) + 2 :]
    return made


def _body(template: Template, values: Mapping[str, str]) -> bytes:
    if template.format == "form":
        lines = [line.strip() for line in template.body.splitlines() if line.strip()]
        if not all("=" in line for line in lines):
            raise BadTemplate("body")
        pairs = [line.partition("=")[::2] for line in lines]
        return urlencode([(name.strip(), _put(value.strip(), values)) for name, value in pairs]).encode()
    try:
        shape = json.loads(template.body)
    except (ValueError, RecursionError) as error:
        raise BadTemplate("body") from error
    return json.dumps(_filled_in(shape, values), ensure_ascii=False).encode()


def _filled_in(shape: Any, values: Mapping[str, str]) -> Any:
    if isinstance(shape, str):
        return _put(shape, values)
    if isinstance(shape, list):
        return [_filled_in(one, values) for one in shape]
    if isinstance(shape, dict):
        return {name: _filled_in(one, values) for name, one in shape.items()}
    return shape


def _header(line: str, values: Mapping[str, str]) -> dict[str, str]:
    if not line.strip():
        return {}
    name, colon, value = line.partition(":")
    if not colon or not name.strip().replace("-", "").isalnum() or not name.isascii():
        raise BadTemplate("header")
    return {name.strip(): _put(value.strip(), values)}


def judge(template: Template, answer: Answer) -> str:
    """The gateway's words where its answer has the value that means success; without a field the whole answer is it."""
    if answer.status not in _FINE:
        raise NotSent(Why.STATUS, f"{answer.status} {answer.text}")
    if not template.success_field:
        if answer.text.strip() != template.success_value:
            raise NotSent(Why.DECLINED, answer.text)
        return answer.text
    try:
        found: Any = json.loads(answer.text)
        for part in template.success_field.split("."):
            found = found[int(part)] if isinstance(found, list) else found[part]
    except (ValueError, LookupError, TypeError, RecursionError) as error:
        raise NotSent(Why.NONSENSE, answer.text) from error
    if _spelt(found) != template.success_value:
        raise NotSent(Why.DECLINED, answer.text)
    return answer.text


def _spelt(value: Any) -> str:
    """As it stands in JSON, a text without its quotation marks: true, 0, OK."""
    return value if isinstance(value, str) else json.dumps(value)
