"""The middle of a case file: plans with their measures, progress, what was asked for, the proofs. Round by round."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from PIL import UnidentifiedImageError

from bihuan.desk.case_file_approvals import (
    SMALL,
    Approvals,
    approval_subjects,
    pairs,
    round_words,
    titled,
)
from bihuan.desk.case_file_reading import Item, Reading
from bihuan.documents.binding import Pictures, Piece, Words, printable_picture
from bihuan.documents.word_parts import Table
from bihuan.files import store
from bihuan.files.models import Preview, PreviewSize
from bihuan.rectification import queries as work
from bihuan.rectification.evidence_versions import earlier_of
from bihuan.rectification.first_promises import promises
from bihuan.rectification.models import (
    Deliberation,
    Evidence,
    EvidenceVersion,
    Extension,
    Plan,
    ProgressReport,
)
from bihuan.rectification.plan_trees import ASSURANCES

MOST_PICTURES = 24


def plans(reading: Reading, approvals: Approvals, number: int) -> Iterator[Item]:
    """Every version of the round's plan with its tree of measures and the decisions about it."""
    yield from deliberations(reading, number, Deliberation.About.PLAN)
    for plan in sorted(work.plans_of(reading.problem).filter(round=number), key=lambda one: one.version):
        on, who = reading.first(plan.pk)
        decided, copies = approvals.of(*approval_subjects(plan))
        assurances = [
            (str(ASSURANCES.get(name, name)), reading.say(text))
            for name, text in plan.five_assurances.items()
        ]
        yield Item(
            title=_("整改方案第 %(version)d 版（%(state)s）")
            % {"version": plan.version, "state": Plan.State(plan.state).label}
            + round_words(reading, number),
            on=on,
            who=who,
            stream=plan.pk,
            pieces=[
                pairs(
                    (_("整改目标"), reading.say(plan.goal)),
                    (_("举一反三范围"), reading.say(plan.similar_cases)),
                    (_("调整理由"), reading.say(plan.reason)),
                ),
                *titled(_("五落实"), assurances),
                Words(_("措施"), heading=True),
                _measures(reading, plan),
                *decided,
            ],
            attachments=copies,
        )
    yield from _first_and_now(reading, number)


def _first_and_now(reading: Reading, number: int) -> Iterator[Item]:
    """What the round's plan first promised beside what holds now, where it was amended."""
    found = promises(reading.problem, number)
    if not found.changed:
        return
    last = max(
        (plan for plan in work.plans_of(reading.problem).filter(round=number) if plan.approved_at),
        key=lambda plan: plan.version,
    )
    header = (_("内容"), _("首次批准"), _("现行"))
    rows = [(one.label, reading.say(one.first), reading.say(one.now)) for one in found.changed]
    yield Item(
        title=_("方案调整前后对照") + round_words(reading, number),
        on=timezone.localdate(last.approved_at),
        who=reading.first(last.pk)[1],
        stream=last.pk,
        pieces=[
            Table(header=header, rows=rows, widths=(18, 41, 41), size=SMALL),
            *(Words(words) for words in found.approvals),
        ],
    )


def deliberations(reading: Reading, number: int, about: Deliberation.About) -> Iterator[Item]:
    """The unit's meetings of a round about its plan or its closure, with its principal's approval and the paper."""
    for row in work.deliberations_of(reading.problem).filter(round=number, about=about):
        yield Item(
            title=_("会议研究（%(about)s）") % {"about": row.get_about_display()}
            + round_words(reading, number),
            on=row.held_on,
            who=row.get_body_display(),
            stream=row.pk,
            pieces=[
                pairs(
                    (_("会议日期"), row.held_on),
                    (_("会议纪要或文号"), row.document_no),
                    (_("主要负责人"), row.principal_name),
                    (_("主要负责人批准日期"), row.approved_on),
                    (_("登记人"), reading.name(row.recorded_by)),
                )
            ],
            attachments=reading.files((row.file, _("会议纪要"))),
        )


def _measures(reading: Reading, plan: Plan) -> Table:
    header = (_("序号"), _("措施"), _("承担单位"), _("期限"), _("成果形式"), _("进度"))
    rows = [
        (
            row.number,
            "　" * row.number.count(".") + reading.say(row.text),
            f"{row.unit.name} {row.post.name if row.post else ''}".strip(),
            row.deadline.isoformat(),
            reading.say(row.deliverable),
            f"{row.progress}%",
        )
        for row in work.plan_tree(plan)
    ]
    return Table(header=header, rows=rows, widths=(8, 34, 22, 14, 16, 8), size=SMALL)


def progress(reading: Reading, number: int) -> Iterator[Item]:
    """The round's reports, oldest first, as one record."""
    rows = list(
        ProgressReport.objects.filter(problem=reading.problem, round=number)
        .select_related("measure")
        .order_by("on", "id")
    )
    if not rows:
        return
    header = (_("截至"), _("措施"), _("进度"), _("进展事实"), _("存在困难与下一步"), _("报告人"))
    told = [
        (
            row.on.isoformat(),
            row.measure.number if row.measure else _("总体"),
            f"{row.percent}%",
            reading.say(row.facts),
            reading.say("\n".join(part for part in (row.obstacle, row.next_step) if part)),
            reading.first(row.pk)[1],
        )
        for row in rows
    ]
    yield Item(
        title=_("进展报告") + round_words(reading, number),
        on=rows[-1].on,
        who=reading.first(rows[-1].pk)[1],
        stream=rows[-1].pk,
        pieces=[Table(header=header, rows=told, widths=(13, 8, 8, 36, 22, 15), size=SMALL)],
    )


def applications(reading: Reading, approvals: Approvals, number: int) -> Iterator[Item]:
    """Extensions and suspensions that were asked for."""
    asked = [row for row in work.applications_of(reading.problem) if row.round == number]
    for row in reversed(asked):
        decided, copies = approvals.of(*approval_subjects(row))
        state = row.State(row.state).label
        if isinstance(row, Extension):
            title = _("延期申请（%(state)s）") % {"state": state}
            facts = pairs(
                (_("原期限"), row.old_deadline),
                (_("新期限"), row.new_deadline),
                (_("理由"), reading.say(row.reason)),
                (_("新的安排"), reading.say(row.new_plan)),
            )
        else:
            title = _("中止申请（%(state)s）") % {"state": state}
            facts = pairs(
                (_("恢复日期"), row.resume_by),
                (_("实际恢复"), row.resumed_on),
                (_("理由"), reading.say(row.reason)),
            )
        yield Item(
            title=title + round_words(reading, number),
            on=row.asked_on,
            who=reading.first(row.pk)[1],
            stream=row.pk,
            pieces=[facts, *decided],
            attachments=copies,
        )


def evidence(reading: Reading, number: int) -> Iterator[Item]:
    """The round's proofs: a list, the photographs to look at, the files themselves beside the volume."""
    rows = list(work.evidence_of(reading.problem).filter(round=number))
    earlier = earlier_of(rows)
    files = reading.files(
        *((row.file, row.caption) for row in rows),
        *((one.file, one.caption) for versions in earlier.values() for one in versions),
    )
    shown = {one.reference.pk for one in files}
    rows = [row for row in rows if row.file_id in shown]
    if not rows:
        return
    header = (_("材料"), _("类别"), _("形成日期"), _("印证措施"), _("上传"))
    told = [
        (
            f"{reading.say(row.caption)}\n{row.file.name}",
            str(Evidence.Kind(row.kind).label),
            row.taken_on.isoformat() if row.taken_on else "",
            "、".join(sorted(use.measure.number for use in row.uses.all())),
            reading.first(row.pk)[1],
        )
        for row in rows
    ]
    pieces: list[Piece] = [Table(header=header, rows=told, widths=(40, 14, 14, 14, 18), size=SMALL)]
    replaced = list(_replaced(reading, rows, earlier))
    if replaced:
        columns = (_("材料"), _("版本"), _("形成日期"), _("SHA-256"), _("更换"), _("更换理由"))
        pieces += [
            Words(_("更换过的版本"), heading=True),
            Table(header=columns, rows=replaced, widths=(24, 8, 12, 22, 14, 20), size=SMALL),
        ]
    pictures = [picture for row in rows[:MOST_PICTURES] if (picture := _picture(reading, row))]
    if pictures:
        pieces += [Words(_("照片"), heading=True), Pictures(pictures)]
    yield Item(
        title=_("佐证材料") + round_words(reading, number),
        on=reading.first(rows[-1].pk)[0],
        who=reading.first(rows[-1].pk)[1],
        stream=rows[-1].pk,
        pieces=pieces,
        attachments=files,
    )


def _replaced(
    reading: Reading, rows: list[Evidence], earlier: Mapping[Any, list[EvidenceVersion]]
) -> Iterator[tuple[str, ...]]:
    """Each version a corrected file took the place of, and the newest after them, each with its digest."""
    for row in rows:
        for one in earlier.get(row.pk, ()):
            yield (
                f"{reading.say(one.caption)}\n{one.file.name}",
                str(one.number),
                one.taken_on.isoformat() if one.taken_on else "",
                one.file.blob.sha256,
                f"{one.replaced_on.isoformat()} {reading.name(one.replaced_by)}",
                reading.say(one.reason),
            )
        if row.pk in earlier:
            yield (
                f"{reading.say(row.caption)}\n{row.file.name}",
                _("%(n)d（现行）") % {"n": row.version},
                row.taken_on.isoformat() if row.taken_on else "",
                row.file.blob.sha256,
                "",
                "",
            )


def _picture(reading: Reading, row: Evidence) -> tuple[bytes, str] | None:
    """The preview that was drawn of a photograph; where none was drawn the file itself is there all the same."""
    blob = row.file.blob
    if not blob.media_type.startswith("image/") or not blob.kept:
        return None
    if not Preview.objects.filter(sha256=blob.sha256, size=PreviewSize.PAGE, failure="").exists():
        return None
    try:
        with store.open_stored(store.preview_name(blob.sha256, PreviewSize.PAGE)) as file:
            content = printable_picture(file.read())
    except (FileNotFoundError, UnidentifiedImageError):
        return None
    return content, f"{Evidence.Kind(row.kind).label}　{reading.say(row.caption)}"
