"""People: their names, their sealed contacts, their accounts."""

from __future__ import annotations

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from bihuan.journal.action import Actor, Refused, action, current
from bihuan.journal.vault import find_personal, seal_personal
from bihuan.journal.wording import listed
from bihuan.organizations import policy
from bihuan.organizations.actions.required import filled
from bihuan.organizations.models import Account, Person, Post, Tenure
from bihuan.organizations.rules import plain_email, plain_mobile
from bihuan.organizations.spans import not_over


@action("organizations.create_person", may=policy.keeps_structure)
def create_person(*, name: str, external_id: str = "", actor: Actor) -> Person:
    """Enter a person; everything private comes by verbs of its own."""
    person = Person(
        name=filled(name, field="name", label=_("姓名"), longest=60), external_id=external_id.strip()
    )
    _refuse_taken_identity(person)
    person.save()
    return person


def _refuse_taken_identity(person: Person) -> None:
    same = Person.objects.filter(external_id=person.external_id).exclude(pk=person.pk)
    if person.external_id and same.exists():
        raise Refused(
            _("统一身份标识“%(id)s”已属于另一个人。") % {"id": person.external_id},
            accepted=_("请核对标识，或直接使用已登记的人员。"),
            field="external_id",
        )


@action("organizations.rename_person", may=policy.keeps_structure)
def rename_person(person: Person, *, name: str, reason: str = "", actor: Actor) -> None:
    """Correct a name; what was written before keeps the name of its day."""
    person.name = filled(name, field="name", label=_("姓名"), longest=60)
    person.save()
    current().because(reason)


@action("organizations.set_mobile", may=policy.changes_contacts)
def set_mobile(person: Person, *, mobile: str, actor: Actor) -> None:
    """Seal the person's mobile number, which also signs them in; an empty one takes it away."""
    seal_mobile(person, mobile)
    person.save()


def seal_mobile(person: Person, mobile: str) -> None:
    """The same inside an open action, without saving the person."""
    if not mobile.strip():
        person.mobile = None
        return
    number = plain_mobile(mobile)
    if number is None:
        raise Refused(_("这不是有效的手机号。"), accepted=_("请填 11 位大陆手机号。"), field="mobile")
    if Person.objects.filter(mobile__in=find_personal("mobile", number)).exclude(pk=person.pk).exists():
        raise Refused(_("这个手机号已由另一个人使用。"), accepted=_("请核对号码。"), field="mobile")
    person.mobile = seal_personal(person, person.pk, "mobile", number, findable=True)


@action("organizations.set_email", may=policy.changes_contacts)
def set_email(person: Person, *, email: str, actor: Actor) -> None:
    """Seal the person's e-mail address; an empty one takes it away."""
    seal_email(person, email)
    person.save()


def seal_email(person: Person, email: str) -> None:
    """The same inside an open action, without saving the person."""
    if not email.strip():
        person.email = None
        return
    address = plain_email(email)
    if address is None:
        raise Refused(
            _("这不是有效的邮箱地址。"), accepted=_("请填形如 name@example.org 的地址。"), field="email"
        )
    person.email = seal_personal(person, person.pk, "email", address, findable=True)


@action("organizations.set_account", may=policy.grants_roles)
def set_account(
    person: Person, *, user_name: str, password: str, is_active: bool = True, actor: Actor
) -> None:
    """Open an account for the person, or give the one they have another name, password or state."""
    if person.left_on is not None and is_active:
        raise Refused(
            _("“%(person)s”已离职。") % {"person": person.name}, accepted=_("离职人员不能开通账号。")
        )
    user_name = filled(user_name, field="user_name", label=_("用户名"), longest=150)
    account = person.account or Account()
    if plain_mobile(user_name) is not None:
        raise Refused(
            _("用户名不能是手机号。"),
            accepted=_("手机号登记后本来就可以登录，请另取用户名。"),
            field="user_name",
        )
    if Account.objects.filter(username__iexact=user_name).exclude(pk=account.pk).exists():
        raise Refused(_("用户名已被使用。"), accepted=_("请换一个用户名。"), field="user_name")
    account.username, account.is_active = user_name, is_active
    _set_password(account, password)
    account.save()
    person.account = account
    person.save()
    # The name is a work identity; the password leaves no trace but that it was set.
    current().fact(person, user_name=user_name, is_active=is_active)


def _set_password(account: Account, password: str) -> None:
    try:
        validate_password(password, account)
    except ValidationError as error:
        raise Refused(
            " ".join(error.messages), accepted=_("请换一个更长、更难猜的密码。"), field="password"
        ) from error
    account.set_password(password)


@action("organizations.depart", may=policy.keeps_structure)
def depart(person: Person, *, reason: str = "", actor: Actor) -> None:
    """The person leaves: refused while they hold a post, for its open items must pass on first."""
    held = Post.objects.filter(
        pk__in=Tenure.objects.filter(not_over(current().today), person=person).values("post")
    ).values_list("name", flat=True)
    if held:
        raise Refused(
            _("“%(person)s”还在任：%(posts)s。") % {"person": person.name, "posts": listed(held)},
            accepted=_("请先办理工作交接或免职。"),
        )
    person.left_on = current().today
    person.save()
    if person.account is not None:
        person.account.is_active = False
        person.account.save(update_fields=["is_active"])
    current().because(reason)
