"""What one page remembers, and where nothing may be remembered."""

from __future__ import annotations

import pytest

from bihuan.journal.open_action import Actor, OpenAction, _open
from bihuan.journal.timesource import now
from bihuan.organizations import remembering
from bihuan.organizations.remembering import remembered, tell


@pytest.fixture
def asked():
    return []


@pytest.fixture
def question(asked):
    @remembered
    def ask(word: str, *, times: int = 1) -> str:
        asked.append(word)
        return word * times

    return ask


@pytest.fixture
def reading():
    token = remembering.remember(reading=True)
    yield
    remembering.forget(token)


def test_outside_a_request_every_question_is_asked(question, asked):
    assert (question("a"), question("a")) == ("a", "a")
    assert asked == ["a", "a"]


@pytest.mark.usefixtures("reading")
def test_a_page_asks_once_for_each_set_of_arguments(question, asked):
    assert [question("a"), question("a"), question("b"), question("a", times=2)] == ["a", "a", "b", "aa"]
    assert asked == ["a", "b", "a"]


@pytest.mark.usefixtures("reading")
def test_an_open_action_sees_nothing_of_it(question, asked):
    question("a")
    token = _open.set(OpenAction("test.verb", Actor.the_system("test"), now(), "default"))
    try:
        question("a")
    finally:
        _open.reset(token)
    assert asked == ["a", "a"]


def test_a_request_that_may_write_remembers_nothing(question, asked):
    token = remembering.remember(reading=False)
    question("a")
    question("a")
    remembering.forget(token)
    assert asked == ["a", "a"]


@pytest.mark.usefixtures("reading")
def test_what_is_told_is_not_asked(question, asked):
    tell(question, "told", "a")
    assert (question("a"), asked) == ("told", [])


def test_one_request_knows_nothing_of_the_next(question, asked):
    for _ in range(2):
        token = remembering.remember(reading=True)
        question("a")
        remembering.forget(token)
    assert asked == ["a", "a"]
