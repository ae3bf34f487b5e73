"""The check itself finds what it is to find; whole pages are put before it by `test_pages` and by the demonstration's walk."""

from __future__ import annotations

import pytest

from tests.web.accessible import faults_of
from tests.web.pages import read

GOOD = (
    '<html lang="en"><body><main><h1>Problems</h1><h2>Open</h2>'
    '<table><caption>Open</caption><thead><tr><th scope="col">No.</th></tr></thead></table>'
    '<form><label for="q">Find</label><input id="q" aria-describedby="q-hint"><p id="q-hint">A number.</p>'
    "<label>All <input type=checkbox></label><button>Go</button></form>"
    '<a href="/1/"><svg role="img" aria-label="Green"></svg></a></main></body></html>'
)


def test_a_good_page_has_no_faults():
    assert faults_of(read(GOOD)) == []


@pytest.mark.parametrize(
    ("good", "bad", "fault"),
    [
        (' lang="en"', "", "no language"),
        ("<h2>Open</h2>", "<h3>Open</h3>", "headings skip a level: [1, 3]"),
        ("<h2>Open</h2>", "<h2></h2>", "empty h2"),
        ("<h2>Open</h2>", "<h1>Open</h1>", "2 h1"),
        ("<caption>Open</caption>", "", "table without a caption: No."),
        (' scope="col"', "", "th without scope: No."),
        ('<label for="q">Find</label>', "", "without a name: input {'id': 'q', 'aria-describedby': 'q-hint'}"),
        ("<label>All <input type=checkbox></label>", "<input type=checkbox>", "without a name: input {'type': 'checkbox'}"),
        ("<button>Go</button>", "<button></button>", "without a name: button {}"),
        ('<p id="q-hint">', '<p id="q">', "id twice: q"),
        ('<p id="q-hint">', "<p>", "refers to nothing: q-hint"),
        (' role="img" aria-label="Green"', ' aria-hidden="true"', "without a name: a {'href': '/1/'}"),
        (' role="img" aria-label="Green"', "", "drawing neither described nor hidden: {}"),
        ("<h2>Open</h2>", '<h2>Open</h2><img src="a.png">', "picture without alt: a.png"),
    ],
)  # fmt: skip
def test_each_fault_is_found(good, bad, fault):
    assert good in GOOD
    assert fault in faults_of(read(GOOD.replace(good, bad)))
