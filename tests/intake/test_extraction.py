from __future__ import annotations

import datetime as dt

import pytest

from bihuan.documents import read_document
from bihuan.intake.contract import as_json
from bihuan.intake.extraction.cues import Disposition
from bihuan.intake.extraction.extracting import Extraction, extract
from bihuan.text.units import KnownUnit
from tests.documents import making

FEEDBACK = """关于对临河市开展生态环境保护督察的反馈意见

根据省委、省政府部署，省第三督察组于2025年4月8日至5月10日对临河市开展了督察。现将督察意见反馈如下。
一、主要工作进展和成效
临河市委、市政府认真贯彻落实决策部署，生态环境质量持续改善。
二、存在的主要问题
（一）思想认识仍有偏差，压力传导不够
一些领导干部认识不深，存在“等靠要”思想。青石县2023年以来未专题研究整改工作。
（二）水污染防治存在短板
1. 城镇污水收集处理能力不足。全市每天约有2.3万吨生活污水直排清水河。
2. 黑臭水体治理不彻底。督察抽查12条水体，有4条返黑返臭。
（三）固体废物管理混乱。部分乡镇生活垃圾随意倾倒，涉及金额1,230.5万元。
三、整改要求
临河市委、市政府要坚决扛起政治责任。以上问题请于2026年9月30日前整改到位。
督察组还对生态环境损害责任追究问题线索进行了梳理，已按有关规定移交。
"""
INSPECTION = """市委第三巡察组反馈意见
巡察发现的主要问题：
一是贯彻落实决策部署有差距。推进老旧小区改造进度滞后，42个小区仅完成19个。
二是管党治党责任落实不到位。廉政风险点排查流于形式。
三是基层党组织建设薄弱。2个支部长期不换届。
巡察组提出以下整改建议：一是提高政治站位，加强学习。二是压实责任，解决责任虚化问题。
"""
LIST_IN_A_SENTENCE = """反馈情况
巡视也发现了一些问题，主要是：学习贯彻党的创新理论不够深入，落实意识形态责任制有差距，基层组织建设存在短板。同时，还收到一些问题线索，已按规定转有关部门处理。
"""
CASES = """典型案例通报
案例1：某区违规增设前置条件
2025年3月以来，某区政务服务中心在办理许可时，擅自要求提交鉴定报告。
处理情况：已完成整改，对2名责任人诫勉谈话。
案例2：某县拖欠企业账款
某县交通运输局至今拖欠工程款860万元。
处理情况：目前已支付500万元。
"""
PUBLISHED = """中共青石县委关于巡察整改进展情况的通报
一、整改落实情况
（一）关于“学习贯彻不够深入”问题的整改
1．关于“理论学习质量不高”问题。
整改情况：一是制定年度学习计划。二是开展督导4次。
2．关于“2户低保户补贴未及时发放”问题。
整改情况：县民政局已补发补贴1.2万元。
"""
AUDIT = """审计工作报告
一、部门预算执行审计情况
重点审计了8个部门，发现的主要问题：
（一）资金管理不规范。审计发现：一是违规发放津补贴86.4万元。二是专项资金闲置3,200万元，最长3年。
（二）评比活动清理不到位。从审批程序看，5个单位的12个活动未经审批。从经费来源看，3个单位乱收费乱摊派1.8亿元。
二、审计整改情况
截至2025年6月底，已整改完成15个，制定制度12项。
三、加强财政管理的建议
（一）强化预算约束。细化预算编制，提高资金使用效益。
"""
REVIEWED = """公平竞争审查抽查存在问题文件
一、在文件中设置准入条件，限定经营者。某单位2021年出台《甲通知》，规定“五年内不得迁出”，违反《细则》第十三条第（一）项的规定。该单位出台《乙通知》，规定“优先本地企业”，违反《细则》第十四条第（三）项的规定。
二、在文件中给予特定经营者优惠。某单位出台《丙意见》，规定“支持龙头企业”，违反《细则》第十五条的规定。
"""
LAW = "某某条例\n" + "\n".join(
    f"第{number}条 行政机关应当依法履行职责，不得推诿，违反规定的依法处理。" for number in "一二三四五六七八"
)
PRAISE = """总结讲话
同志们：
过去一年，全市扎实推进各项工作，取得了显著成效。地区生产总值增长6.8%，居全省前列。营商环境持续优化，群众满意度明显提升。
"""
MESSAGES = """留言导出

留言编号：1001
留言主题：某小区楼下烧烤店油烟扰民
留言详情：每天营业到凌晨，油烟和噪音严重影响休息，多次投诉无人管理。

留言编号：1002
留言主题：咨询居民医保缴费时间
留言详情：请问今年居民医保什么时候开始缴费？需要什么材料？

留言编号：1003
留言主题：感谢市中医院的护士
留言详情：护士态度热情耐心，非常感谢她们的照顾。

留言编号：1004
留言主题：建议增加夜间公交
留言详情：建议开通高铁站到大学城的夜间公交。
"""
GENRES = {
    "feedback": FEEDBACK,
    "inspection": INSPECTION,
    "list": LIST_IN_A_SENTENCE,
    "cases": CASES,
    "published": PUBLISHED,
    "audit": AUDIT,
    "reviewed": REVIEWED,
    "law": LAW,
    "praise": PRAISE,
    "messages": MESSAGES,
}


def read(text: str, name: str = "a.txt", **options: object) -> Extraction:
    return extract(read_document(text.encode(), name=name), **options)


def disposition(extraction: Extraction, words: str) -> Disposition:
    return next(passage.disposition for passage in extraction.passages if words in passage.text)


def titles(extraction: Extraction) -> list[str]:
    return [candidate.title for candidate in extraction.candidates]


@pytest.mark.parametrize("text", GENRES.values(), ids=GENRES)
def test_the_passages_give_back_the_document_and_each_is_accounted_for(text):
    extraction = read(text)
    assert making.squeezed("".join(passage.text for passage in extraction.passages)) == making.squeezed(text)
    assert extraction.unaccounted == 0


@pytest.mark.parametrize("text", GENRES.values(), ids=GENRES)
def test_the_text_of_a_candidate_is_that_of_its_passages(text):
    extraction = read(text)
    for candidate in extraction.candidates:
        written = "".join(extraction.passages[index].text for index in candidate.passages)
        assert making.squeezed(candidate.text) == making.squeezed(written)
        assert {extraction.passages[index].candidate for index in candidate.passages} == {candidate.k}


def test_a_feedback_letter_gives_its_numbered_problems_with_their_numbers():
    extraction = read(FEEDBACK)
    assert [(candidate.source_no, candidate.title) for candidate in extraction.candidates] == [
        ("二（一）", "思想认识仍有偏差，压力传导不够"),
        ("二（二）1", "城镇污水收集处理能力不足"),
        ("二（二）2", "黑臭水体治理不彻底"),
        ("二（三）", "固体废物管理混乱"),
    ]


def test_what_is_around_the_problems_is_told_apart():
    extraction = read(FEEDBACK)
    assert disposition(extraction, "根据省委") is Disposition.CONTEXT
    assert disposition(extraction, "持续改善") is Disposition.PRAISE
    assert disposition(extraction, "扛起政治责任") is Disposition.REQUIREMENT
    assert disposition(extraction, "问题线索") is not Disposition.PROBLEM
    assert disposition(extraction, "二、存在的主要问题") is Disposition.HEADING


def test_passages_know_the_headings_above_them():
    extraction = read(FEEDBACK)
    passage = next(passage for passage in extraction.passages if "直排清水河" in passage.text)
    assert passage.heading == (
        "二、存在的主要问题",
        "（二）水污染防治存在短板",
        "1. 城镇污水收集处理能力不足。",
    )


def test_a_deadline_set_for_all_problems_reaches_each():
    assert {candidate.deadline.date for candidate in read(FEEDBACK).candidates} == {dt.date(2026, 9, 30)}


def test_members_of_an_enumeration_are_candidates_and_suggestions_are_not():
    extraction = read(INSPECTION)
    assert titles(extraction) == ["贯彻落实决策部署有差距", "管党治党责任落实不到位", "基层党组织建设薄弱"]
    assert disposition(extraction, "解决责任虚化问题") is Disposition.REQUIREMENT


def test_a_list_in_one_sentence_is_cut_into_its_problems():
    extraction = read(LIST_IN_A_SENTENCE)
    assert titles(extraction) == [
        "学习贯彻党的创新理论不够深入",
        "落实意识形态责任制有差距",
        "基层组织建设存在短板",
    ]
    assert disposition(extraction, "问题线索") is Disposition.CONTEXT


def test_numbers_inside_a_sentence_are_problems_with_their_numbers():
    extraction = read("检查情况\n存在的主要问题：1.制度不健全；2.资金闲置3,200万元；3.合同管理混乱。\n")
    assert [(candidate.source_no, candidate.title) for candidate in extraction.candidates] == [
        ("1", "制度不健全"),
        ("2", "资金闲置3,200万元"),
        ("3", "合同管理混乱"),
    ]


def test_a_case_is_one_problem_and_its_handling_none():
    extraction = read(CASES)
    assert [candidate.source_no for candidate in extraction.candidates] == ["案例1", "案例2"]
    assert disposition(extraction, "处理情况：目前") is Disposition.MEASURE_TAKEN


def test_a_published_rectification_gives_the_problems_it_answers():
    extraction = read(PUBLISHED)
    assert [candidate.source_no for candidate in extraction.candidates] == ["一（一）1", "一（一）2"]
    assert disposition(extraction, "已补发") is Disposition.MEASURE_TAKEN


def test_an_audit_report_gives_members_and_aspects():
    extraction = read(AUDIT)
    assert [candidate.source_no for candidate in extraction.candidates] == [
        "一（一）-1",
        "一（一）-2",
        "一（二）",
        "一（二）",
    ]
    assert disposition(extraction, "截至2025年6月底") is Disposition.MEASURE_TAKEN
    assert disposition(extraction, "细化预算编制") is Disposition.REQUIREMENT


def test_each_provision_broken_is_a_problem_of_its_own():
    extraction = read(REVIEWED)
    assert [candidate.legal_basis for candidate in extraction.candidates] == [
        ("《细则》第十三条第（一）项",),
        ("《细则》第十四条第（三）项",),
        ("《细则》第十五条",),
    ]


@pytest.mark.parametrize("text", [LAW, PRAISE], ids=["law", "praise"])
def test_documents_without_problems_give_none(text):
    assert read(text).candidates == ()


def test_of_messages_only_complaints_are_problems():
    extraction = read(MESSAGES)
    assert [(candidate.source_no, candidate.title) for candidate in extraction.candidates] == [
        ("1001", "某小区楼下烧烤店油烟扰民")
    ]
    assert disposition(extraction, "什么时候开始缴费") is Disposition.CONTEXT
    assert disposition(extraction, "非常感谢") is Disposition.PRAISE
    assert disposition(extraction, "夜间公交。") is Disposition.REQUIREMENT


def test_a_work_order_names_the_unit_that_handles_it():
    order = "工单编号：{n}\n诉求标题：路灯损坏\n诉求内容：建设路路灯坏了十几盏，存在安全隐患。\n承办单位：青石县城管局\n"
    candidates = read("".join(order.format(n=n) for n in range(1, 5))).candidates
    assert [[match.name for match in candidate.units] for candidate in candidates] == [["青石县城管局"]] * 4


def test_page_marks_are_metadata_and_do_not_cut_a_problem():
    line = "一是部分单位没有按照规定的时间完成整改任务群众反映强烈造成不良影响"
    text = (
        "存在的主要问题\n" + "\n".join([line] + ["内容" * 16] * 7) + "\n— 4 —\n" + "内容" * 16 + "不到位。\n"
    )
    extraction = read(text)
    assert disposition(extraction, "— 4 —") is Disposition.METADATA
    assert making.squeezed("".join(p.text for p in extraction.passages)).replace(
        "—4—", ""
    ) == making.squeezed(text).replace("—4—", "")


def test_units_are_matched_with_the_units_we_know():
    text = "存在的主要问题\n1.青石县交通运输局拖欠工程款860万元。\n"
    candidate = read(text, units=[KnownUnit("u1", "青石县交通运输局")]).candidates[0]
    assert [(match.name, match.unit) for match in candidate.units] == [("青石县交通运输局", "u1")]


def test_a_clue_about_a_person_is_held_back():
    text = "存在的主要问题\n1.举报反映某镇党委书记张某利用职务便利收受贿赂。\n2.台账管理不规范。\n"
    assert [candidate.restricted for candidate in read(text).candidates] == [True, False]


def test_axes_come_with_their_reasons():
    candidate = read("存在的主要问题\n1.3个县挪用专项资金86.4万元。\n").candidates[0]
    assert (candidate.axes.nature, candidate.axes.impact, candidate.axes.grade) == (
        "violation",
        "citywide",
        "major",
    )
    assert candidate.axes.reasons["nature"] == "挪用"


def test_the_json_holds_what_the_contract_says():
    plain = as_json(read(FEEDBACK))
    assert set(plain) == {"document", "passages", "candidates", "unaccounted"}
    assert set(plain["passages"][0]) == {"n", "text", "page", "heading", "disposition", "candidate"}
    candidate = plain["candidates"][-1]
    assert {
        "k",
        "title",
        "text",
        "passages",
        "source_no",
        "sector",
        "nature",
        "impact",
        "urgency",
        "grade",
        "kind",
        "units",
        "deadline",
        "amount",
        "restricted",
        "duplicates",
    } <= set(candidate)
    assert {"code", "label", "confidence"} <= set(candidate["sector"])
    assert candidate["deadline"] == {"text": "2026年9月30日前", "date": "2026-09-30"}
    assert candidate["amount"] == {"text": "1,230.5万元", "yuan": "12305000.0"}


def test_passages_of_the_json_are_numbered_from_one_and_point_at_their_candidate():
    plain = as_json(read(FEEDBACK))
    for candidate in plain["candidates"]:
        assert {plain["passages"][n - 1]["candidate"] for n in candidate["passages"]} == {candidate["k"]}
