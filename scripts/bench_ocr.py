"""Prints for each kind of scan how many pages a second are recognised, and how many characters in a hundred come out wrong.

The pages are written here and worn here, so the truth about them is known. Time is the clock's and the processors', one
process with its models loaded, as it is from the second page of a document on. How sure the recogniser was of what it
got wrong says what marking doubtful words is worth.
"""

from __future__ import annotations

import difflib
import os
import random
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from PIL import Image

from bihuan.documents.recognising import SEARCHED_AT, recognise
from bihuan.documents.scanned import DOUBTFUL_BELOW
from bihuan.documents.written_pages import WrittenPages
from tests.documents.scan_making import plain, ruled, saved, stamped, turned, worn, written

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bihuan.documents.scanned import ScannedPage

PAGES = int(os.environ.get("PAGES", "3"))
SUBJECTS = ("县水利局", "桥西街道", "市住房和城乡建设局", "云川经济开发区管委会", "白石镇", "县农业农村局")
FAULTS = (
    "未按规定开展隐患排查，台账不清、底数不明",
    "监管流于形式，检查记录由企业自行填写",
    "项目推进缓慢，配套管网建设严重滞后",
    "挪用专项资金，会议纪要与凭证相互矛盾",
    "对群众反映强烈的噪声、油烟、扬尘问题久拖不决",
    "擅自变更施工方案，覆土厚度不足，植被成活率偏低",
)


def text_of(characters: int, chance: random.Random) -> str:
    """Findings with numbers, as papers state them."""
    text = ""
    while len(text) < characters:
        text += (
            f"{chance.choice(SUBJECTS)}{chance.choice(FAULTS)}，涉及资金{chance.randint(100, 99999) / 10}万元，"
            f"至20{chance.randint(18, 26)}年{chance.randint(1, 12)}月仍有{chance.randint(2, 98)}处未整改（见附件{chance.randint(1, 9)}）；"
        )
    return text[:characters]


def lines_of(length: int, number: int, seed: int) -> list[str]:
    """A page's lines of equal length."""
    text = text_of(length * number, random.Random(seed))  # noqa: S311 -- made-up text, the same each time
    return [text[at : at + length] for at in range(0, length * number, length)]


def official(seed: int, dpi: int = 200) -> tuple[Image.Image, str]:
    """A page as official papers are set: 22 lines of 28 characters of 16 points."""
    lines = lines_of(27, 22, seed)
    return written(lines, dpi=dpi), "".join(lines)


def small(seed: int, dpi: int = 200) -> tuple[Image.Image, str]:
    """A page of small print: 48 lines of 48 characters of 9 points."""
    lines = lines_of(47, 46, seed)
    return written(lines, dpi=dpi, points=9), "".join(lines)


def columns(seed: int) -> tuple[Image.Image, str]:
    """Two columns of 10.5 points."""
    left, right = lines_of(20, 34, seed), lines_of(20, 34, seed + 500)
    page = written(left, dpi=200, points=10.5, left=60)
    return written(right, dpi=200, points=10.5, left=315, page=page), "".join(left + right)


def table(seed: int) -> tuple[Image.Image, str]:
    """A ledger with drawn lines."""
    chance = random.Random(seed)  # noqa: S311 -- made-up text, the same each time
    rows = [["序号", "问题", "责任单位", "金额（万元）"]]
    for number in range(1, 11):
        fault = chance.choice(FAULTS)
        rows.append(
            [
                str(number),
                f"{fault[:9]}\n{fault[9:18]}",
                chance.choice(SUBJECTS)[:8],
                f"{chance.randint(10, 9999) / 10}",
            ]
        )
    return ruled(rows, dpi=200, points=12), "".join("".join(row) for row in rows)


def as_scanned(page: Image.Image, quality: int = 70) -> Image.Image:
    """Worn, and through the losses of a JPEG."""
    import io

    return Image.open(io.BytesIO(saved(worn(page), quality=quality))).convert("RGB")


def kinds() -> Iterator[tuple[str, list[tuple[Image.Image, str]]]]:
    """Each kind with its pages and what stands on them."""

    def pages(
        make: Callable[[int], tuple[Image.Image, str]], change: Callable[[Image.Image], Image.Image]
    ) -> list[tuple[Image.Image, str]]:
        made = [make(seed) for seed in range(PAGES)]
        return [(change(page), truth) for page, truth in made]

    yield "clean, 200 dpi", pages(official, lambda page: page)
    yield "worn, 200 dpi", pages(official, as_scanned)
    yield "worn, 150 dpi", pages(lambda seed: official(seed, 150), as_scanned)
    yield "worn, 100 dpi", pages(lambda seed: official(seed, 100), as_scanned)
    yield "tilted 3 degrees", pages(official, lambda page: as_scanned(turned(page, 3)))
    yield "on its side", pages(official, lambda page: as_scanned(turned(page, 90)))
    yield "upside down, tilted", pages(official, lambda page: as_scanned(turned(page, 178)))
    yield "under a red seal", pages(official, lambda page: as_scanned(stamped(page, across=0.55, down=0.3)))
    yield "two columns, 10.5 pt", pages(columns, as_scanned)
    yield "table, 12 pt", pages(table, as_scanned)
    yield "small print, 9 pt", pages(small, as_scanned)
    yield "small print, 150 dpi", pages(lambda seed: small(seed, 150), as_scanned)


def differences(truth: str, read: str) -> tuple[int, set[int]]:
    """How many characters are wrong, missing or too many, and where in what was read the wrong ones stand."""
    wrong, places = 0, set()
    for what, a, b, c, d in difflib.SequenceMatcher(None, truth, read, autojunk=False).get_opcodes():
        if what != "equal":
            wrong += max(b - a, d - c)
            places.update(range(c, d))
    return wrong, places


def doubtful_in(page: ScannedPage) -> tuple[str, set[int]]:
    """What was read in the order it was found, and which of it the recogniser doubted."""
    text, doubted = "", set()
    # From above, for a page on its side is searched in another order.
    for line in sorted(page.lines, key=lambda line: round(page.levelled_base(line))):
        for letter, place in zip(line.text, line.letters, strict=True):
            for piece in plain(letter):
                if place.certain < DOUBTFUL_BELOW:
                    doubted.add(len(text))
                text += piece
    return text, doubted


def main() -> int:
    """One line a kind."""
    recognise(official(99)[0], 1)
    print(
        f"lines searched at {SEARCHED_AT} pixels, {PAGES} pages of each kind, doubtful below {DOUBTFUL_BELOW} %"
    )
    print(f"{'':24}{'s/page':>8}{'CPU s':>8}{'wrong %':>9}{'doubted %':>11}{'wrong ones doubted':>20}")
    for name, pages in kinds():
        clock, processor, wrong, total, doubted, missed, seen = (
            time.perf_counter(),
            time.process_time(),
            0,
            0,
            0,
            0,
            0,
        )
        found = [recognise(page, 1) for page, _ in pages]
        clock, processor = time.perf_counter() - clock, time.process_time() - processor
        for page, (_, truth) in zip(found, pages, strict=True):
            pages_written = WrittenPages()
            pages_written.write_scan(page, 1)
            read = plain("".join(block.text for block in pages_written.blocks()))
            wrong += differences(plain(truth), read)[0]
            total += len(plain(truth))
            text, doubts = doubtful_in(page)
            places = (
                differences(plain(truth), text)[1] if "columns" not in name and "table" not in name else set()
            )
            doubted, missed, seen = doubted + len(doubts), missed + len(places), seen + len(places & doubts)
        caught = f"{seen} of {missed}" if missed else "-"
        print(
            f"{name:24}{clock / len(pages):8.2f}{processor / len(pages):8.2f}{100 * wrong / total:9.2f}"
            f"{100 * doubted / total:11.2f}{caught:>20}",
            flush=True,
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
