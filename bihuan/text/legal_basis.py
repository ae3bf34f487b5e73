"""Provisions a text quotes: 《…法》第十三条第（一）项."""

from __future__ import annotations

import re
from dataclasses import dataclass

_HAN = "一二三四五六七八九十百千零〇"
_PROVISION = re.compile(
    rf"《(?P<title>[^《》]{{2,60}}(?:《[^《》]{{2,60}}》[^《》]{{0,20}})?)》(?:\s*[（(][^（()）]{{2,40}}[)）])?"
    rf"(?P<article>(?:\s*第?[（(]?[{_HAN}\d]{{1,6}}[）)]?[条款项章目](?:之[{_HAN}])?(?:[、和，]\s*(?=第))?)*)"
)
_ACT = re.compile(
    r"(?:法|条例|规定|办法|细则|准则|规则|决定|意见|通知|标准|规范|清单|宪法|制度|方案|纲要|目录|解释|党章)(?:（[^）]*）)?$"
)
_BROKEN = re.compile(r"违反|不符合|违背|未按照?|未执行|依据|根据|按照")


@dataclass(frozen=True, slots=True)
class Provision:
    """A quoted act, the article as written ('' for the act as a whole), and whether the text says it was broken."""

    title: str
    article: str
    broken: bool
    start: int

    @property
    def text(self) -> str:
        """As one writes it."""
        return f"《{self.title}》{self.article}"


def provisions_in(text: str) -> list[Provision]:
    """Every act quoted with an article, or said to be broken, in order."""
    found = []
    for match in _PROVISION.finditer(text):
        article = re.sub(r"\s+", "", match.group("article"))
        if not article and not _ACT.search(match.group("title")):
            continue
        before = text[max(0, match.start() - 14) : match.start()]
        verbs = _BROKEN.findall(before)
        broken = bool(verbs) and verbs[-1] in ("违反", "不符合", "违背", "未按", "未按照", "未执行")
        found.append(Provision(match.group("title"), article, broken, match.start()))
    return found


def legal_basis(text: str) -> tuple[str, ...]:
    """The provisions a finding rests on: those said to be broken, else those quoted with an article."""
    provisions = provisions_in(text)
    broken = [provision.text for provision in provisions if provision.broken]
    return tuple(dict.fromkeys(broken or [provision.text for provision in provisions if provision.article]))
