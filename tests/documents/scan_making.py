"""Scans and photographs made for tests and the benchmark: pages written with a Chinese font, then worn as paper is."""

from __future__ import annotations

import io
import subprocess
import unicodedata
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

if TYPE_CHECKING:
    from collections.abc import Sequence

POINTS = 72
A4 = (595, 842)
INK = (25, 25, 25)
STAMP = (205, 45, 40)
LINES = [
    "一、存在的主要问题",
    "（一）污水管网建设滞后。全市规划建设管网128.6公里，",
    "实际完成61.3公里，完成率仅为47.7%；江北区污水处理厂",
    "日均进水量不足设计能力的一半，涉及资金3420万元，群众",
    "多次反映，至2025年6月底仍未解决。",
    "（二）畜禽养殖监管流于形式。青石镇新增违规养殖场17家，",
    "其中3家位于饮用水水源二级保护区内，县农业农村局未按照",
    "规定开展排查，检查记录由企业自行填写。",
]


@cache
def _font_file() -> tuple[str, int] | None:
    """A Chinese font of this machine, serif where there is one."""
    asked = ["fc-list", "-f", "%{family}\t%{file}\t%{index}\n", ":lang=zh-cn"]
    try:
        told = subprocess.run(asked, capture_output=True, check=True, text=True).stdout
    except (FileNotFoundError, subprocess.CalledProcessError):
        return None
    rows = sorted(line.split("\t") for line in told.splitlines() if line.count("\t") == 2)
    rows = [row for row in rows if row[2].isdigit() and int(row[2]) < 100]
    named = [row for row in rows if "CJK SC" in row[0]] or rows
    best = [row for row in named if "Serif" in row[0] and "Regular" in row[1]] or named
    return (best[0][1], int(best[0][2])) if best else None


def has_font() -> bool:
    return _font_file() is not None


def _font(points: float, dpi: int) -> ImageFont.FreeTypeFont:
    found = _font_file()
    assert found is not None
    return ImageFont.truetype(found[0], round(points * dpi / POINTS), index=found[1])


def written(
    lines: Sequence[str],
    *,
    dpi: int = 150,
    points: float = 16,
    left: float = 80,
    top: float = 90,
    page: Image.Image | None = None,
) -> Image.Image:
    """A page of A4 with lines of text, or one that is there already with more of them."""
    scale = dpi / POINTS
    page = page or Image.new("RGB", (round(A4[0] * scale), round(A4[1] * scale)), "white")
    drawing, font = ImageDraw.Draw(page), _font(points, dpi)
    for number, line in enumerate(lines):
        drawing.text((left * scale, (top + number * points * 1.75) * scale), line, fill=INK, font=font)
    return page


def ruled(rows: Sequence[Sequence[str]], *, dpi: int = 150, points: float = 12) -> Image.Image:
    """A table with drawn lines; its columns share the width, a cell's lines are parted by a line break."""
    scale, left, top, right = dpi / POINTS, 60.0, 90.0, 535.0
    page = written([], dpi=dpi)
    drawing = ImageDraw.Draw(page)
    edges = [left + (right - left) * at / len(rows[0]) for at in range(len(rows[0]) + 1)]
    begins = top
    for row in rows:
        height = max(cell.count("\n") + 1 for cell in row) * points * 1.75 + 8
        for at, cell in enumerate(row):
            box = [edge * scale for edge in (edges[at], begins, edges[at + 1], begins + height)]
            drawing.rectangle(box, outline=INK, width=max(1, round(scale / 2)))
            written(cell.split("\n"), dpi=dpi, points=points, left=edges[at] + 6, top=begins + 6, page=page)
        begins += height
    return page


def stamped(page: Image.Image, *, across: float, down: float) -> Image.Image:
    """With a red seal over its text."""
    page = page.copy()
    drawing, size = ImageDraw.Draw(page, "RGBA"), page.width * 0.2
    x, y = across * page.width, down * page.height
    drawing.ellipse((x, y, x + size, y + size), outline=(*STAMP, 190), width=round(size / 25))
    drawing.regular_polygon((x + size / 2, y + size / 2, size / 6), 3, fill=(*STAMP, 190))
    return page


def worn(page: Image.Image, *, noise: float = 12, blur: float = 0.7, seed: int = 1) -> Image.Image:
    """As a scanner or a telephone sees it: blurred, with noise."""
    pixels = np.asarray(page.filter(ImageFilter.GaussianBlur(blur))).astype(float)
    pixels += np.random.default_rng(seed).normal(0, noise, pixels.shape)
    return Image.fromarray(pixels.clip(0, 255).astype(np.uint8))


def turned(page: Image.Image, degrees: float) -> Image.Image:
    """Turned counter-clockwise on white paper."""
    return page.rotate(degrees, expand=True, fillcolor="white", resample=Image.Resampling.BICUBIC)


def saved(page: Image.Image, kind: str = "JPEG", *more: Image.Image, quality: int = 75) -> bytes:
    """As a file; of several pages a TIFF."""
    target = io.BytesIO()
    extra = {"save_all": True, "append_images": list(more)} if more else {}
    page.save(target, kind, **({"quality": quality} if kind == "JPEG" else {}), **extra)
    return target.getvalue()


def scanned_pdf(*pages: Image.Image, dpi: int = 150) -> bytes:
    """A PDF whose pages are pictures."""
    target = io.BytesIO()
    pages[0].save(target, "PDF", save_all=True, append_images=list(pages[1:]), resolution=dpi)
    return target.getvalue()


def plain(text: str) -> str:
    """What is compared: widths of marks and white space levelled."""
    return "".join(unicodedata.normalize("NFKC", text).split())
