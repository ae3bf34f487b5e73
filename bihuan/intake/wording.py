"""Refusals of documents in the reader's language: which file, where, and what would be accepted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bihuan.documents.installed import is_installed
from bihuan.journal.wording import listed
from bihuan.text.starting_taxonomy import GRADES, IMPACTS, NATURES, RECTIFICATION_KINDS, URGENCIES

if TYPE_CHECKING:
    from bihuan.documents.errors import DocumentError
    from bihuan.intake.extraction.spreadsheet import RowError

_TERMS = {term.zh: term.en for term in (*NATURES, *IMPACTS, *URGENCIES, *GRADES, *RECTIFICATION_KINDS)}


def _said(word: str) -> str:
    """A word of our lists in the reader's language; both are read in a sheet."""
    return _TERMS.get(word, word) if (get_language() or "").startswith("en") else word


def what_is_wrong(error: DocumentError) -> str:
    """One sentence: what is wrong with the file."""
    data = {"found": error.data.get("found", ""), "limit": error.data.get("limit", "")}
    sentences = {
        "empty": _("文件是空的，没有任何文字。"),
        "encrypted": _("文件设有密码，无法读取。"),
        "damaged": _("文件已损坏，内容与其格式不符。"),
        "truncated": _("文件不完整，末尾部分缺失。"),
        "too_large": _too_large(error),
        "zip_bomb": _("文件解压后异常庞大（疑似压缩炸弹），没有解压。"),
        "macro_bearing": _("文件带有宏（程序），为安全起见不予接收。"),
        "image_only": _("文件只有图片，没有可读的文字。"),
        "pretended_image": _("文件内容其实是图片（%(found)s），与文件名不符。") % data,
        "illegible": _("没有识别出文字，或者图片太小、看不清。"),
        "unsupported": _("暂不能读取这种格式（%(found)s）。") % data,
        "needs_converter": _("旧格式（%(found)s）要靠 LibreOffice 转换，本机没有安装。") % data,
        "reader_failed": _("读取这个文件时出错或超出时间、内存限制，已停止；其他文件不受影响。"),
    }
    return sentences.get(error.code, _("文件无法读取。"))


def _too_large(error: DocumentError) -> str:
    names = {
        "bytes": _("文件大小（字节）"),
        "pages": _("页数"),
        "pixels": _("图片大小（像素）"),
        "characters": _("字数"),
        "rows": _("行数"),
        "columns": _("列数"),
        "paragraphs": _("段落数"),
        "members": _("压缩包内文件数"),
        "depth": _("压缩包套压缩包的层数"),
    }
    what = names.get(str(error.data.get("what")), str(error.data.get("what")))
    return _("%(what)s为 %(found)s，超过上限 %(limit)s。") % {
        "what": what,
        "found": error.data.get("found", ""),
        "limit": error.data.get("limit", ""),
    }


def what_would_be_right(error: DocumentError) -> str:
    """One sentence: what would be accepted instead."""
    kinds = listed(f".{kind}" for kind in error.accepted)
    sentences = {
        "empty": _("请确认选对了文件，重新导出后再试。"),
        "encrypted": _("请去除密码后另存一份再提交。"),
        "damaged": _("请用原软件打开并另存为 %(kinds)s 之一。") % {"kinds": kinds},
        "truncated": _("请重新下载或拷贝完整的文件。"),
        "too_large": _("请拆分成几个较小的文件分别提交。"),
        "zip_bomb": _("请用原软件打开并另存一份再提交。"),
        "macro_bearing": _("请另存为不含宏的 %(kinds)s。") % {"kinds": kinds},
        "image_only": _of_pictures(kinds),
        "illegible": _("请用 200 dpi 以上重新扫描，或拍得近一些、清楚一些；有原始文档的，请提交原始文档。"),
        "pretended_image": _("请提交原始文档：%(kinds)s。") % {"kinds": kinds},
        "unsupported": _("可以接收：%(kinds)s。请另存为其中一种。") % {"kinds": kinds},
        "needs_converter": _(
            "请用 WPS 或 Word 打开，另存为 .docx 后提交；或请系统管理员安装 libreoffice-writer-nogui。"
        ),
        "reader_failed": _("请用原软件打开并另存一份，或拆分后再提交。"),
    }
    return sentences.get(error.code, _("可以接收：%(kinds)s。") % {"kinds": kinds})


def _of_pictures(kinds: str) -> str:
    if is_installed():
        return _(
            "扫描件请存成 PDF、TIFF 或图片，在“摸底”页面上传，由程序识别文字；或提交带文字层的文件：%(kinds)s。"
        ) % {"kinds": kinds}
    return _(
        "请提交带文字层的文件：%(kinds)s；要读扫描件和照片，请系统管理员安装文字识别：pip install 'bihuan[ocr]'。"
    ) % {"kinds": kinds}


def refusal(error: DocumentError) -> str:
    """File, place, what is wrong and what would be right, in one line."""
    where = _("（%(place)s）") % {"place": error.place} if error.place else ""
    return _("%(file)s%(where)s：%(wrong)s%(right)s") % {
        "file": error.file,
        "where": where,
        "wrong": what_is_wrong(error),
        "right": what_would_be_right(error),
    }


def wrong_cell(error: RowError) -> str:
    """What is wrong with a cell of an imported table, and what would be accepted."""
    data = {"value": error.value, "accepted": listed(_said(word) for word in error.accepted)}
    sentences = {
        "missing": _("没有填写问题描述"),
        "duplicate_no": _("序号“%(value)s”与第 %(accepted)s 行重复") % data,
        "no_value": _("“%(value)s”是没有结果的公式或错误值；请在表格软件里算出结果或改成文字，保存后再导入")
        % data,
        "not_a_date": _("“%(value)s”不是日期；可填：%(accepted)s") % data,
        "not_an_amount": _("“%(value)s”不是金额；可填：%(accepted)s") % data,
        "unknown_word": _("“%(value)s”不在可选项内；可选：%(accepted)s") % data,
    }
    return sentences[error.reason]
