"""Restricted channels and clues: for the posts that were named, and to all others as if they were not there."""

from __future__ import annotations

import datetime as dt

import pytest

from bihuan.journal import access, timesource
from bihuan.journal.action import NotAllowed, NotVisible, Refused
from bihuan.journal.guards import partitions
from bihuan.journal.models import AccessEntry, Payload
from bihuan.journal.vault import open_personal
from bihuan.journal.verify.partition import verify_partition
from bihuan.journal.verify.report import Fault
from bihuan.ledger import actions
from bihuan.ledger.channels import clue_counts
from bihuan.ledger.models import Clue, ClueState, Problem, RestrictedChannel
from bihuan.ledger.sight import can_see
from bihuan.organizations import actions as organizing
from bihuan.organizations.models import Role
from tests.ledger.conftest import NOON, SECRET, TODAY, at
from tests.organizations.cast import THE_SYSTEM

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("uncollected_static")]
DAY = dt.timedelta(days=1)
OTHERS = ("mayor", "coordinator", "reviewer", "handler", "outsider", "system_administrator", "log_auditor")


@pytest.fixture
def channel(ledger):
    return ledger.channel()


@pytest.fixture
def keeper(ledger):
    return ledger.cast.channel_keeper


def admit(channel, player, keeper, **more):
    return actions.admit(channel, post=player.post, actor=keeper.actor, **more)


# ---- making one


def test_whoever_makes_a_channel_is_its_first_member(ledger, channel, keeper):
    assert [member.post for member in channel.members.all()] == [keeper.post]
    assert ledger.restricted(channel).problem_no == "ZX-2026-001"


@pytest.mark.parametrize("pattern", ["ZX-{year}", "ZX-{year}-{colour}-{serial}", "ZX-{year}{serial}"])
def test_a_pattern_that_cannot_number_is_refused_at_once(ledger, pattern):
    with pytest.raises(Refused, match="编号样式"):
        ledger.channel(pattern=pattern)


def test_numbers_of_a_channel_never_look_like_others(ledger):
    ledger.register()
    for pattern in ("ZG-{year}-{serial:04}", "ZG-{year}-{serial}"):
        with pytest.raises(Refused, match="混在一起"):
            ledger.channel(pattern=pattern)
    ledger.channel("one", "ZX-{year}-{serial:03}")
    with pytest.raises(Refused, match="混在一起"):
        ledger.channel("two", "ZX-{year}-{serial:03}")


def test_only_a_keeper_makes_one_and_at_home(ledger, keeper):
    facts = {"code": "c", "name": "n", "number_pattern": "C-{year}-{serial:03}", "keeper": keeper.post}
    with pytest.raises(NotAllowed):
        actions.create_channel(jurisdiction=ledger.cast.city, actor=ledger.cast.coordinator.actor, **facts)
    with pytest.raises(NotAllowed):
        actions.create_channel(jurisdiction=ledger.cast.other_county, actor=keeper.actor, **facts)


# ---- members


def test_a_member_sees_from_the_first_day_to_the_last(ledger, channel, keeper):
    problem, reviewer = ledger.restricted(channel), ledger.cast.reviewer
    admit(channel, reviewer, keeper, since=TODAY + DAY, until=TODAY + 3 * DAY)
    seen = []
    for days in range(5):
        with timesource.at(NOON + days * DAY):
            seen.append(can_see(reviewer.actor, problem))
    assert seen == [False, True, True, False, False]


@pytest.mark.parametrize(
    ("more", "words"),
    [({"since": TODAY - DAY}, "已经过去"), ({"until": TODAY}, "准入以前")],
)
def test_dates_of_admission(ledger, channel, keeper, more, words):
    with pytest.raises(Refused, match=words):
        admit(channel, ledger.cast.reviewer, keeper, **more)


def test_nobody_is_let_in_twice(ledger, channel, keeper):
    admit(channel, ledger.cast.reviewer, keeper, since=TODAY + DAY)
    with pytest.raises(Refused, match="已经在知悉范围内"):
        admit(channel, ledger.cast.reviewer, keeper)


def test_who_is_dismissed_sees_nothing_from_that_day(ledger, channel, keeper):
    problem, reviewer = ledger.restricted(channel), ledger.cast.reviewer
    admit(channel, reviewer, keeper)
    actions.dismiss(channel, post=reviewer.post, reason="工作调整", actor=keeper.actor)
    assert not can_see(reviewer.actor, problem)
    admit(channel, reviewer, keeper)
    assert can_see(reviewer.actor, problem)


def test_a_channel_never_loses_its_last_keeper(ledger, channel, keeper):
    admit(channel, ledger.cast.reviewer, keeper)
    with pytest.raises(Refused, match="没有保管岗"):
        actions.dismiss(channel, post=keeper.post, reason="轮岗", actor=keeper.actor)
    organizing.grant_role(ledger.cast.reviewer.post, role=Role.CHANNEL_KEEPER, actor=THE_SYSTEM)
    actions.dismiss(channel, post=keeper.post, reason="轮岗", actor=keeper.actor)


def test_who_is_no_member_is_not_told_there_is_a_channel(ledger, channel, keeper):
    reviewer = ledger.cast.reviewer
    for name in OTHERS:
        with pytest.raises(NotVisible):
            admit(channel, ledger.cast.handler, getattr(ledger.cast, name))
    organizing.grant_role(reviewer.post, role=Role.CHANNEL_KEEPER, actor=THE_SYSTEM)
    with pytest.raises(NotVisible):
        admit(channel, ledger.cast.handler, reviewer)


def test_a_member_who_is_no_keeper_lets_nobody_in(ledger, channel, keeper):
    admit(channel, ledger.cast.coordinator, keeper)
    with pytest.raises(NotAllowed):
        admit(channel, ledger.cast.handler, ledger.cast.coordinator)


def test_only_members_put_problems_and_batches_into_a_channel(ledger, channel, keeper):
    coordinator = ledger.cast.coordinator.actor
    with pytest.raises(NotVisible):
        ledger.register(channel=channel)
    with pytest.raises(NotVisible):
        actions.create_batch(
            jurisdiction=ledger.cast.city, code="S", title="S", source=ledger.batch().source, source_authority="S",
            received_on=TODAY, channel=channel, actor=coordinator,
        )  # fmt: skip
    with pytest.raises(NotVisible):
        ledger.register(batch=ledger.batch("R", channel=channel))
    admit(channel, ledger.cast.coordinator, keeper)
    assert ledger.register(channel=channel).problem_no == "ZX-2026-001"


# ---- pages


def test_the_pages_exist_for_those_named(ledger, client_as, channel, keeper):
    hidden = ledger.restricted(channel)
    client = client_as(keeper)
    listing = client.get(at("channels"))
    assert [row["cells"][0] for row in listing.context["channels"]["rows"]] == ["zx1"]
    page = client.get(at("channel", channel.pk)).content.decode()
    assert (hidden.problem_no in page, SECRET in page) == (True, True)
    entry = AccessEntry.objects.using(access.LOG).filter(what="restricted:ledger.channel").last()
    assert entry.person == keeper.person.pk


@pytest.mark.parametrize("player", OTHERS)
def test_for_others_they_do_not(ledger, client_as, channel, player):
    client = client_as(getattr(ledger.cast, player))
    clue = ledger.clue()
    addresses = [
        at("channels"), at("create_channel"), at("channel", channel.pk), at("admit", channel.pk),
        at("dismiss", channel.pk, ledger.cast.channel_keeper.post.pk), at("clue", clue.pk), at("hand_over_clue", clue.pk), at("return_clue", clue.pk),
    ]  # fmt: skip
    assert [client.get(address).status_code for address in addresses] == [404] * 8
    sent_to = [address for address in addresses if address not in {at("channels"), at("channel", channel.pk)}]
    assert [client.post(address).status_code for address in sent_to] == [404] * 6
    assert "限制知悉" not in client.get("/desk/").content.decode()


def test_a_member_sees_the_place_and_a_former_one_does_not(ledger, client_as, channel, keeper):
    client = client_as(ledger.cast.reviewer)
    admit(channel, ledger.cast.reviewer, keeper, until=TODAY + DAY)
    assert at("channels") in client.get("/desk/").content.decode()
    assert client.get(at("channel", channel.pk)).status_code == 200
    assert client.get(at("admit", channel.pk)).status_code == 403
    with timesource.at(NOON + DAY):
        assert at("channels") not in client.get("/desk/").content.decode()
        assert client.get(at("channel", channel.pk)).status_code == 404


def test_the_forms_of_the_keeper(ledger, client_as, keeper):
    client = client_as(keeper)
    sent = {"code": "zx9", "name": "专线九", "number_pattern": "JX-{year}-{serial:03}"}
    assert client.get(at("create_channel")).status_code == 200
    made_at = client.post(at("create_channel"), sent)["Location"]
    channel = RestrictedChannel.objects.get(code="zx9")
    assert made_at == at("channel", channel.pk)
    assert client.post(at("create_channel"), sent).status_code == 422
    reviewer = ledger.cast.reviewer.post
    sent = {"post": str(reviewer.pk), "since": "2026-03-02", "last_day": "2026-03-05"}
    assert client.get(at("admit", channel.pk)).status_code == 200
    assert client.post(at("admit", channel.pk), sent).status_code == 302
    assert channel.members.get(post=reviewer).until == dt.date(2026, 3, 6)
    out = at("dismiss", channel.pk, reviewer.pk)
    assert client.get(out).status_code == 200
    assert client.post(out, {"reason": ""}).status_code == 422
    assert client.post(out, {"reason": "调整"}).status_code == 302
    assert client.get(out).status_code == 404


def test_a_member_of_the_office_registers_into_it(ledger, client_as, channel, keeper):
    admit(channel, ledger.cast.coordinator, keeper)
    client = client_as(ledger.cast.coordinator)
    form = client.get(f"{at('register')}?channel={channel.pk}").context["form"]
    assert form.initial["channel"] == str(channel.pk)
    sent = {
        "title": SECRET, "text": SECRET, "channel": channel.pk, "sector": ledger.sector().pk,
        "source": form.fields["source"].queryset.first().pk, "nature": "duty", "impact": "local", "urgency": "urgent",
        "rectification_kind": "by_date",
    }  # fmt: skip
    assert client.post(at("register"), sent).status_code == 302
    assert Problem.objects.get().channel == channel


def test_the_form_says_nothing_of_channels_to_others(ledger, client_as, channel):
    form = client_as(ledger.cast.coordinator).get(at("register")).context["form"]
    assert "channel" not in form.fields


# ---- clues


def test_a_clue_is_held_for_the_keeper_and_its_words_are_in_no_row(ledger):
    clue = ledger.clue("反映某某收受礼金。")
    assert clue.receiver == ledger.cast.channel_keeper.post
    assert open_personal(clue.content) == "反映某某收受礼金。"
    assert "收受礼金".encode() not in bytes(Payload.objects.get(pk=clue.content).content)


def test_its_words_are_shown_when_asked_for_and_the_log_says_who_asked(ledger, client_as, keeper):
    clue, client = ledger.clue(), client_as(keeper)
    assert "收受礼金" not in client.get(at("clue", clue.pk)).content.decode()
    assert AccessEntry.objects.using(access.LOG).filter(what="restricted:ledger.clue").count() == 0
    page = client.post(at("clue", clue.pk))
    assert "收受礼金" in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    entry = AccessEntry.objects.using(access.LOG).get(what="restricted:ledger.clue")
    assert (entry.person, entry.subject) == (keeper.person.pk, f"ledger.clue:{clue.pk}")


def test_handed_over_by_receipt_it_is_destroyed_here(ledger, client_as, keeper):
    clue, client = ledger.clue(), client_as(keeper)
    assert client.post(at("hand_over_clue", clue.pk), {"receipt_no": " "}).status_code == 422
    assert client.post(at("hand_over_clue", clue.pk), {"receipt_no": "纪收〔2026〕1号"}).status_code == 302
    found = Clue.objects.get(pk=clue.pk)
    assert (found.state, open_personal(found.content)) == (ClueState.HANDED_OVER, None)
    page = client.post(at("clue", clue.pk)).content.decode()
    assert ("收受礼金" in page, "纪收〔2026〕1号" in page) == (False, True)
    with pytest.raises(Refused, match="不能再办"):
        actions.hand_over_clue(found, receipt_no="再来", actor=keeper.actor)
    found = [one.fault for name in partitions() for one in verify_partition(name).found]
    assert found == [Fault.ERASED]


def test_only_its_receiver_hands_it_over_not_another_keeper(ledger):
    clue, reviewer = ledger.clue(), ledger.cast.reviewer
    organizing.grant_role(reviewer.post, role=Role.CHANNEL_KEEPER, actor=THE_SYSTEM)
    with pytest.raises(NotVisible):
        actions.hand_over_clue(clue, receipt_no="1", actor=reviewer.actor)


def test_without_a_keeper_nothing_is_taken_in(ledger, keeper):
    organizing.withdraw_role(keeper.post, role=Role.CHANNEL_KEEPER, reason="轮岗", actor=THE_SYSTEM)
    with pytest.raises(Refused, match="没有指定接收线索的岗位"):
        ledger.clue()


def test_the_office_has_a_count_and_others_not_even_that(ledger, client_as, keeper):
    first = ledger.clue()
    ledger.clue()
    actions.hand_over_clue(first, receipt_no="1", actor=keeper.actor)
    counted = {name: clue_counts(player.actor) for name, player in ledger.cast.players.items()}
    assert counted.pop("coordinator") == counted.pop("reviewer") == {"clues": 2, "handed_over": 1}
    assert set(counted.values()) == {None}
    assert "2 条问题线索" in client_as(ledger.cast.coordinator).get(at("findings")).content.decode()
    assert "问题线索" not in client_as(ledger.cast.handler).get(at("findings")).content.decode()
