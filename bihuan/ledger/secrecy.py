"""What this installation may hold at all: text marked above its level is refused before anything is stored.

The gate is the files room's: what may be uploaded and what may be typed must not differ.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from bihuan.files.gate import refuse_marked_name, refuse_marked_text


def refuse_marks_above(text: str, *, name: str = "") -> None:
    """Refuse if text or file name bears a mark this installation may not hold. The text itself is never repeated."""
    if name:
        refuse_marked_name(name)
    refuse_marked_text(text, where=name or _("填写的内容"))
