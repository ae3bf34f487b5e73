"""Secrets of an installation: files of mode 0600 in the data folder, generated on first use."""

from __future__ import annotations

import base64
import os
import secrets
import tempfile
from collections.abc import Callable
from pathlib import Path

from bihuan.installation.errors import SecretError
from bihuan.installation.folders import make_private, open_to_others
from bihuan.installation.wording import phrase

# 256 bits each: the session key, the passwords of the server's roles, the key that wraps personal keys.
SECRET_BYTES = 32


def text_secret(path: Path) -> str:
    """A secret as printable text, generated when the file is not there yet."""
    if not path.exists():
        _create(path, secrets.token_urlsafe(SECRET_BYTES).encode())
    return _read(path).decode().strip()


def given_secret(path: Path) -> str:
    """A secret somebody laid there; empty where nobody did."""
    return _read(path).decode().strip() if path.exists() else ""


def own_secret(path: Path, make: Callable[[], bytes]) -> bytes:
    """A secret with a form of its own, made by `make` when the file is not there yet."""
    if not path.exists():
        _create(path, make())
    return _read(path)


def key_file(path: Path) -> Path:
    """A file with 256 random bits in base64, generated when it is not there yet."""
    if not path.exists():
        _create(path, base64.b64encode(secrets.token_bytes(SECRET_BYTES)))
    return path


def _create(path: Path, content: bytes) -> None:
    """Write beside and link into place: of two processes on first use one wins, whole."""
    folder = make_private(path.parent)
    try:
        descriptor, beside = tempfile.mkstemp(dir=folder, prefix=".new-")
    except OSError as error:
        raise _unusable(path, error) from error
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(beside, path)
        except FileExistsError:
            return
    finally:
        Path(beside).unlink()


def _read(path: Path) -> bytes:
    try:
        if open_to_others(path):
            raise SecretError(
                phrase(
                    "机密文件 {path} 对其他用户开放", "the secret {path} is open to other users", path=path
                ),
                mend=phrase("请执行:chmod 600 {path}", "Run: chmod 600 {path}", path=path),
            )
        content = path.read_bytes()
    except OSError as error:
        raise _unusable(path, error) from error
    if not content.strip():
        raise SecretError(
            phrase("机密文件 {path} 是空的", "the secret {path} is empty", path=path),
            mend=phrase(
                "请从备份恢复;不要另造一个,已加密的内容将无法解开。",
                "Restore it from a backup; a new one could not open what is encrypted already.",
            ),
        )
    return content


def _unusable(path: Path, error: OSError) -> SecretError:
    return SecretError(
        phrase(
            "无法使用机密文件 {path}:{error}",
            "cannot use the secret {path}: {error}",
            path=path,
            error=error.strerror or error,
        ),
        mend=phrase(
            "请以该数据目录的所有者运行,或用 BIHUAN_DATA 指定另一个目录。",
            "Run as the owner of this data folder, or name another one in BIHUAN_DATA.",
        ),
    )
