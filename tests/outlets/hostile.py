"""A stand-in for gateways and robots that behaves as badly as one is asked to, on this machine and in one thread each.

with hostile() as server: ask(Question(url=server.url("drip")), …)
"""

from __future__ import annotations

import contextlib
import json
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

HUGE = 8 * 1024 * 1024
DRIP_SECONDS = 0.05


@dataclass
class Hostile:
    """Where it listens, and what it was asked: (method, path, headers, body)."""

    port: int
    asked: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)

    def url(self, behaviour: str) -> str:
        return f"http://127.0.0.1:{self.port}/{behaviour}"

    @property
    def bodies(self) -> list[dict]:
        return [json.loads(body) for _method, _path, _headers, body in self.asked]


class Handler(BaseHTTPRequestHandler):
    server_version = "stand-in"
    hostile: Hostile

    def log_message(self, *args):
        pass

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.hostile.asked.append((self.command, self.path, dict(self.headers), body))
        behaviour = self.path.partition("?")[0].strip("/").split("/")[-1].replace("-", "_")
        with contextlib.suppress(OSError):
            getattr(self, f"be_{behaviour}", self.be_ok)()

    do_GET = do_POST  # noqa: N815  (the server's own name)

    def answer(self, status, body, kind="application/json", **headers):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        for name, value in headers.items():
            self.send_header(name, value)
        if "Content-Length" not in headers:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def be_ok(self):
        self.answer(200, b'{"errcode":0,"errmsg":"ok","code":0,"msg":"success"}')

    def be_declined(self):
        self.answer(200, b'{"errcode":310000,"errmsg":"sign not match","code":19021,"msg":"sign match fail"}')

    def be_html(self):
        self.answer(200, "<h1>请登录</h1>".encode(), kind="text/html")

    def be_list(self):
        self.answer(200, b"[0]")

    def be_without_code(self):
        self.answer(200, b'{"result":"ok"}')

    def be_deep(self):
        self.answer(200, b"[" * 20_000)

    def be_broken(self):
        self.answer(500, b"oops")

    def be_echo(self):
        self.answer(200, json.dumps({"errcode": 1, "errmsg": f"unknown robot {self.path}"}).encode())

    def be_redirect(self):
        self.answer(302, b"", Location=self.hostile.url("ok"))

    def be_to_metadata(self):
        self.answer(307, b"", Location="http://169.254.169.254/latest/meta-data/")

    def be_huge(self):
        self.answer(200, b" " * HUGE)

    def be_endless(self):
        self.send_response(200)
        self.end_headers()
        while not self.hostile.ended.is_set():
            self.wfile.write(b" " * 65536)

    def be_early(self):
        self.answer(200, b'{"errcode":', **{"Content-Length": "400"})

    def be_silent(self):
        self.hostile.ended.wait(10)

    def be_drip(self):
        self.send_response(200)
        self.send_header("Content-Length", "4000")
        self.end_headers()
        self._drip()

    def be_drip_head(self):
        self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        self._drip()

    def _drip(self):
        while not self.hostile.ended.is_set():
            self.wfile.write(b"0")
            self.wfile.flush()
            time.sleep(DRIP_SECONDS)


@contextlib.contextmanager
def hostile() -> Iterator[Hostile]:
    """A server for the length of a block."""
    handler = type("OneHandler", (Handler,), {})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    handler.hostile = Hostile(server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield handler.hostile
    finally:
        handler.hostile.ended.set()
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def stand_in() -> Iterator[Hostile]:
    with hostile() as found:
        yield found


@contextlib.contextmanager
def speaking(*lines: bytes, pause: float = 0) -> Iterator[int]:
    """A server that says lines to whoever connects, without listening to what is said; yields its port."""
    ended = threading.Event()
    listener = socket.create_server(("127.0.0.1", 0))

    def speak() -> None:
        with contextlib.suppress(OSError):
            sock, _address = listener.accept()
            with sock:
                for line in lines:
                    sock.sendall(line)
                    ended.wait(pause)
                ended.wait(10)

    thread = threading.Thread(target=speak, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        ended.set()
        listener.close()
        thread.join()
