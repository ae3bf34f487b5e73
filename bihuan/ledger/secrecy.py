"""What this installation may hold at all: text marked above its level is refused before anything is stored."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext as _

from bihuan.journal.action import Refused
from bihuan.text.secrecy import SecrecyLevel, SecrecyMark, secrecy_marks

# An internet installation holds neither secrets nor work secrets; the government network holds work secrets.
HOLDS = {
    "internet": frozenset[SecrecyLevel](),
    "government": frozenset({SecrecyLevel.WORK_SECRET}),
    "classified": frozenset(SecrecyLevel),
}


class MarkedSecret(Refused):
    """The text bears a mark above the installation's level. The message never repeats the text itself."""


def marks_above(level: str, marks: list[SecrecyMark]) -> list[SecrecyMark]:
    """The marks an installation of this level may not hold; a copy number alone means a secret paper."""
    held = HOLDS[level]
    return [mark for mark in marks if (mark.level or SecrecyLevel.CONFIDENTIAL) not in held]


def refuse_marks_above(text: str, *, name: str = "") -> None:
    """Raise `MarkedSecret` if text or file name bears a mark this installation may not hold."""
    found = marks_above(settings.CONFIGURATION.installation_level, secrecy_marks(text, name=name))
    if found:
        raise MarkedSecret(
            _("内容带有“%(mark)s”字样，超出本系统的密级，没有保存。") % {"mark": found[0].text[:12]},
            accepted=_(
                "请按保密规定在相应密级的网络或线下办理；需要占位时，可登记一个不含内容的“线下问题”，只写编号和责任单位。"
            ),
        )
