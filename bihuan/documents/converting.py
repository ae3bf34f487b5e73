"""Old Word, WPS, rich text and OpenDocument text, turned into .docx by LibreOffice where it is installed.

It runs with a profile of its own that is thrown away, without network where the system can take it away, never runs
macros, follows no links, and is ended with all it started when its time is up.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from bihuan.documents.errors import Damaged, Encrypted, NeedsConverter, ReaderFailed
from bihuan.documents.word_reading import read_word

if TYPE_CHECKING:
    from bihuan.documents.limits import Limits
    from bihuan.documents.model import Block

_PROGRAMS = ("soffice", "libreoffice")
# What the caller, whose own time runs on, needs to read the answer and pass it on.
_SECONDS_FOR_READING = 10
_SHORTEST = 1
# Named, so that a broken file is not taken for plain text and read as rubbish.
_FILTERS = {"doc": "MS Word 97", "rtf": "Rich Text Format", "odt": "writer8", "docx": "MS Word 2007 XML"}
_SECTOR = 512
_WORD_HEAD = b"\xec\xa5"
_WORD_FLAGS = 10
_IS_ENCRYPTED = 0x0100
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableMacrosExecution" oor:op="fuse">
<value>true</value></prop><prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop>
<prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update"><prop oor:name="Link" oor:op="fuse"><value>0</value></prop>
</item></oor:items>
"""


def read_converted(content: bytes, file: str, limits: Limits) -> tuple[int | None, list[Block]]:
    """The document as LibreOffice understands it, read like any other Word document."""
    if _is_encrypted(content):
        raise Encrypted(file)
    return read_word(as_docx(content, file, limits), file, limits)


def converter() -> str | None:
    """The program that converts, if there is one."""
    return next(filter(None, map(shutil.which, _PROGRAMS)), None)


def as_docx(content: bytes, file: str, limits: Limits) -> bytes:
    """The converted document. Called where time and memory are limited already (`sandbox.py`)."""
    return _converted(content, file, limits, ending=_ending(content), to="docx")


def as_pdf(content: bytes, file: str, limits: Limits) -> bytes:
    """A Word document of ours as PDF, for its pages to be looked at; what others sent goes through `sandbox.py`."""
    return _converted(content, file, limits, ending="docx", to="pdf")


def _converted(content: bytes, file: str, limits: Limits, *, ending: str, to: str) -> bytes:
    program = converter()
    if program is None:
        raise NeedsConverter(file, accepted=("docx", "pdf"), found=ending)
    with tempfile.TemporaryDirectory(prefix="bihuan-convert-") as name:
        folder = Path(name)
        settings = folder / "profile" / "user" / "registrymodifications.xcu"
        settings.parent.mkdir(parents=True)
        settings.write_text(_SETTINGS, encoding="utf-8")
        source = folder / f"source.{ending}"
        source.write_bytes(content)
        _run(program, folder, source, file, max(_SHORTEST, limits.seconds - _SECONDS_FOR_READING), to)
        made = folder / "made" / f"source.{to}"
        if not made.is_file():
            raise Damaged(file, reason="the converter made nothing of it")
        return made.read_bytes()


def _ending(content: bytes) -> str:
    if content.startswith(b"PK"):
        return "odt"
    return "rtf" if content.startswith(b"{\\rtf") else "doc"


def _run(program: str, folder: Path, source: Path, file: str, seconds: int, to: str) -> None:  # noqa: PLR0917  (all of one call)
    command = [
        *_without_network(),
        program,
        f"-env:UserInstallation={(folder / 'profile').as_uri()}",
        *("--headless", "--norestore", "--nolockcheck", "--nodefault", "--nofirststartwizard"),
        f"--infilter={_FILTERS[source.suffix.lstrip('.')]}",
        *("--convert-to", to, "--outdir", str(folder / "made"), str(source)),
    ]
    environment = {"PATH": os.environ.get("PATH", os.defpath), "HOME": str(folder), "LANG": "C.UTF-8"}
    running = subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        running.wait(seconds)
    except subprocess.TimeoutExpired as error:
        raise ReaderFailed(file, reason="time", limit=seconds) from error
    finally:
        _end_group(running)


def _end_group(running: subprocess.Popen[bytes]) -> None:
    """The program starts others; none of them outlives its document."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(running.pid, signal.SIGKILL)
    running.wait()


@cache
def _without_network() -> tuple[str, ...]:
    """What to put before a command so that it sees no network, nothing where this system does not allow it."""
    command = ("unshare", "--net", "--map-root-user")
    if shutil.which(command[0]) is None:
        return ()
    tried = subprocess.run([*command, "true"], capture_output=True, check=False)
    return command if tried.returncode == 0 else ()


def _is_encrypted(content: bytes) -> bool:
    """Whether an old Word file's own head says so; it begins a sector of the container."""
    for at in range(_SECTOR, len(content) - _SECTOR, _SECTOR):
        if content.startswith(_WORD_HEAD, at):
            flags = int.from_bytes(content[at + _WORD_FLAGS : at + _WORD_FLAGS + 2], "little")
            return bool(flags & _IS_ENCRYPTED)
    return False
