"""Two of the demonstration's papers go in, are reviewed with the keyboard alone, looked at again and sealed by another.

What it took is printed: keystrokes a passage, and the server's time a keystroke.
"""

from __future__ import annotations

import hashlib
import sys
import time
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from bihuan.demo.city import PASSWORD
from bihuan.demo.clock import Clock
from bihuan.demo.feedback import AUDIT, SOURCES
from bihuan.demo.founding import City, found_city
from bihuan.demo.main_job import LETTER
from bihuan.documents.reading import read_document
from bihuan.intake.models import Certificate, IntakeDocument, Passage, SealSample
from bihuan.intake.sealing.proving import certificate_of, prove
from bihuan.intake.standing import standing_of
from bihuan.journal import timesource
from bihuan.ledger.actions import create_batch
from bihuan.ledger.models import Batch, Problem, Source

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browsing import Visitors

pytestmark = pytest.mark.journey

PAPERS = (SOURCES / AUDIT.file, LETTER)
MOST_KEYS_A_PASSAGE = 2.0
# What the page shows of the passage one is at, and what the next key would do.
AT = """() => {
  const now = document.querySelector("li.is-now[data-passage]");
  if (!now) return null;
  const n = now.dataset.passage;
  const cards = [...document.querySelectorAll("#cards > li[data-candidate]")]
    .filter((card) => !("confirmed" in card.dataset));
  const own = cards.find((card) => card.dataset.passages.split(" ").includes(n));
  let head = now;
  while (head && !head.classList.contains("sec")) head = head.previousElementSibling;
  const form = head && head.querySelector("form");
  return {
    n: Number(n), open: now.classList.contains("is-open"), proposed: now.dataset.proposed,
    section: Boolean(form && !form.hidden), card: own ? own.dataset.candidate : "",
    missing: Boolean(own && "missing" in own.dataset),
    left: document.querySelectorAll("li.is-open[data-passage]").length + cards.length,
  };
}"""

ASKED = "() => document.activeElement.closest('.ts-wrapper').previousElementSibling.name"
MISSING = {"lead_unit": "市财政局", "sector": "财政"}


@dataclass
class Hands:
    """Somebody at the keyboard: every key is counted, and the time until the page has answered it."""

    page: Page
    keys: int = 0
    answered: list[float] = field(default_factory=list)

    def press(self, key: str) -> None:
        """A key the page answers by itself."""
        self.keys += 1
        self.page.keyboard.press(key)

    def send(self, key: str) -> None:
        """A key that sends something."""
        began = time.monotonic()
        with self.page.expect_response(lambda answer: answer.request.method == "POST"):
            self.press(key)
        self.answered.append(time.monotonic() - began)
        self.page.wait_for_selector(".htmx-request", state="detached")

    def type(self, words: str) -> None:
        """Words typed into the field one is in."""
        self.keys += len(words)
        self.page.keyboard.type(words)

    def fill(self) -> None:
        """What the words did not say: Enter opens the form in the first field that is missing, two keys close it."""
        self.press("Enter")
        self.page.wait_for_selector("#dialog[open] .ts-control input:focus")
        self.type(MISSING[self.page.evaluate(ASKED)])
        self.page.wait_for_selector(".ts-dropdown .option.active")
        self.press("Enter")
        self.press("Control+Enter")
        self.keys += 1  # two keys held together
        self.page.wait_for_selector("#dialog[open]", state="detached")
        self.page.wait_for_selector("li.is-now[data-passage]")

    def review(self) -> None:
        """Everything of one document, section by section."""
        for _turn in range(200):
            at: dict[str, Any] = self.page.evaluate(AT)
            if not at["left"]:
                return
            if at["section"]:
                self.send("a")
            elif at["missing"]:
                self.fill()
            elif at["card"] or (at["open"] and at["proposed"]):
                self.send("Enter")
            elif at["open"]:
                self.send("2")
            else:
                self.press("n")
        pytest.fail("the review does not come to its end")


@pytest.fixture
def city(site: str) -> City:
    """The demonstration's city, on a database of its own."""
    with Clock(timesource.today()).now():
        return found_city()


@pytest.fixture
def batch(city: City) -> Batch:
    """An empty batch of the coordinator's."""
    return create_batch(
        jurisdiction=city.yunchuan, code="YS-2026-01", title="两份反馈一并摸底",
        source=Source.objects.get(code="audit"), source_authority="市审计局", document_no="云审财报〔2026〕11号",
        received_on=timesource.today(), deadline=timesource.today() + timedelta(days=90),
        actor=city.actor("shenyan"),
    )  # fmt: skip


def send_files(page: Page, tmp_path: Path) -> None:
    """Three files at once; the broken one costs only itself."""
    broken = tmp_path / "打不开的.docx"
    broken.write_bytes(b"PK\x03\x04 this is no package")
    page.set_input_files("[data-intake-upload] input[type=file]", [str(one) for one in (*PAPERS, broken)])
    page.click("[data-intake-upload] button[type=submit]")
    page.locator(".uploads .is-refused").wait_for(timeout=60_000)
    assert "打不开的.docx" in page.inner_text(".uploads .is-refused")
    assert page.locator(".uploads .is-done").count() == 2
    page.locator("#documents .docs > li").nth(1).wait_for()


def check_and_seal(page: Page, batch: Batch) -> Hands:
    """The second person: draw, look at each passage, seal; no pointer."""
    hands = Hands(page)
    page.goto(reverse("intake:sample", args=[batch.pk]))
    page.focus("[data-draw]")
    with page.expect_navigation():
        hands.press("Enter")
    page.wait_for_selector("li.is-now[data-place]")
    while page.locator("li.is-waiting").count():
        hands.send("Enter")
    page.wait_for_selector("[data-seal]:focus")
    hands.press("Enter")
    page.wait_for_selector("#dialog[open] .form-foot [type=submit]")
    page.focus("#dialog .form-foot [type=submit]")
    with page.expect_navigation():
        hands.press("Enter")
    return hands


def test_two_papers_are_reviewed_by_keyboard_and_sealed_by_another(
    browser: Visitors, city: City, batch: Batch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = browser.signed_in("shenyan", PASSWORD, reverse("intake:batch", args=[batch.pk]))
    send_files(page, tmp_path)
    hands = Hands(page)
    for document in IntakeDocument.objects.filter(batch=batch):
        page.goto(reverse("intake:review", args=[document.pk]))
        page.wait_for_selector("li.is-now[data-passage]")
        hands.review()
        if document.kind == "pdf":
            assert_lit(page, document)
    assert standing_of(batch).obstacles == []
    second = browser.signed_in("linzy", PASSWORD, reverse("intake:batch", args=[batch.pk]))
    sealing = check_and_seal(second, batch)
    batch.refresh_from_db()
    assert batch.state == Batch.State.SEALED
    content = download(second, tmp_path)
    proof = prove_downloaded(content)
    assert proof == Certificate.objects.get(batch=batch)
    passages = Passage.objects.filter(document__batch=batch).count()
    with capsys.disabled():
        sys.stdout.write(account(passages, hands, sealing))
    assert hands.keys / passages <= MOST_KEYS_A_PASSAGE


def assert_lit(page: Page, document: IntakeDocument) -> None:
    """The passage one is at is lit where it stands, and its page is the one that is shown."""
    first = document.passages.filter(page=1).order_by("n").last()
    page.click(f"#p-{first.n}")
    page.wait_for_selector(f"figure.page[data-page-now='1'] #m-{first.n}.now rect", state="attached")
    if document.pages > 1:
        last = document.passages.filter(page=document.pages).order_by("n").last()
        page.click(f"#p-{last.n}")
        page.wait_for_selector(
            f"figure.page[data-page-now='{document.pages}'] #m-{last.n}.now rect", state="attached"
        )


def download(page: Page, tmp_path: Path) -> bytes:
    """The certificate, as the second person gets it from the batch's page."""
    with page.expect_download() as waiting:
        page.click("a[href^='/files/']")
    path = tmp_path / "证明.docx"
    waiting.value.save_as(path)
    return path.read_bytes()


def prove_downloaded(content: bytes) -> Certificate:
    """It names every file, every problem and the sample, and it can be proved."""
    document = read_document(content, name="证明.docx")
    said = "\n".join(block.text for block in document.blocks)
    certificate = Certificate.objects.get()
    for one in certificate.batch.documents.all():
        assert (one.name in said, one.sha256 in said) == (True, True)
    numbers = sorted(Problem.objects.values_list("problem_no", flat=True))
    assert f"{len(numbers)} 件：{numbers[0]} 至 {numbers[-1]}" in said
    sample = SealSample.objects.get()
    assert (sample.seed in said, f"抽 {sample.passages.count()} 段" in said) == (True, True)
    assert ("沈砚" in said, "林知远" in said) == (True, True)
    found = certificate_of(hashlib.sha256(content).hexdigest())
    assert found is not None
    assert [point.where for point in prove(found).points if not point.holds] == []
    return found


def account(passages: int, hands: Hands, sealing: Hands) -> str:
    """What it took, in words."""
    middle = sorted(hands.answered)[len(hands.answered) // 2] * 1000
    return (
        f"\nreview by keyboard: {passages} passages, {hands.keys} keystrokes "
        f"({hands.keys / passages:.2f} a passage), answered in {middle:.0f} ms (median); "
        f"second person: {sealing.keys} keystrokes\n"
    )
