"""The beginning of a case file: the source's words, what is known, the proposal, the order and the answer to it."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils import timezone
from django.utils.translation import gettext as _

from bihuan.desk import problem_page, problem_people
from bihuan.desk.case_file_approvals import Approvals, pairs
from bihuan.desk.case_file_reading import Item, Reading, who_of
from bihuan.desk.marks import term_labels
from bihuan.documents.binding import Words
from bihuan.intake.models import IntakeDocument
from bihuan.ledger.models import Finding, Readership, TermKind
from bihuan.ledger.verbs import LedgerVerb
from bihuan.organizations.models import Unit
from bihuan.rectification import queries as work
from bihuan.rectification.models import Decline, OrderItem
from bihuan.rectification.verbs import Verb


def source_words(reading: Reading) -> Iterator[Item]:
    """Every finding as the source wrote it, with the document it was read from; else the words it was registered by."""
    problem = reading.problem
    findings = list(
        Finding.objects.filter(problem_links__problem=problem)
        .select_related("batch__source")
        .order_by("ordinal")
    )
    documents = IntakeDocument.objects.filter(candidates__finding__in=findings).select_related("file__blob")
    by_finding = {
        finding.pk: list(documents.filter(candidates__finding=finding).distinct()) for finding in findings
    }
    for finding in findings:
        batch = finding.batch
        yield Item(
            title=_("反馈问题原文"),
            on=batch.received_on,
            who=batch.source_authority,
            stream=finding.pk,
            pieces=[
                pairs(
                    (_("来源"), f"{batch.source.label}　{reading.say(batch.title)}"),
                    (_("来文文号"), batch.document_no),
                    (_("源编号"), finding.source_no),
                    (_("所在标题"), " › ".join(finding.heading)),
                    (_("页"), finding.page),
                    (_("整改期限"), finding.deadline),
                    (_("销号权所在"), finding.closing_authority or batch.closing_authority),
                ),
                Words(reading.say(finding.text)),
            ],
            attachments=reading.files(*((row.file, _("来源文件")) for row in by_finding[finding.pk])),
        )
    if not findings:
        on, who = reading.first(problem.pk)
        words = [Words(reading.say(problem.text))]
        yield Item(title=_("问题登记"), on=on, who=who, stream=problem.pk, pieces=words)


def basic_facts(reading: Reading) -> Iterator[Item]:
    """What the problem is, how it is sorted, who answers."""
    problem, labels = reading.problem, term_labels()

    def label(kind: str, code: str) -> str:
        return labels.get((kind, code), code)

    on, who = reading.first(problem.pk)
    parties = [
        (str(party.role), "　".join(str(part) for part in (party.name, *party.notes) if part))
        for party in problem_people.parties(problem)
    ]
    goals = [
        (_("目标"), f"{goal.name}：{goal.baseline} → {goal.now} / {goal.target}")
        for goal in problem_page.goals(problem)
    ]
    yield Item(
        title=_("问题基本情况"),
        on=on,
        who=who,
        stream=problem.pk,
        pieces=[
            pairs(
                (_("性质"), label(TermKind.NATURE, problem.nature)),
                (_("影响程度"), label(TermKind.IMPACT, problem.impact)),
                (_("轻重缓急"), label(TermKind.URGENCY, problem.urgency)),
                (_("等级"), label(TermKind.GRADE, problem.grade)),
                (_("督办级别"), label(TermKind.SUPERVISION_LEVEL, problem.supervision_level)),
                (_("整改类型"), label(TermKind.RECTIFICATION_KIND, problem.rectification_kind)),
                (_("知悉范围"), Readership(problem.readership).label),
                *((str(fact.label), reading.say(fact.value)) for fact in problem_page.facts(problem)),
                *((name, reading.say(value)) for name, value in goals),
            ),
            Words(_("谁负责"), heading=True),
            pairs(*parties),
        ],
    )


def proposal(reading: Reading) -> Iterator[Item]:
    """The clerk's proposal, by whom and when it was last made."""
    acts = reading.acts(LedgerVerb.PROPOSE)
    if not reading.problem.proposed_handling:
        return
    yield Item(
        title=_("拟办意见"),
        on=timezone.localdate(acts[-1].at) if acts else None,
        who=who_of(acts[-1]) if acts else "",
        stream=reading.problem.pk,
        pieces=[Words(reading.say(reading.problem.proposed_handling))],
    )


def orders(reading: Reading, approvals: Approvals) -> Iterator[Item]:
    """Each order the problem stands in: this problem's row of it, never its neighbours'."""
    for row in reversed(list(work.orders_of(reading.problem))):
        order = row.order
        on, who = reading.first(order.pk)
        decided, copies = approvals.of(order.pk, order.approval_id)
        facts = pairs(
            (_("交办单"), reading.say(order.title)),
            (_("交办单号"), order.order_no),
            (_("文号"), order.document_no),
            (_("下达日期"), order.issued_on),
            (_("牵头单位"), row.lead_unit.name),
            (_("配合单位"), _supporting(row)),
            (_("外部期限"), row.external_deadline),
            (_("内部期限"), row.internal_deadline),
            (
                _("交办要求"),
                reading.say("\n".join(part for part in (order.requirement, row.requirement) if part)),
            ),
        )
        yield Item(
            title=_("交办单"),
            on=order.issued_on or on,
            who=who,
            stream=order.pk,
            pieces=[facts, *decided],
            attachments=copies,
        )


def _supporting(row: OrderItem) -> str:
    shares = {str(one["unit"]): one.get("share") for one in row.supporting_units}
    units = Unit.objects.filter(pk__in=list(shares)).order_by("path")
    return "、".join(
        f"{unit.name} {shares[str(unit.pk)]}%" if shares[str(unit.pk)] else unit.name for unit in units
    )


def answers_to_order(reading: Reading) -> Iterator[Item]:
    """Declined, then taken: what the unit said to the order."""
    declines = Decline.objects.filter(problem=reading.problem).select_related("unit", "proposed_unit")
    for row in declines.order_by("declined_on", "id"):
        yield Item(
            title=_("交办异议"),
            on=row.declined_on,
            who=f"{reading.name(row.declined_by)}（{row.unit.name}）",
            stream=reading.problem.pk,
            pieces=[
                pairs((_("建议承办"), row.proposed_unit.name)),
                Words(reading.say(row.reason)),
            ],
        )
    for event in reading.acts(Verb.ACKNOWLEDGE):
        on = timezone.localdate(event.at)
        words = _("%(who)s 于 %(day)s 签收。") % {"who": who_of(event), "day": on.isoformat()}
        yield Item(
            title=_("签收"), on=on, who=who_of(event), stream=reading.problem.pk, pieces=[Words(words)]
        )
