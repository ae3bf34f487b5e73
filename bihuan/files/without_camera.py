"""A stored picture as it is handed to whoever is not to know when, where and with what it was taken."""

from __future__ import annotations

from typing import Final

from bihuan.files import store
from bihuan.files.kinds import KINDS
from bihuan.files.models import PreviewSize
from bihuan.files.stripping import stripped

DRAWN: Final = "webp"


def handed_out_picture(sha256: str, media_type: str) -> tuple[bytes, str] | None:
    """The content, and the ending of the picture drawn from it where it cannot be taken apart; None where it is gone."""
    kind = KINDS.get(media_type)
    try:
        with store.open_stored(store.name_of(sha256)) as file:
            content = stripped(file.read(), kind) if kind is not None else None
        if content is not None:
            return content, ""
        with store.open_stored(store.preview_name(sha256, PreviewSize.PAGE)) as file:
            return file.read(), DRAWN
    except FileNotFoundError:
        return None
