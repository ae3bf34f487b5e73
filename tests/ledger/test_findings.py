"""Findings: who sees them, what holds their answer up, the answer, and the sheet of a whole batch."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from bihuan.journal import timesource
from bihuan.journal.action import NotAllowed, NotVisible, Refused
from bihuan.ledger import actions
from bihuan.ledger import findings as reading
from bihuan.ledger.findings import FindingFilters, batches_seen, findings_seen, narrowed
from bihuan.ledger.models import Batch, Finding, FindingState
from bihuan.ledger.policy import sees_batch, sees_finding
from tests.documents.opening import sound
from tests.ledger.conftest import NOON, SECRET, TODAY, at

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("uncollected_static")]


@pytest.fixture
def raised(ledger):
    """A batch of two findings; the first became two problems, the second none yet."""
    batch = ledger.batch()
    first, _second = ledger.findings(batch, "管网漏损严重。", "台账不清。")
    problems = [ledger.register(title, batch=batch, findings=[first]) for title in ("漏损", "老化")]
    return batch, first, problems


def answer(ledger, finding, **more):
    facts = {"answer": "已完成整改。", "document_no": "云政函〔2026〕1号"}
    actions.answer_finding(
        Finding.objects.get(pk=finding.pk), **(facts | more), actor=ledger.cast.coordinator.actor
    )


def test_a_finding_waits_for_all_its_problems(ledger, raised):
    _batch, first, (one, other) = raised
    ledger.walk(one, "closed")
    with pytest.raises(Refused, match=other.problem_no) as refusal:
        answer(ledger, first)
    assert one.problem_no not in str(refusal.value)
    ledger.walk(other, "terminated")
    answer(ledger, first)
    found = Finding.objects.get(pk=first.pk)
    assert (found.state, found.answered_at) == (FindingState.ANSWERED, NOON)


def test_a_finding_without_problems_is_not_answered(ledger, raised):
    second = raised[0].findings.get(ordinal=2)
    with pytest.raises(Refused, match="还没有登记任何问题"):
        answer(ledger, second)


def test_a_draft_may_be_written_while_problems_are_open_and_not_after_the_answer(ledger, raised):
    _batch, first, problems = raised
    actor = ledger.cast.coordinator.actor
    actions.draft_answer(first, answer="拟答复如下。", actor=actor)
    found = Finding.objects.get(pk=first.pk)
    assert (found.answer, found.state) == ("拟答复如下。", FindingState.OPEN)
    for problem in problems:
        ledger.walk(problem, "closed")
    answer(ledger, first)
    with pytest.raises(Refused, match="已经答复"):
        actions.draft_answer(Finding.objects.get(pk=first.pk), answer="再拟。", actor=actor)


def test_a_determination_is_in_the_sources_own_words(ledger, raised):
    first = raised[1]
    words = first.batch.source.determinations
    facts = {"determined_on": TODAY, "document_no": "", "actor": ledger.cast.coordinator.actor}
    with pytest.raises(Refused, match="认定用词"):
        actions.record_determination(first, determination="差不多了", **facts)
    with pytest.raises(Refused, match="在将来"):
        actions.record_determination(
            first, determination=words[0], **facts | {"determined_on": TODAY + dt.timedelta(days=1)}
        )
    actions.record_determination(first, determination=words[0], **facts)
    assert Finding.objects.get(pk=first.pk).determination == words[0]


def test_what_runs_in_a_channel_neither_holds_an_answer_up_nor_is_named(ledger):
    batch = ledger.batch()
    (finding,) = ledger.findings(batch)
    open_one = ledger.register("漏损", batch=batch, findings=[finding])
    hidden = ledger.restricted(batch=batch, findings=[finding])
    ledger.walk(open_one, "closed")
    assert hidden.state == "registered"
    answer(ledger, finding)


def test_only_the_office_of_the_place_answers(ledger, raised):
    first = raised[1]
    facts = {"answer": "已改。", "document_no": ""}
    with pytest.raises(NotVisible):
        actions.answer_finding(first, **facts, actor=ledger.cast.outsider.actor)
    with pytest.raises(NotAllowed):
        actions.draft_answer(first, answer="已改。", actor=ledger.cast.sector_handler.actor)


def test_a_problem_is_registered_only_out_of_a_finding_one_sees(ledger, raised, county_reviewer):
    with pytest.raises(NotVisible):
        actions.register(
            jurisdiction=ledger.cast.other_county,
            new=new_problem(ledger),
            findings=[raised[1]],
            actor=county_reviewer.actor,
        )


def new_problem(ledger):
    from bihuan.ledger.models import Source
    from bihuan.ledger.registering import NewProblem
    from tests.ledger.conftest import SORTED

    source = Source.objects.get(code="self_inspection")
    return NewProblem(title="甲", text="甲。", sector=ledger.sector(), source=source, **SORTED)


PLAYERS = ("mayor", "coordinator", "reviewer", "channel_keeper", "handler", "sector_handler", "source_authority",
           "county_handler", "outsider", "log_auditor")  # fmt: skip


def test_sight_of_batches_and_findings_as_query_and_as_rule_agree(ledger, raised):
    ledger.batch("AUDIT", source_unit=ledger.cast.audit)
    secret = ledger.batch("SECRET", channel=ledger.channel())
    (hidden,) = ledger.findings(secret, SECRET)
    ledger.restricted(secret.channel, batch=secret, findings=[hidden])
    actions.admit(secret.channel, post=ledger.cast.reviewer.post, actor=ledger.cast.channel_keeper.actor)
    for name in PLAYERS:
        actor = getattr(ledger.cast, name).actor
        batches = {batch.pk for batch in Batch.objects.all() if sees_batch(actor, batch)}
        assert set(batches_seen(actor).values_list("pk", flat=True)) == batches, name
        findings = {finding.pk for finding in Finding.objects.all() if sees_finding(actor, finding)}
        assert set(findings_seen(actor).values_list("pk", flat=True)) == findings, name
    assert sees_batch(ledger.cast.reviewer.actor, secret)
    assert not sees_batch(ledger.cast.coordinator.actor, secret)


def test_a_membership_that_is_over_opens_no_batch(ledger):
    keeper, reviewer = ledger.cast.channel_keeper, ledger.cast.reviewer
    batch = ledger.batch("SECRET", channel=ledger.channel())
    actions.admit(batch.channel, post=reviewer.post, until=TODAY + dt.timedelta(days=2), actor=keeper.actor)
    assert sees_batch(reviewer.actor, batch)
    with timesource.at(NOON + dt.timedelta(days=2)):
        assert not sees_batch(reviewer.actor, batch)


def test_the_slices_of_the_list(ledger, raised):
    batch, first, problems = raised
    actor = ledger.cast.coordinator.actor

    def shown(**given):
        return set(
            narrowed(findings_seen(actor), FindingFilters(**given), actor).values_list("ordinal", flat=True)
        )

    assert (shown(), shown(show="open"), shown(show="ready")) == ({1, 2}, {1, 2}, set())
    for problem in problems:
        ledger.walk(problem, "closed")
    assert shown(show="ready") == {1}
    answer(ledger, first)
    assert (shown(show="ready"), shown(show="answered")) == (set(), {1})
    word = batch.source.determinations[0]
    actions.record_determination(
        Finding.objects.get(pk=first.pk), determination=word, determined_on=TODAY, document_no="", actor=actor
    )
    assert (shown(determination=word), shown(determination="none")) == ({1}, {2})
    assert (shown(batch=batch.code), shown(batch="other")) == ({1, 2}, set())
    assert (shown(source="city_party_inspection"), shown(source="audit")) == ({1, 2}, set())


def test_the_list_and_the_batch_cost_the_same_however_many_findings(ledger, client_as):
    client, batch = client_as(ledger.cast.coordinator), ledger.batch()
    (first,) = ledger.findings(batch)
    ledger.register(batch=batch, findings=[first])

    def queries(address):
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    pages = (at("findings"), at("batch", batch.pk))
    for page in pages:
        queries(page)
    few = [queries(page) for page in pages]
    more = ledger.batch("ZWEI")
    for finding in (*ledger.findings(more, "甲。", "乙。"),):
        ledger.register(finding.text, batch=batch, findings=[finding])
    assert [queries(page) for page in pages] == few
    assert max(few) <= 45


def test_pages_of_a_batch_follow_the_sources_order(ledger, client_as, monkeypatch):
    monkeypatch.setattr(reading, "PAGE", 2)
    batch = ledger.batch()
    ledger.findings(batch, *(f"第{number}条。" for number in range(5)))
    client, address, seen = client_as(ledger.cast.coordinator), at("batch", batch.pk), []
    for _page in range(3):
        table = client.get(address).context["table"]
        seen += [row["cells"][0] for row in table["rows"]]
        address = table["pager"]["next_url"]
    assert (seen, address) == (["1", "2", "3", "4", "5"], "")


def test_a_damaged_cursor_leads_to_the_first_page(ledger, client_as, raised):
    client = client_as(ledger.cast.coordinator)
    for address in (f"{at('findings')}?after=nonsense", f"{at('batch', raised[0].pk)}?after=-1"):
        assert len(client.get(address).context["table"]["rows"]) == 2


def test_one_finding_shows_its_words_its_problems_and_why_it_waits(ledger, client_as, raised):
    _batch, first, (one, _other) = raised
    page = client_as(ledger.cast.coordinator).get(at("finding", first.pk))
    said = page.content.decode()
    assert first.text in said
    assert one.problem_no in said
    assert any(one.problem_no in denied["why"] for denied in page.context["acts"]["denied"])


def test_the_form_of_the_answer_begins_with_what_the_ledger_knows(ledger, client_as, raised):
    _batch, first, problems = raised
    for problem in problems:
        ledger.walk(problem, "closed")
    form = client_as(ledger.cast.coordinator).get(at("answer_finding", first.pk)).context["form"]
    assert "关于“漏损”：已完成整改，于2026年3月2日销号。" in form.initial["answer"]


def test_an_answer_through_the_page_and_the_remark_when_a_problem_comes_back(ledger, client_as, raised):
    _batch, first, problems = raised
    client = client_as(ledger.cast.coordinator)
    sent = {"answer": "均已整改。", "document_no": "云政函〔2026〕2号"}
    assert client.post(at("answer_finding", first.pk), sent).status_code == 422
    for problem in problems:
        ledger.walk(problem, "closed")
    assert client.post(at("answer_finding", first.pk), sent)["Location"] == at("finding", first.pk)
    assert client.get(at("finding", first.pk)).context["drifted"] is None
    ledger.walk(problems[0], "rectifying")
    assert problems[0].problem_no in client.get(at("finding", first.pk)).context["drifted"]["title"]


FORMS = ("record_determination", "draft_answer", "answer_finding")


@pytest.mark.parametrize("form", FORMS)
def test_outsiders_find_nothing_and_insiders_without_the_right_are_told_so(ledger, client_as, raised, form):
    address = at(form, raised[1].pk)
    for player, status in (("outsider", 404), ("log_auditor", 404), ("sector_handler", 403)):
        client = client_as(getattr(ledger.cast, player))
        assert [client.get(address).status_code, client.post(address, {"answer": "是"}).status_code] == [
            status,
            422 if status == 403 and form == "record_determination" else status,
        ], player


def test_pages_exist_for_those_who_see_them_only(ledger, client_as, raised):
    batch, first, _problems = raised
    pages = [at("finding", first.pk), at("batch", batch.pk)]
    expected = {"coordinator": [200, 200], "sector_handler": [200, 404], "outsider": [404, 404]}
    for player, statuses in expected.items():
        client = client_as(getattr(ledger.cast, player))
        assert [client.get(page).status_code for page in pages] == statuses, player
        if statuses[1] == 404:
            assert client.get(at("export_answers", batch.pk)).status_code == 404
    assert client_as(ledger.cast.log_auditor).get(at("findings")).status_code == 404


@pytest.mark.parametrize("page", ["finding", "batch", "export_answers"])
def test_pages_are_read_only(ledger, client_as, raised, page):
    pk = raised[1].pk if page == "finding" else raised[0].pk
    assert client_as(ledger.cast.coordinator).post(at(page, pk)).status_code == 405


def test_the_anonymous_are_led_to_sign_in(client):
    assert client.get(at("findings")).status_code == 302


def sheet_of(response):
    book = CalamineWorkbook.from_filelike(io.BytesIO(sound(b"".join(response.streaming_content))))
    return book.get_sheet_by_index(0).to_python()


def test_the_answers_of_a_batch_in_the_sources_order(ledger, client_as, raised, monkeypatch):
    from bihuan.ledger.views import findings as views

    monkeypatch.setattr(views, "AT_ONCE", 1)
    batch, first, problems = raised
    for problem in problems:
        ledger.walk(problem, "closed")
    answer(ledger, first, answer="均已整改。")
    rows = sheet_of(client_as(ledger.cast.coordinator).get(at("export_answers", batch.pk)))
    assert rows[0][0] == batch.title
    assert [row[2] for row in rows[2:]] == ["管网漏损严重。", "台账不清。"]
    assert (rows[2][8], rows[2][9], rows[3][8]) == ("均已整改。", TODAY, "")
    assert all(problem.problem_no in rows[2][3] for problem in problems)


def test_a_draft_is_not_exported_as_an_answer(ledger, client_as, raised):
    actions.draft_answer(raised[1], answer="还没想好。", actor=ledger.cast.coordinator.actor)
    rows = sheet_of(client_as(ledger.cast.coordinator).get(at("export_answers", raised[0].pk)))
    assert all("还没想好" not in str(cell) for row in rows for cell in row)


def test_a_problem_registered_from_a_finding_belongs_to_it(ledger, client_as, raised):
    second = raised[0].findings.get(ordinal=2)
    client = client_as(ledger.cast.coordinator)
    address = f"{at('register')}?finding={second.pk}"
    form = client.get(address).context["form"]
    sent = {
        "title": "台账", "text": form.initial["text"], "source": form.initial["source"], "sector": ledger.sector().pk,
        "nature": "duty", "impact": "local", "urgency": "urgent", "rectification_kind": "by_date",
    }  # fmt: skip
    assert client.post(address, sent).status_code == 302
    assert second.problem_links.get().problem.batch_id == raised[0].pk
    assert client_as(ledger.cast.outsider).get(address).status_code == 404


def test_who_reads_a_restricted_batch_is_entered(ledger, client_as):
    from bihuan.journal import access
    from bihuan.journal.models import AccessEntry

    batch = ledger.batch("SECRET", channel=ledger.channel())
    actions.admit(batch.channel, post=ledger.cast.reviewer.post, actor=ledger.cast.channel_keeper.actor)
    client_as(ledger.cast.reviewer).get(at("batch", batch.pk))
    entry = AccessEntry.objects.using(access.LOG).filter(what="restricted:ledger.batch").last()
    assert entry.person == ledger.cast.reviewer.person.pk
