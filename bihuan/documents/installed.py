"""Whether what reads pictures is there; nothing of it is loaded for the answer."""

from __future__ import annotations

import importlib.util


def is_installed() -> bool:
    """Whether text recognition, the extra `ocr`, can be asked."""
    return all(importlib.util.find_spec(name) is not None for name in ("rapidocr", "onnxruntime"))
