"""A language model's endpoint that behaves as badly as asked, on this machine."""

from __future__ import annotations

import json
import re
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

from bihuan.installation.language_model import LanguageModel

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LINE = re.compile(r"¶(\d+) (.*)")


@dataclass
class StandIn:
    """The endpoint: `answer` makes of the passages it was sent what it says; `heard` is all it was sent."""

    answer: Callable[[dict[int, str]], Any]
    status: int = 200
    how: str = "plain"
    heard: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    port: int = 0

    def model(self, *, seconds: int = 20) -> LanguageModel:
        """As it would be configured."""
        return LanguageModel(f"http://127.0.0.1:{self.port}/v1", "stand-in-7b", "sesame", seconds)

    @property
    def text(self) -> str:
        """Every word that left."""
        return "\n".join(message["content"] for body in self.heard for message in body["messages"])


def problems(*said: dict[str, Any]) -> str:
    """An answer in the asked form."""
    return json.dumps({"problems": list(said)}, ensure_ascii=False)


def every_passage(passages: dict[int, str]) -> str:
    """Each passage as a problem of its own, word for word."""
    return problems(
        *({"passages": [n], "text": text, "sector": "risk.ecology.water"} for n, text in passages.items())
    )


@contextmanager
def standing_in(stand_in: StandIn) -> Iterator[StandIn]:
    """Serve until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            stand_in.heard.append(body)
            stand_in.headers.append(dict(self.headers))
            passages = {int(n): text for n, text in LINE.findall(body["messages"][-1]["content"])}
            _say(self, stand_in, passages)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    stand_in.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield stand_in
    finally:
        server.shutdown()
        server.server_close()


def _say(handler: BaseHTTPRequestHandler, stand_in: StandIn, passages: dict[int, str]) -> None:
    if stand_in.how == "hang_up":
        handler.connection.close()
        return
    said = stand_in.answer(passages)
    whole = said if isinstance(said, bytes) else _wrapped(said)
    if stand_in.how == "silent":
        time.sleep(3)
    handler.send_response(stand_in.status)
    if stand_in.status in {301, 302, 307}:
        handler.send_header("Location", f"http://127.0.0.1:{stand_in.port}/elsewhere")
    handler.send_header("Content-Length", str(len(whole)))
    handler.end_headers()
    step = 1 if stand_in.how == "drip" else len(whole) or 1
    try:
        for start in range(0, len(whole), step):
            handler.wfile.write(whole[start : start + step])
            handler.wfile.flush()
            time.sleep(0.1 if stand_in.how == "drip" else 0)
    except OSError:
        pass


def _wrapped(content: Any) -> bytes:
    return json.dumps({"choices": [{"message": {"role": "assistant", "content": content}}]}).encode()
