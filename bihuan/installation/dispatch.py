"""Hands a command to Django, with the database running when the command needs one.

A management command that works without a database says so in its class: `needs_database = False`.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from bihuan.installation.configuration import ROLE_VARIABLE, read_configuration
from bihuan.installation.demonstration import mark_demonstration
from bihuan.installation.embedded import EmbeddedServer
from bihuan.installation.errors import ConfigurationError
from bihuan.installation.wording import phrase

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
    name = arguments[0]
    if name in AS_OWNER:
        os.environ[ROLE_VARIABLE] = "owner"
    if name == DEMONSTRATION_COMMAND:
        mark_demonstration(read_configuration())
    _set_up()
    command = _load(name)
    if "--help" not in arguments and "-h" not in arguments and needs_database(name, command):
        ensure_database()
    command.run_from_argv(["bihuan", *arguments])
    return 0


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


def _set_up() -> None:
    import django

    django.setup()


def _load(name: str) -> BaseCommand:
    from django.core.management import get_commands, load_command_class

    app = get_commands().get(name)
    if app is None:
        raise ConfigurationError(
            phrase("没有命令“{name}”", "there is no command “{name}”", name=name),
            variable="argv",
            mend=phrase("运行 bihuan help 查看全部命令。", "bihuan help lists them all."),
        )
    return load_command_class(app, name) if isinstance(app, str) else app
