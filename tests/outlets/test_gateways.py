"""Short messages: what is put in stays where it was put, and success is what the office said it is."""

from __future__ import annotations

import json
import uuid
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.outlets import sending
from bihuan.outlets.asking import Answer
from bihuan.outlets.egress import Patience
from bihuan.outlets.errors import NotSent, Why
from bihuan.outlets.gateways import BadTemplate, Template, filled, judge
from bihuan.outlets.letters import Line, letter_of
from bihuan.outlets.sending import Means

QUICK = Patience(connect=0.5, total=0.4)
FACTS = {
    "url": "https://sms.example/send?account=gov&to={mobile}",
    "method": "POST",
    "format": "json",
    "body": '{"phones": ["{mobile}"], "content": "【整改】{text}", "retries": 0}',
    "header": "Authorization: Bearer {secret}",
    "success_field": "result.0.code",
    "success_value": "0",
}
VALUES = {"mobile": "13800000001", "text": "有 3 项", "marker": "m", "secret": "s"}


def template(**changes):
    return Template(**(FACTS | changes))


@given(text=st.text())
def test_json_keeps_its_shape_whatever_is_put_in(text):
    asked = filled(template(), VALUES | {"text": text})
    assert json.loads(asked.body) == {"phones": ["13800000001"], "content": f"【整改】{text}", "retries": 0}


@given(text=st.text(st.characters(exclude_categories=("Cs",)), min_size=1))
def test_a_form_keeps_its_fields_whatever_is_put_in(text):
    asked = filled(template(format="form", body="to={mobile}\ncontent={text}"), VALUES | {"text": text})
    found = parse_qs(asked.body.decode(), keep_blank_values=True, strict_parsing=True)
    assert found == {"to": ["13800000001"], "content": [text]}


@given(text=st.text(st.characters(exclude_categories=("Cs",)), min_size=1))
def test_an_address_keeps_its_parameters_whatever_is_put_in(text):
    asked = filled(template(method="GET", url="https://sms.example/s?t={text}&a=1"), VALUES | {"text": text})
    assert parse_qs(urlsplit(asked.url).query, keep_blank_values=True) == {"t": [text], "a": ["1"]}
    assert (asked.method, asked.body) == ("GET", b"")


def test_what_is_put_in_is_not_looked_through_again():
    asked = filled(template(), VALUES | {"text": "{secret}{mobile}"})
    assert json.loads(asked.body)["content"] == "【整改】{secret}{mobile}"


@pytest.mark.parametrize(
    "changes",
    [
        {"body": "not json"},
        {"format": "form", "body": "no equals sign"},
        {"header": "no colon"},
        {"header": "Bad Name: x"},
        {"header": "X\r\nY: x"},
    ],
)
def test_a_template_that_cannot_be_filled_in_is_refused(changes):
    with pytest.raises(BadTemplate):
        template(**changes).check()


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ('{"result": [{"code": 0}]}', None),
        ('{"result": [{"code": "0"}]}', None),
        ('{"result": [{"code": 4}]}', Why.DECLINED),
        ('{"result": [{"code": false}]}', Why.DECLINED),
        ('{"result": []}', Why.NONSENSE),
        ('{"result": "0"}', Why.NONSENSE),
        ("[]", Why.NONSENSE),
        ("0", Why.NONSENSE),
        ("", Why.NONSENSE),
    ],
)
def test_success_is_the_value_of_the_named_field(answer, why):
    if why is None:
        assert judge(template(), Answer(200, answer)) == answer
        return
    with pytest.raises(NotSent) as failed:
        judge(template(), Answer(200, answer))
    assert failed.value.why == why


def test_without_a_field_the_whole_answer_is_judged():
    plain = template(success_field="", success_value="OK")
    assert judge(plain, Answer(200, " OK\n")) == " OK\n"
    with pytest.raises(NotSent):
        judge(plain, Answer(200, "OK, but no money"))


def test_a_status_that_is_not_fine_is_a_failure_whatever_the_body_says():
    with pytest.raises(NotSent) as failed:
        judge(template(), Answer(500, '{"result": [{"code": 0}]}'))
    assert failed.value.why == Why.STATUS


def test_a_short_message_goes_out_and_shows_neither_number_nor_token(stand_in):
    settings = FACTS | {
        "url": stand_in.url("echo?to={mobile}"),
        "success_field": "errcode",
        "success_value": "1",
    }
    letter = letter_of(
        uuid.UUID(int=1), [Line("有 3 项时限已经逾期。", 3, "/desk/")], site="https://b.example", home="/"
    )
    means = Means(way="sms", settings=settings, secrets={"secret": "token-token"}, intranet=True)
    words = sending.send(means, letter, "13800000001", patience=QUICK)
    assert stand_in.bodies[0]["content"] == "【整改】有 3 项时限已经逾期。https://b.example/desk/"
    assert stand_in.asked[0][2]["Authorization"] == "Bearer token-token"
    assert ("13800000001" in words, "token-token" in words) == (False, False)
