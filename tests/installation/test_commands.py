"""The command line from outside: what it prints where, its exit codes, when it wants a database."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from bihuan.installation.embedded import EmbeddedServer


@pytest.fixture
def bihuan(data_folder):
    def run(*arguments, **environment):
        return subprocess.run(
            [sys.executable, "-m", "bihuan.cli", *arguments],
            env={
                **os.environ,
                "BIHUAN_DATA": str(data_folder),
                "BIHUAN_LANGUAGE": "en",
                "DJANGO_SETTINGS_MODULE": "tests.installation.small_settings",
                **environment,
            },
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    return run


def test_help_lists_the_commands(bihuan):
    done = bihuan("help")
    assert done.returncode == 0
    assert "doctor" in done.stdout


def test_no_command_is_help(bihuan):
    assert bihuan().stdout == bihuan("--help").stdout


def test_an_unknown_command_is_misuse(bihuan):
    done = bihuan("polish")
    assert (done.returncode, done.stdout) == (2, "")
    assert "polish" in done.stderr


def test_an_unknown_option_is_misuse(bihuan):
    assert bihuan("pure", "--nonsense").returncode == 2


def test_the_language_can_be_asked_for_in_one_call(bihuan):
    assert "端口" in bihuan("up", "--port", "70000", "--language", "zh").stderr
    assert "port" in bihuan("--language=en", "up", "--port", "70000", BIHUAN_LANGUAGE="zh-hans").stderr
    assert bihuan("help", "--language", "fr").returncode == 2


@pytest.mark.parametrize(
    ("locale", "word"),
    [
        ({"LANGUAGE": "en_GB:zh", "LANG": "zh_CN.UTF-8"}, "Usage"),
        ({"LANGUAGE": "", "LANG": "zh_CN.UTF-8"}, "用法"),
        ({"LANGUAGE": "", "LANG": "en_US.UTF-8", "LC_ALL": ""}, "Usage"),
        ({"LANGUAGE": "", "LANG": "C", "LC_ALL": "", "LC_MESSAGES": ""}, "用法"),
    ],
)
def test_where_nothing_is_set_the_terminals_locale_decides(bihuan, locale, word):
    assert word in bihuan("help", BIHUAN_LANGUAGE="", **locale).stdout


def test_a_refusal_comes_in_words_without_the_name_of_a_class(bihuan):
    assert bihuan("pure", "--fail").stderr == "found wrong\n"


def test_a_half_configuration_is_misuse(bihuan):
    done = bihuan("pure", DATABASE_URL="postgresql://u:p@h/d")
    assert (done.returncode, done.stdout) == (2, "")
    assert "BIHUAN_OWNER_DATABASE_URL" in done.stderr


def test_the_language_of_refusals_can_be_chosen(bihuan):
    assert "端口" in bihuan("up", "--port", "70000", BIHUAN_LANGUAGE="zh-hans").stderr


def test_a_command_that_needs_no_database_starts_none(bihuan, server):
    done = bihuan("pure")
    assert (done.returncode, done.stdout) == (0, "{}\n")
    assert not server.layout.server.exists()


def test_a_command_that_fails_says_so_on_stderr_with_code_one(bihuan):
    done = bihuan("pure", "--fail")
    assert (done.returncode, done.stdout) == (1, "")
    assert "found wrong" in done.stderr


def test_a_command_that_needs_the_database_finds_it_running_as_the_running_role(bihuan):
    done = bihuan("asking")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == ["bihuan"]


def test_a_command_that_started_the_server_stops_it(bihuan, server):
    bihuan("asking")
    assert server.exists
    assert not server.running()


def test_a_command_leaves_a_server_it_found_running(bihuan, server):
    server.ensure_running()
    bihuan("asking")
    assert server.running()


def test_asking_a_command_for_help_starts_nothing(bihuan, server):
    assert bihuan("asking", "--help").returncode == 0
    assert not server.exists


def test_migrate_makes_tables_that_the_running_role_does_not_own(bihuan, configuration, server):
    assert bihuan("migrate", "--verbosity", "0").returncode == 0
    server.ensure_running()
    from bihuan.installation.connections import connect

    with connect(configuration.database) as connection:
        owners = connection.execute(
            "SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'"
        ).fetchall()
    assert owners == [("bihuan_owner",)]


def test_reading_only_the_first_line_is_no_error(bihuan, data_folder):
    environment = {**os.environ, "BIHUAN_DATA": str(data_folder)}
    done = subprocess.run(
        ["bash", "-c", 'set -o pipefail; "$0" -m bihuan.cli help | head -n 1', sys.executable],
        env={**environment, "DJANGO_SETTINGS_MODULE": "tests.installation.small_settings"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_a_folder_in_use_cannot_become_a_demonstration(bihuan, configuration):
    from bihuan.installation.demonstration import mark_demonstration
    from bihuan.installation.errors import DemonstrationError

    assert bihuan("migrate", "--verbosity", "0").returncode == 0
    with pytest.raises(DemonstrationError):
        mark_demonstration(configuration)
    assert not configuration.layout.demonstration_marker.exists()
    EmbeddedServer(configuration.layout).stop(even_if_used=True)


def test_a_new_folder_can(configuration):
    from bihuan.installation.demonstration import mark_demonstration

    mark_demonstration(configuration)
    mark_demonstration(configuration)
    assert configuration.layout.demonstration_marker.is_file()
