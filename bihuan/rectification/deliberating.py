"""Major problems and party-inspection findings: no plan and no closure without the unit's meeting and its principal.

Which problems those are is a policy (`deliberation`); one meeting counts for its round.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from bihuan.files.taking_in import Incoming, Upload, prepare, take_in
from bihuan.journal.action import Refused, current
from bihuan.journal.wording import listed
from bihuan.ledger.models import Problem
from bihuan.ledger.rigour import policy_of
from bihuan.organizations.queries import first_responsible_person
from bihuan.rectification.models import Deliberation
from bihuan.rectification.policy import person_of

if TYPE_CHECKING:
    from bihuan.journal.action import Actor
    from bihuan.organizations.models import Person

About = Deliberation.About


@dataclass(frozen=True, kw_only=True)
class DeliberationDraft:
    """What a unit writes of its meeting: which body, when, by which document, when the principal approved, the paper."""

    body: str = ""
    held_on: date | None = None
    document_no: str = ""
    approved_on: date | None = None
    file: Upload | Incoming | None = None

    @property
    def says_something(self) -> bool:
        """Whether anything of it was filled in."""
        return bool(self.held_on or self.document_no.strip() or self.approved_on or self.file)


def wanted(problem: Problem, about: About) -> bool:
    """Whether policy asks for a meeting about this."""
    return bool(policy_of(problem, "deliberation").body[about.value])


def standing(problem: Problem, about: About) -> Deliberation | None:
    """What was deliberated of this in the present round, the newest first."""
    found: Deliberation | None = (
        Deliberation.objects.filter(problem=problem, round=problem.round, about=about).order_by("-id").first()
    )
    return found


def deliberate(problem: Problem, about: About, draft: DeliberationDraft | None, actor: Actor) -> None:
    """Write the meeting down, or refuse with what is missing; nothing where policy asks for none and none is given."""
    given = draft is not None and draft.says_something
    if not given and (not wanted(problem, about) or standing(problem, about) is not None):
        return
    draft = draft or DeliberationDraft()
    missing = _missing(draft)
    if missing or draft.held_on is None or draft.approved_on is None or draft.file is None:
        raise Refused(
            _("“%(about)s”要先经会议研究、主要负责人批准，还缺：%(missing)s。")
            % {"about": about.label, "missing": listed(missing)},
            accepted=_("请补齐会议日期、纪要或文号、主要负责人批准日期，并附上纪要或签批件。"),
            field="held_on",
            missing=missing,
        )
    _refuse_future(draft.held_on, draft.approved_on)
    principal = _principal(problem, draft.approved_on)
    file = draft.file if isinstance(draft.file, Incoming) else prepare(draft.file)
    Deliberation.objects.create(
        problem=problem,
        round=problem.round,
        about=about,
        body=draft.body,
        held_on=draft.held_on,
        document_no=draft.document_no.strip(),
        principal=principal.pk,
        principal_name=principal.name,
        approved_on=draft.approved_on,
        file=take_in(file, subject_kind=Problem.Stream.kind, subject=problem.pk),
        recorded_by=person_of(actor),
    )


def _missing(draft: DeliberationDraft) -> list[str]:
    facts = (
        (draft.body in Deliberation.Body.values, _("会议名称")),
        (draft.held_on is not None, _("会议日期")),
        (bool(draft.document_no.strip()), _("会议纪要或文号")),
        (draft.approved_on is not None, _("主要负责人批准日期")),
        (draft.file is not None, _("纪要或签批件")),
    )
    return [words for there, words in facts if not there]


def _refuse_future(held_on: date, approved_on: date) -> None:
    for field, day in (("held_on", held_on), ("approved_on", approved_on)):
        if day > current().today:
            raise Refused(_("会议和批准的日期不能在将来。"), accepted=_("应是今天或以前。"), field=field)


def _principal(problem: Problem, on: date) -> Person:
    """Whose duty the rectification was on that day."""
    found = first_responsible_person(problem.lead_unit, on).person if problem.lead_unit else None
    if found is None:
        raise Refused(
            _("那一天牵头单位和它的上级都没有在任的主要负责人。"),
            accepted=_("请核对批准日期，或先登记任职。"),
            field="approved_on",
        )
    return found
