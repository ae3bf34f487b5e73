"""Where an outlet may lead, and how a conversation with a bad receiver ends."""

from __future__ import annotations

import time

import pytest

from bihuan.outlets.asking import Answer, Question, ask, destination_of
from bihuan.outlets.egress import Patience, may_reach
from bihuan.outlets.errors import NotAllowedOut, NotSent, Why
from tests.outlets.hostile import speaking

QUICK = Patience(connect=0.5, total=0.4)


def why_of(url, *, patience=QUICK, intranet=True, **options):
    with pytest.raises(NotSent) as failed:
        ask(Question(url=url, body=b"{}"), intranet=intranet, patience=patience, **options)
    return failed.value.why


@pytest.mark.parametrize(
    ("address", "outside", "inside"),
    [
        ("93.184.216.34", True, True),
        ("2606:2800:220:1::1", True, True),
        ("10.1.2.3", False, True),
        ("172.16.0.1", False, True),
        ("192.168.1.1", False, True),
        ("100.64.0.7", False, True),
        ("fd00::1", False, True),
        ("127.0.0.1", False, True),
        ("::1", False, True),
        ("::ffff:10.0.0.1", False, True),
        ("::ffff:127.0.0.1", False, True),
        ("64:ff9b::a00:1", False, True),
        ("2002:a00:1::", False, True),
        ("169.254.169.254", False, False),
        ("::ffff:169.254.169.254", False, False),
        ("64:ff9b::a9fe:a9fe", False, False),
        ("fe80::1%eth0", False, False),
        ("0.0.0.0", False, False),
        ("::", False, False),
        ("224.0.0.1", False, False),
        ("255.255.255.255", False, False),
        ("240.0.0.1", False, False),
    ],
)
def test_which_addresses_may_be_reached(address, outside, inside):
    assert (may_reach(address, intranet=False), may_reach(address, intranet=True)) == (outside, inside)


@pytest.mark.parametrize(
    "url",
    [
        "http://robot.example/send",
        "ftp://robot.example/send",
        "file:///etc/passwd",
        "https://name:word@robot.example/send",
        "https://robot.example:99999/send",
        "https:///send",
        "https://[::1/send",
        "nonsense",
    ],
)
def test_which_urls_are_no_destination(url):
    with pytest.raises(NotAllowedOut):
        destination_of(url, intranet=False)


def test_plain_http_is_for_the_own_network_alone():
    assert destination_of("http://10.0.0.8:8080/send", intranet=True).port == 8080


def test_a_private_address_is_refused_before_anything_is_sent(stand_in):
    asked_at = []

    def resolve(host, port):
        asked_at.append((host, port))
        return ["127.0.0.1"]

    assert why_of("https://robot.example/send", intranet=False, resolve=resolve) == Why.ADDRESS
    assert (asked_at, stand_in.asked) == ([("robot.example", 443)], [])


def test_a_name_that_also_leads_inside_is_not_trusted_at_all():
    mixed = ["93.184.216.34", "10.0.0.1"]
    assert why_of("https://robot.example/", intranet=False, resolve=lambda *_: mixed) == Why.ADDRESS


def test_a_name_is_resolved_once_so_that_another_answer_leads_nowhere(stand_in):
    answers = [["127.0.0.1"], ["169.254.169.254"]]
    url = stand_in.url("ok").replace("127.0.0.1", "rebound.example")
    said = ask(Question(url=url), intranet=True, patience=QUICK, resolve=lambda *_: answers.pop(0))
    assert (said.status, len(answers)) == (200, 1)
    assert stand_in.asked[0][2]["Host"].startswith("rebound.example:")


def test_a_name_nobody_knows_is_no_address():
    assert why_of("https://robot.example/", resolve=lambda *_: []) == Why.UNRESOLVED


def test_a_proxy_of_the_environment_is_not_asked(stand_in, monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert ask(Question(url=stand_in.url("ok")), intranet=True, patience=QUICK).status == 200


@pytest.mark.parametrize(
    ("behaviour", "why"),
    [
        ("redirect", Why.REDIRECTED),
        ("to-metadata", Why.REDIRECTED),
        ("huge", Why.TOO_LARGE),
        ("endless", Why.TOO_LARGE),
        ("silent", Why.TIME),
        ("drip", Why.TIME),
        ("drip-head", Why.TIME),
    ],
)
def test_a_bad_receiver_has_an_end(stand_in, behaviour, why):
    began = time.monotonic()
    assert why_of(stand_in.url(behaviour)) == why
    assert time.monotonic() - began < 3
    assert len(stand_in.asked) == 1


def test_an_answer_cut_short_is_only_what_came(stand_in):
    said = ask(Question(url=stand_in.url("early")), intranet=True, patience=QUICK)
    assert said == Answer(200, '{"errcode":')


def test_what_is_no_http_is_unreachable():
    with speaking(b"220 mail.example ESMTP\r\n") as port:
        assert why_of(f"http://127.0.0.1:{port}/") == Why.UNREACHABLE


def test_nobody_listening_is_unreachable(unused_port):
    assert why_of(f"http://127.0.0.1:{unused_port}/") == Why.UNREACHABLE


def test_a_server_that_drips_its_handshake_has_an_end():
    with speaking(*[b"\x16"] * 200, pause=0.05) as port:
        assert why_of(f"https://127.0.0.1:{port}/") in {Why.TIME, Why.UNREACHABLE}
