"""An approval as its page shows it: plain values for the shell's pieces."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from bihuan.approvals import actions
from bihuan.approvals.forms import OpinionForm
from bihuan.approvals.matters import matter_label, subject_page
from bihuan.approvals.models import Approval, ApprovalState, Manner, Step, StepState
from bihuan.approvals.policy import cover_of_step
from bihuan.journal.action import Actor, Refused, Verb
from bihuan.journal.timesource import today
from bihuan.journal.wording import strung
from bihuan.organizations.action_pages import seen_now
from bihuan.organizations.models import Person, Post
from bihuan.organizations.vacancies import vacant_posts

if TYPE_CHECKING:
    from datetime import date, datetime

STATUS = {
    StepState.WAITING: "todo",
    StepState.PENDING: "now",
    StepState.TO_CONFIRM: "now",
    StepState.DONE: "done",
    StepState.RETURNED: "returned",
}


def route_piece(approval: Approval, steps: list[Step]) -> dict[str, Any]:
    """The route for the piece `route`: who, when, in which words, and how a paper decision came in."""
    names = names_of(approval, steps)
    drawn = [_step(approval, step, names) for step in steps]
    for step, piece in zip(steps, drawn, strict=True):
        if step.state == StepState.PENDING:
            piece["note"] = strung(filter(None, [piece["note"], _vacancy_words(approval, step)]))
    return {"title": matter_label(approval.matter), "steps": drawn}


def _vacancy_words(approval: Approval, step: Step) -> str:
    """Where nobody sits in the post a step waits for: who decides instead."""
    if not vacant_posts(today()).filter(pk=step.post_id).exists():
        return ""
    chair = cover_of_step(approval, step)
    if chair is None:
        return _("岗位空缺，直到最上级都没有可以审批的人")
    post = Post.objects.select_related("unit").get(pk=chair.post)
    return _("岗位空缺，由%(unit)s%(post)s承担") % {"unit": post.unit, "post": post.name}


def _step(approval: Approval, step: Step, names: dict[Any, str]) -> dict[str, Any]:
    # Once the approval has ended, what was never reached is skipped rather than still to come.
    reached = approval.state == ApprovalState.PENDING or step.state != StepState.WAITING
    status = STATUS[StepState(step.state)] if reached else "skipped"
    return {
        "name": step.name,
        "status": status,
        "decision": _decision(step),
        "who": f"{step.post.unit} · {step.post.name}"
        + (f" · {step.decided_by_name}" if step.decided_by_name else ""),
        "when": _when(step),
        "note": _note(step, names),
    }


def _when(step: Step) -> datetime | date | None:
    """When it was decided, or since when it waits; a paper bears a day and no hour."""
    when = step.decided_at or step.pending_since
    if when is None:
        return None
    local = timezone.localtime(when)
    return local.date() if step.manner == Manner.PAPER else local


def _decision(step: Step) -> str:
    if step.state != StepState.TO_CONFIRM:
        return step.opinion
    # Whoever confirms compares these very words with the signed copy.
    outcome = _("同意") if step.approved else _("退回")
    return _("待复核（%(outcome)s）：%(opinion)s") % {"outcome": outcome, "opinion": step.opinion}


def _note(step: Step, names: dict[Any, str]) -> str:
    parts = []
    if step.decided_for:
        parts.append(_("代%(person)s办理") % {"person": names.get(step.decided_for, "")})
    if step.manner == Manner.PAPER:
        parts.append(_("纸面签批，%(person)s登记") % {"person": names.get(step.recorded_by, "")})
        if step.confirmed_by:
            parts.append(_("%(person)s复核") % {"person": names.get(step.confirmed_by, "")})
        if step.document_no:
            parts.append(step.document_no)
    if step.added_by:
        parts.append(_("加签"))
    return strung(parts)


def names_of(approval: Approval, steps: list[Step]) -> dict[Any, str]:
    """The names of all persons on an approval, one query."""
    ids = {approval.asked_by}
    for step in steps:
        ids |= {step.decided_for, step.recorded_by, step.confirmed_by, step.decided_by}
    return dict(Person.objects.filter(pk__in=ids - {None}).values_list("pk", "name"))


def facts_of(approval: Approval, steps: list[Step]) -> list[dict[str, Any]]:
    """What is asked, by whom, since when."""
    names = names_of(approval, steps)
    asker = " · ".join(
        str(part)
        for part in (approval.asked_unit, approval.asked_post, names.get(approval.asked_by, ""))
        if part
    )
    facts: list[dict[str, Any]] = [
        {"label": _("事项"), "value": matter_label(approval.matter)},
        {"label": _("提请"), "value": asker or _("系统")},
        {"label": _("提请时间"), "value": timezone.localtime(approval.asked_at)},
        {"label": _("状态"), "value": approval.get_state_display()},
    ]
    page = subject_page(approval.subject_kind, approval.subject)
    if page:
        facts.append({"label": _("办理对象"), "value": {"piece": "link", "words": _("查看"), "url": page}})
    return facts


def signed_copies(steps: list[Step]) -> list[dict[str, Any]]:
    """The scans of paper decisions, for the piece `evidence`."""
    return [
        {
            "name": step.signed_copy.name,
            "url": reverse("files:download", args=[step.signed_copy_id]),
            "heading": step.name,
            "taken_at": step.signed_copy.uploaded_at,
        }
        for step in steps
        if step.signed_copy is not None
    ]


def may_decide_now(actor: Actor, approval: Approval) -> bool:
    """Whether the approval waits for this person."""
    if approval.state != ApprovalState.PENDING:
        return False
    try:
        actions.decide.may(actor, (approval,), {})
    except Refused:
        return False
    return True


def decision_of(actor: Actor, approval: Approval) -> dict[str, Any] | None:
    """The form of the decision as it stands on the page, under what is decided; None for whoever it does not wait for."""
    if not may_decide_now(actor, approval):
        return None
    return {
        "form": OpinionForm(),
        "url": reverse("approvals:decide", args=[approval.pk]),
        "seen": seen_now([approval]),
        "key": str(uuid.uuid4()),
    }


def acts_of(actor: Actor, approval: Approval) -> dict[str, Any]:
    """The buttons: what this person may do now, and what not and why."""
    if approval.state != ApprovalState.PENDING:
        return {"allowed": []}
    waits = approval.steps.filter(state=StepState.PENDING).exists()
    offers: list[tuple[Any, str, Verb[..., Any], Any]] = (
        [
            (_("同意"), "decide", actions.decide, _("转入下一环节；最后一环节同意后立即生效。")),
            (_("退回"), "return", actions.return_approval, _("退回提请人，可补正后重新提请。")),
            (_("登记纸面审批"), "record_paper", actions.record_paper_decision, _("须由第二人复核后生效。")),
            (_("加签"), "add_signer", actions.add_signer, _("增加一个签署环节。")),
            (_("撤回"), "withdraw", actions.withdraw, _("审批终止，不发生效力。")),
        ]
        if waits
        else [
            (_("复核无误"), "confirm_paper", actions.confirm_paper_decision, _("纸面审批按登记内容生效。")),
            (_("复核不符"), "refuse_paper", actions.refuse_paper_decision, _("退回重新登记。")),
            (_("撤回"), "withdraw", actions.withdraw, _("审批终止，不发生效力。")),
        ]
    )
    allowed: list[dict[str, Any]] = []
    denied: list[dict[str, Any]] = []
    decides = waits and may_decide_now(actor, approval)
    if decides:
        # Its form stands on the page itself.
        offers = offers[1:]
    for label, name, verb, consequence in offers:
        try:
            verb.may(actor, (approval,), {})
        except Refused as refusal:
            denied.append({"label": label, "why": str(refusal)})
        else:
            url = reverse(f"approvals:{name}", args=[approval.pk])
            first = not allowed and not decides
            allowed.append({"label": label, "url": url, "consequence": consequence, "primary": first})
    return {"allowed": allowed, "denied": denied}
