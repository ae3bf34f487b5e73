"""The rules of doubt over plain facts."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from uuid import UUID, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.authenticity.facts import Copy, Elsewhere, Proof, RoundFacts, Spot, Terms, Told
from bihuan.authenticity.rules import doubts_of, metres_between
from bihuan.files.picture_hashes import Alike, alike, keys_of, probes_of
from bihuan.policies.catalogue import KINDS

TERMS = Terms.from_record(KINDS["authenticity"].starts[0].body)
DAY = dt.date(2026, 3, 2)
ONE, TWO, THREE = (uuid5(UUID(int=0), name) for name in ("one", "two", "three"))


def on(days: int) -> dt.date:
    return DAY + dt.timedelta(days=days)


def kinds(facts: RoundFacts, terms: Terms = TERMS) -> list[str]:
    return [doubt.kind for doubt in doubts_of(facts, terms)]


PHOTO = Proof(id=ONE, kind="after", uploaded_on=on(30), is_picture=True)
PAPER = Proof(id=ONE, kind="document", uploaded_on=on(30))
ELSEWHERE = Elsewhere(proof=ONE, other=TWO, other_problem=THREE, other_round=1, other_kind="after")
ROUND = RoundFacts(found_on=on(0), began_on=on(2))


@pytest.mark.parametrize(
    ("proof", "found", "expected"),
    [
        (PHOTO, {}, ["same_file"]),
        (PHOTO, {"bits": 9}, ["near_photo"]),
        (PHOTO, {"own_problem": True, "same_round": True}, []),
        (PAPER, {}, ["same_file"]),
        (replace(PAPER, general=True), {}, []),
        (replace(PHOTO, general=True), {}, ["same_file"]),
        (replace(PHOTO, kind="before"), {"other_kind": "before", "one_finding": True}, []),
        (replace(PHOTO, kind="before"), {"other_kind": "after", "one_finding": True}, ["same_file"]),
        (replace(PHOTO, kind="before"), {"other_kind": "before", "own_problem": True, "bits": 12}, []),
        (replace(PHOTO, kind="before"), {"other_kind": "before", "own_problem": True}, ["same_file"]),
        (PHOTO, {"other_kind": "before", "own_problem": True, "same_round": True, "bits": 3}, ["same_scene"]),
        (PHOTO, {"other_kind": "before", "own_problem": True, "same_round": True, "bits": 14}, []),
    ],
)
def test_what_is_used_elsewhere(proof, found, expected):
    assert kinds(replace(ROUND, proofs=(proof,), elsewhere=(replace(ELSEWHERE, **found),))) == expected


@pytest.mark.parametrize(
    ("facts", "proof", "why"),
    [
        ({}, {"taken_on": on(20)}, None),
        ({}, {"taken_on": on(31)}, None),
        ({}, {"taken_on": on(32)}, "after_upload"),
        ({}, {"taken_on": on(-1)}, "before_found"),
        ({}, {"taken_on": on(1)}, "before_work"),
        ({"immediate": True}, {"taken_on": on(1)}, None),
        ({"found_on": None, "began_on": None}, {"taken_on": on(-300)}, None),
        ({}, {"taken_on": on(-90), "kind": "before"}, None),
        ({}, {"taken_on": on(10), "claimed_on": on(17)}, None),
        ({}, {"taken_on": on(10), "claimed_on": on(18)}, "claimed_later"),
        ({}, {"claimed_on": on(18)}, None),
    ],
)
def test_the_time_of_a_photograph(facts, proof, why):
    found = doubts_of(replace(ROUND, proofs=(replace(PHOTO, **proof),), **facts), TERMS)
    assert [doubt.facts["why"] for doubt in found] == ([why] if why else [])


@pytest.mark.parametrize(
    ("proof", "why"),
    [
        ({"signed_on": on(31)}, "signed_after_upload"),
        ({"signed_on": on(10), "claimed_on": on(9)}, "signed_after_claim"),
        ({"signed_on": on(10), "claimed_on": on(10)}, None),
        ({"signed_on": on(1), "claimed_on": on(10), "begun_on": on(200)}, None),
        ({"claimed_on": on(0), "begun_on": on(30)}, None),
        ({"claimed_on": on(-1), "begun_on": on(30)}, "begun_after_claim"),
        ({"begun_on": on(30)}, None),
    ],
)
def test_the_date_of_a_paper(proof, why):
    found = doubts_of(replace(ROUND, proofs=(replace(PAPER, **proof),)), TERMS)
    assert [doubt.facts["why"] for doubt in found] == ([why] if why else [])


@given(st.floats(-89, 89), st.floats(-179, 179), st.floats(-89, 89), st.floats(-179, 179))
def test_a_distance_is_the_same_both_ways_and_never_more_than_half_the_earth(a, b, c, d):
    there, back = metres_between(Spot(a, b), Spot(c, d)), metres_between(Spot(c, d), Spot(a, b))
    assert there == pytest.approx(back, abs=1e-3)
    assert 0 <= there <= 20_038_000


def test_a_degree_of_latitude():
    assert metres_between(Spot(30, 104), Spot(31, 104)) == pytest.approx(111_195, abs=5)


@given(st.integers(100, 5000))
def test_a_wider_policy_doubts_no_place_a_narrower_one_did_not(metres):
    away = replace(PHOTO, taken_at=Spot(30.26, 104.6))
    facts = replace(ROUND, proofs=(away,), site=Spot(30.25, 104.6))
    wide = kinds(facts, replace(TERMS, place_metres=metres))
    assert wide == (["photo_place"] if metres < 1112 else [])


def told(days: int, percent: int = 100, **more) -> Told:
    return Told(uuid5(UUID(int=1), str(days)), on(days), percent, **more)


@pytest.mark.parametrize(("proved", "expected"), [(35, []), (36, ["early_completion"]), (5, [])])
def test_completed_before_its_evidence(proved, expected):
    proof = replace(PHOTO, uploaded_on=on(60), taken_on=on(proved))
    assert kinds(replace(ROUND, proofs=(proof,), told=(told(20),))) == expected


@given(st.lists(st.integers(3, 59), max_size=12))
def test_steady_work_is_no_burst(days):
    """Whatever else was done, an act every ten days leaves no month of quiet before the visit."""
    acts = tuple(on(day) for day in sorted([*days, *range(3, 60, 10)]))
    assert kinds(replace(ROUND, acted_on=acts, visits=(on(60),))) == []


def test_a_burst_needs_quiet_acts_and_their_share():
    acts = tuple(on(day) for day in (55, 56, 57, 58))
    facts = replace(ROUND, acted_on=acts, visits=(on(60),))
    assert kinds(facts) == ["visit_burst"]
    assert kinds(replace(facts, visits=())) == []
    assert kinds(replace(facts, acted_on=acts[:3])) == []
    assert kinds(replace(facts, acted_on=(on(10), on(20), *acts))) == []
    assert kinds(replace(facts, began_on=on(40))) == []


def test_one_report_is_doubted_once_however_often_it_was_copied():
    report = told(30)
    copies = tuple(
        Copy(report.id, uuid5(UUID(int=2), str(at)), THREE, on(at), 100, own_unit=False) for at in range(5)
    )
    assert kinds(replace(ROUND, told=(report,), copies=copies)) == ["copied_progress"]
    same_day = tuple(replace(copy, own_unit=True, other_on=report.on) for copy in copies)
    assert kinds(replace(ROUND, told=(report,), copies=same_day)) == []


def test_a_promise_is_doubted_only_where_it_calls_itself_done():
    assert kinds(replace(ROUND, told=(told(9, only_promise=True),))) == ["only_promise"]
    assert kinds(replace(ROUND, told=(told(9, 60, only_promise=True),))) == []


# ---- fingerprints ------------------------------------------------------------------------------------------------

words = st.integers(-(1 << 63), (1 << 63) - 1)
looks = st.lists(words, min_size=18, max_size=18)


def flipped(value: int, bits: set[int]) -> int:
    found = value & ((1 << 64) - 1)
    for bit in bits:
        found ^= 1 << bit
    return found - (1 << 64) if found >> 63 else found


@given(looks, st.sets(st.integers(0, 63), max_size=5))
def test_five_bits_apart_are_always_met(hashes, bits):
    other = [flipped(hashes[0], bits), *hashes[1:]]
    assert set(probes_of(other)) & set(keys_of(hashes))


@given(looks, looks)
def test_alikeness_is_the_same_both_ways(one, other):
    assert alike(one, other) == alike(other, one)


def test_windows_that_agree_as_well_as_each_other_are_the_same_both_ways():
    """One window differs by 9 and 23 bits, another by 14 and 18: as many together."""
    far = (1 << 63) - 1
    one = [0] * 18
    other = [far, far, (1 << 9) - 1, (1 << 23) - 1, *[far] * 14]
    one[4:6] = [far ^ ((1 << 14) - 1), far ^ ((1 << 18) - 1)]
    assert alike(one, other) == alike(other, one) == Alike(9, 23)


@given(looks)
def test_keys_fit_the_column(hashes):
    assert all(0 <= key < 1 << 31 for key in [*keys_of(hashes), *probes_of(hashes)])
