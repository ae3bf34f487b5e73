"""What follows here from proofs, reports and applications."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bihuan.authenticity.copies import remember
from bihuan.authenticity.examining import not_looked_into, raise_doubts
from bihuan.authenticity.jobs import examine_round
from bihuan.files.facts import says_something
from bihuan.files.jobs import look_into
from bihuan.journal.action import current
from bihuan.journal.reactions import Happened, reacts_to
from bihuan.ledger.as_they_stand import as_they_stand
from bihuan.ledger.models import Problem
from bihuan.rectification.models import Evidence, ProgressReport
from bihuan.rectification.verbs import Verb as Work

if TYPE_CHECKING:
    from uuid import UUID


@reacts_to(Work.ADD_EVIDENCE)
@reacts_to(Work.REPLACE_EVIDENCE)
def ask_files(happened: Happened) -> None:
    """What a file says of itself is found out by a job; whoever handed it in does not wait for it."""
    for row in happened.of(Evidence):
        blob = row.file.blob
        if says_something(blob.media_type):
            current().defer(look_into, sha256=blob.sha256, name=row.file.name)


@reacts_to(Work.REPORT_PROGRESS)
def remember_words(happened: Happened) -> None:
    """The words of a report can be found again from now on."""
    remember(happened.of(ProgressReport))


@reacts_to(Work.APPLY_ACCEPTANCE)
def examine_application(happened: Happened) -> None:
    """With the application the round is looked at; files nobody has asked yet are asked by a job, which looks again."""
    touched: set[UUID] = {problem.pk for problem in happened.of(Problem)}
    for problem in as_they_stand(touched, happened.of(Problem)):
        raise_doubts(problem)
        if not_looked_into(problem):
            current().defer(examine_round, problem=str(problem.pk))
