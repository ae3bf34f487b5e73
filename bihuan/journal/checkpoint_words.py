"""What is wrong with a checkpoint or a key, in the words of whoever reads a command's answer."""

from __future__ import annotations

from django.utils.translation import gettext as _

from bihuan.journal.checkpoint_file import AlteredCheckpoint, CheckpointError, UntrustedCheckpoint
from bihuan.journal.public_key import UnreadableKey, fingerprint


def words_of(error: CheckpointError | UnreadableKey | OSError) -> str:
    """One sentence that says what is wrong, and what to do."""
    why = {"why": getattr(error, "strerror", None) or str(error)}
    if isinstance(error, UnreadableKey):
        words = _("不是可用的公钥（%(why)s）。请给出 PEM 格式的 Ed25519 公钥文件，或 64 位十六进制数字。")
    elif isinstance(error, OSError):
        words = _("无法读取：%(why)s。")
    elif isinstance(error, UntrustedCheckpoint) and error.expected is not None:
        words = _("不是用所给的公钥签的，不可信。签名所用公钥的指纹 %(used)s；所给公钥的指纹 %(expected)s。")
        why = {"used": fingerprint(error.signed_with), "expected": fingerprint(error.expected)}
    elif isinstance(error, UntrustedCheckpoint):
        words = _("签名与文件头不符，两者之一被改动过，不可信。")
    elif isinstance(error, AlteredCheckpoint):
        words = _("所列各流与签过名的文件头不符，文件被改动过，不可信（%(why)s）。")
    else:
        words = _("不是完整的存证文件（%(why)s）。")
    return words % why
