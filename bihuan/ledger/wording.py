"""What of a problem is laid side by side with another: its title and its text, and the marks made of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bihuan.text.sameness import digest_of, folded, signature_of

if TYPE_CHECKING:
    from bihuan.ledger.models import Problem


def wording_of(title: str, text: str) -> str:
    """Title and text; a text that only repeats its title, or begins with it, is not counted twice."""
    return text if folded(text).startswith(folded(title)) else f"{title}\n{text}"


def digest_of_problem(problem: Problem) -> int:
    """Equal for problems in the same words."""
    return digest_of(wording_of(problem.title, problem.text))


def signature_of_problem(problem: Problem) -> list[int]:
    """Nearly equal for problems in nearly the same words."""
    return signature_of(wording_of(problem.title, problem.text))
