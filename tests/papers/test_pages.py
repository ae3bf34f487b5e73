"""The pages of papers: who sees them, what can be done there, and what they cost."""

from __future__ import annotations

import dataclasses
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bihuan.files import page_pictures
from bihuan.files.jobs import destroy_content
from bihuan.papers import pages
from bihuan.papers.kinds import KINDS
from bihuan.papers.models import Paper, PaperTemplate
from tests.papers.conftest import drafted, entered, opened, text_of
from tests.rectification.conftest import fresh

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def static(plain_static):
    """Static files come from the finders."""


def draft_address(kind, *problems):
    return reverse("papers:draft", args=[kind]) + "?" + "&".join(f"pick={one.pk}" for one in problems)


def of_paper(name, paper):
    return reverse(f"papers:{name}", args=[paper.pk])


def test_a_paper_is_drafted_from_the_problem(story, client_as):
    problem = story.rectifying()
    client = client_as(story.cast.coordinator)
    section = client.get(reverse("papers:of_problem", args=[problem.pk])).content.decode()
    assert "还没有文书" in section
    chosen = client.get(reverse("papers:choose") + f"?pick={problem.pk}").content.decode()
    assert "整改通知" in chosen
    assert "销号通知" not in chosen, "it has its time after closure"
    address = draft_address("rectification_notice", problem)
    form = client.get(address).content.decode()
    assert "市水务局" in form
    data = {"recipients": [str(story.cast.water.pk)], "signed_by": "市整改办", "asked_1": "2026年4月10日"}
    answer = client.post(address, data | {"idempotency_key": "a"})
    assert answer.status_code == 302
    assert client.post(address, data | {"idempotency_key": "a"}).status_code == 302
    paper = Paper.objects.get()
    page = client.get(answer["Location"]).content.decode()
    assert paper.title in page
    assert "2026年4月10日" in page
    assert paper.title in client.get(reverse("papers:of_problem", args=[problem.pk])).content.decode()
    assert paper.title in client.get(reverse("papers:list")).content.decode()


@pytest.mark.parametrize("code", ["supervision_form", "public_notice", "report", "filing_form"])
def test_a_form_as_it_is_offered_drafts(story, client_as, code):
    kind, about = KINDS[code], story.rectifying()
    if about.state not in kind.states:
        about = story.under_review()
        story.close(about)
    client = client_as(story.cast.coordinator)
    form = client.get(draft_address(code, about)).content.decode()
    assert ("主送单位" in form) is kind.has_recipients
    assert ("蓝色：提醒" in form) is (code == "supervision_form")
    data = {"signed_by": "市整改办", "asked_0": "red" if code == "supervision_form" else "写明。"}
    answer = client.post(
        draft_address(code, about), data | ({"others": "省整改办"} if code == "report" else {})
    )
    assert answer.status_code == 302
    assert Paper.objects.get().kind == code


def test_a_refusal_stands_at_its_field_with_what_was_typed(story, client_as):
    problem = story.rectifying()
    data = {"recipients": [], "signed_by": "市整改办", "asked_0": "已经写下的话"}
    answer = client_as(story.cast.coordinator).post(draft_address("rectification_notice", problem), data)
    assert answer.status_code in {409, 422}
    assert "没有主送单位" in answer.content.decode()
    assert "已经写下的话" in answer.content.decode()


def test_strangers_find_nothing_and_insiders_are_told(story, client_as):
    problem = story.rectifying()
    paper = drafted(story, problem)
    stranger, insider = client_as(story.cast.outsider), client_as(story.cast.handler)
    assert insider.get(of_paper("paper", paper)).status_code == 404, "a draft is not for whom it will press"
    assert paper.title not in insider.get(reverse("desk:problem", args=[problem.pk])).content.decode()
    entered(story, paper)
    for name in ("paper", "pages", "redraft", "enter", "void"):
        assert stranger.get(of_paper(name, paper)).status_code == 404, name
    assert stranger.get(reverse("papers:page", args=[paper.pk, 1])).status_code == 404
    assert stranger.get(reverse("papers:of_problem", args=[problem.pk])).status_code == 404
    assert stranger.get(draft_address("report", problem)).status_code == 404
    assert paper.title not in stranger.get(reverse("papers:list")).content.decode()
    assert insider.get(of_paper("paper", paper)).status_code == 200
    for name in ("redraft", "enter", "void"):
        assert insider.get(of_paper(name, paper)).status_code == 403, name
    assert insider.get(draft_address("rectification_notice", problem)).status_code == 403


def test_who_sees_one_of_its_problems_does_not_see_the_paper(story, client_as):
    mine, other = story.register(), story.register(readership="work_secret")
    story.propose(mine, other, lead_unit=story.cast.station)
    story.issue(fresh([mine, other]))
    referral = {"kind": "referral_letter", "recipients": [], "others": ["云川市公安局"]}
    both, alone = drafted(story, mine, other, **referral), drafted(story, mine, **referral)
    entered(story, both)
    entered(story, alone, document_no="云整改〔2026〕8号")
    client = client_as(story.cast.principal)
    assert client.get(of_paper("paper", both)).status_code == 404
    assert client.get(of_paper("paper", alone)).status_code == 200
    listed = client.get(reverse("papers:list")).content.decode()
    assert alone.title in listed
    assert both.title not in listed


def test_unknown_kinds_and_problems_lead_nowhere(story, client_as):
    client = client_as(story.cast.coordinator)
    problem = story.rectifying()
    assert client.get(draft_address("no_such_kind", problem)).status_code == 404
    assert client.get(reverse("papers:choose")).status_code == 404
    assert (
        client.get(reverse("papers:choose") + f"?pick={problem.pk}&pick={story.cast.city.pk}").status_code
        == 404
    )
    assert client.get(reverse("papers:choose") + "?pick=nonsense").status_code == 404


def test_several_are_drafted_from_the_ledger(story, client_as):
    problems = [story.rectifying() for _ in range(2)]
    client = client_as(story.cast.coordinator)
    address = reverse("papers:choose") + "?scope=all&filter=state%3Drectifying"
    chosen = client.get(address).content.decode()
    assert all(problem.problem_no in chosen for problem in problems)
    assert "请示" not in chosen, "one request, one matter"
    link = re.search(r'href="(/papers/draft/rectification_notice/[^"]+)"', chosen)
    form = client.get(link[1].replace("&amp;", "&")).content.decode()
    assert all(problem.problem_no in form for problem in problems)


def test_the_list_narrows_and_goes_on_page_by_page(story, client_as, monkeypatch):
    problem = story.rectifying()
    papers = [
        drafted(story, problem, kind=kind) for kind in ("rectification_notice", "talk_record", "talk_record")
    ]
    client = client_as(story.cast.coordinator)
    only = client.get(
        reverse("papers:list"), {"kind": "rectification_notice", "state": "draft"}
    ).content.decode()
    assert papers[0].title in only
    assert papers[1].title not in only
    assert client.get(reverse("papers:list"), {"kind": "x", "state": "y", "before": "z"}).status_code == 200
    monkeypatch.setattr(pages, "PAGE", 2)
    first = pages.page_of_list(story.cast.coordinator.actor, {})["table"]
    before = first["pager"]["next_url"].partition("before=")[2]
    second = pages.page_of_list(story.cast.coordinator.actor, {"before": before})["table"]
    shown = [row["id"] for table in (first, second) for row in table["rows"]]
    assert shown == [str(paper.pk) for paper in reversed(papers)]


def test_the_number_comes_back_on_its_page(story, client_as):
    paper = drafted(story, story.rectifying())
    client = client_as(story.cast.coordinator)
    data = {
        "document_no": "云整改〔2026〕7号",
        "issued_on": story.clock.today.isoformat(),
        "signed_copy": SimpleUploadedFile("签发件.txt", "签发".encode()),
    }
    assert client.post(of_paper("enter", paper), data).status_code == 302
    page = client.get(of_paper("paper", paper)).content.decode()
    for said in ("已印发", "云整改〔2026〕7号", "签发件", "更正文号"):
        assert said in page
    assert of_paper("redraft", paper) not in page


def test_words_are_changed_on_their_page(story, client_as):
    paper = drafted(story, story.rectifying())
    client = client_as(story.cast.coordinator)
    form = client.get(of_paper("redraft", paper)).content.decode()
    assert paper.text.splitlines()[0] in form
    data = {"by_hand": "on", "title": "改过的标题", "text": "改过的正文。"}
    assert client.post(of_paper("redraft", paper), data).status_code == 302
    page = client.get(of_paper("paper", paper)).content.decode()
    assert "改过的正文。" in page
    assert "第 2 稿" in page
    assert client.post(of_paper("void", paper), {"reason": "不发了。"}).status_code == 302
    assert "已作废" in client.get(of_paper("paper", paper)).content.decode()


def test_pages_are_drawn_once_and_go_with_the_content(story, client_as, monkeypatch):
    """What LibreOffice makes is kept beside the content, and destroyed with it."""
    from reportlab.pdfgen.canvas import Canvas

    made = []

    def drawn(content, name, limits):
        import io

        made.append(name)
        target = io.BytesIO()
        canvas = Canvas(target)
        canvas.drawString(100, 700, "page")
        canvas.showPage()
        canvas.save()
        return target.getvalue()

    monkeypatch.setattr(page_pictures, "converter", lambda: "soffice")
    monkeypatch.setattr(page_pictures, "as_pdf", drawn)
    paper = drafted(story, story.rectifying(), given={"整改要求": "只此一稿。"})
    client = client_as(story.cast.coordinator)
    for _ in range(2):
        assert (
            reverse("papers:page", args=[paper.pk, 1])
            in client.get(of_paper("pages", paper)).content.decode()
        )
    picture = client.get(reverse("papers:page", args=[paper.pk, 1]))
    assert picture.content.startswith(b"\x89PNG")
    assert client.get(reverse("papers:page", args=[paper.pk, 2])).status_code == 404
    assert len(made) == 1
    name = page_pictures.store.pages_name(paper.draft.blob.sha256)
    assert page_pictures.store.exists(name)
    monkeypatch.setattr("bihuan.files.jobs.Blob.objects", Nothing())
    destroy_content(paper.draft.blob.sha256)
    assert not page_pictures.store.exists(name)


class Nothing:
    """No content is kept any more."""

    def filter(self, **_):
        return self

    def exists(self):
        return False


def test_without_libreoffice_the_text_is_shown(story, client_as, monkeypatch):
    monkeypatch.setattr(page_pictures, "converter", lambda: None)
    paper = drafted(story, story.rectifying(), given={"整改要求": "别处没有的一句。"})
    part = client_as(story.cast.coordinator).get(of_paper("pages", paper)).content.decode()
    assert "别处没有的一句。" in part
    assert "<img" not in part


def test_the_code_of_a_form_opens_the_case(story, settings):
    address = "https://zg.example.gov.cn"
    settings.CONFIGURATION = dataclasses.replace(settings.CONFIGURATION, address=address)
    problem = story.rectifying()
    from bihuan.papers.drafting import address_of

    form = drafted(story, problem, kind="supervision_form")
    assert address_of(form, [problem]) == address + reverse("desk:problem", args=[problem.pk])
    assert len(opened(form).inline_shapes) == 1
    assert not opened(drafted(story, problem)).inline_shapes
    settings.CONFIGURATION = dataclasses.replace(settings.CONFIGURATION, address="")
    assert not opened(drafted(story, problem, kind="supervision_form")).inline_shapes


def test_the_order_is_printed_here_and_hidden_from_strangers(story, client_as):
    from bihuan.rectification.models import AssignmentOrder

    problem = story.rectifying()
    order = AssignmentOrder.objects.get(items__problem=problem)
    address = reverse("papers:order_word", args=[order.pk])
    answer = client_as(story.cast.handler).get(address)
    import io

    import docx

    assert problem.problem_no in text_of(docx.Document(io.BytesIO(answer.content)))
    assert client_as(story.cast.outsider).get(address).status_code == 404


# ---- templates --------------------------------------------------------------------------------------------------------


def test_the_office_changes_its_words_seeing_them(story, client_as):
    client = client_as(story.cast.reviewer)
    assert "整改通知" in client.get(reverse("papers:templates")).content.decode()
    edit = reverse("papers:edit_template", args=["report"])
    assert "{{整改情况}}" in client.get(reverse("papers:template", args=["report"])).content.decode()
    preview = client.post(
        reverse("papers:show_template", args=["report"]),
        {"title": "甲{{牵头单位}}<b>", "body": "乙{{无此项}}\n{{整改情况}}"},
    ).content.decode()
    assert "甲〈牵头单位〉&lt;b&gt;" in preview
    assert "无此项" in preview
    data = {
        "title": "关于{{问题名称}}的{{文种}}",
        "body": "我们的话。",
        "valid_from": story.clock.today.isoformat(),
    }
    assert client.post(edit, data | {"body": "{{无此项}}"}).status_code in {409, 422}
    assert client.post(edit, data).status_code == 302
    page = client.get(reverse("papers:template", args=["report"])).content.decode()
    assert "我们的话。" in page
    template = PaperTemplate.objects.get()
    away = reverse("papers:withdraw_template", args=[template.pk])
    data = {"from_day": story.clock.today.isoformat(), "reason": "不合用。"}
    assert client.post(away, data).status_code == 302
    assert "我们的话。" not in client.get(reverse("papers:template", args=["report"])).content.decode()


def test_others_read_the_words_and_do_not_change_them(story, client_as):
    client = client_as(story.cast.handler)
    assert client.get(reverse("papers:template", args=["report"])).status_code == 200
    assert client.get(reverse("papers:edit_template", args=["report"])).status_code == 403
    assert client.post(reverse("papers:show_template", args=["report"]), {}).status_code == 403
    assert client.get(reverse("papers:template", args=["none"])).status_code == 404


# ---- what pages cost --------------------------------------------------------------------------------------------------


def queries(call) -> int:
    with CaptureQueriesContext(connection) as captured:
        call()
    return len(captured)


def test_the_list_costs_the_same_with_more_papers(story):
    problem = story.rectifying()
    drafted(story, problem)
    few = queries(lambda: pages.page_of_list(story.cast.coordinator.actor, {}))
    for _ in range(3):
        drafted(story, problem, kind="talk_record")
    # Outside a request who asks is looked up each time.
    assert queries(lambda: pages.page_of_list(story.cast.coordinator.actor, {})) == few <= 11


def test_the_section_of_a_problem_costs_the_same_with_more_papers(story, client_as):
    problem = story.rectifying()
    client = client_as(story.cast.coordinator)
    address = reverse("papers:of_problem", args=[problem.pk])
    client.get(address)
    few = queries(lambda: client.get(address))
    drafted(story, problem)
    drafted(story, problem, kind="talk_record")
    assert queries(lambda: client.get(address)) == few <= 30
