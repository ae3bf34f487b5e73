"""What the style guide shows: one fictional problem in a fictional city, in every component."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

from django import forms

from bihuan.web import components as parts
from bihuan.web import sections
from bihuan.web.icons import icon_names
from bihuan.web.stages import LIGHT_MEANINGS

ZONE = timezone(timedelta(hours=8))
TODAY = date(2026, 11, 23)
HERE = "#"

UNITS = [
    "市水利",
    "市财政",
    "市审计",
    "市教育",
    "市卫生健康",
    "市生态环境",
    "市自然资源",
    "市应急管理",
    "市农业农村",
    "市住房城乡建设",
    "市交通运输",
    "市市场监管",
    "市统计",
]

COLOURS = (
    ("body-bg", "纸面"),
    ("secondary-bg", "桌面"),
    ("tertiary-bg", "表头、悬停"),
    ("emphasis-bg", "选中、按下"),
    ("border-color", "细线"),
    ("body-color", "正文"),
    ("secondary-color", "次要"),
    ("tertiary-color", "说明"),
    ("primary", "办理、链接"),
    ("primary-bg-subtle", "选中行"),
    ("overdue", "标识与逾期"),
    ("notice", "拒绝、疑点"),
    ("ok", "完成"),
)


def _at(day: str, clock: str) -> datetime:
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=ZONE)


class SampleForm(forms.Form):
    """One field of each kind, one of them wrong."""

    until = forms.DateField(label="延至", help_text="原定 2026-10-31，现行 2026-12-15")
    post = forms.ChoiceField(label="批准岗位", choices=[("1", "副市长（包抓领导）"), ("2", "整改办主任")])
    unit = forms.ChoiceField(
        label="会签单位",
        required=False,
        choices=[("", "不需要"), *((str(n), f"{name}局") for n, name in enumerate(UNITS, start=1))],
    )
    document_no = forms.RegexField(
        label="文号",
        regex=r".+〔\d{4}〕\d+ 号",
        error_messages={"invalid": "年份用六角括号，如 云环督办〔2026〕31 号"},
    )
    kind = forms.ChoiceField(
        label="整改类型",
        widget=forms.RadioSelect,
        choices=[("immediate", "立行立改"), ("by_date", "限期整改"), ("continuous", "持续整改")],
    )
    reason = forms.CharField(
        label="理由",
        max_length=500,
        widget=forms.Textarea(attrs={"placeholder": "写明卡在哪里、已做了什么、何时能完成"}),
    )
    proof = forms.FileField(
        label="佐证",
        required=False,
        help_text="PDF、图片或 Office 文件，每份不超过 50 兆",
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.png,.docx", "data-max-megabytes": "50"}),
    )
    copy = forms.BooleanField(label="抄送包抓领导", required=False)


def sample_form() -> SampleForm:
    given = {
        "until": "2027-01-31",
        "post": "1",
        "document_no": "云环督办 2026 31",
        "kind": "by_date",
        "reason": "设备到货晚 40 天，已催两次，附合同与到货单。",
    }
    return SampleForm(given)


def ring() -> sections.Ring:
    passed = [date(2026, 3, 18), date(2026, 3, 26), date(2026, 4, 2)]
    stages = [sections.RingStage(on=day) for day in passed]
    return sections.Ring(now=4, stages=stages, lines=["实际 64%", "序时应达 78%"])


def other_rings() -> list[sections.Ring]:
    days = [date(2026, 3, 18) + timedelta(days=30 * n) for n in range(8)]
    dated = [sections.RingStage(on=day) for day in days]
    skipped = [*dated[:5], sections.RingStage(words="免公示", skipped=True), dated[6]]
    return [
        sections.Ring(now=7, stages=skipped, ended="closed", lines=["2026-09-14 备案"]),
        sections.Ring(now=8, stages=dated, ended="held", lines=["已巩固 6 个月"]),
        sections.Ring(now=4, stages=dated[:3], round=2, lines=["反弹 11-02"]),
        sections.Ring(now=4, stages=dated[:3], ended="suspended", lines=["诉讼未结"]),
    ]


def marks() -> dict[str, object]:
    return {
        "stages": [parts.StageMark(stage=number) for number in range(1, 9)]
        + [
            parts.StageMark(stage=7, ended="closed"),
            parts.StageMark(stage=8, ended="held"),
            parts.StageMark(stage=4, round=2, name="第 2 轮"),
            parts.StageMark(stage=4, ended="suspended"),
        ],
        "large_lights": [parts.Light(colour=colour, words=words) for colour, words in LIGHT_MEANINGS.items()],
        "lights": [
            parts.Light(colour="green", words="余 38 天"),
            parts.Light(colour="blue", words="余 11 天"),
            parts.Light(colour="yellow", words="余 14 天", because="实际 64% 落后序时 78%"),
            parts.Light(colour="orange", words="今日 17:30"),
            parts.Light(colour="red", words="逾期 3 天"),
            parts.Light(colour="off", words="中止"),
        ],
        "levels": [parts.Level(name=name, rank=n) for n, name in enumerate(("常规", "重点", "提级", "挂牌"))],
        "chips": [parts.Chip(words="限期整改"), parts.Chip(words="已认定", tone="ok")],
        "dues": [
            parts.Due(current=date(2026, 12, 31)),
            parts.Due(current=date(2026, 12, 15), first=date(2026, 10, 31), extensions=1),
            parts.Due(current=None),
        ],
        "icons": icon_names(),
    }


def clock() -> sections.ClockPanel:
    because = "黄灯，因为实际 64% 落后序时 78% 共 14 个百分点。规则：落后 10 至 30 为黄（时限政策 v3）"
    return sections.ClockPanel(
        headline="余 22 天",
        light=parts.Light(colour="yellow", words="2026-12-15 到期", because=because),
        due=date(2026, 12, 15),
        first=date(2026, 10, 31),
        extensions=1,
        start=date(2026, 4, 2),
        start_words="04-02 交办",
        today=TODAY,
        clocks=[
            sections.Clock(
                name="外部期限",
                first=date(2026, 10, 31),
                current=date(2026, 12, 15),
                basis="云环督办〔2026〕31 号",
            ),
            sections.Clock(
                name="内部期限",
                first=date(2026, 10, 10),
                current=date(2026, 11, 30),
                basis="早于外部 15 日",
            ),
            sections.Clock(name="下次变灯", current=date(2026, 11, 30), basis="无进展则转橙"),
        ],
    )


def late_clock() -> sections.ClockPanel:
    because = "红灯，因为期限 2026-11-20 已过。规则：过期即红（时限政策 v3）"
    return sections.ClockPanel(
        headline="逾期 3 天",
        light=parts.Light(colour="red", words="2026-11-20 到期", because=because),
        due=date(2026, 11, 20),
        start=date(2026, 8, 3),
        start_words="08-03 交办",
        today=TODAY,
        clocks=[
            sections.Clock(
                name="外部期限",
                first=date(2026, 11, 20),
                current=date(2026, 11, 20),
                basis="交办单〔2026〕44 号",
            )
        ],
    )


def everything() -> dict[str, object]:
    from bihuan.web.showcase_lists import desk, ledger
    from bihuan.web.showcase_problem import problem

    return {
        "colours": COLOURS,
        "marks": marks(),
        "ring": ring(),
        "other_rings": other_rings(),
        "clock": clock(),
        "late_clock": late_clock(),
        "form": sample_form(),
        **desk(),
        **ledger(),
        **problem(),
    }
