"""A structure to be imported: units, posts and people as plain rows, and everything that may be wrong with them.

Pure: what is already stored comes in as `Known`. A row is either sound or has a fault that says which cell, what is
wrong with it and what would be right.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from bihuan.organizations.models import PostKind
from bihuan.organizations.rules import plain_email, plain_mobile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from django.utils.functional import _StrPromise

    Words = str | _StrPromise

UNITS, POSTS, PEOPLE = "单位", "岗位", "人员"


@dataclass(frozen=True)
class UnitRow:
    """A unit to be set up; `parent` is a code of this file or of the installation, empty for a root."""

    line: int
    code: str
    name: str
    kind: str
    level: int
    parent: str = ""
    short_name: str = ""
    is_jurisdiction: bool = False
    party_committee: str = ""
    opened_on: date | None = None


@dataclass(frozen=True)
class PostRow:
    """A seat; `serves` names the leader's post in the same unit that a secretary works for."""

    line: int
    unit: str
    name: str
    kind: str
    section: str = ""
    portfolio: tuple[str, ...] = ()
    serves: str = ""


@dataclass(frozen=True)
class PersonRow:
    """A person and the post they hold. Rows with the same identity or mobile number are one person."""

    line: int
    name: str
    unit: str = ""
    post: str = ""
    external_id: str = ""
    mobile: str = ""
    email: str = ""
    since: date | None = None

    @property
    def identity(self) -> str:
        """What tells this person from a namesake."""
        if self.external_id:
            return f"id:{self.external_id}"
        return f"mobile:{plain_mobile(self.mobile)}" if self.mobile else f"name:{self.name}"


@dataclass(frozen=True)
class Fault:
    """What is wrong with one cell."""

    sheet: str
    line: int
    column: Words
    message: Words
    accepted: Words = ""

    def __str__(self) -> str:
        return f"{self.sheet} {self.line} {self.column}: {self.message} {self.accepted}".rstrip()


@dataclass(frozen=True)
class Structure:
    """The rows of one file."""

    units: tuple[UnitRow, ...] = ()
    posts: tuple[PostRow, ...] = ()
    people: tuple[PersonRow, ...] = ()

    def __len__(self) -> int:
        return len(self.units) + len(self.posts) + len(self.people)

    def without(self, faults: list[Fault]) -> Structure:
        """The rows that have no fault of their own."""
        bad = {(fault.sheet, fault.line) for fault in faults}
        return replace(
            self,
            units=tuple(row for row in self.units if (UNITS, row.line) not in bad),
            posts=tuple(row for row in self.posts if (POSTS, row.line) not in bad),
            people=tuple(row for row in self.people if (PEOPLE, row.line) not in bad),
        )


@dataclass(frozen=True)
class KnownPost:
    """A post that is already there."""

    kind: str
    held: bool = False
    several: bool = False


@dataclass(frozen=True)
class Known:
    """What the installation already holds, as far as these rows touch it.

    `identities` maps `PersonRow.identity` to the name of the person who has it.
    """

    levels: Mapping[str, int] = field(default_factory=dict)
    closed: frozenset[str] = frozenset()
    posts: Mapping[tuple[str, str], KnownPost] = field(default_factory=dict)
    principals: frozenset[str] = frozenset()
    identities: Mapping[str, str] = field(default_factory=dict)


def faults_of(structure: Structure, known: Known) -> list[Fault]:
    """Everything wrong with the rows, sheet by sheet, in the order of their lines."""
    found = [
        *_unit_faults(structure, known),
        *_post_faults(structure, known),
        *_person_faults(structure, known),
    ]
    return sorted(found, key=lambda fault: ((UNITS, POSTS, PEOPLE).index(fault.sheet), fault.line))


def good_part(structure: Structure, known: Known) -> tuple[Structure, list[Fault]]:
    """The rows that can be imported without the bad ones, and the faults of those left out, dependants included."""
    faults: list[Fault] = []
    while more := faults_of(structure, known):
        faults += more
        structure = structure.without(more)
    return structure, sorted(
        faults, key=lambda fault: ((UNITS, POSTS, PEOPLE).index(fault.sheet), fault.line)
    )


def _unit_faults(structure: Structure, known: Known) -> Iterator[Fault]:
    levels = {**known.levels, **{row.code: row.level for row in structure.units}}
    times = Counter(row.code for row in structure.units)
    circling = _circling({row.code: row.parent for row in structure.units})
    for row in structure.units:
        at = _faults_at(UNITS, row.line)
        if times[row.code] > 1:
            yield at(
                _("单位代码"), _("代码“%(code)s”在文件中重复。") % {"code": row.code}, _("每个单位一个代码。")
            )
        if row.code in known.levels:
            yield at(
                _("单位代码"),
                _("代码“%(code)s”已被使用。") % {"code": row.code},
                _("请换一个代码，或删去这一行。"),
            )
        if row.parent and row.parent not in levels:
            yield at(
                _("上级代码"),
                _("没有代码为“%(code)s”的单位。") % {"code": row.parent},
                _("填本表或系统中已有的代码。"),
            )
        elif row.parent in known.closed:
            yield at(
                _("上级代码"), _("上级单位“%(code)s”已撤销。") % {"code": row.parent}, _("填在设单位的代码。")
            )
        elif row.code in circling:
            yield at(_("上级代码"), _("上级关系绕成了圈。"), _("从根单位开始，逐级填写上级。"))
        elif row.parent and row.level < levels[row.parent]:
            yield at(_("层级"), _("层级高于上级单位。"), _("填与上级相同或更低的层级。"))


def _circling(parents: Mapping[str, str]) -> set[str]:
    """The codes from which going up never ends."""
    bad = set()
    for code in parents:
        passed, here = {code}, parents[code]
        while here in parents and here not in passed:
            passed.add(here)
            here = parents[here]
        if here in passed:
            bad.add(code)
    return bad


def _post_faults(structure: Structure, known: Known) -> Iterator[Fault]:
    units = {*known.levels, *(row.code for row in structure.units)} - known.closed
    times = Counter((row.unit, row.name) for row in structure.posts)
    principals = Counter(row.unit for row in structure.posts if row.kind == PostKind.PRINCIPAL)
    for row in structure.posts:
        at = _faults_at(POSTS, row.line)
        if row.unit not in units:
            yield at(
                _("单位代码"),
                _("没有代码为“%(code)s”的在设单位。") % {"code": row.unit},
                _("填单位表或系统中已有的代码。"),
            )
        if times[row.unit, row.name] > 1:
            yield at(
                _("岗位名称"),
                _("同一单位有重名岗位“%(name)s”。") % {"name": row.name},
                _("同一单位的岗位名称各不相同。"),
            )
        if (row.unit, row.name) in known.posts:
            yield at(_("岗位名称"), _("岗位“%(name)s”已存在。") % {"name": row.name}, _("请删去这一行。"))
        if row.kind == PostKind.PRINCIPAL and (principals[row.unit] > 1 or row.unit in known.principals):
            yield at(_("岗位类别"), _("一个单位只有一个主要负责人岗位。"), _("其余请填分管负责人等类别。"))
        if row.kind == PostKind.SECRETARY and not _has_post(structure, known, row.unit, row.serves):
            yield at(
                _("服务岗位"),
                _("没有找到所服务的岗位“%(name)s”。") % {"name": row.serves},
                _("填同一单位的领导岗位名称。"),
            )


def _has_post(structure: Structure, known: Known, unit: str, name: str) -> bool:
    return bool(name) and (
        (unit, name) in known.posts or any((row.unit, row.name) == (unit, name) for row in structure.posts)
    )


def _person_faults(structure: Structure, known: Known) -> Iterator[Fault]:
    names: dict[str, str] = {}
    namesakes = Counter(row.name for row in structure.people if row.identity.startswith("name:"))
    seats = Counter((row.unit, row.post) for row in structure.people if row.post)
    for row in structure.people:
        at = _faults_at(PEOPLE, row.line)
        if row.identity.startswith("name:") and namesakes[row.name] > 1:
            yield at(
                _("姓名"),
                _("有同名人员“%(name)s”。") % {"name": row.name},
                _("请填统一身份标识或手机号加以区分。"),
            )
        name = known.identities.get(row.identity) or names.setdefault(row.identity, row.name)
        if name != row.name:
            yield at(_("姓名"), _("同一标识或手机号下另有其人：“%(name)s”。") % {"name": name}, _("请核对。"))
        if row.mobile and plain_mobile(row.mobile) is None:
            yield at(_("手机号"), _("不是有效的手机号。"), _("11 位大陆手机号。"))
        if row.email and plain_email(row.email) is None:
            yield at(_("邮箱"), _("不是有效的邮箱地址。"), _("形如 name@example.org。"))
        yield from _seat_faults(row, structure, known, seats)


def _seat_faults(
    row: PersonRow, structure: Structure, known: Known, seats: Counter[tuple[str, str]]
) -> Iterator[Fault]:
    if not row.post:
        return
    at, seat = _faults_at(PEOPLE, row.line), known.posts.get((row.unit, row.post))
    if not _has_post(structure, known, row.unit, row.post):
        yield at(
            _("岗位名称"),
            _("单位“%(unit)s”没有岗位“%(post)s”。") % {"unit": row.unit, "post": row.post},
            _("填岗位表或系统中已有的岗位名称。"),
        )
    elif seats[row.unit, row.post] > 1:
        yield at(_("岗位名称"), _("岗位“%(post)s”填了不止一人。") % {"post": row.post}, _("一个岗位一个人。"))
    elif seat is not None and (seat.held or seat.several):
        yield at(
            _("岗位名称"), _("岗位“%(post)s”已有人任职。") % {"post": row.post}, _("请在系统中办理工作交接。")
        )


def _faults_at(sheet: str, line: int) -> Callable[[Words, Words, Words], Fault]:
    def fault(column: Words, message: Words, accepted: Words) -> Fault:
        return Fault(sheet, line, column, message, accepted)

    return fault
