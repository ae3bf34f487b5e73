"""Fields and the form of an action."""

from __future__ import annotations

import pytest
from django import forms
from django.template import Context, Template
from django.template.loader import render_to_string

from bihuan.web.sections import Conflict, Note
from tests.web.pages import read

pytestmark = pytest.mark.usefixtures("no_places")


class Sample(forms.Form):
    title = forms.CharField(label="标题", max_length=20, help_text="二十字以内")
    due = forms.DateField(label="期限")
    count = forms.IntegerField(label="件数", required=False)
    unit = forms.ChoiceField(label="牵头单位", choices=[("", "请选择"), ("1", "平桥县水利局")])
    kind = forms.ChoiceField(
        label="类型", choices=[("a", "立行立改"), ("b", "限期")], widget=forms.RadioSelect
    )
    reason = forms.CharField(label="理由", widget=forms.Textarea, max_length=500)
    proof = forms.FileField(label="佐证")
    sure = forms.BooleanField(label="我已核对")
    seen = forms.CharField(widget=forms.HiddenInput)


class Own(forms.Form):
    title = forms.CharField(label="标题", error_messages={"required": "写一句话，说清楚什么事"})


def field(form, name, arguments=""):
    template = f"{{% load bihuan %}}{{% field form.{name} {arguments} %}}"
    return read(Template(template).render(Context({"form": form})))


@pytest.mark.parametrize("name", ["title", "due", "count", "unit", "reason", "proof"])
def test_a_label_belongs_to_its_control(name):
    page = field(Sample(), name)
    control = page.all("input", "select", "textarea")[0]
    assert page.all("label")[0].get("for") == control.get("id")


def test_several_boxes_share_a_legend():
    page = field(Sample(), "kind")
    assert page.all("legend")[0].words == "类型"
    assert [one.get("value") for one in page.all("input")] == ["a", "b"]


def test_the_chosen_box_stays_chosen():
    page = field(Sample({"kind": "b"}), "kind")
    assert [one.get("value") for one in page.all("input") if "checked" in one.attributes] == ["b"]


def test_a_date_is_the_browsers_own_and_speaks_iso():
    control = field(Sample(initial={"due": "2026-11-30"}), "due").all("input")[0]
    assert (control.get("type"), control.get("value")) == ("date", "2026-11-30")


@pytest.mark.parametrize(
    ("name", "sent", "said"),
    [
        ("title", "", "请填写标题"),
        ("due", "", "请填写期限"),
        ("due", "明天", "请填写日期，如 2026-11-30"),
        ("count", "三", "请填写数字，如 30"),
        ("unit", "", "请选择牵头单位"),
        ("kind", "", "请选择类型"),
        ("proof", "", "请选择文件"),
        ("sure", "", "请确认并勾选"),
    ],
)
def test_an_error_says_what_would_be_accepted(name, sent, said):
    page = field(Sample({name: sent}), name)
    assert [one.words for one in page.all("p") if "is-wrong" in one.get("class")] == [said]


def test_a_forms_own_words_stand_as_they_are():
    assert "写一句话，说清楚什么事" in field(Own({"title": ""}), "title").words


def test_a_wrong_control_is_tied_to_its_error_and_its_help():
    page = field(Sample({"title": ""}), "title")
    control = page.all("input")[0]
    notes = {one.get("id") for one in page.all("p")}
    assert control.get("aria-invalid") == "true"
    assert set(control.get("aria-describedby").split()) == notes


def test_help_that_is_not_shown_is_not_referred_to():
    control = field(Sample(), "title", "hint=False").all("input")[0]
    assert "aria-describedby" not in control.attributes
    wrong = field(Sample({"title": ""}), "title", "hint=False")
    shown = {one.get("id") for one in wrong.all("p")}
    assert set(wrong.all("input")[0].get("aria-describedby").split()) == shown


def test_what_was_typed_stays():
    assert field(Sample({"title": "长" * 21}), "title").all("input")[0].get("value") == "长" * 21


def test_what_may_be_left_out_says_so():
    assert "选填" in field(Sample(), "count").words
    assert "选填" not in field(Sample(), "title").words


def test_long_text_is_counted():
    assert "0 / 500" in field(Sample(), "reason").words


def test_a_hidden_field_has_no_label():
    assert field(Sample(), "seen").all("label") == []


def test_a_label_may_be_replaced():
    assert field(Sample(), "title", 'label="问题"').all("label")[0].words == "问题"


# ---- the form of an action ------------------------------------------------------------------------------------------


def page_of(request, **context):
    given = {"title": "申请延期", "form": Sample(), **context}
    return read(render_to_string("web/action_form.html", given, request=request))


@pytest.fixture
def whole(request_of):
    return request_of("/ledger/")


@pytest.fixture
def in_dialog(request_of):
    return request_of("/ledger/", **{"HX-Request": "true", "HX-Target": "dialog-body"})


def action_form(page):
    return next(one for one in page.all("form") if "data-guard" in one.attributes)


def test_alone_it_is_a_page_with_its_heading(whole):
    assert page_of(whole).all("h1")[0].words == "申请延期"


def test_in_the_dialog_it_is_a_part_with_a_title_and_a_way_out(in_dialog):
    page = page_of(in_dialog)
    assert page.all("html") == []
    assert [one.words for one in page.all("h2") if one.get("id") == "dialog-title"] == ["申请延期"]
    assert any("data-dialog-close" in one.attributes for one in page.all("button"))


def test_it_works_without_any_script(whole):
    form = action_form(page_of(whole, action_url="/extend/"))
    assert (form.get("method"), form.get("action")) == ("post", "/extend/")
    assert any(one.get("name") == "csrfmiddlewaretoken" for one in form.all("input"))


def test_with_files_it_is_sent_in_parts_and_shows_how_far_it_is(whole):
    form = action_form(page_of(whole))
    assert form.get("enctype") == form.get("hx-encoding") == "multipart/form-data"
    assert any("data-upload" in one.attributes for one in form.all("div"))


def test_without_files_there_is_no_meter(whole):
    form = action_form(page_of(whole, form=Own()))
    assert form.get("enctype") == ""
    assert form.all("progress") == []


def test_a_form_with_errors_counts_as_unsaved(whole):
    assert "data-dirty" in action_form(page_of(whole, form=Own({"title": ""}))).attributes
    assert "data-dirty" not in action_form(page_of(whole, form=Own())).attributes


def test_the_consequence_stands_beside_the_one_solid_button(whole):
    form = action_form(page_of(whole, consequence="期限改为填写的日期", submit_label="送审"))
    assert "期限改为填写的日期" in form.words
    assert [one.words for one in form.all("button") if "btn-primary" in one.get("class")] == ["送审"]


def test_a_second_click_is_told_apart_by_its_key(whole):
    form = action_form(page_of(whole, idempotency_key="k1"))
    assert [one.get("value") for one in form.all("input") if one.get("name") == "idempotency_key"] == ["k1"]


def test_many_subjects_are_counted_and_folded(whole):
    page = page_of(whole, subjects=[f"ZG-2026-{n:04}" for n in range(12)])
    assert "共 12 件" in page.words
    assert len(page.all("details")[-1].all("li")) == 4


def test_a_conflict_keeps_the_typed_words_in_the_form(whole):
    page = page_of(whole, form=Own({"title": "我写的"}), conflict=Conflict(who="沈砚"))
    assert "沈砚 已经改了" in page.words
    assert action_form(page).all("input")[1].get("value") == "我写的"


def test_a_refusal_stands_above_the_form(whole):
    page = page_of(whole, note=Note(tone="refusal", title="期限不能早于今天"))
    assert [one.get("role") for one in page.all("div") if "note-refusal" in one.get("class")] == ["alert"]


def test_a_sent_form_comes_back_with_every_word(client):
    page = read(client.post("/styleguide/dialog/", {"document_no": "云 1", "reason": "到货晚"}).content)
    assert "到货晚" in [one.words for one in page.all("textarea")]
    assert client.post("/styleguide/dialog/", {}).status_code == 422
