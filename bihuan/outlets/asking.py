"""One request over HTTP and its answer: no redirect followed, no proxy asked, an end to time and size."""

from __future__ import annotations

import http.client
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from bihuan.outlets.egress import Destination, Patience, Resolve, conversation, resolved
from bihuan.outlets.errors import NotAllowedOut, NotSent, Why

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST_BYTES: Final = 64 * 1024
_REDIRECTS: Final = range(300, 400)
PORTS: Final = {"https": 443, "http": 80}


@dataclass(frozen=True, kw_only=True)
class Question:
    """What is sent."""

    url: str
    method: str = "POST"
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """What came back: the status, and the text as far as it may be long."""

    status: int
    text: str


def destination_of(url: str, *, intranet: bool) -> Destination:
    """Where an address leads. Without TLS only inside the own network; never with a name and password in it."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise NotAllowedOut from error
    plain_allowed = parts.scheme == "http" and intranet
    if not parts.hostname or not (parts.scheme == "https" or plain_allowed) or parts.username is not None:
        raise NotAllowedOut(parts.scheme)
    return Destination(
        host=parts.hostname,
        port=port or PORTS[parts.scheme],
        tls=parts.scheme == "https",
        intranet=intranet,
    )


def ask(question: Question, *, intranet: bool, patience: Patience, resolve: Resolve = resolved) -> Answer:
    """The receiver's answer, whatever its status short of a redirect says; `NotSent` where there is none."""
    destination = destination_of(question.url, intranet=intranet)
    parts = urlsplit(question.url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    with conversation(destination, patience, resolve=resolve) as sock:
        kind = http.client.HTTPSConnection if destination.tls else http.client.HTTPConnection
        connection = kind(destination.host, destination.port)
        # A connection that has a socket already opens none of its own: the judged address is the one that is spoken to.
        connection.sock = sock
        try:
            connection.request(question.method, target, question.body or None, dict(question.headers))
            with connection.getresponse() as response:
                return _read(response)
        except http.client.HTTPException as error:
            raise ConnectionError(type(error).__name__) from error


def _read(response: http.client.HTTPResponse) -> Answer:
    if response.status in _REDIRECTS:
        raise NotSent(Why.REDIRECTED, str(response.status))
    content = response.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise NotSent(Why.TOO_LARGE)
    return Answer(response.status, content.decode("utf-8", "replace"))
