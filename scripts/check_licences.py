"""Refuses a default install that carries a licence we cannot ship with: AGPL and GPL, or none named.

The default install is what our own requirements pull in; the extras people may add are held to the same, development
tools are not.
"""

from __future__ import annotations

import json
import subprocess
import sys
from importlib import metadata

from packaging.requirements import Requirement

# Weak copyleft, used as a library and replaceable by the user: fine beside Apache-2.0.
ALLOWED_DESPITE_COPYLEFT = {
    "psycopg": "LGPL-3.0: used unchanged through its public interface, and can be replaced",
    "psycopg-binary": "(the same)",
    "psycopg-pool": "(the same)",
    "docxtpl": "LGPL-2.1: used unchanged through its public interface, and can be replaced",
    "certifi": "MPL-2.0 (extra ocr): used unchanged, and can be replaced",
    "tqdm": "MPL-2.0 and MIT (extra ocr): used unchanged, and can be replaced",
    "qrcode": "BSD; the classifier's second entry means the registered name “QR Code”",
}
EXTRAS = frozenset({"ocr"})
REFUSED = (
    "affero",
    "agpl",
    "general public license",
    "gpl",
    "sspl",
    "commons clause",
    "proprietary",
    "unknown",
)
FINE = ("lesser", "lgpl", "mozilla", "mpl")


def default_install(root: str, extras_of_root: frozenset[str] = frozenset()) -> set[str]:
    """Names of all distributions that `root` needs on this machine, itself not counted."""
    found: set[str] = set()
    waiting = [(root, extras_of_root)]
    while waiting:
        name, extras = waiting.pop()
        for line in metadata.requires(name) or ():
            requirement = Requirement(line)
            wanted = requirement.marker is None or any(
                requirement.marker.evaluate({"extra": extra}) for extra in (extras or {""})
            )
            key = requirement.name.lower().replace("_", "-")
            if wanted and key not in found:
                found.add(key)
                waiting.append((requirement.name, frozenset(requirement.extras)))
    return found


def licence_problem(name: str, licence: str) -> str | None:
    lowered = licence.lower()
    if name in ALLOWED_DESPITE_COPYLEFT or not any(word in lowered for word in REFUSED):
        return None
    # A choice between licences is ours to make, and weak copyleft needs its reason above.
    if " or " in lowered and any(word in lowered for word in ("mit", "bsd", "apache")):
        return None
    if any(word in lowered for word in FINE):
        return f"{name}: {licence} (weak copyleft: give the reason in scripts/check_licences.py)"
    return f"{name}: {licence}"


def main() -> int:
    plain = default_install("bihuan")
    names = plain | default_install("bihuan", EXTRAS)
    listed = subprocess.run(
        [sys.executable, "-m", "piplicenses", "--format=json", "--from=mixed", "--packages", *sorted(names)],
        check=True,
        capture_output=True,
        text=True,
    )
    rows = {row["Name"].lower().replace("_", "-"): row["License"] for row in json.loads(listed.stdout)}
    problems = [f"{name}: not installed, so its licence is not known" for name in sorted(names - set(rows))]
    problems += [problem for name in sorted(rows) if (problem := licence_problem(name, rows[name]))]
    for problem in problems:
        sys.stderr.write(f"{problem}\n")
    if not problems:
        more = f"{len(rows) - len(plain)} more with its extras"
        print(f"{len(plain)} packages in the default install, {more}, every licence accepted")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
