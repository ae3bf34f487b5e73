"""One stylesheet for one request: the component files joined in order, named by the digest of their content.

The files stay apart for those who write them and are joined for those who load them. Nothing is written to
disk and no build step can be forgotten; while developing, a changed file is seen at the next request.
"""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings
from django.urls import reverse

FOLDER = Path(__file__).resolve().parent / "static" / "web" / "css"

# The order is the cascade: what stands later wins, print last.
ORDER = (
    "tokens",
    "base",
    "layout",
    "navigation",
    "controls",
    "forms",
    "choose",
    "lights",
    "ring",
    "notes",
    "table",
    "ledger",
    "desk",
    "problem",
    "clock",
    "measures",
    "plans",
    "evidence",
    "route",
    "timeline",
    "actions",
    "dialog",
    "toast",
    "intake",
    "papers",
    "plain",
    "guide",
    "print",
)


@dataclass(frozen=True)
class Stylesheet:
    text: bytes
    squeezed: bytes
    digest: str


def _read() -> Stylesheet:
    text = "\n".join((FOLDER / f"{name}.css").read_text("utf-8") for name in ORDER).encode()
    return Stylesheet(text, gzip.compress(text, mtime=0), hashlib.sha256(text).hexdigest()[:16])


_read_once = cache(_read)


def stylesheet() -> Stylesheet:
    return _read() if settings.DEBUG else _read_once()


def stylesheet_url() -> str:
    return reverse("web:stylesheet", args=[stylesheet().digest])
