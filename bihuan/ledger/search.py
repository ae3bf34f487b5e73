"""What a problem is found by: its own tokens in a `tsvector`, built here and not by the database's parser."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bihuan.text.tokens import index_tokens

if TYPE_CHECKING:
    from bihuan.ledger.models import Problem


def vector_of(problem: Problem) -> str:
    """The problem's tokens as tsvector text, sorted as PostgreSQL sorts them, so that equal means equal."""
    words = (problem.problem_no, problem.title, problem.text, problem.concerned_party, problem.site)
    return as_vector(index_tokens(" ".join(words)))


def as_vector(tokens: set[str]) -> str:
    """Tokens as tsvector text."""
    return " ".join("'" + token.replace("\\", "\\\\").replace("'", "''") + "'" for token in sorted(tokens, key=str.encode))
