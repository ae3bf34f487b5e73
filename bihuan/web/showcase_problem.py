"""The problem page's sections in the style guide."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

from django.templatetags.static import static

from bihuan.web import components as parts
from bihuan.web import sections

HERE = "#"
ZONE = timezone(timedelta(hours=8))
FORM = "/styleguide/dialog/"


def _at(words: str) -> datetime:
    return datetime.fromisoformat(words).replace(tzinfo=ZONE)


def problem() -> dict[str, object]:
    return {
        "parties": _parties(),
        "source_text": _source_text(),
        "goals": _goals(),
        "facts": _facts(),
        "measures": _measures(),
        "evidence": _evidence(),
        "route": _route(),
        "timeline": _timeline(),
        "acts": _acts(),
        "flags": _flags(),
        "conflict": _conflict(),
        "notes": _notes(),
        "progress": sections.Progress(
            title="正在导出 4,917 件",
            note="可以离开，做好后在工作台提醒",
            done=3120,
            total=4917,
            left_words="约剩 20 秒",
        ),
        "crumbs": [parts.Link(words="台账", url=HERE), parts.Link(words="环保督察第三轮", url="")],
    }


def _parties() -> list[sections.Party]:
    return [
        sections.Party(role="第一责任人", name="陆承岳", notes=["平桥县县长", "按职务"]),
        sections.Party(role="包抓领导", name="韩述舟", notes=["副市长", "04-02 起"]),
        sections.Party(role="分管负责人", name="贺云岫", notes=["副县长", "分管水利"]),
        sections.Party(role="责任科室 · 经办", name="柏一宁", notes=["县水利局河湖科", "联络员 岑溪"]),
        sections.Party(role="牵头单位", name="平桥县水利局", notes=["主责 60%"]),
        sections.Party(role="配合单位", name="县工信局、石堰镇", notes=["各 20%"]),
        sections.Party(role="行业主管", name="市生态环境局", notes=["督导 闻子渊"]),
        sections.Party(role="属地", name=""),
    ]


def _source_text() -> sections.SourceText:
    return sections.SourceText(
        text=(
            "十七、平桥县石堰镇三家砂石加工企业长期将洗砂废水经暗管排入石堰沟，沟底淤积灰白泥浆约 1.8 公里，"
            "下游漱玉河断面悬浮物多次超标。当地有关部门日常监管流于形式，群众多次反映未得到有效解决。"
        ),
        origin=[
            "省第三轮生态环境保护督察反馈意见，第 6 页第十七项",
            "销号权在省督察整改办 · 认定结果：尚未认定",
        ],
    )


def _goals() -> list[sections.Goal]:
    return [
        sections.Goal(name="直排口", baseline="7", now="0", target="0", unit="处", percent=100),
        sections.Goal(name="回用率", baseline="0", now="62%", target="95%", percent=65),
        sections.Goal(name="清淤", baseline="0", now="0.7", target="1.8", unit="公里", percent=39),
    ]


def _facts() -> list[sections.Fact]:
    return [
        sections.Fact(label="涉事主体", value="磐信砂石、润磊建材、宏埠石料"),
        sections.Fact(label="点位", value=["石堰沟 K3+200 至 K5+000", parts.Link(words="看位置", url=HERE)]),
        sections.Fact(label="定性依据", value="《水污染防治法》第三十九条"),
        sections.Fact(label="未完成原因", value="润磊建材二期压滤设备到货晚 40 天"),
        sections.Fact(label="下一步", value=parts.Missing(words="未填，11-30 前须填")),
    ]


_MEASURES = (
    (1, "县", "1", "截断三家企业直排", "平桥县水利局", "销号申请", date(2026, 12, 15), 71, "yellow"),
    (2, "镇", "1.1", "封堵 7 处排口并留影像", "石堰镇政府", "封堵记录", date(2026, 8, 31), 100, "green"),
    (3, "镇", "1.1.1", "沿沟巡查，防止私开", "石堰镇河长办", "巡查日志", date(2026, 12, 15), 86, "green"),
    (
        2,
        "县",
        "1.2",
        "三家企业建三级沉淀与回用",
        "县工信局",
        "竣工验收单",
        date(2026, 11, 30),
        58,
        "yellow",
    ),
    (
        1,
        "市",
        "2",
        "举一反三：全县 21 家砂石企业排查",
        "市生态环境局",
        "排查清单",
        date(2026, 10, 31),
        40,
        "red",
    ),
)


def _measures() -> sections.Measures:
    return sections.Measures(
        note="5 项，交到镇一级",
        rows=[
            sections.Measure(
                depth=depth,
                tier=tier,
                tier_name=f"{tier}级",
                no=no,
                title=title,
                unit=unit,
                deliverable=deliverable,
                due=parts.Due(current=due),
                progress=parts.Percent(value=percent),
                light=parts.Light(colour=colour),  # type: ignore[arg-type]
            )
            for depth, tier, no, title, unit, deliverable, due, percent, colour in _MEASURES
        ],
    )


def _photo(taken: str, by: str, digest: str, alt: str) -> sections.EvidenceFile:
    return sections.EvidenceFile(
        name=alt,
        url=HERE,
        preview_url=static("web/img/sample.svg"),
        alt=alt,
        taken_at=_at(taken),
        by=by,
        digest=digest,
        verified=True,
    )


def _files() -> list[sections.EvidenceFile]:
    return [
        sections.EvidenceFile(
            name="封堵验收记录.pdf",
            url=HERE,
            kind="PDF",
            size="1.2 MB",
            by="石堰镇政府",
            cited_by="引用于 1.1",
        ),
        sections.EvidenceFile(
            name="巡查日志（3 至 8 月）.xlsx", url=HERE, kind="Excel", size="88 KB", by="石堰镇河长办"
        ),
        sections.EvidenceFile(
            name="清淤方量签证.docx",
            url=HERE,
            kind="Word",
            size="310 KB",
            by="平桥县水利局",
            digest="08bda3f6e2",
            verified=False,
        ),
    ]


def _evidence() -> sections.Evidence:
    pair = sections.EvidencePair(
        before=_photo("2026-03-12T10:24", "省督察组现场取证，3 号排口", "5e12aa9a0c", "排口灰白废水直入河道"),
        after=_photo(
            "2026-08-27T16:40", "石堰镇政府 祝南乔，引用于 1.1", "f38bcc07d4", "同一排口已砌封，坡面复绿"
        ),
    )
    return sections.Evidence(pairs=[pair], pair_note="两图拍摄点相距 6 米，朝向差 9 度。", files=_files())


def _route() -> sections.Route:
    return sections.Route(
        steps=[
            sections.RouteStep(
                name="拟办",
                status="done",
                decision="同意报审",
                who="沈砚 拟办岗",
                when=_at("2026-11-22T09:15"),
            ),
            sections.RouteStep(
                name="审核", status="now", decision="轮到你", who="林知远 审核岗", note="余 1 天"
            ),
            sections.RouteStep(name="会签", status="todo", who="市生态环境局", note="限 2 个工作日"),
            sections.RouteStep(name="签批", status="todo", who="韩述舟 副市长", note="可纸面签批后录入"),
        ],
    )


def _timeline() -> sections.Timeline:
    rows = (
        (
            "2026-11-21T16:02",
            4,
            "申请第 2 次延期",
            "柏一宁 经办，为平桥县水利局；拟延至 2027-01-31",
            "9c41d7e07b",
            True,
        ),
        (
            "2026-11-18T09:30",
            4,
            "报 11 月进展 64%",
            "柏一宁；未完成原因：企业二期设备到货晚",
            "51fa882d90",
            True,
        ),
        (
            "2026-10-29T15:44",
            4,
            "批准第 1 次延期",
            "韩述舟（纸面签批，岑溪录入，沈砚复核）；10-31 → 12-15",
            "c7e8b0114a",
            None,
        ),
        ("2026-04-02T17:10", 3, "交办单〔2026〕21 号", "林知远 审核；牵头平桥县水利局", "b64d110e81", False),
        ("2026-03-18T10:00", 1, "由反馈意见第十七项登记", "系统，封账批次 环督三轮", "1de0c95a27", True),
    )
    return sections.Timeline(
        note="23 条，显示 5 条",
        entries=[
            sections.Entry(at=_at(at), stage=stage, what=what, by=by, digest=digest, verified=verified)
            for at, stage, what, by, digest, verified in rows
        ],
        more=parts.Link(words="看全部 23 条", url=HERE),
    )


def _acts() -> sections.Acts:
    return sections.Acts(
        allowed=[
            sections.Act(
                label="审核延期申请", url=FORM, consequence="同意后转市生态环境局会签", primary=True
            ),
            sections.Act(label="退回延期申请", url=FORM, consequence="写明缺什么；期限仍为 12-15"),
            sections.Act(label="下督办函", url=FORM, consequence="阶梯第 2 级，前一级提醒已发 11-16"),
            sections.Act(label="列入 11 月调度会", url=FORM, how="post", confirm="列入 11 月调度会？"),
        ],
        denied=[
            sections.Denied(label="申请验收", why="由牵头单位提出，且回用率须达 95%"),
            sections.Denied(label="销号", why="先验收、公示；销号权在省督察整改办"),
            sections.Denied(label="验收指派给自己", why="审核过方案的人不得验收"),
        ],
    )


def _flags() -> list[sections.Flag]:
    ask = sections.Act(label="要求说明", url=FORM)
    drop = sections.Act(label="排除", url=FORM)
    return [
        sections.Flag(
            title="进度与佐证不符",
            sentence="11 月报清淤 40%，方量签证只到 0.5 公里，合 28%。",
            acts=[ask, drop],
        ),
        sections.Flag(
            title="可能是反复问题",
            sentence=["与", parts.Link(words="环督2023-0064", url=HERE), "同沟同企业，文本相似 0.87。"],
            acts=[drop],
        ),
    ]


def _conflict() -> sections.Conflict:
    return sections.Conflict(
        who="沈砚（拟办岗）",
        at=_at("2026-11-23T10:12"),
        changes=[
            sections.Change(
                label="牵头单位", before="平桥县水利局", now="平桥县农业农村局", typed="平桥县水利局"
            ),
            sections.Change(label="期限", before=date(2026, 12, 15), now=date(2026, 12, 20)),
        ],
    )


def _notes() -> list[sections.Note]:
    return [
        sections.Note(
            tone="refusal",
            title="不能申请验收，还差两样",
            lines=["回用率 62%，方案要求 95%", "缺 1.2 的竣工验收单，可上传 PDF 或扫描件"],
            link=parts.Link(words="先报进展", url=HERE),
        ),
        sections.Note(tone="late", title="逾期 3 天", lines=["期限 2026-11-20，尚缺 6 份佐证"]),
        sections.Note(lines=["你正以代理身份办理：代沈砚，至 11-27"]),
        sections.Note(tone="ok", title="已封账", lines=["61 段全部交代，38 个问题入账"]),
    ]
