"""Passwords in tests: the program's own kind of hash, made cheap, for most tests only want somebody signed in.

A hash that costs an attacker a tenth of a second costs every test as much for everybody it gives an account.
`tests/organizations/test_passwords.py` looks at the hashes the program really makes.
"""

from __future__ import annotations

from django.contrib.auth.hashers import ScryptPasswordHasher


class QuickScrypt(ScryptPasswordHasher):
    """scrypt in the fewest rounds there are; stored, compared and replaced like any other."""

    work_factor = 2
