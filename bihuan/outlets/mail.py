"""A mail over SMTP, to one person, under an id that stays the same however often it is tried."""

from __future__ import annotations

import smtplib
import socket
import ssl
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast

from django.core.mail import EmailMessage

from bihuan.outlets.egress import Destination, Patience, Resolve, conversation, resolved
from bihuan.outlets.errors import NotSent, Why

if TYPE_CHECKING:
    from django.core.mail.message import SafeMIMEText

    from bihuan.outlets.letters import Letter

_TAKEN: Final = 250
_KNOWN_BUT_ELSEWHERE: Final = 251
# What concerns the recipient alone: no such mailbox, not allowed, bad name.
_NO_SUCH: Final = frozenset({550, 551, 553})


@dataclass(frozen=True, kw_only=True)
class Server:
    """A mail server. `security`: tls (from the first byte), starttls, or none (own network only)."""

    host: str
    port: int
    security: str
    user: str
    password: str
    sender: str
    intranet: bool


class _Carried(smtplib.SMTP):
    """Speaks over a connection that is open already, to the address that was judged."""

    def __init__(self, sock: socket.socket, server: Server, patience: Patience) -> None:
        self._carrier = sock
        own = server.sender.rpartition("@")[2].strip("> ") or "localhost"
        super().__init__(server.host, server.port, local_hostname=own, timeout=patience.total)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        return self._carrier


def send(
    server: Server, letter: Letter, address: str, *, patience: Patience, resolve: Resolve = resolved
) -> str:
    """The server's own words when it took the mail."""
    destination = Destination(
        host=server.host, port=server.port, tls=server.security == "tls", intranet=server.intranet
    )
    with conversation(destination, patience, resolve=resolve) as sock:
        try:
            return _said_to(sock, server, letter, address, patience)
        except smtplib.SMTPAuthenticationError as error:
            raise NotSent(Why.CREDENTIALS, _words(error.smtp_code, error.smtp_error)) from error
        except smtplib.SMTPResponseException as error:
            raise NotSent(Why.DECLINED, _words(error.smtp_code, error.smtp_error)) from error
        except smtplib.SMTPServerDisconnected as error:
            # It says so of silence too; what it had met lies behind it.
            late = isinstance(error.__context__, TimeoutError)
            raise (TimeoutError if late else ConnectionError)(str(error)) from error
        except smtplib.SMTPException as error:
            # STARTTLS or AUTH asked for and not offered: smtplib says so in its own words.
            raise NotSent(Why.DECLINED, str(error)) from error


def _said_to(sock: socket.socket, server: Server, letter: Letter, address: str, patience: Patience) -> str:
    client = _Carried(sock, server, patience)
    try:
        client.ehlo_or_helo_if_needed()
        if server.security == "starttls":
            client.starttls(context=ssl.create_default_context())
            client.ehlo()
        if server.user:
            client.login(server.user, server.password)
        return _handed_over(client, server, letter, address)
    finally:
        client.close()


def _handed_over(client: smtplib.SMTP, server: Server, letter: Letter, address: str) -> str:
    _expect(*client.mail(_address_in(server.sender)))
    code, words = client.rcpt(address)
    if code in _NO_SUCH:
        raise NotSent(Why.RECIPIENT, _words(code, words))
    if code not in {_TAKEN, _KNOWN_BUT_ELSEWHERE}:
        raise NotSent(Why.DECLINED, _words(code, words))
    mail = cast("SafeMIMEText", mail_of(server, letter, address).message())
    code, words = client.data(mail.as_bytes(linesep="\r\n"))
    _expect(code, words)
    return _words(code, words)


def mail_of(server: Server, letter: Letter, address: str) -> EmailMessage:
    """The mail with a fixed Message-ID: sent twice after a crash, most mailboxes show it once."""
    host = _address_in(server.sender).rpartition("@")[2]
    return EmailMessage(
        subject=letter.subject,
        body=f"{letter.text}\n",
        from_email=server.sender,
        to=[address],
        headers={"Message-ID": f"<{letter.marker}@{host}>", "Auto-Submitted": "auto-generated"},
    )


def _address_in(sender: str) -> str:
    """``bihuan@city.example`` out of ``整改办 <bihuan@city.example>``."""
    return sender.rpartition("<")[2].strip("> ")


def _expect(code: int, words: bytes) -> None:
    if code != _TAKEN:
        raise NotSent(Why.DECLINED, _words(code, words))


def _words(code: int, words: bytes | str) -> str:
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return f"{code} {text}"
