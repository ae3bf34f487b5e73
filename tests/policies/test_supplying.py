"""Kinds of rule that came later than a place: given to the topmost place that has rules, once, and nothing else."""

from __future__ import annotations

import datetime as dt

import pytest

from bihuan.journal.models import JournalEvent
from bihuan.organizations import actions as units
from bihuan.policies import actions
from bihuan.policies.catalogue import KINDS
from bihuan.policies.models import Policy
from bihuan.policies.supplying import NAME, supply_missing

pytestmark = pytest.mark.django_db
OLD = ["deadline.plan", "decline"]


def seed(place, cast, codes):
    actions.seed_policies(jurisdiction=place, codes=codes, valid_from=dt.date(2025, 1, 1), actor=cast.system)


def codes_of(place):
    return set(Policy.objects.filter(jurisdiction=place).values_list("code", flat=True))


def test_a_place_set_up_before_is_given_what_is_new_and_keeps_its_own(cast):
    seed(cast.city, cast, OLD)
    before = set(Policy.objects.values_list("pk", flat=True))
    supply_missing()
    assert codes_of(cast.city) == set(KINDS)
    kept = Policy.objects.filter(code__in=OLD).values_list("pk", flat=True)
    assert set(kept) == before
    event = JournalEvent.objects.filter(verb="policies.seed").order_by("recorded_at").last()
    assert NAME in str(event.body)


def test_given_once_it_is_not_given_again(cast):
    seed(cast.city, cast, OLD)
    supply_missing()
    count = Policy.objects.count()
    supply_missing()
    assert Policy.objects.count() == count


def test_who_inherits_is_given_nothing(cast):
    seed(cast.city, cast, sorted(KINDS))
    units.set_jurisdiction(cast.county, is_jurisdiction=True, actor=cast.system)
    seed(cast.county, cast, OLD)
    supply_missing()
    assert codes_of(cast.county) == set(OLD)


def test_where_nobody_has_rules_yet_there_is_nothing_to_add_to(cast):
    supply_missing()
    assert not Policy.objects.exists()
