"""The pages of a panel: setting it up, signing, what everybody sees of it, the paper and the case file."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from bihuan.papers.facts import values_for
from bihuan.papers.kinds import KINDS
from bihuan.rectification.acceptance_words import GATES
from bihuan.rectification.models import AcceptancePanel, Panellist
from tests.rectification.conftest import fresh
from tests.rectification.test_panels import EXPERTS, all_sign, seat, sign

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("uncollected_static")]


@pytest.fixture
def waiting(story, open_account):
    # First, for what was made before it could not be laid down again.
    problem = story.accepting()
    for name in EXPERTS:
        open_account(getattr(story.cast, name))
    return problem


def option(page, player):
    """How a person stands in the list of members."""
    members = page.partition('name="members"')[2]
    return re.search(rf'<option value="{player.post.pk}"([^>]*)>\s*([^<]*)<', members)


def test_the_chair_sets_it_up_on_a_page_that_says_why_who_worked_may_not_sit(
    story, waiting, client_as, open_account
):
    open_account(story.cast.handler)
    open_account(story.cast.station_principal)
    client = client_as(story.cast.acceptor)
    url = reverse("rectification:set_up_panel", args=[waiting.pk])
    page = client.get(url).content.decode()
    able = option(page, story.cast.inspector)
    assert "disabled" not in able[1]
    assert story.cast.inspector.unit.name in able[2]
    assert story.cast.inspector.post.name in able[2]
    worked = option(page, story.cast.handler)
    assert "disabled" in worked[1]
    assert "不能参加：" in worked[2]
    assert "编制了整改方案" in worked[2]
    below = option(page, story.cast.station_principal)
    assert "disabled" in below[1]
    assert "不能参加：" in below[2]
    assert option(page, story.cast.mayor) is None
    sent = {"chair": story.cast.acceptor.post.pk, "members": [story.cast.handler.post.pk]}
    refused = client.post(url, sent)
    assert refused.status_code == 422
    assert "不能参加验收组" in refused.content.decode()
    posts = [getattr(story.cast, name).post.pk for name in EXPERTS]
    answer = client.post(url, {"chair": posts[0], "members": posts[1:]})
    assert answer.status_code == 302
    assert [row.chair for row in Panellist.objects.order_by("ordinal")] == [True, False, False]


def test_each_member_finds_it_on_the_desk_signs_on_the_page_and_it_is_gone(
    story, waiting, client_as, open_account
):
    panel = seat(story, open_account, waiting)
    client = client_as(story.cast.inspector)
    assert "待我签署" in client.get("/desk/").content.decode()
    url = reverse("rectification:sign_panel", args=[panel.pk])
    page = client.get(url).content.decode()
    assert "checked" not in page.partition("gate_tasks")[2].partition("opinion")[0]
    answer = client.post(
        url,
        {f"gate_{name}": "passed" for name in GATES} | {"gate_effect": "failed", "opinion": "漏损率仍偏高。"},
    )
    assert answer.status_code == 302
    assert "待我签署" not in client.get("/desk/").content.decode()
    shown = client_as(story.cast.acceptor).get(reverse("desk:problem", args=[waiting.pk])).content.decode()
    assert "漏损率仍偏高。" in shown
    assert "不同意通过" in shown


@pytest.mark.parametrize(
    "name", ["set_up_panel", "sign_panel", "replace_panellist", "change_chair", "dissolve_panel"]
)
def test_outsiders_find_nothing_and_the_unit_may_not(story, waiting, client_as, open_account, name):
    panel = seat(story, open_account, waiting)
    url = reverse(f"rectification:{name}", args=[waiting.pk if name == "set_up_panel" else panel.pk])
    assert client_as(story.cast.outsider).get(url).status_code == 404
    assert client_as(story.cast.handler).get(url).status_code == 403


def test_replacing_and_another_chair_by_their_pages(story, waiting, client_as, open_account):
    panel = seat(story, open_account, waiting)
    open_account(story.cast.source_authority)
    member = Panellist.objects.get(person=story.cast.sector_handler.person.pk)
    client = client_as(story.cast.acceptor)
    answer = client.post(
        reverse("rectification:replace_panellist", args=[panel.pk]),
        {"member": member.pk, "by": story.cast.source_authority.post.pk, "reason": "出差在外"},
    )
    assert answer.status_code == 302
    chair = Panellist.objects.get(person=story.cast.inspector.person.pk)
    refused = client.post(
        reverse("rectification:change_chair", args=[panel.pk]), {"member": chair.pk, "reason": "原组长调离"}
    )
    assert "组长要由验收岗担任" in refused.content.decode()
    page = client.get(reverse("desk:problem", args=[waiting.pk])).content.decode()
    assert "出差在外" in page


def test_the_chair_reads_the_signatures_beside_the_verdict(story, waiting, client_as, open_account):
    panel = seat(story, open_account, waiting)
    all_sign(story, panel, "sector_handler")
    page = (
        client_as(story.cast.acceptor)
        .get(reverse("rectification:accept", args=[waiting.pk]))
        .content.decode()
    )
    assert "方晴" in page
    assert "不同意通过" in page


def test_the_paper_tells_every_signature(story, waiting, open_account):
    panel = seat(story, open_account, waiting)
    all_sign(story, panel, "sector_handler")
    story.accept(waiting)
    said = values_for(KINDS["acceptance_form"], fresh([waiting]))["验收组意见"]
    assert said.splitlines()[0] == "共3人，同意通过2人，不同意通过1人。"
    assert "3. 方晴　市生态环境局市生态环境局经办人：不同意通过（与验收组结论不同）" in said


def test_where_one_accepted_the_paper_says_so(story, waiting):
    story.accept(waiting)
    assert values_for(KINDS["acceptance_form"], fresh([waiting]))["验收组意见"] == "未组成验收组。"


def test_offers_follow_the_panel(story, waiting, open_account):
    from bihuan.rectification.offers import offers_for

    def verbs(name):
        found = offers_for(getattr(story.cast, name).actor, fresh([waiting])[0])
        return {one.verb.partition(".")[2]: one.why_not for one in found}

    assert verbs("acceptor")["set_up_panel"] == ""
    panel = seat(story, open_account, waiting)
    assert {"sign_panel", "replace_panellist", "dissolve_panel"} <= set(verbs("acceptor"))
    assert "没有签署" in verbs("acceptor")["accept"]
    assert verbs("inspector")["sign_panel"] == ""
    sign(story, panel, "inspector")
    assert "sign_panel" not in verbs("inspector")
    assert "dissolve_panel" not in verbs("acceptor")
    assert AcceptancePanel.objects.get().state == "sitting"


def test_a_case_before_a_panel_waits_for_the_chair_when_all_have_signed(
    story, waiting, client_as, open_account
):
    desk = reverse("desk:home")
    client = client_as(story.cast.acceptor)
    assert "queue-accept" in client.get(desk).content.decode()
    panel = seat(story, open_account, waiting)
    assert "queue-accept" not in client.get(desk).content.decode()
    all_sign(story, panel)
    assert "queue-accept" in client.get(desk).content.decode()
