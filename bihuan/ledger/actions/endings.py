"""Endings other than closure. One person asks, another approves; the reaction to the approval carries it out."""

from __future__ import annotations

from typing import Final

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bihuan.approvals.opening import open_approval
from bihuan.journal.action import Actor, Refused, action
from bihuan.journal.wording import for_the_record, listed
from bihuan.ledger.lifecycle import OPEN, edge_for, refusal
from bihuan.ledger.lifecycle_words import VERB_WORDS, State
from bihuan.ledger.models import Ending, Problem
from bihuan.ledger.policy import may_prepare
from bihuan.ledger.sight import require_sight
from bihuan.ledger.steps import facts_of, refuse_empty
from bihuan.ledger.verbs import LedgerVerb
from bihuan.organizations.models import Post

ENDINGS: Final = (LedgerVerb.MERGE, LedgerVerb.REFER, LedgerVerb.MARK_UNFOUNDED, LedgerVerb.TERMINATE)
MATTER: Final = "ledger.ending"


@action(LedgerVerb.REQUEST_ENDING, may=may_prepare)
def request_ending(
    problem: Problem,
    *,
    verb: str,
    reason: str,
    approver: Post,
    into: Problem | None = None,
    receiving_body: str = "",
    document_no: str = "",
    actor: Actor,
) -> Ending:
    """Ask a second person to end the problem by `verb`; nothing changes until they approve."""
    if verb not in ENDINGS:
        raise Refused(
            _("没有这种办结方式。"),
            accepted=listed(VERB_WORDS[name].say(get_language() or "zh") for name in ENDINGS),
        )
    if into is not None:
        require_sight(actor, [into])
    facts = facts_of(problem)
    if edge_for(State(problem.state), verb, facts) is None:
        raise Refused(refusal(State(problem.state), verb, facts).explain())
    _refuse_missing(problem, verb, into, receiving_body, document_no)
    if actor.person is None:
        raise Refused(_("办结要由本人申请。"))
    ending = Ending(
        problem=problem,
        verb=verb,
        reason=refuse_empty(reason, _("理由")),
        into=into,
        receiving_body=receiving_body,
        document_no=document_no,
        asked_by=actor.person,
    )
    with for_the_record():
        title = _("%(verb)s：%(title)s") % {
            "verb": VERB_WORDS[verb].say(get_language() or ""),
            "title": problem.title,
        }
        step = _("审批")
    ending.approval = open_approval(
        matter=MATTER,
        subject_kind=Problem.Stream.kind,
        subject=problem.pk,
        title=title,
        route=[(step, approver)],
    )
    ending.save()
    return ending


def _refuse_missing(
    problem: Problem, verb: str, into: Problem | None, receiving_body: str, document_no: str
) -> None:
    if Ending.objects.filter(problem=problem, state=Ending.State.ASKED).exists():
        raise Refused(
            _("这个问题已有一项办结申请在审批中。"), accepted=_("请等审批结果，或先撤回前一项申请。")
        )
    if verb == LedgerVerb.MERGE:
        if into is None or into.pk == problem.pk:
            raise Refused(_("并案要指明并入哪个问题。"), accepted=_("请选择另一个在办的问题。"), field="into")
        if into.merged_into_id is not None:
            raise Refused(
                _("要并入的问题自己已经并案。"), accepted=_("请并入它所并入的那个问题。"), field="into"
            )
        if into.state not in OPEN:
            raise Refused(_("要并入的问题已经办结。"), accepted=_("请选择另一个在办的问题。"), field="into")
        if into.jurisdiction_id != problem.jurisdiction_id or into.channel_id != problem.channel_id:
            raise Refused(_("只能并入同一整改办、同一知悉范围的问题。"), field="into")
    if verb == LedgerVerb.REFER and not receiving_body.strip():
        raise Refused(_("移送要写明接收机关。"), field="receiving_body")
    if problem.source.external and verb != LedgerVerb.MERGE and not document_no.strip():
        raise Refused(
            _("来源是外部机关，办结须有来源机关的文件。"),
            accepted=_("请填写来源机关同意的文号。"),
            field="document_no",
        )
