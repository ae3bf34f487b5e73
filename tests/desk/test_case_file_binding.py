"""Case files in number: asked for, bound by a job, found again, and gone when their days are over."""

from __future__ import annotations

import pytest
from django.urls import reverse

from bihuan.desk import case_file_binding as binding
from bihuan.desk import jobs
from bihuan.desk.models import Binding
from bihuan.files import store
from bihuan.journal.actions import confirm_expunge, propose_expunge
from bihuan.journal.errors import Refused
from bihuan.ledger import actions as ledger
from bihuan.policies.actions import enact
from tests.desk.binding import fetched, opened

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("uncollected_static", "folder")]


@pytest.fixture
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def problems(story):
    return [story.register() for _ in range(3)]


def asked(story, client_as, problems, player=None) -> Binding:
    """Ticked in the ledger, sent, and waiting for a worker."""
    query = "&".join(f"pick={problem.pk}" for problem in problems)
    client = client_as(player or story.cast.coordinator)
    assert client.get(reverse("desk:bind") + f"?{query}").status_code == 200
    assert client.post(reverse("desk:bind") + f"?{query}").status_code == 302
    return Binding.objects.latest("asked_at")


def bound(story, client_as, problems) -> Binding:
    row = asked(story, client_as, problems)
    jobs.bind_case_files(binding=str(row.pk))
    row.refresh_from_db()
    return row


def place(row) -> str:
    return reverse("desk:fetch_binding", args=[row.pk])


def test_the_ticked_ones_are_bound_by_a_job_and_fetched_from_the_list(story, client_as, problems):
    row = asked(story, client_as, problems)
    client = client_as(story.cast.coordinator)
    waiting = client.get(reverse("desk:case_files")).content.decode()
    assert "可以离开此页" in waiting
    assert 'hx-trigger="every 3s"' in waiting
    assert client.get(place(row)).status_code == 404
    jobs.bind_case_files(binding=str(row.pk))
    done = client.get(reverse("desk:case_files")).content.decode()
    assert place(row) in done
    assert "hx-trigger" not in done
    cases = opened(fetched(client.get(place(row))))
    assert [case.folder for case in cases] == sorted(problem.problem_no for problem in problems)
    row.refresh_from_db()
    assert (row.state, row.done, row.total) == ("ready", 3, 3)


def test_a_slice_of_the_ledger_is_bound_as_it_is_filtered(story, client_as, problems):
    other = story.register(source="audit")
    client = client_as(story.cast.coordinator)
    page = client.get(reverse("desk:ledger") + "?source=audit")
    address = page.context["bind_url"]
    assert address.replace("&", "&amp;") in page.content.decode()
    assert client.post(address).status_code == 302
    assert Binding.objects.get().problems == [str(other.pk)]


def test_running_again_after_a_crash_gives_one_whole_archive(story, client_as, problems):
    row = asked(story, client_as, problems)
    Binding.objects.filter(pk=row.pk).update(state=Binding.State.BINDING, done=2)
    jobs.bind_case_files(binding=str(row.pk))
    jobs.bind_case_files(binding=str(row.pk))
    cases = opened(fetched(client_as(story.cast.coordinator).get(place(row))))
    assert len(cases) == 3


def test_nobody_else_finds_it(story, client_as, problems):
    row = bound(story, client_as, problems)
    for player in (story.cast.reviewer, story.cast.outsider):
        client = client_as(player)
        assert client.get(place(row)).status_code == 404
        assert client.post(reverse("desk:bind_again", args=[row.pk])).status_code == 404
        assert place(row) not in client.get(reverse("desk:case_files")).content.decode()


@pytest.mark.parametrize("name", ["system_administrator", "security_administrator", "log_auditor"])
def test_administrators_bind_nothing(story, client_as, problems, name):
    client = client_as(getattr(story.cast, name))
    assert reverse("desk:bind") not in client.get(reverse("desk:ledger")).content.decode()
    assert client.get(reverse("desk:case_files")).status_code == 404
    assert client.post(reverse("desk:bind") + f"?pick={problems[0].pk}").status_code == 404


def test_what_one_cannot_see_cannot_be_ticked(story, client_as, problems):
    client = client_as(story.cast.outsider)
    refused = client.post(reverse("desk:bind") + f"?pick={problems[0].pk}")
    assert refused.status_code == 422
    assert problems[0].problem_no not in refused.content.decode()
    assert Binding.objects.count() == 0


def test_what_went_out_of_sight_is_not_handed_out(story, client_as, problems, monkeypatch):
    row = bound(story, client_as, problems)
    Binding.objects.filter(pk=row.pk).update(problems=[*row.problems, "01900000-0000-7000-8000-000000000000"])
    assert client_as(story.cast.coordinator).get(place(row)).status_code == 403


def test_what_went_out_of_sight_meanwhile_is_left_out(story, client_as, problems):
    row = asked(story, client_as, problems)
    Binding.objects.filter(pk=row.pk).update(
        problems=[row.problems[0], "01900000-0000-7000-8000-000000000000"]
    )
    jobs.bind_case_files(binding=str(row.pk))
    (case,) = opened(fetched(client_as(story.cast.coordinator).get(place(row))))
    assert case.folder == min(problem.problem_no for problem in problems)


def test_whoever_left_the_post_gets_nothing(story, client_as, problems):
    from bihuan.organizations import actions as organizations

    row = asked(story, client_as, problems)
    organizations.end_tenure(story.cast.coordinator.post, actor=story.cast.system)
    story.clock.go_on()
    jobs.bind_case_files(binding=str(row.pk))
    row.refresh_from_db()
    assert (row.state, row.failure) == ("failed", "post")


def test_an_archive_that_outgrows_its_limit_is_given_up(story, client_as, problems, monkeypatch):
    monkeypatch.setattr(binding, "MOST_BYTES", 1000)
    row = bound(story, client_as, problems)
    assert (row.state, row.failure) == ("failed", "too_large")
    assert not store.exists(row.stored_as)
    monkeypatch.undo()
    client = client_as(story.cast.coordinator)
    assert "请分批装订" in client.get(reverse("desk:case_files")).content.decode()
    assert client.post(reverse("desk:bind_again", args=[row.pk])).status_code == 302
    jobs.bind_case_files(binding=str(row.pk))
    assert len(opened(fetched(client.get(place(row))))) == 3


def test_an_error_is_said_on_the_page(story, client_as, problems, monkeypatch):
    def broken(*_):
        raise OSError("disk full")

    monkeypatch.setattr(binding, "case_file_of", broken)
    row = asked(story, client_as, problems)
    with pytest.raises(OSError, match="disk full"):
        jobs.bind_case_files(binding=str(row.pk))
    assert "装订时出错" in client_as(story.cast.coordinator).get(reverse("desk:case_files")).content.decode()


def test_too_many_and_none_are_refused(story, client_as, problems, monkeypatch):
    monkeypatch.setattr(binding, "MOST", 2)
    client = client_as(story.cast.coordinator)
    refused = client.post(reverse("desk:bind") + "?scope=all&filter=")
    assert refused.status_code == 422
    assert "一次最多装订 2 件" in refused.content.decode()
    assert client.post(reverse("desk:bind")).status_code == 422
    assert Binding.objects.count() == 0


def test_one_person_fills_no_queue(story, problems):
    for _ in range(binding.MOST_WAITING):
        binding.ask(story.cast.coordinator.actor, problems)
    with pytest.raises(Refused):
        binding.ask(story.cast.coordinator.actor, problems)


def test_after_its_days_it_is_cleared(story, client_as, problems):
    """How many days that are is the office's policy; a later version changes nothing for what was bound."""
    office = story.cast.coordinator
    for days in (3, 30):
        body = {"kept_days": days}
        enact(code=binding.POLICY, jurisdiction=story.cast.city, body=body, actor=office.actor)
        if days == 3:
            row = bound(story, client_as, problems)
            assert "保留 3 天" in client_as(office).get(reverse("desk:case_files")).content.decode()
    assert jobs.sweep_case_files() == 0
    story.clock.go_on(4)
    assert client_as(story.cast.coordinator).get(place(row)).status_code == 404
    assert jobs.sweep_case_files() == 1
    assert not store.exists(row.stored_as)
    story.clock.go_on(binding.REMEMBERED_FOR.days)
    jobs.sweep_case_files()
    assert Binding.objects.count() == 0


def expunge(story, problem) -> None:
    proposal = propose_expunge(
        record=problem,
        rows={problem.row_key: ["text"]},
        reason="误传",
        document_no="保〔2026〕1号",
        actor=story.cast.security_administrator.actor,
    )
    confirm_expunge(proposal, actor=story.cast.system_administrator.actor)


def test_what_was_expunged_lives_on_in_no_archive(
    story, client_as, problems, django_capture_on_commit_callbacks
):
    row = bound(story, client_as, problems)
    with django_capture_on_commit_callbacks(execute=True):
        expunge(story, problems[0])
    assert not store.exists(row.stored_as)
    assert client_as(story.cast.coordinator).get(place(row)).status_code == 404


def test_an_archive_being_written_while_something_is_expunged_is_thrown_away(
    story, client_as, problems, monkeypatch
):
    row = asked(story, client_as, problems)
    real = binding.case_file_of
    met = []

    def meanwhile(actor, problem, at):
        case = real(actor, problem, at)
        if not met:
            met.append(problem)
            expunge(story, problem)
        return case

    monkeypatch.setattr(binding, "case_file_of", meanwhile)
    jobs.bind_case_files(binding=str(row.pk))
    row.refresh_from_db()
    assert (row.state, row.failure) == ("gone", "expunged")
    assert not store.exists(row.stored_as)


def test_a_restricted_problem_is_bound_for_its_channel_alone(story, client_as):
    cast = story.cast
    channel = ledger.create_channel(
        jurisdiction=cast.city, code="zx1", name="专线一", number_pattern="ZX-{year}-{serial:03}",
        keeper=cast.channel_keeper.post, actor=cast.channel_keeper.actor,
    )  # fmt: skip
    ledger.admit(channel, post=cast.coordinator.post, actor=cast.channel_keeper.actor)
    hidden = story.register(channel=channel)
    ledger.dismiss(channel, post=cast.coordinator.post, reason="办完", actor=cast.channel_keeper.actor)
    address = reverse("desk:case_file", args=[hidden.pk])
    assert client_as(cast.coordinator).get(address).status_code == 404
    (case,) = opened(fetched(client_as(cast.channel_keeper).get(address)))
    assert "限制知悉" in case.words


def test_without_a_rule_the_page_opens_and_says_what_holds(cast, client_as):
    page = client_as(cast.coordinator).get(reverse("desk:case_files"))
    assert page.status_code == 200
    assert "保留 7 天" in page.content.decode()
