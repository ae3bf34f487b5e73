"""A candidate beside the ledger: merged, kept as a recurrence, or apart; decided before it enters."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from bihuan.documents.reading import read_document
from bihuan.files import store
from bihuan.intake import actions
from bihuan.intake.models import Candidate, Certificate
from bihuan.intake.sealing.proving import prove
from bihuan.intake.sharing import Moved, mark_of
from bihuan.journal.action import Actor, NotVisible, Refused, action, system_only
from bihuan.journal.guards import partitions
from bihuan.journal.verify.partition import verify_partition
from bihuan.ledger import actions as ledger
from bihuan.ledger.comparing import recurrences_of, undecided
from bihuan.ledger.jobs import compare_some, compare_waiting
from bihuan.ledger.models import Comparison, Finding, Hint, Problem, Sector, Source, Waiting
from bihuan.ledger.registering import NewProblem
from tests.intake.conftest import SYSTEM
from tests.intake.sealing import seal
from tests.intake.sheets import rows, take, workbook
from tests.intake.test_actions import settle

if TYPE_CHECKING:
    from bihuan.intake.models import IntakeDocument
    from bihuan.ledger.models import Batch
    from tests.organizations.cast import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("uncollected_static")]

BEFORE = "青石县供水管网巡检不到位，管网漏损率超过百分之二十，市水务局未有效解决，群众多次反映。"


@action("tests.stand_at", may=system_only)
def stand_at(problem: Problem, *, state: str, actor: Actor) -> None:
    """Put a problem where its life would bring it."""
    problem.state, problem.closed_on = state, dt.date(2026, 3, 1) if state == "closed" else None
    problem.save()


@pytest.fixture
def standing(batch: Batch, cast: Cast) -> Problem:
    """A problem of the ledger that the letter's first item repeats in other words."""
    return ledger.register(
        jurisdiction=cast.city,
        new=NewProblem(
            title="青石县供水管网漏损",
            text=BEFORE,
            sector=Sector.objects.get(code="risk.ecology.water"),
            source=Source.objects.get(code="self_inspection"),
            nature="duty",
            impact="local",
            urgency="urgent",
            rectification_kind="by_date",
        ),
        actor=cast.coordinator.actor,
    )


def decide(letter: IntakeDocument, cast: Cast, problem: Problem, outcome: str, k: int = 1) -> None:
    actions.compare_candidate(
        letter, candidate=k, problem=problem, outcome=outcome, actor=cast.coordinator.actor
    )


def compared(letter: IntakeDocument, k: int = 1) -> dict[str, str]:
    return dict(Candidate.objects.get(document=letter, k=k).compared)


def confirm(letter: IntakeDocument, cast: Cast) -> Problem:
    (problem,) = actions.confirm_candidates(letter, candidates=[1], actor=cast.coordinator.actor)
    return Problem.objects.get(pk=problem.pk)


def test_merged_the_finding_hangs_on_the_problem_that_stands(letter, cast, standing):
    decide(letter, cast, standing, "merge")
    assert confirm(letter, cast) == standing
    assert Problem.objects.count() == 1
    finding = Finding.objects.get()
    assert finding.problem_links.get().problem == standing
    assert "青石县" in finding.text
    with pytest.raises(Refused, match=standing.problem_no):
        ledger.answer_finding(finding, answer="已并案。", document_no="", actor=cast.coordinator.actor)
    assert [verify_partition(name).found for name in partitions()] == [[]] * len(partitions())


def test_what_is_merged_needs_no_facts_of_its_own(letter, cast, standing):
    actions.edit_candidate(letter, candidate=1, facts={"lead_unit": None}, actor=cast.coordinator.actor)
    with pytest.raises(Refused, match="牵头单位"):
        confirm(letter, cast)
    decide(letter, cast, standing, "merge")
    assert confirm(letter, cast) == standing


def test_kept_apart_is_remembered_for_the_problem_it_becomes(letter, cast, standing):
    decide(letter, cast, standing, "apart")
    problem = confirm(letter, cast)
    pair = Comparison.objects.get()
    assert ({pair.one, pair.other}, pair.outcome) == ({problem, standing}, "apart")


def test_recurrence_wants_an_ended_problem_and_is_counted(letter, cast, standing):
    with pytest.raises(Refused, match="不算反复"):
        decide(letter, cast, standing, "recurrence")
    stand_at(standing, state="closed", actor=SYSTEM)
    with pytest.raises(Refused, match="不能再并入"):
        decide(letter, cast, standing, "merge")
    decide(letter, cast, standing, "recurrence")
    problem = confirm(letter, cast)
    assert recurrences_of(cast.coordinator.actor, problem) == [standing, problem]


def test_what_ended_meanwhile_is_not_merged_into(letter, cast, standing):
    decide(letter, cast, standing, "merge")
    stand_at(standing, state="closed", actor=SYSTEM)
    with pytest.raises(Refused, match="不能再并入"):
        confirm(letter, cast)
    assert not Finding.objects.exists()


def test_a_decision_of_somebody_else_is_seen_before_one_confirms(letter, cast, standing):
    shown = mark_of(Candidate.objects.get(document=letter, k=1))
    decide(letter, cast, standing, "merge")
    with pytest.raises(Moved):
        actions.confirm_candidates(letter, candidates=[1], shown={"1": shown}, actor=cast.reviewer.actor)


def test_one_target_at_most_and_decisions_are_taken_back(letter, cast, standing):
    other = ledger.register(
        jurisdiction=cast.city,
        new=NewProblem(
            title="乙", text="乙。", sector=standing.sector, source=standing.source, nature="duty",
            impact="local", urgency="urgent", rectification_kind="by_date",
        ),
        actor=cast.coordinator.actor,
    )  # fmt: skip
    decide(letter, cast, standing, "merge")
    decide(letter, cast, other, "merge")
    assert compared(letter) == {str(other.pk): "merge"}
    decide(letter, cast, other, "")
    assert compared(letter) == {}
    decide(letter, cast, standing, "apart")
    assert actions.undo(letter, actor=cast.coordinator.actor) == "intake.compare_candidate"
    assert compared(letter) == {}
    with pytest.raises(Refused, match="没有“twin”"):
        decide(letter, cast, standing, "twin")


def test_what_runs_in_a_channel_does_not_exist_here(letter, cast, standing):
    keeper = cast.channel_keeper
    channel = ledger.create_channel(
        jurisdiction=cast.city, code="zx1", name="专线一", number_pattern="ZX-{year}-{serial:03}",
        keeper=keeper.post, actor=keeper.actor,
    )  # fmt: skip
    hidden = ledger.register(
        jurisdiction=cast.city,
        new=NewProblem(
            title="隐名", text=BEFORE, sector=standing.sector, source=standing.source, nature="duty",
            impact="local", urgency="urgent", rectification_kind="by_date", channel=channel,
        ),
        actor=SYSTEM,
    )  # fmt: skip
    with pytest.raises(NotVisible):
        decide(letter, cast, hidden, "merge")


def test_the_certificate_counts_what_joined_apart_from_what_is_new(letter, batch, cast, standing):
    decide(letter, cast, standing, "merge")
    settle(letter, cast)
    seal(batch, cast.reviewer.actor)
    certificate = Certificate.objects.select_related("batch", "file__blob").get()
    with store.open_stored(store.name_of(certificate.file.blob.sha256)) as kept:
        said = read_document(kept.read(), name="证明.docx").text
    assert f"1 件：{standing.problem_no}" in said
    assert "2 件：" in said
    assert all(point.holds for point in prove(certificate).points)


class TestPages:
    def test_the_card_loads_what_the_candidate_may_repeat(self, letter, cast, standing, client_as):
        desk = client_as(cast.coordinator)
        address = reverse("intake:alike", args=[letter.pk, 1])
        assert address in desk.get(reverse("intake:review", args=[letter.pk])).content.decode()
        page = desk.get(address).content.decode()
        assert standing.problem_no in page
        assert "管网" in page
        assert (
            standing.problem_no not in desk.get(reverse("intake:alike", args=[letter.pk, 3])).content.decode()
        )

    def test_deciding_answers_with_the_card(self, letter, cast, standing, client_as):
        desk, address = client_as(cast.coordinator), reverse("intake:compare", args=[letter.pk, 1])
        sent = {"problem": str(standing.pk), "outcome": "apart", "first": "1", "last": "50"}
        answer = desk.post(address, sent, headers={"HX-Request": "true"})
        assert (answer.status_code, standing.problem_no in answer.content.decode()) == (200, True)
        assert compared(letter) == {str(standing.pk): "apart"}
        assert (
            standing.problem_no not in desk.get(reverse("intake:alike", args=[letter.pk, 1])).content.decode()
        )

    def test_outsiders_wrong_methods_and_wrong_problems(self, letter, cast, standing, client_as):
        names = [reverse(f"intake:{name}", args=[letter.pk, 1]) for name in ("alike", "compare")]
        outsider, desk = client_as(cast.outsider), client_as(cast.coordinator)
        assert outsider.get(names[0]).status_code == 404
        assert outsider.post(names[1], {"problem": str(standing.pk), "outcome": "apart"}).status_code == 404
        assert desk.get(names[1]).status_code == 405
        assert desk.post(names[0]).status_code == 405
        for wrong in ("", "nonsense", str(letter.pk)):
            assert desk.post(names[1], {"problem": wrong, "outcome": "apart"}).status_code == 404


# ---- many at once ----


@pytest.fixture
def taken_in(batch: Batch, cast: Cast) -> list[Problem]:
    """Two of five rows of a running ledger say the same."""
    lines = rows(5)
    lines[4] = [*lines[3]]
    lines[4][0] = "9"
    take(batch, workbook(lines), cast)
    return list(Problem.objects.order_by("problem_no"))


def test_imported_rows_wait_and_say_so_until_the_job_has_compared_them(taken_in, cast, client_as):
    desk = client_as(cast.coordinator)
    said = "尚未比对"
    assert Waiting.objects.count() == len(taken_in) == 5
    assert desk.get(reverse("desk:ledger")).content.decode().count(said) == 5
    assert said in desk.get(reverse("ledger:alike", args=[taken_in[0].pk])).content.decode()
    assert said in desk.get(reverse("ledger:undecided")).content.decode()
    # Stopped in between, it goes on with those that still wait.
    assert compare_some(most=2) == 2
    assert Waiting.objects.count() == 3
    assert compare_waiting.func() == 3
    assert compare_waiting.func() == 0
    assert said not in desk.get(reverse("desk:ledger")).content.decode()
    # The others differ in a number only; the pair in the same words stands first.
    hint = Hint.objects.get(percent=100)
    assert (hint.like, hint.problem) == (taken_in[3], taken_in[4])


def test_the_job_is_queued_with_the_rows(taken_in):
    assert ProcrastinateJob.objects.filter(task_name="ledger.compare_waiting").exists()


def test_what_the_job_found_is_listed_until_it_is_decided(taken_in, cast, client_as):
    compare_waiting.func()
    desk, address = client_as(cast.coordinator), reverse("ledger:undecided")
    pair = [taken_in[3], taken_in[4]]
    page = desk.get(address).content.decode()
    assert all(problem.problem_no in page for problem in pair)
    assert client_as(cast.outsider).get(address).content.decode().count(pair[0].problem_no) == 0
    (first, *others) = undecided(cast.coordinator.actor)
    assert (first.like, first.problem) == tuple(pair)
    ledger.keep_apart(pair, actor=cast.coordinator.actor)
    assert list(undecided(cast.coordinator.actor)) == others, "all but the pair that was decided"
