"""A problem that went the whole way, and reading what was bound of it."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from dataclasses import dataclass
from typing import Any

import docx

from bihuan.lookback import actions as lookback
from bihuan.lookback.models import Lookback
from bihuan.rectification import actions as do
from bihuan.rectification.models import PublicNotice
from tests.documents.opening import sound
from tests.rectification.conftest import fresh, upload
from tests.rectification.test_walk import order_on_paper, rectify


def walked(story, **more: Any):
    """From the order on paper to the look-back that found it held."""
    cast, clock = story.cast, story.clock
    problem = order_on_paper(story, story.proposed(1, **more))[0]
    do.acknowledge([problem], handler=cast.handler.post, actor=cast.liaison.actor)
    story.decide(story.plan(problem, story.draft(), story.draft(text="建立分区计量")).approval)
    rectify(story, problem)
    story.apply(problem)
    story.accept(problem)
    notice = PublicNotice.objects.get(problem=problem)
    clock.go_on((notice.until - clock.today).days + 1)
    do.end_notice(problem, actor=cast.coordinator.actor)
    story.close(problem, file=upload("会议纪要", "会议纪要.txt"))
    do.file_closure(
        fresh([problem]), filing_no="云整改备〔2026〕1号", filed_on=clock.today, actor=cast.coordinator.actor
    )
    waiting = Lookback.objects.get(problem=problem, state="scheduled")
    lookback.assign_lookback([waiting], unit=cast.audit, actor=cast.coordinator.actor)
    clock.go_on((waiting.due_on - clock.today).days)
    waiting.refresh_from_db()
    lookback.hold(waiting, opinion="漏损率保持在百分之九。", on=clock.today, actor=cast.inspector.actor)
    return fresh([problem])[0]


def proven(story):
    """Being worked on, with one file that proves something."""
    problem = story.rectifying()
    story.prove(problem, upload=upload("漏损率监测", "监测报告.txt"))
    return fresh([problem])[0]


@dataclass
class Opened:
    """One case file as it lies in an archive."""

    folder: str
    manifest: dict[str, Any]
    files: dict[str, bytes]

    @property
    def titles(self) -> list[str]:
        return [item["title"] for item in self.manifest["items"]]

    @property
    def enclosed(self) -> list[str]:
        return sorted(path for path in self.files if path.startswith("附件/"))

    @property
    def words(self) -> str:
        """Every word of the volume, in order of its parts."""
        volume = docx.Document(io.BytesIO(sound(self.files["卷宗.docx"])))
        told = [paragraph.text for paragraph in volume.paragraphs]
        told += [cell.text for table in volume.tables for row in table.rows for cell in row.cells]
        told += [
            part.paragraphs[0].text
            for section in volume.sections
            for part in (section.header, section.footer)
        ]
        return "\n".join(told)


def opened(content: bytes) -> list[Opened]:
    """The case files of an archive; each file is what the manifest says, and nothing else lies there."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        held = {name: archive.read(name) for name in archive.namelist()}
    found = []
    for name in sorted(one for one in held if one.endswith("/manifest.json")):
        folder = name.rpartition("/")[0]
        manifest = json.loads(held.pop(name))
        files = {entry["path"]: held.pop(f"{folder}/{entry['path']}") for entry in manifest["files"]}
        for entry in manifest["files"]:
            assert hashlib.sha256(files[entry["path"]]).hexdigest() == entry["sha256"]
        found.append(Opened(folder, manifest, files))
    assert held == {}
    return found


def fetched(response) -> bytes:
    assert response.status_code == 200
    return b"".join(response.streaming_content)
