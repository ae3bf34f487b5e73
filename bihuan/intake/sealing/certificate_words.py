"""The certificate as a Word paper: one page, and annexes where files or numbers are many. No head, no seal imitated."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.utils import timezone
from django.utils.translation import gettext as _

from bihuan.documents.word import Heading, NewPage, Text, word_bytes
from bihuan.documents.word_parts import Table
from bihuan.intake.models import Disposition
from bihuan.intake.sealing.certificate import ranges_of
from bihuan.journal.wording import listed, strung

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from bihuan.documents.word import Content
    from bihuan.intake.sealing.certificate import Declared
    from bihuan.ledger.models import Batch

FILES_ON_THE_PAGE: Final = 3
RANGES_ON_THE_PAGE: Final = 6
TEXT, FORM, SMALL = 14, 10.5, 9


def paper_of(batch: Batch, declared: Declared) -> bytes:
    """The certificate in the language in force."""
    subtitle = _("批次 %(code)s　第 %(number)s 次封账") % {"code": batch.code, "number": declared.number}
    if declared.mark:
        subtitle += f"　{declared.mark}"
    return word_bytes(_("封账完整性证明"), list(_content(batch, declared)), subtitle=subtitle, size=TEXT)


def _content(batch: Batch, declared: Declared) -> Iterable[Content]:
    many_files = len(declared.files) > FILES_ON_THE_PAGE
    yield Text(_opening(batch, declared))
    yield Text("", indent=False)
    yield Table(header=(), rows=list(_facts(declared)), widths=(1, 5), size=FORM)
    if not many_files:
        yield Text("", indent=False)
        yield _file_table(declared)
    yield Text("", indent=False)
    yield Table(header=(), rows=[(_("复核封账人签字"), "", _("日期"), "")], widths=(2, 3, 1, 2), size=FORM)
    if many_files:
        yield from _annex(_("附件1　文件清单"), _file_table(declared))
    if len(declared.ranges) > RANGES_ON_THE_PAGE:
        yield from _annex(_("附件2　入账问题编号"), Text(_ranges(declared.ranges)))
    if len(ranges_of(declared.joined)) > RANGES_ON_THE_PAGE:
        yield from _annex(_("附件3　并入的已有问题编号"), Text(_ranges(ranges_of(declared.joined))))


def _annex(title: str, content: Content) -> Iterable[Content]:
    yield NewPage()
    yield Heading(title)
    yield content


def _opening(batch: Batch, declared: Declared) -> str:
    received = _("%(day)s收到") % {"day": _day(batch.received_on)}
    came = strung(part for part in (batch.source_authority, batch.document_no, received) if part)
    words = _(
        "兹证明：“%(title)s”（%(came)s）所收文件 %(files)s 份，切分为 %(passages)s 段，已逐段交代，"
        "无一遗漏；经未参与交代的同志抽查复核，于%(sealed)s封账。"
    )
    return words % {
        "title": batch.title,
        "came": came,
        "files": len(declared.files),
        "passages": declared.passages,
        "sealed": _day(timezone.localtime(declared.sealed_at)),
    }


def _day(day: date) -> str:
    return _("%(year)s年%(month)s月%(day)s日") % {"year": day.year, "month": day.month, "day": day.day}


def _facts(declared: Declared) -> Iterable[tuple[str, str]]:
    if len(declared.files) > FILES_ON_THE_PAGE:
        yield _("文件"), _("%(n)s 份，见附件1") % {"n": len(declared.files)}
    yield _("片段交代"), _dispositions(declared)
    yield _("反馈问题"), _("%(n)s 条，逐条照录原文") % {"n": declared.findings}
    yield _("入账问题"), _counted(declared.problems, declared.ranges, _("附件2"))
    if declared.joined:
        told = _counted(len(declared.joined), ranges_of(declared.joined), _("附件3"))
        yield _("并入已有问题"), told
    if declared.imported:
        yield _("承接台账"), _("另从在办台账承接 %(n)s 件") % {"n": declared.imported}
    yield _("抽查复核"), _sample(declared)
    yield _("抽样种子"), str(declared.sample["seed"])
    yield _("交代、确认"), listed(declared.reviewers)
    yield (
        _("复核、封账"),
        f"{declared.sealer}　{timezone.localtime(declared.sealed_at):%Y-%m-%d %H:%M}",
    )
    yield (
        _("日志存证"),
        _("封账为本批次日志第 %(seq)s 条，该条载明本证明的 SHA-256；其前一条的哈希为 %(previous)s")
        % {"seq": declared.seq, "previous": declared.previous},
    )
    yield (
        _("核对方法"),
        _(
            "在本系统所在机器上运行“bihuan check_certificate 本文件”，或打开批次的“完整性证明”页：按日志重新清点片段、重新抽样，逐项比对。"
        ),
    )


def _dispositions(declared: Declared) -> str:
    labels = dict(Disposition.choices)
    told = [
        _("线索 %(n)s 段（已封存，另行移交）") % {"n": n}
        if name == Disposition.CLUE
        else _("%(label)s %(n)s 段") % {"label": labels[name], "n": n}
        for name, n in declared.by_disposition.items()
    ]
    return _("%(told)s；合计 %(total)s 段，未交代 0 段") % {"told": listed(told), "total": declared.passages}


def _counted(count: int, ranges: Sequence[Sequence[str]], annex: str) -> str:
    """How many problems, and their numbers, here or in an annex."""
    if not count:
        return _("0 件")
    if len(ranges) > RANGES_ON_THE_PAGE:
        return _("%(n)s 件，编号见%(annex)s") % {"n": count, "annex": annex}
    return _("%(n)s 件：%(numbers)s") % {"n": count, "numbers": _ranges(ranges)}


def _ranges(ranges: Iterable[Sequence[str]]) -> str:
    return listed(_range(pair) for pair in ranges)


def _range(pair: Sequence[str]) -> str:
    first, last = pair
    return first if first == last else _("%(first)s 至 %(last)s") % {"first": first, "last": last}


def _sample(declared: Declared) -> str:
    sample = declared.sample
    words = _("第 %(number)s 次抽样：应抽 %(total)s 段，抽 %(n)s 段，一致 %(n)s 段，不一致 0 段") % {
        "number": sample["number"],
        "total": sample["total"],
        "n": len(sample["answers"]),
    }
    if sample["again"]:
        words += _("；此前抽样不一致 %(n)s 段，均已重新交代并再次复核") % {"n": len(sample["again"])}
    return words


def _file_table(declared: Declared) -> Table:
    header = (_("序号"), _("文件"), _("页数"), _("段数"), "SHA-256")
    rows = [
        (str(number), file["name"], str(file["pages"] or "—"), str(file["passages"]), file["sha256"])
        for number, file in enumerate(declared.files, start=1)
    ]
    return Table(header=header, rows=rows, widths=(11, 47, 11, 11, 76), size=SMALL)
