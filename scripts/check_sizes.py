"""A file over 400 lines asks to be two; a function over 40 lines asks for a name for its middle."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LONGEST_FILE = 400
LONGEST_FUNCTION = 40


def files() -> list[Path]:
    """Our own Python; migrations are written by Django, and their length is not ours to choose."""
    folders = [ROOT / name for name in ("bihuan", "tests", "scripts")]
    return sorted(
        path for folder in folders for path in folder.rglob("*.py") if "migrations" not in path.parts
    )


def too_long_functions(path: Path, source: str) -> list[str]:
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno is not None:
            body = node.body[1:] if ast.get_docstring(node) is not None and len(node.body) > 1 else node.body
            length = node.end_lineno - body[0].lineno + 1
            if length > LONGEST_FUNCTION:
                found.append(f"{path.relative_to(ROOT)}:{node.lineno}: {node.name} has {length} lines")
    return found


def main() -> int:
    problems = []
    for path in files():
        source = path.read_text(encoding="utf-8")
        length = source.count("\n")
        if length > LONGEST_FILE:
            problems.append(f"{path.relative_to(ROOT)}: {length} lines")
        problems += too_long_functions(path, source)
    for problem in problems:
        sys.stderr.write(f"{problem}\n")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
