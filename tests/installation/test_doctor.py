"""Each test breaks one thing, and the doctor must name that thing and how to mend it."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from types import SimpleNamespace

import pytest

from bihuan.installation import doctor, machine
from bihuan.installation.configuration import read_configuration
from bihuan.installation.connections import connect
from bihuan.installation.diagnosis import Level


@pytest.fixture
def data_folder(migrated_copy):
    return migrated_copy


@pytest.fixture
def examine(data_folder):
    def run(**environment):
        done = subprocess.run(
            [sys.executable, "-m", "bihuan.cli", "doctor", "--json"],
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
        findings = {finding["check"]: finding for finding in json.loads(done.stdout)}
        return done.returncode, findings

    return run


@pytest.fixture
def migrated(server):
    server.ensure_running()


def test_a_sound_installation_has_nothing_wrong(examine, migrated):
    code, findings = examine()
    assert code == 0
    assert {finding["level"] for finding in findings.values()} <= {"ok", "warning"}
    assert findings["worker"]["level"] == "warning"
    assert findings["server_version"]["message"].startswith("PostgreSQL 18")


def test_every_finding_that_is_not_well_says_how_to_mend_it(examine):
    _, findings = examine()
    troubled = [finding for finding in findings.values() if finding["level"] in {"wrong", "warning"}]
    assert troubled
    assert all(finding["mend"] for finding in troubled)


def test_pending_migrations_are_named(examine, migrated, configuration):
    with connect(configuration.owner_database) as connection:
        connection.execute("DELETE FROM django_migrations WHERE app = 'contenttypes'")
    code, findings = examine()
    assert code == 1
    assert findings["migrations"]["level"] == "wrong"
    assert "bihuan migrate" in findings["migrations"]["mend"]


def test_a_half_configuration_is_the_first_finding(examine):
    code, findings = examine(DATABASE_URL="postgresql://u:p@127.0.0.1:1/d")
    assert code == 1
    assert list(findings) == ["configuration"]


def test_an_absent_external_database_is_named_and_the_rest_unreached(examine):
    code, findings = examine(
        DATABASE_URL="postgresql://u:p@127.0.0.1:1/d",
        BIHUAN_OWNER_DATABASE_URL="postgresql://o:p@127.0.0.1:1/d",
    )
    assert code == 1
    assert findings["server"]["level"] == "wrong"
    assert findings["rooms"]["level"] == "unreached"


def test_an_open_data_folder_is_wrong(examine, migrated, data_folder):
    data_folder.chmod(0o755)
    code, findings = examine()
    assert code == 1
    assert re.search(r"chmod 7[01]0", findings["data_folder"]["mend"])


def test_an_open_key_file_is_wrong(examine, configuration):
    configuration.master_key_file.chmod(0o640)
    _, findings = examine()
    assert findings["secrets"]["level"] == "wrong"
    assert "master_key" in findings["secrets"]["message"]


def test_a_changed_password_is_wrong_and_names_the_role(examine, migrated, configuration):
    with connect(configuration.owner_database) as connection:
        connection.execute("ALTER ROLE bihuan_owner PASSWORD 'another'")
    code, findings = examine()
    assert code == 1
    assert "bihuan_owner" in findings["server"]["mend"]


def test_a_running_role_that_may_create_tables_is_wrong(examine, migrated, configuration):
    with connect(configuration.owner_database) as connection:
        connection.execute("GRANT CREATE ON SCHEMA public TO bihuan")
    _, findings = examine()
    assert findings["running_role"]["level"] == "wrong"
    assert "create tables" in findings["running_role"]["message"]


def test_a_running_role_that_may_change_the_journal_is_wrong(examine, migrated, configuration):
    with connect(configuration.owner_database) as connection:
        connection.execute("CREATE TABLE journal_event (seq int)")
        connection.execute("GRANT SELECT, INSERT, UPDATE ON journal_event TO bihuan")
    _, findings = examine()
    assert "journal" in findings["running_role"]["message"]


@pytest.mark.parametrize(
    "breaking",
    [
        "DROP TRIGGER bihuan_guard ON small_app_kept",
        "ALTER TABLE small_app_kept DISABLE TRIGGER bihuan_guard",
    ],
)
def test_a_business_table_without_its_guard_is_wrong(examine, migrated, configuration, breaking):
    assert examine()[1]["guards"]["level"] == "ok"
    with connect(configuration.owner_database) as connection:
        connection.execute(breaking)
    _, findings = examine()
    assert findings["guards"]["level"] == "wrong"
    assert "small_app_kept" in findings["guards"]["message"]


def test_stalled_and_failed_jobs_are_counted(examine, migrated, configuration):
    with connect(configuration.owner_database) as connection:
        connection.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 hour')"
        )
        for status in ("doing", "doing", "failed"):
            connection.execute(
                "INSERT INTO procrastinate_jobs (queue_name, task_name, status) VALUES ('q', 't', %s)",
                [status],
            )
    _, findings = examine()
    assert findings["jobs"]["message"] == "2 stalled, 1 failed"


def test_a_worker_with_a_sign_of_life_is_well(examine, migrated, configuration):
    with connect(configuration.owner_database) as connection:
        connection.execute("INSERT INTO procrastinate_workers DEFAULT VALUES")
    assert examine()[1]["worker"]["level"] == "ok"


def test_a_program_that_cannot_be_loaded_is_a_finding_not_a_crash(examine, migrated):
    code, findings = examine(SMALL_APP_CHECK="unloadable")
    assert code == 1
    assert "broken on purpose" in findings["program"]["message"]


def test_what_a_room_registers_is_reported(examine, migrated):
    _, findings = examine(SMALL_APP_CHECK="wrong")
    assert (findings["small_app.E001"]["level"], findings["small_app.E001"]["mend"]) == (
        "wrong",
        "mend it so",
    )


def test_it_stops_the_server_it_started(examine, server):
    examine()
    assert not server.running()


def test_a_demonstration_is_pointed_out(examine, configuration):
    configuration.layout.demonstration_marker.touch()
    assert examine()[1]["exposure"]["level"] == "warning"


def test_debugging_before_others_is_wrong(examine):
    _, findings = examine(BIHUAN_DEBUG="1", BIHUAN_ALLOWED_HOSTS="zg.example.gov.cn")
    assert findings["exposure"]["level"] == "wrong"


# -- what cannot be broken from outside ----------------------------------------------------------


@pytest.mark.parametrize(("free", "level"), [(0.5, Level.WRONG), (3, Level.WARNING), (50, Level.OK)])
def test_free_disk(monkeypatch, configuration, free, level):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=free * machine.GIGABYTE))
    findings = {finding.check: finding.level for finding in machine.examine_machine(configuration)}
    assert findings["disk"] is level


def test_a_clock_before_the_program_is_wrong(monkeypatch, configuration):
    monkeypatch.setattr(machine.time, "time", lambda: 946_684_800.0)
    findings = {finding.check: finding for finding in machine.examine_machine(configuration)}
    assert findings["clock"].level is Level.WRONG


def test_no_chinese_font_is_a_warning(monkeypatch, configuration, tmp_path):
    monkeypatch.setattr(machine, "FONT_FOLDERS", (str(tmp_path),))
    monkeypatch.setattr(shutil, "which", lambda _: None)
    findings = {finding.check: finding.level for finding in machine.examine_machine(configuration)}
    assert findings["fonts"] is Level.WARNING


def test_a_font_is_found_by_name_where_fontconfig_is_missing(monkeypatch, configuration, tmp_path):
    (tmp_path / "opentype").mkdir()
    (tmp_path / "opentype" / "NotoSansCJK-Regular.ttc").touch()
    monkeypatch.setattr(machine, "FONT_FOLDERS", (str(tmp_path),))
    monkeypatch.setattr(shutil, "which", lambda _: None)
    findings = {finding.check: finding.level for finding in machine.examine_machine(configuration)}
    assert findings["fonts"] is Level.OK


def test_missing_front_end_parts_are_named(monkeypatch, configuration, tmp_path):
    monkeypatch.setattr(machine, "package_root", lambda: tmp_path)
    findings = {finding.check: finding for finding in machine.examine_machine(configuration)}
    assert "htmx.min.js" in findings["front_end_parts"].message


def test_the_report_for_people_carries_every_mend(configuration, tmp_path):
    configuration.master_key_file.chmod(0o644)
    findings = list(
        machine.examine_machine(read_configuration({"BIHUAN_DATA": str(configuration.data_folder)}))
    )
    told = doctor.report(findings)
    assert all(finding.mend in told for finding in findings)
    assert "chmod go=" in told
