"""What may be done to a drive or a line now, and why the rest may not: from the tables and authorities actions ask."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.drives.models import Drive, DriveLine, DrivePlan
from bihuan.drives.policy import may_answer, may_run, may_sign, sees_drive
from bihuan.drives.rules import DRIVE, LINE, PLAN
from bihuan.drives.verbs import LABELS, Verb
from bihuan.journal.action import Actor, Refused
from bihuan.journal.wording import listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bihuan.drives.coverage import LineCoverage
    from bihuan.journal.action import Authority

CONSEQUENCES: Final[dict[Verb, Any]] = {
    Verb.PREPARE: gettext_lazy("拟好以后由整改办另一位同志下发；下发前各单位看不到。"),
    Verb.WITHDRAW: gettext_lazy("还没有下发的可以撤回；理由留痕，各单位不会看到。"),
    Verb.ISSUE: gettext_lazy("下发后每个单位看到自己的一份，并收到消息。"),
    Verb.CONCLUDE: gettext_lazy("办结后不再收报告，也不再说明空白。"),
    Verb.ACKNOWLEDGE: gettext_lazy("表示收到；签收以后才能报告。"),
    Verb.ANSWER_ROWS: gettext_lazy("报来的问题由整改办审核后入账，入账时标明是本单位自查上报。"),
    Verb.ANSWER_FILE: gettext_lazy("表里每一行由整改办审核后入账，入账时标明是本单位自查上报。"),
    Verb.PREPARE_NIL: gettext_lazy("拟好以后由本单位负责人签署；拟的人不能自己签。"),
    Verb.SIGN_NIL: gettext_lazy("签署即声明本单位没有发现问题；以后发现的，如实补报并说明。"),
    Verb.EXCUSE: gettext_lazy("这个单位本次不必报告，理由留痕。"),
    Verb.EXPLAIN: gettext_lazy("说明以后，这一格不再算空白。"),
    Verb.REMIND: gettext_lazy("给还没报告的单位各发一条消息；逾期的也告诉单位负责人。"),
    Verb.PREPARE_PLAN: gettext_lazy("拟好以后由整改办另一位同志启用；启用前不会发出。"),
    Verb.START_PLAN: gettext_lazy("启用后到日子自动发出，每个周期一次，不用再下发。"),
    Verb.SUSPEND_PLAN: gettext_lazy("暂停期间不发出新的自查；已经发出的照常办理。"),
    Verb.RESUME_PLAN: gettext_lazy("从下一个周期起继续发出；暂停期间错过的不补发。"),
    Verb.END_PLAN: gettext_lazy("以后不再发出；已经发出的照常办理。"),
}
RECALL: Final = gettext_lazy(
    "各单位不用再报告，并收到消息；已报来的留着，照常审核入账。不能恢复，需要时另拟一次。"
)
NAMES: Final = {
    Verb.ACKNOWLEDGE: "acknowledge",
    Verb.ANSWER_ROWS: "rows",
    Verb.ANSWER_FILE: "sheet",
    Verb.PREPARE_NIL: "nil",
    Verb.SIGN_NIL: "sign",
    Verb.EXCUSE: "excuse",
}
# What a unit is asked to do first stands first; a page of its own where there is much to write.
AUTHORITIES: Final[dict[Verb, Authority]] = {
    Verb.ACKNOWLEDGE: may_answer,
    Verb.SIGN_NIL: may_sign,
    Verb.ANSWER_ROWS: may_answer,
    Verb.ANSWER_FILE: may_answer,
    Verb.PREPARE_NIL: may_answer,
    Verb.EXCUSE: may_run,
}
PRIMARY: Final = frozenset({Verb.ACKNOWLEDGE, Verb.SIGN_NIL, Verb.ANSWER_ROWS})


def acts_on_line(actor: Actor, line: DriveLine) -> dict[str, Any]:
    """The panel of a line's page; at most one act is the primary one."""
    allowed: list[dict[str, Any]] = []
    denied: list[dict[str, Any]] = []
    if line.drive.state != Drive.State.ISSUED:
        return {"allowed": [], "denied": []}
    for verb in AUTHORITIES:
        if (why := _refusal(actor, line, verb)) is None:
            continue
        if why:
            denied.append({"label": LABELS[verb], "why": why})
            continue
        allowed.append(
            {
                "label": LABELS[verb],
                "url": reverse(f"drives:{NAMES[verb]}", args=[line.pk]),
                "consequence": CONSEQUENCES[verb],
                "primary": verb in PRIMARY and not any(act["primary"] for act in allowed),
                "how": "link" if verb is Verb.ANSWER_ROWS else "dialog",
            }
        )
    return {"allowed": allowed, "denied": denied}


def _refusal(actor: Actor, line: DriveLine, verb: Verb) -> str | None:
    """Nothing where it may be done, the reason where not; None where nobody here would ask."""
    try:
        AUTHORITIES[verb](actor, [line], {})
    except Refused as refused:
        return str(refused) if verb is Verb.SIGN_NIL and line.state == DriveLine.State.NIL_PREPARED else None
    if (line.state, verb) not in LINE:
        return _("请先签收。") if line.state == DriveLine.State.ASKED and verb in ANSWERS else None
    if verb is Verb.SIGN_NIL and line.nil_prepared_by in (actor.person, actor.on_behalf_of):
        return _("拟零报告的人不能自己签署。")
    return ""


ANSWERS: Final = frozenset({Verb.ANSWER_ROWS, Verb.ANSWER_FILE, Verb.PREPARE_NIL})


def acts_on_drive(actor: Actor, drive: Drive, covered: Sequence[LineCoverage]) -> dict[str, Any]:
    """The panel of a drive's page, for the office."""
    if not sees_drive(actor, drive):
        return {"allowed": [], "denied": []}
    allowed: list[dict[str, Any]] = []
    denied: list[dict[str, Any]] = []
    for verb, name in ((Verb.ISSUE, "issue"), (Verb.CONCLUDE, "conclude")):
        if (drive.state, verb) not in DRIVE:
            continue
        why = _why_not(actor, drive, covered, verb)
        if why:
            denied.append({"label": LABELS[verb], "why": why})
        else:
            url = reverse(f"drives:{name}", args=[drive.pk])
            allowed.append(
                {"label": LABELS[verb], "url": url, "consequence": CONSEQUENCES[verb], "primary": True}
            )
    if drive.state == Drive.State.ISSUED and any(one.asked for one in covered):
        url = reverse("drives:remind", args=[drive.pk])
        allowed.append({"label": LABELS[Verb.REMIND], "url": url, "consequence": CONSEQUENCES[Verb.REMIND]})
    if (drive.state, Verb.WITHDRAW) in DRIVE:
        if drive.state == Drive.State.ISSUED and _prepared(actor, drive):
            why = _("拟定的人不能自己撤回已下发的自查，请另一位同志撤回。")
            denied.append({"label": LABELS[Verb.WITHDRAW], "why": why})
        else:
            url = reverse("drives:withdraw", args=[drive.pk])
            words = consequence_of_withdrawal(drive)
            allowed.append({"label": LABELS[Verb.WITHDRAW], "url": url, "consequence": words})
    return {"allowed": allowed, "denied": denied}


def consequence_of_withdrawal(drive: Drive) -> Any:
    """A draft nobody saw is put aside; what was sent out is called back."""
    return RECALL if drive.state == Drive.State.ISSUED else CONSEQUENCES[Verb.WITHDRAW]


def _prepared(actor: Actor, drive: Drive) -> bool:
    return drive.prepared_by in (actor.person, actor.on_behalf_of)


def _why_not(actor: Actor, drive: Drive, covered: Sequence[LineCoverage], verb: Verb) -> str:
    if verb is Verb.ISSUE:
        return _("拟定的人不能自己下发，请另一位同志下发。") if _prepared(actor, drive) else ""
    return listed(still_open(covered))


def still_open(covered: Sequence[LineCoverage]) -> Iterable[str]:
    """What keeps a drive from being concluded, in the order it is usually dealt with."""
    asked = sum(one.asked for one in covered)
    waiting = sum(one.waiting for one in covered)
    blank = sum(len(one.blank) for one in covered if not one.asked)
    if asked:
        yield _("还有 %(n)s 个单位没有报告") % {"n": asked}
    if waiting:
        yield _("报来的问题还有 %(n)s 条没有审核") % {"n": waiting}
    if blank:
        yield _("还有 %(n)s 格空白没有说明") % {"n": blank}


PLAN_NAMES: Final = {
    Verb.START_PLAN: "start",
    Verb.RESUME_PLAN: "resume",
    Verb.SUSPEND_PLAN: "suspend",
    Verb.END_PLAN: "end",
}


def acts_on_plan(actor: Actor, plan: DrivePlan) -> dict[str, Any]:
    """The panel of a plan's page, for the office."""
    allowed: list[dict[str, Any]] = []
    denied: list[dict[str, Any]] = []
    for verb, name in PLAN_NAMES.items():
        if (plan.state, verb) not in PLAN:
            continue
        if verb is Verb.START_PLAN and plan.prepared_by in (actor.person, actor.on_behalf_of):
            denied.append({"label": LABELS[verb], "why": _("拟定的人不能自己启用，请另一位同志启用。")})
            continue
        url = reverse(f"drives:plan_{name}", args=[plan.pk])
        primary = verb in (Verb.START_PLAN, Verb.RESUME_PLAN)
        allowed.append(
            {"label": LABELS[verb], "url": url, "consequence": CONSEQUENCES[verb], "primary": primary}
        )
    return {"allowed": allowed, "denied": denied}
