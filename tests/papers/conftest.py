"""Problems under way, for papers to be about, and the short ways to draft them."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import docx
import pytest

from bihuan.files.queries import content_of
from bihuan.papers import actions
from bihuan.papers.models import Paper, PaperTemplate
from tests.rectification.conftest import clock, upload
from tests.rectification.conftest import story as story_of_the_middle
from tests.static_files import plain_static

if TYPE_CHECKING:
    from bihuan.ledger.models import Problem
    from tests.organizations.cast import Player
    from tests.rectification.conftest import Story

__all__ = ["clock", "plain_static", "story_of_the_middle"]


@pytest.fixture
def story(story_of_the_middle):
    return story_of_the_middle


def drafted(story: Story, *problems: Problem, by: Player | None = None, **more: Any) -> Paper:
    """A notice to the lead unit, or what else is wished."""
    wish: dict[str, Any] = {"kind": "rectification_notice"} | more
    kind = wish["kind"]
    if kind not in {"public_notice", "talk_record"} and not kind.endswith("_form"):
        wish.setdefault("recipients", [story.cast.water])
    return actions.draft_paper(list(problems), **wish, actor=(by or story.cast.coordinator).actor)


def opened(paper: Paper) -> Any:
    """The Word file of a paper, opened anew."""
    return docx.Document(io.BytesIO(content_of(paper.draft)))


def text_of(document: Any) -> str:
    """All its words, tables included."""
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in document.paragraphs), *cells])


def enact(story: Story, **more: Any) -> PaperTemplate:
    """The city's own words for a notice, or what else is wished."""
    facts = {
        "kind": "rectification_notice",
        "jurisdiction": story.cast.city,
        "title": "关于整改{{问题名称}}的{{文种}}",
        "body": "我们自己的话：{{牵头单位}}。",
    }
    return actions.enact_template(**(facts | more), actor=story.cast.reviewer.actor)


def entered(story: Story, paper: Paper, **more: Any) -> None:
    """What the document office gave it, today."""
    facts = {
        "document_no": "云整改〔2026〕7号",
        "issued_on": story.clock.today,
        "signed_copy": upload("签发件"),
    }
    actions.enter_document_no(paper, **(facts | more), actor=story.cast.coordinator.actor)


def fresh(paper: Paper) -> Paper:
    """The same paper as it is stored now."""
    return Paper.objects.get(pk=paper.pk)
