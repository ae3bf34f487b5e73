"""Refuses a gettext call inside an f-string: xgettext takes the f-string for one word and never sees what stands in it.

Whoever reads in English would find that sentence in Chinese. (An f-string inside a call is looked for by the tests.)
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MARKS = frozenset(
    {f"{kind}gettext{late}" for kind in ("", "n", "p", "np") for late in ("", "_lazy")}
    | {"_", "gettext_noop"}
)


def hidden(source: str) -> Iterator[int]:
    """The lines on which a sentence is hidden from the catalogue."""
    for string in ast.walk(ast.parse(source)):
        if not isinstance(string, ast.JoinedStr):
            continue
        for node in ast.walk(string):
            if isinstance(node, ast.Call) and (
                getattr(node.func, "id", None) in MARKS or getattr(node.func, "attr", None) in MARKS
            ):
                yield node.lineno


def main() -> int:
    problems = [
        f"{path.relative_to(ROOT)}:{line}: gettext inside an f-string"
        for path in sorted((ROOT / "bihuan").rglob("*.py"))
        for line in sorted(set(hidden(path.read_text(encoding="utf-8"))))
    ]
    for problem in problems:
        sys.stderr.write(f"{problem}\n")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
