"""What of a problem is laid side by side with another: its title and its text, and the marks made of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bihuan.text.sameness import digest_of, folded, signature_of
from bihuan.text.tokens import index_tokens

if TYPE_CHECKING:
    from bihuan.ledger.models import Problem


def wording_of(title: str, text: str) -> str:
    """Title and text; a text that only repeats its title, or begins with it, is not counted twice."""
    return text if folded(text).startswith(folded(title)) else f"{title}\n{text}"


@dataclass(frozen=True, slots=True)
class Likeness:
    """What words are told alike by."""

    digest: int
    signature: list[int]


def likeness_of(title: str, text: str) -> Likeness:
    """The likeness of a problem's words; pure."""
    wording = wording_of(title, text)
    return Likeness(digest_of(wording), signature_of(wording))


@dataclass(frozen=True, slots=True)
class Marks:
    """What a problem will be found by, worked out before it has a number: for rows that enter by the thousand."""

    likeness: Likeness
    tokens: set[str]


def marks_of(
    title: str, text: str, concerned_party: str, site: str, likeness: Likeness | None = None
) -> Marks:
    """The marks of these words, `likeness` if it is known. Pure, so that they can be made beside other work."""
    tokens = index_tokens(f"{title} {text} {concerned_party} {site}")
    return Marks(likeness or likeness_of(title, text), tokens)


def digest_of_problem(problem: Problem) -> int:
    """Equal for problems in the same words."""
    return digest_of(wording_of(problem.title, problem.text))


def signature_of_problem(problem: Problem) -> list[int]:
    """Nearly equal for problems in nearly the same words."""
    return signature_of(wording_of(problem.title, problem.text))
