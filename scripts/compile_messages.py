"""Compiles each translation catalogue into the form the program reads, where that is missing or older.

The compiled files are not in git but in what we ship. Needs no gettext programs of the system and no network.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import polib

LOCALE = Path(__file__).resolve().parents[1] / "bihuan" / "locale"


def compile_catalogue(source: Path) -> bool:
    """Write the .mo beside `source` unless it stands; say whether it was written."""
    target = source.with_suffix(".mo")
    if target.is_file() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
        return False
    # A server may be reading the old one: it is replaced whole, never half written.
    fresh = target.with_suffix(f".{os.getpid()}.tmp")
    polib.pofile(str(source)).save_as_mofile(str(fresh))
    fresh.replace(target)
    return True


def main() -> int:
    for source in sorted(LOCALE.glob("*/LC_MESSAGES/*.po")):
        if compile_catalogue(source):
            sys.stderr.write(f"Compiled {source.relative_to(LOCALE)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
