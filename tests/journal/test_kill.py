"""Many actions at once, a client and the database killed in the middle: nothing acknowledged is lost or doubled."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from typing import TYPE_CHECKING, Any

import psutil
import pytest

from bihuan.installation import processes
from bihuan.installation.configuration import Configuration, read_configuration
from bihuan.installation.embedded import EmbeddedServer
from bihuan.journal.models import JournalEvent
from bihuan.journal.verify.whole import verify_journal
from tests import databases
from tests.installation.at_rest import whole_program

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

pytestmark = [pytest.mark.kills, pytest.mark.embedded]

CLIENTS = 3
# Of what one client does, and of what all do.
KILL_CLIENT_AFTER, KILL_DATABASE_AFTER = 0.1, 0.25
# As long as a busy machine may take; all is waited for by its signs.
WAIT_SECONDS = 300


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.01)


class Ledger:
    """A migrated data folder of its own, and the clients that work on it."""

    def __init__(self, configuration: Configuration, logs: Path) -> None:
        self.configuration, self.logs = configuration, logs
        self.environment = {
            **os.environ,
            "BIHUAN_DATA": str(configuration.data_folder),
            "DJANGO_SETTINGS_MODULE": "bihuan.settings",
        }
        self.server = EmbeddedServer(configuration.layout)

    def run(self, *arguments: str) -> None:
        subprocess.run(
            [sys.executable, "-m", *arguments], env=self.environment, check=True, timeout=WAIT_SECONDS
        )

    def client(self, number: int, run: str, *, first: int, count: int) -> subprocess.Popen[bytes]:
        log = self.log(number, run)
        arguments = ["-m", "tests.journal.hammer", str(log), str(first), str(count), str(self.go)]
        return subprocess.Popen([sys.executable, *arguments], env=self.environment)

    @property
    def go(self) -> Path:
        """The sign to begin: a client that began alone would be done before the others are there."""
        return self.logs / "go"

    def log(self, number: int, run: str) -> Path:
        return self.logs / f"{run}-{number}"

    def acknowledged(self, run: str) -> list[str]:
        """The words whose calls have returned."""
        return [word for number in range(CLIENTS) for word in self.lines(number, run)]

    def lines(self, number: int, run: str) -> list[str]:
        log = self.log(number, run)
        return log.read_text().splitlines() if log.exists() else []

    @property
    def database(self) -> tuple[str, dict[str, Any]]:
        database = self.configuration.database
        return str(database["NAME"]), database

    def kill_database(self) -> None:
        found = processes.postmaster(self.server.layout.cluster)
        assert found is not None
        os.kill(found.pid, signal.SIGKILL)
        psutil.wait_procs([psutil.Process(found.pid)] if psutil.pid_exists(found.pid) else [], timeout=10)


@pytest.fixture
def ledger(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    with whole_program(tmp_path_factory.mktemp("killed")) as folder:
        made = Ledger(read_configuration({"BIHUAN_DATA": str(folder)}), tmp_path)
        made.server.ensure_running()
        made.run("tests.journal.hammer", "prepare")
        yield made


def words_written() -> Counter[str]:
    """How often the journal says that each word was written: one event an action."""
    found: Counter[str] = Counter()
    for event in JournalEvent.objects.filter(verb__startswith="journal.hammer"):
        for columns in event.body["changes"].values():
            found[columns["reason"][1]] += 1
    return found


@pytest.mark.parametrize("each", [120, pytest.param(400, marks=pytest.mark.long)])
def test_nothing_acknowledged_is_lost_or_doubled(ledger: Ledger, each: int, django_db_blocker) -> None:
    clients = [ledger.client(number, "first", first=number * each, count=each) for number in range(CLIENTS)]
    try:
        until(lambda: all(ledger.log(number, "first").exists() for number in range(CLIENTS)))
        ledger.go.touch()
        until(lambda: len(ledger.lines(0, "first")) >= each * KILL_CLIENT_AFTER)
        clients[0].send_signal(signal.SIGKILL)
        until(lambda: len(ledger.acknowledged("first")) >= CLIENTS * each * KILL_DATABASE_AFTER)
        ledger.kill_database()
        left = [each - len(ledger.lines(number, "first")) for number in range(1, CLIENTS)]
        assert sum(left) > each // 4, "all was done before the kill: this test proves nothing"
        assert ledger.server.ensure_running() is True
        assert [client.wait(WAIT_SECONDS) for client in clients] == [-signal.SIGKILL, 0, 0]
        assert len(ledger.lines(0, "first")) < each, "it was done when it was killed"

        # Whoever did not hear the answer asks again, and whoever did asks again all the same.
        clients.append(ledger.client(0, "second", first=0, count=CLIENTS * each))
        assert clients[-1].wait(WAIT_SECONDS) == 0
    finally:
        for client in clients:
            client.kill()
            client.wait()

    with django_db_blocker.unblock(), databases.pointed_at(*ledger.database):
        written = words_written()
        tally = verify_journal(processes=1, done={}, progress=lambda *_: None)
    lost = {
        word for word in ledger.acknowledged("first") + ledger.acknowledged("second") if not written[word]
    }
    doubled = {word for word, times in written.items() if times > 1}
    assert (lost, doubled) == (set(), set())
    assert len(set(ledger.acknowledged("second"))) == CLIENTS * each
    assert len([word for word in written if word.startswith("锤")]) == CLIENTS * each
    assert tally.wrong == []
