"""A post's page and the forms that change posts, who holds them, and what roles they have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bihuan.journal.timesource import today
from bihuan.journal.wording import listed
from bihuan.organizations import actions, choices, queries
from bihuan.organizations.forms import (
    AppointForm,
    EndTenureForm,
    HandOverForm,
    ReasonForm,
    RevisePostForm,
    RoleForm,
    StandInForm,
)
from bihuan.organizations.models import Handover, Post, RoleGrant, StandIn, Tenure
from bihuan.organizations.pages import ActionView, Offer, SignedInPage, acts, record_or_404
from bihuan.organizations.registry import open_items_of
from bihuan.organizations.spans import in_force, not_over
from bihuan.organizations.tables import link, page_of, section, table, until

if TYPE_CHECKING:
    import uuid

    from django.http import HttpRequest, HttpResponse


class PostPage(SignedInPage):
    """A post: who holds it and held it, its roles, who stands in, what was handed over."""

    def get(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        """Draw the page."""
        post: Post = record_or_404(Post, pk, "unit", "serves")
        context = {
            "title": post.name,
            "crumbs": [
                {"words": _("单位"), "url": reverse("organizations:units")},
                {"words": post.unit.name, "url": page_of(post.unit)},
                {"words": post.name, "url": ""},
            ],
            "chips": [post.get_kind_display(), *([_("已撤销")] if post.closed_on else [])],
            "sections": [
                section(_("岗位"), facts=_facts(post)),
                section(_("任职"), table=_tenures(post)),
                section(_("角色"), table=_roles(post)),
                section(_("代理"), table=_stand_ins(post)),
                section(_("工作交接"), table=_handovers(post)),
            ],
            "acts": acts(self.actor, _offers(post)) if post.closed_on is None else None,
        }
        return render(request, "organizations/record.html", context)


def _facts(post: Post) -> list[dict[str, Any]]:
    portfolio = listed(choices.label_of("sector", code) for code in post.portfolio)
    facts = [
        {"label": _("单位"), "value": link(post.unit)},
        {"label": _("科室"), "value": post.section or None},
        {"label": _("现任"), "value": link(queries.holder_of(post)) or _("空缺")},
        {"label": _("待办"), "value": len(open_items_of(post))},
    ]
    if portfolio:
        facts.insert(2, {"label": _("分管领域"), "value": portfolio})
    if post.serves is not None:
        facts.insert(2, {"label": _("服务岗位"), "value": link(post.serves)})
    return facts


def _tenures(post: Post) -> dict[str, Any]:
    tenures = Tenure.objects.filter(post=post).select_related("person").order_by("-since", "-id")
    return table(
        _("任职"),
        [("who", _("姓名")), ("since", _("自")), ("until", _("至"))],
        [
            (str(one.pk), page_of(one.person), [one.person.name, one.since, until(one.until) or _("在任")])
            for one in tenures
        ],
        empty=(_("还没有人任职"), _("空缺期间，主要负责人的职责由上级单位承担。")),
    )


def _roles(post: Post) -> dict[str, Any]:
    grants = RoleGrant.objects.filter(post=post).order_by("-since", "role")
    return table(
        _("角色"),
        [("role", _("角色")), ("since", _("自")), ("until", _("至"))],
        [
            (str(one.pk), "", [one.get_role_display(), one.since, until(one.until) or _("有效")])
            for one in grants
        ],
        empty=(_("没有角色"), _("角色由安全管理员授予岗位，不授予个人。")),
    )


def _stand_ins(post: Post) -> dict[str, Any]:
    found = StandIn.objects.filter(post=post).select_related("person", "principal").order_by("-since", "-id")
    return table(
        _("代理"),
        [
            ("who", _("代理人")),
            ("for", _("代谁")),
            ("since", _("自")),
            ("until", _("至")),
            ("why", _("事由")),
        ],
        [
            (
                str(one.pk),
                page_of(one),
                [one.person.name, one.principal.name, one.since, until(one.until), one.reason],
            )
            for one in found
        ],
        empty=(_("没有代理"), ""),
    )


def _handovers(post: Post) -> dict[str, Any]:
    found = Handover.objects.filter(post=post).select_related("outgoing", "incoming").order_by("-on", "-id")
    return table(
        _("工作交接"),
        [("on", _("日期")), ("from", _("交出")), ("to", _("接任")), ("items", _("待办件数"))],
        [
            (
                str(one.pk),
                page_of(one),
                [one.on, one.outgoing.name if one.outgoing else _("空缺"), one.incoming.name, len(one.items)],
            )
            for one in found
        ],
        empty=(_("没有交接记录"), _("换人时用“工作交接”，待办清单随岗位移交并留存。")),
    )


def _offers(post: Post) -> list[Offer]:
    def at(name: str) -> str:
        return reverse(f"organizations:{name}", args=[post.pk])

    held = Tenure.objects.filter(post=post, until__isnull=True).exists()
    filling: list[Offer] = (
        [
            (
                _("工作交接"),
                at("hand_over"),
                actions.hand_over,
                (post,),
                _("今天起由接任人任职，待办一并移交。"),
            ),
            (_("免职"), at("end_tenure"), actions.end_tenure, (post,), _("岗位空缺，待办仍留在岗位上。")),
            (_("委托代理"), at("appoint_stand_in"), actions.appoint_stand_in, (post,), ""),
        ]
        if held
        else [
            (_("任职"), at("appoint"), actions.appoint, (post,), ""),
            (_("撤销岗位"), at("close_post"), actions.close_post, (post,), ""),
        ]
    )
    roles: list[Offer] = [(_("授予角色"), at("grant_role"), actions.grant_role, (post,), _("立即生效。"))]
    if RoleGrant.objects.filter(in_force(today()), post=post).exists():
        roles.append((_("收回角色"), at("withdraw_role"), actions.withdraw_role, (post,), _("立即生效。")))
    return [*filling, (_("调整岗位"), at("revise_post"), actions.revise_post, (post,), ""), *roles]


class HandoverPage(SignedInPage):
    """One handover: who to whom, and the list of that day."""

    def get(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        """Draw the page."""
        one: Handover = record_or_404(Handover, pk, "post__unit", "outgoing", "incoming")
        items = table(
            _("移交清单"),
            [("no", _("编号")), ("kind", _("事项")), ("waits", _("待办"))],
            [(item["id"], "", [item["number"], item["kind"], item["waits_for"]]) for item in one.items],
            empty=(_("交接时没有待办"), ""),
        )
        facts = [
            {"label": _("岗位"), "value": link(one.post)},
            {"label": _("交出"), "value": link(one.outgoing) or _("空缺")},
            {"label": _("接任"), "value": link(one.incoming)},
            {"label": _("日期"), "value": one.on},
        ]
        context = {
            "title": _("工作交接"),
            "crumbs": [
                {"words": one.post.unit.name, "url": page_of(one.post.unit)},
                {"words": one.post.name, "url": page_of(one.post)},
                {"words": _("工作交接"), "url": ""},
            ],
            "sections": [section(_("交接"), facts=facts), section(_("移交清单"), table=items)],
        }
        return render(request, "organizations/record.html", context)


class StandIns(SignedInPage):
    """Who stands in for whom, now and soon."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Draw the list."""
        found = (
            StandIn.objects.filter(not_over(today()))
            .select_related("post__unit", "person", "principal")
            .order_by("since", "id")
        )
        rows = [
            (
                str(one.pk),
                page_of(one),
                [
                    f"{one.post.unit} · {one.post.name}",
                    one.principal.name,
                    one.person.name,
                    one.since,
                    until(one.until),
                    one.reason,
                ],
            )
            for one in found
        ]
        heads = [
            ("title", _("岗位")),
            ("for", _("代谁")),
            ("who", _("代理人")),
            ("since", _("自")),
            ("until", _("至")),
            ("why", _("事由")),
        ]
        empty = (_("现在没有代理"), _("岗位本人可在自己的岗位页上委托代理。"))
        context = {
            "title": _("代理"),
            "table": table(_("代理"), heads, rows, empty=empty),
            "tab": "stand_ins",
        }
        return render(request, "organizations/list.html", context)


class StandInPage(SignedInPage):
    """One stand-in."""

    def get(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        """Draw the page."""
        one: StandIn = record_or_404(StandIn, pk, "post__unit", "person", "principal")
        facts = [
            {"label": _("岗位"), "value": link(one.post)},
            {"label": _("代谁"), "value": link(one.principal)},
            {"label": _("代理人"), "value": link(one.person)},
            {"label": _("自"), "value": one.since},
            {"label": _("至"), "value": until(one.until)},
            {"label": _("事由"), "value": one.reason},
        ]
        ending = [
            (
                _("结束代理"),
                reverse("organizations:end_stand_in", args=[one.pk]),
                actions.end_stand_in,
                (one,),
                _("立即失效。"),
            )
        ]
        context = {
            "title": _("代理"),
            "crumbs": [
                {"words": _("代理"), "url": reverse("organizations:stand_ins")},
                {"words": one.post.name, "url": ""},
            ],
            "sections": [section(_("代理"), facts=facts)],
            "acts": acts(self.actor, ending) if one.until > today() else None,
        }
        return render(request, "organizations/record.html", context)


class OfPost(ActionView):
    """An action on the post the address names."""

    model = Post
    related = ("unit",)


class RevisePost(OfPost):
    """Name, section, portfolio."""

    verb, form_class, title = actions.revise_post, RevisePostForm, _("调整岗位")

    def initial(self) -> dict[str, Any]:
        """As they are."""
        post = self.subject
        return {"name": post.name, "section": post.section, "portfolio": post.portfolio}


class ClosePost(OfPost):
    """The end of a post."""

    verb, form_class, title = actions.close_post, ReasonForm, _("撤销岗位")


class Appoint(OfPost):
    """Somebody takes the post."""

    verb, form_class, title = actions.appoint, AppointForm, _("任职")


class EndTenure(OfPost):
    """The holder leaves."""

    verb, form_class, title = actions.end_tenure, EndTenureForm, _("免职")
    consequence = _("岗位空缺，待办仍留在岗位上。")


class HandOver(OfPost):
    """From one to another, today."""

    verb, form_class, title = actions.hand_over, HandOverForm, _("工作交接")
    consequence = _("今天起由接任人任职，全部待办随岗位移交并留下清单。")

    def following(self, result: Any) -> str:
        """To the handover with its list."""
        return page_of(result)


class GrantRole(OfPost):
    """A role for the post."""

    verb, form_class, title = actions.grant_role, RoleForm, _("授予角色")
    consequence = _("立即生效。三种管理员彼此分设，也不得兼任业务。")


class WithdrawRole(OfPost):
    """A role less."""

    verb, form_class, title = actions.withdraw_role, RoleForm, _("收回角色")
    consequence = _("立即生效。")

    def initial(self) -> dict[str, Any]:
        """The first role it has."""
        grant = RoleGrant.objects.filter(in_force(today()), post=self.subject).first()
        return {"role": grant.role} if grant else {}


class AppointStandIn(OfPost):
    """Somebody acts for the holder."""

    verb, form_class, title = actions.appoint_stand_in, StandInForm, _("委托代理")
    consequence = _("代理人办理的每件事都会记明代谁办理。")

    def initial(self) -> dict[str, Any]:
        """From today."""
        return {"since": today()}


class EndStandIn(ActionView):
    """The holder is back."""

    model, related = StandIn, ("post",)
    verb, title = actions.end_stand_in, _("结束代理")
    consequence = _("立即失效。")

    def following(self, result: Any) -> str:
        """To the post."""
        return page_of(self.subject.post)

    def subject_words(self) -> str:
        """Who for whom."""
        return f"{self.subject.post.name}:{self.subject.person.name}"
