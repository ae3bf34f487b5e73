"""Navigation and what the shell knows."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.template.loader import render_to_string
from django.utils import translation

from bihuan.web import places
from bihuan.web.context import Shell, shell
from bihuan.web.making import WrongPiece
from bihuan.web.places import Chain, Me, register_place, register_supplier
from tests.web.pages import read

pytestmark = pytest.mark.usefixtures("no_places")

DESK = {"key": "desk", "label": "工作台", "url_name": "desk:desk", "order": 10, "icon": "desk"}
LEDGER = {
    "key": "ledger",
    "label": "台账",
    "url_name": "ledger:list",
    "order": 20,
    "searches": True,
    "claims": ["rectification"],
}
LOOKBACK = {"key": "lookback", "label": "回头看", "url_name": "web:styleguide", "order": 110}


def declare(*declared):
    for place in declared:
        register_place(place)


def labels(request):
    return [str(place.label) for place in Shell(request).places]


def test_places_stand_in_their_order(request_of):
    declare(LOOKBACK, LEDGER, DESK)
    assert labels(request_of("/desk/")) == ["工作台", "台账", "回头看"]


def test_the_same_key_again_replaces_the_place(request_of):
    declare(DESK, {**DESK, "label": "我的工作台"})
    assert labels(request_of("/desk/")) == ["我的工作台"]


def test_a_place_nobody_serves_is_not_shown(request_of):
    declare(DESK, {**LOOKBACK, "url_name": "assessment:list"})
    assert labels(request_of("/desk/")) == ["工作台"]


def test_a_place_may_be_hidden_from_somebody(request_of):
    declare(DESK, {**LEDGER, "visible": lambda request: request.user.username == "mei"})
    assert labels(request_of("/desk/")) == ["工作台"]


def test_who_is_not_signed_in_sees_no_place(request_of):
    declare(DESK)
    assert labels(request_of("/desk/", user=AnonymousUser())) == []


def test_the_page_one_is_on_is_marked(request_of):
    declare(DESK, LEDGER)
    assert [place.current for place in Shell(request_of("/ledger/")).places] == ["", "page"]


@pytest.mark.parametrize("path", ["/ledger/one/", "/measures/"])
def test_pages_beneath_a_place_mark_it(request_of, path):
    declare(DESK, LEDGER)
    assert [place.current for place in Shell(request_of(path)).places] == ["", "true"]


def test_of_two_places_in_one_namespace_the_claimed_page_marks_one(request_of):
    declare(
        DESK, {**LEDGER, "key": "other", "url_name": "ledger:list"}, {**LEDGER, "claims": ["ledger:problem"]}
    )
    marked = [place.current for place in Shell(request_of("/ledger/one/")).places]
    assert marked == ["", "true", ""]


def test_of_two_places_in_one_namespace_the_nearest_address_marks_one(request_of):
    declare({**DESK, "url_name": "ledger:archive"}, {**LEDGER, "claims": []})
    assert [place.current for place in Shell(request_of("/ledger/archive/one/")).places] == ["true", ""]
    assert [place.current for place in Shell(request_of("/ledger/one/")).places] == ["", "true"]


def test_a_place_opens_the_slice_it_counts_and_searches_all(request_of):
    declare({**LEDGER, "query": "?state=open", "searches": True})
    shell = Shell(request_of("/ledger/"))
    assert (shell.places[0].url, shell.search_url) == ("/ledger/?state=open", "/ledger/")


def test_a_page_of_a_place_is_not_also_anothers_who_claims_its_namespace(request_of):
    declare({**DESK, "claims": ["ledger"]}, LEDGER)
    assert [place.current for place in Shell(request_of("/ledger/")).places] == ["", "page"]


def test_a_rule_stands_before_the_second_group_only(request_of):
    declare(DESK, LEDGER, LOOKBACK, {**LOOKBACK, "key": "administration", "order": 190})
    assert [place.opens_group for place in Shell(request_of("/desk/")).places] == [False, False, True, False]


def test_counts_are_asked_for_each_request(request_of):
    declare({**DESK, "count": lambda request: len(request.path)})
    assert Shell(request_of("/desk/")).places[0].count == 6


def test_no_place_is_counted_until_a_template_asks(request_of):
    asked = []
    declare({**DESK, "count": lambda request: asked.append(1)})
    shell(request_of("/desk/"))
    assert asked == []


def test_search_goes_to_the_place_that_searches(request_of):
    declare(DESK, LEDGER)
    assert Shell(request_of("/desk/")).search_url == "/ledger/"


def test_the_searched_words_stay_in_the_box(request_of):
    declare(LEDGER)
    assert Shell(request_of("/ledger/?q=石堰沟")).searched == "石堰沟"


def test_an_unknown_key_of_a_place_is_refused():
    with pytest.raises(WrongPiece, match="does not know lable"):
        register_place({**DESK, "lable": "工作台"})


def test_a_supplier_nobody_asks_for_is_refused():
    with pytest.raises(LookupError, match="weather"):
        register_supplier("weather", lambda request: "晴")


def test_me_is_the_name_where_nobody_supplies_more(request_of):
    assert Shell(request_of("/desk/")).me == Me(name="lin")


def test_me_is_made_from_a_mapping(request_of):
    posts = [{"id": "1", "name": "审核岗", "unit": "市整改办", "current": True}]
    register_supplier("me", lambda request: {"name": "林知远", "post": "市整改办 · 审核岗", "posts": posts})
    assert Shell(request_of("/desk/")).me.posts[0].current


def test_the_chain_is_not_shown_to_strangers(request_of):
    register_supplier("chain", lambda request: Chain(whole=True, words="日志校验通过"))
    assert Shell(request_of("/desk/", user=AnonymousUser())).chain is None


def bar(request):
    return read(render_to_string("web/parts/bar.html", request=request))


def test_who_holds_several_posts_may_switch(request_of, monkeypatch):
    monkeypatch.setattr(Shell, "switch_url", "/switch/")
    posts = [
        {"id": "1", "name": "审核岗", "unit": "市整改办", "current": True},
        {"id": "2", "name": "拟办岗", "unit": "市整改办", "stands_in_for": "沈砚"},
    ]
    register_supplier("me", lambda request: {"name": "林知远", "post": "市整改办 · 审核岗", "posts": posts})
    page = bar(request_of("/desk/?a=1"))
    form = next(one for one in page.all("form") if one.get("action") == "/switch/")
    assert [one.get("value") for one in form.all("button")] == ["1", "2"]
    assert [one.get("value") for one in form.all("input") if one.get("name") == "next"] == ["/desk/?a=1"]
    assert "代 沈砚" in form.words


def test_who_holds_one_post_gets_no_switch(request_of):
    posts = [{"id": "1", "name": "审核岗", "unit": "市整改办", "current": True}]
    register_supplier("me", lambda request: {"name": "林知远", "post": "市整改办 · 审核岗", "posts": posts})
    assert [one for one in bar(request_of("/desk/")).all("button") if one.get("name") == "post"] == []


def test_signing_out_is_a_post(request_of):
    forms = [one for one in bar(request_of("/desk/")).all("form") if "logout" in one.get("action")]
    assert [one.get("method") for one in forms] == ["post"]


def navigation(request):
    return read(render_to_string("web/parts/navigation.html", request=request))


def test_what_does_not_fit_the_phone_is_under_more(request_of):
    declare(*({**DESK, "key": str(n), "order": n, "label": f"第{n}处"} for n in range(1, 7)))
    more = navigation(request_of("/ledger/")).all("details")[0]
    assert [one.words for one in more.all("a")] == ["第5处", "第6处"]


def test_more_bears_the_name_of_the_hidden_present_place(request_of):
    hidden = [{**LOOKBACK, "key": str(n), "order": 100 + n, "label": f"第{n}处"} for n in range(5)]
    declare(*hidden, {**LEDGER, "order": 199})
    assert navigation(request_of("/ledger/")).all("summary")[0].words == "台账"


def test_in_english_three_fit_the_phone(request_of):
    declare(*({**DESK, "key": str(n), "order": n, "label": f"Place {n}"} for n in range(1, 5)))
    with translation.override("en"):
        more = navigation(request_of("/ledger/")).all("details")[0]
    assert [one.words for one in more.all("a")] == ["Place 4"]


def test_four_places_need_no_more(request_of):
    declare(*({**DESK, "key": str(n), "order": n} for n in range(4)))
    assert navigation(request_of("/desk/")).all("details") == []


@pytest.mark.parametrize(
    ("headers", "layout"),
    [
        ({}, "web/base.html"),
        ({"HX-Request": "true"}, "web/fragment.html"),
        ({"HX-Request": "true", "HX-Boosted": "true"}, "web/base.html"),
    ],
)
def test_htmx_gets_the_part_and_everybody_else_the_page(request_of, headers, layout):
    assert shell(request_of("/desk/", **headers))["layout"] == layout


def test_rooms_declare_their_places_in_a_module(monkeypatch):
    """Whatever the rooms declare today can be read, and only by keys the shell knows."""
    places.gather()
    assert all(place.url_name and place.label for place in places.places())
