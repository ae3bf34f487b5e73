"""The mark that a data folder holds fiction. Only there may the clock be moved and history invented."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bihuan.installation.connections import connect
from bihuan.installation.embedded import EmbeddedServer
from bihuan.installation.errors import DemonstrationError
from bihuan.installation.wording import phrase

if TYPE_CHECKING:
    from bihuan.installation.configuration import Configuration


def mark_demonstration(configuration: Configuration) -> None:
    """Mark the folder, unless its database is in use already: real data never becomes a demonstration."""
    marker = configuration.layout.demonstration_marker
    if marker.is_file():
        return
    if not _is_new(configuration):
        raise DemonstrationError(
            phrase(
                "数据目录 {folder} 已有正式数据,不能改作演示",
                "the data folder {folder} holds real data and cannot become a demonstration",
                folder=configuration.data_folder,
            ),
            mend=phrase(
                "请用另一个目录,例如:BIHUAN_DATA=<绝对路径> make demo",
                "Use another folder: BIHUAN_DATA=<absolute path> make demo",
            ),
        )
    marker.write_text(
        phrase("演示数据,全为虚构。\n", "Demonstration: everything here is fiction.\n"), encoding="utf-8"
    )


def _is_new(configuration: Configuration) -> bool:
    """Whether the database has no schema yet."""
    if configuration.embedded:
        server = EmbeddedServer(configuration.layout)
        if not server.exists:
            return True
        server.ensure_running()
    with connect(configuration.owner_database) as connection:
        row = connection.execute("SELECT to_regclass('django_migrations') IS NULL").fetchone()
    return row is not None and bool(row[0])
