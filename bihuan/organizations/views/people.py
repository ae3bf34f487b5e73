"""People: the list, a person's page with contacts masked, and the forms that change them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bihuan.journal import access
from bihuan.journal.action import NotAllowed
from bihuan.journal.vault import open_personal
from bihuan.journal.wording import listed
from bihuan.organizations import actions, policy, queries
from bihuan.organizations.forms import (
    AccountForm,
    EmailForm,
    MobileForm,
    PersonForm,
    ReasonForm,
    RenamePersonForm,
)
from bihuan.organizations.models import Person, StandIn, Tenure
from bihuan.organizations.pages import ActionView, Offer, SignedInPage, acts, record_or_404
from bihuan.organizations.registry import pages_about
from bihuan.organizations.rules import masked_email, masked_mobile
from bihuan.organizations.tables import link, page_of, section, table, until

if TYPE_CHECKING:
    import uuid

    from django.http import HttpRequest, HttpResponse

    from bihuan.journal.action import Actor

CONTACTS = (("mobile", _("手机号"), masked_mobile), ("email", _("邮箱"), masked_email))


class People(SignedInPage):
    """Everybody who has not left, by name."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Draw the list."""
        words = request.GET.get("q", "").strip()
        rows = [
            (
                str(person.pk),
                page_of(person),
                [
                    person.name,
                    listed(str(one.post.unit) for one in person.held),
                    listed(one.post.name for one in person.held),
                ],
            )
            for person in queries.search_people(words)
        ]
        heads = [("name", _("姓名")), ("unit", _("单位")), ("post", _("岗位"))]
        empty = (_("没有找到"), _("换个写法再找，或登记人员。"))
        context = {
            "title": _("人员"),
            "words": words,
            "search_hint": _("姓名"),
            "table": table(_("人员"), heads, rows, empty=empty),
            "tab": "people",
            "create_url": reverse("organizations:create_person")
            if policy.may(policy.keeps_structure, self.actor)
            else "",
            "create_label": _("登记人员"),
        }
        return render(request, "organizations/list.html", context)


class PersonPage(SignedInPage):
    """A person: where they sit, how they sign in, and how to reach them, masked."""

    def get(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        """Draw the page with contacts masked."""
        return self.draw(record_or_404(Person, pk, "account"), revealed=False)

    def post(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        """Show the contacts in full, for those who may; the access log says who looked."""
        person: Person = record_or_404(Person, pk, "account")
        if not policy.may_reveal(self.actor, person):
            access.record(self.actor, "personal:contacts", outcome="refused", subjects=[person])
            raise NotAllowed(_("不能查看他人的联系方式。"), accepted=_("由本人或管理员查看。"))
        access.record(self.actor, "personal:contacts", outcome="seen", subjects=[person])
        return self.draw(person, revealed=True)

    def draw(self, person: Person, *, revealed: bool) -> HttpResponse:
        """The page."""
        may_reveal = policy.may_reveal(self.actor, person) and (person.mobile or person.email)
        context = {
            "title": person.name,
            "crumbs": [
                {"words": _("人员"), "url": reverse("organizations:people")},
                {"words": person.name, "url": ""},
            ],
            "chips": [_("已于 %(day)s 离职") % {"day": person.left_on.isoformat()}] if person.left_on else [],
            "sections": [
                section(_("本人"), facts=[*_facts(person, revealed=revealed), *_pages(self.actor, person)]),
                section(_("任职"), table=_tenures(person)),
                section(_("代理"), table=_stand_ins(person)),
            ],
            "reveal_url": page_of(person) if may_reveal and not revealed else "",
            "acts": acts(self.actor, _offers(person)) if person.left_on is None else None,
        }
        return render(self.request, "organizations/record.html", context)


def _facts(person: Person, *, revealed: bool) -> list[dict[str, Any]]:
    facts: list[dict[str, Any]] = []
    for field, label, mask in CONTACTS:
        value = open_personal(getattr(person, field))
        facts.append({"label": label, "value": value if revealed or value is None else mask(value)})
    account = person.account
    if account is None:
        signs_in: Any = _("没有账号")
    else:
        signs_in = (
            account.username if account.is_active else _("%(name)s(已停用)") % {"name": account.username}
        )
    facts.append({"label": _("账号"), "value": signs_in})
    facts.append({"label": _("身份标识"), "value": person.external_id or None})
    return facts


def _pages(actor: Actor, person: Person) -> list[dict[str, Any]]:
    """What rooms above know of the person, for those who may read it."""
    return [
        {"label": words, "value": {"piece": "link", "words": _("查看"), "url": url}}
        for words, url in pages_about(actor, person)
    ]


def _tenures(person: Person) -> dict[str, Any]:
    found = Tenure.objects.filter(person=person).select_related("post__unit").order_by("-since", "-id")
    return table(
        _("任职"),
        [("post", _("岗位")), ("unit", _("单位")), ("since", _("自")), ("until", _("至"))],
        [
            (
                str(one.pk),
                page_of(one.post),
                [one.post.name, link(one.post.unit), one.since, until(one.until) or _("在任")],
            )
            for one in found
        ],
        empty=(_("没有任职"), _("在岗位页上任职。")),
    )


def _stand_ins(person: Person) -> dict[str, Any]:
    found = StandIn.objects.filter(person=person).select_related("post__unit", "principal").order_by("-since")
    return table(
        _("代理"),
        [("post", _("岗位")), ("for", _("代谁")), ("since", _("自")), ("until", _("至"))],
        [
            (
                str(one.pk),
                page_of(one),
                [f"{one.post.unit} · {one.post.name}", one.principal.name, one.since, until(one.until)],
            )
            for one in found
        ],
        empty=(_("没有代理他人"), ""),
    )


def _offers(person: Person) -> list[Offer]:
    def at(name: str) -> str:
        return reverse(f"organizations:{name}", args=[person.pk])

    account = _("重置账号") if person.account_id else _("开通账号")
    return [
        (_("登记手机号"), at("set_mobile"), actions.set_mobile, (person,), ""),
        (_("登记邮箱"), at("set_email"), actions.set_email, (person,), ""),
        (account, at("set_account"), actions.set_account, (person,), ""),
        (_("更正姓名"), at("rename_person"), actions.rename_person, (person,), ""),
        (_("离职"), at("depart"), actions.depart, (person,), _("账号随即停用。")),
    ]


class CreatePerson(ActionView):
    """A new person."""

    verb, form_class, title = actions.create_person, PersonForm, _("登记人员")

    def following(self, result: Any) -> str:
        """To the new person."""
        return page_of(result)


class OfPerson(ActionView):
    """An action on the person the address names."""

    model = Person
    related = ("account",)


class RenamePerson(OfPerson):
    """A corrected name."""

    verb, form_class, title = actions.rename_person, RenamePersonForm, _("更正姓名")

    def initial(self) -> dict[str, Any]:
        """As it is."""
        return {"name": self.subject.name}


class SecretPage(OfPerson):
    """An action whose arguments are secret: no digest of them is kept, so it takes no idempotency key."""

    def perform(self, data: dict[str, Any], meta: dict[str, Any]) -> Any:
        """Call the action without a key; doing it twice does no harm."""
        return self.verb.call(seen=meta["seen"])(*self.subjects, **data, actor=self.actor)


class SetMobile(SecretPage):
    """The mobile number."""

    verb, form_class, title = actions.set_mobile, MobileForm, _("登记手机号")


class SetEmail(SecretPage):
    """The e-mail address."""

    verb, form_class, title = actions.set_email, EmailForm, _("登记邮箱")


class SetAccount(SecretPage):
    """User name, password, state."""

    verb, form_class, title = actions.set_account, AccountForm, _("开通或重置账号")
    consequence = _("请把用户名和初始密码当面交给本人。")

    def initial(self) -> dict[str, Any]:
        """The present name and state."""
        account = self.subject.account
        return {"user_name": account.username, "is_active": account.is_active} if account else {}


class Depart(OfPerson):
    """Leaving."""

    verb, form_class, title = actions.depart, ReasonForm, _("离职")
    consequence = _("账号随即停用；须先交接全部岗位。")
