"""Pages of rules: what holds here, one version with its past, what changed, and the forms to make new ones."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.journal.action import NotAllowed
from bihuan.journal.timesource import today
from bihuan.organizations.action_pages import ActionPage, act_on_form
from bihuan.organizations.authority import jurisdiction_of
from bihuan.organizations.pages import ActionView, SignedInPage, acts, record_or_404
from bihuan.organizations.tables import table
from bihuan.policies import actions, neighbours, queries, wording
from bihuan.policies.catalogue import KINDS
from bihuan.policies.checking import kind_named
from bihuan.policies.forms import PolicyForm, WithdrawForm
from bihuan.policies.listing import filters_for, has_all, policies_table
from bihuan.policies.models import Policy
from bihuan.policies.policy import may_edit, may_read

if TYPE_CHECKING:
    import uuid

    from django import forms
    from django.http import HttpRequest, HttpResponse

    from bihuan.organizations.models import Unit
    from bihuan.policies.kinds import Kind


class PolicyPage(SignedInPage):
    """A page about the rules of the actor's own place."""

    def place(self) -> Unit:
        """The jurisdiction the actor's post lies in."""
        found = jurisdiction_of(self.actor)
        if found is None:
            raise NotAllowed(_("您的岗位不属于任何设有整改办的单位。"), accepted=_("请换用有岗位的身份。"))
        return found

    def readable(self, pk: uuid.UUID) -> Policy:
        """The version, where it holds for the actor's place."""
        policy: Policy = record_or_404(Policy, pk, "jurisdiction")
        if not may_read(self.actor, policy.jurisdiction):
            raise Http404
        return policy


class Policies(PolicyPage):
    """What holds here today: own rules and inherited ones."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Draw the list, of one kind where the address names it."""
        place, code = self.place(), request.GET.get("code", "")
        words = request.GET.get("q", "").strip()
        found = [one for one in queries.policies_of(place) if not code or one.code == code]
        edits = may_edit(self.actor, place)
        context = {
            "title": _("规则"),
            "sub": place.name,
            "filters": filters_for(code, words),
            "table": policies_table(found, place, words=words, edits=edits),
            "create_url": reverse("policies:choose") if edits else "",
            "seed_url": reverse("policies:seed") if edits and not has_all(found, place, code) else "",
        }
        return render(request, "policies/list.html", context)


class PolicyDetail(PolicyPage):
    """One version: what it says, since when, what it changed, and the versions before and after it."""

    def get(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        """Draw the page."""
        policy = self.readable(pk)
        versions = list(queries.versions_of(policy))
        before = next((one for one in versions if one.version < policy.version), None)
        context = {
            "title": str(kind_named(policy.code).label),
            "crumbs": _crumbs(policy),
            "policy": policy,
            "facts": _facts(policy),
            "body": wording.facts_of(policy.code, policy.body),
            "grid": _grid(policy),
            "changes": _changes_table(policy, before) if before else None,
            "versions": _versions_table(policy, versions),
            "further": neighbours.tables_of(self.actor, policy),
            "acts": acts(self.actor, _offers(policy)) if may_edit(self.actor, policy.jurisdiction) else None,
        }
        return render(request, "policies/detail.html", context)


def _crumbs(policy: Policy) -> list[dict[str, Any]]:
    return [
        {"words": _("规则"), "url": reverse("policies:list")},
        {"words": kind_named(policy.code).label, "url": f"{reverse('policies:list')}?code={policy.code}"},
    ]


def _facts(policy: Policy) -> list[dict[str, Any]]:
    until = policy.valid_until
    return [
        {"label": _("适用"), "value": wording.scope_words(policy)},
        {"label": _("制定"), "value": policy.jurisdiction.name},
        {"label": _("版本"), "value": _("第 %(version)s 版") % {"version": policy.version}},
        {"label": _("生效"), "value": policy.valid_from},
        {"label": _("失效"), "value": until or _("长期有效")},
        {"label": _("依据"), "value": policy.basis or _("未注明")},
    ]


def _grid(policy: Policy) -> dict[str, Any] | None:
    matrix = policy.body.get("matrix")
    if matrix is None:
        return None
    found = wording.matrix_rows(matrix)
    for row in found["rows"]:
        row["cells"] = [
            {"head": head, "words": wording.grade_words(matrix.get(key))}
            for head, key in zip(found["heads"], row["keys"], strict=True)
        ]
    return found


def _changes_table(policy: Policy, before: Policy) -> dict[str, Any]:
    rows = [
        (str(number), "", [label, old, new])
        for number, (label, old, new) in enumerate(
            wording.changes_between(policy.code, before.body, policy.body)
        )
    ]
    heads = [("title", _("项目")), ("before", _("第 %(version)s 版") % {"version": before.version})]
    heads.append(("after", _("第 %(version)s 版") % {"version": policy.version}))
    return table(_("变化"), heads, rows, empty=(_("内容没有变化"), _("只改了有效期或依据。")))


def _versions_table(policy: Policy, versions: list[Policy]) -> dict[str, Any]:
    rows = []
    for one in versions:
        compare: Any = _("本版")
        if one.pk != policy.pk:
            url = reverse("policies:compare", args=[policy.pk, one.pk])
            compare = {"piece": "link", "words": _("与本版比较"), "url": url}
        cells = [
            _("第 %(version)s 版") % {"version": one.version},
            one.valid_from,
            one.valid_until or _("长期有效"),
            one.basis,
            compare,
        ]
        rows.append((str(one.pk), reverse("policies:detail", args=[one.pk]), cells))
    heads = [
        ("title", _("版本")),
        ("since", _("生效")),
        ("until", _("失效")),
        ("basis", _("依据")),
        ("compare", ""),
    ]
    return table(_("历次版本"), heads, rows)


def _offers(policy: Policy) -> list[Any]:
    def at(name: str) -> str:
        return reverse(f"policies:{name}", args=[policy.pk])

    then = _("新版本从生效日起适用于新开始计时的事项，在办的仍按原版本。")
    offers: list[Any] = [(_("制定新版本"), at("revise"), actions.enact, (policy,), then)]
    if policy.valid_until is None or policy.valid_until >= today():
        ends = _("停用后恢复此前的版本或上级规则。")
        offers.append((_("停用"), at("withdraw"), actions.withdraw, (policy,), ends))
    return [*offers, *neighbours.offers_for(policy)]


class Compare(PolicyPage):
    """Two versions side by side."""

    def get(self, request: HttpRequest, pk: uuid.UUID, other: uuid.UUID) -> HttpResponse:
        """Draw what differs, the older one first."""
        older, newer = sorted((self.readable(pk), self.readable(other)), key=lambda one: one.version)
        if queries.scope_of(older) != queries.scope_of(newer):
            raise Http404
        context = {
            "title": _("版本比较"),
            "crumbs": [
                *_crumbs(newer),
                {"words": wording.scope_words(newer), "url": reverse("policies:detail", args=[newer.pk])},
            ],
            "table": _changes_table(newer, older),
        }
        return render(request, "policies/compare.html", context)


class Choose(PolicyPage):
    """Which kind of rule to make."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Draw the kinds."""
        actions.enact.may(self.actor, (), {"jurisdiction": self.place()})
        rows = [
            (kind.code, reverse("policies:create", args=[kind.code]), [str(kind.label), str(kind.help)])
            for kind in KINDS.values()
        ]
        heads = [("title", _("规则")), ("help", _("说明"))]
        context = {
            "title": _("制定规则"),
            "crumbs": [{"words": _("规则"), "url": reverse("policies:list")}],
            "table": table(_("规则种类"), heads, rows),
        }
        return render(request, "policies/compare.html", context)


class Enact(PolicyPage):
    """The form of a rule: for a scope to be chosen, beginning with what holds there now."""

    def get(self, request: HttpRequest, **address: Any) -> HttpResponse:
        """The form, for those who may send it."""
        actions.enact.may(self.actor, (), {"jurisdiction": self.jurisdiction(address)})
        return self.answer(address)

    def post(self, request: HttpRequest, **address: Any) -> HttpResponse:
        """Send the form to the action."""
        return self.answer(address)

    def jurisdiction(self, address: dict[str, Any]) -> Unit:
        """For which place the rule is made."""
        return self.place()

    def kind(self, address: dict[str, Any]) -> Kind:
        """Which kind."""
        if address["code"] not in KINDS:
            raise Http404
        return KINDS[address["code"]]

    def start(self, address: dict[str, Any]) -> dict[str, Any]:
        """What the form shows at first: the general rule of the place, or what the catalogue begins with."""
        kind = self.kind(address)
        book = queries.book_of([kind.code], jurisdiction=self.place(), on=today())
        general = [one for one in book.policies.get(kind.code, []) if not any(_scope(one).values())]
        return dict(max(general, key=lambda one: one.version).body if general else kind.starts[0].body)

    def scope(self, address: dict[str, Any]) -> dict[str, str] | None:
        """The scope, where the address fixes it."""
        return None

    def answer(self, address: dict[str, Any]) -> HttpResponse:
        """Show, send, refuse in place, or lead on to the new version."""
        kind, scope, place = self.kind(address), self.scope(address), self.jurisdiction(address)
        form_class = partial(PolicyForm, kind=kind, body=self.start(address), scope=scope is None)
        sent: list[PolicyForm] = []

        def form(*data: Any) -> forms.Form:
            sent.append(form_class(*data))
            return sent[-1]

        def call(data: dict[str, Any], meta: dict[str, Any]) -> Policy:
            facts = {**sent[-1].arguments(), **(scope or {})}
            return actions.enact.call(**meta)(code=kind.code, jurisdiction=place, actor=self.actor, **facts)

        page = ActionPage(
            title=_("制定规则：%(kind)s") % {"kind": kind.label},
            done=lambda policy: reverse("policies:detail", args=[policy.pk]),
            consequence=_("新版本从生效日起适用于新开始计时的事项，在办的仍按原版本。"),
            submit_label=_("制定"),
            said=_("新版本已制定。"),
            cancel_url=reverse("policies:list"),
            crumbs=[{"words": _("规则"), "url": reverse("policies:list")}],
            template="policies/form.html",
            context={"help": kind.help},
        )
        return act_on_form(self.request, form, page, call)


def _scope(policy: Policy) -> dict[str, str]:
    return {name: getattr(policy, name) for name in ("source", "sector", "grade", "supervision_level")}


class Revise(Enact):
    """A new version for the same scope, beginning with the old one."""

    def policy(self, address: dict[str, Any]) -> Policy:
        """The version to start from."""
        return self.readable(address["pk"])

    def jurisdiction(self, address: dict[str, Any]) -> Unit:
        """The place the old version holds for."""
        return self.policy(address).jurisdiction

    def kind(self, address: dict[str, Any]) -> Kind:
        """The kind of the old version."""
        return kind_named(self.policy(address).code)

    def start(self, address: dict[str, Any]) -> dict[str, Any]:
        """The old body."""
        return dict(self.policy(address).body)

    def scope(self, address: dict[str, Any]) -> dict[str, str]:
        """The old scope."""
        return _scope(self.policy(address))


class Withdraw(ActionView):
    """End a version."""

    verb, model, related = actions.withdraw, Policy, ("jurisdiction",)
    form_class, title = WithdrawForm, gettext_lazy("停用规则")

    def answer(self) -> HttpResponse:
        """Show, send, refuse in place, or back to the version."""
        page = ActionPage(
            title=self.title,
            done=self.following,
            consequence=_("停用后恢复此前的版本或上级规则。"),
            submit_label=_("停用"),
            said=_("规则已停用。"),
            cancel_url=self.following(None),
            subjects=[
                f"{kind_named(self.subject.code).label} · {wording.scope_words(self.subject)} · v{self.subject.version}"
            ],
        )
        return act_on_form(self.request, self.form, page, self.perform, subjects=self.subjects)

    def following(self, result: Any) -> str:
        """To the version's page."""
        return reverse("policies:detail", args=[self.subject.pk])


class Seed(PolicyPage, ActionView):
    """The starting set for a place without one."""

    verb, title = actions.seed_policies, gettext_lazy("装入起始规则")

    def fixed(self) -> dict[str, Any]:
        """The actor's own place."""
        return {"jurisdiction": self.place()}

    def answer(self) -> HttpResponse:
        """Show, send, refuse in place, or to the list."""
        page = ActionPage(
            title=self.title,
            done=lambda _made: reverse("policies:list"),
            consequence=_("为本级装入一套常用规则，已有的不动；之后可逐条修改。"),
            submit_label=_("装入"),
            said=_("起始规则已装入。"),
            cancel_url=reverse("policies:list"),
            subjects=[self.place().name],
        )
        return act_on_form(self.request, self.form, page, self.perform)
