"""What is kept of a password: tests at large use cheap hashes (`tests/passwords.py`), the program never."""

from __future__ import annotations

import pytest
from django.contrib.auth.hashers import (
    ScryptPasswordHasher,
    check_password,
    identify_hasher,
    is_password_usable,
    make_password,
)

from bihuan import settings as as_written
from tests.organizations.cast import PASSWORD
from tests.passwords import QuickScrypt


@pytest.fixture
def own_hashers(settings) -> None:
    settings.PASSWORD_HASHERS = as_written.PASSWORD_HASHERS


def test_the_program_makes_hashes_as_dear_as_django_advises(own_hashers):
    kept = make_password(PASSWORD)
    algorithm, rounds, *_ = kept.split("$")
    assert (algorithm, int(rounds)) == ("scrypt", ScryptPasswordHasher.work_factor)
    assert int(rounds) >= 2**14
    assert check_password(PASSWORD, kept)
    assert not check_password(PASSWORD.lower(), kept)


def test_a_cheap_hash_would_be_replaced_at_the_next_sign_in(own_hashers):
    cheap = QuickScrypt().encode(PASSWORD, "salt")
    assert is_password_usable(cheap)
    assert identify_hasher(cheap).must_update(cheap)


def test_tests_pay_little_for_theirs():
    assert make_password(PASSWORD).startswith("scrypt$2$")
