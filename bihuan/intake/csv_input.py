"""CSV files given to commands: every row with its columns by name, or a complaint that names file and column."""

from __future__ import annotations

import csv
from io import StringIO
from typing import TYPE_CHECKING

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from bihuan.documents.encodings import decode
from bihuan.documents.errors import DocumentError
from bihuan.journal.wording import listed

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

MISUSED = 2


def rows_of(path: Path, columns: Sequence[str]) -> list[dict[str, str]]:
    """The rows of a CSV in any usual encoding that has these columns."""
    try:
        text = decode(path.read_bytes(), path.name)
    except (OSError, DocumentError) as error:
        message = _("无法读取 %(file)s：%(reason)s") % {"file": path, "reason": error}
        raise CommandError(message, returncode=MISUSED) from error
    reader = csv.DictReader(StringIO(text.lstrip("\ufeff"), newline=""))
    missing = [column for column in columns if column not in (reader.fieldnames or ())]
    if missing:
        raise CommandError(
            _("%(file)s 缺少列：%(missing)s；应有：%(columns)s")
            % {"file": path, "missing": listed(missing), "columns": listed(columns)},
            returncode=MISUSED,
        )
    return [{name: value or "" for name, value in row.items() if name is not None} for row in reader]
