"""Every dependency of pyproject.toml has its reason in docs/dependencies.md, and no reason outlives its dependency."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
NAME = re.compile(r"[A-Za-z0-9._-]+")
ROW = re.compile(r"^\| `([^`]+)` \| \S", re.MULTILINE)


def declared() -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    extras = [line for extra in project["project"]["optional-dependencies"].values() for line in extra]
    lines = [*project["project"]["dependencies"], *extras, *project["dependency-groups"]["dev"]]
    # Our own name there means that development and tests have the extras too.
    return {NAME.match(line).group() for line in lines} - {project["project"]["name"]}


def explained() -> set[str]:
    return set(ROW.findall((ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")))


def test_every_dependency_has_its_reason():
    assert declared() - explained() == set()


def test_no_reason_is_given_for_what_is_not_used():
    assert explained() - declared() == set()
