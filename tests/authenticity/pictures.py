"""Photographs, papers and sheets made for tests: real files, each with what a camera or an office writes into them."""

from __future__ import annotations

import datetime as dt
import io
import random
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import xlsxwriter
from docx import Document
from PIL import Image, ImageDraw, ImageFilter

if TYPE_CHECKING:
    from collections.abc import Sequence

SIZE = (640, 480)


def noon(day: dt.date) -> dt.datetime:
    """Half past twelve of a day, as a clock shows it that knows no zone."""
    return dt.datetime.combine(day, dt.time(12, 30))


def scene(seed: int) -> Image.Image:
    """A picture as uneven as a photograph: broken light with things standing in it, each seed another place."""
    dice, noise = random.Random(seed), np.random.default_rng(seed)
    width, height = SIZE
    tall = np.abs(np.fft.fftfreq(height))[:, None]
    wide = np.fft.rfftfreq(width)[None]
    distance = np.sqrt(tall**2 + wide**2)
    distance[0, 0] = 1.0
    waves = noise.normal(size=distance.shape) + 1j * noise.normal(size=distance.shape)
    light = np.fft.irfft2(waves / distance**1.2, s=(height, width))
    light = (light - light.mean()) / light.std()
    tints = [dice.uniform(0.6, 1.2) for _ in range(3)]
    layers = [np.clip(120 * tint + 46 * light, 0, 255) for tint in tints]
    picture = Image.fromarray(np.stack(layers, axis=-1).astype("uint8"))
    draw = ImageDraw.Draw(picture)
    for _ in range(dice.randint(4, 9)):
        left, top = dice.randint(-40, width), dice.randint(-40, height)
        box = (left, top, left + dice.randint(40, 260), top + dice.randint(40, 220))
        shape = draw.ellipse if dice.random() < 0.4 else draw.rectangle
        shape(box, fill=tuple(dice.randint(0, 255) for _ in range(3)))
    return picture.filter(ImageFilter.GaussianBlur(1.2))


def camera(
    taken: dt.datetime | None = None, spot: tuple[float, float] | None = None, turned: int = 1
) -> Image.Exif:
    """What a phone writes: device, when, where (latitude, longitude)."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0110], exif[0x0112] = "Yunchuan", "Phone 7", turned
    if taken is not None:
        exif.get_ifd(0x8769)[0x9003] = taken.strftime("%Y:%m:%d %H:%M:%S")
    if spot is not None:
        gps = exif.get_ifd(0x8825)
        gps[1], gps[3] = "N" if spot[0] >= 0 else "S", "E" if spot[1] >= 0 else "W"
        gps[2], gps[4] = (_sexagesimal(abs(value)) for value in spot)
    return exif


def _sexagesimal(value: float) -> tuple[float, float, float]:
    degrees = int(value)
    minutes = int((value - degrees) * 60)
    return float(degrees), float(minutes), round((value - degrees - minutes / 60) * 3600, 4)


def photograph(seed: int, name: str = "", **wrote: Any) -> io.BytesIO:
    """A photograph of a place, as the phone stores it; without `taken` and `spot` as a messenger forwards it."""
    return jpeg(scene(seed), name or f"照片{seed}.jpg", exif=camera(**wrote) if wrote else None)


def jpeg(picture: Image.Image, name: str, *, quality: int = 85, exif: Image.Exif | None = None) -> io.BytesIO:
    """A picture as a file to be uploaded."""
    stored = io.BytesIO()
    picture.convert("RGB").save(stored, "JPEG", quality=quality, **({"exif": exif} if exif else {}))
    return named(stored, name)


def cropped(picture: Image.Image, share: float) -> Image.Image:
    """The sides cut off unevenly, `share` of the picture at most."""
    width, height = picture.size
    return picture.crop(
        (int(share * width), int(share * height / 2), int(width * (1 - share / 3)), int(height * (1 - share)))
    )


def stamped(picture: Image.Image) -> Image.Image:
    """The date of another day written in."""
    picture = picture.copy()
    draw = ImageDraw.Draw(picture)
    width, height = picture.size
    draw.rectangle((width * 0.6, height * 0.9, width * 0.98, height * 0.97), fill=(250, 250, 250))
    draw.text((width * 0.62, height * 0.915), "2026-04-18 09:30", fill=(200, 30, 30))
    return picture


def paper(
    name: str, title: str, lines: Sequence[str] = (), signed: str = "", begun: dt.datetime | None = None
) -> io.BytesIO:
    """A Word file; `signed` stands alone in its last line."""
    written = (title, *lines, *([signed] if signed else []))
    return named(io.BytesIO(_word(written, begun or noon(dt.date(2026, 3, 2)))), name)


@cache
def _word(paragraphs: Sequence[str], begun: dt.datetime) -> bytes:
    """Written once: a package notes the second it was made, and the same paper made again is another file."""
    document = Document()
    document.core_properties.created = begun
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    stored = io.BytesIO()
    document.save(stored)
    return stored.getvalue()


def sheet(name: str, rows: Sequence[Sequence[object]], begun: dt.datetime | None = None) -> io.BytesIO:
    """An Excel file."""
    stored = io.BytesIO()
    with xlsxwriter.Workbook(stored, {"in_memory": True}) as book:
        book.set_properties({"created": begun or noon(dt.date(2026, 3, 2))})
        page = book.add_worksheet()
        for at, row in enumerate(rows):
            page.write_row(at, 0, row)
    return named(stored, name)


def named(stored: io.BytesIO, name: str) -> io.BytesIO:
    """A file as a browser hands it over."""
    again = io.BytesIO(stored.getvalue())
    again.name = name
    return again
