"""Photographs and papers that prove something, drawn rather than found: nothing in the demonstration is anybody's."""

from __future__ import annotations

import io
import random

from django.core.files.base import ContentFile
from docx import Document
from PIL import Image, ImageDraw, ImageFilter

SIZE = (960, 600)


def photograph(name: str, *, seed: int, clean: bool) -> ContentFile[bytes]:
    """A riverside: grey and littered before, green and clear after."""
    dice = random.Random(seed)  # noqa: S311  (a drawing, not a secret)
    sky = (196, 201, 204) if not clean else (178, 205, 226)
    image = Image.new("RGB", SIZE, sky)
    draw = ImageDraw.Draw(image)
    for layer, shade in enumerate(
        ((150, 156, 152), (128, 138, 132)) if not clean else ((142, 166, 150), (110, 146, 112))
    ):
        top = 170 + layer * 70
        points = [(x, top + dice.randint(-36, 36)) for x in range(0, SIZE[0] + 80, 80)]
        draw.polygon([(0, SIZE[1]), *points, (SIZE[0], SIZE[1])], fill=shade)
    draw.rectangle((0, 380, SIZE[0], SIZE[1]), fill=(124, 117, 104) if not clean else (84, 128, 96))
    water = (142, 140, 130) if not clean else (96, 138, 156)
    draw.polygon([(0, 430), (620, 400), (760, SIZE[1]), (0, SIZE[1])], fill=water)
    for _ in range(90 if not clean else 12):
        x, y = dice.randint(0, SIZE[0]), dice.randint(410, SIZE[1])
        tone = dice.randint(96, 150)
        draw.ellipse((x, y, x + dice.randint(2, 14), y + dice.randint(2, 6)), fill=(tone, tone, tone - 8))
    if not clean:
        draw.ellipse((600, 380, 690, 460), fill=(58, 54, 50))
        draw.polygon([(640, 440), (560, SIZE[1]), (700, SIZE[1])], fill=(188, 184, 172))
    stored = io.BytesIO()
    image.filter(ImageFilter.GaussianBlur(1.1)).save(stored, "JPEG", quality=82)
    return ContentFile(stored.getvalue(), name=name)


def paper(name: str, title: str, lines: list[str]) -> ContentFile[bytes]:
    """A Word file with a title and a few lines."""
    document = Document()
    document.add_heading(title, level=1)
    for line in lines:
        document.add_paragraph(line)
    stored = io.BytesIO()
    document.save(stored)
    return ContentFile(stored.getvalue(), name=name)
