"""The meetings of the city's units: before a plan or a closure, where policy asks for one."""

from __future__ import annotations

from datetime import date

from bihuan.demo.pictures import paper
from bihuan.ledger.models import Problem
from bihuan.rectification.deliberating import DeliberationDraft, standing, wanted
from bihuan.rectification.models import Deliberation


def deliberated(problem: Problem, about: Deliberation.About, day: date) -> DeliberationDraft | None:
    """The party group met on that day and the principal approved; None where nobody asks for it, or it met already."""
    if not wanted(problem, about) or standing(problem, about) is not None:
        return None
    number = f"党组会议纪要〔{day.year}〕{day.timetuple().tm_yday // 7 + 1}号"
    lines = [
        f"会议听取了关于{problem.title}整改{about.label}的汇报。",
        "会议原则同意，由主要负责人签批后报送。",
    ]
    return DeliberationDraft(
        body=Deliberation.Body.PARTY_GROUP,
        held_on=day,
        document_no=number,
        approved_on=day,
        file=paper("党组会议纪要.docx", number, lines),
    )
