"""The end of a case file: acceptance, notice, closure, filing, look-back, other endings, answers, what happened when."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils import timezone
from django.utils.translation import gettext as _

from bihuan.desk import problem_money, problem_past
from bihuan.desk.case_file_approvals import SMALL, Approvals, pairs, round_words, titled
from bihuan.desk.case_file_reading import Item, Reading, who_of
from bihuan.desk.case_file_work import deliberations
from bihuan.desk.marks import term_labels
from bihuan.desk.wording import verb_label
from bihuan.documents.binding import Piece, Words
from bihuan.documents.word_parts import Table
from bihuan.ledger.models import Ending, Finding
from bihuan.lookback.models import Lookback
from bihuan.organizations.models import UnitLevel
from bihuan.policies.panel_shapes import AGREEMENTS
from bihuan.rectification import queries as work
from bihuan.rectification.acceptance_words import GATE_ANSWERS, GATES
from bihuan.rectification.levels import named
from bihuan.rectification.models import (
    Acceptance,
    AcceptanceLevel,
    AcceptancePanel,
    ClosureReview,
    Deliberation,
    PublicNotice,
    StandingCheck,
)
from bihuan.rectification.models.money import TAKEN_OFF
from bihuan.rectification.money_queries import entries_of
from bihuan.rectification.panel_reading import PanelRead, panels_of, read_panels, signed_words
from bihuan.rectification.verbs import Verb


def acceptances(reading: Reading, number: int) -> Iterator[Item]:
    """Asked for by the unit after its own check, judged by somebody outside."""
    yield from deliberations(reading, number, Deliberation.About.CLOSURE)
    for row in reversed(list(work.acceptances_of(reading.problem).filter(round=number))):
        gates = [
            (str(GATES.get(name, name)), str(GATE_ANSWERS.get(answer, answer)))
            for name, answer in row.gates.items()
        ]
        judge = reading.name(row.acceptor) or row.authority
        yield Item(
            title=_("验收记录（%(state)s）") % {"state": Acceptance.State(row.state).label}
            + round_words(reading, number),
            on=row.decided_on or row.applied_on,
            who=f"{judge}（{row.acceptor_unit.name}）" if row.acceptor_unit else judge,
            stream=row.pk,
            pieces=[
                pairs(
                    (_("提请日期"), row.applied_on),
                    (_("提请人"), reading.name(row.applied_by)),
                    (_("自验结论"), reading.say(row.self_check)),
                    (_("验收人"), judge),
                    (_("验收单位"), row.acceptor_unit.name if row.acceptor_unit else row.authority),
                    (_("验收日期"), row.decided_on),
                    (_("现场核查"), (_("是") if row.on_site else _("否")) if row.decided_on else ""),
                    (_("认定文号"), row.document_no),
                    (_("验收意见"), reading.say(row.opinion)),
                    (_("缺什么"), reading.say(row.what_is_missing)),
                ),
                *titled(_("五关"), gates),
            ],
            attachments=reading.files((row.file, _("验收认定文件"))),
        )
        yield from _levels(reading, row, number)
    for read in reversed(read_panels(panels_of(reading.problem).filter(round=number))):
        yield _panel(reading, read, number)


def _levels(reading: Reading, row: Acceptance, number: int) -> Iterator[Item]:
    """What each level below the last found before it was passed on."""
    levels = AcceptanceLevel.objects.filter(acceptance=row).select_related("unit", "file__blob")
    for one in levels.order_by("-level"):
        yield Item(
            title=_("%(level)s验收（%(unit)s）")
            % {"level": named(UnitLevel(one.level)), "unit": one.unit.name}
            + round_words(reading, number),
            on=one.decided_on,
            who=f"{reading.name(one.acceptor)}（{one.unit.name}）",
            stream=row.pk,
            pieces=[
                pairs(
                    (_("验收人"), reading.name(one.acceptor)),
                    (_("现场核查"), _("是") if one.on_site else _("否")),
                    (_("验收意见"), reading.say(one.opinion)),
                ),
                *titled(
                    _("五关"),
                    [
                        (str(GATES.get(name, name)), str(GATE_ANSWERS.get(answer, answer)))
                        for name, answer in one.gates.items()
                    ],
                ),
            ],
            attachments=reading.files((one.file, _("核查记录"))),
        )


def _panel(reading: Reading, read: PanelRead, number: int) -> Item:
    """Who judged together and what each signed; dissent and replacement are part of it."""
    panel = read.panel
    header = (_("成员"), _("单位与岗位"), _("结论"), _("未通过的关"), _("个人意见"), _("签署日期"))
    told = [
        (
            _("%(name)s（组长）") % {"name": one.name} if one.chair else one.name,
            f"{one.unit} {one.post}",
            signed_words(one),
            "；".join(one.failed),
            reading.say(one.replaced_why or one.opinion),
            one.signed_on.isoformat() if one.signed_on else "",
        )
        for one in read.signatures
    ]
    return Item(
        title=_("验收组（%(state)s）") % {"state": AcceptancePanel.State(panel.state).label}
        + round_words(reading, number),
        on=panel.ended_on or panel.set_up_on,
        who=reading.name(panel.set_up_by),
        stream=panel.pk,
        pieces=[
            pairs(
                (_("组成日期"), panel.set_up_on),
                (_("多少人同意才能通过"), AGREEMENTS[panel.agreement]),
                (_("撤销理由"), reading.say(panel.reason)),
            ),
            Table(header, told, (14, 20, 12, 18, 24, 12), SMALL),
        ],
    )


def notices(reading: Reading, number: int) -> Iterator[Item]:
    """What was shown to the public, and what was said against it, without who said it."""
    for row in reversed(list(work.notices_of(reading.problem).filter(round=number))):
        header = (_("收到"), _("异议内容"), _("核查结论"), _("是否成立"))
        objections = [
            (
                one.received_on.isoformat(),
                reading.say(one.text),
                reading.say(one.finding),
                "" if one.upheld is None else (_("成立") if one.upheld else _("不成立")),
            )
            for one in row.objections.all()
        ]
        said: list[Piece] = [
            Words(_("异议"), heading=True),
            Table(header, objections, (14, 38, 34, 14), SMALL),
        ]
        yield Item(
            title=_("公示（%(state)s）") % {"state": PublicNotice.State(row.state).label}
            + round_words(reading, number),
            on=row.since,
            who=reading.first(row.pk)[1],
            stream=row.pk,
            pieces=[
                pairs(
                    (_("公示渠道"), row.place),
                    (_("公示期"), f"{row.since} — {row.until}"),
                    (_("结束"), row.ended_on),
                ),
                Words(reading.say(row.text)),
                *(said if objections else []),
            ],
        )


def closures(reading: Reading, approvals: Approvals, number: int) -> Iterator[Item]:
    """The decision of the competent body with its minutes, and the checks of what became a standing duty."""
    for row in reversed(list(work.reviews_of(reading.problem).filter(round=number))):
        decided, copies = approvals.of(row.pk, row.approval_id)
        yield Item(
            title=_("销号审定（%(state)s）") % {"state": ClosureReview.State(row.state).label}
            + round_words(reading, number),
            on=row.decided_on or reading.first(row.pk)[0],
            who=reading.name(row.decided_by) or row.authority or reading.first(row.pk)[1],
            stream=row.pk,
            pieces=[
                pairs(
                    (_("纪要或文号"), row.minutes_no),
                    (_("审定机关"), row.authority),
                    (_("审定日期"), row.decided_on),
                    (_("审定人"), reading.name(row.decided_by)),
                    (_("审定意见"), reading.say(row.opinion)),
                    (_("结果"), _("转常态") if row.standing else ""),
                    (_("未通过的关"), "；".join(str(GATES[name]) for name in row.failed if name in GATES)),
                ),
                *decided,
            ],
            attachments=[*reading.files((row.file, _("会议纪要"))), *copies],
        )
    for check in StandingCheck.objects.filter(problem=reading.problem, round=number).order_by("on", "id"):
        yield Item(
            title=_("常态核查") + round_words(reading, number),
            on=check.on,
            who=reading.name(check.checked_by),
            stream=check.pk,
            pieces=[Words(reading.say(check.opinion))],
            attachments=reading.files((check.file, _("核查材料"))),
        )


def money(reading: Reading) -> Iterator[Item]:
    """What was put right, entry by entry, corrections and reductions among them, each with its document."""
    rows = entries_of(reading.problem)
    if not rows:
        return
    header = (_("日期"), _("方式"), _("金额（元）"), _("凭据"), _("说明"), _("登记人"), _("审批"))
    told = [
        (
            row.on.isoformat(),
            row.way_words + (_("（更正）") if row.corrects_id else ""),
            f"{row.yuan:,.2f}",
            reading.say(row.document_no),
            reading.say(row.explanation or row.note),
            reading.name(row.entered_by),
            f"{row.get_state_display()} {reading.name(row.decided_by)}".strip()
            if row.way == TAKEN_OFF
            else "",
        )
        for row in rows
    ]
    yield Item(
        title=_("资金整改登记"),
        on=rows[-1].on,
        who=reading.name(rows[-1].entered_by),
        stream=reading.problem.pk,
        pieces=[
            pairs(*((label, value) for label, value in problem_money.pairs(reading.problem)[:-1])),
            Table(header, told, (11, 14, 15, 18, 20, 10, 12), SMALL),
        ],
        attachments=reading.files(*((row.file, _("资金整改凭据")) for row in rows)),
    )


def filings(reading: Reading) -> Iterator[Item]:
    """Told to the superior for the record."""
    problem = reading.problem
    if problem.filed_on is None:
        return
    acts = reading.acts(Verb.FILE)
    yield Item(
        title=_("备案"),
        on=problem.filed_on,
        who=who_of(acts[-1]) if acts else "",
        stream=problem.pk,
        pieces=[pairs((_("备案文号"), problem.filing_no), (_("备案日期"), problem.filed_on))],
    )


def lookbacks(reading: Reading, number: int) -> Iterator[Item]:
    """Looked at again, by somebody who did not accept; what is only planned says when."""
    rows = Lookback.objects.filter(problem=reading.problem, round=number).select_related(
        "inspector_unit", "file__blob"
    )
    for row in rows.order_by("due_on", "id"):
        unit = row.inspector_unit.name if row.inspector_unit else ""
        name = reading.name(row.inspector)
        yield Item(
            title=_("回头看（%(state)s）") % {"state": Lookback.State(row.state).label}
            + round_words(reading, number),
            on=row.on or row.due_on,
            who=f"{name}（{unit}）" if name else unit,
            stream=row.pk,
            pieces=[
                pairs(
                    (_("应于"), row.due_on),
                    (_("核查日期"), row.on),
                    (_("核查单位"), unit),
                    (_("核查人"), name),
                    (_("方式"), (_("暗访") if row.covert else _("明察")) if row.on else ""),
                    (_("核查情况"), reading.say(row.opinion)),
                )
            ],
            attachments=reading.files((row.file, _("核查材料"))),
        )


def endings(reading: Reading, approvals: Approvals) -> Iterator[Item]:
    """Endings other than closure, as applied for and decided."""
    for row in Ending.objects.filter(problem=reading.problem).select_related("into").order_by("id"):
        decided, copies = approvals.of(row.pk, row.approval_id)
        on, who = reading.first(row.pk)
        yield Item(
            title=f"{verb_label(row.verb)}（{Ending.State(row.state).label}）",
            on=on,
            who=who,
            stream=row.pk,
            pieces=[
                pairs(
                    (_("接收机关"), row.receiving_body),
                    (_("来源机关文号"), row.document_no),
                    (_("理由"), reading.say(row.reason)),
                ),
                *decided,
            ],
            attachments=copies,
        )


def answers(reading: Reading) -> Iterator[Item]:
    """What the source was told, overtaken or not, and what it said to it in its own words."""
    findings = Finding.objects.filter(problem_links__problem=reading.problem).order_by("ordinal")
    for row in findings.exclude(answered_at=None):
        yield Item(
            title=_("对来源的答复"),
            on=timezone.localdate(row.answered_at) if row.answered_at else None,
            who="",
            stream=row.pk,
            pieces=[
                pairs(
                    (_("答复文号"), row.answer_document),
                    (_("认定结果"), row.determination),
                    (_("认定日期"), row.determined_on),
                    (_("认定文号"), row.determination_document),
                ),
                Words(reading.say(row.answer)),
            ],
        )


def history(reading: Reading) -> Item:
    """Everything the journal tells of the problem, oldest first, each line with the digest of its event."""
    told = problem_past.timeline(reading.past, term_labels(), everything=True).entries
    header = (_("时间"), _("事项"), _("办理人与事由"), _("日志"))
    rows = [
        (
            f"{timezone.localtime(entry.at):%Y-%m-%d %H:%M}",
            str(entry.what),
            reading.say(entry.by),
            str(entry.digest),
        )
        for entry in reversed(told)
    ]
    return Item(
        title=_("经过（日志）"),
        on=None,
        who="",
        stream=None,
        pieces=[Table(header=header, rows=rows, widths=(20, 22, 44, 14), size=SMALL)],
    )
