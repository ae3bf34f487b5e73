"""The day a paper is signed with, general papers, and what a report says was done."""

from __future__ import annotations

import datetime as dt

import pytest

from bihuan.text.papers import is_general, signed_on
from bihuan.text.promises import copied_share, is_only_promise

DAY = dt.date(2026, 3, 5)


@pytest.mark.parametrize(
    "line",
    [
        "2026年3月5日",
        "二〇二六年三月五日",
        "二○二六年三月五日",
        "2026-03-05",
        "2026.3.5",
        "落款日期：2026年3月5日",
        "　2026 年 3 月 5 日　",
    ],
)
def test_a_day_alone_in_a_line(line):
    assert signed_on(["关于整改的报告", "现将情况报告如下。", line]) == DAY


@pytest.mark.parametrize("line", ["2026年3月5日前完成", "第3条", "2026年13月5日", "电话 2026-03-05-11", ""])
def test_what_is_no_signature(line):
    assert signed_on(["关于整改的报告", line]) is None


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("二〇二六年十月十日", (10, 10)),
        ("二〇二六年十一月二十日", (11, 20)),
        ("二〇二六年十二月三十一日", (12, 31)),
    ],
)
def test_tens(written, day):
    assert signed_on([written]) == dt.date(2026, *day)


def test_the_last_day_counts_and_days_in_the_text_do_not():
    lines = ["2026年1月1日", *["正文。"] * 20, "2026年2月1日起施行。", "2026年3月5日"]
    assert signed_on(lines) == DAY


@pytest.mark.parametrize(
    "title",
    ["云川市供水管理办法", "管网巡查制度（试行）", "市政府专题会议纪要", "关于加强巡查的通知", "应急预案"],
)
def test_general_papers(title):
    assert is_general("文件.docx", [title, "正文。"])
    assert is_general(f"{title}.pdf", [])


@pytest.mark.parametrize(
    "title",
    [
        "竣工验收意见",
        "水质监测报告",
        "施工合同",
        "整改方案",
        "拆除前后对比说明",
        "管网检测标准执行情况检测报告",
    ],
)
def test_papers_of_one_case(title):
    assert not is_general("文件.docx", [title, "正文。"])


@pytest.mark.parametrize(
    "text",
    ["高度重视，下一步将加快推进，确保整改到位。", "正在研究部署，力争尽快落实。", "按照要求有序推进。"],
)
def test_only_promises(text):
    assert is_only_promise(text)


@pytest.mark.parametrize(
    "text",
    ["已更换管网。", "高度重视，拆除违建3处。", "计划投资，追回资金12万元。", "3月5日将复查", "管网漏损。"],
)
def test_facts_are_no_mere_promises(text):
    assert not is_only_promise(text)


def test_a_copy_with_another_date_is_a_copy_and_one_with_another_figure_is_not():
    words = "已组织人员对管网进行排查并督促施工单位更换老旧管道{}公里，群众反映良好。"
    assert copied_share(f"截至3月，{words.format(4)}", f"截至4月，{words.format(4)}") > 0.9
    assert copied_share(words.format(4), words.format(9)) == 0.0
    assert copied_share("按计划推进。", "按计划推进。") == 0.0
