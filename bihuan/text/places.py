"""Places named in Chinese text: provinces to villages, roads, estates, rivers; by the form of their names."""

from __future__ import annotations

import re

_ENDINGS = (
    r"(?:自治区|自治州|省|市|盟|区|县|旗|镇|乡|街道|社区|村|组|路|大道|大街|街|巷|胡同|弄|小区|花园|公寓|家园|新村|苑|城|广场|大厦|"
    r"工业园|产业园|开发区|高新区|园区|水库|河|湖|江|山|桥|隧道|高速|立交|车站|市场|工地|矿|厂|超市|酒店)"
)
_PLACE = re.compile(
    rf"[A-Za-z]?\d{{0,3}}[\u4e00-\u9fff]{{1,8}}?{_ENDINGS}|[A-Z]\d{{0,2}}[市区县镇]|\d+号(?:楼|院|线)"
)
_STOPS = re.compile(
    r"[的在对向由和与及至等将被把为从以并且也或、，。；：“”《》（）()\s！？!?]|全市|全省|全国|城市|农村|各地|本市|我市|我省|我区|我县|我们|位于|这个|那个|附近|旁边|整个|"
    r"存在|发现|现在|目前|一个|导致|造成|领导|尊敬|您好|住在|来自|希望|请求|作为|关于|门口|对面"
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
