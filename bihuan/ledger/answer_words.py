"""The words an answer begins with, made of what the ledger already holds. Pure: nobody types a known fact twice."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from bihuan.ledger.lifecycle_words import STATE_WORDS, State

# The answer goes to the source in Chinese, whatever language the interface has.
ENDED: Final = {
    State.CLOSED: "已完成整改，于{day}销号",
    State.STANDING_DUTY: "已转入常态化整改，继续定期检查",
    State.MERGED: "于{day}并入{into}一并整改",
    State.REFERRED: "于{day}移送{to}处理",
    State.UNFOUNDED: "经核查不属实，于{day}办结",
    State.TERMINATED: "于{day}终止办理",
}


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """How one problem of a finding ended."""

    title: str
    state: State
    unit: str = ""
    day: date | None = None
    into: str = ""
    to: str = ""
    document: str = ""


def answer_words(outcomes: Iterable[Outcome]) -> str:
    """A sentence for each problem, in the order given; one that is still open is said to be so."""
    return "\n".join(_sentence(outcome) for outcome in outcomes)


def _sentence(outcome: Outcome) -> str:
    how = ENDED.get(outcome.state)
    if how is None:
        ending = f"正在办理（{STATE_WORDS[outcome.state].zh}）"
    else:
        day = f"{outcome.day.year}年{outcome.day.month}月{outcome.day.day}日" if outcome.day else ""
        ending = how.format(day=day, into=f"“{outcome.into}”", to=outcome.to)
    unit = f"由{outcome.unit}牵头，" if outcome.unit and outcome.state is not State.MERGED else ""
    document = f"（{outcome.document}）" if outcome.document and how else ""
    return f"关于“{outcome.title}”：{unit}{ending}{document}。"
