from __future__ import annotations

import datetime as dt

import pytest
from django.db import ProgrammingError

from bihuan.files import store
from bihuan.files.verification import verify_files
from bihuan.journal import timesource
from bihuan.journal.action import NotAllowed, NotVisible, Refused
from bihuan.journal.actions import confirm_expunge, propose_expunge
from bihuan.journal.models import JournalEvent
from bihuan.journal.verify.partition import verify_streams
from bihuan.learning import child, classifiers, training
from bihuan.learning.actions import adopt, ask_training, roll_back, set_aside
from bihuan.learning.checks import models_can_be_read
from bihuan.learning.child import Bounds, ChildFailed, learn_in_child
from bihuan.learning.lessons import lessons_of
from bihuan.learning.models import LearnedModel, Prediction
from bihuan.learning.rules import is_held_back
from bihuan.learning.schedule import ask_where_due
from bihuan.ledger.models import Readership
from tests.learning.conftest import SYSTEM, proposed, texts, with_terms

pytestmark = pytest.mark.django_db

State = LearnedModel.State
ABOUT_WATER = ("苗圃围栏又倒了", "risk.ecology.water")


def trained(cast) -> LearnedModel:
    model = ask_training(jurisdiction=cast.city, actor=cast.coordinator.actor)
    training.train(model.pk)
    model.refresh_from_db()
    return model


def test_from_confirmed_labels_to_a_model_in_use(office, enter):
    """All of it: rows of the ledger, a child process, a file, a measurement, an adoption, verify."""
    with_terms(office, least_rows=10, held_back=40)
    problems = [enter(text, sector) for text, sector in texts()[::2]]
    assert classifiers.classifier_for(office.city) is None
    model = trained(office)
    assert (model.state, model.verdict) == (State.IN_FORCE, "better"), model.measures
    assert model.examples + model.held_back == len(problems)
    verbs = list(JournalEvent.objects.filter(stream=model.pk).order_by("seq").values_list("verb", flat=True))
    assert verbs == ["learning.ask_training", "learning.measure", "learning.adopt"]
    said = classifiers.classifier_for(office.city).predict(ABOUT_WATER[0])
    assert said.best == ABOUT_WATER[1]
    assert said.reasons
    known = classifiers.learnt_from(model)
    assert known == {problem.pk.hex for problem in problems if not is_held_back(problem.pk, 40)}
    assert not [found for found in verify_files() if found.state.is_fault]
    gone = next(problem for problem in problems if problem.pk.hex in known)
    proposed(gone, "risk.fire")
    _expunge(office, gone)
    model.refresh_from_db()
    assert model.state == State.DESTROYED
    assert not model.file.blob.kept
    assert classifiers.classifier_for(office.city) is None
    assert Prediction.objects.get(problem=gone).reasons == []
    found = verify_streams([gone.pk, model.pk, model.file_id, model.file.blob_id]).found
    assert {str(one.fault) for one in found} == {"erased"}


def _expunge(cast, problem) -> None:
    proposal = propose_expunge(
        record=problem,
        rows={problem.row_key: ["title", "text"]},
        reason="误传",
        document_no="〔2026〕1号",
        actor=cast.system_administrator.actor,
    )
    confirm_expunge(proposal, actor=cast.security_administrator.actor)


def test_expunging_a_text_nobody_learnt_from_leaves_the_model(office, taught, enter):
    model = trained(office)
    _expunge(office, enter("苗圃围栏倒塌", "risk.ecology.water"))
    model.refresh_from_db()
    assert model.state == State.IN_FORCE


def test_a_model_no_better_than_the_one_in_use_stays_out(office, taught):
    assert trained(office).state == State.IN_FORCE
    again = trained(office)
    assert (again.state, again.verdict) == (State.MEASURED, "no_gain")
    with pytest.raises(Refused):
        adopt(again, actor=SYSTEM)


def test_rows_the_model_in_use_has_learnt_are_not_measured_on(office, taught):
    first = trained(office)
    # A higher share held back than when the first was learnt: these rows it knows by heart.
    taught.held_back.extend(taught.learnt[:10])
    del taught.learnt[:10]
    again = trained(office)
    assert again.held_back == first.held_back


def test_a_place_below_uses_the_model_of_its_superior(office, taught):
    model = trained(office)
    found = classifiers.classifier_for(office.other_county)
    assert found is not None
    assert found.model == model.pk


def test_with_too_few_labels_nothing_is_learnt(office, enter):
    enter("苗圃围栏倒塌", "risk.ecology.water")
    model = trained(office)
    assert (model.state, model.failure) == (State.FAILED, "few_labels")


def test_too_few_held_back_labels_prove_nothing(office, taught):
    with_terms(office, least_rows=500)
    model = trained(office)
    assert (model.state, model.verdict) == (State.MEASURED, "too_few")


def test_the_jobs_second_run_changes_nothing(office, taught):
    model = trained(office)
    events = JournalEvent.objects.filter(stream=model.pk).count()
    assert training.train(model.pk) == State.IN_FORCE
    assert JournalEvent.objects.filter(stream=model.pk).count() == events


def test_a_job_that_died_between_measuring_and_adopting_goes_on(office, taught, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr(training.actions, "adopt", lambda *_, **__: None)
        model = trained(office)
    assert (model.state, model.verdict) == (State.MEASURED, "better")
    assert training.train(model.pk) == State.IN_FORCE


@pytest.mark.parametrize("why", ["time", "memory", "crashed"])
def test_a_child_that_fails_costs_only_its_training(office, taught, monkeypatch, why):
    def failing(*_, **__):
        raise ChildFailed(why)

    monkeypatch.setattr(training, "learn_in_child", failing)
    model = trained(office)
    assert (model.state, model.failure) == (State.FAILED, why)
    assert classifiers.classifier_for(office.city) is None


LESSONS = [(f"苗圃{number}", "a") for number in range(20)] + [(f"驿站{number}", "b") for number in range(20)]


def test_a_child_is_ended_when_its_time_is_over():
    with pytest.raises(ChildFailed, match="time"):
        learn_in_child(LESSONS, accuracy=0.9, about={}, bounds=Bounds(seconds=0.05, mebibytes=2048))


def test_a_child_has_the_memory_it_is_given():
    with pytest.raises(ChildFailed):
        learn_in_child(LESSONS, accuracy=0.9, about={}, bounds=Bounds(seconds=60, mebibytes=96))


def test_a_child_is_given_no_secret(monkeypatch):
    seen = {}

    class Done:
        returncode = 0
        stderr = b""

    monkeypatch.setenv("BIHUAN_SECRET", "x")
    monkeypatch.setattr(child.subprocess, "run", lambda *_, **given: seen.update(given["env"]) or Done())
    with pytest.raises(FileNotFoundError):
        learn_in_child(LESSONS, accuracy=0.9, about={}, bounds=Bounds(seconds=5, mebibytes=512))
    assert not [name for name in seen if "BIHUAN" in name or "DATABASE" in name]


def test_what_has_a_wall_round_it_is_not_learnt(office, enter):
    enter("苗圃围栏倒塌", "risk.ecology.water")
    enter("驿站座椅破损", "risk.fire", readership=Readership.WORK_SECRET)
    enter("驿站茶水停供", "risk.fire", more={"imported_from": "台账.xlsx 第 3 行"})
    found = lessons_of(office.city, most=100, held_back=0)
    assert [lesson.text.strip()[:4] for lesson in found.learnt] == ["苗圃围栏"]


def test_persons_are_not_learnt(office, enter):
    enter("驿站值守人林晓离岗，联系人：李四喜，电话13812345678，编号202600017", "risk.fire")
    [lesson] = lessons_of(office.city, most=100, held_back=0).learnt
    assert not [piece for piece in ("林晓", "李四喜", "138", "20260") if piece in lesson.text]
    assert "离岗" in lesson.text


def test_a_model_that_cannot_be_read_leaves_the_profiles_to_speak_and_the_doctor_names_it(office, taught):
    model = trained(office)
    store.destroy(store.name_of(model.file.blob.sha256))
    classifiers.forget(model.file.blob.sha256)
    assert classifiers.classifier_for(office.city) is None
    assert [found.id for found in models_can_be_read(None, ["default"])] == ["learning.W001"]


def test_one_goes_back_with_a_reason_and_to_what_was_in_use(office, taught):
    first = trained(office)
    boss = office.coordinator.actor
    with pytest.raises(Refused, match="理由"):
        set_aside(first, reason=" ", actor=boss)
    set_aside(first, reason="近期几条明显说错", actor=boss)
    assert classifiers.classifier_for(office.city) is None
    second = trained(office)
    assert second.state == State.IN_FORCE
    roll_back(first, reason="第二版更差", actor=boss)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == (State.IN_FORCE, State.FORMER)
    with pytest.raises(Refused, match="不能退回"):
        roll_back(first, reason="再来一次", actor=boss)


def test_one_training_at_a_time(office):
    ask_training(jurisdiction=office.city, actor=office.coordinator.actor)
    with pytest.raises(Refused, match="正在学习"):
        ask_training(jurisdiction=office.city, actor=office.coordinator.actor)


def test_a_training_that_never_answered_stands_in_nobodys_way(office):
    lost = ask_training(jurisdiction=office.city, actor=office.coordinator.actor)
    with timesource.at(lost.asked_at + dt.timedelta(hours=7)):
        ask_training(jurisdiction=office.city, actor=office.coordinator.actor)
    lost.refresh_from_db()
    assert (lost.state, lost.failure) == (State.FAILED, "lost")


@pytest.mark.parametrize("who", ["reviewer", "handler", "system_administrator"])
def test_only_the_coordinator_asks_for_a_training(office, who):
    with pytest.raises(NotAllowed):
        ask_training(jurisdiction=office.city, actor=getattr(office, who).actor)


def test_for_another_place_a_model_does_not_exist(office, taught):
    model = trained(office)
    with pytest.raises(NotVisible):
        set_aside(model, reason="x", actor=office.outsider.actor)
    with pytest.raises(NotAllowed):
        set_aside(model, reason="x", actor=office.reviewer.actor)


def test_the_schedule_asks_where_its_days_are_over_and_labels_are_new(office, enter):
    assert ask_where_due() == 0
    enter("苗圃围栏倒塌", "risk.ecology.water")
    assert ask_where_due() == 1
    # The county above which the city stands has no office of its own rule to ask: only the city asked, and only once.
    assert ask_where_due() == 0
    assert LearnedModel.objects.get().asked_by is None


def test_a_schema_still_to_be_made_is_no_fault_of_the_models(office, monkeypatch):
    """`bihuan migrate` runs the checks before there is a table to ask."""

    def missing(*_, **__):
        raise ProgrammingError('relation "learning_learnedmodel" does not exist')

    monkeypatch.setattr(LearnedModel.objects, "filter", missing)
    assert models_can_be_read(None, ["default"]) == []
