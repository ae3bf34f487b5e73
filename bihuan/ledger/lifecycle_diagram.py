"""The lifecycle as a picture and as a page of documentation, both made from the table, never by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bihuan.ledger.lifecycle import EDGES, IMPORT, Edge
from bihuan.ledger.lifecycle_facts import CONDITION_WORDS, Condition
from bihuan.ledger.lifecycle_words import NEED_WORDS, STATE_WORDS, VERB_WORDS, WHO_WORDS, State

if TYPE_CHECKING:
    from collections.abc import Iterable

_OUTSIDE = "[*]"


def diagram(language: str = "zh") -> str:
    """Return a Mermaid state diagram. Import, possible into every state, is a note instead of arrows."""
    lines = ["stateDiagram-v2"]
    lines += [f'    state "{STATE_WORDS[state].say(language)}" as {state}' for state in State]
    arrows: dict[tuple[str, str], list[str]] = {}
    for edge in EDGES:
        if edge.verb != IMPORT:
            ends = (edge.source or _OUTSIDE, edge.to)
            arrows.setdefault(ends, []).append(VERB_WORDS[edge.verb].say(language))
    lines += [f"    {source} --> {to}: {_joined(labels)}" for (source, to), labels in arrows.items()]
    note = (
        "rows of an existing ledger enter in any state"
        if language.startswith("en")
        else "已有台账可按任一状态导入"
    )
    lines += [f"    note right of {State.REGISTERED}: {note}"]
    return "\n".join(lines) + "\n"


def page() -> str:
    """Return `docs/lifecycle.md`: the diagram, and the table with the reason of every step."""
    rows = [_row(edge) for edge in EDGES if edge.verb != IMPORT]
    return "\n".join(
        [
            "# The lifecycle of a problem",
            "",
            "Made from `bihuan/ledger/lifecycle.py` by `python -m bihuan.ledger.lifecycle_diagram`; a test",
            "fails when the two differ. Besides these steps, a row of an existing ledger may be imported",
            "in any state.",
            "",
            "```mermaid",
            diagram("en").rstrip(),
            "```",
            "",
            "| from | verb | to | who | brings | only if | reason |",
            "|---|---|---|---|---|---|---|",
            *rows,
            "",
        ]
    )


def _row(edge: Edge) -> str:
    needs = ", ".join(NEED_WORDS[need].en for need in edge.needs)
    condition = "" if edge.when is Condition.ALWAYS else CONDITION_WORDS[edge.when].en
    to = f"{edge.to}, round + 1" if edge.new_round else edge.to
    cells = [
        edge.source or "(outside)",
        f"`{edge.verb}`",
        to,
        WHO_WORDS[edge.who].en,
        needs,
        condition,
        edge.why("en"),
    ]
    return "| " + " | ".join(cells) + " |"


def _joined(labels: Iterable[str]) -> str:
    return " / ".join(dict.fromkeys(label.replace("：", "·").replace(":", " ·") for label in labels))


if __name__ == "__main__":
    print(page(), end="")  # noqa: T201 - this is the program's output
