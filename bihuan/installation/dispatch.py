"""Hands a command to Django, with the database running when the command needs one.

A management command that works without a database says so in its class: `needs_database = False`.
"""

from __future__ import annotations

import contextlib
import sys
from typing import TYPE_CHECKING

import psycopg
from django.core.management.base import CommandError
from django.db import ProgrammingError

from bihuan.installation.configuration import read_configuration
from bihuan.installation.demonstration import mark_demonstration
from bihuan.installation.embedded import EmbeddedServer
from bihuan.installation.errors import ConfigurationError, InstallationError, ServerError
from bihuan.installation.wording import phrase, spoken_language

if TYPE_CHECKING:
    from django.core.management.base import BaseCommand

# Django's own commands that only read or write files.
WITHOUT_DATABASE = frozenset(
    {"check", "collectstatic", "compilemessages", "diffsettings", "findstatic", "makemessages"}
)
# These compare or change the schema, which belongs to the owner.
AS_OWNER = frozenset({"makemigrations", "migrate", "showmigrations", "sqlmigrate"})
DEMONSTRATION_COMMAND = "demo"


def command_names() -> list[str]:
    """The commands of our rooms; Django's own are for developers and stay out of the list."""
    _set_up()
    from django.core.management import get_commands

    ours = {name for name, app in get_commands().items() if str(app).startswith("bihuan.")}
    return sorted(ours)


def run_management_command(arguments: list[str]) -> int:
    """Run one; the embedded server is started when it is needed, and stopped again when nobody else stays."""
    name = arguments[0]
    if name == DEMONSTRATION_COMMAND:
        mark_demonstration(read_configuration())
    _set_up()
    if name in AS_OWNER:
        from bihuan.installation.schema import act_as_owner

        act_as_owner()
    command = _load(name)
    helping = "--help" in arguments or "-h" in arguments
    server = ensure_database() if needs_database(name, command) and not helping else None
    try:
        # Asked for tracebacks, Django hands the exception on instead of printing it under the name of its class.
        command.run_from_argv(["bihuan", name, "--traceback", *arguments[1:]])
    except CommandError as error:
        sys.stderr.write(f"{error}\n")
        return error.returncode
    except ProgrammingError as error:
        refuse_pending(error)
        raise
    finally:
        leave(server)
    return 0


def refuse_pending(cause: Exception | None = None) -> None:
    """Say so where the database's schema is older than the program; what then fails, fails because of that."""
    from bihuan.installation.schema import pending_migrations

    pending = pending_migrations()
    if pending:
        raise InstallationError(
            phrase(
                "数据库结构落后 {count} 步:{first} …",
                "the database lacks {count} migrations: {first} …",
                count=len(pending),
                first=pending[0],
            ),
            mend=phrase("请先运行:bihuan migrate", "Run first: bihuan migrate"),
        ) from cause


def needs_database(name: str, command: BaseCommand) -> bool:
    return name not in WITHOUT_DATABASE and bool(getattr(command, "needs_database", True))


def ensure_database() -> EmbeddedServer | None:
    """Have the embedded server running, for the rest of this process; None with an external database."""
    configuration = read_configuration()
    if not configuration.embedded:
        return None
    server = EmbeddedServer(configuration.layout)
    server.ensure_running()
    return server


def leave(server: EmbeddedServer | None) -> None:
    """Close our connections; stop the server when we started it and nobody else uses it."""
    from django.db import connections

    connections.close_all()
    if server is not None and server.started_here:
        # What the command found out is worth more than a tidy exit.
        with contextlib.suppress(ServerError, psycopg.Error):
            server.stop()


def _set_up() -> None:
    import django
    from django.utils.translation import activate

    django.setup()
    activate(spoken_language())


def _load(name: str) -> BaseCommand:
    from django.core.management import BaseCommand, get_commands, load_command_class

    app = get_commands().get(name)
    if app is None:
        raise ConfigurationError(
            phrase("没有命令“{name}”", "there is no command “{name}”", name=name),
            variable="argv",
            mend=phrase("运行 bihuan help 查看全部命令。", "bihuan help lists them all."),
        )
    return app if isinstance(app, BaseCommand) else load_command_class(app, name)
