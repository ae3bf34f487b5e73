"""Of every format: passages put together are the document's text, each with a place, whatever is written in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bihuan.documents import read_document
from bihuan.intake.extraction.extracting import extract
from bihuan.text.radicals import mend_radicals
from tests.documents import making
from tests.documents.ofd_making import Text, content, ofd
from tests.intake.test_unpacking import packed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

SENTENCES = st.lists(
    st.lists(
        st.sampled_from(
            [
                "一、存在的主要问题",
                "（一）部分单位落实安全生产责任不到位，隐患排查走过场。",
                "取得明显成效，覆盖率持续提升；",
                "请于2026年9月30日前完成整改。",
                "⽔利⼯程⻓期闲置，涉及资金１２３万元",
                "臺賬缺失",
                "1. of the Code",
                "——",
            ]
        ),
        min_size=1,
        max_size=3,
    ).map("".join),
    min_size=1,
    max_size=6,
)
FORMATS: dict[str, Callable[[Sequence[str]], bytes]] = {
    "txt": lambda lines: "\n".join(lines).encode("gb18030"),
    "md": lambda lines: "\n\n".join(lines).encode(),
    "html": lambda lines: ("<html><body>" + "".join(f"<p>{line}</p>" for line in lines)).encode(),
    "docx": lambda lines: making.word(*lines),
    "xlsx": lambda lines: making.sheet([[str(at), line] for at, line in enumerate(lines)]),
    "ods": lambda lines: making.open_document_sheet([[str(at), line] for at, line in enumerate(lines)]),
    "csv": lambda lines: "\n".join(f"{at},{line}" for at, line in enumerate(lines)).encode("utf-16"),
    "ofd": lambda lines: ofd(content(*(Text(line, 20, 20 + 9 * at) for at, line in enumerate(lines)))),
    "eml": lambda lines: (
        "Message-ID: <1>\nFrom: a@b.cn\nContent-Type: text/plain; charset=utf-8\n\n" + "\n".join(lines)
    ).encode(),
    "zip": lambda lines: packed(*((f"{at}.txt", line.encode()) for at, line in enumerate(lines))),
    "pdf": lambda lines: making.pdf([lines]),
}


@pytest.mark.parametrize("kind", FORMATS)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(lines=SENTENCES)
def test_passages_put_together_are_the_documents_text(kind, lines):
    document = read_document(FORMATS[kind](lines), name=f"a.{kind}")
    assert document.kind == kind
    passages = extract(document).passages
    text = mend_radicals(document.text)
    assert making.squeezed("".join(passage.text for passage in passages)) == making.squeezed(text)
    assert all(passage.place.part and passage.place.number for passage in passages)
    if kind != "zip":
        assert all(making.squeezed(mend_radicals(line)) in making.squeezed(text) for line in lines)
