"""PostgreSQL `ltree`: where a unit stands in the tree, as the hex of the ids from the root down."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models

if TYPE_CHECKING:
    import uuid


class LtreeField(models.Field):  # type: ignore[type-arg]  # Django subscripts it for type checkers only
    """A path such as ``0192…a.0192…b``; labels are the hex of the units' ids."""

    def db_type(self, connection: Any) -> str:
        return "ltree"

    def get_internal_type(self) -> str:
        return "LtreeField"


@LtreeField.register_lookup
class Under(models.Lookup):
    """``path__under=other``: the same unit or one below it."""

    lookup_name = "under"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        left, left_parameters = self.process_lhs(compiler, connection)
        right, right_parameters = self.process_rhs(compiler, connection)
        return f"{left} <@ {right}::ltree", (*left_parameters, *right_parameters)


@LtreeField.register_lookup
class Above(models.Lookup):
    """``path__above=other``: the same unit or one it stands under."""

    lookup_name = "above"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        left, left_parameters = self.process_lhs(compiler, connection)
        right, right_parameters = self.process_rhs(compiler, connection)
        return f"{left} @> {right}::ltree", (*left_parameters, *right_parameters)


def path_under(parent_path: str, unit: uuid.UUID) -> str:
    """The path of a unit whose parent stands at `parent_path` (empty for a root)."""
    return f"{parent_path}.{unit.hex}" if parent_path else unit.hex


def is_under(path: str, ancestor: str) -> bool:
    """Whether `path` is `ancestor` itself or stands below it."""
    return path == ancestor or path.startswith(ancestor + ".")
