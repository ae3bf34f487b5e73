"""Names of units in text, matched to the units we know; unknown names are kept as written."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bihuan.text.normalise import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

_JOINT = "\ue000"
_SUFFIX = (
    r"(?:人民政府办公室|人民政府|人民法院|人民检察院|政府办公厅|政府办公室|管理委员会|管委会|委员会|工作委员会|街道办事处|街道办|办事处|公安分局|"
    r"管理局|监督局|分局|总局|总队|支队|大队|学院|大学|中学|小学|学校|幼儿园|医院|卫生院|有限责任公司|有限公司|集团公司|公司|集团|银行|"
    r"中心|管理所|派出所|党委|党组|党工委|村委会|居委会|居民委员会|村民委员会|信用社|保监局|监管局|税务局|发展改革委|发改委|卫生健康委|卫健委|"
    r"国资委|住建委|建委|农委|经信委|科委|教委|城管委|交通委|省委|市委|区委|县委|省政府|市政府|区政府|县政府|镇政府|乡政府|"
    rf"[\u4e00-\u9fff{_JOINT}]{{1,12}}?(?:厅|局)|交警支队|指挥部|领导小组办公室|整改办)"
)
_PLACE = r"(?:[\u4e00-\u9fff]{2,8}?(?:自治区|自治州|省|市|州|盟|区|县|旗|镇|乡|街道))"
_NAMED = re.compile(rf"{_PLACE}{{0,4}}(?:[\u4e00-\u9fff{_JOINT}]{{0,14}}?){_SUFFIX}")
_BREAKS = re.compile(
    r"[的在对向由和与及至等将被把为从以并且也或、，。；：“”《》（）()\s\d]|其他|有关|相关|部分|所属|所辖|各级|全市|全省|全国|要求|规定|强制|擅自|一些|有的|违规|"
    r"出台|印发|制定|督促|责成|联合|会同|通过|根据|按照|经过|未经|截至|发现|审计|检查|督察|巡察|期间|以来|情况|通报|反映|投诉|举报|我是|我在|领导|联系|多次|无人|未经|来电|"
    r"下发|分别|共计|主要|涉及|存在|该|此|这|那|某|一家|不|没|已|均|都|仍|是"
)
# These names hold the word for “and”, which parts names everywhere else.
_WITH_AND = re.compile(
    r"工业和信息化|住房和城乡建设|自然资源和规划|人力资源和社会保障|文化和旅游|文化旅游和|林业和草原|发展和改革|政务服务和|农业和农村|教育和|"
    r"国土资源和|规划和自然资源|规划和|环境保护和|应急管理和|人口和计划生育|卫生和|广播和|广电和|科学和|商务和|审批服务和|机关事务和|城市管理和"
)
_GENERIC = re.compile(
    r"^.?(?:当地|地方|上级|下级|基层|本级|同级|主管|责任|中央|国家)?(?:人民政府|政府|公司|学校|中心|医院|银行|委员会|党委|党组|集团|管委会|中学|小学|幼儿园)$|"
    r"(?:结|格|布|全|大|当|定|僵|时|政|战|开|残|危|棋|骗|赌|饭|败)局$|(?:客|餐|大|舞|展)厅$"
)
_SHORTEST = 3
_LONGEST = 24


@dataclass(frozen=True, slots=True)
class KnownUnit:
    """A unit of the organisation: its id, full name and the short names it goes by."""

    id: str
    name: str
    short_names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class UnitMatch:
    """A name as written; `unit` is the id it was matched to, `alternatives` further ids it may mean."""

    name: str
    unit: str | None
    alternatives: tuple[str, ...] = ()
    start: int = 0


@dataclass(frozen=True, slots=True)
class UnitIndex:
    """Known units by every folded name. Build it once for many texts."""

    names: dict[str, tuple[str, ...]] = field(default_factory=dict)
    # The same names, longest first, so that a longer one is found before a shorter one inside it.
    ordered: tuple[str, ...] = ()

    @classmethod
    def of(cls, units: Sequence[KnownUnit]) -> UnitIndex:
        """Full names, short names, and names without the place in front where that stays unique or ambiguous alike."""
        names: dict[str, list[str]] = {}
        for unit in units:
            for name in {unit.name, *unit.short_names}:
                if name.strip():
                    names.setdefault(fold(name), []).append(unit.id)
            bare = re.sub(rf"^{_PLACE}", "", unit.name)
            if bare != unit.name and len(bare) >= _SHORTEST:
                names.setdefault(fold(bare), []).append(unit.id)
        ordered = sorted(
            (name for name in names if len(name) >= _SHORTEST), key=lambda name: (-len(name), name)
        )
        return cls({name: tuple(dict.fromkeys(ids)) for name, ids in names.items()}, tuple(ordered))

    def match(self, name: str) -> UnitMatch:
        """One name, such as the content of a cell. Exact first; then names that end or begin alike."""
        key = fold(name)
        exact = self.names.get(key)
        if exact:
            return UnitMatch(
                name, exact[0] if len(exact) == 1 else None, exact if len(exact) > 1 else exact[1:]
            )
        near = [
            identifier
            for known, ids in self.names.items()
            if len(key) >= _SHORTEST
            and (known.endswith(key) or key.endswith(known) or known.startswith(key))
            and len(known) >= _SHORTEST
            for identifier in ids
        ]
        near = list(dict.fromkeys(near))
        if len(near) == 1:
            return UnitMatch(name, near[0])
        return UnitMatch(name, None, tuple(near[:5]))

    def in_text(self, text: str) -> list[UnitMatch]:
        """Every unit named in a text: known names wherever they stand, other names by their form."""
        found: dict[str, UnitMatch] = {}
        taken: list[tuple[int, int]] = []
        folded, positions = _folded_with_positions(text) if self.ordered else ("", [])
        for known in self.ordered:
            at = folded.find(known)
            if at < 0 or any(start <= at < end for start, end in taken):
                continue
            taken.append((at, at + len(known)))
            written = text[positions[at] : positions[at + len(known) - 1] + 1]
            found[fold(written)] = _replaced(self.match(written), positions[at])
        for name, start in unit_names_in(text):
            key = fold(name)
            if key not in found and not any(key in known or known in key for known in found):
                found[key] = _replaced(self.match(name), start)
        return sorted(found.values(), key=lambda match: match.start)


def _replaced(match: UnitMatch, start: int) -> UnitMatch:
    return UnitMatch(match.name, match.unit, match.alternatives, start)


def _folded_with_positions(text: str) -> tuple[str, list[int]]:
    folded, positions = [], []
    for at, character in enumerate(text):
        for piece in fold(character):
            folded.append(piece)
            positions.append(at)
    return "".join(folded), positions


def unit_names_in(text: str) -> list[tuple[str, int]]:
    """Names that look like units, with their positions, in order and without repeats."""
    result: dict[str, int] = {}
    start = 0
    text = _WITH_AND.sub(lambda found: found.group(0).replace("和", _JOINT), text)
    for part in _BREAKS.split(text):
        at = text.find(part, start) if part else start
        start = at + len(part)
        for match in _NAMED.finditer(part):
            name = match.group(0).replace(_JOINT, "和")
            if _SHORTEST < len(name) <= _LONGEST and not _GENERIC.search(name):
                result.setdefault(name, at + match.start())
    return list(result.items())


def without_unit_names(text: str) -> str:
    """A bureau's name says who answers, not what is wrong: 生态环境局 may be at fault in a matter of permits."""
    for name, _ in unit_names_in(text):
        text = text.replace(name, " ")
    return text
