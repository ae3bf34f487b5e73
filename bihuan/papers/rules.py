"""Which document may go from whom to whom, and what it may not contain. Pure.

The kind of a document follows the relation of the parties (党政机关公文处理工作条例): upwards 请示 or 报告, between equals
函, downwards 通知, 批复 or 通报. A 报告 asks for nothing; a 请示 is of one matter, to one recipient, and is not copied downwards.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import uuid
    from collections.abc import Collection, Sequence
    from datetime import date
    from typing import Protocol, TypeVar

    class Version(Protocol):
        """What the choice needs to know of a version of a template."""

        jurisdiction_id: uuid.UUID
        version: int
        valid_from: date
        valid_until: date | None

    VersionT = TypeVar("VersionT", bound=Version)


class Relation(StrEnum):
    """How the recipient stands to the sender."""

    UP = "up"
    LEVEL = "level"
    DOWN = "down"


class Purpose(StrEnum):
    """What a paper is meant to do; from it and the relation follows the kind of document."""

    INSTRUCT = "instruct"
    PRESS = "press"
    ASK = "ask"
    TELL = "tell"
    ANSWER = "answer"
    REFER = "refer"
    CIRCULATE = "circulate"
    MINUTE = "minute"
    PUBLISH = "publish"
    RECORD = "record"
    FILL_IN = "fill_in"


class DocumentKind(StrEnum):
    """文种."""

    REQUEST = "request_for_instructions"
    REPORT = "report"
    LETTER = "letter"
    NOTICE = "notice"
    REPLY = "official_reply"
    CIRCULAR = "circular"
    MINUTES = "minutes"
    PUBLIC_NOTICE = "public_notice"
    RECORD = "record"
    FORM = "form"


KIND_BY_RELATION: Final = {
    Purpose.INSTRUCT: {Relation.DOWN: DocumentKind.NOTICE, Relation.LEVEL: DocumentKind.LETTER},
    # Offices press by letter whom they do not command, and by custom also whom they could: a letter is the milder rung.
    Purpose.PRESS: {Relation.DOWN: DocumentKind.LETTER, Relation.LEVEL: DocumentKind.LETTER},
    Purpose.ASK: {Relation.UP: DocumentKind.REQUEST, Relation.LEVEL: DocumentKind.LETTER},
    Purpose.TELL: {Relation.UP: DocumentKind.REPORT, Relation.LEVEL: DocumentKind.LETTER},
    Purpose.ANSWER: {Relation.DOWN: DocumentKind.REPLY, Relation.LEVEL: DocumentKind.LETTER},
    Purpose.REFER: dict.fromkeys(Relation, DocumentKind.LETTER),
    # A circular names its readers together, those below and bodies outside the tree alike; nobody circulates upwards.
    Purpose.CIRCULATE: {Relation.DOWN: DocumentKind.CIRCULAR, Relation.LEVEL: DocumentKind.CIRCULAR},
}
WITHOUT_RECIPIENTS: Final = {
    Purpose.PUBLISH: DocumentKind.PUBLIC_NOTICE,
    Purpose.RECORD: DocumentKind.RECORD,
    Purpose.FILL_IN: DocumentKind.FORM,
    Purpose.MINUTE: DocumentKind.MINUTES,
}
# What was asked once (已报请批准, 未按规定请示报告, 不可否认) is no request; what is asked now, is.
_REQUESTS: Final = re.compile(
    r"妥否|(?<![相适恰应])当否(?![定认])|(?<!不)可否(?!认)"
    r"|(?<![报申邀聘])请(?:予以?|给予|尽快)?(?:批示|批复|批准|审批|审定|审示|指示|核准|同意|支持|解决|协调)"
    r"|(?<![报申邀聘])请[^，。；]{1,12}(?:予以|给予)(?:批准|批复|同意|支持|解决|协调)"
    r"|(?:恳|敬)请(?!审阅|知悉|查收|参阅)|请求(?:批|支|解|协|帮|给)"
    r"|[望盼希](?:予以?|能)?(?:批准|批复|同意|支持|解决)|盼复"
    r"|(?:特此|谨此|现|兹)[^。；]{0,40}请示|请示如下"
)
_QUOTED: Final = re.compile(r"《[^》]*》")
"""Titles of documents: a 报告 may name the 请示 that was answered."""


class Fault(StrEnum):
    """Why a document may not be sent as it stands."""

    NO_RECIPIENT = "no_recipient"
    MIXED = "mixed"
    WRONG_WAY = "wrong_way"
    REPORT_ASKS = "report_asks"
    SEVERAL_MATTERS = "several_matters"
    SEVERAL_RECIPIENTS = "several_recipients"
    COPIED_DOWN = "copied_down"


def relation_of(sender: str, recipient: str) -> Relation:
    """How two places in the unit tree stand to each other; their paths are dotted labels from the root."""
    if sender == recipient:
        return Relation.LEVEL
    if recipient.startswith(f"{sender}."):
        return Relation.DOWN
    return Relation.UP if sender.startswith(f"{recipient}.") else Relation.LEVEL


def document_kind(purpose: Purpose, relations: Collection[Relation]) -> DocumentKind | Fault:
    """The kind of document for these recipients, or why there is none: one document is of one kind."""
    if purpose in WITHOUT_RECIPIENTS:
        return WITHOUT_RECIPIENTS[purpose]
    if not relations:
        return Fault.NO_RECIPIENT
    kinds = {KIND_BY_RELATION[purpose].get(relation) for relation in relations}
    if None in kinds:
        return Fault.WRONG_WAY
    if len(kinds) > 1:
        return Fault.MIXED
    (kind,) = kinds
    return kind or Fault.WRONG_WAY


def ways_of(purpose: Purpose) -> list[Relation]:
    """In which directions a purpose may be sent, for the words of a refusal."""
    return sorted(KIND_BY_RELATION.get(purpose, {}))


def requests_in(text: str) -> list[str]:
    """The phrases of a text that ask for something."""
    return [found.group(0) for found in _REQUESTS.finditer(_QUOTED.sub("《》", text))]


def faults_of(
    kind: DocumentKind, text: str, *, matters: int, recipients: int, copies: Sequence[Relation] = ()
) -> list[Fault]:
    """What the kind of the document forbids."""
    found = []
    if kind is DocumentKind.REPORT and requests_in(text):
        found.append(Fault.REPORT_ASKS)
    if kind is DocumentKind.REQUEST:
        if matters > 1:
            found.append(Fault.SEVERAL_MATTERS)
        if recipients > 1:
            found.append(Fault.SEVERAL_RECIPIENTS)
        if Relation.DOWN in copies:
            found.append(Fault.COPIED_DOWN)
    return found


def template_in_force(
    versions: Sequence[VersionT], *, chain: Sequence[uuid.UUID], on: date
) -> VersionT | None:
    """The version that holds on a day at a place: of the nearest jurisdiction on its chain, the newest valid one."""
    nearness = {place: -distance for distance, place in enumerate(chain)}
    valid = [
        one
        for one in versions
        if one.jurisdiction_id in nearness
        and one.valid_from <= on
        and (one.valid_until is None or on <= one.valid_until)
    ]
    return max(valid, key=lambda one: (nearness[one.jurisdiction_id], one.version), default=None)
