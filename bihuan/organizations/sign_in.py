"""Sign-in by user name or mobile number; every sign-in, refusal and sign-out is entered in the access log."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.shortcuts import render

from bihuan.journal import access
from bihuan.journal.action import Actor
from bihuan.journal.vault import find_personal
from bihuan.organizations.acting import person_of
from bihuan.organizations.models import Account
from bihuan.organizations.rules import masked_mobile, plain_mobile

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

LOCKED_OUT = 429


class NameOrMobileBackend(ModelBackend):
    """Takes what was typed for a user name; if nobody has that name, for a mobile number."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> Account | None:
        if username is None or password is None:
            return None
        account = account_named(username)
        if account is None:
            # The same work as for a wrong password, so that the clock does not tell who has an account.
            Account().set_password(password)
            return None
        if account.check_password(password) and self.user_can_authenticate(account):
            return account
        return None

    def user_can_authenticate(self, user: Any) -> bool:
        """Active, and not somebody who has left."""
        person = getattr(user, "person", None)
        return super().user_can_authenticate(user) and (person is None or person.left_on is None)

    def get_user(self, user_id: Any) -> Account | None:
        """The account of a session with its person: every page asks for both."""
        account: Account | None = Account.objects.select_related("person").filter(pk=user_id).first()
        return account if account is not None and self.user_can_authenticate(account) else None


def account_named(typed: str) -> Account | None:
    """The account with this user name, or of the person with this mobile number."""
    account = Account.objects.filter(username=typed.strip()).first()
    number = plain_mobile(typed)
    if account is None and number is not None:
        account = Account.objects.filter(person__mobile__in=find_personal("mobile", number)).first()
    return account


class ClosedSignup(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Accounts are made by the security administrator; nobody registers here."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False


def locked_out(request: HttpRequest, credentials: Any = None, *args: Any, **kwargs: Any) -> HttpResponse:
    """What somebody sees after too many wrong passwords."""
    return render(request, "organizations/locked_out.html", status=LOCKED_OUT)


def _account_actor(account: Any) -> Actor:
    person = person_of(account)
    if person is not None:
        return Actor(person=person.pk, person_name=person.name)
    return Actor(person=None, person_name=str(getattr(account, "username", "")))


def note_sign_in(sender: Any, user: Any, **kwargs: Any) -> None:
    """Somebody came in."""
    access.record(_account_actor(user), "sign_in", outcome="done", account=str(user.pk))


def note_sign_out(sender: Any, user: Any, **kwargs: Any) -> None:
    """Somebody left."""
    if user is not None:
        access.record(_account_actor(user), "sign_out", outcome="done", account=str(user.pk))


def note_failure(sender: Any, credentials: dict[str, Any], **kwargs: Any) -> None:
    """A wrong name or password, or an account that is locked."""
    typed = str(credentials.get("username") or "")
    account = account_named(typed)
    if account is not None:
        access.record(_account_actor(account), "sign_in", outcome="failed", account=str(account.pk))
    else:
        access.record(Actor(person=None, person_name=""), "sign_in", outcome="failed", typed=_masked(typed))


def _masked(typed: str) -> str:
    """Enough to recognise a pattern of attacks; a mobile number or a password typed in the wrong box stays secret."""
    number = plain_mobile(typed)
    return masked_mobile(number) if number else f"{typed[:2]}***"


def watch() -> None:
    """Listen to Django's own signals of accounts (they are no business rows)."""
    user_logged_in.connect(note_sign_in, dispatch_uid="bihuan.sign_in")
    user_logged_out.connect(note_sign_out, dispatch_uid="bihuan.sign_out")
    user_login_failed.connect(note_failure, dispatch_uid="bihuan.sign_in_failed")
