"""Who had which part in a round that ended, read from the rows, for the rule of `rules.py`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.approvals.models import Step
from bihuan.journal.action import Refused
from bihuan.journal.wording import joined
from bihuan.ledger.models import Ending
from bihuan.lookback.rules import Bar, Before, Looker, bars_to
from bihuan.organizations.tree import home_of
from bihuan.rectification.independence_facts import SIGNERS, work_of
from bihuan.rectification.models import Acceptance

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable

    from bihuan.journal.action import Actor
    from bihuan.ledger.models import Problem
    from bihuan.organizations.models import Unit

BAR_WORDS = {
    Bar.ACCEPTED: gettext_lazy("这一轮由您或您代理的人验收"),
    Bar.ACCEPTING_UNIT: gettext_lazy("这一轮由这个单位验收"),
    Bar.TOOK_PART: gettext_lazy("您或您代理的人参与了这一轮整改或审批"),
    Bar.DOING_UNIT: gettext_lazy("这个单位承担了整改，或隶属于承担整改的单位"),
    Bar.ENDED_IT: gettext_lazy("您或您代理的人申请或批准了办结"),
}


def before_of(problem: Problem) -> Before:
    """The round that ended."""
    acceptances = list(accepted_of(problem))
    work = work_of(problem)
    return Before(
        accepted_by=_known(
            (row.acceptor, row.acceptor_principal, *getattr(row, "signers", ())) for row in acceptances
        ),
        accepted_units=_known((home_of(row.acceptor_unit).pk,) for row in acceptances if row.acceptor_unit),
        took_part=frozenset(person for persons in work.persons.values() for person in persons),
        ended_it=_enders(problem),
        doing_paths=work.doing_paths,
    )


def accepted_of(problem: Problem) -> Iterable[Acceptance]:
    """The acceptances of the present round that found the work done, the last one last."""
    found: Iterable[Acceptance] = (
        Acceptance.objects.filter(problem=problem, round=problem.round, state=Acceptance.State.ACCEPTED)
        .select_related("acceptor_unit")
        .annotate(signers=SIGNERS)
        .order_by("id")
    )
    return found


def _enders(problem: Problem) -> frozenset[uuid.UUID]:
    endings = list(Ending.objects.filter(problem=problem, state=Ending.State.APPLIED))
    steps = Step.objects.filter(approval__in=[ending.approval_id for ending in endings if ending.approval_id])
    return _known((ending.asked_by,) for ending in endings) | _known(
        (step.decided_by, step.decided_for, step.recorded_by, step.confirmed_by) for step in steps
    )


def _known(rows: Iterable[Iterable[uuid.UUID | None]]) -> frozenset[uuid.UUID]:
    return frozenset(one for row in rows for one in row if one is not None)


def refuse_unfit_unit(problem: Problem, unit: Unit) -> None:
    """A unit that worked on the problem or accepted it is not sent to look at it again."""
    looker = Looker(persons=frozenset(), unit=home_of(unit).pk, path=unit.path)
    _refuse(problem, bars_to(looker, before_of(problem)))


def refuse_unfit_person(problem: Problem, actor: Actor, unit: Unit) -> None:
    """Whoever accepted, worked on, approved or ended it does not look back at it, nor for those who did."""
    persons = _known([(actor.person, actor.on_behalf_of)])
    looker = Looker(persons=persons, unit=home_of(unit).pk, path=unit.path)
    _refuse(problem, bars_to(looker, before_of(problem)))


def _refuse(problem: Problem, bars: list[Bar]) -> None:
    if bars:
        raise Refused(
            _("%(no)s 不能这样回头看：%(reasons)s。")
            % {"no": problem.problem_no, "reasons": joined(str(BAR_WORDS[bar]) for bar in bars)},
            accepted=_("看的人不是验收的人：请由没有参与整改、验收和办结的单位和人员核查。"),
            problem=str(problem.pk),
            bars=[bar.value for bar in bars],
            field="unit",
        )
