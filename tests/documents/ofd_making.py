"""OFD files (GB/T 33190) made in memory for tests, laid out as office programs write them.

python -m tests.documents.ofd_making FILE writes a sample to look at.
"""

from __future__ import annotations

import io
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

SPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'
SIZE = 5.0


@dataclass(frozen=True)
class Text:
    """One text object: where its box stands, in millimetres, and what is in it."""

    text: str
    x: float
    y: float
    matrix: str = ""
    deltas: str = ""

    def xml(self, number: int) -> str:
        deltas = self.deltas or (f"g {len(self.text) - 1} {SIZE}" if len(self.text) > 1 else "")
        given = f' DeltaX="{deltas}"' if deltas else ""
        matrix = f' CTM="{self.matrix}"' if self.matrix else ""
        return (
            f'<ofd:TextObject ID="{number}" Boundary="{self.x} {self.y} {SIZE * len(self.text)} {SIZE}" Font="1" '
            f'Size="{SIZE}"{matrix}><ofd:TextCode X="0" Y="{SIZE * 0.85}"{given}>{escape(self.text)}</ofd:TextCode>'
            "</ofd:TextObject>"
        )


@dataclass(frozen=True)
class Rule:
    """A drawn line."""

    x: float
    y: float
    width: float
    height: float

    def xml(self, number: int) -> str:
        return (
            f'<ofd:PathObject ID="{number}" Boundary="{self.x} {self.y} {self.width} {self.height}">'
            "<ofd:AbbreviatedData>M 0 0 L 0 1</ofd:AbbreviatedData></ofd:PathObject>"
        )


def content(*items: Text | Rule, template: str = "") -> str:
    """One page."""
    objects = "".join(item.xml(number) for number, item in enumerate(items, start=100))
    used = f'<ofd:Template TemplateID="{template}" ZOrder="Background"/>' if template else ""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><ofd:Page {SPACE}>{used}<ofd:Content><ofd:Layer ID="9">'
        f"<ofd:PageBlock>{objects}</ofd:PageBlock></ofd:Layer></ofd:Content></ofd:Page>"
    )


def ofd(*pages: str, template: str = "", remark: str = "", more: dict[str, str] | None = None) -> bytes:
    """A package of pages made by `content`; `template` is one of them too, `remark` a text object beside page 1."""
    listed = "".join(
        f'<ofd:Page ID="{number}" BaseLoc="Pages/Page_{number}/Content.xml"/>' for number in range(len(pages))
    )
    templates = '<ofd:TemplatePage ID="50" BaseLoc="/Doc_0/Tpls/Tpl_0/Content.xml"/>' if template else ""
    remarks = "<ofd:Annotations>Annots/Annotations.xml</ofd:Annotations>" if remark else ""
    parts = {
        "OFD.xml": (
            f'<ofd:OFD {SPACE} DocType="OFD" Version="1.0"><ofd:DocBody><ofd:DocInfo/>'
            "<ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>"
        ),
        "Doc_0/Document.xml": (
            f"<ofd:Document {SPACE}><ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox>"
            f"</ofd:PageArea>{templates}</ofd:CommonData><ofd:Pages>{listed}</ofd:Pages>{remarks}</ofd:Document>"
        ),
        **{f"Doc_0/Pages/Page_{number}/Content.xml": page for number, page in enumerate(pages)},
        **(more or {}),
    }
    if template:
        parts["Doc_0/Tpls/Tpl_0/Content.xml"] = template
    if remark:
        parts["Doc_0/Annots/Annotations.xml"] = (
            f'<ofd:Annotations {SPACE}><ofd:Page PageID="0"><ofd:FileLoc>Page_0/Annotation.xml</ofd:FileLoc></ofd:Page>'
            "</ofd:Annotations>"
        )
        parts["Doc_0/Annots/Page_0/Annotation.xml"] = (
            f"<ofd:PageAnnot {SPACE}><ofd:Annot><ofd:Appearance>{remark}</ofd:Appearance></ofd:Annot></ofd:PageAnnot>"
        )
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in parts.items():
            package.writestr(name, text)
    return written.getvalue()


if __name__ == "__main__":
    Path(sys.argv[1]).write_bytes(
        ofd(
            content(
                Text("关于整改情况的通报", 60, 30), Text("一、未建立台账。", 30, 60), Text("— 1 —", 95, 280)
            )
        )
    )
