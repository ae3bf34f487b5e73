"""What the city wrote about its problems: a reminder that was issued, a supervision form, and a notice still in draft."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from bihuan.demo.clock import Clock
from bihuan.demo.courses import Course
from bihuan.demo.founding import City
from bihuan.demo.pictures import paper
from bihuan.ledger.models import Problem
from bihuan.papers import actions as papers

BEFORE: Final = 16
REMINDED: Final = "请主要负责人听取一次汇报，把剩余措施分解到周，明确每一项的完成日期。"
PRESSED: Final = "请逐项说明未完成的原因，报送调整后的工作安排。"


class Letters:
    """Papers as a course on the city's clock, about whatever is under way when it begins."""

    def __init__(self, city: City, clock: Clock) -> None:
        self.city, self.clock = city, clock

    def courses(self, until: date) -> Iterator[tuple[date, Course]]:
        """With the day it begins."""
        yield until - timedelta(days=BEFORE), self.written()

    def written(self) -> Course:
        """A reminder goes out and its number comes back; a form and a notice wait."""
        problems = list(
            Problem.objects.filter(state="rectifying", channel=None, jurisdiction=self.city.yunchuan)
            .select_related("lead_unit", "jurisdiction")
            .order_by("external_deadline", "id")[:3]
        )
        if not problems:
            return
        first, clerk = problems[0], self.city.actor("shenyan")
        with self.clock.now():
            reminder = papers.draft_paper(
                [first], kind="reminder_letter", recipients=[first.lead_unit],
                given={"提醒事项": REMINDED, "反馈期限": "本月底"}, actor=clerk,
            )  # fmt: skip
        yield 3
        with self.clock.now():
            papers.enter_document_no(
                reminder, document_no="云整改〔2026〕61号", issued_on=self.clock.day,
                signed_copy=paper("提醒函签发件.docx", "签发件", ["同意印发。", "韩述舟"]), actor=clerk,
            )  # fmt: skip
        yield 5
        with self.clock.now():
            papers.draft_paper(
                [first], kind="supervision_form", actor=clerk,
                given={"督办颜色": "orange", "督办事由": "提醒后进展仍慢于序时进度。", "督办意见": PRESSED, "反馈期限": "五个工作日内"},
            )  # fmt: skip
        with self.clock.now():
            papers.draft_paper(
                problems, kind="rectification_notice", actor=clerk,
                recipients=list({one.lead_unit_id: one.lead_unit for one in problems if one.lead_unit}.values()),
            )  # fmt: skip
