from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bihuan.policies.rules import Case, covers, in_sector, is_valid, select, weight_of

CITY, COUNTY, ELSEWHERE = (uuid.UUID(int=number) for number in (1, 2, 3))
CHAIN = [COUNTY, CITY]
DAY = date(2026, 3, 2)


@dataclass(frozen=True)
class Rule:
    jurisdiction_id: uuid.UUID = CITY
    source: str = ""
    sector: str = ""
    grade: str = ""
    supervision_level: str = ""
    version: int = 1
    valid_from: date = date(2026, 1, 1)
    valid_until: date | None = None


def chosen(*rules, on=DAY, chain=CHAIN, **case):
    return select(rules, jurisdiction_chain=chain, case=Case(**case), on=on)


def test_a_general_rule_holds_where_no_special_one_does():
    assert chosen(Rule(), source="audit") == Rule()


def test_a_special_rule_beats_the_general_one():
    special = Rule(source="audit")
    assert chosen(Rule(version=9), special, source="audit") is special


def test_a_special_rule_of_another_case_does_not_hold():
    assert chosen(Rule(source="audit"), source="hotline") is None


def test_what_is_not_known_of_a_case_matches_only_any():
    assert chosen(Rule(grade="severe"), Rule(), source="audit") == Rule()


def test_a_rule_for_a_branch_holds_for_its_twigs():
    branch = Rule(sector="risk.ecology")
    assert chosen(Rule(), branch, sector="risk.ecology.water") is branch


def test_a_branch_is_not_matched_by_the_beginning_of_its_name():
    assert not in_sector("risk.ecology_extra", "risk.ecology")


def test_the_deeper_sector_is_the_more_specific():
    deep = Rule(sector="risk.ecology.water")
    assert chosen(Rule(sector="risk"), deep, Rule(sector="risk.ecology"), sector="risk.ecology.water") is deep


def test_the_nearer_jurisdiction_overrides_what_it_inherits():
    own = Rule(jurisdiction_id=COUNTY)
    assert chosen(Rule(version=7), own) is own


def test_an_inherited_special_rule_survives_a_general_one_of_ones_own():
    special = Rule(source="audit")
    assert chosen(special, Rule(jurisdiction_id=COUNTY), source="audit") is special


def test_a_rule_of_elsewhere_never_holds():
    assert chosen(Rule(jurisdiction_id=ELSEWHERE)) is None


def test_the_highest_version_in_force_holds():
    second = Rule(version=2)
    assert chosen(Rule(), second) is second


def test_a_version_of_tomorrow_does_not_hold_today():
    assert chosen(Rule(), Rule(version=2, valid_from=DAY + timedelta(days=1))) == Rule()


def test_both_days_of_validity_belong_to_it():
    rule = Rule(valid_from=DAY, valid_until=DAY)
    assert [is_valid(rule, DAY + timedelta(days=offset)) for offset in (-1, 0, 1)] == [False, True, False]


def test_when_a_temporary_version_ends_the_one_before_holds_again():
    temporary = Rule(version=2, valid_until=DAY)
    assert chosen(Rule(), temporary, on=DAY + timedelta(days=1)) == Rule()


SCOPES = st.fixed_dictionaries(
    {
        "source": st.sampled_from(["", "audit", "hotline"]),
        "sector": st.sampled_from(["", "risk", "risk.ecology", "risk.ecology.water", "people"]),
        "grade": st.sampled_from(["", "minor", "severe"]),
        "supervision_level": st.sampled_from(["", "regular", "listed"]),
    }
)
RULES = st.builds(
    lambda scope, **rest: Rule(**scope, **rest),
    SCOPES,
    jurisdiction_id=st.sampled_from([CITY, COUNTY, ELSEWHERE]),
    version=st.integers(1, 4),
    valid_from=st.dates(date(2026, 1, 1), date(2026, 4, 1)),
    valid_until=st.none() | st.dates(date(2026, 1, 1), date(2026, 6, 1)),
)
CASES = SCOPES.map(lambda scope: Case(**scope))


@given(st.lists(RULES, max_size=12), CASES)
def test_what_is_chosen_is_in_force_covers_the_case_and_belongs_to_the_place(rules, case):
    found = select(rules, jurisdiction_chain=CHAIN, case=case, on=DAY)
    fitting = [r for r in rules if r.jurisdiction_id in CHAIN and is_valid(r, DAY) and covers(r, case)]
    assert (found is None) == (not fitting)
    assert found is None or found in fitting


@given(st.lists(RULES, max_size=12), CASES, st.randoms())
def test_the_order_rules_were_written_in_does_not_matter(rules, case, random):
    unique = {(weight_of(r), r.jurisdiction_id, r.version): r for r in rules}
    ordered = list(unique.values())
    shuffled = random.sample(ordered, len(ordered))
    assert select(ordered, jurisdiction_chain=CHAIN, case=case, on=DAY) == select(
        shuffled, jurisdiction_chain=CHAIN, case=case, on=DAY
    )


@given(SCOPES, SCOPES, CASES)
def test_two_scopes_that_cover_one_case_never_weigh_the_same(one, other, case):
    first, second = Rule(**one), Rule(**other)
    if one != other and covers(first, case) and covers(second, case):
        assert weight_of(first) != weight_of(second)


@given(RULES, CASES)
def test_naming_one_more_thing_that_is_so_makes_a_rule_win(rule, case):
    plain = replace(rule, jurisdiction_id=CITY, source="", valid_from=DAY, valid_until=None)
    if case.source and covers(plain, case):
        special = replace(plain, source=case.source)
        assert select([plain, special], jurisdiction_chain=CHAIN, case=case, on=DAY) is special
