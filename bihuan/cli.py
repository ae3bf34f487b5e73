"""The command `bihuan`: four commands of its own, every other one is a management command of a room.

Results go to stdout, progress to stderr. Exit codes: 0 done, 1 something found wrong, 2 misused.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from bihuan.installation.errors import ConfigurationError, InstallationError
from bihuan.installation.wording import phrase, take_language

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

DONE, FOUND_WRONG, MISUSED = 0, 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    given = take_language(sys.argv[1:] if arguments is None else arguments)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bihuan.settings")
    name = given[0] if given else "help"
    try:
        own = OWN.get(name)
        return own(given[1:]) if own else _management(given)
    except InstallationError as error:
        sys.stderr.write(f"{error}\n")
        return MISUSED if isinstance(error, ConfigurationError) else FOUND_WRONG
    except KeyboardInterrupt:
        return FOUND_WRONG
    except BrokenPipeError:
        # Whoever read our output has seen enough; nothing is left to say, not even at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE


def _up(arguments: list[str]) -> int:
    from bihuan.installation.serving import up

    return up(arguments)


def _worker(arguments: list[str]) -> int:
    from bihuan.installation.serving import worker

    return worker(arguments)


def _doctor(arguments: list[str]) -> int:
    from bihuan.installation.doctor import doctor

    return doctor(arguments)


def _help(_: list[str]) -> int:
    from bihuan.installation.dispatch import command_names

    sys.stdout.write(
        phrase(USAGE_CHINESE, USAGE_ENGLISH, commands="\n".join(f"  {n}" for n in command_names()))
    )
    return DONE


def _management(arguments: list[str]) -> int:
    from bihuan.installation.dispatch import run_management_command

    return run_management_command(arguments)


OWN: dict[str, Callable[[list[str]], int]] = {
    "up": _up,
    "worker": _worker,
    "doctor": _doctor,
    "help": _help,
    "--help": _help,
    "-h": _help,
}

USAGE_CHINESE = """\
用法:bihuan 命令 [选项]

  up       启动数据库、网页服务和后台任务,Ctrl-C 停止
  worker   只运行后台任务
  migrate  建立或更新数据库结构
  doctor   检查本机安装,并说明如何修复

每个命令都可加 --language zh 或 --language en。
其他命令(bihuan 命令 --help 查看用法):
{commands}
"""
USAGE_ENGLISH = """\
Usage: bihuan COMMAND [options]

  up       start database, web server and background jobs; Ctrl-C stops them
  worker   background jobs alone
  migrate  make or update the database schema
  doctor   check this installation, and say how to mend it

Every command takes --language zh or --language en.
Other commands (bihuan COMMAND --help says how):
{commands}
"""

if __name__ == "__main__":
    sys.exit(main())
