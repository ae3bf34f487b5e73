"""`bihuan up`: one command that keeps database, web server and worker alive until it is told to stop."""

from __future__ import annotations

import argparse
import contextlib
import errno
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bihuan.installation.cluster import say
from bihuan.installation.configuration import Configuration, read_configuration
from bihuan.installation.dispatch import ensure_database, leave, refuse_pending
from bihuan.installation.errors import ConfigurationError, InstallationError, ServerRefused
from bihuan.installation.wording import phrase

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import FrameType

    from bihuan.installation.embedded import EmbeddedServer

PORTS_TO_TRY = 100
LOOK_SECONDS = 0.5
GRACE_SECONDS = 30.0
LEAVE_SECONDS = 5.0
# A child that dies at once would otherwise be started as fast as the machine can.
LONGEST_PAUSE_SECONDS = 30.0
STEADY_SECONDS = 60.0
# Jobs get less than the grace their worker gets, or a long one would be killed with it.
GRACEFUL = ("--shutdown-graceful-timeout", "20")


def up(arguments: list[str]) -> int:
    options = _up_options(arguments)
    configuration = read_configuration()
    host = options.host or configuration.host
    port, held = hold_port(host, options.port or configuration.port)
    # Told to stop while it still prepares, it must not leave the server it has just started behind: while the server
    # starts that is only noted, for until then nobody could stop it.
    heard: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _frame: heard.append(number))
    server = ensure_database()
    try:
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
        if heard:
            sys.exit(1)
        _prepare(configuration)
        children = [Child(phrase("网页服务", "web server"), web_command(host, port, options.processes))]
        if not options.no_worker:
            children.append(
                Child(phrase("后台任务", "worker"), [sys.executable, "-m", "bihuan.cli", "worker"])
            )
        Supervisor(children, server, (host, port), _greeting(host, port)).run()
    finally:
        if held is not None:
            held.close()
        if server is not None and server.started_here:
            _stop_when_left(server)
    return 0


def _stop_when_left(server: EmbeddedServer) -> None:
    """Whom we have just told to stop is still taking leave of it; whoever stays longer keeps it."""
    until = time.monotonic() + LEAVE_SECONDS
    while not server.stop() and time.monotonic() < until:
        time.sleep(LOOK_SECONDS / 5)


def _greeting(host: str, port: int) -> str:
    shown = f"[{host}]" if ":" in host else host
    return phrase(
        "闭环已启动:http://{host}:{port}/", "Bihuan is up: http://{host}:{port}/", host=shown, port=port
    )


def _up_options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bihuan up")
    parser.add_argument("--host", help="address to listen on (BIHUAN_HOST, default 127.0.0.1)")
    parser.add_argument("--port", type=int, help="port to listen on (BIHUAN_PORT, default 8000)")
    parser.add_argument("--processes", type=int, default=min(4, os.cpu_count() or 1), help="web processes")
    parser.add_argument(
        "--no-worker", action="store_true", help="serve pages only; run `bihuan worker` elsewhere"
    )
    return parser.parse_args(arguments)


def worker(arguments: list[str]) -> int:
    """Run background jobs in this process until told to stop."""
    parser = argparse.ArgumentParser(prog="bihuan worker")
    parser.add_argument("--concurrency", type=int, default=2, help="jobs at the same time")
    parser.add_argument("--until-empty", action="store_true", help="stop when no job is left")
    options = parser.parse_args(arguments)
    server = ensure_database()
    import django
    from django.core.management import call_command

    django.setup()
    extra = ["--one-shot"] if options.until_empty else []
    try:
        call_command("procrastinate", "worker", "--concurrency", str(options.concurrency), *GRACEFUL, *extra)
    finally:
        leave(server)
    return 0


def hold_port(host: str, wanted: int) -> tuple[int, socket.socket | None]:
    """`wanted`, or the next free one after it; a taken port is named aloud.

    The socket holds the port until the web server has it and as long as it stays open: two installations that start at
    once would else both find it free, and then be handed each other's requests.
    """
    for port in range(wanted, min(wanted + PORTS_TO_TRY, 65536)):
        holder = _bound(host, port)
        if holder is None:
            continue
        if port != wanted:
            say(
                phrase(
                    "端口 {wanted} 已被占用,改用 {port}。",
                    "port {wanted} is taken, using {port} instead.",
                    wanted=wanted,
                    port=port,
                )
            )
        return port, _shared_with_the_server(holder)
    raise ServerRefused(
        phrase(
            "从 {wanted} 起的 {count} 个端口都被占用",
            "the {count} ports from {wanted} on are all taken",
            wanted=wanted,
            count=PORTS_TO_TRY,
        ),
        mend=phrase("请用 --port 指定其他端口。", "Name another one with --port."),
    )


def _shared_with_the_server(holder: socket.socket) -> socket.socket | None:
    """The web server's sockets share their port with one another, and so may share it with this one; others may not."""
    if not hasattr(socket, "SO_REUSEPORT"):
        holder.close()
        return None
    holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 0)
    holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    return holder


def _bound(host: str, port: int) -> socket.socket | None:
    with contextlib.ExitStack() as unless_bound:
        try:
            family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
            probe = unless_bound.enter_context(socket.socket(family, kind, protocol))
            # The web server sets this too: without it a port just closed would look taken.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
        except OSError as error:
            _refuse_unless_taken(error, host, port)
            return None
        unless_bound.pop_all()
        return probe


def _refuse_unless_taken(error: OSError, host: str, port: int) -> None:
    if error.errno != errno.EADDRINUSE:
        raise ConfigurationError(
            phrase(
                "无法监听 {host}:{port}:{error}",
                "cannot listen on {host}:{port}: {error}",
                host=host,
                port=port,
                error=error.strerror or error,
            ),
            variable="BIHUAN_HOST",
            mend=phrase(
                "请检查 --host 与 --port;1024 以下的端口需要 root。",
                "Check --host and --port; ports below 1024 need root.",
            ),
        ) from error


def _answers(host: str, port: int) -> bool:
    try:
        socket.create_connection((host, port), timeout=1).close()
    except OSError:
        return False
    return True


def web_command(host: str, port: int, processes: int) -> list[str]:
    return [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port),
        "--workers", str(processes), "--blocking-threads", "4", "--respawn-failed-workers",
        "--log-level", "warning", "bihuan.wsgi:application",
    ]  # fmt: skip


def _prepare(configuration: Configuration) -> None:
    """Bring the schema up to date where the database is ours; an external one is its operator's affair."""
    preparing = [["collectstatic", "--noinput"]]
    if configuration.embedded:
        preparing.append(["migrate", "--noinput"])
    _run_quietly(preparing)
    if not configuration.embedded:
        _refuse_pending()
        # What `migrate` looks at in a database of ours.
        _run_quietly([["check", "--database", "default"]])


def _refuse_pending() -> None:
    import django

    django.setup()
    refuse_pending()


def _run_quietly(commands: list[list[str]]) -> None:
    """Side by side, each in a process of its own: the schema's owner is not who serves pages."""
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "bihuan.cli", *command],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for command in commands
    ]
    try:
        said = [process.communicate()[0] for process in running]
    finally:
        for process in running:
            if process.poll() is None:
                process.terminate()
                process.wait(GRACE_SECONDS)
    for command, process, words in zip(commands, running, said, strict=True):
        if process.returncode != 0:
            raise InstallationError(
                phrase("命令 bihuan {command} 失败", "bihuan {command} failed", command=" ".join(command)),
                mend=words.strip(),
            )


@dataclass
class Child:
    """One program under supervision."""

    label: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    next_start: float = 0.0
    failures: int = 0

    def start(self) -> None:
        # A session of its own: Ctrl-C reaches the supervisor alone, which then stops its children in order.
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bihuan.installation.child", str(os.getpid()), *self.command],
            start_new_session=True,
        )
        self.started = time.monotonic()

    def look_after(self) -> None:
        """Start it when it is not running, later each time it dies young."""
        if self.process is not None and self.process.poll() is not None:
            # Its own processes must not outlive it beside the next one.
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            lived = time.monotonic() - self.started
            self.failures = 0 if lived > STEADY_SECONDS else self.failures + 1
            pause = min(LONGEST_PAUSE_SECONDS, 2.0 ** (self.failures - 1)) if self.failures else 0.0
            say(
                phrase(
                    "{label}意外退出(代码 {code}),{pause:.0f} 秒后重启。",
                    "the {label} ended unexpectedly (code {code}); starting it again in {pause:.0f} s.",
                    label=self.label,
                    code=self.process.returncode,
                    pause=pause,
                )
            )
            self.next_start = time.monotonic() + pause
            self.process = None
        if self.process is None and time.monotonic() >= self.next_start:
            self.start()

    def stop(self, deadline: float) -> None:
        if self.process is None:
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(max(0.0, deadline - time.monotonic()))
        if self.process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


@dataclass
class Supervisor:
    """Keeps children and the embedded server alive; stops its children on SIGTERM or Ctrl-C."""

    children: list[Child]
    server: EmbeddedServer | None
    address: tuple[str, int]
    greeting: str
    greeted: bool = field(default=False, init=False)
    told_to_stop: bool = field(default=False, init=False)

    def run(self) -> None:
        before = {number: signal.signal(number, self._hear) for number in (signal.SIGTERM, signal.SIGINT)}
        try:
            while not self.told_to_stop:
                self._look_after_everything()
                # Said once it is true: a person opens the address the moment it is printed.
                if not self.greeted and _answers(*self.address):
                    say(self.greeting)
                    self.greeted = True
                time.sleep(LOOK_SECONDS)
        finally:
            say(phrase("正在停止…", "stopping…"))
            self._stop()
            for number, handler in before.items():
                signal.signal(number, handler)

    def _hear(self, _number: int, _frame: FrameType | None) -> None:
        self.told_to_stop = True

    def _look_after_everything(self) -> None:
        if self.server is not None and not self.server.running():
            say(phrase("数据库意外停止,正在重启…", "the database stopped unexpectedly; starting it again…"))
            try:
                self.server.ensure_running()
            except InstallationError as error:
                say(str(error))
                return
        for child in self.children:
            child.look_after()

    def _stop(self) -> None:
        for child in self.children:
            if child.process is not None:
                child.process.terminate()
        deadline = time.monotonic() + GRACE_SECONDS
        for child in self.children:
            child.stop(deadline)
