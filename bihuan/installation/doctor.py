"""`bihuan doctor`: what is wrong with this installation, and how to mend each.

It goes from the ground up and reports what it could not reach instead of failing there. Rooms add
checks of their own with Django's check framework: `@register("bihuan")` (see README.md of this room).
"""

from __future__ import annotations

import argparse
import json
import sys
from typing import TYPE_CHECKING

import psycopg

from bihuan.installation.configuration import read_configuration
from bihuan.installation.connections import connect
from bihuan.installation.diagnosis import Finding, Level, ok, unreached, wrong
from bihuan.installation.dispatch import leave
from bihuan.installation.embedded import EmbeddedServer
from bihuan.installation.errors import InstallationError
from bihuan.installation.examination import examine_database
from bihuan.installation.machine import examine_machine
from bihuan.installation.wording import phrase

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Sequence

    from bihuan.installation.configuration import Configuration

MARKS = {Level.OK: "✓", Level.WARNING: "!", Level.WRONG: "✗", Level.UNREACHED: "–"}
TAG = "bihuan"


def doctor(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="bihuan doctor")
    parser.add_argument("--json", action="store_true", help="findings as JSON on stdout")
    options = parser.parse_args(arguments)
    findings = list(examine())
    if options.json:
        json.dump([finding.as_dict() for finding in findings], sys.stdout, ensure_ascii=False, indent=2)
        sys.stdout.write("\n")
    else:
        sys.stdout.write(report(findings))
    return 1 if any(finding.level is Level.WRONG for finding in findings) else 0


def report(findings: Sequence[Finding]) -> str:
    lines = []
    for finding in findings:
        lines.append(f"{MARKS[finding.level]} {finding.label}:{finding.message}")
        if finding.mend:
            lines.extend(f"    → {line}" for line in finding.mend.splitlines())
    wrong_ones = sum(finding.level is Level.WRONG for finding in findings)
    warnings = sum(finding.level is Level.WARNING for finding in findings)
    lines.append(
        phrase(
            "共 {count} 项:{wrong} 项有误,{warnings} 项提醒。",
            "{count} checks: {wrong} wrong, {warnings} warnings.",
            count=len(findings),
            wrong=wrong_ones,
            warnings=warnings,
        )
    )
    return "\n".join(lines) + "\n"


def examine() -> Iterator[Finding]:
    """All findings, from the ground up."""
    label = phrase("配置", "configuration")
    try:
        configuration = read_configuration()
    except InstallationError as error:
        yield wrong("configuration", label, error.message, mend=error.mend)
        return
    yield ok(
        "configuration",
        label,
        phrase("数据目录 {folder}", "data folder {folder}", folder=configuration.data_folder),
    )
    yield from examine_machine(configuration)
    server = EmbeddedServer(configuration.layout) if configuration.embedded else None
    try:
        reached = yield from _examine_server(configuration, server)
        if reached and (yield from _examine_program()):
            yield from examine_database(configuration)
            yield from _examine_rooms()
        else:
            yield unreached(
                "rooms",
                phrase("其余检查", "everything else"),
                phrase("上面的问题排除后再检查", "examined once what stands above is mended"),
            )
    finally:
        leave(server)


def _examine_server(
    configuration: Configuration, server: EmbeddedServer | None
) -> Generator[Finding, None, bool]:
    label = phrase("数据库服务", "database server")
    if server is not None:
        try:
            server.ensure_running()
        except InstallationError as error:
            yield wrong("server", label, error.message, mend=error.mend)
            return False
    for address in (configuration.database, configuration.owner_database):
        try:
            connect(address).close()
        except psycopg.OperationalError as error:
            yield wrong("server", label, str(error).strip(), mend=_connection_mend(address["USER"]))
            return False
    yield ok("server", label, phrase("可以连接", "answers"))
    return True


def _examine_program() -> Generator[Finding, None, bool]:
    """Whether the rooms can be loaded at all; a damaged file of ours must not silence the doctor."""
    import django

    label = phrase("程序", "program")
    try:
        django.setup()
    except Exception as error:  # noqa: BLE001 - whatever it is, it is the finding
        shown = f"{type(error).__name__}: {error}"
        yield wrong("program", label, shown, mend=phrase("请重新安装:make env", "Install it again: make env"))
        return False
    yield ok("program", label, phrase("可以加载", "loads"))
    return True


def _connection_mend(role: str) -> str:
    return phrase(
        "请检查数据库是否运行、角色 {role} 与密码是否正确(DATABASE_URL,或数据目录的 secrets/)。",
        "Check that the server runs, and the password of the role {role} (DATABASE_URL, or secrets/ in the data folder).",
        role=role,
    )


def _examine_rooms() -> Iterator[Finding]:
    """What rooms register under our tag; an information becomes a finding that all is well."""
    from django.core.checks import ERROR, WARNING, run_checks

    for message in run_checks(tags=[TAG], databases=["default"]):
        level = (
            Level.WRONG if message.level >= ERROR else Level.WARNING if message.level >= WARNING else Level.OK
        )
        label = phrase("台账", "ledger")
        yield Finding(message.id or TAG, level, label, str(message.msg), str(message.hint or ""))
