"""A corrected file takes the place of the earlier one: both are readable, cited by version, and nobody's part is lost."""

from __future__ import annotations

import pytest
from django.urls import reverse

from bihuan.journal.action import NotAllowed, NotVisible, Refused
from bihuan.rectification import actions as do
from bihuan.rectification.evidence_versions import as_of, versions_of
from bihuan.rectification.independence import Part
from bihuan.rectification.independence_facts import parts_in, work_of
from bihuan.rectification.models import Evidence, EvidenceUse, EvidenceVersion
from tests.rectification.conftest import fresh, upload

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("uncollected_static")]


def replace(story, proof, words="更正后的竣工资料", by=None, **more):
    facts = {"upload": upload(words), "reason": "盖章页漏扫"} | more
    return do.replace_evidence(proof, **facts, actor=(by or story.cast.handler).actor)


@pytest.fixture
def proof(story):
    return story.prove(story.rectifying(), upload=upload("竣工资料"))


def test_the_newest_takes_the_place_and_the_earlier_stays_with_its_reason(story, proof):
    first = proof.file
    replace(story, proof, caption="竣工验收资料（补盖章）", taken_on=story.clock.today)
    proof.refresh_from_db()
    assert (proof.version, proof.caption) == (2, "竣工验收资料（补盖章）")
    newest, earlier = versions_of(proof)
    assert (newest.number, earlier.number, earlier.file, earlier.reason) == (2, 1, first, "盖章页漏扫")
    assert as_of(proof, 1).file == first
    assert as_of(proof, None) == proof


def test_citations_say_which_version_they_cited(story):
    problem = story.rectifying(story.draft(), story.draft(text="更换城区老旧水表"))
    one, other = sorted(story.measures(problem), key=lambda row: row.number)
    proof = story.prove(problem, measures=[one])
    replace(story, proof)
    proof.refresh_from_db()
    do.cite_evidence(proof, measures=[other], actor=story.cast.handler.actor)
    assert dict(EvidenceUse.objects.values_list("measure__number", "version")) == {"1": 1, "2": 2}
    newest, earlier = versions_of(proof)
    assert (newest.cited_by, earlier.cited_by) == (("2",), ("1",))


def test_nothing_is_replaced_while_others_judge_but_after_a_return_it_may_be(story):
    problem = story.accepting()
    proof = Evidence.objects.get()
    with pytest.raises(Refused, match="“待验收”的问题不能补传佐证材料"):
        replace(story, proof)
    do.return_acceptance(
        problem, gates={"effect": "failed"}, what_is_missing="缺盖章页", actor=story.cast.acceptor.actor
    )
    replace(story, proof)
    assert Evidence.objects.get().version == 2


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"reason": " "}, "更换理由"),
        ({"words": "竣工资料"}, "与现在的版本完全相同"),
    ],
)
def test_what_is_refused(story, proof, change, words):
    with pytest.raises(Refused, match=words):
        replace(story, proof, **change)
    assert not EvidenceVersion.objects.exists()


def test_another_proof_of_the_round_is_not_handed_in_twice(story, proof):
    story.prove(proof.problem, upload=upload("另一份资料"))
    with pytest.raises(Refused, match="本轮已经上传过"):
        replace(story, proof, "另一份资料")


def test_going_back_to_the_first_file_is_a_third_version(story, proof):
    replace(story, proof)
    proof.refresh_from_db()
    replace(story, proof, "竣工资料", reason="第 2 版传错了")
    assert [one.number for one in versions_of(Evidence.objects.get())] == [3, 2, 1]


def test_outsiders_and_those_who_do_no_work_may_not(story, proof):
    with pytest.raises(NotVisible):
        replace(story, proof, by=story.cast.outsider)
    with pytest.raises(NotAllowed):
        replace(story, proof, by=story.cast.coordinator)


def test_who_handed_in_a_replaced_version_still_had_a_part_and_may_not_accept(story, proof):
    """One clerk proved it, another corrected it: the first did not thereby become independent."""
    problem, clerk = proof.problem, story.cast.handler.person
    replace(story, proof, by=story.cast.liaison)
    problem = fresh([problem])[0]
    assert clerk.pk in work_of(problem).persons[Part.EVIDENCE_AUTHOR]
    assert Part.EVIDENCE_AUTHOR in parts_in([clerk.pk], [problem])[problem.pk]


def test_the_database_knows_the_part_of_who_proved_an_earlier_version(story):
    problem = story.rectifying(story.draft(unit=story.cast.station.pk, post=None))
    proof = story.prove(problem, by=story.cast.liaison)
    mover = story.cast.liaison.person
    replace(story, proof, by=story.cast.handler)
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT rectification_has_part(%s, 1, %s)", [problem.pk, mover.pk])
        assert cursor.fetchone() == (True,)


# ---- pages -------------------------------------------------------------------------------------------------------------


def test_the_page_shows_both_and_offers_the_correction_to_who_works(story, proof, client_as):
    replace(story, proof)
    url = reverse("rectification:evidence", args=[proof.pk])
    page = client_as(story.cast.handler).get(url).content.decode()
    assert "第 1 版" in page
    assert "盖章页漏扫" in page
    assert reverse("rectification:replace_evidence", args=[proof.problem_id]) in page
    others = client_as(story.cast.coordinator).get(url).content.decode()
    assert reverse("rectification:replace_evidence", args=[proof.problem_id]) not in others
    assert client_as(story.cast.outsider).get(url).status_code == 404


def test_the_words_of_two_versions_are_compared(story, client_as):
    proof = story.prove(story.rectifying(), upload=upload("管网更换十二公里，漏损率百分之九。"))
    replace(story, proof, "管网更换十二点六公里，漏损率百分之八。")
    client = client_as(story.cast.handler)
    page = client.get(reverse("rectification:evidence_words", args=[proof.pk, 1])).content.decode()
    assert "<ins>" in page
    assert "<del>" in page
    assert client.get(reverse("rectification:evidence_words", args=[proof.pk, 2])).status_code == 404


def test_the_form_brings_it(story, proof, client_as):
    client = client_as(story.cast.handler)
    url = reverse("rectification:replace_evidence", args=[proof.problem_id])
    answer = client.post(
        url, {"evidence": proof.pk, "upload": upload("更正后的资料"), "reason": "日期写错", "caption": ""}
    )
    assert answer.status_code == 302
    proof.refresh_from_db()
    assert (proof.version, proof.caption) == (2, "竣工验收资料")
    page = client.get(reverse("desk:problem", args=[proof.problem_id])).content.decode()
    assert reverse("rectification:evidence", args=[proof.pk]) in page


def test_an_outsider_gets_404_and_who_does_no_work_403(story, proof, client_as):
    url = reverse("rectification:replace_evidence", args=[proof.problem_id])
    assert client_as(story.cast.outsider).get(url).status_code == 404
    assert client_as(story.cast.coordinator).get(url).status_code == 403
