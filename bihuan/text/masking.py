"""Personal data taken out of a text before it is learnt from or sent away, and put back into what comes of it.

Numbers are known by their form, names by what stands beside them (联系人：…, …先生, 村民…反映) or because they were given:
a name in bare running text cannot be told from a word, which is why what is learnt must also stand in several texts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from bihuan.text.personal import PERSONAL_NUMBERS

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

_SURNAMES: Final = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦"
    "付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤常温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦"
    "俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳穆农司卓古吉缪简车项连芦麦"
    "褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂佟臧闵苟邬边卞姬师仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池麻苑迟邝"
)
_COMPOUND: Final = "欧阳|司马|上官|诸葛|东方|皇甫|尉迟|公孙|慕容|司徒|令狐|长孙|宇文|端木"
_NAME: Final = rf"(?:(?:{_COMPOUND})[\u4e00-\u9fff]{{1,2}}|[{_SURNAMES}][\u4e00-\u9fff]{{1,2}}?)"
_END: Final = r"(?=[，。、；：,;:（）()\[\]〔〕\s⟦]|$|反映|投诉|举报|来信|来电|来访|信访|称|说|等|向|与|和|的|家|系|为|因|于|在|被|同志|先生|女士|电话|手机|身份证)"
_ROLES: Final = (
    r"联系人|姓名|反映人|举报人|投诉人|来信人|来访人|信访人|上访人|当事人|申请人|投诉者|举报者|被投诉人|被举报人|户主|患者|病人|死者|伤者"
    r"|法定代表人|法人代表|法人|实际控制人|经营者|包工头|村民|居民|业主|职工|员工|工人|农民工|学生|家长|群众|老人|司机|驾驶员|租户|住户|网友|市民"
)
_NAMES: Final = (
    re.compile(rf"(?:{_ROLES})(?:名叫|叫|是|为)?[：: ]{{0,2}}(?P<name>{_NAME}){_END}"),
    re.compile(rf"(?P<name>{_NAME})(?=同志|先生|女士|小姐|师傅|大爷|大妈|阿姨)"),
    re.compile(
        rf"(?P<name>(?:{_COMPOUND}|[{_SURNAMES}])某{{1,2}}(?:[甲乙丙丁\u4e00-\u9fff](?=[，。、；：,;:（(]|$))?)"
    ),
    re.compile(
        rf"(?<![\u4e00-\u9fff])(?P<name>{_NAME})(?=[，,：:（( ]{{0,2}}(?:联系)?(?:电话|手机|身份证|⟦\d+⟧))"
    ),
)
# Fixed lines, plates of vehicles, and any run of digits long enough to be somebody's.
_OTHER_NUMBERS: Final = (
    re.compile(r"(?<!\d)0\d{2,3}[- ]?\d{7,8}(?!\d)"),
    re.compile(
        r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Z][·\- ]?[A-Z0-9]{5,6}(?![A-Z0-9])"
    ),
    re.compile(r"(?<![\d.])\d{9,}(?![\d.])"),
)
_MARK: Final = "⟦{}⟧"
_MARKS: Final = re.compile(r"⟦\d+⟧")
_IN_MARKS: Final = re.compile(r"[⟦⟧\d]")
_SHORTEST_NAME: Final = 2


@dataclass(frozen=True, slots=True)
class Masked:
    """The text with a numbered mark in place of each piece; `pieces` says what stood there."""

    text: str
    pieces: Mapping[str, str] = field(default_factory=dict)

    def restored(self, text: str) -> str:
        """What was said about the masked text, with the pieces back in their places."""
        return _MARKS.sub(lambda mark: self.pieces.get(mark.group(0), mark.group(0)), text)


class Masker:
    """Knows some names beforehand; looking for thousands of them in a text costs no more than reading it."""

    def __init__(self, names: Collection[str] = ()) -> None:
        self._begins: dict[str, list[str]] = {}
        for name in sorted({*names}, key=lambda one: (-len(one), one)):
            if len(name) >= _SHORTEST_NAME and not _IN_MARKS.search(name):
                self._begins.setdefault(name[:_SHORTEST_NAME], []).append(name)

    def mask(self, text: str) -> Masked:
        """Every personal number and name that can be recognised, and each known name, becomes a mark.

        The same piece is the same mark everywhere. A mark that stood in the text already is a piece like any other.
        """
        marks: dict[str, str] = {}

        def marked(piece: str) -> str:
            return marks.setdefault(piece, _MARK.format(len(marks) + 1))

        text = _MARKS.sub(lambda found: marked(found.group(0)), text)
        for pattern in (*PERSONAL_NUMBERS, *_OTHER_NUMBERS):
            text = pattern.sub(lambda found: marked(found.group(0)), text)
        found = self._known_in(text)
        for pattern in _NAMES:
            found.update(match.group("name") for match in pattern.finditer(text))
        for name in sorted(found, key=lambda one: (-len(one), one)):
            if name in text:
                text = text.replace(name, marked(name))
        return Masked(text, {mark: piece for piece, mark in marks.items()})

    def without_personal(self, text: str) -> str:
        """The text as it may be learnt from: a space in place of each piece."""
        return _MARKS.sub(" ", self.mask(text).text)

    def _known_in(self, text: str) -> set[str]:
        return {
            name
            for at in range(len(text))
            for name in self._begins.get(text[at : at + _SHORTEST_NAME], ())
            if text.startswith(name, at)
        }


def mask(text: str, *, names: Collection[str] = ()) -> Masked:
    """What `Masker` does, for one text."""
    return Masker(names).mask(text)
