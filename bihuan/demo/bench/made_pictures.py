"""Pictures drawn for measuring, as uneven as photographs, and what is done to one that is to pass for another."""

from __future__ import annotations

import io
import random
from collections.abc import Callable
from typing import Final

import numpy as np
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter

SIZE: Final = (480, 360)


def scene(seed: int) -> Image.Image:
    """Broken light with things standing in it; each seed another place."""
    dice, noise = random.Random(seed), np.random.default_rng(seed)  # noqa: S311  (a drawing, not a secret)
    width, height = SIZE
    distance = np.sqrt(np.fft.fftfreq(height)[:, None] ** 2 + np.fft.rfftfreq(width)[None] ** 2)
    distance[0, 0] = 1.0
    waves = noise.normal(size=distance.shape) + 1j * noise.normal(size=distance.shape)
    light = np.fft.irfft2(waves / distance**1.2, s=(height, width))
    light = (light - light.mean()) / light.std()
    layers = [np.clip(120 * dice.uniform(0.6, 1.2) + 46 * light, 0, 255) for _ in range(3)]
    picture = Image.fromarray(np.stack(layers, axis=-1).astype("uint8"))
    draw = ImageDraw.Draw(picture)
    for _ in range(dice.randint(4, 9)):
        left, top = dice.randint(-40, width), dice.randint(-40, height)
        box = (left, top, left + dice.randint(40, 200), top + dice.randint(40, 170))
        shape = draw.ellipse if dice.randint(0, 9) < 4 else draw.rectangle  # noqa: PLR2004
        shape(box, fill=tuple(dice.randint(0, 255) for _ in range(3)))
    return picture.filter(ImageFilter.GaussianBlur(1.0))


def saved_again(picture: Image.Image, quality: int) -> Image.Image:
    """Through a file that forgets."""
    stored = io.BytesIO()
    picture.save(stored, "JPEG", quality=quality)
    return Image.open(stored).convert("RGB")


def _cropped(share: float) -> Callable[[Image.Image, random.Random], Image.Image]:
    def change(picture: Image.Image, dice: random.Random) -> Image.Image:
        width, height = picture.size
        left, top, right, bottom = (dice.uniform(0, share) for _ in range(4))
        box = (
            int(left * width),
            int(top * height),
            int((1 - right) * width),
            int((1 - bottom) * height),
        )
        return saved_again(picture.crop(box), 75)

    return change


def _stamped(picture: Image.Image, dice: random.Random) -> Image.Image:
    picture = picture.copy()
    draw = ImageDraw.Draw(picture)
    draw.rectangle((285, 322, 470, 350), fill=(250, 250, 250))
    draw.text((292, 329), f"2026-04-{dice.randint(10, 28)} 09:30", fill=(200, 30, 30))
    return saved_again(picture, 80)


CHANGES: Final[dict[str, Callable[[Image.Image, random.Random], Image.Image]]] = {
    "saved at quality 30": lambda picture, _dice: saved_again(picture, 30),
    "forwarded": lambda picture, _dice: saved_again(picture.resize((320, 240)), 50),
    "brighter": lambda picture, _dice: saved_again(ImageEnhance.Brightness(picture).enhance(1.25), 75),
    "date written in": _stamped,
    "cropped up to 4 %": _cropped(0.04),
    "cropped up to 8 %": _cropped(0.08),
    "cropped up to 12 %": _cropped(0.12),
}
