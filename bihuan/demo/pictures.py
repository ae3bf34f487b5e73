"""Photographs and papers that prove something, drawn rather than found: nothing in the demonstration is anybody's."""

from __future__ import annotations

import io
import random

from django.core.files.base import ContentFile
from docx import Document
from PIL import Image, ImageDraw, ImageFilter

SIZE = (960, 600)


def photograph(name: str, *, seed: int, clean: bool) -> ContentFile[bytes]:
    """A riverside: grey and littered before, green and clear after. Each seed is another place, seen from one stand."""
    place = random.Random(seed)  # noqa: S311  (a drawing, not a secret)
    image = Image.new("RGB", SIZE, (178, 205, 226) if clean else (196, 201, 204))
    draw = ImageDraw.Draw(image)
    horizon = place.randint(140, 330)
    _hills(draw, place, horizon, clean=clean)
    draw.rectangle((0, horizon + 60, *SIZE), fill=(84, 128, 96) if clean else (124, 117, 104))
    _houses(draw, place, horizon)
    _river(draw, place, horizon, clean=clean)
    _litter(draw, random.Random(f"{seed}{clean}"), horizon, clean=clean)  # noqa: S311  (a drawing)
    outfall = place.randint(120, SIZE[0] - 220), place.randint(horizon + 70, SIZE[1] - 130)
    if not clean:
        left, top = outfall
        draw.ellipse((left, top, left + 110, top + 90), fill=(58, 54, 50))
        draw.polygon(
            [(left + 40, top + 70), (left - 60, SIZE[1]), (left + 120, SIZE[1])], fill=(188, 184, 172)
        )
    stored = io.BytesIO()
    image.filter(ImageFilter.GaussianBlur(1.1)).save(stored, "JPEG", quality=82)
    return ContentFile(stored.getvalue(), name=name)


def borrowed(name: str, *, seed: int) -> ContentFile[bytes]:
    """The photograph of another place, its edges cut off and saved again smaller, as somebody would who borrows it."""
    with Image.open(photograph(name, seed=seed, clean=True)) as taken:
        width, height = taken.size
        cut = taken.crop((width // 20, height // 25, width - width // 30, height - height // 18))
    stored = io.BytesIO()
    cut.resize((width * 2 // 3, height * 2 // 3)).save(stored, "JPEG", quality=58)
    return ContentFile(stored.getvalue(), name=name)


def _hills(draw: ImageDraw.ImageDraw, place: random.Random, horizon: int, *, clean: bool) -> None:
    shades = ((142, 166, 150), (110, 146, 112)) if clean else ((150, 156, 152), (118, 126, 122))
    for layer, shade in enumerate(shades):
        rise = place.randint(20, 110)
        line = horizon + layer * place.randint(30, 60)
        step = place.choice((80, 120, 160, 240))
        points = [(x, line + place.randint(-rise, rise // 2)) for x in range(0, SIZE[0] + step, step)]
        draw.polygon([(0, SIZE[1]), *points, (SIZE[0], SIZE[1])], fill=shade)


def _houses(draw: ImageDraw.ImageDraw, place: random.Random, horizon: int) -> None:
    for _ in range(place.randint(1, 6)):
        left, width = place.randint(-60, SIZE[0] - 40), place.randint(70, 260)
        top, foot = horizon - place.randint(30, 130), horizon + place.randint(50, 110)
        tone = place.randint(60, 235)
        draw.rectangle((left, top, left + width, foot), fill=(tone, max(tone - 12, 0), max(tone - 26, 0)))


def _river(draw: ImageDraw.ImageDraw, place: random.Random, horizon: int, *, clean: bool) -> None:
    """From the foot of the hills to the front edge, now to the left, now to the right."""
    far, near = place.randint(60, SIZE[0] - 160), place.randint(-200, SIZE[0] - 200)
    narrow, wide = place.randint(30, 160), place.randint(260, 620)
    bend = place.randint(-180, 180)
    middle = (far + near) // 2 + bend
    halfway = (horizon + 60 + SIZE[1]) // 2
    bank = [(far, horizon + 60), (middle, halfway), (near, SIZE[1])]
    other = [(near + wide, SIZE[1]), (middle + (narrow + wide) // 2, halfway), (far + narrow, horizon + 60)]
    draw.polygon([*bank, *other], fill=(70, 118, 150) if clean else (152, 146, 126))


def _litter(draw: ImageDraw.ImageDraw, dice: random.Random, horizon: int, *, clean: bool) -> None:
    for _ in range(12 if clean else 90):
        x, y = dice.randint(0, SIZE[0]), dice.randint(horizon + 70, SIZE[1])
        tone = dice.randint(96, 150)
        draw.ellipse((x, y, x + dice.randint(2, 14), y + dice.randint(2, 6)), fill=(tone, tone, tone - 8))


def paper(name: str, title: str, lines: list[str]) -> ContentFile[bytes]:
    """A Word file with a title and a few lines."""
    document = Document()
    document.add_heading(title, level=1)
    for line in lines:
        document.add_paragraph(line)
    stored = io.BytesIO()
    document.save(stored)
    return ContentFile(stored.getvalue(), name=name)
