"""Bodies: the list, a body's page, and the forms that change them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import Count, Q
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bihuan.journal.timesource import today
from bihuan.organizations import actions, policy
from bihuan.organizations.choices import RecordField
from bihuan.organizations.forms import BodyForm, MemberForm, ReasonForm
from bihuan.organizations.models import Body, BodyMember, Post
from bihuan.organizations.pages import ActionView, Offer, SignedInPage, acts, record_or_404
from bihuan.organizations.queries import holder_of
from bihuan.organizations.spans import in_force, not_over
from bihuan.organizations.tables import link, page_of, section, table, until

if TYPE_CHECKING:
    import uuid

    from django.http import HttpRequest, HttpResponse


class Bodies(SignedInPage):
    """Leading groups, task forces and offices that stand today."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Draw the list."""
        members = Count("members", filter=in_force(today(), "members__") & Q(members__isnull=False))
        found = (
            Body.objects.filter(not_over(today()))
            .select_related("jurisdiction")
            .annotate(size=members)
            .order_by("kind", "name")
        )
        rows = [
            (
                str(one.pk),
                page_of(one),
                [one.name, one.get_kind_display(), one.jurisdiction.name, one.size, one.since],
            )
            for one in found
        ]
        heads = [
            ("title", _("机构")),
            ("kind", _("类别")),
            ("unit", _("辖区")),
            ("size", _("成员")),
            ("since", _("成立")),
        ]
        empty = (_("还没有领导小组或专班"), _("由整改办或系统管理员成立。"))
        context = {
            "title": _("领导小组与专班"),
            "table": table(_("领导小组与专班"), heads, rows, empty=empty),
            "tab": "bodies",
            "create_url": reverse("organizations:create_body")
            if policy.may(policy.keeps_structure, self.actor) or policy.coordinates_somewhere(self.actor)
            else "",
            "create_label": _("成立机构"),
        }
        return render(request, "organizations/list.html", context)


class BodyPage(SignedInPage):
    """A body and its members."""

    def get(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        """Draw the page."""
        body: Body = record_or_404(Body, pk, "jurisdiction")
        stands = body.until is None or body.until > today()
        facts = [
            {"label": _("类别"), "value": body.get_kind_display()},
            {"label": _("辖区"), "value": link(body.jurisdiction)},
            {"label": _("成立"), "value": body.since},
            {"label": _("撤销"), "value": until(body.until)},
        ]
        context = {
            "title": body.name,
            "crumbs": [
                {"words": _("领导小组与专班"), "url": reverse("organizations:bodies")},
                {"words": body.name, "url": ""},
            ],
            "chips": [] if stands else [_("已撤销")],
            "sections": [section(_("机构"), facts=facts), section(_("成员"), table=_members(body))],
            "acts": acts(self.actor, _offers(body)) if stands else None,
        }
        return render(request, "organizations/record.html", context)


def _members(body: Body) -> dict[str, Any]:
    order = list(BodyMember.Role.values)
    found = BodyMember.objects.filter(body=body).select_related("post__unit")
    members = sorted(found, key=lambda one: (one.until is not None, order.index(one.role), one.since))
    rows = []
    for one in members:
        holder = holder_of(one.post)
        cells = [
            one.post.name,
            link(one.post.unit),
            holder.name if holder else _("空缺"),
            one.get_role_display(),
            one.since,
            until(one.until) or _("在任"),
        ]
        rows.append((str(one.pk), page_of(one.post), cells))
    heads = [
        ("post", _("岗位")),
        ("unit", _("单位")),
        ("who", _("现任")),
        ("role", _("职务")),
        ("since", _("自")),
        ("until", _("至")),
    ]
    return table(_("成员"), heads, rows, empty=(_("还没有成员"), _("成员是岗位，换人不必改名单。")))


def _offers(body: Body) -> list[Offer]:
    def at(name: str) -> str:
        return reverse(f"organizations:{name}", args=[body.pk])

    offers: list[Offer] = [
        (_("增加成员"), at("add_member"), actions.add_member, (body,), _("成员可见本机构参与的问题。"))
    ]
    if BodyMember.objects.filter(not_over(today()), body=body).exists():
        offers.append((_("成员退出"), at("end_membership"), actions.end_membership, (body,), ""))
    return [*offers, (_("撤销机构"), at("end_body"), actions.end_body, (body,), "")]


class CreateBody(ActionView):
    """A new body."""

    verb, form_class, title = actions.create_body, BodyForm, _("成立机构")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Which jurisdiction is asked in the form, so here only whether there is any."""
        if not policy.coordinates_somewhere(self.actor):
            return super().get(request, *args, **kwargs)
        return self.answer()

    def following(self, result: Any) -> str:
        """To the new body."""
        return page_of(result)


class OfBody(ActionView):
    """An action on the body the address names."""

    model = Body
    related = ("jurisdiction",)


class AddMember(OfBody):
    """A post joins."""

    verb, form_class, title = actions.add_member, MemberForm, _("增加成员")


class EndMembership(OfBody):
    """A post leaves."""

    verb, title = actions.end_membership, _("成员退出")

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Only members can leave, so only they are offered."""
        super().setup(request, *args, **kwargs)
        body = self.subject

        def members() -> list[tuple[str, str]]:
            found = BodyMember.objects.filter(not_over(today()), body=body).select_related("post__unit")
            return [(str(one.post_id), f"{one.post.unit} · {one.post.name}") for one in found]

        class LeavingForm(forms.Form):
            post = RecordField(Post, members, label=_("岗位"))

        self.form_class = LeavingForm


class EndBody(OfBody):
    """The end of a body."""

    verb, form_class, title = actions.end_body, ReasonForm, _("撤销机构")
