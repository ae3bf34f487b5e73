"""The administration pages: who gets in, what they show, what their forms do."""

from __future__ import annotations

import pytest
from django.urls import reverse

from bihuan.journal.models import AccessEntry
from bihuan.organizations import actions
from bihuan.organizations.models import Handover, Post, Role, RoleGrant, Stewardship, Tenure, Unit

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true", "HX-Target": "dialog-body"}


def at(name, *args):
    return reverse(f"organizations:{name}", args=[getattr(one, "pk", one) for one in args])


def entries(what):
    return AccessEntry.objects.using("access_log").filter(what__startswith=what)


EVERYBODYS = ["units", "people", "bodies", "stand_ins"]
AUDITORS = ["access", "journal"]
ON_UNIT = [
    "create_child",
    "create_post",
    "rename_unit",
    "move_unit",
    "merge_unit",
    "close_unit",
    "set_jurisdiction",
    "set_line",
    "end_line",
    "steward",
    "end_stewardship",
]
ON_POST = ["revise_post", "close_post", "appoint", "end_tenure", "hand_over"]
ON_ROLES = ["grant_role", "withdraw_role"]
ON_PERSON = ["rename_person", "depart"]


@pytest.mark.parametrize("name", [*EVERYBODYS, "roles", *AUDITORS, "import", "create_unit", "create_body"])
def test_the_anonymous_are_asked_to_sign_in(cast, client, name):
    assert "login" in client.get(at(name)).url


@pytest.mark.parametrize("name", EVERYBODYS)
def test_the_directory_is_open_to_all_who_are_signed_in(cast, client_as, name):
    assert client_as(cast.outsider).get(at(name)).status_code == 200


@pytest.mark.parametrize("name", AUDITORS)
@pytest.mark.parametrize(
    "player", ["handler", "coordinator", "system_administrator", "security_administrator"]
)
def test_only_the_log_auditor_reads_the_logs(cast, client_as, name, player):
    assert client_as(getattr(cast, player)).get(at(name)).status_code == 403


@pytest.mark.parametrize("name", AUDITORS)
def test_the_log_auditor_reads_the_logs(cast, client_as, name):
    assert client_as(cast.log_auditor).get(at(name)).status_code == 200


@pytest.mark.parametrize("name", ON_UNIT)
def test_the_system_administrator_gets_the_forms_of_units(cast, client_as, name):
    assert client_as(cast.system_administrator).get(at(name, cast.water)).status_code == 200


@pytest.mark.parametrize("name", ON_UNIT)
def test_others_do_not(cast, client_as, name):
    assert client_as(cast.security_administrator).get(at(name, cast.water)).status_code == 403


@pytest.mark.parametrize("name", ON_POST)
def test_the_system_administrator_gets_the_forms_of_posts(cast, client_as, name):
    assert client_as(cast.system_administrator).get(at(name, cast.handler.post)).status_code == 200


@pytest.mark.parametrize("name", [*ON_POST, *ON_ROLES])
def test_a_handler_does_not(cast, client_as, name):
    assert client_as(cast.handler).get(at(name, cast.handler.post)).status_code == 403


@pytest.mark.parametrize("name", ON_ROLES)
def test_roles_are_the_security_administrators(cast, client_as, name):
    assert client_as(cast.security_administrator).get(at(name, cast.handler.post)).status_code == 200
    assert client_as(cast.system_administrator).get(at(name, cast.handler.post)).status_code == 403


@pytest.mark.parametrize("name", ON_PERSON)
def test_people_are_the_system_administrators(cast, client_as, name):
    assert client_as(cast.system_administrator).get(at(name, cast.handler.person)).status_code == 200
    assert client_as(cast.liaison).get(at(name, cast.handler.person)).status_code == 403


def test_everybody_gets_the_form_of_their_own_contacts(cast, client_as):
    assert client_as(cast.handler).get(at("set_mobile", cast.handler.person)).status_code == 200


def test_nobody_gets_the_form_of_others_contacts(cast, client_as):
    assert client_as(cast.handler).get(at("set_mobile", cast.liaison.person)).status_code == 403


def test_a_unit_page_names_the_first_responsible_person(cast, client_as):
    assert "高建国" in client_as(cast.handler).get(at("unit", cast.water)).content.decode()


def test_a_unit_page_says_when_the_duty_lies_above(cast, client_as):
    actions.end_tenure(cast.station_principal.post, actor=cast.system)
    page = client_as(cast.subordinate).get(at("unit", cast.station)).content.decode()
    assert "由上级“市水务局”承担" in page


def test_an_unknown_unit_is_not_there(cast, client_as):
    assert client_as(cast.handler).get(at("unit", cast.handler.post.pk)).status_code == 404


def test_a_search_finds_units_by_code(cast, client_as):
    page = client_as(cast.handler).get(at("units"), {"q": "other-hou"}).content.decode()
    assert "白河县住建局" in page


def test_a_unit_is_renamed_by_its_form(cast, client_as):
    client_as(cast.system_administrator).post(at("rename_unit", cast.water), {"name": "市水利局"})
    assert Unit.objects.get(pk=cast.water.pk).name == "市水利局"


def test_a_refusal_keeps_what_was_typed(cast, client_as):
    sent = {
        "name": "新设局",
        "code": "WATER",
        "kind": "department",
        "level": "3",
        "parent": str(cast.city.pk),
    }
    response = client_as(cast.system_administrator).post(at("create_unit"), sent)
    assert response.status_code == 422
    assert "新设局" in response.content.decode()
    assert "已被使用" in response.content.decode()


def test_a_change_in_between_is_shown_and_nothing_is_lost(cast, client_as):
    client = client_as(cast.system_administrator)
    seen = client.get(at("rename_unit", cast.water)).context["form"].initial["seen"]
    actions.rename_unit(cast.water, name="市水利局", actor=cast.system_administrator.actor)
    response = client.post(at("rename_unit", cast.water), {"name": "市水务水利局", "seen": seen})
    assert response.status_code == 409
    assert "市水务水利局" in response.content.decode()
    assert Unit.objects.get(pk=cast.water.pk).name == "市水利局"


def test_a_form_in_the_dialog_is_only_a_part(cast, client_as):
    page = (
        client_as(cast.system_administrator).get(at("rename_unit", cast.water), headers=HTMX).content.decode()
    )
    assert "<html" not in page


def test_a_post_is_made_and_filled_by_forms(cast, client_as):
    client = client_as(cast.system_administrator)
    client.post(at("create_post", cast.ecology), {"kind": "liaison", "name": "市生态环境局联络员"})
    post = Post.objects.get(name="市生态环境局联络员")
    client.post(at("appoint", post), {"person": str(cast.liaison.person.pk)})
    assert Tenure.objects.get(post=post).person == cast.liaison.person


def test_a_role_is_granted_by_its_form(cast, client_as):
    client_as(cast.security_administrator).post(
        at("grant_role", cast.handler.post), {"role": Role.ACCEPTOR, "reason": "验收"}
    )
    assert RoleGrant.objects.filter(post=cast.handler.post, role=Role.ACCEPTOR).exists()


def test_a_stewardship_is_given_and_taken_by_forms(cast, client_as):
    client = client_as(cast.system_administrator)
    sent = {"held": "sector:risk.fire", "territory": str(cast.city.pk)}
    client.post(at("steward", cast.water), sent)
    assert Stewardship.objects.filter(unit=cast.water, code="risk.fire", until=None).exists()
    client.post(at("end_stewardship", cast.water), sent)
    assert not Stewardship.objects.filter(unit=cast.water, code="risk.fire", until=None).exists()


def test_units_are_merged_by_a_form(cast, client_as):
    actions.end_tenure(cast.station_principal.post, actor=cast.system)
    client_as(cast.system_administrator).post(
        at("merge_unit", cast.station), {"into": str(cast.water.pk), "reason": "机构改革"}
    )
    assert Unit.objects.get(pk=cast.station.pk).successor == cast.water


def test_a_handover_shows_its_list(cast, client_as):
    client = client_as(cast.system_administrator)
    response = client.post(
        at("hand_over", cast.handler.post), {"incoming": str(cast.liaison.person.pk)}, follow=True
    )
    assert Handover.objects.get().outgoing == cast.handler.person
    assert "移交清单" in response.content.decode()


def test_the_holder_entrusts_a_stand_in(cast, client_as):
    from bihuan.journal.timesource import today

    day = today().isoformat()
    sent = {"person": str(cast.liaison.person.pk), "since": day, "last_day": day, "reason": "出差"}
    assert client_as(cast.handler).post(at("appoint_stand_in", cast.handler.post), sent).status_code == 302


def test_a_body_is_founded_by_the_coordinator(cast, client_as):
    client = client_as(cast.coordinator)
    sent = {"name": "供水专班", "kind": "task_force", "jurisdiction": str(cast.city.pk)}
    page = client.post(at("create_body"), sent, follow=True)
    assert "供水专班" in page.content.decode()


def test_the_coordinator_of_the_city_founds_none_for_the_county(cast, client_as):
    sent = {"name": "供水专班", "kind": "task_force", "jurisdiction": str(cast.other_county.pk)}
    assert client_as(cast.coordinator).post(at("create_body"), sent).status_code == 403


class TestContacts:
    NUMBER = "13812345678"

    @pytest.fixture(autouse=True)
    def sealed(self, cast):
        actions.set_mobile(cast.handler.person, mobile=self.NUMBER, actor=cast.system)

    def test_a_page_masks_them(self, cast, client_as):
        page = client_as(cast.handler).get(at("person", cast.handler.person)).content.decode()
        assert "138****5678" in page
        assert self.NUMBER not in page

    def test_oneself_may_reveal_them(self, cast, client_as):
        page = client_as(cast.handler).post(at("person", cast.handler.person)).content.decode()
        assert self.NUMBER in page

    def test_revealing_is_entered_in_the_access_log(self, cast, client_as):
        client_as(cast.handler).post(at("person", cast.handler.person))
        assert entries("personal:").get().person == cast.handler.person.pk

    def test_colleagues_may_not(self, cast, client_as):
        response = client_as(cast.liaison).post(at("person", cast.handler.person))
        assert response.status_code == 403
        assert self.NUMBER not in response.content.decode()

    def test_the_attempt_is_entered_too(self, cast, client_as):
        client_as(cast.liaison).post(at("person", cast.handler.person))
        assert entries("personal:").get().outcome == "refused"


class TestAccessLog:
    def test_every_page_an_administrator_opens_is_entered(self, cast, client_as):
        client_as(cast.system_administrator).get(at("unit", cast.water))
        entry = entries("page:").get()
        assert (entry.person, entry.detail["path"]) == (
            cast.system_administrator.person.pk,
            at("unit", cast.water),
        )

    def test_a_page_refused_to_an_administrator_is_entered(self, cast, client_as):
        client_as(cast.system_administrator).get(at("journal"))
        assert entries("page:").get().outcome == "403"

    def test_pages_of_others_are_not(self, cast, client_as):
        client_as(cast.handler).get(at("unit", cast.water))
        assert not entries("page:").exists()

    def test_who_is_turned_away_at_a_page_is_entered(self, cast, client_as):
        client_as(cast.handler).get(at("rename_unit", cast.water))
        entry = entries("refused:").get()
        assert (entry.person, entry.detail["path"]) == (cast.handler.person.pk, at("rename_unit", cast.water))

    def test_who_is_turned_away_at_the_logs_is_entered(self, cast, client_as):
        client_as(cast.handler).get(at("journal"))
        assert entries("refused:").get().what == "refused:organizations:journal"

    def test_it_shows_who_was_refused_what(self, cast, client_as):
        client_as(cast.handler).post(at("rename_unit", cast.water), {"name": "我的局"})
        page = client_as(cast.log_auditor).get(at("access"), {"what": "refused:"}).content.decode()
        assert "许诺" in page
        assert "单位更名" in page

    def test_it_is_paged(self, cast, client_as):
        from bihuan.journal import access
        from bihuan.organizations import logs

        for _ in range(logs.PAGE + 1):
            access.record(cast.handler.actor, "personal:mobile")
        first = client_as(cast.log_auditor).get(at("access"), {"what": "personal:"})
        rows = first.context["table"]["rows"]
        second = client_as(cast.log_auditor).get(first.context["table"]["pager"]["next_url"])
        assert (len(rows), len(second.context["table"]["rows"])) == (logs.PAGE, 1)

    def test_a_broken_cursor_shows_the_first_page(self, cast, client_as):
        assert client_as(cast.log_auditor).get(at("journal"), {"before": "x_y_z"}).status_code == 200


def test_the_journal_page_tells_verbs_and_no_contents(cast, client_as):
    actions.rename_unit(cast.water, name="市水利局", actor=cast.system_administrator.actor)
    page = (
        client_as(cast.log_auditor).get(at("journal"), {"verb": "organizations.rename_unit"}).content.decode()
    )
    assert "单位更名" in page
    assert "市水利局" not in page


def test_pages_of_the_journal_do_not_overlap(cast, client_as):
    client = client_as(cast.log_auditor)
    first = client.get(at("journal"))
    second = client.get(first.context["table"]["pager"]["next_url"])
    ids = [{row["id"] for row in page.context["table"]["rows"]} for page in (first, second)]
    assert all(ids)
    assert not ids[0] & ids[1]


@pytest.mark.parametrize("name", ["unit", "post", "person", "body"])
def test_a_record_page_costs_few_queries(cast, client_as, django_assert_max_num_queries, name):
    record = {
        "unit": cast.water,
        "post": cast.handler.post,
        "person": cast.handler.person,
        "body": cast.leading_group,
    }[name]
    client = client_as(cast.handler)
    with django_assert_max_num_queries(47):
        client.get(at(name, record))
