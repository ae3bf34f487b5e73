"""The server's two files of settings, written anew at every start so that they are always ours.

An operator's own settings go into `local.conf` beside them: it is read last and never written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import psutil

from bihuan.installation.connections import ADMINISTRATOR_ROLE, PORT

if TYPE_CHECKING:
    from bihuan.installation.folders import Layout

MEGABYTE = 1024 * 1024

# Nobody comes in without a password, not even over the socket, and nobody at all over the network.
HOST_BASED_ACCESS = f"""\
# Written by bihuan at every start. TYPE DATABASE USER METHOD
local all all scram-sha-256
local replication {ADMINISTRATOR_ROLE} scram-sha-256
"""


def between(low: int, value: int, high: int) -> int:
    return max(low, min(value, high))


def settings(layout: Layout, *, memory: int | None = None, durable: bool = True) -> dict[str, str]:
    """What differs from PostgreSQL's defaults. `durable=False` is for test clusters alone."""
    megabytes = (memory or psutil.virtual_memory().total) // MEGABYTE
    values = {
        "listen_addresses": "",
        "port": PORT,
        "unix_socket_directories": str(layout.socket),
        "unix_socket_permissions": "0700",
        "password_encryption": "scram-sha-256",
        "max_connections": "100",
        "shared_buffers": f"{between(64, megabytes // 8, 2048)}MB",
        "effective_cache_size": f"{between(128, megabytes // 2, 65536)}MB",
        "work_mem": "16MB",
        "maintenance_work_mem": f"{between(64, megabytes // 32, 512)}MB",
        "synchronous_commit": "on",
        "checkpoint_timeout": "15min",
        "max_wal_size": "2GB",
        "min_wal_size": "128MB",
        "wal_compression": "on",
        "random_page_cost": "1.1",
        "default_statistics_target": "200",
        "autovacuum_vacuum_scale_factor": "0.05",
        "autovacuum_analyze_scale_factor": "0.02",
        # Short queries of one page each: compiling them costs more than running them.
        "jit": "off",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "lc_messages": "C",
        "logging_collector": "on",
        "log_directory": str(layout.log),
        "log_filename": "server-%a.log",
        "log_rotation_age": "1d",
        "log_rotation_size": "0",
        "log_truncate_on_rotation": "on",
        # Statements and details quote what people wrote: they stay out of a log that anybody may mail around.
        "log_min_error_statement": "panic",
        "log_error_verbosity": "terse",
    }
    if not durable:
        # Commits still reach the kernel one by one: a killed server loses nothing, only a lost machine would.
        values |= {"fsync": "off", "full_page_writes": "off"}
    return values


def configuration_text(values: dict[str, str]) -> str:
    lines = ["# Written by bihuan at every start; put settings of your own into local.conf."]
    lines += [f"{name} = '{value.replace(chr(39), chr(39) * 2)}'" for name, value in values.items()]
    lines.append("include_if_exists = 'local.conf'")
    return "\n".join(lines) + "\n"
