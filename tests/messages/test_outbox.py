from __future__ import annotations

import uuid

import pytest
from django.utils import translation

from bihuan.journal.action import Actor, action, system_only
from bihuan.journal.errors import ActionError, WriteOutsideAction
from bihuan.messages import channels, jobs, queries
from bihuan.messages.kinds import register_kind, words_of
from bihuan.messages.models import Delivery, DeliveryState, Message
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


class Post:
    """A channel that remembers what it was given."""

    name = "tests"

    def __init__(self):
        self.sent = []
        self.broken = False

    def is_on(self):
        return True

    def address_of(self, person):
        return f"{person.hex[-4:]}@example.org"

    def send(self, *, marker, address, words, link):
        if self.broken:
            raise ConnectionError("no route")
        self.sent.append((marker, address, words, link))


@pytest.fixture
def post():
    channel = Post()
    channels.register_channel(channel)
    yield channel
    channels.forget_channel(channel.name)


@pytest.fixture
def person():
    return uuid.uuid4()


def test_a_message_is_there_when_the_action_is_done(person):
    tell(to_person=person, actor=SYSTEM)
    assert [words_of(message) for message in queries.unread(person)] == ["有 1 件事等您办理。"]


def test_a_message_of_a_failed_action_never_was(person, post):
    with pytest.raises(ActionError, match="on purpose"):
        tell(to_person=person, fail=True, actor=SYSTEM)
    assert (Message.objects.count(), Delivery.objects.count()) == (0, 0)


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


def test_a_delivery_goes_out_once(person, post):
    tell(to_person=person, actor=SYSTEM)
    delivery = Delivery.objects.get()
    for _ in range(3):
        jobs.deliver(str(delivery.pk))
    assert [sent[2:] for sent in post.sent] == [("有 1 件事等您办理。", "/desk/")]


def test_a_failed_delivery_is_tried_again_under_the_same_marker(person, post):
    tell(to_person=person, actor=SYSTEM)
    delivery = Delivery.objects.get()
    post.broken = True
    with pytest.raises(jobs.NotDelivered):
        jobs.deliver(str(delivery.pk))
    delivery.refresh_from_db()
    assert (delivery.state, delivery.failure) == (DeliveryState.WAITING, "ConnectionError")
    post.broken = False
    jobs.deliver(str(delivery.pk))
    assert [sent[0] for sent in post.sent] == [delivery.pk]


def test_a_delivery_gives_up_in_the_end_and_shows_it(person, post):
    tell(to_person=person, actor=SYSTEM)
    delivery = Delivery.objects.get()
    post.broken = True
    for _ in range(jobs.ATTEMPTS):
        with pytest.raises(jobs.NotDelivered):
            jobs.deliver(str(delivery.pk))
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.FAILED
    jobs.deliver(str(delivery.pk))
    assert post.sent == []


def test_a_delivery_that_died_in_the_middle_is_taken_up(person, post):
    tell(to_person=person, actor=SYSTEM)
    delivery = Delivery.objects.get()
    Delivery.objects.update(state=DeliveryState.SENDING, attempts=1)
    jobs.deliver(str(delivery.pk))
    assert len(post.sent) == 1


def test_what_was_read_in_the_program_needs_no_mail(person, post):
    tell(to_person=person, actor=SYSTEM)
    queries.mark_read(person)
    jobs.deliver(str(Delivery.objects.get().pk))
    assert post.sent == []


def test_a_mail_bears_the_same_id_every_time(settings, mailoutbox):
    settings.MAIL_FROM, settings.PUBLIC_ADDRESS = "bihuan@city.example", "https://bihuan.city.example/"
    marker = uuid.uuid4()
    for _ in range(2):
        channels.Mail().send(
            marker=marker, address="a@city.example", words="有 1 件事等您审批。", link="/desk/"
        )
    assert {mail.extra_headers["Message-ID"] for mail in mailoutbox} == {f"<{marker}@city.example>"}
    assert "https://bihuan.city.example/desk/" in mailoutbox[0].body


def test_mail_is_off_until_a_sender_is_set(settings):
    settings.MAIL_FROM = ""
    assert "mail" not in [channel.name for channel in channels.switched_on()]
