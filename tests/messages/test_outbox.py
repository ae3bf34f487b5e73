from __future__ import annotations

import uuid

import pytest
from django.utils import translation

from bihuan.journal.action import Actor, action, system_only
from bihuan.journal.errors import ActionError, WriteOutsideAction
from bihuan.messages import queries
from bihuan.messages.kinds import Matter, matter_of, register_kind, words_of
from bihuan.messages.models import Message
from bihuan.messages.outbox import queue_message

pytestmark = pytest.mark.django_db
SYSTEM = Actor.the_system("tests.messages")
KIND = "tests.waiting"
register_kind(KIND, "有 %(count)s 件事等您办理。")


@action("tests.tell", may=system_only)
def tell(
    *,
    to_person: uuid.UUID,
    actor: Actor,
    kind: str = KIND,
    link: str = "/desk/",
    number: str = "",
    count: int = 1,
    fail: bool = False,
) -> None:
    queue_message(to_person=to_person, kind=kind, link=link, number=number, count=count)
    if fail:
        raise ActionError("on purpose")


@pytest.fixture
def person():
    return uuid.uuid4()


def test_a_message_is_there_when_the_action_is_done(person):
    tell(to_person=person, actor=SYSTEM)
    assert [words_of(message) for message in queries.unread(person)] == ["有 1 件事等您办理。"]


def test_a_message_of_a_failed_action_never_was(person):
    with pytest.raises(ActionError, match="on purpose"):
        tell(to_person=person, fail=True, actor=SYSTEM)
    assert Message.objects.count() == 0


def test_nothing_is_told_outside_an_action(person):
    with pytest.raises(WriteOutsideAction):
        queue_message(to_person=person, kind=KIND, link="/desk/")


def test_what_was_not_read_is_counted_up(person):
    for _ in range(3):
        tell(to_person=person, actor=SYSTEM)
    assert [(message.count, words_of(message)) for message in queries.unread(person)] == [
        (3, "有 3 件事等您办理。")
    ]


def test_what_was_read_is_told_anew(person):
    tell(to_person=person, actor=SYSTEM)
    queries.mark_read(person)
    tell(to_person=person, actor=SYSTEM)
    assert (queries.unread_count(person), Message.objects.count()) == (1, 2)


@pytest.mark.parametrize(
    "message",
    [
        {"number": "张某反映：邻居违建，请速处理。"},
        {"number": "张某反映邻居违建"},
        {"link": "https://elsewhere.example/"},
        {"link": "//elsewhere.example/"},
        {"count": 0},
        {"kind": "tests.nobody_registered"},
    ],
)
def test_a_message_carries_no_text_and_leads_nowhere_else(person, message):
    with pytest.raises(ActionError):
        tell(to_person=person, actor=SYSTEM, **message)


def test_words_may_ask_for_nothing_but_count_and_number():
    with pytest.raises(ActionError):
        register_kind("tests.telling", "%(title)s 待办")


def test_an_unknown_kind_still_says_something(person):
    with translation.override("zh-hans"):
        assert "2" in words_of(Message(kind="gone", count=2, to_person=person, link="/"))


def test_nobody_reads_for_another(person):
    tell(to_person=person, actor=SYSTEM)
    assert queries.mark_read(uuid.uuid4()) == 0
    assert queries.unread_count(person) == 1


def test_looking_at_the_page_is_reading(person):
    tell(to_person=person, link="/approvals/1/", actor=SYSTEM)
    tell(to_person=person, actor=SYSTEM)
    assert (queries.mark_link_read(person, "/approvals/1/"), queries.unread_count(person)) == (1, 1)


def test_pages_of_messages_follow_each_other(person):
    for number in range(5):
        tell(to_person=person, number=f"ZG-2026-000{number}", actor=SYSTEM)
    first = queries.recent(person, size=3)
    second = queries.recent(person, before=first[-1].pk, size=3)
    assert [m.number[-1] for m in (*first, *second)] == ["4", "3", "2", "1", "0"]


def test_what_is_counted_up_is_to_be_routed_again(person):
    tell(to_person=person, actor=SYSTEM)
    Message.objects.update(routed=True)
    tell(to_person=person, actor=SYSTEM)
    assert [(one.count, one.routed) for one in queries.unread(person)] == [(2, False)]


def test_a_kind_is_about_a_matter():
    register_kind("tests.about", "有 %(count)s 件。", Matter.COMING)
    assert (matter_of("tests.about"), matter_of(KIND), matter_of("gone")) == (
        Matter.COMING,
        Matter.OTHER,
        Matter.OTHER,
    )
