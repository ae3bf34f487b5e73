"""What a new cluster gets once: the owner's role, the running role, and the database of the first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
from psycopg import sql

from bihuan.installation.connections import ADMINISTRATOR_ROLE, DATABASE, OWNER_ROLE, PORT, RUNNING_ROLE
from bihuan.installation.secret_files import text_secret

if TYPE_CHECKING:
    from pathlib import Path

    from bihuan.installation.folders import Layout

# The owner may create databases (tests, restore); neither may do what a superuser does.
ROLES = {
    OWNER_ROLE: "LOGIN CREATEDB NOSUPERUSER NOCREATEROLE NOREPLICATION NOBYPASSRLS",
    RUNNING_ROLE: "LOGIN NOCREATEDB NOSUPERUSER NOCREATEROLE NOREPLICATION NOBYPASSRLS",
}


def password_of(layout: Layout, role: str) -> str:
    return text_secret(password_file(layout, role))


def password_file(layout: Layout, role: str) -> Path:
    return layout.secrets / f"password_{role}"


def administrator(layout: Layout, *, database: str = "postgres") -> psycopg.Connection:
    """A connection as the cluster's superuser: for provisioning, backup and restore, never for business."""
    return psycopg.connect(
        host=str(layout.socket),
        port=PORT,
        dbname=database,
        user=ADMINISTRATOR_ROLE,
        password=password_of(layout, ADMINISTRATOR_ROLE),
        autocommit=True,
        connect_timeout=10,
    )


def provision(layout: Layout) -> None:
    """Bring roles and database to their state; running it again changes nothing."""
    with administrator(layout) as connection:
        for role, abilities in ROLES.items():
            _role(connection, role, abilities, password_of(layout, role))
        _database(connection)
    with administrator(layout, database=DATABASE) as connection:
        connection.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC")
        connection.execute(sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(sql.Identifier(RUNNING_ROLE)))


def _role(connection: psycopg.Connection, role: str, abilities: str, password: str) -> None:
    exists = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
    # Hashed here, so that the password itself is in no statement the server could log.
    digest = connection.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256").decode()
    statement = sql.SQL("{verb} ROLE {role} WITH {abilities} PASSWORD {digest}").format(
        verb=sql.SQL("ALTER" if exists else "CREATE"),
        role=sql.Identifier(role),
        abilities=sql.SQL(abilities),
        digest=sql.Literal(digest),
    )
    connection.execute(statement)


def _database(connection: psycopg.Connection) -> None:
    if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
        return
    connection.execute(
        sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(DATABASE), sql.Identifier(OWNER_ROLE))
    )
    # Without this everybody could make temporary tables, which are looked up before the real ones.
    connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(DATABASE)))
    connection.execute(
        sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(
            sql.Identifier(DATABASE), sql.Identifier(RUNNING_ROLE)
        )
    )
