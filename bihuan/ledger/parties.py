"""The parties of many problems changed together: read once, written once, however many problems there are."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from bihuan.journal.action import current
from bihuan.ledger.models import Involvement

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable

    from bihuan.ledger.models import InvolvementRole, Problem
    from bihuan.organizations.models import Body, Post, Unit


class Parties:
    """Inside an action that holds these problems: `involve` and `end` as in `steps`, then one `write`."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        by_id = {problem.pk: problem for problem in problems}
        self._standing: dict[uuid.UUID, list[Involvement]] = defaultdict(list)
        self._made: list[Involvement] = []
        self._ended: list[Involvement] = []
        for row in Involvement.objects.filter(problem__in=list(by_id), until=None).order_by("id"):
            row.problem = by_id[row.problem_id]
            self._standing[row.problem_id].append(row)

    def units(self, problem: Problem, role: InvolvementRole) -> list[tuple[uuid.UUID, int | None]]:
        """The units that stand in a role, each with its share."""
        rows = (row for row in self._standing[problem.pk] if row.role == role)
        return [(row.unit_id, row.share) for row in rows if row.unit_id is not None]

    def end(self, problem: Problem, role: InvolvementRole) -> None:
        """Nobody in this role any more."""
        kept = []
        for row in self._standing[problem.pk]:
            if row.role != role:
                kept.append(row)
            elif row._state.adding:
                self._made.remove(row)
            else:
                row.until = max(current().today, row.since)
                self._ended.append(row)
        self._standing[problem.pk] = kept

    def involve(
        self,
        problem: Problem,
        role: InvolvementRole,
        *,
        unit: Unit | None = None,
        body: Body | None = None,
        post: Post | None = None,
        share: int | None = None,
    ) -> None:
        """Somebody has to do with the problem from today on; doing it twice changes nothing."""
        wanted = (role, *(one and one.pk for one in (unit, body, post)))
        if any(
            (row.role, row.unit_id, row.body_id, row.post_id) == wanted for row in self._standing[problem.pk]
        ):
            return
        row: Involvement = Involvement.newly(
            problem=problem,
            role=role.value,
            unit=unit,
            body=body,
            post=post,
            share=share,
            since=current().today,
        )
        self._standing[problem.pk].append(row)
        self._made.append(row)

    def write(self) -> None:
        """Store what ended and what is new."""
        Involvement.objects.save_all(self._ended)
        Involvement.objects.bulk_create(self._made)
        self._ended, self._made = [], []
