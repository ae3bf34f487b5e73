"""逐级验收: the unit's own check first, then level after level; who is told for the record may refuse, and names the gates."""

from __future__ import annotations

import pytest
from django.db import IntegrityError
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from bihuan.journal.action import NotAllowed, NotVisible, Refused, Verb, system_only
from bihuan.ledger.sight import can_see
from bihuan.organizations import actions as organizations
from bihuan.organizations.acting import Seat, actor_in
from bihuan.organizations.models import Role, UnitLevel
from bihuan.policies.actions import enact
from bihuan.rectification import actions as do
from bihuan.rectification.actions.closure import refuse_involved
from bihuan.rectification.independence_facts import accepted_in
from bihuan.rectification.levels import filing_level, levels_in, next_level
from bihuan.rectification.models import Acceptance, AcceptanceLevel, ClosureReview
from bihuan.rectification.offers import offers_for
from tests.organizations.cast import THE_SYSTEM, Player
from tests.rectification.conftest import PASSED, fresh

TO_THE_PROVINCE = {"county": "accept", "city": "accept", "province": "accept"}
FILED_ABOVE = {"county": "none", "city": "accept", "province": "file"}
DOES = st.sampled_from(["none", "accept", "file"])


@given(
    st.fixed_dictionaries({"county": st.sampled_from(["none", "accept"]), "city": DOES, "province": DOES}),
    st.sampled_from([2, 3, 4]),
)
def test_levels_go_upwards_and_never_below_the_own_office(body, own):
    found = levels_in(body, own, "accept")
    assert found == sorted(found, reverse=True)
    assert all(level <= own for level in found)
    assert not set(found) & set(levels_in(body, own, "file"))


def levels(story, body):
    enact(
        code="acceptance_levels",
        jurisdiction=story.cast.city,
        body=body,
        reason="分级验收。",
        actor=story.cast.reviewer.actor,
    )


def player(name, unit, post, *roles):
    person = organizations.create_person(name=name, actor=THE_SYSTEM)
    made = organizations.create_post(unit=unit, name=post, kind="staff", actor=THE_SYSTEM)
    organizations.appoint(made, person=person, actor=THE_SYSTEM)
    for role in roles:
        organizations.grant_role(made, role=role, actor=THE_SYSTEM)
    return Player(person, made, actor_in(person, Seat(made, frozenset(roles))))


@pytest.fixture
def province(story):
    """A province over the city, with an acceptor of its own."""
    cast = story.cast
    top = organizations.create_unit(
        code="PROVINCE", name="江东省", kind="government", level=2, is_jurisdiction=True, actor=THE_SYSTEM
    )
    organizations.move_unit(cast.city, parent=top, reason="隶属江东省", actor=THE_SYSTEM)
    seat = organizations.create_unit(
        code="P-OVERSIGHT", name="省督查室", kind="oversight", level=2, parent=top, actor=THE_SYSTEM
    )
    cast.city.refresh_from_db()
    return player("岳麓", seat, "省督查室验收岗", Role.ACCEPTOR)


def passed(problem, by, **more):
    facts = {"opinion": "本级核查，整改到位。", "gates": PASSED, "on_site": True} | more
    return do.accept_level(problem, **facts, actor=by.actor)


def verbs(player_, problem):
    return {one.verb.partition(".")[2]: one.why_not for one in offers_for(player_.actor, fresh([problem])[0])}


@pytest.mark.django_db
class TestLevelAfterLevel:
    def test_each_is_needed_before_the_next_and_the_last_accepts(self, story, province):
        levels(story, TO_THE_PROVINCE)
        problem = story.accepting()
        assert next_level(problem) == (UnitLevel.CITY, False)
        assert not can_see(province.actor, problem)
        with pytest.raises(Refused, match="先由市级验收"):
            story.accept(problem)
        assert verbs(story.cast.acceptor, problem)["accept_level"] == ""
        assert "accept" not in verbs(story.cast.acceptor, problem)
        passed(problem, story.cast.acceptor)
        problem = fresh([problem])[0]
        assert (problem.state, next_level(problem)) == ("accepting", (UnitLevel.PROVINCE, True))
        assert can_see(province.actor, problem)
        with pytest.raises(Refused, match="现在应由省级验收"):
            story.accept(problem)
        story.accept(problem, by=province)
        assert fresh([problem])[0].state == "noticed"
        assert AcceptanceLevel.objects.get().acceptance == Acceptance.objects.get(state="accepted")

    def test_a_level_that_returns_begins_again_at_the_first(self, story, province):
        levels(story, TO_THE_PROVINCE)
        problem = story.accepting()
        passed(problem, story.cast.acceptor)
        do.return_acceptance(
            fresh([problem])[0],
            gates={"lasting": "failed"},
            what_is_missing="长效机制没有落到制度",
            actor=province.actor,
        )
        problem = fresh([problem])[0]
        assert (problem.state, problem.returns) == ("rectifying", 1)
        story.apply(problem)
        assert next_level(fresh([problem])[0]) == (UnitLevel.CITY, False)

    def test_nobody_judges_at_two_levels(self, story, province):
        levels(story, TO_THE_PROVINCE)
        problem = story.accepting()
        passed(problem, story.cast.acceptor)
        borrowed = actor_in(story.cast.acceptor.person, Seat(province.post, frozenset({Role.ACCEPTOR})))
        with pytest.raises(Refused, match="已在下一级验收过"):
            do.accept(fresh([problem])[0], opinion="核查。", gates=PASSED, on_site=True, actor=borrowed)

        def body(acceptance, *, actor):
            acceptance.state, acceptance.acceptor = "accepted", story.cast.acceptor.person.pk
            acceptance.acceptor_path, acceptance.lead_path = province.unit.path, story.cast.water.path
            acceptance.save()

        with pytest.raises(IntegrityError, match="one person judged at two levels"):
            Verb("tests.twice", body, system_only)(Acceptance.objects.get(), actor=THE_SYSTEM)

    def test_the_database_refuses_a_level_judged_by_who_worked(self, story, province):
        levels(story, TO_THE_PROVINCE)
        story.accepting()

        def body(acceptance, *, actor):
            AcceptanceLevel.objects.create(
                acceptance=acceptance,
                level=3,
                unit=story.cast.inspection,
                unit_path=story.cast.inspection.path,
                acceptor=story.cast.handler.person.pk,
                opinion="好",
                decided_on=story.clock.today,
            )

        with pytest.raises(IntegrityError, match="had a part in the work"):
            Verb("tests.self", body, system_only)(Acceptance.objects.get(), actor=THE_SYSTEM)

    def test_who_passed_a_level_counts_as_having_accepted(self, story, province):
        levels(story, TO_THE_PROVINCE)
        problem = story.accepting()
        passed(problem, story.cast.acceptor)
        story.accept(fresh([problem])[0], by=province)
        problem = fresh([problem])[0]
        assert accepted_in([story.cast.acceptor.person.pk], [problem]) == {problem.pk}
        with pytest.raises(Refused, match="验收了这个问题"):
            refuse_involved(problem, story.cast.acceptor.actor)

    def test_the_worker_the_outsider_and_a_failed_gate_are_refused(self, story, province):
        levels(story, TO_THE_PROVINCE)
        problem = story.accepting()
        with pytest.raises(NotAllowed):
            passed(problem, story.cast.handler)
        with pytest.raises(NotVisible):
            passed(problem, story.cast.outsider)
        with pytest.raises(Refused, match="有一关没有通过"):
            passed(problem, story.cast.acceptor, gates=PASSED | {"effect": "failed"})

    def test_a_level_that_works_elsewhere_speaks_by_its_document(self, story):
        levels(story, TO_THE_PROVINCE)
        problem = story.accepting()
        passed(problem, story.cast.acceptor)
        from tests.rectification.conftest import upload

        do.record_external_acceptance(
            fresh([problem])[0],
            authority="省整改办",
            document_no="江东整改验〔2026〕5号",
            decided_on=story.clock.today,
            opinion="同意。",
            file=upload("验收意见"),
            actor=story.cast.coordinator.actor,
        )
        assert fresh([problem])[0].state == "noticed"

    def test_without_levels_one_acceptance_is_enough(self, story):
        problem = story.accepting()
        assert next_level(problem) == (None, True)
        with pytest.raises(Refused, match="没有更高一级的验收"):
            passed(problem, story.cast.acceptor)
        story.accept(problem)


@pytest.mark.django_db
class TestFiling:
    """单位自验 → 市级验收 → 省级备案."""

    def closed(self, story):
        levels(story, FILED_ABOVE)
        problem = story.under_review()
        story.close(problem)
        return fresh([problem])[0]

    def refuse(self, story, problem, **more):
        facts = {
            "authority": "省整改办",
            "document_no": "江东整改〔2026〕9号",
            "refused_on": story.clock.today,
            "gates": {"similar_cases": "failed"},
            "what_is_missing": "同类点位没有排查",
        } | more
        return do.refuse_filing(problem, **facts, actor=story.cast.coordinator.actor)

    def test_all_three_levels_one_after_the_other(self, story):
        problem = self.closed(story)
        assert Acceptance.objects.get().self_check
        assert filing_level(problem) == UnitLevel.PROVINCE
        do.file_closure(
            [problem],
            filing_no="江东整改备〔2026〕2号",
            filed_on=story.clock.today,
            actor=story.cast.coordinator.actor,
        )
        problem = fresh([problem])[0]
        assert (problem.filing_no, problem.filed_on) == ("江东整改备〔2026〕2号", story.clock.today)
        with pytest.raises(Refused):
            self.refuse(story, problem)

    def test_the_page_of_filing_says_which_level_is_told(self, story, client_as, uncollected_static):
        problem = self.closed(story)
        url = f"{reverse('rectification:file')}?pick={problem.pk}"
        assert "报省级备案" in client_as(story.cast.coordinator).get(url).content.decode()
        levels(story, FILED_ABOVE | {"province": "none"})
        assert "省级备案" not in client_as(story.cast.coordinator).get(url).content.decode()

    def test_a_refusal_withdraws_the_closure_and_names_the_gates(self, story):
        problem = self.closed(story)
        self.refuse(story, problem)
        problem = fresh([problem])[0]
        assert (problem.state, problem.closed_on, problem.round) == ("rectifying", None, 1)
        row = ClosureReview.objects.get(state="returned")
        assert (row.authority, row.minutes_no, row.failed) == (
            "省整改办",
            "江东整改〔2026〕9号",
            ["similar_cases"],
        )

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            ({"gates": {}}, "没有写明哪一关"),
            ({"document_no": " "}, "文号"),
            ({"authority": ""}, "备案机关"),
            ({"what_is_missing": ""}, "缺什么"),
        ],
    )
    def test_a_refusal_without_its_grounds_is_none(self, story, change, words):
        problem = self.closed(story)
        with pytest.raises(Refused, match=words):
            self.refuse(story, problem, **change)
        assert fresh([problem])[0].state == "closed"

    def test_its_page(self, story, client_as, uncollected_static):
        problem = self.closed(story)
        url = reverse("rectification:refuse_filing", args=[problem.pk])
        assert client_as(story.cast.outsider).get(url).status_code == 404
        assert client_as(story.cast.handler).get(url).status_code == 403
        answer = client_as(story.cast.coordinator).post(
            url,
            {
                "authority": "省整改办",
                "document_no": "江东整改〔2026〕9号",
                "refused_on": story.clock.today.isoformat(),
                "failed": ["similar_cases"],
                "what_is_missing": "同类点位没有排查",
            },
        )
        assert answer.status_code == 302
        assert fresh([problem])[0].state == "rectifying"


@pytest.mark.django_db
def test_the_pile_to_accept_holds_what_one_can_judge_next(story, province):
    from bihuan.rectification.queries import to_accept

    levels(story, TO_THE_PROVINCE)
    problem = story.accepting()
    assert [list(to_accept(one.actor)) for one in (story.cast.acceptor, province)] == [[problem], []]
    passed(problem, story.cast.acceptor)
    assert [list(to_accept(one.actor)) for one in (story.cast.acceptor, province)] == [[], [problem]]
    do.return_acceptance(
        fresh([problem])[0], gates={"lasting": "failed"}, what_is_missing="缺制度", actor=province.actor
    )
    story.apply(fresh([problem])[0])
    assert [list(to_accept(one.actor)) for one in (story.cast.acceptor, province)] == [[problem], []]


@pytest.mark.django_db
@pytest.mark.usefixtures("uncollected_static")
def test_the_desk_counts_it_no_longer_for_a_level_that_has_spoken(story, province, client_as):
    levels(story, TO_THE_PROVINCE)
    problem = story.accepting()
    client = client_as(story.cast.acceptor)
    assert "queue-accept" in client.get(reverse("desk:home")).content.decode()
    passed(problem, story.cast.acceptor)
    assert "queue-accept" not in client.get(reverse("desk:home")).content.decode()
