"""The verbs of a self-inspection drive: called, answered or declared none, explained, concluded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from django.utils.translation import gettext as _

from bihuan.drives.answering import HandedIn, hand_in, read_file, read_rows
from bihuan.drives.calling import Call, call_back, draft, remind_later, send_out, under_policy
from bihuan.drives.coverage import coverage_of
from bihuan.drives.models import CoverageNote, Drive, DriveLine
from bihuan.drives.notices import DUE, LATE, tell_signers, tell_units
from bihuan.drives.policy import may_answer, may_call, may_explain, may_remind, may_run, may_sign
from bihuan.drives.rules import DRIVE, LINE, OPEN_LINES
from bihuan.drives.verbs import Verb
from bihuan.files.taking_in import Incoming
from bihuan.intake.models import Candidate
from bihuan.journal.action import Actor, Refused, action, current
from bihuan.journal.errors import ActionError
from bihuan.journal.wording import listed
from bihuan.ledger.secrecy import refuse_marks_above
from bihuan.ledger.steps import refuse_empty
from bihuan.organizations.models import Unit


@action(Verb.PREPARE, may=may_call)
def prepare_drive(*, jurisdiction: Unit, call: Call, actor: Actor) -> Drive:
    """Make a call, with the batch its answers go to; no unit sees it until a second person issues it."""
    if actor.person is None:
        raise Refused(_("自查要由人来拟定。"))
    settled = under_policy(call, jurisdiction)
    return draft(settled, jurisdiction=jurisdiction, office=actor.unit_name, prepared_by=actor.person)


@action(Verb.ISSUE, may=may_run)
def issue_drive(drive: Drive, *, actor: Actor) -> None:
    """Send the call out; from now on each unit sees its own line."""
    if actor.person is None or drive.prepared_by in (actor.person, actor.on_behalf_of):
        raise Refused(_("拟定的人不能自己下发。"), accepted=_("请由整改办另一位同志下发。"))
    _advance_drive(drive, Verb.ISSUE)
    send_out(drive, issued_by=actor.person)


@action(Verb.WITHDRAW, may=may_run)
def withdraw_drive(drive: Drive, *, reason: str, actor: Actor) -> None:
    """Put a draft aside, or call back what was sent out; the latter takes who did not prepare it, as sending out did."""
    was_out = drive.state == Drive.State.ISSUED
    if was_out and (actor.person is None or drive.prepared_by in (actor.person, actor.on_behalf_of)):
        raise Refused(_("拟定的人不能自己撤回已下发的自查。"), accepted=_("请由整改办另一位同志撤回。"))
    _advance_drive(drive, Verb.WITHDRAW)
    refuse_marks_above(reason)
    drive.reason = refuse_empty(reason, _("理由"))
    drive.withdrawn_by, drive.withdrawn_at = actor.person, current().now
    drive.save()
    if was_out:
        call_back(drive)


@action(Verb.ACKNOWLEDGE, may=may_answer)
def acknowledge_call(line: DriveLine, *, actor: Actor) -> None:
    """Received."""
    _advance(line, Verb.ACKNOWLEDGE)
    line.save()


@action(Verb.ANSWER_ROWS, may=may_answer, ahead=read_rows)
def answer_with_rows(line: DriveLine, *, rows: Sequence[Mapping[str, str]], actor: Actor) -> None:
    """Report problems: text, sector (code of the call), and perhaps title, site, measures, deadline, fixed (yes)."""
    _answer(line, Verb.ANSWER_ROWS)


@action(Verb.ANSWER_FILE, may=may_answer, ahead=read_file)
def answer_with_file(
    line: DriveLine, *, file: Incoming, columns: Mapping[str, str] | None = None, actor: Actor
) -> None:
    """Report problems in the unit's own sheet; `columns`: what it calls them, header -> fact, remembered for the unit."""
    _answer(line, Verb.ANSWER_FILE)


def _answer(line: DriveLine, verb: Verb) -> None:
    """The rows and the file were read ahead; here they are only kept."""
    _advance(line, verb)
    handed = current().found_ahead
    if not isinstance(handed, HandedIn):
        raise ActionError(f"{verb}: nothing was read ahead")
    hand_in(line, handed)
    line.save()


@action(Verb.PREPARE_NIL, may=may_answer)
def prepare_nil_return(line: DriveLine, *, statement: str, actor: Actor) -> None:
    """Write the words of a nil return for the unit's head to sign."""
    _advance(line, Verb.PREPARE_NIL)
    refuse_marks_above(statement)
    line.statement = refuse_empty(statement, _("零报告声明"))
    line.nil_prepared_by = actor.person
    line.save()
    tell_signers(line)


@action(Verb.SIGN_NIL, may=may_sign)
def sign_nil_return(line: DriveLine, *, actor: Actor) -> None:
    """Declare that nothing was found, in the words prepared by somebody else."""
    if actor.person is None or line.nil_prepared_by in (actor.person, actor.on_behalf_of):
        raise Refused(_("拟零报告的人不能自己签署。"), accepted=_("由经办人拟写，负责人签署。"))
    _advance(line, Verb.SIGN_NIL)
    line.nil_signed_by, line.nil_signed_for = actor.person, actor.on_behalf_of
    line.answered_at = current().now
    line.save()


@action(Verb.EXCUSE, may=may_run)
def excuse_line(line: DriveLine, *, reason: str, actor: Actor) -> None:
    """The unit need not answer, for a reason that stays on record."""
    _advance(line, Verb.EXCUSE)
    refuse_marks_above(reason)
    line.reason = refuse_empty(reason, _("理由"))
    line.save()


@action(Verb.EXPLAIN, may=may_explain)
def explain_blank(line: DriveLine, *, sector: str, reason: str, source: str = "", actor: Actor) -> None:
    """Say why nothing was found in a sector although the unit answered: for one source of the call, or for all."""
    _refuse_unless_issued(line.drive)
    if sector not in line.drive.sectors:
        raise Refused(_("这个领域不在自查范围之内。"), accepted=listed(line.drive.sectors), field="sector")
    if source and source not in line.drive.sources:
        raise Refused(_("这个来源不在对照范围之内。"), accepted=listed(line.drive.sources), field="source")
    refuse_marks_above(reason)
    reason = refuse_empty(reason, _("空白的原因"))
    note = CoverageNote.objects.filter(line=line, sector=sector, source=source).first()
    note = note or CoverageNote(line=line, sector=sector, source=source)
    note.reason = reason
    note.save()


@action(Verb.CONCLUDE, may=may_run)
def conclude_drive(drive: Drive, *, actor: Actor) -> None:
    """Everybody answered, every candidate decided, every cell accounted for."""
    lines = list(DriveLine.objects.filter(drive=drive).select_related("unit").order_by("unit__path"))
    current().lock(lines)
    _advance_drive(drive, Verb.CONCLUDE)
    waiting = [line.unit.name for line in lines if line.state in OPEN_LINES]
    if waiting:
        raise Refused(
            _("还有单位没有报告：%(units)s。") % {"units": listed(waiting)},
            accepted=_("催报，或者写明理由免于自查。"),
            units=waiting,
        )
    undecided = Candidate.objects.filter(document__batch=drive.batch, state=Candidate.State.PROPOSED).count()
    if undecided:
        raise Refused(
            _("自查报来的候选问题还有 %(n)s 条没有审核。") % {"n": undecided},
            accepted=_("请先在摸底里确认或不采用。"),
        )
    covered = coverage_of(drive, lines, actor)
    blank = {one.line.unit.name: [list(cell) for cell in one.blank] for one in covered if one.blank}
    if blank:
        raise Refused(
            _("覆盖表还有空白：%(units)s。") % {"units": listed(list(blank))},
            accepted=_("请逐格说明原因。"),
            blank=blank,
        )
    drive.save()


@action(Verb.REMIND, may=may_remind)
def remind_units(drive: Drive, *, actor: Actor) -> int:
    """Remind who has not answered: everybody when a person asks, those whose day has come when the program does."""
    open_lines = list(DriveLine.objects.filter(drive=drive, state__in=OPEN_LINES))
    current().lock(open_lines)
    _refuse_unless_issued(drive)
    today = current().today
    lines = [
        line
        for line in open_lines
        if line.state in OPEN_LINES and (not actor.system or (line.next_reminder or today) <= today)
    ]
    if not lines and not actor.system:
        raise Refused(_("各单位都已报告，不用催报。"))
    remind_later(drive, lines)
    DriveLine.objects.save_all(lines)
    tell_units(lines, LATE if today > drive.due_on else DUE)
    current().fact(drive, reminded=len(lines))
    return len(lines)


def remind_due(day: date) -> int:
    """Remind whoever's day has come; returns how many units were."""
    due = Drive.objects.filter(state=Drive.State.ISSUED, lines__next_reminder__lte=day)
    actor = Actor.the_system("drives.remind")
    return sum(remind_units(drive, actor=actor) for drive in due.distinct().order_by("due_on", "id"))


def _advance(line: DriveLine, verb: Verb) -> None:
    _refuse_unless_issued(line.drive)
    to = LINE.get((line.state, verb))
    if to is None:
        raise Refused(
            _("这个单位的自查“%(state)s”，不能这样办。") % {"state": line.get_state_display()},
            accepted=_("请刷新后按现在的状态办理。"),
        )
    line.state = to
    if to not in OPEN_LINES:
        line.next_reminder = None


def _refuse_unless_issued(drive: Drive) -> None:
    """Concluding holds every line; whoever waited for one must read what became of the drive meanwhile."""
    drive.refresh_from_db(fields=["state"])
    if drive.state != Drive.State.ISSUED:
        raise Refused(_("自查“%(state)s”，不能这样办。") % {"state": drive.get_state_display()})


def _advance_drive(drive: Drive, verb: Verb) -> None:
    to = DRIVE.get((drive.state, verb))
    if to is None:
        raise Refused(_("自查“%(state)s”，不能这样办。") % {"state": drive.get_state_display()})
    drive.state = to
