"""The least each measure must be proved by, and what is refused until it is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.journal.action import Refused
from bihuan.rectification import actions as do
from bihuan.rectification.evidence_needs import Asked, Gap, Minimum, Need, gaps, gaps_of
from tests.rectification.conftest import fresh
from tests.static_files import plain_static

__all__ = ["plain_static"]
EACH = Minimum(each_measure=True, photo_words=("照片", "影像"), before_too=False)
PAIRS = Minimum(each_measure=True, photo_words=("照片", "影像"), before_too=True)
NOTHING = Minimum(each_measure=False, photo_words=("照片",), before_too=True)


@pytest.mark.parametrize(
    ("deliverable", "kinds", "minimum", "needs"),
    [
        ("竣工资料", (), EACH, (Need.ANY,)),
        ("竣工资料", ("document",), EACH, ()),
        ("封堵影像", ("document",), EACH, (Need.AFTER,)),
        ("封堵影像", ("after",), EACH, ()),
        ("封堵影像", ("after",), PAIRS, (Need.BEFORE,)),
        ("封堵影像", ("before", "after"), PAIRS, ()),
        ("封堵影像", (), NOTHING, ()),
    ],
)
def test_what_a_measure_lacks(deliverable, kinds, minimum, needs):
    found = gaps_of([Asked("1", deliverable, frozenset(kinds))], minimum)
    assert found == ([Gap("1", needs)] if needs else [])


asked = st.builds(
    Asked,
    st.just("1"),
    st.sampled_from(["竣工资料", "照片", "影像资料"]),
    st.frozensets(st.sampled_from(["before", "after", "document", "other"])),
)


@given(asked, st.sampled_from([EACH, PAIRS, NOTHING]), st.sampled_from(["before", "after", "document"]))
def test_more_proof_never_lacks_more(measure, minimum, further):
    more = Asked(measure.number, measure.deliverable, measure.kinds | {further})
    before = {need for gap in gaps_of([measure], minimum) for need in gap.needs}
    assert {need for gap in gaps_of([more], minimum) for need in gap.needs} <= before


@given(asked)
def test_one_photograph_of_either_kind_is_enough_for_anything(measure):
    whole = Asked(measure.number, measure.deliverable, frozenset({"before", "after"}))
    assert gaps_of([whole], PAIRS) == []


@pytest.mark.django_db
def test_acceptance_is_not_applied_for_with_gaps(story):
    problem = story.rectifying(story.draft(), story.draft(text="轮换水表", deliverable="轮换影像"))
    first, second = story.measures(problem)
    for measure in (first, second):
        story.report(problem, measure=measure)
    proof = story.prove(problem, measures=[first])
    with pytest.raises(Refused, match="第 2 条缺整改后照片") as refused:
        story.apply(fresh([problem])[0])
    assert refused.value.data["gaps"] == [{"number": "2", "needs": ["after"]}]
    do.cite_evidence(proof, measures=[second], actor=story.cast.handler.actor)
    with pytest.raises(Refused, match="第 2 条缺整改后照片"):
        story.apply(fresh([problem])[0])
    story.prove(problem, kind="after", measures=[second])
    assert gaps(fresh([problem])[0]) == []
    story.apply(fresh([problem])[0])


@pytest.mark.django_db
def test_the_page_says_what_each_measure_lacks(story, client_as):
    problem = story.rectifying(story.draft(deliverable="施工影像"))
    text = client_as(story.cast.handler).get(f"/ledger/{problem.pk}/").content.decode()
    assert "缺整改后照片" in text
    story.prove(problem, kind="after")
    text = client_as(story.cast.handler).get(f"/ledger/{problem.pk}/").content.decode()
    assert "缺整改后照片" not in text
