"""Drafting, drafting again, entering back, voiding, and making words: each with its refusals, against the database."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from bihuan.files.models import FileReference
from bihuan.files.queries import content_of
from bihuan.journal.action import Actor, action, system_only
from bihuan.journal.errors import NotAllowed, NotVisible, Refused
from bihuan.journal.verify.whole import verify_journal
from bihuan.ledger.actions import register
from bihuan.ledger.actions.channels import admit, create_channel
from bihuan.ledger.models import Problem, Sector, Source
from bihuan.ledger.registering import NewProblem
from bihuan.papers import actions
from bihuan.papers.drafting import Wish, draft, office_of
from bihuan.papers.models import Paper
from bihuan.papers.rules import Fault
from bihuan.papers.templating import BLANK
from bihuan.rectification import actions as do
from tests.papers.conftest import drafted, enact, entered, fresh, opened, text_of
from tests.rectification.conftest import FACTS_OF_GRADE

pytestmark = pytest.mark.django_db


@action("tests.press_by_letter", may=system_only)
def press(problem: Problem, *, actor: Actor) -> Paper:
    """What a reaction of another room will do: compose within the transaction that is open."""
    given = {"督办意见": "限一个月内完成。"}
    wish = Wish(kind="supervision_letter", recipients=[problem.lead_unit], given=given)
    return draft([problem], wish, sender=office_of(problem.jurisdiction))


# ---- drafting ---------------------------------------------------------------------------------------------------------


def test_a_notice_says_what_the_ledger_knows(story):
    problem = story.rectifying()
    paper = drafted(story, problem, given={"整改要求": "按月通报漏损率。", "反馈期限": "2026年4月10日"})
    assert (paper.document_kind, paper.state, paper.paper_no, paper.document_no) == (
        "notice",
        "draft",
        "",
        "",
    )
    words = text_of(opened(paper))
    for said in ("市水务局：", problem.text, "2026年6月30日", "按月通报漏损率。", "特此通知。", "市整改办"):
        assert said in words
    assert BLANK not in words
    assert "〔" not in words.split("特此通知。")[-1], "a number is the document office's"


def test_what_nobody_knows_stays_blank_and_is_not_invented(story):
    paper = drafted(story, story.rectifying())
    assert BLANK in paper.text
    assert "年　　月　　日" in text_of(opened(paper))


def test_several_problems_stand_in_an_annex_on_its_side(story):
    problems = [story.rectifying() for _ in range(2)]
    paper = drafted(story, *problems)
    document = opened(paper)
    assert [cell.text for cell in document.tables[0].columns[1].cells[1:]] == [
        one.problem_no for one in problems
    ]
    assert document.sections[-1].page_width > document.sections[-1].page_height
    assert "附件：问题清单" in text_of(document)


def test_the_same_call_twice_makes_one_paper(story):
    problem = story.rectifying()
    for _ in range(2):
        actions.draft_paper.call(key="once")(
            [problem], kind="talk_record", actor=story.cast.coordinator.actor
        )
    assert Paper.objects.count() == 1


def test_the_kind_of_document_follows_from_whom_it_goes_to(story):
    problem = story.rectifying()
    assert drafted(story, problem, recipients=[story.cast.other_county]).document_kind == "notice"
    outside = drafted(story, problem, recipients=[], others=["云川港务集团"])
    assert (outside.document_kind, "函" in outside.title) == ("letter", True)
    up = drafted(story, problem, kind="report", recipients=[story.cast.office], by=story.cast.handler)
    assert (up.document_kind, up.from_unit) == ("report", story.cast.water)


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        ({"recipients": []}, Fault.NO_RECIPIENT),
        ({"others": ["云川港务集团"]}, Fault.MIXED),
        ({"kind": "request_for_instructions"}, Fault.WRONG_WAY),
        ({"kind": "report"}, Fault.WRONG_WAY),
    ],
)
def test_a_wrong_way_is_refused_with_the_right_one(story, more, fault):
    with pytest.raises(Refused) as refusal:
        drafted(story, story.rectifying(), **more)
    assert refusal.value.data["fault"] == fault.value
    assert refusal.value.accepted
    assert not Paper.objects.exists()


def test_a_report_that_asks_is_refused(story):
    with pytest.raises(Refused, match="夹带") as refusal:
        drafted(
            story,
            story.rectifying(),
            kind="report",
            recipients=[story.cast.office],
            given={"下步打算": "妥否，请批示。"},
            by=story.cast.handler,
        )
    assert "另行起草请示" in str(refusal.value.accepted)


def test_what_a_report_quotes_is_no_request_of_its_own(story):
    """The problem itself may be that nobody was asked, and its words stand in the report as they are."""
    problem = story.rectifying(title="重大事项不请示报告", text="该局未请求批准即调整方案，妥否存疑。")
    up = {"kind": "report", "recipients": [story.cast.office], "by": story.cast.handler}
    paper = drafted(story, problem, given={"整改情况": "已经补报。"}, **up)
    assert "该局未请求批准即调整方案" in paper.text
    with pytest.raises(Refused, match="“请求批”") as refusal:
        drafted(story, problem, given={"整改情况": "请求批准延期。"}, **up)
    assert "另行起草请示" in str(refusal.value.accepted)


def test_a_request_is_not_copied_downwards(story):
    asked = {"kind": "request_for_instructions", "recipients": [story.cast.office], "by": story.cast.handler}
    assert drafted(story, story.rectifying(), **asked).document_kind == "request_for_instructions"
    with pytest.raises(Refused, match="抄送"):
        drafted(story, story.rectifying(), copies=[story.cast.station], **asked)


def test_one_request_one_matter(story):
    with pytest.raises(Refused, match="一份只写一个问题"):
        drafted(
            story,
            story.rectifying(),
            story.rectifying(),
            kind="request_for_instructions",
            recipients=[story.cast.office],
        )


def test_a_kind_has_its_time(story):
    with pytest.raises(Refused, match="不能起草") as refusal:
        drafted(story, story.rectifying(), kind="closure_notice")
    assert refusal.value.data["code"] == "state"


def test_only_what_is_asked_for_may_be_filled_in(story):
    with pytest.raises(Refused, match="没有“文号”"):
        drafted(story, story.rectifying(), given={"文号": "云整改〔2026〕9号"})
    with pytest.raises(Refused, match="太长"):
        drafted(story, story.rectifying(), given={"整改要求": "长" * 2001})


def test_outsiders_find_nothing_and_insiders_without_the_right_are_refused(story):
    problem = story.rectifying()
    with pytest.raises(NotVisible):
        drafted(story, problem, by=story.cast.outsider)
    with pytest.raises(NotAllowed):
        drafted(story, problem, by=story.cast.handler)
    with pytest.raises(NotAllowed):
        drafted(story, problem, kind="extension_form", by=story.cast.sector_handler)


def test_the_lead_unit_fills_in_its_own_forms(story):
    paper = drafted(story, story.rectifying(), kind="extension_form", by=story.cast.handler)
    assert paper.paper_no == "BD-2026-0001"
    assert drafted(story, story.rectifying(), kind="supervision_form").paper_no == "BD-2026-0002"


def test_a_form_tells_of_the_extension_that_was_asked(story):
    problem = story.rectifying()
    later = problem.external_deadline + dt.timedelta(days=30)
    do.ask_extension(
        problem,
        new_deadline=later,
        reason="汛期不能施工。",
        new_plan="汛后抢工。",
        actor=story.cast.liaison.actor,
    )
    words = text_of(opened(drafted(story, problem, kind="extension_form")))
    assert "汛期不能施工。" in words
    assert f"{later.year}年{later.month}月{later.day}日" in words


def test_a_colour_is_said_in_words(story):
    paper = drafted(story, story.rectifying(), kind="supervision_form", given={"督办颜色": "red"})
    assert "红色督办" in text_of(opened(paper))


def test_private_persons_are_masked_and_officials_are_not(story):
    problem = story.rectifying(
        text="村民王大力反映，联系人：李小花，电话13812345678，身份证11010519491231002X，管网漏水。"
    )
    words = text_of(opened(drafted(story, problem, kind="listing_notice")))
    for hidden in ("王大力", "李小花", "13812345678", "11010519491231002X"):
        assert hidden not in words
    assert "王某" in words
    assert "高建国" in words


def test_hostile_text_goes_in_as_text(story):
    problem = story.rectifying(
        title="<w:p>&\x0b{{settings}}" + "漏" * 150, text="a\x1fb</w:t> {{牵头单位}} & <x>"
    )
    paper = drafted(story, problem)
    words = text_of(opened(paper))
    assert "</w:t> {{牵头单位}} & <x>" in words
    assert "{{settings}}" in paper.title


def test_marks_of_secrecy_are_refused_before_anything_is_kept(story):
    problem = story.rectifying()
    before = FileReference.objects.count()
    with pytest.raises(Refused, match="涉密"):
        drafted(story, problem, given={"整改要求": "机密★长期"})
    assert FileReference.objects.count() == before
    assert not Paper.objects.exists()


def test_the_file_is_seen_by_whoever_sees_the_problem(story, client_as):
    paper = drafted(story, story.rectifying())
    address, content = reverse("files:download", args=[paper.draft_id]), content_of(paper.draft)
    assert client_as(story.cast.outsider).get(address).status_code == 404
    assert client_as(story.cast.handler).get(address).status_code == 404, "not before it is sent"
    entered(story, paper)
    answer = client_as(story.cast.handler).get(address)
    assert b"".join(answer.streaming_content) == content
    answer.close()


# ---- drafting again ---------------------------------------------------------------------------------------------------


def test_a_draft_takes_up_todays_facts(story):
    problem = story.rectifying()
    paper = drafted(story, problem, kind="reminder_letter", given={"提醒事项": "请抓紧。"})
    story.report(problem, 40, measure=story.measures(problem)[0])
    actions.redraft_paper(paper, given={"反馈期限": "2026年5月1日"}, actor=story.cast.coordinator.actor)
    again = fresh(paper)
    assert again.edition == 2
    for said in ("目前进度为40%", "请抓紧。", "2026年5月1日"):
        assert said in again.text


def test_words_changed_by_hand_stand_and_are_checked(story):
    paper = drafted(story, story.rectifying())
    actions.redraft_paper(
        paper, title="关于整改的通知", text="一、改\n自己写的话。", actor=story.cast.coordinator.actor
    )
    again = fresh(paper)
    assert (again.title, again.text, again.by_hand) == ("关于整改的通知", "一、改\n自己写的话。", True)
    with pytest.raises(Refused, match="没有这一项"):
        actions.redraft_paper(again, text="{{密码}}", actor=story.cast.coordinator.actor)


def test_the_same_paper_gives_the_same_file(story):
    """The digest of a draft means something: nothing of the hour or the machine is in it."""
    paper = drafted(story, story.rectifying())
    first = paper.draft.blob_id
    actions.redraft_paper(paper, actor=story.cast.coordinator.actor)
    assert fresh(paper).draft.blob_id == first


def test_verify_finds_nothing_altered(story):
    paper = drafted(story, story.rectifying(), story.rectifying())
    actions.redraft_paper(paper, text="改过的话。", actor=story.cast.coordinator.actor)
    entered(story, fresh(paper))
    enact(story)
    assert verify_journal(processes=1, done={}, progress=lambda *_: None).wrong == []


def test_a_restricted_paper_leaves_no_trace_and_counts_by_itself(story, client_as):
    """Drafted by a member of the channel who works in the office; to everybody else it never was."""
    keeper, member = story.cast.channel_keeper, story.cast.coordinator
    channel = create_channel(
        jurisdiction=story.cast.city,
        code="zx1",
        name="专线一",
        number_pattern="ZX-{year}-{serial:03}",
        keeper=keeper.post,
        actor=keeper.actor,
    )
    admit(channel, post=member.post, actor=keeper.actor)
    secret = register(
        jurisdiction=story.cast.city,
        new=NewProblem(
            title="专线内的问题",
            text="专线内的问题的经过。",
            sector=Sector.objects.get(code="risk.ecology.water"),
            source=Source.objects.get(code="city_party_inspection"),
            **FACTS_OF_GRADE["major"],
            rectification_kind="by_date",
            channel=channel,
        ),
        actor=story.cast.system,
    )
    form = drafted(story, secret, kind="referral_letter", recipients=[], others=["云川市公安局"])
    assert form.channel == channel
    for player, code in ((member, 200), (story.cast.reviewer, 404), (story.cast.mayor, 404)):
        client = client_as(player)
        assert client.get(reverse("papers:paper", args=[form.pk])).status_code == code
        listed = client.get(reverse("papers:list")).content.decode()
        assert (form.title in listed) is (code == 200)
    with pytest.raises(NotVisible):
        actions.void_paper(form, reason="看看。", actor=story.cast.reviewer.actor)
    with pytest.raises(Refused, match="同一知悉范围"):
        drafted(story, secret, story.rectifying(), kind="report", recipients=[story.cast.office])


def test_names_too_long_are_refused_and_not_cut(story):
    problem = story.rectifying()
    for more in ({"others": ["长" * 121], "recipients": []}, {"signed_by": "长" * 121}):
        with pytest.raises(Refused, match="太长"):
            drafted(story, problem, **more)


def test_another_room_drafts_inside_its_own_action(story):
    problem = story.rectifying()

    paper = press(problem, actor=story.cast.system)
    assert (paper.document_kind, paper.from_unit, paper.drafted_by) == ("letter", story.cast.office, None)
    assert "限一个月内完成。" in text_of(opened(paper))
