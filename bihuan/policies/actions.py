"""Making rules. A version is never edited: a new one takes its place from a day on, or an old one ends."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from bihuan.journal.action import Actor, Refused, action, current, system_only
from bihuan.journal.errors import RetryAction
from bihuan.journal.wording import for_the_record
from bihuan.organizations.models import Unit
from bihuan.policies.catalogue import KINDS
from bihuan.policies.checking import checked_body, kind_named
from bihuan.policies.models import Policy
from bihuan.policies.policy import may_make
from bihuan.policies.verbs import Verb

ONE_DAY = timedelta(days=1)
LONGEST_NAME = 100


@action(Verb.SEED, may=may_make)
def seed_policies(
    *, jurisdiction: Unit, codes: Sequence[str] = (), valid_from: date | None = None, actor: Actor
) -> list[Policy]:
    """Give a jurisdiction the starting set (or some codes of it), except where it has rules of that code already."""
    if not jurisdiction.is_jurisdiction:
        raise Refused(_("“%(unit)s”没有自己的整改办，沿用上级规则。") % {"unit": jurisdiction.name})
    wanted = [kind_named(code) for code in codes] or list(KINDS.values())
    present = set(Policy.objects.filter(jurisdiction=jurisdiction).values_list("code", flat=True))
    policies = [
        Policy(
            code=kind.code,
            title=_title(kind.code),
            jurisdiction=jurisdiction,
            version=1,
            valid_from=valid_from or current().today,
            body=checked_body(kind.code, start.body),
            basis=start.basis,
            **start.scope,
        )
        for kind in wanted
        if kind.code not in present
        for start in kind.starts
    ]
    made: list[Policy] = Policy.objects.bulk_create(policies)
    return made


@action(Verb.ENACT, may=may_make)
def enact(  # noqa: PLR0913  (a rule is its scope, its days and its body)
    *,
    code: str,
    jurisdiction: Unit,
    body: Mapping[str, Any],
    source: str = "",
    sector: str = "",
    grade: str = "",
    supervision_level: str = "",
    valid_from: date | None = None,
    valid_until: date | None = None,
    basis: str = "",
    reason: str = "",
    actor: Actor,
) -> Policy:
    """A new version for a scope. Running clocks keep the version they started under (see `reapply`)."""
    if not jurisdiction.is_jurisdiction:
        raise Refused(
            _("“%(unit)s”没有自己的整改办，不能制定规则。") % {"unit": jurisdiction.name},
            accepted=_("请由自设整改办的单位制定。"),
            field="jurisdiction",
        )
    act = current()
    act.because(reason)
    scope = {"source": source, "sector": sector, "grade": grade, "supervision_level": supervision_level}
    last = Policy.objects.filter(code=code, jurisdiction=jurisdiction, **scope).aggregate(
        last=Max("version")
    )["last"]
    first_day = valid_from or act.today
    _check_days(first_day, valid_until, is_first=last is None)
    policy = Policy(
        code=code,
        title=_title(code),
        jurisdiction=jurisdiction,
        version=(last or 0) + 1,
        valid_from=first_day,
        valid_until=valid_until,
        body=checked_body(code, body),
        basis=basis.strip(),
        **scope,
    )
    try:
        with transaction.atomic():
            policy.save()
    except IntegrityError as error:
        # Two people enacted a version at once; the second one becomes the next.
        raise RetryAction(f"{code}: this version was taken meanwhile") from error
    return policy


def _check_days(first: date, last: date | None, *, is_first: bool) -> None:
    if not is_first and first < current().today:
        raise Refused(
            _("新版本不能从过去生效，已经办过的事按当时的规则办。"),
            accepted=_("请选今天或以后的日期。"),
            field="valid_from",
        )
    if last is not None and last < first:
        raise Refused(
            _("失效日期早于生效日期。"), accepted=_("请选更晚的日期，或留空。"), field="valid_until"
        )


@action(Verb.WITHDRAW, may=may_make)
def withdraw(policy: Policy, *, from_day: date | None = None, reason: str, actor: Actor) -> None:
    """End a version: from this day on, what held before it or above it holds again."""
    act = current()
    day = from_day or act.today
    if not reason.strip():
        raise Refused(_("停用规则要说明理由。"), field="reason")
    if day < act.today:
        raise Refused(_("不能从过去停用。"), accepted=_("请选今天或以后的日期。"), field="from_day")
    last = max(day, policy.valid_from) - ONE_DAY
    if policy.valid_until is not None and policy.valid_until <= last:
        raise Refused(_("这个版本到那时已经失效。"))
    act.because(reason)
    policy.valid_until = last
    policy.save()


@action(Verb.REAPPLY, may=system_only)
def reapply(
    policy: Policy, *, cases: Sequence[uuid.UUID], reason: str, approval: uuid.UUID, actor: Actor
) -> None:
    """Apply a version to running cases, each named, by an approval. The rooms that run clocks react to this.

    The program does it, block by block, once the approval it names is final; who asked and who decided stands there.
    What each case gets is in the events of the reactions; this event says which cases, why and by which decision.
    """
    if not cases:
        raise Refused(_("没有写明适用于哪些在办事项。"), accepted=_("请逐件选定。"), field="cases")
    act = current()
    refuse_unless_valid(policy, act.today)
    act.because(reason)
    act.quote(policy_id=policy.pk, code=policy.code, version=policy.version)
    act.fact(policy, cases=sorted({str(case) for case in cases}), approval=str(approval))


def refuse_unless_valid(policy: Policy, on: date) -> None:
    """Only a version in force reaches running cases."""
    if not policy.valid_from <= on or (policy.valid_until and policy.valid_until < on):
        raise Refused(_("这个版本今天不在有效期内。"), accepted=_("请选现行版本。"))


def _title(code: str) -> str:
    """The label as it stands in the record, whoever enacts it."""
    with for_the_record():
        return str(kind_named(code).label)[:LONGEST_NAME]
