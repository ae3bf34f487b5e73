"""Brings the English catalogue up to date with the texts in the code: new ones come in empty, gone ones leave.

Needs the gettext programs (Debian, Ubuntu: apt-get install gettext). What is already translated stays as it is.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parents[1]
CATALOGUE = ROOT / "bihuan" / "locale" / "en" / "LC_MESSAGES" / "django.po"
HEADER = "The English of the interface. The source language is Chinese; words follow docs/glossary.md."
METADATA = {
    "Project-Id-Version": "bihuan",
    "Language": "en",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=2; plural=(n != 1);",
}


def extracted() -> polib.POFile:
    """All texts of the program, untranslated, gathered in a copy so that the work tree stays as it is."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "bihuan"
        shutil.copytree(
            ROOT / "bihuan", copy, ignore=shutil.ignore_patterns("vendor", "locale", "__pycache__")
        )
        (copy / "locale").mkdir()
        environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
        command = [
            sys.executable,
            "-m",
            "django",
            "makemessages",
            "-l",
            "en",
            "--add-location",
            "file",
            "-v",
            "0",
        ]
        subprocess.run(command, cwd=copy, env=environment, check=True)
        return polib.pofile(str(copy / "locale" / "en" / "LC_MESSAGES" / "django.po"))


def merged(fresh: polib.POFile, known: polib.POFile) -> polib.POFile:
    """The texts of `fresh` with the translations of `known`, in an order that does not depend on file names."""
    translations = {(entry.msgctxt, entry.msgid): entry for entry in known}
    result = polib.POFile(wrapwidth=100)
    result.header = HEADER
    result.metadata = METADATA
    for entry in sorted(fresh, key=lambda entry: (entry.msgid, entry.msgctxt or "")):
        entry.occurrences = sorted({(path, "") for path, _line in entry.occurrences})
        entry.flags = [flag for flag in entry.flags if flag != "fuzzy"]
        translation = translations.get((entry.msgctxt, entry.msgid))
        if translation is not None:
            entry.msgstr = translation.msgstr
            entry.msgstr_plural = translation.msgstr_plural
        result.append(entry)
    return result


def main() -> int:
    catalogue = merged(extracted(), polib.pofile(str(CATALOGUE)))
    catalogue.save(str(CATALOGUE))
    untranslated = catalogue.untranslated_entries()
    print(f"{len(catalogue)} texts, {len(untranslated)} without English")
    for entry in untranslated:
        print(f"  {entry.msgid}")
    return 1 if untranslated else 0


if __name__ == "__main__":
    sys.exit(main())
