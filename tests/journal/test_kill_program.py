"""The whole program under load, and each of its three parts killed in the middle.

`bihuan up` runs as an office runs it. Clients send actions over HTTP, each under an idempotency key, and ask again
until they are told that it was done; some actions defer a job. Web server, worker and database are killed with -9 one
after another. In the end every action is there exactly once, every job is done, and the ledger verifies.
"""

from __future__ import annotations

import base64
import datetime as dt
import http.client
import io
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import psutil
import pytest
from PIL import Image

from bihuan.installation import processes
from bihuan.installation.configuration import Configuration, read_configuration
from bihuan.installation.connections import connect
from tests.installation.at_rest import whole_program

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

pytestmark = [pytest.mark.kills, pytest.mark.embedded]

CLIENTS = 8
PICTURE_EVERY, TEXT_EVERY = 50, 10
PATIENCE_SECONDS = 240
ROUNDS = 5


def until(condition: Callable[[], Any], told: Callable[[], Any] = str) -> Any:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not (found := condition()):
        assert time.monotonic() < deadline, f"it did not happen in time: {told()}"
        time.sleep(0.05)
    return found


def picture(number: int) -> bytes:
    """A small picture no other number has."""
    image = Image.new("RGB", (24, 24), (number % 256, number // 256, 90))
    content = io.BytesIO()
    image.save(content, "PNG")
    return content.getvalue()


@dataclass
class Load:
    """What the clients send, and what they were told was done."""

    prepared: dict[str, Any]
    port: int
    done: list[str] = field(default_factory=list)
    tries: Counter[str] = field(default_factory=Counter)
    unexpected: list[str] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def word(self, number: int) -> str:
        return f"hammer-{number:05}"

    def action(self, number: int) -> tuple[str, str, dict[str, Any]]:
        """Verb, whose key, and what is sent: half register, most of the others change what others change too."""
        word, there = self.word(number), self.prepared
        if number % TEXT_EVERY == 0:
            content = picture(number) if number % PICTURE_EVERY == 0 else f"{word} 的材料".encode()
            name = "现场.png" if number % PICTURE_EVERY == 0 else "材料.txt"
            file = {"name": name, "content_base64": base64.b64encode(content).decode()}
            sent = {"problem": there["proving"], "upload": file, "kind": "document", "caption": word}
            return "rectification.add_evidence", "unit", sent
        if number % 2:
            return "ledger.register", "office", {"jurisdiction": there["city"], "new": self._new(word)}
        shared = there["shared"][number // 2 % len(there["shared"])]
        return "ledger.edit_facts", "office", {"problem": shared, "changes": {"site": word}}

    def _new(self, word: str) -> dict[str, Any]:
        due = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=200)
        return {
            "title": f"排口溯源不清（{word}）",
            "text": "12处雨水排口旱季有水。",
            "sector": self.prepared["sector"],
            "source": self.prepared["source"],
            "nature": "duty",
            "impact": "local",
            "urgency": "urgent",
            "rectification_kind": "by_date",
            "external_deadline": due.isoformat(),
            "more": {"site": word},
        }

    def until_done(self, number: int) -> None:
        """The same call under the same key, until it was answered that it is done."""
        try:
            self._until_done(number)
        except Exception as error:
            self.unexpected.append(f"{self.word(number)}: {error!r}")
            raise

    def _until_done(self, number: int) -> None:
        word = self.word(number)
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            status, said = self._send(number)
            with self.lock:
                self.tries[word] += 1
                if status == http.client.OK:
                    self.done.append(word)
                    return
                self.refused[f"{status} {said[:80]}"] += 1
                # Away, starting, or too many at once: all of these pass. Anything else is a fault.
                if status and status < http.client.INTERNAL_SERVER_ERROR and "同一时间改动太多" not in said:
                    self.unexpected.append(f"{word}: {status} {said[:300]}")
                    return
            if time.monotonic() > deadline:
                self.unexpected.append(f"{word}: never done, last {status} {said[:300]}")
                return
            time.sleep(0.1)

    def _send(self, number: int) -> tuple[int, str]:
        verb, who, sent = self.action(number)
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {
            "Authorization": f"Bearer {self.prepared[who]}",
            "Idempotency-Key": self.word(number),
            "Content-Type": "application/json",
        }
        try:
            connection.request("POST", f"/api/actions/{verb}", json.dumps(sent), headers)
            answer = connection.getresponse()
            return answer.status, answer.read().decode(errors="replace")
        except (OSError, http.client.HTTPException) as error:
            return 0, repr(error)
        finally:
            connection.close()


class Program:
    """`bihuan up` on a data folder of its own."""

    def __init__(self, configuration: Configuration, heard: Path, port: int) -> None:
        self.configuration, self.heard, self.port = configuration, heard, port
        self.environment = {
            **os.environ,
            "BIHUAN_DATA": str(configuration.data_folder),
            "BIHUAN_LANGUAGE": "en",
            "DJANGO_SETTINGS_MODULE": "bihuan.settings",
        }
        self.process: subprocess.Popen[bytes] | None = None

    def run(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE_SECONDS,
            check=False,
        )
        assert done.returncode == 0, (arguments, done.stdout[-2000:], done.stderr[-2000:])
        return done.stdout

    def street(self, part: str) -> dict[str, Any]:
        answer: dict[str, Any] = json.loads(self.run("tests.journal.street", part))
        return answer

    def start(self) -> None:
        command = ["bihuan.cli", "up", "--port", str(self.port), "--processes", "2"]
        with self.heard.open("wb") as heard:
            self.process = subprocess.Popen(
                [sys.executable, "-m", *command],
                env=self.environment,
                stderr=heard,
                stdout=subprocess.DEVNULL,
            )
        until(lambda: self.alive() and f":{self.port}/" in self.heard.read_text())

    def alive(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, self.heard.read_text()
        return True

    def part(self, word: str) -> list[psutil.Process]:
        """A child of the supervisor and all that hangs on it."""
        assert self.process is not None
        for child in psutil.Process(self.process.pid).children():
            if word in child.cmdline():
                return [child, *child.children(recursive=True)]
        return []

    def kill_part(self, word: str) -> None:
        family = until(lambda: self.part(word))
        for one in family:
            one.send_signal(signal.SIGKILL)
        psutil.wait_procs(family, timeout=10)

    def kill_database(self) -> None:
        found = processes.postmaster(self.configuration.layout.cluster)
        assert found is not None
        os.kill(found.pid, signal.SIGKILL)

    def unfinished(self) -> int:
        """How many of the jobs that actions deferred are still to be done."""
        with connect(self.configuration.owner_database) as owner:
            row = owner.execute(
                "SELECT count(*) FROM procrastinate_jobs "
                "WHERE task_name = 'files.make_previews' AND status IN ('todo', 'doing')"
            ).fetchone()
        assert row is not None
        return int(row[0])

    def declare_workers_dead(self) -> None:
        """Nobody waits in a test for the minute after which a silent worker counts as dead."""
        with connect(self.configuration.owner_database) as owner:
            owner.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour'")

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(PATIENCE_SECONDS)


@pytest.fixture
def program(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, unused_port: int) -> Iterator[Program]:
    with whole_program(tmp_path_factory.mktemp("program")) as folder:
        made = Program(read_configuration({"BIHUAN_DATA": str(folder)}), tmp_path / "heard", unused_port)
        yield made
        if made.process is not None and made.process.poll() is None:
            family = psutil.Process(made.process.pid).children(recursive=True)
            for one in [made.process, *family]:
                one.kill()
            made.process.wait()


@pytest.fixture
def unused_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.mark.parametrize("actions", [80, pytest.param(1000, marks=pytest.mark.long)])
def test_each_part_killed_in_the_middle_loses_nothing_and_doubles_nothing(
    program: Program, actions: int
) -> None:
    load = Load(in_the_street(program, "prepare"), program.port)
    program.start()
    with ThreadPoolExecutor(CLIENTS) as clients:
        running = [clients.submit(load.until_done, number) for number in range(actions)]
        for share, kill in (
            (0.15, lambda: program.kill_part("granian")),
            (0.40, lambda: program.kill_part("worker")),
            (0.65, program.kill_database),
        ):
            until(
                lambda share=share: len(load.done) >= actions * share or load.unexpected,
                lambda: (len(load.done), load.refused, program.heard.read_text()[-2000:]),
            )
            kill()
            assert len(load.done) < actions * 0.9, "all was done before the kill: this test proves nothing"
        for one in running:
            one.result()
    assert load.unexpected == []
    assert sorted(load.done) == [load.word(number) for number in range(actions)]
    assert max(load.tries.values()) > 1, "nobody ever had to ask again: nothing was in the middle"
    # Whoever did not hear the answer asks again; here all of them do, although they did.
    with ThreadPoolExecutor(CLIENTS) as clients:
        list(clients.map(load.until_done, range(0, actions, 5)))
    assert load.unexpected == []
    program.stop()
    finish_jobs(program)

    counted = in_the_street(program, "count")
    words = {word: times for word, times in counted["words"].items() if word.startswith("hammer-")}
    assert words == {load.word(number): 1 for number in range(actions)}
    uploads = len(range(0, actions, TEXT_EVERY))
    assert counted["jobs"] == {"succeeded": uploads}
    pictures = len(range(0, actions, PICTURE_EVERY))
    assert [pair for pair in counted["previews"] if pair[1]] == []
    assert len(counted["previews"]) == 2 * pictures
    verified = json.loads(program.run("bihuan.cli", "verify", "--files", "--derived", "--json"))
    assert verified["found"] == []
    assert verified["events"] >= actions


def in_the_street(program: Program, part: str) -> dict[str, Any]:
    """A part of `street`, with the database awake meanwhile."""
    from bihuan.installation.embedded import EmbeddedServer

    server = EmbeddedServer(program.configuration.layout)
    server.ensure_running()
    try:
        return program.street(part)
    finally:
        server.stop()


def finish_jobs(program: Program) -> None:
    """What the dead held is taken up, and the queue emptied, by the real job and the real worker.

    Again where need be: a worker told to end when nothing is left may do so before what was just taken up is back in the
    queue. Whether all was done is asked by the test.
    """
    from bihuan.installation.embedded import EmbeddedServer

    server = EmbeddedServer(program.configuration.layout)
    server.ensure_running()
    try:
        for _ in range(ROUNDS):
            program.declare_workers_dead()
            program.street("take-up")
            program.run("bihuan.cli", "worker", "--until-empty")
            if not program.unfinished():
                break
    finally:
        server.stop()
