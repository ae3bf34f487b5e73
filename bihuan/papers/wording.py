"""The refusals of this room: what is wrong with a document or a template, and what would be right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.journal.action import Refused
from bihuan.journal.wording import joined, listed
from bihuan.papers.rules import Fault, Relation, ways_of

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from bihuan.papers.kinds import PaperKind
    from bihuan.papers.templating import TextFault

WAYS: Final[dict[Relation, Any]] = {
    Relation.UP: gettext_lazy("上级"),
    Relation.LEVEL: gettext_lazy("平级或不相隶属的机关"),
    Relation.DOWN: gettext_lazy("下级"),
}
_WRONG: Final[dict[Fault, tuple[Any, Any, str]]] = {
    Fault.NO_RECIPIENT: (
        gettext_lazy("没有主送单位。"),
        gettext_lazy("请选择主送单位，或写明系统外的主送机关。"),
        "recipients",
    ),
    Fault.MIXED: (
        gettext_lazy("主送单位里既有下级又有平级或上级，文种不同。"),
        gettext_lazy("请按行文关系分别起草，一份文书只用一个文种。"),
        "recipients",
    ),
    Fault.REPORT_ASKS: (
        gettext_lazy("报告里夹带了请示事项。"),
        gettext_lazy("报告不得夹带请示：请删去请求批示、批准的话，另行起草请示。"),
        "text",
    ),
    Fault.SEVERAL_MATTERS: (
        gettext_lazy("请示里有几件事。"),
        gettext_lazy("请示一文一事：请每个问题分别起草。"),
        "recipients",
    ),
    Fault.SEVERAL_RECIPIENTS: (
        gettext_lazy("请示主送了几个机关。"),
        gettext_lazy("请示只主送一个机关，其他上级机关可以抄送。"),
        "recipients",
    ),
    Fault.COPIED_DOWN: (
        gettext_lazy("请示抄送了下级单位。"),
        gettext_lazy("请示不得抄送下级机关，请从抄送里去掉下级单位。"),
        "copies",
    ),
}


def refusal_of(fault: Fault, kind: PaperKind, words: Sequence[str] = ()) -> Refused:
    """Why the document may not be drafted so; `words` are the phrases that ask, where it is for them."""
    if fault is Fault.WRONG_WAY:
        return Refused(
            _("“%(kind)s”不能这样行文：行文关系不对。") % {"kind": kind.label},
            accepted=_("“%(kind)s”可以主送%(ways)s。上行用请示或报告，平行用函，下行用通知或批复。")
            % {"kind": kind.label, "ways": listed(WAYS[way] for way in ways_of(kind.purpose))},
            field="recipients",
            fault=fault.value,
        )
    what, accepted, field = _WRONG[fault]
    if words:
        what = _("报告里夹带了请示事项：%(words)s。") % {"words": listed(f"“{one}”" for one in words[:3])}
    return Refused(what, accepted=accepted, field=field, fault=fault.value)


def refusal_of_text(faults: Sequence[TextFault], offered: Collection[str], *, field: str = "body") -> Refused:
    """What is wrong with the places of a template, and which there are."""
    said = []
    for fault in faults:
        if fault.code == "unknown":
            said.append(
                _("第 %(line)d 行的“%(name)s”没有这一项") % {"line": fault.line, "name": fault.name[:40]}
            )
        else:
            said.append(_("第 %(line)d 行的双花括号不成对") % {"line": fault.line})
    return Refused(
        _("%(faults)s。") % {"faults": joined(said[:5])},
        accepted=_("可用的项：%(names)s。写法如 {{%(first)s}}。")
        % {"names": listed(offered), "first": next(iter(offered))},
        field=field,
        code="template",
    )


def not_now(kind: PaperKind, problem_no: str, state: str) -> Refused:
    """The problem's state does not allow this kind."""
    return Refused(
        _("%(no)s 现在是“%(state)s”，不能起草“%(kind)s”。")
        % {"no": problem_no, "state": state, "kind": kind.label},
        accepted=_("问题页的“文书”里列出了现在可以起草的种类。"),
        code="state",
    )
