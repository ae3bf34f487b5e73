"""sheet.js in a browser: moving, pasting a block, taking back; the form still sends plain fields."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

SCRIPT = Path(__file__).parents[2] / "bihuan/web/static/web/js/sheet.js"
ROW = (
    "<tr data-sheet-row><td><textarea data-cell id='t{0}' name='t{0}'></textarea></td>"
    "<td><input data-cell id='u{0}' name='u{0}'></td><td><input type='date' data-cell id='d{0}' name='d{0}'></td></tr>"
)
FORM = (
    "<form data-sheet data-words-changed='改了 %(n)s 格'><table>"
    + "".join(ROW.format(number) for number in range(3))
    + "</table><span data-sheet-changed></span><button type='button' hidden data-sheet-undo>撤销</button></form>"
)
# A script tag that is a module runs some time after it stands there; an import has run when it is there.
LOAD = "(text) => import(URL.createObjectURL(new Blob([text], { type: 'text/javascript' }))).then(() => null)"
PASTE = """([id, text]) => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  const event = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
  document.getElementById(id).dispatchEvent(event);
}"""


@pytest.fixture
def sheet(chromium_browser: Browser) -> Iterator[Page]:
    page = chromium_browser.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.set_content(FORM)
    page.evaluate(LOAD, SCRIPT.read_text(encoding="utf-8"))
    yield page
    page.close()
    assert faults == []


def values(page: Page) -> list[list[str]]:
    return [[page.input_value(f"#{column}{row}") for column in "tud"] for row in range(3)]


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.id"))


def test_a_block_from_a_spreadsheet_fills_as_many_cells_with_dates_as_the_box_takes_them(sheet):
    sheet.focus("#t0")
    block = '"更换管网\n加装计量"\t市水务局\t2026/3/5\r\n"说""先行"""\t市财政局\t2026年4月10日\r\n'
    sheet.evaluate(PASTE, ["t0", block])
    assert values(sheet) == [
        ["更换管网\n加装计量", "市水务局", "2026-03-05"],
        ['说"先行"', "市财政局", "2026-04-10"],
        ["", "", ""],
    ]
    assert sheet.inner_text("[data-sheet-changed]") == "改了 6 格"


def test_a_block_is_taken_back_at_once_and_done_again(sheet):
    sheet.focus("#u1")
    sheet.keyboard.type("甲")
    sheet.evaluate(PASTE, ["t1", "一\t乙\n二\t丙"])
    assert values(sheet)[1:] == [["一", "乙", ""], ["二", "丙", ""]]
    sheet.focus("#t1")
    sheet.keyboard.press("Control+z")
    assert values(sheet)[1:] == [["", "甲", ""], ["", "", ""]]
    sheet.keyboard.press("Control+y")
    assert values(sheet)[1:] == [["一", "乙", ""], ["二", "丙", ""]]
    sheet.click("[data-sheet-undo]")
    sheet.click("[data-sheet-undo]")
    assert values(sheet) == [["", "", ""]] * 3
    assert sheet.is_hidden("[data-sheet-undo]")


def test_what_does_not_fit_is_left_out(sheet):
    sheet.evaluate(PASTE, ["u2", "甲\t2026-01-02\t多\n乙"])
    assert values(sheet)[2] == ["", "甲", "2026-01-02"]


def test_enter_and_arrows_move_and_send_nothing(sheet):
    sent = "window.sent = 0; document.forms[0].addEventListener('submit', (e) => { e.preventDefault(); sent += 1; })"
    sheet.evaluate(sent)
    sheet.focus("#u0")
    seen = []
    for key in ("Enter", "Enter", "Shift+Enter", "ArrowLeft", "ArrowDown", "ArrowUp", "Tab"):
        sheet.keyboard.press(key)
        seen.append(focused(sheet))
    assert seen == ["u1", "u2", "u1", "t1", "t2", "t1", "u1"]
    assert sheet.evaluate("sent") == 0


def test_arrows_inside_a_text_stay_inside_it(sheet):
    sheet.focus("#t0")
    sheet.keyboard.type("上")
    sheet.keyboard.press("Alt+Enter")
    sheet.keyboard.type("下")
    sheet.keyboard.press("ArrowUp")
    assert focused(sheet) == "t0"
    assert values(sheet)[0][0] == "上\n下"


def test_one_plain_cell_is_pasted_by_the_browser(sheet):
    sheet.evaluate(PASTE, ["t0", "一句话"])
    assert values(sheet)[0][0] == ""
