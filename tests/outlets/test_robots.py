"""How each robot is asked and what it means by success."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
import json
import uuid
from urllib.parse import parse_qs, urlsplit

import pytest

from bihuan.outlets import robots, sending
from bihuan.outlets.asking import Answer
from bihuan.outlets.egress import Patience
from bihuan.outlets.errors import NotSent, Why
from bihuan.outlets.letters import Line, letter_of
from bihuan.outlets.sending import Means, scrubbed

MOMENT = dt.datetime(2026, 11, 26, 9, 30, tzinfo=dt.UTC)
QUICK = Patience(connect=0.5, total=0.4)
WAYS = ("wecom", "dingtalk", "feishu")
LETTER = letter_of(
    uuid.UUID(int=7),
    [Line("有 3 项时限已经逾期。", 3, "/desk/"), Line("有 2 件事等您审批。", 2, "/approvals/")],
    site="https://bihuan.example",
    home="/messages/",
)


def means(way, url, **secrets):
    return Means(way=way, settings={"host": "127.0.0.1"}, secrets={"url": url, **secrets}, intranet=True)


def why_of(way, url, **secrets):
    with pytest.raises(NotSent) as failed:
        sending.send(means(way, url, **secrets), LETTER, "", patience=QUICK)
    return failed.value


@pytest.mark.parametrize("way", WAYS)
def test_a_robot_says_the_letter_in_its_own_shape(stand_in, way):
    sending.send(means(way, stand_in.url("ok?key=abcd-1234")), LETTER, "", patience=QUICK)
    body = stand_in.bodies[0]
    text = body["content"]["text"] if way == "feishu" else body["text"]["content"]
    assert text.splitlines() == [
        "您有 5 项待办：",
        "· 有 3 项时限已经逾期。",
        "· 有 2 件事等您审批。",
        "https://bihuan.example/messages/",
    ]


def test_dingtalk_signs_moment_and_secret_with_the_secret():
    asked = robots.question_for(
        "dingtalk", "t", url="https://d.example/send?access_token=1", sign="SECx", moment=MOMENT
    )
    query = parse_qs(urlsplit(asked.url).query)
    moment = query["timestamp"][0]
    wanted = hmac.new(b"SECx", f"{moment}\nSECx".encode(), hashlib.sha256).digest()
    assert (moment, base64.b64decode(query["sign"][0]), query["access_token"]) == (
        str(int(MOMENT.timestamp()) * 1000),
        wanted,
        ["1"],
    )


def test_feishu_signs_nothing_with_moment_and_secret():
    asked = robots.question_for("feishu", "t", url="https://f.example/hook/1", sign="Sx", moment=MOMENT)
    body = json.loads(asked.body)
    wanted = hmac.new(f"{body['timestamp']}\nSx".encode(), b"", hashlib.sha256).digest()
    assert (body["timestamp"], base64.b64decode(body["sign"])) == (str(int(MOMENT.timestamp())), wanted)


@pytest.mark.parametrize("way", WAYS)
def test_without_a_secret_nothing_is_signed(way):
    asked = robots.question_for(way, "t", url="https://x.example/s", sign="", moment=MOMENT)
    assert (asked.url, "sign" in json.loads(asked.body)) == ("https://x.example/s", False)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("behaviour", "why"),
    [
        ("declined", Why.DECLINED),
        ("html", Why.NONSENSE),
        ("list", Why.NONSENSE),
        ("deep", Why.NONSENSE),
        ("without-code", Why.NONSENSE),
        ("early", Why.NONSENSE),
        ("broken", Why.STATUS),
        ("redirect", Why.REDIRECTED),
    ],
)
def test_a_bad_answer_is_a_failure(stand_in, way, behaviour, why):
    assert why_of(way, stand_in.url(behaviour)).why == why


def test_the_robots_own_words_are_kept(stand_in):
    assert why_of("dingtalk", stand_in.url("declined")).words == "310000 sign not match"


@pytest.mark.parametrize("code", [True, False, "0", 0.0, None, [], 1, -1])
def test_only_the_number_nought_is_success(code):
    with pytest.raises(NotSent):
        robots.judge("wecom", Answer(200, json.dumps({"errcode": code, "errmsg": "ok"})))


def test_what_a_robot_echoes_shows_no_key(stand_in):
    failed = why_of("wecom", stand_in.url("echo?key=very-secret-key"))
    assert (failed.why, "very-secret-key" in failed.words, "…" in failed.words) == (Why.DECLINED, False, True)


def test_words_are_one_short_line():
    assert scrubbed("a\r\nb  c " + "x" * 999, []).startswith("a b c x")
    assert len(scrubbed("x" * 999, [])) == sending.LONGEST_WORDS
