from __future__ import annotations

from collections import Counter

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from bihuan.intake.actions import confirm_candidates, edit_candidate
from bihuan.intake.cards import sector_note
from bihuan.intake.models import Candidate
from bihuan.learning import training
from bihuan.learning.actions import ask_training
from bihuan.learning.live import counted, live_of
from bihuan.learning.models import LearnedModel, Prediction
from bihuan.ledger.actions import edit_facts
from bihuan.ledger.actions.channels import admit, create_channel
from bihuan.ledger.models import Readership, Sector
from bihuan.text.measures import calibration_error
from tests.intake.conftest import open_batch, take_in_letter
from tests.learning.conftest import proposed

SECTORS = st.sampled_from(["risk.fire", "risk.safety", "finance"])
JUDGED = st.lists(st.tuples(SECTORS, SECTORS, st.booleans(), st.integers(0, 100)), max_size=40)


@given(JUDGED)
def test_what_the_database_counts_is_what_counting_one_by_one_gives(rows):
    grouped = Counter(rows)
    live = counted((*key[:4], n, n * key[3]) for key, n in grouped.items())
    assert live.whole.count == len(rows)
    assert live.whole.right == sum(proposed == said for proposed, said, _, _ in rows)
    assert live.whole.right_spoken == sum(proposed == said and spoke for proposed, said, spoke, _ in rows)
    assert sum(one.count for one in live.confusions) == live.whole.count - live.whole.right
    assert sum(tally.count for tally in live.sectors.values()) == len(rows)
    if rows:
        one_by_one = calibration_error([(proposed == said, sure / 100) for proposed, said, _, sure in rows])
        assert live.whole.calibration_error == pytest.approx(one_by_one, abs=1e-4)


@pytest.mark.django_db
def test_a_confirmed_candidate_leaves_its_prediction_and_the_people_have_the_last_word(cast, letter):
    actor = cast.coordinator.actor
    first, second = Candidate.objects.filter(document=letter).order_by("k")[:2]
    facts = {"lead_unit": str(cast.water.pk)}
    edit_candidate(letter, candidate=first.k, facts=facts, actor=actor)
    edit_candidate(letter, candidate=second.k, facts=facts | {"sector": "finance"}, actor=actor)
    one, other = confirm_candidates(letter, candidates=[first.k, second.k], actor=actor)
    for problem, candidate in ((one, first), (other, second)):
        kept = Prediction.objects.get(problem=problem)
        assert kept.proposed == candidate.proposals["sector"]
        assert kept.percent == candidate.proposals["sector_percent"]
        assert kept.spoke is candidate.proposals["sector_sure"]
        assert (kept.version, kept.model) == ("profiles-1", None)
    live = live_of(actor, cast.city)
    assert (live.whole.count, live.whole.right) == (2, 1)
    edit_facts(one, changes={"sector_id": Sector.objects.get(code="finance").pk}, actor=actor)
    assert live_of(actor, cast.city).whole.right == 0
    assert live_of(actor, cast.city).sectors.keys() == {"finance"}


@pytest.mark.django_db
def test_the_office_reads_with_what_it_has_learnt(cast, office, taught):
    model = ask_training(jurisdiction=cast.city, actor=cast.coordinator.actor)
    training.train(model.pk)
    letter = take_in_letter(open_batch(cast), cast)
    said = Candidate.objects.filter(document=letter).first().proposals
    assert said["sector_model"] == str(model.pk)
    assert said["sector_version"].endswith("-1")


@pytest.mark.django_db
def test_what_has_a_wall_round_it_is_neither_counted_nor_named(office, enter, client_as):
    open_one = enter("苗圃围栏倒塌", "risk.fire")
    secret = enter("驿站座椅破损", "finance", readership=Readership.WORK_SECRET)
    channel = create_channel(
        jurisdiction=office.city,
        code="ZX",
        name="专线",
        number_pattern="ZX-{year}-{serial:03}",
        keeper=office.channel_keeper.post,
        actor=office.channel_keeper.actor,
    )
    admit(channel, post=office.coordinator.post, actor=office.channel_keeper.actor)
    restricted = enter("驿站茶水停供", "statistics", channel=channel)
    for problem in (open_one, secret, restricted):
        proposed(problem, "risk.safety")
    live = live_of(office.coordinator.actor, office.city)
    assert (live.whole.count, list(live.sectors)) == (1, ["risk.fire"])
    page = client_as(office.coordinator).get(reverse("learning:page")).content.decode()
    for label in ("财政", "统计"):
        assert label not in page.split("rest stack")[0].split("figures")[-1]


@pytest.mark.django_db
def test_a_confusion_leads_to_its_very_problems(office, enter, client_as):
    wrong = enter("苗圃围栏倒塌", "risk.fire")
    other = enter("苗圃灌溉停用", "risk.safety")
    for problem in (wrong, other):
        proposed(problem, "risk.safety")
    desk = client_as(office.coordinator)
    page = desk.get(reverse("learning:page")).content.decode()
    address = reverse("desk:ledger") + "?proposed=risk.safety~risk.fire"
    assert address in page
    listed = desk.get(address).content.decode()
    assert wrong.problem_no in listed
    assert other.problem_no not in listed
    assert "安全生产 → 消防安全" in listed


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("who", "page", "train"),
    [("coordinator", 200, 200), ("reviewer", 200, 403), ("handler", 404, 404), ("outsider", 404, 404)],
)
def test_the_pages_are_for_the_desks_and_training_for_the_coordinator(office, client_as, who, page, train):
    client = client_as(getattr(office, who))
    assert client.get(reverse("learning:page")).status_code == page
    assert client.get(reverse("learning:train")).status_code == train
    assert client.post(reverse("learning:train")).status_code == (302 if train == 200 else train)
    assert LearnedModel.objects.count() == (train == 200)


@pytest.mark.django_db
def test_strangers_are_asked_to_sign_in(office, client):
    assert client.get(reverse("learning:page")).status_code == 302


@pytest.mark.django_db
def test_a_version_is_shown_set_aside_and_taken_back_by_its_pages(office, taught, client_as):
    desk = client_as(office.coordinator)
    assert desk.post(reverse("learning:train")).status_code == 302
    model = LearnedModel.objects.get()
    assert "正在后台学习" in desk.get(reverse("learning:page")).content.decode()
    training.train(model.pk)
    shown = desk.get(reverse("learning:model", args=[model.pk])).content.decode()
    assert "停用本级模型" in shown
    assert model.jurisdiction.name in desk.get(reverse("learning:page")).content.decode()
    aside, back = (reverse(f"learning:{name}", args=[model.pk]) for name in ("set_aside", "roll_back"))
    assert desk.post(aside, {"reason": ""}).status_code == 422
    assert desk.post(back, {"reason": "x"}).status_code == 422
    assert desk.post(aside, {"reason": "近期说错"}).status_code == 302
    assert desk.post(back, {"reason": "还是它好"}).status_code == 302
    model.refresh_from_db()
    assert model.state == LearnedModel.State.IN_FORCE
    for outsider in (office.handler, office.outsider):
        assert client_as(outsider).get(reverse("learning:model", args=[model.pk])).status_code == 404
        assert client_as(outsider).post(aside, {"reason": "x"}).status_code == 404
    assert client_as(office.reviewer).post(aside, {"reason": "x"}).status_code == 403


@pytest.mark.django_db
def test_the_page_asks_as_much_for_many_as_for_few(office, enter, client_as, django_assert_max_num_queries):
    for number in range(6):
        proposed(enter(f"苗圃围栏{number}", "risk.fire"), "risk.safety")
    desk = client_as(office.coordinator)
    with django_assert_max_num_queries(30):
        desk.get(reverse("learning:page"))


@pytest.mark.parametrize(
    ("proposals", "words"),
    [
        (
            {"sector_percent": 87, "sector_reasons": ["污水", "河道"], "sector_sure": True},
            "0.87，因“污水”、“河道”",
        ),
        ({"sector_percent": 5, "sector_reasons": [], "sector_sure": False}, "没有把握，仅供参考：0.05"),
        ({"sector_percent": 100}, "1.00"),
    ],
)
def test_the_card_says_how_sure_and_why_or_that_it_does_not_know(proposals, words):
    assert sector_note(proposals) == words
