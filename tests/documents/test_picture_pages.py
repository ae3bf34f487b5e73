"""A page that is a picture amid pages of text is never passed over in silence."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from PIL import Image
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader

from bihuan.documents import BlockKind, errors, read_document
from bihuan.documents.picture_pages import unread_pages
from tests.documents import making
from tests.documents.ofd_making import Text, content, ofd
from tests.documents.test_pdf import drawn

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

WIDTH, HEIGHT = A4


def text(canvas: Canvas) -> None:
    for number in range(3):
        canvas.drawString(70, 780 - 24 * number, making.SENTENCE)


def scan(canvas: Canvas) -> None:
    written = io.BytesIO()
    Image.effect_noise((80, 110), 90).save(written, "PNG")
    canvas.drawImage(ImageReader(io.BytesIO(written.getvalue())), 0, 0, WIDTH, HEIGHT)


def stamped_scan(canvas: Canvas) -> None:
    scan(canvas)
    canvas.drawString(70, 30, "扫描程序 第 2 页")


def outlined(canvas: Canvas) -> None:
    canvas.line(100, 400, 300, 420)


def white_sheet(canvas: Canvas) -> None:
    canvas.setFillColorRGB(1, 1, 1)
    canvas.rect(0, 0, WIDTH, HEIGHT, stroke=0, fill=1)


def empty(canvas: Canvas) -> None:
    pass


def captioned_emblem(canvas: Canvas) -> None:
    text(canvas)
    scan(canvas)


@pytest.mark.parametrize("page", [scan, stamped_scan, outlined])
def test_a_page_whose_words_are_in_no_text_layer_stands_in_the_document_unread(page):
    blocks = read_document(drawn(text, page, text), name="a.pdf").blocks
    unread = [block for block in blocks if block.kind is BlockKind.UNREAD]
    assert [(block.page, block.text) for block in unread] == [(2, "〔第 2 页没有文字层，未能读出〕")]
    assert unread_pages(blocks) == (2,)


@pytest.mark.parametrize("page", [white_sheet, empty, captioned_emblem])
def test_a_page_with_nothing_to_see_or_with_its_text_is_not_called_unread(page):
    assert unread_pages(read_document(drawn(text, page, text), name="a.pdf").blocks) == ()


def test_what_a_scanning_program_printed_over_a_page_stays():
    assert "扫描程序 第 2 页" in read_document(drawn(text, stamped_scan), name="a.pdf").text


def test_scans_that_only_bear_their_programs_stamp_are_refused_as_pictures():
    with pytest.raises(errors.ImageOnly):
        read_document(drawn(stamped_scan, stamped_scan), name="a.pdf")


def test_no_sentence_is_joined_across_an_unread_page():
    line = "部分单位没有按照规定的时间完成整改任务，造成群众反映强烈，巡察整改流"

    def long(canvas: Canvas) -> None:
        for number in range(8):
            canvas.drawString(70, 780 - 24 * number, line)

    kinds = [
        (block.kind, block.page) for block in read_document(drawn(long, scan, long), name="a.pdf").blocks
    ]
    assert (BlockKind.UNREAD, 2) in kinds
    assert {page for kind, page in kinds if kind is BlockKind.PARAGRAPH} == {1, 3}


def test_a_picture_page_of_an_ofd_is_not_passed_over():
    picture = content().replace(
        "<ofd:PageBlock>",
        '<ofd:PageBlock><ofd:ImageObject ID="200" Boundary="0 0 210 297" CTM="210 0 0 297 0 0" ResourceID="9"/>',
    )
    blocks = read_document(ofd(content(Text(making.SENTENCE, 20, 20)), picture), name="a.ofd").blocks
    assert unread_pages(blocks) == (2,)


def test_an_empty_page_of_an_ofd_stays_empty():
    blocks = read_document(ofd(content(Text(making.SENTENCE, 20, 20)), content()), name="a.ofd").blocks
    assert unread_pages(blocks) == ()
