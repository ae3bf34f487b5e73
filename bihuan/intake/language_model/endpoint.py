"""One question to an OpenAI-compatible endpoint, with an end to its time, its size and its patience.

No redirect is followed and no proxy asked, so that a text goes nowhere but to the configured address. Whatever goes wrong
is `NoAnswer` with a short reason; nothing of the question or the key is ever in it.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import socket
import ssl
import threading
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bihuan.installation.language_model import LanguageModel

MOST_BYTES: Final = 512 * 1024
ATTEMPTS: Final = 2
_BUSY: Final = 429
_SERVERS_FAULT: Final = 500
_CONNECT_SECONDS: Final = 10


class NoAnswer(Exception):
    """The model said nothing usable. `why`: time, unreachable, refused, status, too_large, nonsense."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def ask(model: LanguageModel, messages: Sequence[Mapping[str, str]], *, most_tokens: int) -> str:
    """The words of the answer. What may pass (no connection, a busy or failing server) is tried once more."""
    body = json.dumps(
        {
            "model": model.name,
            "messages": list(messages),
            "temperature": 0,
            "max_tokens": most_tokens,
            "stream": False,
        },
        ensure_ascii=False,
    ).encode()
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return _words(_answer(model, body))
        except NoAnswer as failed:
            if attempt == ATTEMPTS or failed.why not in {"unreachable", "status"}:
                raise
    raise NoAnswer("unreachable")


def _answer(model: LanguageModel, body: bytes) -> bytes:
    address = urlsplit(f"{model.url}/chat/completions")
    connection = _connection(address.scheme, address.hostname or "", address.port, model.seconds)
    clock: _Clock | None = None
    try:
        connection.connect()
        clock = _Clock(connection.sock, model.seconds)
        connection.request("POST", address.path, body, _headers(model))
        content = _read(connection.getresponse())
    except TimeoutError as error:
        raise NoAnswer("time") from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise NoAnswer("time" if clock is not None and clock.is_over else "unreachable") from error
    finally:
        if clock is not None:
            clock.stop()
        connection.close()
    if clock.is_over:
        raise NoAnswer("time")
    return content


class _Clock:
    """Ends a conversation from outside: each byte that drips in would renew the socket's own time-out."""

    def __init__(self, sock: socket.socket, seconds: float) -> None:
        """The socket is kept here, for the connection lets go of it as soon as an answer begins."""
        self._sock = sock
        self._over = threading.Event()
        self._timer = threading.Timer(seconds, self._hang_up)
        self._timer.daemon = True
        sock.settimeout(seconds)
        self._timer.start()

    @property
    def is_over(self) -> bool:
        return self._over.is_set()

    def stop(self) -> None:
        self._timer.cancel()

    def _hang_up(self) -> None:
        self._over.set()
        with contextlib.suppress(OSError):
            self._sock.shutdown(socket.SHUT_RDWR)


def _connection(scheme: str, host: str, port: int | None, seconds: int) -> http.client.HTTPConnection:
    patience = min(seconds, _CONNECT_SECONDS)
    if scheme == "https":
        return http.client.HTTPSConnection(host, port, timeout=patience, context=ssl.create_default_context())
    return http.client.HTTPConnection(host, port, timeout=patience)


def _headers(model: LanguageModel) -> dict[str, str]:
    headers = {"Content-Type": "application/json; charset=utf-8", "Accept": "application/json"}
    return headers | {"Authorization": f"Bearer {model.key}"} if model.key else headers


def _read(response: http.client.HTTPResponse) -> bytes:
    if response.status >= _SERVERS_FAULT or response.status == _BUSY:
        raise NoAnswer("status")
    if response.status != http.client.OK:
        raise NoAnswer("refused")
    content = response.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise NoAnswer("too_large")
    return content


def _words(content: bytes) -> str:
    try:
        answer: Any = json.loads(content)
        words = answer["choices"][0]["message"]["content"]
    except (ValueError, LookupError, TypeError, RecursionError) as error:
        raise NoAnswer("nonsense") from error
    if not isinstance(words, str):
        raise NoAnswer("nonsense")
    return words
