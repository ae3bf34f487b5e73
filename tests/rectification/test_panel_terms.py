"""Which problems a panel is demanded for, of how many, from how many units: by policy, and refused with what is missing."""

from __future__ import annotations

import pytest

from bihuan.journal.action import Refused
from bihuan.policies.actions import enact
from bihuan.rectification import actions as do
from tests.rectification.conftest import fresh
from tests.rectification.test_panels import all_sign, seat


@pytest.mark.django_db
class TestPolicy:
    def demand(self, story, **more):
        body = {"members": 3, "units": 2, "agreement": "two_thirds", "on_site": True} | more
        enact(
            code="acceptance_panel",
            jurisdiction=story.cast.city,
            body=body,
            grade="major",
            reason="较大问题联合验收。",
            actor=story.cast.reviewer.actor,
        )

    def test_alone_is_refused_where_a_panel_is_demanded_but_a_return_is_not(self, story):
        self.demand(story)
        problem = story.accepting()
        with pytest.raises(Refused, match="由验收组验收，不能一人作出"):
            story.accept(problem)
        do.return_acceptance(
            problem, gates={"effect": "failed"}, what_is_missing="资料不全", actor=story.cast.acceptor.actor
        )
        assert fresh([problem])[0].returns == 1

    def test_too_few_or_from_too_few_units_is_refused(self, story, open_account):
        self.demand(story)
        problem = story.accepting()
        with pytest.raises(Refused, match="还差 1 人"):
            seat(story, open_account, problem, ("acceptor", "inspector"))
        self.demand(story, units=3)
        with pytest.raises(Refused, match="1 个单位"):
            seat(story, open_account, problem, ("acceptor", "inspector", "source_authority"))

    def test_the_rule_of_the_day_it_was_set_up_counts_and_on_site_is_on_site(self, story, open_account):
        self.demand(story)
        problem = story.accepting()
        panel = seat(story, open_account, problem)
        self.demand(story, agreement="all", on_site=False)
        all_sign(story, panel, "inspector")
        with pytest.raises(Refused, match="须现场核查"):
            story.accept(problem, on_site=False)
        story.accept(problem)
        assert fresh([problem])[0].state == "noticed"

    def test_severe_problems_take_a_panel_from_the_start(self, story):
        from bihuan.policies.queries import policy_for

        found = policy_for(
            "acceptance_panel", jurisdiction=story.cast.city, grade="severe", on=story.clock.today
        )
        assert found.body["members"] == 3
