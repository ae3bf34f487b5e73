"""Prints how many pages a second each text format is read at, end to end: child process, reading, passages, candidates.

By the clock, and by processor time, which says what a machine with nothing else to do would need. A page holds 900 characters, as an official paper's does. Formats that LibreOffice converts are measured where it is.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bihuan.documents.converting import converter
from bihuan.documents.sandbox import read_in_sandbox
from bihuan.documents.word import Text, word_bytes
from bihuan.intake.extraction.extracting import extract
from tests.documents.making import open_document_sheet, pdf, sheet
from tests.documents.ofd_making import Text as Placed
from tests.documents.ofd_making import content, ofd

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGES = 100
CHARACTERS = 900
WIDTH = 30
SENTENCE = "部分单位落实整改责任不到位，隐患排查走过场，群众反映的问题长期没有得到解决，台账不清。"


def paragraphs() -> list[str]:
    """Numbered problems of some 90 characters, ten a page."""
    number = PAGES * CHARACTERS // (2 * len(SENTENCE))
    return [f"{at}．{SENTENCE}第{at}处{SENTENCE}" for at in range(1, number + 1)]


def printed() -> list[list[str]]:
    """The same as printed lines, page by page."""
    lines = [text[at : at + WIDTH] for text in paragraphs() for at in range(0, len(text), WIDTH)]
    size = CHARACTERS // WIDTH
    return [lines[at : at + size] for at in range(0, len(lines), size)]


def samples() -> Iterator[tuple[str, bytes]]:
    """A file of each format with the same text."""
    texts = paragraphs()
    rows = [
        ["序号", "问题", "责任单位"],
        *([str(at), text, "县水务局"] for at, text in enumerate(texts, start=1)),
    ]
    yield "txt", "\n".join(texts).encode("gb18030")
    yield "html", ("<html><body>" + "".join(f"<p>{text}</p>" for text in texts) + "</body></html>").encode()
    yield "docx", word_bytes("通报", [Text(text) for text in texts])
    yield "pdf", pdf(printed())
    yield (
        "ofd",
        ofd(
            *(content(*(Placed(line, 20, 20 + 8 * at) for at, line in enumerate(page))) for page in printed())
        ),
    )
    yield "csv", "\n".join(",".join(row) for row in rows).encode("utf-8-sig")
    yield "xlsx", sheet(rows)
    yield "ods", open_document_sheet(rows)
    if converter() is not None:
        yield "rtf", rich_text(texts)


def rich_text(texts: list[str]) -> bytes:
    """Rich text, in which every Chinese character is a number."""
    escaped = ("".join(f"\\u{ord(letter)}?" for letter in text) for text in texts)
    return ("{\\rtf1\\ansi " + "\\par ".join(escaped) + "}").encode()


def processor_time() -> float:
    """Seconds this process and its ended children have used a processor."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def main() -> int:
    print(f"{'format':8}{'pages/s':>10}{'by CPU':>10}{'reading':>10}{'passages':>10}{'candidates':>12}")
    for kind, made in samples():
        began, used = time.perf_counter(), processor_time()
        document = read_in_sandbox(made, name=f"a.{kind}")
        reading = processor_time() - used
        extraction = extract(document)
        seconds, processor = time.perf_counter() - began, processor_time() - used
        speeds = f"{PAGES / seconds:10.0f}{PAGES / processor:10.0f}{PAGES / reading:10.0f}"
        print(f"{kind:8}{speeds}{len(extraction.passages):10}{len(extraction.candidates):12}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
