"""The empty document ours begin with: python-docx's own, without what it carries along for nobody.

Its hundred and fifty styles of other people's tables, their doubles for Word 2010, a picture of an empty page and its maker's
name go; the language becomes Chinese, and each typeface a machine may lack is told the one to show in its stead.
"""

from __future__ import annotations

from functools import cache
from io import BytesIO
from typing import Any, Final

import docx
from docx.oxml.ns import qn
from lxml import etree

from bihuan.documents.word_parts import BODY_FONT, LATIN_FONT, SUBHEAD_FONT, TITLE_FONT, writable

_KEPT: Final = frozenset(
    {
        "Normal",
        "Header",
        "HeaderChar",
        "Footer",
        "FooterChar",
        "DefaultParagraphFont",
        "TableNormal",
        "NoList",
        "TableGrid",
    }
)
_UNUSED: Final = ("/stylesWithEffects", "/customXml", "/numbering", "/thumbnail")
INSTEAD: Final = {BODY_FONT: "仿宋", SUBHEAD_FONT: "楷体", TITLE_FONT: "华文中宋"}
"""The faces the standard names are not on every machine; these come with Windows, Office and WPS."""
_CHINESE: Final = "86"
_NEWEST_LAYOUT: Final = "15"


def blank_document(title: str) -> Any:
    """A document without content; nobody is named as its author and no day as that of its making."""
    document: Any = docx.Document(BytesIO(_blank()))
    document.core_properties.title = writable(title)
    return document


@cache
def _blank() -> bytes:
    document: Any = docx.Document()
    for holder in (document.part, document.part.package):
        for key, relationship in list(holder.rels.items()):
            if relationship.reltype.endswith(_UNUSED):
                del holder.rels[key]
    _settle_styles(document)
    _settle_settings(document.settings.element)
    _name_typefaces(document)
    _unsign(document.core_properties)
    target = BytesIO()
    document.save(target)
    return target.getvalue()


def _settle_styles(document: Any) -> None:
    styles = document.styles.element
    for style in styles.findall(qn("w:style")):
        if style.get(qn("w:styleId")) not in _KEPT:
            styles.remove(style)
    language = styles.find(f"{qn('w:docDefaults')}//{qn('w:lang')}")
    language.set(qn("w:eastAsia"), "zh-CN")
    normal = document.styles["Normal"]
    normal.font.name = LATIN_FONT
    normal.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), BODY_FONT)


def _settle_settings(settings: Any) -> None:
    """Laid out as today's Word does it: an older way is announced over every window as a compatibility mode."""
    settings.find(qn("w:zoom")).set(qn("w:percent"), "100")
    settings.find(qn("w:themeFontLang")).set(qn("w:eastAsia"), "zh-CN")
    for mode in settings.iter(qn("w:compatSetting")):
        if mode.get(qn("w:name")) == "compatibilityMode":
            mode.set(qn("w:val"), _NEWEST_LAYOUT)
    for name in ("w:savePreviewPicture", "w:rsids"):
        settings.remove(settings.find(qn(name)))


def _name_typefaces(document: Any) -> None:
    (part,) = (one.target_part for one in document.part.rels.values() if one.reltype.endswith("/fontTable"))
    fonts = etree.fromstring(part.blob)
    for name, instead in INSTEAD.items():
        font = etree.SubElement(fonts, qn("w:font"), {qn("w:name"): name})
        for tag, value in (
            ("altName", instead),
            ("charset", _CHINESE),
            ("family", "auto"),
            ("pitch", "default"),
        ):
            etree.SubElement(font, qn(f"w:{tag}"), {qn("w:val"): value})
    part._blob = etree.tostring(fonts, xml_declaration=True, encoding="UTF-8", standalone=True)  # noqa: SLF001 (python-docx keeps this part as bytes)


def _unsign(properties: Any) -> None:
    properties.author = properties.comments = properties.last_modified_by = ""
    element = properties._element  # noqa: SLF001 (a day can be set there, but not taken away)
    for child in list(element):
        if etree.QName(child).localname in {"created", "modified"}:
            element.remove(child)
