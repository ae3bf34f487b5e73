"""What leaders did for a problem, as items of its case file: instructions with their answers, visits with their files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from bihuan.desk.case_file_approvals import pairs
from bihuan.desk.case_file_reading import Item
from bihuan.desk.problem_leading import entered_words
from bihuan.rectification.leading_queries import focus_of, instructions_of, visits_of
from bihuan.rectification.withdrawing import withdrawn_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bihuan.desk.case_file_reading import Reading


def leaders(reading: Reading) -> Iterator[Item]:
    """In the order of their days: instructions, visits, and when the problem was a key problem."""
    found = [*_instructions(reading), *_visits(reading), *_focus(reading)]
    yield from sorted(found, key=lambda item: (item.on is None, item.on))


def _instructions(reading: Reading) -> Iterator[Item]:
    for row in instructions_of(reading.problem):
        yield Item(
            title=_("领导批示（已撤回）") if row.withdrawn_on else _("领导批示"),
            on=row.on,
            who=row.leader_name,
            stream=reading.problem.pk,
            pieces=[
                pairs(
                    (_("批示内容"), reading.say(row.words)),
                    (_("文号"), row.document_no),
                    (_("要求何时报告"), row.answer_by),
                    (_("办理情况"), reading.say(row.answer)),
                    (_("报告日期"), row.answered_on),
                    (_("登记人"), entered_words(row)),
                    (_("撤回"), reading.say(withdrawn_words(row))),
                )
            ],
            attachments=reading.files((row.file, _("批示扫描件"))),
        )


def _visits(reading: Reading) -> Iterator[Item]:
    for row in visits_of(reading.problem):
        yield Item(
            title=_("现场督导（已撤回）") if row.withdrawn_on else _("现场督导"),
            on=row.on,
            who=row.leader_name,
            stream=reading.problem.pk,
            pieces=[
                pairs(
                    (_("地点"), reading.say(row.place)),
                    (_("发现的情况"), reading.say(row.found)),
                    (_("同行人员"), reading.say(row.companions)),
                    (_("登记人"), entered_words(row)),
                    (_("撤回"), reading.say(withdrawn_words(row))),
                )
            ],
            attachments=reading.files(*((one.file, _("照片、记录")) for one in row.files.all())),
        )


def _focus(reading: Reading) -> Iterator[Item]:
    for row in focus_of(reading.problem):
        yield Item(
            title=_("列入重点问题清单"),
            on=row.since,
            who=row.put_by_name,
            stream=reading.problem.pk,
            pieces=[
                pairs(
                    (_("列入理由"), reading.say(row.reason)),
                    (_("包抓领导"), f"{row.sponsor.unit} {row.sponsor.name}"),
                    (_("移出"), row.until),
                    (_("移出理由"), reading.say(row.taken_off_because)),
                )
            ],
        )
