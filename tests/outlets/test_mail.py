"""A mail over SMTP: one person, one id, and an end to servers that do not behave."""

from __future__ import annotations

import uuid

import pytest

from bihuan.outlets import egress, sending
from bihuan.outlets.egress import Patience
from bihuan.outlets.errors import NotSent, Why
from bihuan.outlets.letters import Line, letter_of
from bihuan.outlets.sending import Means
from tests.outlets.hostile import speaking
from tests.outlets.mail_server import PASSWORD, Mailbox, certificate_in, serving, with_password

QUICK = Patience(connect=1, total=2)
HASTY = Patience(connect=0.4, total=0.4)
LETTER = letter_of(
    uuid.UUID(int=9), [Line("有 3 项时限已经逾期。", 3, "/desk/")], site="https://bihuan.example", home="/"
)


def means(port, *, password="", intranet=True, **changes):
    settings = {
        "host": "127.0.0.1",
        "port": port,
        "security": "none",
        "user": "",
        "sender": "整改办 <bihuan@city.example>",
    } | changes
    return Means(way="mail", settings=settings, secrets={"password": password}, intranet=intranet)


def send(port, *, to="a@city.example", patience=QUICK, **options):
    return sending.send(means(port, **options), LETTER, to, patience=patience)


def why_of(port, **options):
    with pytest.raises(NotSent) as failed:
        send(port, **options)
    return failed.value


def test_a_mail_arrives_with_an_id_that_does_not_change():
    box = Mailbox()
    with serving(box) as port:
        words = [send(port) for _ in range(2)]
    mail = box.mails[0]
    assert words[0] == "250 queued as 77"
    assert [one["Message-ID"] for one in box.mails] == [f"<{LETTER.marker}@city.example>"] * 2
    assert (mail["Subject"], mail["To"], mail["Auto-Submitted"]) == (
        "有 3 项时限已经逾期。",
        "a@city.example",
        "auto-generated",
    )
    assert "https://bihuan.example/desk/" in mail.get_content()


def test_a_server_in_the_own_network_is_refused_unless_the_record_says_so():
    box = Mailbox()
    with serving(box) as port:
        assert why_of(port, intranet=False).why == Why.ADDRESS
    assert box.mails == []


def test_a_mailbox_that_does_not_exist_concerns_that_person_alone():
    with serving(Mailbox(no_such="a@city.example")) as port:
        failed = why_of(port)
    # The address is personal data and does not stay in the answer.
    assert (failed.why, failed.words) == (Why.RECIPIENT, "550 no such mailbox here")


def test_a_mail_the_server_does_not_take_is_a_failure_in_its_words():
    with serving(Mailbox(refuse_data="451 busy, come back")) as port:
        failed = why_of(port)
    assert (failed.why, failed.words) == (Why.DECLINED, "451 busy, come back")


def test_the_password_opens_the_server_and_a_wrong_one_is_named_without_it():
    box = Mailbox()
    with with_password(box) as port:
        send(port, user="bihuan", password=PASSWORD)
        failed = why_of(port, user="bihuan", password="wrong-password")
    assert box.signed_in == ["bihuan"]
    assert (len(box.mails), failed.why, "wrong-password" in failed.words) == (1, Why.CREDENTIALS, False)


def test_starttls_that_is_not_offered_is_not_done_without():
    box = Mailbox()
    with serving(box) as port:
        assert why_of(port, security="starttls").why == Why.DECLINED
    assert box.mails == []


def test_starttls_with_a_certificate_the_system_knows(tmp_path, monkeypatch):
    certificate = certificate_in(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.file))
    box = Mailbox()
    with serving(box, tls_context=certificate.context, require_starttls=True) as port:
        send(port, security="starttls")
    assert len(box.mails) == 1


def test_a_certificate_nobody_vouches_for_ends_it(tmp_path):
    box = Mailbox()
    with serving(box, tls_context=certificate_in(tmp_path).context) as port:
        assert why_of(port, security="starttls").why == Why.CERTIFICATE
    assert box.mails == []


def test_a_server_that_says_nothing_has_an_end():
    with speaking(pause=0) as port:
        assert why_of(port, patience=HASTY).why == Why.TIME


def test_silence_is_told_from_hanging_up_whoever_notices_it_first(monkeypatch):
    """The wait for a line may end before the watch over the whole conversation has struck."""
    monkeypatch.setattr(egress.Watch, "_hang_up", lambda _watch: None)
    with speaking(pause=0) as port:
        assert why_of(port, patience=HASTY).why == Why.TIME


def test_a_server_that_never_ends_its_greeting_has_an_end():
    lines = [b"220-and another line\r\n"] * 100
    with speaking(*lines, pause=0.05) as port:
        assert why_of(port, patience=HASTY).why == Why.TIME


def test_a_server_that_hangs_up_is_unreachable(unused_port):
    assert why_of(unused_port).why == Why.UNREACHABLE


def test_no_header_comes_in_with_the_address():
    with serving(Mailbox()) as port:
        assert why_of(port, to="a@city.example\r\nBcc: b@elsewhere.example").why in {
            Why.RECIPIENT,
            Why.DECLINED,
            Why.UNREACHABLE,
        }
