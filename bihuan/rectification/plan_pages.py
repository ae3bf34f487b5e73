"""What the page of a plan's version shows: the version, what it is laid beside, and the other versions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.ledger.sight import can_see
from bihuan.organizations.models import Person
from bihuan.rectification.models import Plan
from bihuan.rectification.plan_changes import Became, Content, Line, LineChange, compared
from bihuan.rectification.plan_trees import ASSURANCES
from bihuan.rectification.plan_versions import basis_of, contents_of, versions_of
from bihuan.text.changes import Fate, after_of, before_of, word_changes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bihuan.journal.action import Actor

BECAME_WORDS: Final = {
    Became.ADDED: gettext_lazy("新增"),
    Became.REMOVED: gettext_lazy("删去"),
    Became.CHANGED: gettext_lazy("有改动"),
    Became.SAME: "",
}
ALONE: Final = "none"


def page_of_plan(actor: Actor, plan: Plan, against: str) -> dict[str, Any]:
    """One version; beside the one asked for, or the one whoever decides compares with."""
    versions = versions_of(plan.problem)
    other = _other(plan, versions, against)
    older, newer = sorted((other, plan), key=_age) if other else (None, plan)
    contents = contents_of([one for one in (older, newer) if one is not None])
    return {
        "plan": plan,
        "problem": plan.problem,
        "title": name_of(plan),
        "crumbs": _crumbs(actor, plan),
        "facts": _facts(actor, plan),
        "versions": [_version(one, plan, other) for one in reversed(versions)],
        "alone_url": f"{_address(plan)}?against={ALONE}" if other else "",
        "older": name_of(older) if older else "",
        "newer": name_of(newer),
        "rows": _rows(contents, older, newer),
        "summary": _summary(contents, older, newer),
        "approval_url": reverse("approvals:detail", args=[plan.approval_id]) if plan.approval_id else "",
    }


def _other(plan: Plan, versions: Sequence[Plan], against: str) -> Plan | None:
    if against == ALONE:
        return None
    chosen = next((one for one in versions if str(one.pk) == against and one.pk != plan.pk), None)
    return chosen or basis_of(plan, versions)


def _age(plan: Plan) -> tuple[int, int]:
    return plan.round, plan.version


def name_of(plan: Plan) -> str:
    """第 2 版; the round where there was more than one."""
    if plan.round > 1:
        return _("第 %(round)d 轮第 %(version)d 版") % {"round": plan.round, "version": plan.version}
    return _("第 %(version)d 版") % {"version": plan.version}


def _address(plan: Plan) -> str:
    return reverse("rectification:plan", args=[plan.pk])


def _crumbs(actor: Actor, plan: Plan) -> list[dict[str, Any]]:
    problem = plan.problem
    address = reverse("desk:problem", args=[problem.pk]) if can_see(actor, problem) else ""
    return [
        {"words": problem.problem_no, "url": address},
        {"words": _("方案%(version)s") % {"version": name_of(plan)}, "url": ""},
    ]


def _version(one: Plan, plan: Plan, other: Plan | None) -> dict[str, Any]:
    """A line of the list of versions: read it, or lay it beside the one on the page."""
    return {
        "name": name_of(one),
        "state": one.get_state_display(),
        "on": timezone.localtime(one.approved_at).date() if one.approved_at else None,
        "url": _address(one),
        "beside_url": f"{_address(plan)}?against={one.pk}" if one.pk != plan.pk else "",
        "is_shown": one.pk == plan.pk,
        "is_beside": other is not None and one.pk == other.pk,
    }


def _facts(actor: Actor, plan: Plan) -> list[dict[str, Any]]:
    names = dict(Person.objects.filter(pk__in=[plan.planned_by, plan.approved_by]).values_list("pk", "name"))
    pairs: list[tuple[str, Any]] = [
        (_("状态"), plan.get_state_display()),
        (_("编制人"), names.get(plan.planned_by, "")),
        (_("调整理由"), plan.reason),
        (_("批准人"), names.get(plan.approved_by, "") if plan.approved_by else ""),
        (_("批准时间"), timezone.localtime(plan.approved_at) if plan.approved_at else None),
        (_("参考"), _taken_from(actor, plan)),
    ]
    return [{"label": label, "value": value} for label, value in pairs if value]


def _taken_from(actor: Actor, plan: Plan) -> Any:
    """The closed problem whose structure was taken, by number only where the reader may know of it."""
    if plan.taken_from is None:
        return None
    source = plan.taken_from.problem
    if not can_see(actor, source):
        return _("参考了一件已销号问题的方案结构")
    words = _("参考 %(number)s 的方案结构") % {"number": source.problem_no}
    return {"piece": "link", "words": words, "url": reverse("desk:problem", args=[source.pk])}


# ---- the table ------------------------------------------------------------------------------------------------------


def _rows(contents: dict[Any, Content], older: Plan | None, newer: Plan) -> list[dict[str, Any]]:
    after = contents[newer.pk]
    if older is None:
        return [*_alone(after)]
    found = compared(contents[older.pk], after)
    texts = [(_("整改目标"), found.goal), (_("举一反三范围"), found.similar_cases)]
    texts += [
        (_("五落实·%(name)s") % {"name": ASSURANCES.get(name, name)}, text)
        for name, text in found.assurances.items()
    ]
    rows = [
        _row(str(label), Became.CHANGED if text.differs else Became.SAME, _sides(text.before, text.after))
        for label, text in texts
        if text.before or text.after
    ]
    return rows + [_line_row(line) for line in found.lines]


def _alone(content: Content) -> list[dict[str, Any]]:
    texts = [(_("整改目标"), content.goal), (_("举一反三范围"), content.similar_cases)]
    texts += [
        (_("五落实·%(name)s") % {"name": ASSURANCES.get(name, name)}, text)
        for name, text in content.assurances.items()
    ]
    rows = [_row(str(label), Became.SAME, ([], _plain(text))) for label, text in texts if text]
    return rows + [
        _row(_label(line), Became.SAME, ([], _plain(line.text)), ([], _facts_of(line, line, "same")))
        for line in content.lines
    ]


def _row(
    label: str,
    became: Became,
    sides: tuple[list[dict[str, str]], list[dict[str, str]]],
    facts: tuple[list[Any], list[Any]] = ([], []),
) -> dict[str, Any]:
    return {
        "label": label,
        "became": became.value,
        "became_words": BECAME_WORDS[became],
        "before": sides[0],
        "after": sides[1],
        "before_facts": facts[0],
        "after_facts": facts[1],
    }


def _line_row(change: LineChange) -> dict[str, Any]:
    before, after = change.before, change.after
    line = after or before
    assert line is not None  # noqa: S101  (a change has a line on one side at least)
    sides = _sides(before.text if before else "", after.text if after else "")
    facts = (
        _facts_of(before, after, "gone") if before else [],
        _facts_of(after, before, "new") if after else [],
    )
    row = _row(_label(line), change.became, sides, facts)
    if change.fields == ("under",):
        row["became_words"] = _("移到别的措施下")
    return row


def _label(line: Line) -> str:
    words = _("措施 %(number)s") % {"number": line.number}
    return _("%(measure)s（交办）") % {"measure": words} if line.handed_down else words


def _sides(before: str, after: str) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    pieces = word_changes(before, after)
    return _drawn(before_of(pieces)), _drawn(after_of(pieces))


def _drawn(pieces: Sequence[Any]) -> list[dict[str, str]]:
    return [{"fate": piece.fate.value, "words": piece.words} for piece in pieces]


def _plain(text: str) -> list[dict[str, str]]:
    return [{"fate": Fate.SAME.value, "words": text}]


def _facts_of(line: Line, other: Line | None, fate: str) -> list[dict[str, Any]]:
    """Unit, post, day and deliverable of one side, each lit where the other side says something else."""
    words = {
        "unit": (_("承担"), line.unit),
        "post": (_("岗位"), line.post),
        "deadline": (_("期限"), line.deadline.isoformat()),
        "deliverable": (_("成果"), line.deliverable),
    }
    return [
        {
            "label": label,
            "words": value,
            "fate": fate if other is None or getattr(other, name) != getattr(line, name) else "same",
        }
        for name, (label, value) in words.items()
        if value
    ]


def _summary(contents: dict[Any, Content], older: Plan | None, newer: Plan) -> str:
    if older is None:
        return ""
    found = compared(contents[older.pk], contents[newer.pk])
    if not found.differs:
        return _("两个版本的内容相同。")
    return _("措施新增 %(added)d 条、删去 %(removed)d 条、改动 %(changed)d 条，未变 %(same)d 条。") % {
        "added": found.count(Became.ADDED),
        "removed": found.count(Became.REMOVED),
        "changed": found.count(Became.CHANGED),
        "same": found.count(Became.SAME),
    }
