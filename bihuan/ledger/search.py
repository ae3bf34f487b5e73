"""What a problem is found by: its own tokens in a `tsvector`, built here and not by the database's parser."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.postgres.search import SearchVectorField
from django.db.models import Lookup

from bihuan.text.tokens import index_tokens, query_tokens

if TYPE_CHECKING:
    from bihuan.ledger.models import Problem


def vector_of(problem: Problem) -> str:
    """The problem's tokens as tsvector text, sorted as PostgreSQL sorts them, so that equal means equal."""
    words = (problem.problem_no, problem.title, problem.text, problem.concerned_party, problem.site)
    return as_vector(index_tokens(" ".join(words)))


def vector_from(problem_no: str, tokens: set[str]) -> str:
    """The same of a problem that has just got its number, from the tokens of its other words."""
    return as_vector(index_tokens(problem_no) | tokens)


def as_vector(tokens: set[str]) -> str:
    """Tokens as tsvector text, in the order of their bytes, which in UTF-8 is that of their characters."""
    if not tokens:
        return ""
    joined = "' '".join(sorted(tokens))
    if "\\" in joined or joined.count("'") != 2 * (len(tokens) - 1):
        joined = "' '".join(token.replace("\\", "\\\\").replace("'", "''") for token in sorted(tokens))
    return f"'{joined}'"


def as_query(text: str) -> str:
    """The tsquery that asks for all tokens of `text`; empty where there is nothing to ask for."""
    return " & ".join(as_vector({token}) for token in query_tokens(text))


@SearchVectorField.register_lookup
class HasTokens(Lookup):
    """``search__tokens="'砂石' & '加工'"``: our own tokens, past the database's parser, which would split numbers."""

    lookup_name = "tokens"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        left, left_parameters = self.process_lhs(compiler, connection)
        return f"{left} @@ %s::tsquery", [*left_parameters, self.rhs]
