from __future__ import annotations

import multiprocessing
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.installation import connections
from bihuan.installation.configuration import read_configuration
from bihuan.installation.errors import ConfigurationError, DataFolderError, SecretError
from bihuan.installation.folders import LONGEST_SOCKET_PATH, SOCKET_FILE, Layout

RUNNING = "postgresql://bihuan:one@db.internal:5433/ledger"
OWNER = "postgresql://bihuan_owner:two@db.internal:5433/ledger"


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return {"BIHUAN_DATA": str(tmp_path / "data")}


def test_defaults_are_those_of_one_office_on_one_machine(environment):
    configuration = read_configuration(environment)
    assert configuration.time_zone == "Asia/Shanghai"
    assert configuration.language == "zh-hans"
    assert configuration.installation_level == "internet"
    assert configuration.allowed_hosts == ["localhost", "127.0.0.1", "[::1]"]
    assert (configuration.embedded, configuration.debug, configuration.demonstration) == (True, False, False)


def test_reading_starts_no_server(environment):
    configuration = read_configuration(environment)
    assert not configuration.layout.server.exists()


def test_secrets_are_closed_to_others(environment):
    configuration = read_configuration(environment)
    files = list(configuration.layout.secrets.iterdir())
    assert {file.name for file in files} >= {
        "secret_key",
        "master_key",
        "password_bihuan",
        "password_bihuan_owner",
    }
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert stat.S_IMODE(configuration.layout.secrets.stat().st_mode) == 0o700


def test_a_second_reading_finds_the_same_secrets(environment):
    first, second = read_configuration(environment), read_configuration(environment)
    assert first.secret_key == second.secret_key
    assert first.database == second.database
    assert first.master_key_file.read_bytes() == second.master_key_file.read_bytes()


def test_two_installations_share_no_secret(tmp_path):
    one, other = (read_configuration({"BIHUAN_DATA": str(tmp_path / name)}) for name in "ab")
    assert one.secret_key != other.secret_key
    assert one.database["PASSWORD"] != one.owner_database["PASSWORD"] != other.owner_database["PASSWORD"]


def _secret_key(folder: str) -> str:
    return read_configuration({"BIHUAN_DATA": folder}).secret_key


def test_processes_on_first_use_agree_on_one_secret(tmp_path):
    folder = str(tmp_path / "data")
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        assert len(set(pool.map(_secret_key, [folder] * 8))) == 1


def test_a_representation_tells_no_secret(environment):
    configuration = read_configuration(environment)
    shown = repr(configuration)
    assert configuration.secret_key not in shown
    assert configuration.database["PASSWORD"] not in shown
    assert configuration.owner_database["PASSWORD"] not in shown


def test_a_secret_open_to_others_is_refused(environment):
    configuration = read_configuration(environment)
    (configuration.layout.secrets / "secret_key").chmod(0o644)
    with pytest.raises(SecretError, match="chmod 600"):
        read_configuration(environment)


def test_an_emptied_secret_is_not_replaced(environment):
    configuration = read_configuration(environment)
    (configuration.layout.secrets / "secret_key").write_bytes(b"")
    with pytest.raises(SecretError):
        read_configuration(environment)


def test_a_data_folder_that_is_a_file_is_refused(tmp_path):
    (tmp_path / "data").write_text("not a folder")
    with pytest.raises(DataFolderError, match="BIHUAN_DATA"):
        read_configuration({"BIHUAN_DATA": str(tmp_path / "data")})


def test_the_mark_of_a_demonstration_is_a_file(environment):
    folder = Path(environment["BIHUAN_DATA"])
    folder.mkdir()
    (folder / "DEMONSTRATION").touch()
    assert read_configuration(environment).demonstration is True


def test_an_external_database_is_taken_from_its_addresses(environment):
    configuration = read_configuration(
        environment | {"DATABASE_URL": RUNNING, "BIHUAN_OWNER_DATABASE_URL": OWNER}
    )
    assert not configuration.embedded
    database = configuration.database
    assert (database["HOST"], database["PORT"], database["NAME"]) == ("db.internal", "5433", "ledger")
    assert (database["USER"], configuration.owner_database["USER"]) == ("bihuan", "bihuan_owner")


def test_an_external_database_gets_no_embedded_passwords(environment):
    configuration = read_configuration(
        environment | {"DATABASE_URL": RUNNING, "BIHUAN_OWNER_DATABASE_URL": OWNER}
    )
    assert not list(configuration.layout.secrets.glob("password_*"))


@pytest.mark.parametrize(
    ("given", "variable"),
    [
        ({"DATABASE_URL": RUNNING}, "BIHUAN_OWNER_DATABASE_URL"),
        ({"BIHUAN_OWNER_DATABASE_URL": OWNER}, "DATABASE_URL"),
        ({"DATABASE_URL": "", "BIHUAN_OWNER_DATABASE_URL": OWNER}, "DATABASE_URL"),
        ({"DATABASE_URL": OWNER, "BIHUAN_OWNER_DATABASE_URL": OWNER}, "DATABASE_URL"),
        (
            {"DATABASE_URL": RUNNING, "BIHUAN_OWNER_DATABASE_URL": OWNER.replace("ledger", "other")},
            "BIHUAN_OWNER_DATABASE_URL",
        ),
        ({"DATABASE_URL": "mysql://a:b@c/d", "BIHUAN_OWNER_DATABASE_URL": OWNER}, "DATABASE_URL"),
        ({"DATABASE_URL": "postgresql://h/ledger", "BIHUAN_OWNER_DATABASE_URL": OWNER}, "DATABASE_URL"),
        ({"DATABASE_URL": "postgresql://u:p@h:http/d", "BIHUAN_OWNER_DATABASE_URL": OWNER}, "DATABASE_URL"),
        ({"BIHUAN_DATA": "relative/folder"}, "BIHUAN_DATA"),
        ({"BIHUAN_TIME_ZONE": "Asia/Atlantis"}, "BIHUAN_TIME_ZONE"),
        ({"BIHUAN_TIME_ZONE": "../../etc/passwd"}, "BIHUAN_TIME_ZONE"),
        ({"BIHUAN_LEVEL": "secret"}, "BIHUAN_LEVEL"),
        ({"BIHUAN_LANGUAGE": "fr"}, "BIHUAN_LANGUAGE"),
        ({"BIHUAN_DEBUG": "maybe"}, "BIHUAN_DEBUG"),
        ({"BIHUAN_PORT": "65536"}, "BIHUAN_PORT"),
        ({"BIHUAN_PORT": "eight"}, "BIHUAN_PORT"),
        ({"BIHUAN_PORT": "٨٠٠٠"}, "BIHUAN_PORT"),
        ({"BIHUAN_TRUSTED_ORIGINS": "zg.example.gov.cn"}, "BIHUAN_TRUSTED_ORIGINS"),
        ({"BIHUAN_ADDRESS": "zg.example.gov.cn"}, "BIHUAN_ADDRESS"),
        ({"BIHUAN_ADDRESS": "https://zg.example.gov.cn /x"}, "BIHUAN_ADDRESS"),
    ],
)
def test_what_is_half_said_is_refused_by_name(environment, given, variable):
    with pytest.raises(ConfigurationError) as refused:
        read_configuration(environment | given)
    assert refused.value.variable == variable
    assert refused.value.mend


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ({}, ""),
        ({"BIHUAN_ADDRESS": "https://zg.example.gov.cn/"}, "https://zg.example.gov.cn"),
        (
            {"BIHUAN_TRUSTED_ORIGINS": "https://*.gov.cn, https://zg.example.gov.cn"},
            "https://zg.example.gov.cn",
        ),
    ],
)
def test_where_people_reach_it(environment, given, address):
    assert read_configuration(environment | given).address == address


def test_a_refusal_never_repeats_a_password(environment):
    with pytest.raises(ConfigurationError) as refused:
        read_configuration(
            environment | {"DATABASE_URL": "postgresql://u:hush@h:http/d", "BIHUAN_OWNER_DATABASE_URL": OWNER}
        )
    assert "hush" not in str(refused.value)


@given(
    user=st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1),
    password=st.text(st.characters(exclude_categories=["Cs", "Cc"])),
)
def test_any_user_and_password_survive_quoting(user, password):
    from urllib.parse import quote

    url = f"postgresql://{quote(user, safe='')}:{quote(password, safe='')}@h/d"
    read = connections.from_url(url, variable="DATABASE_URL")
    assert (read["USER"], read["PASSWORD"]) == (user, password)


def test_a_socket_folder_is_given_as_host_option():
    read = connections.from_url(
        "postgresql://u:p@/d?host=/run/postgresql&sslmode=disable", variable="DATABASE_URL"
    )
    assert read["HOST"] == "/run/postgresql"
    assert read["OPTIONS"] == {"sslmode": "disable"}


@given(st.text("abc/", min_size=1, max_size=300))
def test_the_socket_fits_however_deep_the_data_folder_lies(below):
    socket = Layout(Path("/srv") / below.strip("/")).socket / SOCKET_FILE
    assert len(bytes(socket)) <= LONGEST_SOCKET_PATH
