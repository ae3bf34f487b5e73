"""Column types of the journal's own tables."""

from __future__ import annotations

from typing import Any

from django.db import models


class ExactJson(models.Field):  # type: ignore[type-arg]  # Django subscripts it for type checkers only
    """PostgreSQL `json`, not `jsonb`: it keeps the very text that was hashed.

    Read through the ORM it arrives parsed; whoever needs the exact text selects `body::text`.
    """

    def db_type(self, connection: Any) -> str:
        return "json"
