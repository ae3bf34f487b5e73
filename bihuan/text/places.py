"""Places named in Chinese text: provinces to villages, roads, estates, rivers; by the form of their names."""

from __future__ import annotations

import re

_ENDINGS = (
    r"(?:自治区|自治州|省|市|盟|区|县|旗|镇|乡|街道|社区|村|组|路|大道|大街|街|巷|胡同|弄|小区|花园|公寓|家园|新村|苑|城|广场|大厦|"
    r"工业园|产业园|开发区|高新区|园区|水库|河|湖|江|山|桥|隧道|高速|立交|车站|市场|工地|矿|厂|超市|酒店)"
)
# A name has two characters before its ending at least: 平桥县 is a county with a bridge in its name, not a bridge.
_PLACE = re.compile(
    rf"[A-Za-z]?\d{{1,3}}[\u4e00-\u9fff]{{0,6}}?{_ENDINGS}|[A-Za-z]?[\u4e00-\u9fff]{{2,8}}?{_ENDINGS}"
    r"|[A-Z]\d{0,2}[市区县镇]|\d+号(?:楼|院|线)"
)
# Words that end whatever name they stand in: particles, verbs, bodies (水利局), and places counted, not named (12个乡镇).
_STOPS = re.compile(
    r"[的在对向由和与及至等将被把为从以并且也或、，。；：“”《》（）()\s！？!?]|全[省市区县镇乡村国]|[该本我各这那某][省市区县镇乡村]"
    r"|(?:\d+|[一二两三四五六七八九十百几数多])*\s*[个家条座处](?!旧)|乡镇|县区|区县|市县|镇村|城市|农村|各地|我们|位于|附近|旁边|整个"
    r"|[\u4e00-\u9fff]?(?:政府|党委|委员会|办公室|公司|企业|厅|局)|存在|发现|现在|目前|导致|造成|领导|尊敬|您好|住在|来自|希望|请求|作为"
    r"|关于|门口|对面|抽查|检查|涉及"
)
_SHORTEST = 3


def places_in(text: str) -> list[str]:
    """Place names in order of appearance, each once."""
    found: dict[str, None] = {}
    for part in _STOPS.split(text):
        for match in _PLACE.finditer(part):
            if len(match.group(0)) >= _SHORTEST or re.match(r"[A-Z]", match.group(0)):
                found.setdefault(match.group(0))
    return list(found)
