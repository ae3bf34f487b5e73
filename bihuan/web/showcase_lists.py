"""Desk and ledger of the style guide."""

from __future__ import annotations

from datetime import date, timedelta

from bihuan.web import components as parts

HERE = "#"
TODAY = date(2026, 11, 23)


def _queue_row(  # noqa: PLR0917 - a table of samples, read by column
    no: str, stage: int, sentence: str, who: str, waited: str, light: parts.Light, act: str
) -> parts.QueueRow:
    return parts.QueueRow(
        no=no,
        url=HERE,
        sentence=sentence,
        mark=parts.StageMark(stage=stage),
        who=who,
        waited=waited,
        light=light,
        act=parts.QueueAct(label=act, url="/styleguide/dialog/"),
    )


def _figures() -> list[parts.Figure]:
    rows = (
        ("待签收", 3, "最久 2 天"),
        ("待我审", 5, "最久 4 天"),
        ("今日到期", 3, "17:30 前 1"),
        ("逾期未办", 26, "比上周少 4"),
        ("在办", 1286, "本月新增 73"),
        ("本月销号", 94, "回头看 12 件"),
    )
    return [
        parts.Figure(label=label, value=value, note=note, url=HERE, late=label == "逾期未办")
        for label, value, note in rows
    ]


_QUEUE = (
    (
        "督查2026-0046",
        2,
        "市政府办转来：暗访发现三处城区公厕长期锁闭，请整改办接收并提出拟办意见",
        "市政府督查室",
        "等 1 天",
        parts.Light(colour="orange", words="余 6 小时"),
        "签收",
    ),
    (
        "热线2026-1308",
        1,
        "北塬区锦屏路夜间施工噪声第 4 次来电，热线办请求转为问题督办",
        "市 12345 热线办",
        "等 3 小时",
        parts.Light(colour="blue", words="余 1 天"),
        "签收",
    ),
    (
        "审计2026-0093",
        3,
        "青岚县退回交办：认为农机补贴核减应由县财政局牵头，提出改派",
        "青岚县农业农村局",
        "等 2 天",
        parts.Light(colour="red", words="逾期 1 天"),
        "处理异议",
    ),
)


def desk() -> dict[str, object]:
    link = parts.Link(words="看今日到期 3 件", url=HERE)
    return {
        "figures": _figures(),
        "queue": parts.Queue(
            key="acknowledge",
            title="待签收",
            rows=[_queue_row(*row) for row in _QUEUE],
            total=3,
            note="签收即开始计时，不等于认领",
            who_head="谁送来",
            clock_head="签收时限",
        ),
        "empty_queue": parts.Queue(
            key="approve",
            title="待我审",
            rows=[],
            total=0,
            empty=parts.Empty(title="没有待您审的件。", sentence="送审的会出现在这里。", link=link),
        ),
        "empty": parts.Empty(
            title="没有待签收的件", sentence="新交办的会出现在这里。可以先看今日到期。", link=link
        ),
    }


_LEDGER_COLUMNS = (
    ("stage", "阶段"),
    ("no", "编号"),
    ("title", "问题"),
    ("light", "灯"),
    ("source", "来源"),
    ("sector", "领域"),
    ("unit", "牵头单位"),
    ("due", "期限"),
    ("level", "督办"),
)
_LEDGER = (
    (
        "巡察2026-0164",
        4,
        1,
        "",
        "村级集体资产出租合同未备案 43 份",
        "red",
        -3,
        0,
        "巡察",
        "农业农村",
        "青岚县农业农村局",
        1,
    ),
    (
        "热线2026-1276",
        3,
        1,
        "",
        "老旧小区加装电梯停工，居民出行受阻",
        "red",
        -1,
        0,
        "12345",
        "住房建设",
        "高新区住建局",
        0,
    ),
    (
        "督查2026-0029",
        6,
        1,
        "",
        "惠企资金沉淀 1,240 万元未兑付",
        "green",
        0,
        0,
        "政府督查",
        "财政金融",
        "市财政局",
        1,
    ),
    (
        "安全2026-0602",
        4,
        1,
        "",
        "11 所民办幼儿园消防通道堵塞、占用",
        "orange",
        0,
        1,
        "安全生产",
        "教育",
        "望岭区教育局",
        1,
    ),
    (
        "环督2026-0190",
        4,
        1,
        "",
        "漱玉河沿岸 4 家规模养殖场粪污渗漏",
        "orange",
        4,
        2,
        "环保督察",
        "生态环境",
        "临渠县农业农村局",
        2,
    ),
    (
        "环督2025-0118",
        4,
        2,
        "",
        "苍屏岭采石面覆土后复采，生态修复未按批复实施，覆土厚度不足二十厘米且未设置截排水沟",
        "orange",
        5,
        0,
        "环保督察",
        "自然资源",
        "北塬区人民政府",
        3,
    ),
    (
        "审计2026-0071",
        5,
        1,
        "",
        "乡镇卫生院设备闲置 317 万元",
        "yellow",
        14,
        0,
        "审计",
        "医疗卫生",
        "临渠县卫生健康局",
        0,
    ),
    (
        "信访2026-0340",
        4,
        1,
        "suspended",
        "云锦苑 216 户办证难，涉诉讼未决",
        "off",
        25,
        1,
        "信访",
        "自然资源",
        "市自然资源局",
        1,
    ),
    (
        "督查2026-0046",
        2,
        1,
        "",
        "三处城区公厕长期锁闭、无人管护",
        "green",
        34,
        0,
        "政府督查",
        "城市管理",
        "",
        0,
    ),
    (
        "审计2026-0022",
        7,
        1,
        "closed",
        "政府采购未公开招标 6 项",
        "green",
        38,
        0,
        "审计",
        "财政金融",
        "市机关事务管理中心",
        0,
    ),
)
_LEVELS = ("常规", "重点", "提级", "挂牌")


def _light(colour: parts.Colour, days: int) -> parts.Light:
    if colour == "off":
        return parts.Light(colour="off", words="中止")
    if days < 0:
        return parts.Light(colour="red", words=f"逾期 {-days} 天")
    return parts.Light(colour=colour, words=f"余 {days} 天" if days else "今日")


def _ledger_row(row: tuple[object, ...], *, selected: bool) -> parts.Row:
    no, stage, turn, ended, title, colour, days, extensions, source, sector, unit, rank = row
    due = TODAY + timedelta(days=int(str(days)))
    cells: list[parts.Shown] = [
        parts.StageMark(stage=stage, round=turn, ended=ended),  # type: ignore[arg-type]
        str(no),
        str(title),
        _light(colour, int(str(days))),  # type: ignore[arg-type]
        str(source),
        str(sector),
        str(unit) or parts.Missing(words="待定"),
        parts.Due(current=due, extensions=int(str(extensions))),
        parts.Level(name=_LEVELS[int(str(rank))], rank=int(str(rank))),
    ]
    return parts.Row(id=str(no), cells=cells, url=HERE, name=str(no), selected=selected)


def ledger() -> dict[str, object]:
    columns = [
        parts.Column(
            key=key,
            label=label,
            sort_url=HERE if key == "due" else "",
            sorted="ascending" if key == "due" else "",
        )
        for key, label in _LEDGER_COLUMNS
    ]
    batch = parts.Batch(
        acts=[
            parts.BatchAct(label="催报进展", url="/styleguide/dialog/", primary=True),
            parts.BatchAct(label="下督办函", url="/styleguide/dialog/"),
            parts.BatchAct(label="列入调度会", url="/styleguide/dialog/"),
            parts.BatchAct(
                label="申请延期", url="/styleguide/dialog/", why_not="第 3 件已有待审延期，不能再申请"
            ),
        ],
        all_label="改选全部 412 件",
        filter="state=open",
    )
    table = parts.Table(
        kind="ledger",
        caption="40 天内到期的在办问题，按期限升序",
        columns=columns,
        rows=[_ledger_row(row, selected=index in (3, 4)) for index, row in enumerate(_LEDGER)],
        batch=batch,
        pager=parts.Pager(
            range_words="第 51–60 件，共 412 件",
            order_words="按期限由近到远",
            previous_url=HERE,
            next_url=HERE,
        ),
    )
    return {"ledger": table, "plain_table": _plain_table(), "views": _views(), "filters": _filters()}


def _plain_table() -> parts.Table:
    return parts.Table(
        caption="时限政策",
        columns=[
            parts.Column(key="title", label="政策"),
            parts.Column(key="scope", label="适用"),
            parts.Column(key="days", label="工作日", right=True),
            parts.Column(key="from", label="生效"),
            parts.Column(key="state", label="状态"),
        ],
        rows=[
            parts.Row(
                id="1",
                url=HERE,
                name="签收",
                cells=["签收时限 v3", "全部来源", 2, date(2026, 1, 1), parts.Chip(words="执行中", tone="ok")],
            ),
            parts.Row(
                id="2",
                url=HERE,
                name="签收",
                cells=["签收时限 v2", "审计", 3, date(2025, 1, 1), parts.Chip(words="已替代")],
            ),
        ],
    )


def _views() -> parts.SavedViews:
    return parts.SavedViews(
        views=[
            parts.SavedView(name="40 天内到期", url=HERE, count=412, current=True),
            parts.SavedView(name="逾期", url=HERE, count=26),
            parts.SavedView(name="环保督察第三轮", url=HERE, count=88),
            parts.SavedView(name="挂牌督办", url=HERE, count=14),
            parts.SavedView(name="反弹与反复", url=HERE, count=9),
        ],
        save_url="/styleguide/dialog/",
    )


def _filters() -> parts.Filters:
    return parts.Filters(
        url=HERE,
        search_hint="在这 412 件里找",
        chips=[
            parts.FilterChip(label="状态", value="在办", remove_url=HERE),
            parts.FilterChip(label="期限", value="12-31 前", remove_url=HERE),
            parts.FilterChip(label="区县", value="全市", remove_url=HERE),
        ],
        choices=[
            parts.FilterChoice(
                name="source",
                label="来源",
                options=[
                    parts.Option(value="audit", label="审计"),
                    parts.Option(value="hotline", label="12345 热线"),
                ],
            ),
            parts.FilterChoice(name="due_before", label="期限不晚于", kind="date"),
        ],
        clear_url=HERE,
    )
