"""Doctored evidence raises the right doubt and no other; honest evidence raises none."""

from __future__ import annotations

import pytest

from tests.authenticity.doctored_sets import DOCTORED
from tests.authenticity.honest_sets import HONEST

pytestmark = pytest.mark.django_db


def test_there_are_twenty_of_either():
    assert len(DOCTORED) >= 20
    assert len(HONEST) >= 20


@pytest.mark.parametrize("make", DOCTORED, ids=lambda make: make.__name__)
def test_a_doctored_set_raises_its_doubt_and_no_other(stage, make):
    problem = make(stage)
    assert tuple(stage.kinds(problem)) == DOCTORED[make]


@pytest.mark.parametrize("make", HONEST, ids=lambda make: make.__name__)
def test_an_honest_set_raises_none(stage, make):
    problem = make(stage)
    assert [(flag.kind, flag.facts) for flag in stage.flags(problem)] == []
