"""A clue about a person is held sealed for its receiver, handed over by receipt, and destroyed here."""

from __future__ import annotations

import pytest

from bihuan.journal.action import Actor, NotVisible, Refused, action, anyone_signed_in, current
from bihuan.journal.identity import new_id
from bihuan.journal.vault import open_personal
from bihuan.journal.verify.whole import verify_journal
from bihuan.ledger.actions import hand_over_clue, return_clue
from bihuan.ledger.actions.channels import hold_clue
from bihuan.ledger.models import Clue
from bihuan.organizations.models import Unit

pytestmark = pytest.mark.django_db
WORDS = "局长张某某收受礼金"


@action("ledger.test_hold", may=anyone_signed_in)
def hold(*, place: Unit, actor: Actor) -> Clue:
    # A reason puts a second content beside the clue's stream: the right one must be destroyed all the same.
    current().because("收件时发现")
    return hold_clue(WORDS, jurisdiction=place, origin=new_id())


def test_the_receiver_can_open_it_until_it_is_handed_over(cast):
    clue = hold(place=cast.city, actor=cast.coordinator.actor)
    assert clue.receiver == cast.channel_keeper.post
    assert WORDS in (open_personal(clue.content) or "")
    hand_over_clue(clue, receipt_no="纪收〔2026〕12号", actor=cast.channel_keeper.actor)
    assert open_personal(clue.content) is None
    tally = verify_journal(processes=1, done={}, progress=lambda *_: None)
    assert (tally.wrong, tally.erased) == ([], 1)


def test_only_its_receiver_hands_it_over_and_only_once(cast):
    clue = hold(place=cast.city, actor=cast.coordinator.actor)
    with pytest.raises(NotVisible):
        hand_over_clue(clue, receipt_no="1", actor=cast.coordinator.actor)
    hand_over_clue(clue, receipt_no="1", actor=cast.channel_keeper.actor)
    with pytest.raises(Refused):
        hand_over_clue(clue, receipt_no="2", actor=cast.channel_keeper.actor)


@pytest.mark.parametrize("verb", [hand_over_clue, return_clue])
def test_a_clue_does_not_exist_for_anybody_but_its_receiver(cast, verb):
    clue = hold(place=cast.city, actor=cast.coordinator.actor)
    words = {"receipt_no": "1"} if verb is hand_over_clue else {"reason": "1"}
    for player in (cast.coordinator, cast.reviewer, cast.outsider, cast.log_auditor):
        with pytest.raises(NotVisible):
            verb(clue, **words, actor=player.actor)


def test_a_clue_is_given_back_only_with_a_reason(cast):
    clue = hold(place=cast.city, actor=cast.coordinator.actor)
    with pytest.raises(Refused, match="退回理由"):
        return_clue(clue, reason=" ", actor=cast.channel_keeper.actor)


def test_what_was_handed_over_is_not_given_back(cast):
    clue = hold(place=cast.city, actor=cast.coordinator.actor)
    hand_over_clue(clue, receipt_no="1", actor=cast.channel_keeper.actor)
    with pytest.raises(Refused, match="已移交"):
        return_clue(clue, reason="不是线索", actor=cast.channel_keeper.actor)
