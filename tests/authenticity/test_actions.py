"""Weighing doubts, and the verdict that waits for it."""

from __future__ import annotations

import pytest
from django.db import IntegrityError

from bihuan.authenticity import actions
from bihuan.authenticity.jobs import examine_round, remember_reports
from bihuan.authenticity.models import AuthenticityFlag, ReportedWords
from bihuan.authenticity.queries import flags_seen
from bihuan.journal.action import NotAllowed, NotVisible, Refused, action, system_only
from bihuan.journal.models import JournalEvent
from bihuan.journal.verify.whole import verify_journal
from bihuan.organizations import actions as organizations
from bihuan.organizations.models import Role
from bihuan.policies import actions as policies
from bihuan.policies.catalogue import KINDS
from tests.authenticity.doctored_sets import photograph_of_another_problem, photograph_saved_again
from tests.authenticity.pictures import photograph
from tests.rectification.conftest import fresh

pytestmark = pytest.mark.django_db


@pytest.fixture
def doubted(stage):
    return photograph_of_another_problem(stage)


def weigh(stage, flag, *, by=None, weight="explained", reason="同一处管网，两件问题共用。", **more):
    actor = (by or stage.story.cast.acceptor).actor
    actions.weigh_flag.call(**more)(flag, weight=weight, reason=reason, actor=actor)


def test_a_doubt_says_by_which_rule_and_facts_it_was_raised(stage, doubted):
    (flag,) = stage.flags(doubted)
    event = JournalEvent.objects.get(stream=flag.pk).body
    assert event["verb"] == "authenticity.examine_application"
    assert {quoted["code"] for quoted in event["policies"]} >= {"authenticity"}
    assert flag.facts["other_problem"] != str(doubted.pk)
    assert flag.policy_version == 1


def test_no_verdict_before_each_doubt_is_weighed(stage, doubted):
    with pytest.raises(Refused, match="还有 1 条真实性疑点没有判断") as refused:
        stage.story.accept(fresh([doubted])[0])
    assert "逐条写明" in refused.value.accepted
    weigh(stage, stage.flags(doubted)[0])
    stage.story.accept(fresh([doubted])[0])
    assert fresh([doubted])[0].state == "noticed"
    assert verify_journal(processes=1, done={}, progress=lambda *_: None).wrong == []


def test_policy_may_leave_weighing_to_the_acceptor(stage, doubted):
    policies.enact(
        code="authenticity",
        jurisdiction=stage.story.cast.city,
        body=KINDS["authenticity"].starts[0].body | {"weigh_first": False},
        actor=stage.story.cast.reviewer.actor,
    )
    stage.story.accept(fresh([doubted])[0])
    assert fresh([doubted])[0].state == "noticed"


def test_what_no_job_has_seen_is_seen_before_the_verdict(stage):
    """The worker was down: the files are asked when the verdict is about to be spoken, and what they raise stays."""
    first, second = stage.elsewhere(), stage.problem()
    stage.hand_in(first, photograph(81), by=stage.story.cast.sector_handler)
    from tests.authenticity.pictures import jpeg, scene

    stage.story.prove(second, upload=jpeg(scene(81), "后.jpg", quality=40), kind="after", caption="后")
    stage.told(second, "已更换12公里。")
    stage.story.apply(fresh([second])[0])
    assert stage.kinds(second) == []
    with pytest.raises(Refused, match="真实性疑点"):
        stage.story.accept(fresh([second])[0])
    assert stage.kinds(second) == ["near_photo"]


def test_sending_back_needs_no_weighing(stage, doubted):
    from bihuan.rectification import actions as do

    do.return_acceptance(
        fresh([doubted])[0],
        gates={"effect": "failed"},
        what_is_missing="照片不实，请重拍。",
        actor=stage.story.cast.acceptor.actor,
    )
    assert fresh([doubted])[0].state == "rectifying"


def test_looking_again_raises_nothing_twice_and_leaves_what_was_weighed(stage, doubted):
    weigh(stage, stage.flags(doubted)[0])
    examine_round(str(doubted.pk))
    assert actions.examine(doubted, actor=stage.story.cast.coordinator.actor) == 0
    assert [flag.weight for flag in stage.flags(doubted)] == ["explained"]


def test_pressing_twice_weighs_once(stage, doubted):
    (flag,) = stage.flags(doubted)
    for _ in range(2):
        weigh(stage, flag, key="pressed-twice")
    assert JournalEvent.objects.filter(stream=flag.pk, verb="authenticity.weigh_flag").count() == 1


@pytest.mark.parametrize(("weight", "reason"), [("open", "看过。"), ("maybe", "看过。"), ("explained", "  ")])
def test_a_weight_is_one_of_three_and_has_a_reason(stage, doubted, weight, reason):
    with pytest.raises(Refused):
        weigh(stage, stage.flags(doubted)[0], weight=weight, reason=reason)
    assert stage.flags(doubted)[0].weight == "open"


def test_after_the_verdict_nothing_is_weighed_any_more(stage, doubted):
    weigh(stage, stage.flags(doubted)[0])
    stage.story.accept(fresh([doubted])[0])
    with pytest.raises(Refused, match="不在待验收"):
        weigh(stage, stage.flags(doubted)[0], weight="unfounded")


@pytest.mark.parametrize("player", ["handler", "liaison", "principal", "subordinate", "outsider"])
def test_who_works_never_learns_of_a_doubt(stage, doubted, player):
    actor = getattr(stage.story.cast, player).actor
    assert not flags_seen(actor, doubted).exists()
    with pytest.raises(NotVisible):
        weigh(stage, stage.flags(doubted)[0], by=getattr(stage.story.cast, player))


def test_an_acceptor_in_the_working_unit_does_not_see_them_either(stage, doubted):
    cast = stage.story.cast
    organizations.grant_role(cast.handler.post, role=Role.ACCEPTOR, actor=cast.system)
    assert not flags_seen(cast.handler.actor, doubted).exists()


def test_the_office_reads_but_does_not_weigh(stage, doubted):
    cast = stage.story.cast
    assert flags_seen(cast.coordinator.actor, doubted).count() == 1
    with pytest.raises(NotAllowed, match="验收人"):
        weigh(stage, stage.flags(doubted)[0], by=cast.coordinator)


def test_who_works_reads_what_was_weighed_once_the_verdict_is_spoken(stage, doubted):
    weigh(stage, stage.flags(doubted)[0], weight="found_true", reason="照片取自另一问题。")
    actor = stage.story.cast.handler.actor
    assert not flags_seen(actor, fresh([doubted])[0]).exists()
    stage.story.accept(fresh([doubted])[0])
    assert [flag.reason for flag in flags_seen(actor, fresh([doubted])[0])] == ["照片取自另一问题。"]


def test_only_what_awaits_a_verdict_is_examined(stage):
    problem = stage.problem()
    with pytest.raises(Refused, match="不在待验收"):
        actions.examine(problem, actor=stage.story.cast.coordinator.actor)
    with pytest.raises(NotAllowed):
        actions.examine(problem, actor=stage.story.cast.handler.actor)
    with pytest.raises(NotVisible):
        actions.examine(problem, actor=stage.story.cast.outsider.actor)


def test_the_first_user_of_a_photograph_is_not_doubted(stage):
    first, second = stage.problem(), stage.elsewhere()
    stage.hand_in(first, photograph(82))
    stage.hand_in(second, photograph(82), by=stage.story.cast.sector_handler)
    stage.apply(first)
    assert stage.kinds(first) == []


def test_reports_that_came_before_this_room_are_found_too(stage):
    problem = stage.elsewhere()
    stage.told(problem, "已完成全部点位排查并建立整改台账。", 60, by=stage.story.cast.sector_handler)
    ReportedWords.objects.all().delete()
    assert remember_reports() == 1
    assert remember_reports() == 0


def test_the_table_refuses_a_weight_nobody_gave(stage, doubted):
    (flag,) = stage.flags(doubted)

    @action("tests.forge_weight", may=system_only)
    def forge(flag: AuthenticityFlag, *, actor) -> None:
        flag.weight = "unfounded"
        flag.save()

    with pytest.raises(IntegrityError, match="weighed_flag_says_by_whom_and_why"):
        forge(flag, actor=stage.story.cast.system)


def test_the_whole_can_be_verified(stage):
    photograph_saved_again(stage)
    assert verify_journal(processes=1, done={}, progress=lambda *_: None).wrong == []
