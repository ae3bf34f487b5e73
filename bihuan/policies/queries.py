"""Asking which policy holds, and reading policies for pages."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from bihuan.journal.action import Refused, current
from bihuan.journal.ahead import remembered_in_block
from bihuan.organizations.remembering import remembered
from bihuan.organizations.tree import ids_on
from bihuan.policies.models import Policy
from bihuan.policies.rules import Case, select

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable
    from datetime import date

    from bihuan.organizations.models import Unit


@dataclass(frozen=True)
class PolicyBook:
    """The policies of some codes that may matter to one place on one day, read once for many cases."""

    place: Unit
    on: date
    policies: dict[str, list[Policy]]

    def choose(
        self, code: str, *, source: str = "", sector: str = "", grade: str = "", supervision_level: str = ""
    ) -> Policy:
        """The policy that decides; refused where there is none."""
        case = Case(source=source, sector=sector, grade=grade, supervision_level=supervision_level)
        found = select(
            self.policies.get(code, []), jurisdiction_chain=chain_of(self.place), case=case, on=self.on
        )
        if found is None:
            raise _missing(code, self.place, self.on)
        return found


def chain_of(place: Unit) -> list[uuid.UUID]:
    """The place and all above it, nearest first; read off its path."""
    return list(reversed(ids_on(place.path)))


def book_of(codes: Iterable[str], *, jurisdiction: Unit, on: date) -> PolicyBook:
    """One query for all the policies a list, a page or a sweep may need for one place."""
    return _book_of(tuple(codes), jurisdiction, on)


@remembered_in_block
def _book_of(codes: tuple[str, ...], place: Unit, on: date) -> PolicyBook:
    policies: dict[str, list[Policy]] = defaultdict(list)
    in_force = Q(valid_from__lte=on) & (Q(valid_until__isnull=True) | Q(valid_until__gte=on))
    for policy in Policy.objects.filter(in_force, code__in=codes, jurisdiction__in=chain_of(place)):
        policies[policy.code].append(policy)
    return PolicyBook(place, on, dict(policies))


@remembered
def policy_for(
    code: str,
    *,
    jurisdiction: Unit,
    source: str = "",
    sector: str = "",
    grade: str = "",
    supervision_level: str = "",
    on: date,
) -> Policy:
    """The policy version that decides a case of this place (any unit will do) on a day; one query."""
    return book_of([code], jurisdiction=jurisdiction, on=on).choose(
        code, source=source, sector=sector, grade=grade, supervision_level=supervision_level
    )


def quote(policy: Policy) -> Policy:
    """Name the version in the open action's events, and give it back."""
    current().quote(policy_id=policy.pk, code=policy.code, version=policy.version)
    return policy


def versions_of(policy: Policy) -> QuerySet[Policy]:
    """All versions of the same rule for the same scope, newest first."""
    found: QuerySet[Policy] = Policy.objects.filter(**scope_of(policy))
    return found.order_by("-version")


def scope_of(policy: Policy) -> dict[str, object]:
    """What the versions of one rule share."""
    return {
        "code": policy.code,
        "jurisdiction_id": policy.jurisdiction_id,
        "source": policy.source,
        "sector": policy.sector,
        "grade": policy.grade,
        "supervision_level": policy.supervision_level,
    }


def policies_of(place: Unit) -> QuerySet[Policy]:
    """Every version that holds or held for a place: its own and what it inherits."""
    found: QuerySet[Policy] = Policy.objects.filter(jurisdiction__in=chain_of(place))
    return found.select_related("jurisdiction").order_by(
        "code", "source", "sector", "grade", "supervision_level", "-version"
    )


def _missing(code: str, place: Unit, on: date) -> Refused:
    from bihuan.policies.catalogue import label_of

    return Refused(
        _("%(place)s在 %(day)s 没有可用的“%(policy)s”规则。")
        % {"place": place.name, "day": on.isoformat(), "policy": label_of(code)},
        accepted=_("请由整改办在“管理 → 规则”中制定，或先为本级装入起始规则。"),
        code="no_policy",
        policy=code,
    )
