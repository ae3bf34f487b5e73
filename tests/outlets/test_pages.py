"""The administrator's pages: who sees which, secrets never shown again, a trial's true answer, trying again."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import pytest
from django.urls import reverse

from bihuan.journal import timesource
from bihuan.journal.models import AccessEntry, JournalEvent
from bihuan.journal.verify.whole import verify_journal
from bihuan.organizations import actions as organizations
from bihuan.organizations.models import PostKind, Role
from bihuan.outlets import actions, keyring, sending
from bihuan.outlets.egress import Patience
from bihuan.outlets.jobs import carry_messages
from bihuan.outlets.models import Dispatch, DispatchState, MessageChoice, Outlet, OutletSecrets
from tests.organizations.cast import THE_SYSTEM
from tests.outlets.scene import NOON, SECRET, outlet_in, reachable, ruled, told

pytestmark = pytest.mark.django_db
LIST, MINE = reverse("outlets:list"), reverse("outlets:choose")


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(sending, "PATIENCE", Patience(connect=0.5, total=0.4))


@pytest.fixture
def city(cast):
    ruled(cast)
    reachable(cast.system_administrator, cast.handler)
    return cast


@pytest.fixture
def admin(city, client_as):
    return client_as(city.system_administrator)


def at(name, outlet, *more):
    return reverse(f"outlets:{name}", args=[outlet.pk, *more])


def sms_form(unit, **changes):
    return {
        "unit": str(unit.pk),
        "name": "短信",
        "url": "https://sms.example/send",
        "method": "POST",
        "format": "json",
        "body": '{"to": "{mobile}", "text": "{text}"}',
        "header": "Authorization: Bearer {secret}",
        "secret": SECRET,
        "success_field": "code",
        "success_value": "0",
        "site": "https://bihuan.example",
        "per_minute": "20",
    } | changes


def mail_form(unit, **changes):
    return {
        "unit": str(unit.pk),
        "name": "市邮箱",
        "host": "mail.example",
        "port": "465",
        "security": "tls",
        "user": "bihuan",
        "password": SECRET,
        "sender": "整改办 <zgb@city.example>",
        "site": "https://bihuan.example/",
        "per_minute": "60",
        "matters": ["overdue"],
    } | changes


def robot_form(unit, **changes):
    return {
        "unit": str(unit.pk),
        "name": "工作群",
        "url": f"https://robot.example/send?access_token={SECRET}",
        "sign": "SECabcdef",
        "site": "https://bihuan.example",
        "per_minute": "20",
    } | changes


FORMS = {
    "sms": sms_form,
    "mail": mail_form,
    "dingtalk": robot_form,
    "feishu": robot_form,
    "wecom": robot_form,
}


@pytest.mark.parametrize("way", FORMS)
def test_an_outlet_is_set_up_on_the_page_and_its_secret_is_nowhere(city, admin, way):
    new = reverse("outlets:set_up", args=[way])
    assert admin.get(new).status_code == 200
    answer = admin.post(new, FORMS[way](city.water))
    outlet = Outlet.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, at("outlet", outlet))
    assert (outlet.is_on, outlet.unit_id, outlet.site) == (False, city.water.pk, "https://bihuan.example")
    assert SECRET in " ".join(keyring.opened(outlet).values())
    kept = str([JournalEvent.objects.get(stream=outlet.pk).body, bytes(OutletSecrets.objects.get().sealed)])
    pages = [admin.get(url).content.decode() for url in (LIST, at("outlet", outlet), at("revise", outlet))]
    assert not any(SECRET in text for text in (kept, *pages))
    assert "已保存，不再显示" in pages[2]


@pytest.mark.parametrize(
    ("way", "changes", "field"),
    [
        ("sms", {"url": "http://sms.example/send"}, "url"),
        ("sms", {"url": "https://10.0.0.1/send"}, "url"),
        ("sms", {"url": "https://169.254.169.254/send", "intranet": "on"}, "url"),
        ("sms", {"body": "{"}, "body"),
        ("sms", {"body": '{"a": "{mobile}"}'}, "body"),
        ("sms", {"header": "nonsense"}, "header"),
        ("mail", {"security": "none"}, "security"),
        ("mail", {"host": "mail.example/x"}, "host"),
        ("mail", {"host": "127.0.0.1"}, "host"),
        ("mail", {"sender": "nobody"}, "sender"),
        ("mail", {"sender": "a <b@city.example>\r\nBcc: c@city.example"}, "sender"),
        ("wecom", {"url": ""}, "url"),
        ("wecom", {"per_minute": "21"}, "per_minute"),
        ("wecom", {"site": "bihuan.example"}, "site"),
    ],
)
def test_what_cannot_work_or_may_not_be_is_refused_beside_its_field(city, admin, way, changes, field):
    answer = admin.post(reverse("outlets:set_up", args=[way]), FORMS[way](city.water, **changes))
    assert (answer.status_code, Outlet.objects.count(), OutletSecrets.objects.count()) == (422, 0, 0)
    assert answer.context["form"].errors.get(field)


def test_there_is_no_other_way(admin):
    assert admin.get(reverse("outlets:set_up", args=["fax"])).status_code == 404


def test_choosing_the_way_leads_to_its_form(admin):
    ask = reverse("outlets:choose_way")
    assert "钉钉群机器人" in admin.get(ask).content.decode()
    assert admin.get(f"{ask}?way=mail")["Location"] == reverse("outlets:set_up", args=["mail"])
    assert admin.get(f"{ask}?way=fax").status_code == 200


def test_only_the_system_administrator_has_these_pages(city, client_as, client, stand_in):
    outlet = outlet_in(city, "sms", stand_in.url("ok"))
    pages = [
        LIST,
        reverse("outlets:choose_way"),
        at("outlet", outlet),
        at("revise", outlet),
        at("switch", outlet),
    ]
    for player in (city.coordinator, city.security_administrator, city.handler):
        browser = client_as(player)
        assert {browser.get(page).status_code for page in pages} == {403}
        assert browser.post(at("trial", outlet)).status_code == 403
        assert browser.post(at("switch", outlet)).status_code == 403
    assert {client.get(page).status_code for page in pages} == {302}
    assert (stand_in.asked, Outlet.objects.get().is_on) == ([], True)


def test_an_outlet_of_another_place_is_not_there(city, client_as, stand_in):
    """The administrator of a county that has an office of its own keeps the county's alone."""
    outlet = outlet_in(city, "sms", stand_in.url("ok"))
    post = organizations.create_post(
        unit=city.other_housing, name="县系统管理岗", kind=PostKind.STAFF, actor=THE_SYSTEM
    )
    person = organizations.create_person(name="管四", external_id="county-admin", actor=THE_SYSTEM)
    organizations.appoint(post, person=person, actor=THE_SYSTEM)
    organizations.grant_role(post, role=Role.SYSTEM_ADMINISTRATOR, actor=THE_SYSTEM)

    browser = client_as(SimpleNamespace(person=person))
    assert browser.get(LIST).status_code == 200
    assert outlet.name not in browser.get(LIST).content.decode()
    for name in ("outlet", "revise", "switch", "retry"):
        assert browser.get(at(name, outlet)).status_code == 404
    assert browser.post(at("trial", outlet)).status_code == 404
    refused = browser.post(reverse("outlets:set_up", args=["sms"]), sms_form(city.water))
    assert (refused.status_code, Outlet.objects.count(), stand_in.asked) == (403, 1, [])


def test_wrong_verbs(city, admin, stand_in):
    outlet = outlet_in(city, "sms", stand_in.url("ok"))
    assert admin.post(LIST).status_code == 405
    assert admin.get(at("trial", outlet)).status_code == 405
    assert admin.post(at("outlet", outlet)).status_code == 405


def test_a_trial_goes_to_the_administrator_and_shows_the_true_answer(city, admin, stand_in):
    outlet = outlet_in(city, "sms", stand_in.url("ok"), on=False)
    page = admin.post(at("trial", outlet), follow=True).content.decode()
    assert stand_in.bodies[0]["to"] == "13800000001"
    assert ("已送达" in page, "errcode" in page) == (True, True)
    assert AccessEntry.objects.using("access_log").filter(what="outlets:trial", outcome="sent").exists()


@pytest.mark.parametrize(
    ("behaviour", "words"),
    [
        ("declined", "sign not match"),
        ("silent", "没有在限定时间内答复"),
        ("to-metadata", "要求转到别处"),
        ("huge", "过长"),
    ],
)
def test_a_trial_that_fails_says_why_and_is_not_tried_again(city, admin, stand_in, behaviour, words):
    outlet = outlet_in(city, "sms", stand_in.url(behaviour))
    page = admin.post(at("trial", outlet), follow=True).content.decode()
    assert words in page
    with timesource.at(timesource.now() + dt.timedelta(hours=3)):
        carry_messages()
    assert (Dispatch.objects.get().state, len(stand_in.asked)) == (DispatchState.FAILED, 1)


def test_a_trial_needs_an_address_of_ones_own(cast, client_as, stand_in):
    ruled(cast)
    outlet = outlet_in(cast, "sms", stand_in.url("ok"))
    page = client_as(cast.system_administrator).post(at("trial", outlet), follow=True).content.decode()
    assert ("没有登记收试验消息的地址" in page, stand_in.asked) == (True, [])


def test_trials_keep_the_pace_too(city, admin, stand_in):
    outlet = outlet_in(city, "sms", stand_in.url("ok"), per_minute=2)
    for _ in range(3):
        page = admin.post(at("trial", outlet), follow=True).content.decode()
    assert ("已经发满" in page, len(stand_in.asked)) == (True, 2)


def test_what_failed_is_listed_with_its_reason_and_tried_again_by_a_button(city, admin, stand_in):
    ruled(city, quiet_from="00:00", quiet_until="00:00")
    outlet = outlet_in(city, "sms", stand_in.url("declined"))
    with timesource.at(NOON):
        told(city.handler)
        carry_messages()
    failed = Dispatch.objects.get()
    failed.state = DispatchState.FAILED
    failed.save()
    page = admin.get(at("outlet", outlet)).content.decode()
    assert ("sign not match" in page, at("retry_one", outlet, failed.pk) in page) == (True, True)
    outlet.refresh_from_db()
    revised = sms_form(city.city, url=stand_in.url("ok"), success_field="errcode", intranet="on")
    del revised["unit"]
    assert admin.post(at("revise", outlet), revised).status_code == 302
    assert admin.post(at("retry_one", outlet, failed.pk)).status_code == 302
    failed.refresh_from_db()
    assert (failed.state, failed.attempts) == (DispatchState.WAITING, 0)
    carry_messages()
    failed.refresh_from_db()
    assert failed.state == DispatchState.DELIVERED


def test_secrets_stay_unless_they_are_led_elsewhere(city, admin):
    admin.post(reverse("outlets:set_up", args=["mail"]), mail_form(city.water))
    outlet = Outlet.objects.get()
    same = {
        name: value
        for name, value in mail_form(city.water, password="", name="新名").items()
        if name != "unit"
    }
    assert admin.post(at("revise", outlet), same).status_code == 302
    outlet.refresh_from_db()
    assert (outlet.name, keyring.opened(outlet)) == ("新名", {"password": SECRET})
    answer = admin.post(at("revise", outlet), same | {"host": "elsewhere.example"})
    assert (answer.status_code, answer.context["form"].errors.get("password") is not None) == (422, True)
    assert (
        admin.post(at("revise", outlet), same | {"host": "elsewhere.example", "password": "new"}).status_code
        == 302
    )
    outlet.refresh_from_db()
    assert (keyring.opened(outlet), OutletSecrets.objects.count()) == ({"password": "new"}, 1)


def test_a_robots_signing_secret_goes_with_its_address(city, admin):
    admin.post(reverse("outlets:set_up", args=["feishu"]), robot_form(city.water))
    outlet = Outlet.objects.get()
    address = keyring.opened(outlet)["url"]

    def revise(**changes):
        sent = robot_form(city.water, **{"url": "", "sign": ""} | changes)
        answer = admin.post(at("revise", outlet), {name: sent[name] for name in sent if name != "unit"})
        outlet.refresh_from_db()
        return answer.status_code, keyring.opened(outlet)

    assert revise(name="别名") == (302, {"url": address, "sign": "SECabcdef"})
    assert revise(sign="SECnew") == (302, {"url": address, "sign": "SECnew"})
    assert revise(intranet="on")[0] == 422
    assert revise(url="https://other.example/hook/1") == (302, {"url": "https://other.example/hook/1"})
    assert outlet.settings == {"host": "other.example"}


def test_a_secret_opens_for_its_own_outlet_alone(city, stand_in):
    one = outlet_in(city, "sms", stand_in.url("ok"))
    other = outlet_in(city, "sms", stand_in.url("ok"), unit=city.water, secrets={"secret": "other"})
    other.secrets = one.secrets
    with pytest.raises(keyring.NotSent):
        keyring.opened(other)


def test_the_list_is_drawn_with_few_questions(city, admin, stand_in, django_assert_max_num_queries):
    for unit in (city.city, city.water, city.station, city.county):
        outlet_in(city, "sms", stand_in.url("ok"), unit=unit)
    with django_assert_max_num_queries(16):
        assert admin.get(LIST).status_code == 200


def test_ones_own_choice_is_kept_and_what_is_compulsory_is_locked(city, client_as, stand_in):
    outlet_in(city, "sms", stand_in.url("ok"))
    browser = client_as(city.handler)
    page = browser.get(MINE).content.decode()
    assert ("138****0002" in page, "13800000002" in page, "规则规定必须接收" in page) == (True, False, True)
    assert 'value="overdue/sms" checked disabled' in page
    answer = browser.post(MINE, {"wanted": ["approval/mail", "coming/sms"], "idempotency_key": "1"})
    assert answer.status_code == 302
    page = browser.get(MINE).content.decode()
    assert 'value="approval/sms">' in page
    assert 'value="coming/sms" checked>' in page


def test_what_is_compulsory_cannot_be_declined_by_calling_the_action(city, stand_in):
    outlet_in(city, "sms", stand_in.url("ok"))
    with pytest.raises(actions.Refused):
        actions.choose(declined=["overdue/sms"], actor=city.handler.actor)
    with pytest.raises(actions.Refused):
        actions.choose(declined=["overdue/pigeon"], actor=city.handler.actor)


def test_the_anonymous_choose_nothing(client):
    assert client.get(MINE).status_code == 302


def test_verify_finds_every_event_and_no_row_without_one(city, admin, stand_in):
    outlet = outlet_in(city, "sms", stand_in.url("ok"))
    actions.switch(outlet, on=False, actor=city.system_administrator.actor)
    actions.choose(declined=["approval/sms"], actor=city.handler.actor)
    actions.choose(declined=[], actor=city.handler.actor)
    found = verify_journal(processes=1, done={}, progress=lambda *_: None)
    assert found.wrong == []
    kinds = JournalEvent.objects.filter(stream__in=[outlet.pk, MessageChoice.objects.get().pk])
    assert list(kinds.order_by("recorded_at", "seq").values_list("verb", flat=True)) == [
        "outlets.set_up",
        "outlets.switch",
        "outlets.switch",
        "outlets.choose",
        "outlets.choose",
    ]
