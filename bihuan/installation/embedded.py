"""The life cycle of the embedded PostgreSQL server, one per data folder.

Any command calls `ensure_running()`. Whoever finds the server asleep starts it, under a lock, after
ending what a killed predecessor left behind; whoever started it stops it at the end, unless somebody
else stays or is connected. The files it keeps are drawn in `folders.py`.
"""

from __future__ import annotations

import contextlib
import subprocess
import time
from typing import TYPE_CHECKING

from bihuan.installation import cluster, processes, programs, provisioning
from bihuan.installation.cluster import PROVISIONED, say
from bihuan.installation.errors import ServerRefused
from bihuan.installation.folders import SOCKET_FILE, make_private
from bihuan.installation.locks import Stay, door
from bihuan.installation.wording import phrase

if TYPE_CHECKING:
    from pathlib import Path

    from bihuan.installation.folders import Layout
    from bihuan.installation.programs import ServerUser

# A slow disk may take minutes to replay a log. We wait as long as the process lives, within reason.
START_SECONDS = 600.0
STOP_SECONDS = 120.0
SAY_SOMETHING_AFTER = 5.0
PAUSE_SECONDS = 0.05
LOG_LINES = 15


class EmbeddedServer:
    """The server of one data folder. `durable=False` (tests only) trades safety on power loss for speed."""

    def __init__(self, layout: Layout, *, durable: bool = True) -> None:
        self.layout = layout
        self.durable = durable
        self.started_here = False
        self.stay = Stay(layout.data / "server.stay")

    @property
    def exists(self) -> bool:
        """Whether the cluster was made and given its roles."""
        return (self.layout.server / PROVISIONED).is_file()

    def running(self) -> bool:
        found = processes.postmaster(self.layout.cluster)
        return found is not None and found.ready

    def ensure_running(self) -> bool:
        """Have it running and stay; true when this call started it. Cheap when it runs already."""
        make_private(self.layout.data)
        self.stay.enter()
        if self.exists and self.running():
            return False
        with door(self.layout.lock, patience_seconds=START_SECONDS):
            if self.exists and self.running():
                return False
            self._start()
            self.started_here = True
            return True

    def stop(self, *, even_if_used: bool = False) -> bool:
        """Stop it, unless another process stays or somebody is connected; true when it stands still."""
        with self.stay.alone() as alone, door(self.layout.lock, patience_seconds=STOP_SECONDS):
            if processes.postmaster(self.layout.cluster) is None:
                return True
            if not even_if_used and not (alone and self.clients() == 0):
                return False
            self._stop()
            return True

    def clients(self) -> int:
        """How many client connections are open, ours for asking not counted."""
        with provisioning.administrator(self.layout) as connection:
            row = connection.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
            ).fetchone()
        return int(row[0]) if row else 0

    def program(self, name: str) -> Path:
        """The path of one of the server's programs, such as `pg_dump`."""
        return programs.programs(self._user()) / name

    def log_tail(self) -> str:
        """The end of the server's newest log: the only place where it says why it would not start."""
        written = [
            log for log in self.layout.log.glob("*.log") if not log.is_symlink() and log.stat().st_size
        ]
        if not written:
            return ""
        newest = max(written, key=lambda log: log.stat().st_mtime_ns)
        return "\n".join(newest.read_text(encoding="utf-8", errors="replace").splitlines()[-LOG_LINES:])

    # -- starting ------------------------------------------------------------------------------

    def _start(self) -> None:
        user = self._user()
        cluster.prepare_folders(self.layout, user)
        if not (self.layout.cluster / "PG_VERSION").is_file():
            cluster.make_cluster(self.layout, user)
        cluster.refuse_foreign(self.layout, user)
        if processes.postmaster(self.layout.cluster) is None:
            self._end_left_behind()
            cluster.write_settings(self.layout, user, durable=self.durable)
            self._launch(user)
        self._wait_until_ready()
        if not self.exists:
            provisioning.provision(self.layout)
            (self.layout.server / PROVISIONED).touch(mode=0o600)

    def _user(self) -> ServerUser:
        return programs.server_user()

    def _end_left_behind(self) -> None:
        """A busy child of a killed server lives on and holds its memory; the next server would refuse to start."""
        orphans = processes.left_behind(self.layout.cluster)
        if orphans:
            say(
                phrase(
                    "正在结束上次异常退出留下的 {count} 个数据库进程…",
                    "ending {count} database processes that an unclean exit left behind…",
                    count=len(orphans),
                )
            )
            processes.end(orphans)
        if processes.left_behind(self.layout.cluster):
            raise ServerRefused(
                phrase("上次留下的数据库进程无法结束", "processes of the last server cannot be ended"),
                mend=phrase(
                    "磁盘可能没有响应;请检查后重启机器。",
                    "The disk may hang; check it, and restart the machine.",
                ),
            )
        # The dead server's number may still be known to the kernel, where nobody collects the dead (a
        # container); the next server would take it for a living one. We have looked for ourselves.
        stale = (
            self.layout.cluster / "postmaster.pid",
            self.layout.socket / SOCKET_FILE,
            self.layout.socket_lock,
        )
        for file in stale:
            file.unlink(missing_ok=True)

    def _launch(self, user: ServerUser) -> None:
        log = self.layout.log / "start.log"
        log.unlink(missing_ok=True)
        # pg_ctl detaches the server from us and does not wait: it would give up after a fixed time, we need not.
        done = programs.run(
            [
                self.program("pg_ctl"),
                "start",
                "--pgdata",
                self.layout.cluster,
                "--log",
                log,
                "--no-wait",
                "--silent",
            ],
            user,
            timeout=STOP_SECONDS,
        )
        if done.returncode != 0:
            raise self._refused(phrase("数据库无法启动", "the database would not start"), done.stderr.strip())

    def _wait_until_ready(self) -> None:
        began = time.monotonic()
        said = False
        while not self.running():
            waited = time.monotonic() - began
            found = processes.postmaster(self.layout.cluster)
            # Just launched, it has not written its file yet; later, no living process means it gave up.
            if (found is None and waited > SAY_SOMETHING_AFTER) or waited > START_SECONDS:
                raise self._refused(phrase("数据库未能启动", "the database did not start"), self.log_tail())
            if waited > SAY_SOMETHING_AFTER and not said:
                say(phrase("数据库正在恢复,请稍候…", "the database is recovering, please wait…"))
                said = True
            time.sleep(PAUSE_SECONDS)

    def _refused(self, message: str, log: str) -> ServerRefused:
        return ServerRefused(
            message,
            mend=phrase(
                "详见 {log};运行 bihuan doctor 查看磁盘与权限。",
                "See {log}; bihuan doctor checks disk and permissions.",
                log=self.layout.log,
            ),
            log=log,
        )

    # -- stopping ------------------------------------------------------------------------------

    def _stop(self) -> None:
        with contextlib.suppress(subprocess.TimeoutExpired):
            programs.run(
                [
                    self.program("pg_ctl"),
                    "stop",
                    "--pgdata",
                    self.layout.cluster,
                    "--mode",
                    "fast",
                    "--silent",
                    "--timeout",
                    str(int(STOP_SECONDS)),
                ],
                self._user(),
                timeout=STOP_SECONDS + 5,
            )
        if processes.postmaster(self.layout.cluster) is not None:
            raise self._refused(phrase("数据库未能停止", "the database did not stop"), self.log_tail())
