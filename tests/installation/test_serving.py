"""`bihuan up` as its user sees it: what is killed comes back, and what is told to stop leaves nothing."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import psutil
import pytest

from bihuan.installation import processes
from bihuan.installation.connections import connect
from bihuan.installation.errors import ConfigurationError
from bihuan.installation.serving import hold_port

WAIT_SECONDS = 60


def until(condition, seconds=WAIT_SECONDS):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := condition():
            return found
        time.sleep(0.1)
    raise AssertionError("it did not happen in time")


def still_running(family):
    """Those of the processes that do not end by themselves."""
    return psutil.wait_procs(family, timeout=WAIT_SECONDS)[1]


@contextlib.contextmanager
def taken_port():
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        yield holder.getsockname()[1]


class Served:
    def __init__(self, data_folder, *arguments):
        self.environment = {
            **os.environ,
            "BIHUAN_DATA": str(data_folder),
            "BIHUAN_LANGUAGE": "en",
            "DJANGO_SETTINGS_MODULE": "tests.installation.small_settings",
        }
        self.heard = (data_folder.parent / f"{data_folder.name}.heard").open("w+")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bihuan.cli", "up", "--processes", "1", *arguments],
            env=self.environment,
            stderr=self.heard,
            stdout=subprocess.DEVNULL,
        )

    def said(self):
        return Path(self.heard.name).read_text()

    def address(self):
        return until(lambda: self.alive() and re.search(r"http://\S+/", self.said())).group()

    def alive(self):
        assert self.process.poll() is None, self.said()
        return True

    def page(self):
        with (
            contextlib.suppress(OSError, urllib.error.URLError),
            urllib.request.urlopen(self.address(), timeout=5) as got,
        ):
            return got.read().decode()
        return None

    def children(self, word):
        with contextlib.suppress(psutil.NoSuchProcess):
            return [child for child in psutil.Process(self.process.pid).children() if word in child.cmdline()]
        return []

    def command(self, *arguments):
        return subprocess.run(
            [sys.executable, "-m", "bihuan.cli", *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )


@pytest.fixture
def data_folder(migrated_copy):
    return migrated_copy


@pytest.fixture
def serve(data_folder):
    served = []

    def start(*arguments):
        served.append(Served(data_folder, *arguments))
        return served[-1]

    yield start
    for one in served:
        for process in (
            [one.process, *psutil.Process(one.process.pid).children()]
            if psutil.pid_exists(one.process.pid)
            else []
        ):
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        one.process.wait()
        one.heard.close()
        Path(one.heard.name).unlink()


def test_a_taken_port_is_named_and_another_is_taken(capsys):
    with taken_port() as port:
        other, held = hold_port("127.0.0.1", port)
        held.close()
    assert other != port
    assert str(port) in capsys.readouterr().err


def test_a_free_port_is_taken_without_a_word(capsys):
    with taken_port() as port:
        pass
    found, held = hold_port("127.0.0.1", port)
    held.close()
    assert found == port
    assert capsys.readouterr().err == ""


def test_an_address_of_another_machine_is_refused():
    with pytest.raises(ConfigurationError):
        hold_port("192.0.2.1", 8000)


def test_two_that_start_at_once_take_two_ports_and_the_web_server_gets_the_one_held_for_it():
    with taken_port() as wanted:
        pass
    first, held = hold_port("127.0.0.1", wanted)
    second, other = hold_port("127.0.0.1", wanted)
    try:
        assert first == wanted != second
        with socket.socket() as server:
            # As the web server opens its own.
            server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            server.bind(("127.0.0.1", wanted))
            server.listen()
            with socket.create_connection(("127.0.0.1", wanted), timeout=5):
                server.accept()[0].close()
    finally:
        held.close()
        other.close()


def test_from_an_empty_folder_it_makes_everything_and_serves(serve, data_folder):
    shutil.rmtree(data_folder)
    assert until(serve().page) == "bihuan"


def test_it_serves_as_the_running_role_and_stops_clean(serve, server):
    served = serve()
    assert until(served.page) == "bihuan"
    family = psutil.Process(served.process.pid).children(recursive=True)
    served.process.send_signal(signal.SIGTERM)
    assert served.process.wait(WAIT_SECONDS) == 0
    assert not server.running()
    assert not [process for process in family if process.is_running()]


def test_with_its_port_taken_it_serves_on_another(serve):
    with taken_port() as port:
        served = serve("--port", str(port))
        assert until(served.page) == "bihuan"
        assert f":{port}/" not in served.address()


def test_told_to_stop_while_it_prepares_it_leaves_no_database_behind(serve, server):
    served = serve()
    until(server.running)
    served.process.send_signal(signal.SIGTERM)
    served.process.wait(WAIT_SECONDS)
    assert not server.running()


def test_a_server_it_found_running_is_left_running(serve, server):
    server.ensure_running()
    served = serve("--no-worker")
    until(served.page)
    served.process.send_signal(signal.SIGINT)
    assert served.process.wait(WAIT_SECONDS) == 0
    assert server.running()


@pytest.mark.kills
def test_killed_web_server_and_killed_database_come_back(serve, server):
    served = serve("--no-worker")
    until(served.page)
    [web] = until(lambda: served.children("granian"))
    its_own = until(web.children)
    web.kill()
    until(lambda: "web server" in served.said())
    assert until(served.page) == "bihuan"
    assert not still_running(its_own), (
        "what a killed web server left behind would serve on beside the next one"
    )
    os.kill(processes.postmaster(server.layout.cluster).pid, signal.SIGKILL)
    until(lambda: "database stopped" in served.said())
    assert until(served.page) == "bihuan"


@pytest.mark.kills
def test_when_it_is_killed_itself_its_children_end(serve):
    served = serve()
    until(served.page)
    # On a busy machine pages may answer before the worker stays up, which then is started a second time.
    until(lambda: served.children("worker"))
    family = psutil.Process(served.process.pid).children(recursive=True)
    assert len(family) > 2
    served.process.kill()
    assert not still_running(family)


@pytest.mark.kills
def test_when_it_is_killed_with_its_web_server_nothing_serves_on(serve):
    served = serve("--no-worker")
    until(served.page)
    [web] = served.children("granian")
    its_own = until(web.children)
    served.process.kill()
    web.kill()
    assert not still_running(its_own)


@pytest.mark.kills
def test_a_job_of_a_killed_worker_is_done_once_by_the_next(serve, configuration, tmp_path):
    served = serve()
    until(served.page)
    deferred = served.command("asking", "--defer", str(tmp_path))
    assert deferred.returncode == 0, deferred.stderr
    until((tmp_path / "started").exists)
    until(lambda: served.children("worker"))[0].kill()
    # Nobody waits in a test for the minute that declares a worker dead: its last sign of life is moved back.
    with connect(configuration.owner_database) as connection:
        connection.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour'")
    until((tmp_path / "finished").exists, seconds=150)
    assert (tmp_path / "finished").read_text() == "once\n"
    assert (tmp_path / "started").read_text() == "once\nonce\n"
