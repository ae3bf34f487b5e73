"""The office's own lists: kept by each place, inherited downward, with codes that never change."""

from __future__ import annotations

import datetime as dt

import pytest

from bihuan.journal import timesource
from bihuan.journal.action import NotAllowed, NotVisible, Refused
from bihuan.journal.guards import partitions
from bihuan.journal.verify.partition import verify_partition
from bihuan.ledger import actions
from bihuan.ledger.models import LocalWording, Problem, Sector, Source, Term
from bihuan.ledger.taxonomy import in_tree_order, offered
from bihuan.organizations.choices import codes
from tests.ledger.conftest import NOON, TODAY, at

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("uncollected_static")]
NAMES = {"zh": "湿地", "en": "Wetlands"}


@pytest.fixture
def reviewer(ledger):
    return ledger.cast.reviewer.actor


def add(ledger, code="wetland", parent="risk.ecology", **more):
    facts = {"list_name": "sector", "jurisdiction": ledger.cast.city, "actor": ledger.cast.reviewer.actor}
    above = Sector.objects.get(code=parent) if parent else None
    return actions.add_entry(code=code, parent=above, **NAMES, **(facts | more))


def sector(code):
    return Sector.objects.get(code=code)


# ---- adding


def test_a_new_sector_continues_its_parents_code_and_stands_below_it(ledger):
    made = add(ledger)
    assert (made.code, made.jurisdiction) == ("risk.ecology.wetland", None)
    tree = [row.code for row in in_tree_order(offered(Sector.objects.all()))]
    assert tree.index("risk.ecology.wetland") == tree.index("risk.ecology.waste") + 1
    assert [code for code, _label in codes("sector")] == tree


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"code": "Wetland"}, "不能用"),
        ({"code": "wet.land"}, "不能用"),
        ({"code": "water"}, "已经有了"),
        ({"list_name": "grade", "parent": None}, "不能增加"),
        ({"list_name": "colour", "parent": None}, "没有这个分类"),
        ({"zh": " "}, "中文名称"),
    ],
)
def test_what_cannot_be_added(ledger, more, words):
    facts = NAMES | {"list_name": "sector", "code": "wetland", "parent": "risk.ecology"} | more
    parent = facts.pop("parent")
    above = sector(parent) if parent else None
    actor, city = ledger.cast.reviewer.actor, ledger.cast.city
    with pytest.raises(Refused, match=words):
        actions.add_entry(**facts, parent=above, jurisdiction=city, actor=actor)


def test_four_levels_and_no_more(ledger):
    fourth = add(ledger, "reeds", "risk.ecology.water")
    with pytest.raises(Refused, match="最多四级"):
        add(ledger, "deep", fourth.code)


def test_an_entry_begins_on_its_day(ledger):
    made = add(ledger, valid_from=TODAY + dt.timedelta(days=1))
    assert made not in offered(Sector.objects.all())
    with timesource.at(NOON + dt.timedelta(days=1)):
        assert made in offered(Sector.objects.all())


# ---- who may


def test_only_the_reviewer_of_the_place_keeps_its_lists(ledger, county_reviewer):
    facts = {"zh": "水体", "en": "Waters"}
    for player in ("coordinator", "handler", "log_auditor"):
        with pytest.raises(NotAllowed, match="审核岗"):
            actions.edit_label(
                sector("risk.ecology.water"), **facts, actor=getattr(ledger.cast, player).actor
            )
    with pytest.raises(NotAllowed, match="另起名称"):
        actions.edit_label(sector("risk.ecology.water"), **facts, actor=county_reviewer.actor)
    own = add(ledger, jurisdiction=ledger.cast.other_county, actor=county_reviewer.actor)
    assert own.jurisdiction == ledger.cast.other_county
    with pytest.raises(NotAllowed, match="白河县"):
        actions.edit_label(own, **facts, actor=ledger.cast.reviewer.actor)
    with pytest.raises(NotAllowed):
        add(ledger, "other", jurisdiction=ledger.cast.city, actor=county_reviewer.actor)


# ---- renaming, dates, retiring


def test_a_new_name_shows_on_what_is_already_sorted(ledger, reviewer):
    problem = ledger.register()
    actions.edit_label(sector("risk.ecology.water"), zh="水体", en="Waters", actor=reviewer)
    found = Problem.objects.get(pk=problem.pk)
    assert (found.sector.label, found.sector.code) == ("水体", "risk.ecology.water")


def test_an_entry_in_use_can_be_retired_and_not_made_void(ledger, reviewer):
    problem = ledger.register()
    water = sector("risk.ecology.water")
    with pytest.raises(Refused, match="不能作废"):
        actions.retire_entry(water, last_day=TODAY - dt.timedelta(days=1), actor=reviewer)
    actions.retire_entry(sector(water.code), last_day=TODAY, actor=reviewer)
    assert water in offered(Sector.objects.all())
    with timesource.at(NOON + dt.timedelta(days=1)):
        assert water not in offered(Sector.objects.all())
        actions.edit_facts(
            Problem.objects.get(pk=problem.pk),
            changes={"urgency": "normal"},
            actor=ledger.cast.coordinator.actor,
        )


def test_an_entry_never_used_can_be_made_void(ledger, reviewer):
    made = add(ledger)
    actions.retire_entry(made, last_day=TODAY - dt.timedelta(days=1), actor=reviewer)
    assert made not in offered(Sector.objects.all())


def test_a_restricted_problem_does_not_show_in_a_refusal(ledger, reviewer):
    ledger.restricted()
    actions.retire_entry(sector("risk.ecology.water"), last_day=TODAY - dt.timedelta(days=1), actor=reviewer)


def test_what_has_sectors_below_it_stays(ledger, reviewer):
    with pytest.raises(Refused, match="下面还有在用的领域"):
        actions.retire_entry(sector("risk.ecology"), last_day=TODAY, actor=reviewer)


@pytest.mark.parametrize("kind", ["grade", "supervision_level", "rectification_kind"])
def test_values_the_program_acts_on_can_only_be_renamed(ledger, reviewer, kind):
    term = Term.objects.filter(kind=kind).first()
    with pytest.raises(Refused, match="只能改名"):
        actions.retire_entry(term, last_day=TODAY, actor=reviewer)
    actions.edit_label(term, zh="改名", en="Renamed", actor=reviewer)
    assert Term.objects.get(pk=term.pk).label == "改名"


def test_the_last_entry_of_a_list_stays(ledger, reviewer):
    natures = list(Term.objects.filter(kind="nature"))
    for term in natures[1:]:
        actions.retire_entry(term, last_day=TODAY, actor=reviewer)
    with pytest.raises(Refused, match="最后一项"):
        actions.retire_entry(natures[0], last_day=TODAY, actor=reviewer)


def test_an_entry_cannot_begin_after_its_first_problem(ledger, reviewer):
    ledger.register()
    facts = {"zh": "水", "en": "Water", "actor": reviewer}
    with pytest.raises(Refused, match="启用日期不能晚于"):
        actions.edit_label(sector("risk.ecology.water"), valid_from=TODAY + dt.timedelta(days=1), **facts)
    actions.edit_label(sector("risk.ecology.water"), valid_from=TODAY, position=7, **facts)
    assert (sector("risk.ecology.water").valid_from, sector("risk.ecology.water").position) == (TODAY, 7)


# ---- moving


def test_a_move_makes_successors_and_leaves_what_was_sorted(ledger, reviewer):
    problem = ledger.register()
    made = actions.move_sector(sector("risk.ecology"), parent=None, actor=reviewer)
    assert made.code == "ecology"
    old, new = sector("risk.ecology.water"), sector("ecology.water")
    assert (old.moved_to, new.parent) == (new, made)
    assert (old.valid_until, new.valid_from) == (TODAY - dt.timedelta(days=1), TODAY)
    assert Problem.objects.get(pk=problem.pk).sector == old
    on_offer = set(offered(Sector.objects.all()).values_list("code", flat=True))
    assert "ecology.water" in on_offer
    assert not any(code.startswith("risk.ecology") for code in on_offer)


@pytest.mark.parametrize(
    ("code", "parent", "words"),
    [
        ("risk.ecology", "risk.ecology.water", "自己的下级"),
        ("risk.ecology", "risk", "已经在那里"),
        ("risk.ecology", "growth.industry.chain", "超过四级"),
    ],
)
def test_moves_that_make_no_sense(ledger, reviewer, code, parent, words):
    with pytest.raises(Refused, match=words):
        actions.move_sector(sector(code), parent=sector(parent), actor=reviewer)


# ---- sources


def customs(source, **more):
    plain = {
        name: getattr(source, name) for name in ("level", "accepts", "closes", "notice_required", "external")
    }
    words = {"determinations": source.determinations, "stage_words": source.stage_words}
    return plain | words | more


def test_a_sources_customs_are_edited_and_acted_on(ledger, reviewer):
    source = Source.objects.get(code="self_inspection")
    sent = customs(
        source, accepts="superior", determinations=["已改", " ", "已改"], stage_words={"closed": "了结"}
    )
    actions.edit_customs(source, **sent, actor=reviewer)
    found = Source.objects.get(pk=source.pk)
    assert (found.determinations, found.stage_words) == (["已改"], {"closed": "了结"})
    from bihuan.ledger.rigour import rigour_of

    assert rigour_of(ledger.register()).accepts == "superior"


@pytest.mark.parametrize(
    "more",
    [{"accepts": "leading_group"}, {"closes": "nobody"}, {"level": "galaxy"}, {"stage_words": {"x": "y"}}],
)
def test_customs_are_taken_from_what_the_program_knows(ledger, reviewer, more):
    source = Source.objects.get(code="audit")
    with pytest.raises(Refused):
        actions.edit_customs(source, **customs(source, **more), actor=reviewer)


# ---- inheriting


def test_a_place_names_an_inherited_entry_its_own_way(ledger, client_as, county_reviewer):
    here = {"list_name": "sector", "code": "risk.ecology.water", "jurisdiction": ledger.cast.other_county}
    actions.word_locally(**here, zh="河湖", en="Rivers", actor=county_reviewer.actor)
    county = client_as(county_reviewer).get(at("lists")).content.decode()
    city = client_as(ledger.cast.reviewer).get(at("lists")).content.decode()
    assert ("河湖" in county, "河湖" in city) == (True, False)
    assert "河湖" in client_as(county_reviewer).get(at("register")).content.decode()
    actions.word_locally(**here, actor=county_reviewer.actor)
    assert "河湖" not in client_as(county_reviewer).get(at("lists")).content.decode()
    assert LocalWording.objects.count() == 1


def test_a_place_may_do_without_an_inherited_entry(ledger, client_as, county_reviewer):
    here = {"list_name": "sector", "code": "risk.ecology.qinling", "jurisdiction": ledger.cast.other_county}
    actions.word_locally(**here, hidden=True, actor=county_reviewer.actor)

    def choices(player):
        form = client_as(player).get(at("register")).context["form"]
        return {sector.code for sector in form.fields["sector"].queryset}

    assert "risk.ecology.qinling" not in choices(county_reviewer)
    assert "risk.ecology.qinling" in choices(ledger.cast.coordinator)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"zh": "只有中文"}, "一起写"),
        ({"list_name": "grade", "code": "minor", "hidden": True}, "只能改名"),
    ],
)
def test_words_of_a_place_that_are_refused(ledger, county_reviewer, more, words):
    here = {"list_name": "sector", "code": "risk", "jurisdiction": ledger.cast.other_county}
    with pytest.raises(Refused, match=words):
        actions.word_locally(**(here | more), actor=county_reviewer.actor)


def test_what_is_ones_own_is_edited_not_overridden(ledger, reviewer):
    with pytest.raises(Refused, match="本级的"):
        actions.word_locally(
            list_name="sector", code="risk", jurisdiction=ledger.cast.city, zh="险", en="R", actor=reviewer
        )


def test_an_entry_of_another_place_is_not_there(ledger, client_as, county_reviewer):
    own = add(ledger, jurisdiction=ledger.cast.other_county, actor=county_reviewer.actor)
    assert client_as(county_reviewer).get(at("entry", "sector", own.pk)).status_code == 200
    assert client_as(ledger.cast.reviewer).get(at("entry", "sector", own.pk)).status_code == 404
    with pytest.raises(NotVisible):
        actions.word_locally(
            list_name="sector",
            code="nowhere",
            jurisdiction=ledger.cast.other_county,
            zh="甲",
            en="A",
            actor=county_reviewer.actor,
        )
    form = client_as(ledger.cast.coordinator).get(at("register")).context["form"]
    assert own not in form.fields["sector"].queryset


# ---- pages


@pytest.mark.parametrize("list_name", ["sector", "source", "nature", "grade", "supervision_level"])
def test_every_list_is_read_by_whoever_works_here(ledger, client_as, list_name):
    client = client_as(ledger.cast.handler)
    page = client.get(at("lists"), {"list": list_name})
    assert page.status_code == 200
    assert page.context["create_url"] == ""
    entry = page.context["table"]["rows"][0]
    assert client.get(entry["url"]).context["acts"] is None


def test_the_office_counts_what_is_its_own_and_others_count_nothing(ledger, client_as, county_reviewer):
    ledger.register()
    ledger.restricted()

    def count_for(player):
        rows = client_as(player).get(at("lists")).context["table"]["rows"]
        return next(row["cells"] for row in rows if row["cells"][2] == "risk.ecology.water")[6:]

    assert [count_for(player) for player in (ledger.cast.reviewer, county_reviewer)] == [[1], [0]]
    assert [count_for(player) for player in (ledger.cast.handler, ledger.cast.log_auditor)] == [[], []]


def test_retired_entries_are_shown_when_asked_for(ledger, client_as, reviewer):
    made = add(ledger)
    actions.retire_entry(made, last_day=TODAY - dt.timedelta(days=1), actor=reviewer)
    client = client_as(ledger.cast.reviewer)
    assert made.code not in client.get(at("lists")).content.decode()
    assert made.code in client.get(at("lists"), {"past": "1"}).content.decode()


def test_the_forms_of_the_keeper(ledger, client_as):
    client = client_as(ledger.cast.reviewer)
    water, source = sector("risk.ecology.water"), Source.objects.get(code="audit")
    forms = {
        at("add_entry", "sector"): NAMES | {"code": "wetland", "valid_from": "2026-03-02", "parent": str(water.parent_id)},
        at("edit_entry", "sector", water.pk): {"zh": "水体", "en": "Waters", "position": 3, "valid_from": "2025-01-01"},
        at("edit_customs", "source", source.pk): {
            "level": "city", "accepts": "source", "closes": "source", "determinations": "已整改\n未整改", "stage_closed": "对账",
        },
        at("retire_entry", "sector", water.pk): {"last_day": "2026-03-02"},
        at("move_sector", "sector", sector("party").pk): {"parent": str(sector("government").pk)},
    }  # fmt: skip
    for address, sent in forms.items():
        assert client.get(address).status_code == 200, address
        assert client.post(address, sent).status_code == 302, address
    assert sector("risk.ecology.wetland").parent == water.parent
    assert sector("risk.ecology.water").zh == "水体"
    source.refresh_from_db()
    assert (source.level, source.determinations, source.stage_words) == (
        "city",
        ["已整改", "未整改"],
        {"closed": "对账"},
    )
    assert sector("party").moved_to == sector("government.party")


def test_the_form_of_a_place_that_inherits(ledger, client_as, county_reviewer):
    client, water = client_as(county_reviewer), sector("risk.ecology.water")
    page = client.get(at("entry", "sector", water.pk))
    assert [act["url"] for act in page.context["acts"]["allowed"]] == [at("word_locally", "sector", water.pk)]
    address = at("word_locally", "sector", water.pk)
    assert client.get(address).status_code == 200
    assert client.post(address, {"zh": "河湖", "en": "Rivers"}).status_code == 302
    assert "河湖" in client.get(at("entry", "sector", water.pk)).content.decode()


@pytest.mark.parametrize("name", ["edit_entry", "retire_entry", "move_sector", "word_locally"])
def test_the_forms_are_not_for_others(ledger, client_as, name):
    address = at(name, "sector", sector("risk.ecology.water").pk)
    client = client_as(ledger.cast.coordinator)
    sent = {"zh": "甲", "en": "A", "position": 1, "valid_from": "2025-01-01", "last_day": "2026-03-02"}
    assert [client.get(address).status_code, client.post(address, sent).status_code] == [403, 403]


def test_unknown_lists_and_entries_are_not_found(ledger, client_as):
    client = client_as(ledger.cast.reviewer)
    water = sector("risk.ecology.water")
    for address in (
        at("add_entry", "colour"),
        at("entry", "colour", water.pk),
        at("entry", "source", water.pk),
        at("edit_customs", "sector", water.pk),
        at("move_sector", "source", Source.objects.first().pk),
    ):
        assert client.get(address).status_code == 404, address


def test_verify_is_clean_after_all_of_it(ledger, reviewer, county_reviewer):
    add(ledger)
    actions.move_sector(sector("risk.ecology"), parent=None, actor=reviewer)
    here = {"list_name": "sector", "code": "ecology.water", "jurisdiction": ledger.cast.other_county}
    for words in ({"zh": "河湖", "en": "Rivers"}, {"hidden": True}, {}):
        actions.word_locally(**here, **words, actor=county_reviewer.actor)
    assert [fault for name in partitions() for fault in verify_partition(name).found] == []
