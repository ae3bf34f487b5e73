from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import stat
import threading
import time

import psutil
import psycopg
import pytest

from bihuan.installation import cluster, processes, provisioning
from bihuan.installation.configuration import read_configuration
from bihuan.installation.connections import connect
from bihuan.installation.embedded import EmbeddedServer
from bihuan.installation.errors import DataFolderError, ServerForeign, ServerRefused
from bihuan.installation.folders import Layout


def running_role(configuration):
    return connect(configuration.database)


def owner(configuration):
    return connect(configuration.owner_database)


def test_the_first_call_starts_it_and_the_second_finds_it(server):
    assert server.ensure_running() is True
    assert server.ensure_running() is False


def test_another_handle_on_the_same_folder_finds_it(server, configuration):
    server.ensure_running()
    assert EmbeddedServer(configuration.layout).ensure_running() is False


def test_what_was_written_is_there_after_stop_and_start(server, configuration):
    server.ensure_running()
    with owner(configuration) as connection:
        connection.execute("CREATE TABLE kept AS SELECT '整改' AS word")
    assert server.stop() is True
    server.ensure_running()
    with owner(configuration) as connection:
        assert connection.execute("SELECT word FROM kept").fetchone() == ("整改",)


def _start_in_process(folder: str) -> bool:
    return EmbeddedServer(read_configuration({"BIHUAN_DATA": folder}).layout, durable=False).ensure_running()


def test_of_processes_that_all_want_it_exactly_one_starts_it(data_folder):
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        started = pool.map(_start_in_process, [str(data_folder)] * 4)
    assert started.count(True) == 1


def test_it_stands_still_after_stop(server):
    server.ensure_running()
    assert server.stop() is True
    assert not server.running()
    assert not processes.left_behind(server.layout.cluster)


def test_it_is_not_stopped_while_somebody_is_connected(server, configuration):
    server.ensure_running()
    with running_role(configuration):
        assert server.stop() is False
        assert server.running()
    assert server.stop() is True


def test_it_is_not_stopped_while_another_process_stays(server, configuration):
    server.ensure_running()
    other = EmbeddedServer(configuration.layout)
    other.ensure_running()
    assert server.stop() is False
    other.stay.leave()
    assert server.stop() is True


@contextlib.contextmanager
def busy_backend(configuration):
    """A connection in the middle of a statement that waits for nothing, and so notices nothing."""
    connection = running_role(configuration)
    pid = connection.info.backend_pid

    def work():
        with contextlib.suppress(psycopg.Error):
            connection.execute("SELECT count(*) FROM generate_series(1, 100000000000)")

    thread = threading.Thread(target=work)
    thread.start()
    time.sleep(0.3)
    try:
        yield pid
    finally:
        connection.close()
        thread.join(30)


@pytest.mark.kills
def test_a_killed_server_starts_again_although_a_busy_child_lives_on(server, configuration):
    server.ensure_running()
    with owner(configuration) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS one")
    with busy_backend(configuration) as pid:
        postmaster = processes.postmaster(server.layout.cluster)
        os.kill(postmaster.pid, signal.SIGKILL)
        psutil.wait_procs([psutil.Process(postmaster.pid)], timeout=5)
        assert psutil.pid_exists(pid), "the child went with its parent: this test proves nothing"
        began = time.monotonic()
        assert server.ensure_running() is True
        assert time.monotonic() - began < 20
        assert not psutil.pid_exists(pid)
    with owner(configuration) as connection:
        assert connection.execute("SELECT one FROM kept").fetchone() == (1,)


@pytest.mark.kills
def test_orphans_of_another_folder_are_left_alone(server, tmp_path_factory, shared_configuration):
    others = processes.left_behind(shared_configuration.layout.cluster)
    server.ensure_running()
    os.kill(processes.postmaster(server.layout.cluster).pid, signal.SIGKILL)
    server.ensure_running()
    assert others
    assert all(process.is_running() for process in others)


def test_a_file_naming_a_process_that_is_no_server_is_not_believed(server):
    server.ensure_running()
    assert server.stop(even_if_used=True)
    (server.layout.cluster / "postmaster.pid").write_text(f"{os.getpid()}\n")
    assert processes.postmaster(server.layout.cluster) is None
    assert server.ensure_running() is True


def test_what_an_interrupted_beginning_left_is_thrown_away(server):
    leftover = server.layout.server / "data.new"
    leftover.mkdir(parents=True)
    (leftover / "half").write_text("made")
    assert server.ensure_running() is True
    assert not leftover.exists()


def test_a_folder_that_is_no_complete_cluster_is_never_deleted(server):
    server.layout.cluster.mkdir(parents=True)
    (server.layout.cluster / "precious").write_text("data")
    with pytest.raises(ServerForeign):
        server.ensure_running()
    assert (server.layout.cluster / "precious").read_text() == "data"


def test_a_cluster_of_another_major_version_is_refused(server):
    server.ensure_running()
    assert server.stop(even_if_used=True)
    (server.layout.cluster / "PG_VERSION").write_text("16\n")
    with pytest.raises(ServerForeign, match="16"):
        server.ensure_running()


def test_one_that_cannot_start_says_what_its_log_says(server):
    server.ensure_running()
    assert server.stop(even_if_used=True)
    (server.layout.cluster / "local.conf").write_text("shared_buffers = 'many'\n")
    with pytest.raises(ServerRefused) as refused:
        server.ensure_running()
    assert "shared_buffers" in str(refused.value)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server as another user")
def test_root_is_told_about_a_private_folder_instead_of_opening_it(tmp_path):
    private = tmp_path / "private"
    private.mkdir(mode=0o700)
    configuration = read_configuration({"BIHUAN_DATA": str(private / "data")})
    with pytest.raises(DataFolderError, match="BIHUAN_DATA"):
        EmbeddedServer(configuration.layout).ensure_running()
    assert stat.S_IMODE(private.stat().st_mode) == 0o700


def test_an_access_file_opened_to_all_is_ours_again_at_the_next_start(server, configuration):
    server.ensure_running()
    assert server.stop(even_if_used=True)
    (server.layout.cluster / "pg_hba.conf").write_text("local all all trust\n")
    server.ensure_running()
    with pytest.raises(psycopg.OperationalError):
        connect({**configuration.database, "PASSWORD": "wrong"})


# -- what the shared server allows and refuses ---------------------------------------------------


@pytest.mark.parametrize("role", ["bihuan", "bihuan_owner", "bihuan_admin"])
@pytest.mark.parametrize("password", ["", "wrong"])
def test_nobody_comes_in_without_the_password(shared_configuration, role, password):
    with pytest.raises(psycopg.OperationalError, match="password"):
        connect({**shared_configuration.database, "USER": role, "PASSWORD": password})


def test_it_listens_to_no_network(shared_configuration):
    postmaster = psutil.Process(processes.postmaster(shared_configuration.layout.cluster).pid)
    assert not postmaster.net_connections(kind="inet")


def test_its_socket_lies_behind_a_private_folder(shared_configuration):
    assert stat.S_IMODE(shared_configuration.layout.socket.stat().st_mode) == 0o700


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE mine (id int)",
        "CREATE TEMPORARY TABLE mine (id int)",
        "CREATE SCHEMA mine",
        "CREATE EXTENSION hstore",
        "CREATE ROLE mine",
        "CREATE DATABASE mine",
        "ALTER TABLE owned ADD COLUMN more int",
        "ALTER TABLE owned DISABLE TRIGGER ALL",
        "DROP TABLE owned",
        "TRUNCATE owned",
        "SELECT pg_read_file('/etc/hostname')",
        "SET ROLE bihuan_owner",
        "SET session_replication_role = replica",
    ],
)
def test_the_running_role_may_not(shared_configuration, statement):
    with owner(shared_configuration) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS owned (id int)")
    with (
        running_role(shared_configuration) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute(statement)


@pytest.mark.parametrize("extension", ["ltree", "pg_trgm", "btree_gin"])
def test_the_owner_may_add_the_extensions_we_use(shared_configuration, extension):
    with owner(shared_configuration) as connection:
        connection.execute(f"CREATE EXTENSION IF NOT EXISTS {extension}")


def test_the_owner_is_no_superuser(shared_configuration):
    with owner(shared_configuration) as connection:
        row = connection.execute(
            "SELECT rolsuper, rolcreaterole, rolreplication, rolbypassrls FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
    assert row == (False, False, False, False)


def test_text_is_utf_8_and_ordered_alike_everywhere(shared_configuration):
    with owner(shared_configuration) as connection:
        row = connection.execute(
            "SELECT pg_encoding_to_char(encoding), datlocprovider, datlocale FROM pg_database WHERE datname = 'bihuan'"
        ).fetchone()
    assert row == ("UTF8", "b", "C.UTF-8")


def test_trigrams_see_chinese_letters(shared_configuration):
    with owner(shared_configuration) as connection:
        connection.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        assert connection.execute("SELECT similarity('饮水工程', '饮水工程') > 0.9").fetchone() == (True,)


def test_pages_carry_checksums(shared_configuration):
    with owner(shared_configuration) as connection:
        assert connection.execute("SHOW data_checksums").fetchone() == ("on",)


def test_a_failing_statement_leaves_no_text_in_the_log(shared_configuration):
    with running_role(shared_configuration) as connection, pytest.raises(psycopg.Error):
        connection.execute("SELECT '张三的举报信' FROM nowhere")
    with owner(shared_configuration) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS once (word text PRIMARY KEY)")
        connection.execute("INSERT INTO once VALUES ('李四的电话') ON CONFLICT DO NOTHING")
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute("INSERT INTO once VALUES ('李四的电话')")
    log = "".join(path.read_text() for path in shared_configuration.layout.log.glob("*.log"))
    assert "nowhere" in log
    assert "张三" not in log
    assert "李四" not in log


def test_provisioning_twice_changes_nothing(shared_configuration):
    provisioning.provision(shared_configuration.layout)
    running_role(shared_configuration).close()


def test_settings_files_are_not_written_through_a_link(shared_configuration, tmp_path):
    layout = Layout(tmp_path / "data")
    layout.cluster.mkdir(parents=True)
    victim = tmp_path / "victim"
    victim.write_text("untouched")
    (layout.cluster / "pg_hba.conf").symlink_to(victim)
    from bihuan.installation.programs import ServerUser

    cluster.write_settings(layout, ServerUser("", os.geteuid(), os.getegid()), durable=True)
    assert victim.read_text() == "untouched"
