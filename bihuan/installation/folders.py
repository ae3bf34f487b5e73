"""Where an installation keeps its state: one data folder, and what lies where inside it.

<data>/                      0700; as root 0710, so that the server's own user can pass through
secrets/                   0700, every file 0600, generated on first use
files/                     content-addressed files (room `files`)
postgresql/data            the embedded server's cluster
postgresql/socket          its Unix socket, 0700
postgresql/log             its log, a file for each day of the week
DEMONSTRATION              marks fiction: only here may the clock be moved
"""

from __future__ import annotations

import hashlib
import os
import stat
from dataclasses import dataclass
from pathlib import Path

from bihuan.installation.errors import DataFolderError
from bihuan.installation.wording import phrase

SYSTEM_FOLDER = Path("/var/lib/bihuan")
DEMONSTRATION_MARKER = "DEMONSTRATION"

# The kernel holds 108 bytes for a socket's path, the last one zero; the server adds its file name.
LONGEST_SOCKET_PATH = 107
SOCKET_FILE = ".s.PGSQL.5432"

# Named outright and not asked of `tempfile`: every process must arrive at the same folder, whatever its TMPDIR.
SHORT_FOLDER = Path("/tmp")  # noqa: S108


@dataclass(frozen=True)
class Layout:
    """Every path below one data folder; asking for one makes nothing."""

    data: Path

    @property
    def secrets(self) -> Path:
        return self.data / "secrets"

    @property
    def server(self) -> Path:
        return self.data / "postgresql"

    @property
    def cluster(self) -> Path:
        return self.server / "data"

    @property
    def log(self) -> Path:
        return self.server / "log"

    @property
    def lock(self) -> Path:
        return self.data / "server.lock"

    @property
    def socket_lock(self) -> Path:
        return self.socket / f"{SOCKET_FILE}.lock"

    @property
    def demonstration_marker(self) -> Path:
        return self.data / DEMONSTRATION_MARKER

    @property
    def socket(self) -> Path:
        """Inside the data folder, or where that path is too long for a socket, in the temporary folder."""
        inside = self.server / "socket"
        if len(os.fsencode(inside / SOCKET_FILE)) <= LONGEST_SOCKET_PATH:
            return inside
        owner = os.geteuid()
        return SHORT_FOLDER / f"bihuan-{owner}-{fingerprint(self.data)}"


def fingerprint(path: Path) -> str:
    """A short name for a path, equal for equal paths."""
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:10]


def package_root() -> Path:
    """The folder that holds the package `bihuan`: the checkout, or site-packages."""
    return Path(__file__).resolve().parents[2]


def in_checkout() -> bool:
    return (package_root() / "pyproject.toml").is_file()


def default_data_folder() -> Path:
    """Root: a system folder, because the server then runs as another user who must reach its files.

    A home folder is private, and opening the path to it would open everything beside it too.
    """
    if os.geteuid() == 0:
        return SYSTEM_FOLDER / fingerprint(package_root())
    if in_checkout():
        return package_root() / "var"
    home = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(home) / "bihuan"


def make_private(folder: Path) -> Path:
    """Make the folder with its parents; what is newly made is closed to everybody else."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        try:
            folder.mkdir(mode=0o700)
        except FileExistsError:
            if not folder.is_dir():
                raise
    except OSError as error:
        raise DataFolderError(
            phrase(
                "无法建立目录 {folder}:{error}",
                "cannot make the folder {folder}: {error}",
                folder=folder,
                error=error.strerror or error,
            ),
            mend=phrase(
                "请修正上级目录的权限,或用环境变量 BIHUAN_DATA 指定另一个目录。",
                "Mend the permissions above it, or name another folder in BIHUAN_DATA.",
            ),
        ) from error
    return folder


def open_to_others(path: Path) -> bool:
    """Whether anybody but the owner may read or write there."""
    return bool(stat.S_IMODE(path.stat().st_mode) & (stat.S_IRWXG | stat.S_IRWXO))
