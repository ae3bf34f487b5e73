"""`bihuan found`: the first jurisdiction and its three administrators."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from bihuan.journal.action import Refused
from bihuan.organizations.founding import found
from bihuan.organizations.models import UnitLevel

if TYPE_CHECKING:
    from argparse import ArgumentParser


class Command(BaseCommand):
    """Print each new account once; nothing keeps the passwords."""

    help = "Set up the root jurisdiction and the three administrators of a new installation."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Name, code, level."""
        parser.add_argument("--name", required=True, help="name of the jurisdiction, e.g. 云川市")
        parser.add_argument("--code", required=True, help="its unit code, unique in the installation")
        parser.add_argument(
            "--level",
            default="city",
            choices=[level.name.lower() for level in UnitLevel],
            help="how high it stands",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it and print the accounts."""
        try:
            accounts = found(options["name"], options["code"], level=UnitLevel[options["level"].upper()])
        except Refused as refused:
            raise CommandError(str(refused)) from refused
        if not accounts:
            self.stdout.write(_("三名管理员都已有账号，没有新开。"))
        for account in accounts:
            self.stdout.write(f"{account.role}\t{account.user_name}\t{account.password}")
        if accounts:
            self.stderr.write(_("密码只显示这一次；请各人登录后立即修改，并在“人员”里更正姓名。"))
