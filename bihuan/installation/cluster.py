"""Making a cluster and giving it our settings: all that happens before the server is launched.

As root the server's user owns three folders only: cluster, socket and log. What encloses them stays
root's, and files of ours in them are made new each time, so that user can lead us to no other file.
"""

from __future__ import annotations

import contextlib
import locale
import os
import shutil
import sys
from typing import TYPE_CHECKING

from bihuan.installation import programs, provisioning, tuning
from bihuan.installation.connections import ADMINISTRATOR_ROLE
from bihuan.installation.errors import DataFolderError, ServerForeign, ServerRefused
from bihuan.installation.folders import SHORT_FOLDER, SYSTEM_FOLDER, make_private
from bihuan.installation.wording import phrase

if TYPE_CHECKING:
    from pathlib import Path

    from bihuan.installation.folders import Layout
    from bihuan.installation.programs import ServerUser

INITDB_SECONDS = 300.0
# Marks that a cluster has its roles and its database.
PROVISIONED = "provisioned"


def prepare_folders(layout: Layout, user: ServerUser) -> None:
    make_private(layout.data)
    make_private(layout.server)
    if user.other:
        _let_pass(layout, user)
    for folder in (layout.socket, layout.log):
        make_private(folder)
        if folder.parent == SHORT_FOLDER and folder.stat().st_uid not in {user.uid, os.geteuid()}:
            raise ServerForeign(
                phrase(
                    "目录 {folder} 属于另一个用户",
                    "the folder {folder} belongs to another user",
                    folder=folder,
                ),
                mend=phrase("请把 BIHUAN_DATA 设为较短的路径。", "Set BIHUAN_DATA to a shorter path."),
            )
        _give(folder, user)
        folder.chmod(0o700)


def _let_pass(layout: Layout, user: ServerUser) -> None:
    """The server's user passes through data and server folder; it neither lists nor changes them."""
    if layout.data.is_relative_to(SYSTEM_FOLDER):
        programs.open_system_folder()
    if not programs.reachable(layout.data.parent):
        raise DataFolderError(
            phrase(
                "以 root 运行时,系统用户 {user} 无法进入数据目录 {folder}",
                "as root, the system user {user} cannot reach the data folder {folder}",
                user=user.name,
                folder=layout.data,
            ),
            mend=phrase(
                "请把 BIHUAN_DATA 设到 {folder} 之下;私有目录不会被放开。",
                "Set BIHUAN_DATA below {folder}; private folders are not opened for it.",
                folder=SYSTEM_FOLDER,
            ),
        )
    for folder in (layout.data, layout.server):
        os.chown(folder, os.geteuid(), user.gid)
        folder.chmod(0o710)


def make_cluster(layout: Layout, user: ServerUser) -> None:
    """Make it beside and rename it into place: an interrupted one is thrown away, never started."""
    if layout.cluster.exists():
        raise ServerForeign(
            phrase(
                "目录 {cluster} 已存在,但不是完整的数据库",
                "the folder {cluster} is there, but is no complete database",
                cluster=layout.cluster,
            ),
            mend=phrase(
                "请把它移到别处并从备份恢复(bihuan restore);本程序不会删除它。",
                "Move it away and restore a backup (bihuan restore); it is not deleted for you.",
            ),
        )
    beside = layout.server / "data.new"
    shutil.rmtree(beside, ignore_errors=True)
    (layout.server / PROVISIONED).unlink(missing_ok=True)
    make_private(beside)
    _give(beside, user)
    password = layout.server / "initial-password"
    say(phrase("正在建立数据库(仅首次)…", "making the database (once)…"))
    try:
        _place(password, provisioning.password_of(layout, ADMINISTRATOR_ROLE), user)
        command: list[str | Path] = [
            programs.programs(user) / "initdb",
            "--pgdata",
            beside,
            "--pwfile",
            password,
        ]
        done = programs.run(
            [*command, *INITDB_OPTIONS, "--lc-ctype", _character_locale()], user, timeout=INITDB_SECONDS
        )
    finally:
        password.unlink(missing_ok=True)
    if done.returncode != 0:
        raise ServerRefused(
            phrase("无法建立数据库", "the database could not be made"),
            mend=phrase("请检查磁盘空间与目录权限。", "Check free disk space and permissions."),
            log=done.stderr.strip(),
        )
    beside.rename(layout.cluster)


# The built-in locale orders and folds the same on every machine, whatever its C library.
INITDB_OPTIONS = (
    "--username", ADMINISTRATOR_ROLE, "--auth", "scram-sha-256", "--encoding", "UTF8",
    "--locale-provider", "builtin", "--builtin-locale", "C.UTF-8", "--locale", "C",
    "--data-checksums", "--no-instructions",
)  # fmt: skip


def refuse_foreign(layout: Layout, user: ServerUser) -> None:
    """A cluster of another user or another major version is left as it is."""
    if layout.cluster.stat().st_uid != user.uid:
        raise ServerForeign(
            phrase(
                "数据库目录 {cluster} 属于另一个用户",
                "the database {cluster} belongs to another user",
                cluster=layout.cluster,
            ),
            mend=phrase(
                "请以建立它的用户运行,或用 BIHUAN_DATA 指定另一个目录。",
                "Run as the user who made it, or name another folder in BIHUAN_DATA.",
            ),
        )
    made_by = (layout.cluster / "PG_VERSION").read_text(encoding="ascii").strip()
    ours = programs.version().split(".", maxsplit=1)[0]
    if made_by != ours:
        raise ServerForeign(
            phrase(
                "数据库由 PostgreSQL {made_by} 建立,本程序自带 {ours}",
                "the database was made by PostgreSQL {made_by}, this program brings {ours}",
                made_by=made_by,
                ours=ours,
            ),
            mend=phrase(
                "请用旧版本程序备份(bihuan backup),再用新版本恢复。",
                "Back it up with the old version (bihuan backup) and restore it with this one.",
            ),
        )


def write_settings(layout: Layout, user: ServerUser, *, durable: bool) -> None:
    _place(
        layout.cluster / "postgresql.conf",
        tuning.configuration_text(tuning.settings(layout, durable=durable)),
        user,
    )
    _place(layout.cluster / "pg_hba.conf", tuning.HOST_BASED_ACCESS, user)
    # Settings made by ALTER SYSTEM would win over ours.
    _place(layout.cluster / "postgresql.auto.conf", "", user)


def say(line: str) -> None:
    """Progress goes to stderr: stdout belongs to the result."""
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


def _place(path: Path, text: str, user: ServerUser) -> None:
    """Write a new file that only the server's user may read; a link laid in its place is not followed."""
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        if user.other:
            os.fchown(descriptor, user.uid, user.gid)


def _give(path: Path, user: ServerUser) -> None:
    if user.other:
        os.chown(path, user.uid, user.gid, follow_symlinks=False)


def _character_locale() -> str:
    """A UTF-8 locale of this system's C library: trigram search asks it which characters are letters."""
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        for name in ("C.UTF-8", "en_US.UTF-8", "zh_CN.UTF-8"):
            with contextlib.suppress(locale.Error):
                return locale.setlocale(locale.LC_CTYPE, name)
    finally:
        locale.setlocale(locale.LC_CTYPE, before)
    return "C"
