"""What is said when a file is not taken in: which file, what is wrong with it, what would be accepted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from bihuan.files.kinds import ACCEPTED_ENDINGS, FileProblem
from bihuan.journal.action import Refused
from bihuan.journal.wording import listed

if TYPE_CHECKING:
    from bihuan.files.names import BadName

MEBIBYTE = 1024 * 1024

_PROBLEMS = {
    "empty": (_("“%(file)s”是空文件（0 字节）。"), _("请重新导出或拍摄后上传。")),
    "executable": (
        _("“%(file)s”是程序或脚本（%(found)s），不能上传。"),
        _("请上传文档、图片、音视频：%(accepted)s。"),
    ),
    "active": (
        _("“%(file)s”是网页或可执行的图形（%(found)s），打开时可能运行代码，不能上传。"),
        _("请另存为 PDF 或图片后上传。"),
    ),
    "two_kinds": (
        _("“%(file)s”里还藏着另一种文件（%(found)s），不能上传。"),
        _("请重新另存一份干净的文件，或把其中的内容分开上传。"),
    ),
    "misnamed": (
        _("“%(file)s”的内容其实是 %(found)s，与文件名不符。"),
        _("请把扩展名改为 .%(found)s，或上传正确的文件。"),
    ),
    "macros": (_("“%(file)s”带有宏。"), _("请另存为不带宏的 .docx、.xlsx 或 PDF 后上传。")),
    "encrypted": (_("“%(file)s”设有密码，验收的人打不开。"), _("请取消密码后上传。")),
    "damaged": (_("“%(file)s”已损坏或不完整。"), _("请重新导出后上传。")),
    "too_large": (_("“%(file)s”解开后过大，疑似压缩炸弹，不能上传。"), _("请拆分或重新另存后上传。")),
    "too_long": (_("“%(file)s”太长，无法检查（%(found)s）。"), _("请分成几份上传。")),
    "unknown": (_("认不出“%(file)s”是什么文件（%(found)s）。"), _("可以上传：%(accepted)s。")),
}
_NAMES = {
    "path": _("文件名“%(file)s”里含有路径。"),
    "deceiving": _("文件名里含有看不见的控制字符，会使人看错文件类型。"),
    "empty": _("文件没有名称。"),
}


def refusal_of(name: str, problem: FileProblem) -> Refused:
    """The refusal of a content."""
    message, accepted = _PROBLEMS[problem.code]
    where = _("%(file)s（%(place)s）") % {"file": name, "place": problem.place} if problem.place else name
    words = {"file": where, "found": problem.found or "—", "accepted": listed(ACCEPTED_ENDINGS)}
    return Refused(
        message % words,
        accepted=accepted % words,
        field="file",
        file=name,
        place=problem.place,
        code=problem.code,
    )


def refusal_of_name(name: str, problem: BadName) -> Refused:
    """The refusal of a name."""
    return Refused(
        _NAMES[problem.reason] % {"file": name},
        accepted=_("请改成普通的文件名（不含 / 和 \\）后上传。"),
        field="file",
        file=name,
        code=f"name_{problem.reason}",
    )


def too_large(name: str, limit: int) -> Refused:
    """The refusal of a file beyond the limit."""
    return Refused(
        _("“%(file)s”太大。") % {"file": name},
        accepted=_("单个文件不超过 %(limit)s MB；视频请压缩或截取关键片段后上传。")
        % {"limit": limit // MEBIBYTE},
        field="file",
        file=name,
        code="too_large",
    )
