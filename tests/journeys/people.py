"""People before their screens: one presses the buttons a page offers, and fills in the form that opens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from playwright.sync_api import Error, Page

from bihuan.demo.city import PASSWORD

if TYPE_CHECKING:
    from playwright.sync_api import FilePayload, Locator

    from tests.browsing import Visitors

FORM = ".action-form form"
DIALOG = "#dialog[open]"
PATIENCE = 30_000
"""Milliseconds: what is waited for is a sign, and a busy machine may be slow to give it."""
CHOOSE = """(control, value) => {
  if (control.tomselect) { control.tomselect.setValue(value); return; }
  for (const option of control.options) option.selected = [].concat(value).includes(option.value);
  control.dispatchEvent(new Event("change", {bubbles: true}));
}"""
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def file_of(content: Any) -> FilePayload:
    """A file of the demonstration as the browser sends it."""
    media_type = "image/jpeg" if content.name.endswith(".jpg") else WORD
    return {"name": content.name, "mimeType": media_type, "buffer": content.read()}


class Visitor:
    """Somebody who has signed in."""

    def __init__(self, name: str, page: Page) -> None:
        self.name, self.page = name, page

    def go(self, path: str) -> Visitor:
        """Open a page that is there."""
        answer = self.page.goto(path)
        assert answer is not None
        assert answer.status == 200, f"{self.name} {path}: {answer.status}"
        return self

    def status(self, path: str) -> int:
        """What an address answers to this person."""
        return self.page.request.get(path).status

    def is_offered(self, act: str) -> bool:
        """Whether the present page has a button for an act; `act` is a piece of its address."""
        return self.page.locator(f".acts a[href*='{act}'], .rail form[action*='{act}']").count() > 0

    def press(self, act: str) -> Visitor:
        """Press the button of an act and wait for its form; one that stands on the page waits already."""
        if self.page.locator(f".rail form[action*='{act}']").count():
            return self
        return self.open(self.page.locator(f".acts a[href*='{act}']").first)

    def open(self, opener: Locator) -> Visitor:
        """Press something that opens a form."""
        opener.click()
        self.page.wait_for_selector(FORM)
        return self

    def send(self, **values: Any) -> Visitor:
        """Fill in the form and send it; it must be taken."""
        form = self.page.locator(FORM).last
        for name, value in values.items():
            self.fill(form, name.replace("__", "-"), value)
        button = form.locator(".form-foot button[type=submit]")
        try:
            if self.page.locator(DIALOG).count():
                button.click()
                self.page.wait_for_selector(DIALOG, state="detached", timeout=PATIENCE)
                self.page.wait_for_load_state()
            else:
                with self.page.expect_navigation(timeout=PATIENCE):
                    button.click()
        except Error as error:
            wrong = self.page.locator(".note-refusal, .is-wrong, #toasts").all_inner_texts()
            raise AssertionError(f"{self.name}: not taken: {wrong} {self.page.url}") from error
        return self

    def refused(self, **values: Any) -> str:
        """Fill in the form and send it; it must be sent back. What it says then."""
        form = self.page.locator(FORM).last
        for name, value in values.items():
            self.fill(form, name.replace("__", "-"), value)
        form.locator(".form-foot button[type=submit]").click()
        wrong = self.page.locator(".note-refusal, .is-wrong").first
        wrong.wait_for()
        return str(wrong.inner_text())

    def fill(self, form: Locator, name: str, value: Any) -> None:
        """One field, whatever it is."""
        controls = form.locator(f"[name='{name}']")
        control = controls.first
        kind = control.evaluate("control => control.type")
        if kind.startswith("select"):
            control.evaluate(CHOOSE, [str(one) for one in value] if isinstance(value, list) else str(value))
        elif kind == "file":
            control.set_input_files([value])
        elif kind in {"checkbox", "radio"}:
            for one in value if isinstance(value, list) else [value]:
                (control if one is True else form.locator(f"[name='{name}'][value='{one}']")).check()
        else:
            control.fill(str(value))


class People:
    """Everybody of the story, each with a browser of their own, signed in when first called upon."""

    def __init__(self, browser: Visitors) -> None:
        self.browser = browser
        self.known: dict[str, Visitor] = {}

    def __getitem__(self, name: str) -> Visitor:
        if name not in self.known:
            self.known[name] = Visitor(name, self.browser.signed_in(name, PASSWORD))
        return self.known[name]
