"""What the doctor looks at in the database: version, clock, roles, schema, guards, jobs."""

from __future__ import annotations

import contextlib
import datetime
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg.rows import scalar_row

from bihuan.installation.connections import connect
from bihuan.installation.diagnosis import Finding, ok, warning, wrong
from bihuan.installation.wording import phrase

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bihuan.installation.configuration import Configuration

LOWEST_SERVER = 150000
CLOCK_SECONDS = 2.0
# procrastinate's workers send one every ten seconds, and it counts them out after thirty.
HEARTBEAT_SECONDS = 60
GUARD = "bihuan_guard"
APPEND_ONLY = "journal_event"

EXISTING_TABLES = """
    SELECT coalesce(array_agg(named ORDER BY named), '{}') FROM unnest(%s::text[]) AS named
    WHERE to_regclass(quote_ident(named)) IS NOT NULL"""
TABLES_WITHOUT_TRIGGER = """
    SELECT coalesce(array_agg(named ORDER BY named), '{}') FROM unnest(%s::text[]) AS named
    WHERE NOT EXISTS (SELECT FROM pg_trigger WHERE tgrelid = to_regclass(quote_ident(named))
                      AND tgname = %s AND tgenabled IN ('O', 'A'))"""


def examine_database(configuration: Configuration) -> Iterator[Finding]:
    with connect(configuration.database) as connection:
        yield _server_version(connection)
        yield _server_clock(connection)
        yield _running_role(connection)
        pending = _pending()
        yield pending
        yield _guards(connection)
        yield from _jobs(connection)


def _one(connection: psycopg.Connection, query: str, *values: object) -> Any:
    with connection.cursor(row_factory=scalar_row) as cursor:
        return cursor.execute(query, values).fetchone()


def _server_version(connection: psycopg.Connection) -> Finding:
    check, label = "server_version", phrase("数据库版本", "database version")
    number = connection.info.server_version
    shown = f"PostgreSQL {number // 10000}.{number % 10000}"
    if number < LOWEST_SERVER:
        return wrong(
            check,
            label,
            shown,
            mend=phrase("需要 PostgreSQL 15 或更高:请升级数据库。", "PostgreSQL 15 or newer is needed."),
        )
    return ok(check, label, shown)


def _server_clock(connection: psycopg.Connection) -> Finding:
    check, label = "server_clock", phrase("数据库时钟", "database clock")
    theirs = _one(connection, "SELECT clock_timestamp()")
    apart = abs((theirs - datetime.datetime.now(datetime.UTC)).total_seconds())
    message = phrase("与本机相差 {apart:.1f} 秒", "{apart:.1f} s from this machine's", apart=apart)
    if apart > CLOCK_SECONDS:
        return wrong(
            check,
            label,
            message,
            mend=phrase(
                "请让两台机器使用同一时间源(NTP)。", "Let both machines follow one time source (NTP)."
            ),
        )
    return ok(check, label, message)


def _running_role(connection: psycopg.Connection) -> Finding:
    """Whoever owns a table can disable its triggers: the journal is only worth what this role may not do."""
    check, label = "running_role", phrase("运行角色", "running role")
    may = {
        phrase("是超级用户", "is a superuser"): "SELECT rolsuper FROM pg_roles WHERE rolname = current_user",
        phrase("可以建表", "may create tables"): "SELECT has_schema_privilege('public', 'CREATE')",
        phrase("拥有数据表", "owns tables"): """
            SELECT EXISTS (SELECT FROM pg_tables WHERE schemaname = 'public' AND pg_has_role(tableowner, 'MEMBER'))""",
        phrase("可以修改日志", "may change the journal"): f"""
            SELECT coalesce(has_table_privilege(to_regclass('{APPEND_ONLY}'), 'UPDATE, DELETE, TRUNCATE'), false)""",
    }
    too_much = [what for what, query in may.items() if _one(connection, query)]
    if too_much:
        return wrong(
            check,
            label,
            phrase("权限过大:{what}", "it may do too much: {what}", what=", ".join(too_much)),
            mend=phrase(
                "请让 DATABASE_URL 使用普通角色,由所有者重新执行 bihuan migrate。",
                "Let DATABASE_URL name an ordinary role, and run bihuan migrate again as the owner.",
            ),
        )
    return ok(check, label, phrase("不是所有者,日志只能追加", "not the owner; may only add to the journal"))


def _pending() -> Finding:
    check, label = "migrations", phrase("数据库结构", "schema")
    from bihuan.installation.schema import pending_migrations

    pending = pending_migrations()
    if pending:
        return wrong(
            check,
            label,
            phrase(
                "有 {count} 步未执行:{names}",
                "{count} migrations to run: {names}",
                count=len(pending),
                names=", ".join(pending[:5]),
            ),
            mend=phrase("请执行:bihuan migrate", "Run: bihuan migrate"),
        )
    return ok(check, label, phrase("最新", "up to date"))


def _guards(connection: psycopg.Connection) -> Finding:
    """A business model says so by its inner class `Stream`; its table carries the trigger that refuses."""
    check, label = "guards", phrase("写入保护", "guards")
    from django.apps import apps

    business = sorted(
        model._meta.db_table
        for model in apps.get_models()
        if hasattr(model, "Stream") and model._meta.managed
    )
    tables = _one(connection, EXISTING_TABLES, business)
    bare = _one(connection, TABLES_WITHOUT_TRIGGER, tables, GUARD)
    if bare:
        return wrong(
            check,
            label,
            phrase(
                "{count} 张表没有写入保护:{names}",
                "{count} tables without their guard: {names}",
                count=len(bare),
                names=", ".join(bare[:5]),
            ),
            mend=phrase(
                "请执行 bihuan migrate 重新挂上,再用 bihuan verify 核对台账。",
                "Run bihuan migrate, which attaches it, then bihuan verify.",
            ),
        )
    return ok(
        check,
        label,
        phrase("{count} 张业务表均在保护之下", "on all {count} business tables", count=len(tables)),
    )


def _jobs(connection: psycopg.Connection) -> Iterator[Finding]:
    label = phrase("后台任务", "background jobs")
    try:
        beat = _one(
            connection,
            "SELECT extract(epoch FROM now() - max(last_heartbeat))::float FROM procrastinate_workers",
        )
        waiting = _one(
            connection,
            "SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo'"
            " AND (scheduled_at IS NULL OR scheduled_at <= now())",
        )
        stalled = _one(
            connection,
            """
            SELECT count(*) FROM procrastinate_jobs AS job LEFT JOIN procrastinate_workers AS worker
            ON worker.id = job.worker_id WHERE job.status = 'doing'
            AND (worker.id IS NULL OR worker.last_heartbeat < now() - make_interval(secs => %s))""",
            HEARTBEAT_SECONDS,
        )
        failed = _one(connection, "SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'")
    except psycopg.errors.UndefinedTable:
        # The schema's own finding says what to do.
        with contextlib.suppress(psycopg.Error):
            connection.rollback()
        return
    yield _heartbeat(label, beat, waiting)
    yield _stalled(label, stalled, failed)


def _heartbeat(label: str, beat: float | None, waiting: int) -> Finding:
    if beat is None or beat > HEARTBEAT_SECONDS:
        message = phrase(
            "没有进程在处理,{waiting} 项等待", "no worker is running, {waiting} jobs wait", waiting=waiting
        )
        mend = phrase("请启动:bihuan up,或 bihuan worker", "Start one: bihuan up, or bihuan worker")
        return warning("worker", label, message, mend=mend)
    return ok(
        "worker",
        label,
        phrase("正在处理,{waiting} 项等待", "being worked on, {waiting} wait", waiting=waiting),
    )


def _stalled(label: str, stalled: int, failed: int) -> Finding:
    if not stalled and not failed:
        return ok("jobs", label, phrase("没有卡住或失败的任务", "none stalled, none failed"))
    return warning(
        "jobs",
        label,
        phrase(
            "{stalled} 项卡住,{failed} 项失败",
            "{stalled} stalled, {failed} failed",
            stalled=stalled,
            failed=failed,
        ),
        mend=phrase(
            "卡住的任务会由运行中的 bihuan worker 在一分钟内重新执行;失败的任务请查看日志后重试。",
            "A running bihuan worker takes up stalled ones within a minute; see the log for the failed.",
        ),
    )
