"""A case file as a Word volume: cover, table of contents, records, closing note."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from bihuan.desk.case_file import CaseFile
from bihuan.desk.case_file_reading import Attachment, Item
from bihuan.desk.marks import UNSET, dated_words, stage_of
from bihuan.documents.binding import Record, Volume, Words, volume_bytes
from bihuan.documents.word_parts import Table
from bihuan.journal.action import Actor
from bihuan.ledger.models import Problem, Readership
from bihuan.organizations.models import Unit


@dataclass(frozen=True, kw_only=True)
class Enclosed:
    """A file that lies beside the volume (`path` is empty where its content is gone) and what was found in it."""

    number: str
    path: str
    attachment: Attachment
    sha256: str = ""
    size: int = 0
    as_recorded: bool = True
    without_camera_data: bool = False


def volume_of(case: CaseFile, enclosed: Sequence[Enclosed], language: str) -> bytes:
    """The whole volume as a Word document."""
    problem = case.problem
    return volume_bytes(
        Volume(
            title=_("问题整改卷宗"),
            subtitle=f"{problem.problem_no}　{problem.title}",
            cover=list(_cover(case, enclosed, language)),
            contents_title=_("卷内目录"),
            contents=_contents(case, enclosed),
            contents_note=_(
                "“校验”一栏：附件为其内容的 SHA-256；记录为所属日志流最新一条的哈希，可在系统日志中按流和序号核对。"
            ),
            records=[
                Record(number=f"{number}", title=item.title, note=_note(item), pieces=item.pieces)
                for number, item in enumerate(case.items, start=1)
            ],
            closing_title=_("备考表"),
            closing=list(_closing(case, enclosed)),
            header=_("卷宗 %(number)s") % {"number": problem.problem_no},
            mark=mark_of(problem),
            footer=bound_words(case),
            page_words=_page_words(),
        )
    )


def _page_words() -> tuple[str, str, str]:
    """第 … 页，共 … 页, cut where the two numbers come."""
    before, between, after = (_("第 %(page)s 页，共 %(pages)s 页") % {"page": "#", "pages": "#"}).split("#")
    return before, between, after


def mark_of(problem: Problem) -> str:
    """How far the paper may go."""
    readership = Readership(problem.readership).label
    return _("限制知悉") if problem.channel_id else str(readership)


def bound_words(case: CaseFile) -> str:
    """Who made this copy and when; on every page."""
    when = timezone.localtime(case.at)
    return _("%(who)s 于 %(when)s 从系统装订") % {"who": who_bound(case.by), "when": f"{when:%Y-%m-%d %H:%M}"}


def who_bound(actor: Actor) -> str:
    """林晓（市整改办 整改办经办）."""
    seat = " ".join(part for part in (actor.unit_name, actor.post_name) if part)
    return f"{actor.person_name}（{seat}）" if seat else actor.person_name


def _cover(case: CaseFile, enclosed: Sequence[Enclosed], language: str) -> Iterator[tuple[str, str]]:
    problem = case.problem
    batch = problem.batch
    deadline = "" if problem.external_deadline == UNSET else dated_words(problem)
    facts: list[tuple[str, object]] = [
        (_("编号"), problem.problem_no),
        (_("来源"), problem.source.label),
        (_("来源机关"), batch.source_authority if batch else ""),
        (_("来文文号"), batch.document_no if batch else ""),
        (_("牵头单位"), problem.lead_unit.name if problem.lead_unit else _("待定")),
        (_("管辖"), problem.jurisdiction.name),
        (_("登记日期"), problem.registered_on),
        (_("整改期限"), deadline),
        (_("阶段"), stage_of(problem, language).name),
        (_("销号日期"), problem.closed_on),
        (_("备案文号"), problem.filing_no),
        (_("轮次"), problem.round if problem.round > 1 else ""),
        (
            _("卷内"),
            _("记录 %(records)d 件，附件 %(files)d 份")
            % {"records": len(case.items), "files": sum(1 for one in enclosed if one.path)},
        ),
        (_("知悉范围"), mark_of(problem)),
        (_("装订人"), f"{who_bound(case.by)}　{timezone.localdate(case.at)}"),
    ]
    return ((label, str(value)) for label, value in facts if value not in ("", None))


def _contents(case: CaseFile, enclosed: Sequence[Enclosed]) -> Table:
    header = (_("件号"), _("题名"), _("责任者"), _("日期"), _("大小"), _("校验"))
    rows: list[tuple[str, ...]] = []
    for number, item in enumerate(case.items, start=1):
        head = case.head_of(item)
        proof = f"{head.kind} #{head.seq}\n{head.digest}" if head else ""
        rows.append((str(number), item.title, item.who, item.on.isoformat() if item.on else "", "", proof))
        rows += [
            (
                one.number,
                one.attachment.reference.name,
                one.attachment.caption,
                "",
                size_words(one.size) if one.path else _("无内容"),
                one.sha256,
            )
            for one in enclosed
            if one.number.partition("-")[0] == str(number)
        ]
    return Table(header=header, rows=rows, widths=(9, 34, 24, 17, 13, 38), size=8)


def size_words(count: int) -> str:
    """12 KB, 3.4 MB."""
    return f"{count / 1024:,.0f} KB" if count < 1024 * 1024 else f"{count / 1024 / 1024:,.1f} MB"


def _note(item: Item) -> str:
    return "　".join(part for part in (item.on.isoformat() if item.on else "", item.who) if part)


def _closing(case: CaseFile, enclosed: Sequence[Enclosed]) -> Iterator[Words | Table]:
    problem = case.problem
    head = next((one for one in case.heads if one.stream == problem.pk), None)
    yield Words(
        _("本卷由%(who)s于 %(when)s 从系统装订，共有记录 %(records)d 件、附件 %(files)d 份；问题及相关各流日志 %(events)d 条。")
        % {
            "who": who_bound(case.by),
            "when": f"{timezone.localtime(case.at):%Y-%m-%d %H:%M}",
            "records": len(case.items),
            "files": sum(1 for one in enclosed if one.path),
            "events": case.events,
        }
    )  # fmt: skip
    if head:
        yield Words(
            _("问题日志流 %(stream)s，装订时最新为第 %(seq)d 条，哈希 %(digest)s。")
            % {"stream": head.stream, "seq": head.seq, "digest": head.digest}
        )
    for words in _remarks(case, enclosed):
        yield Words(words)
    yield Words(
        _("核对方法：随卷的 manifest.json 载明每个文件的 SHA-256 和每个日志流的末条哈希；在本系统所在机器上运行“bihuan check_case_file 压缩包”即可逐一核对。")
    )  # fmt: skip
    yield Table(
        header=(), rows=[(_("立卷人"), ""), (_("检查人"), ""), (_("日期"), "")], widths=(1, 3), size=14
    )


def _remarks(case: CaseFile, enclosed: Sequence[Enclosed]) -> Iterator[str]:
    if case.covered:
        yield _(
            "记录文字中的身份证号、手机号、银行账号和邮箱已遮盖 %(count)d 处；附件按原样收入，未作遮盖。"
        ) % {"count": case.covered}
    unit: Unit | None = case.problem.lead_unit
    if unit is None:
        yield _("装订时尚未确定牵头单位。")
    for one in enclosed:
        if not one.path:
            yield _("附件 %(number)s 的内容已按规定清除或缺失，未收入。") % {"number": one.number}
        elif one.without_camera_data:
            yield _(
                "附件 %(number)s 是照片，收入时去掉了拍摄时间、地点和设备；manifest.json 另载原件的校验值。"
            ) % {"number": one.number}
        elif not one.as_recorded:
            yield _("附件 %(number)s 的内容与收存时的校验值不符，请核查。") % {"number": one.number}
    if case.problem.closed_on is None:
        yield _("装订时本问题尚未销号，卷宗随办理补充。")
