"""Sign-in by user name or mobile number."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.backends import ModelBackend


class NameOrMobileBackend(ModelBackend):
    """Signs in by user name."""


class ClosedSignup(DefaultAccountAdapter):
    """Accounts are made by the security administrator."""
