"""Restricted channels and clues. To whoever was not named these pages do not exist; whoever was leaves a trace here."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from bihuan.journal import access
from bihuan.ledger import actions
from bihuan.ledger.channel_forms import AdmitForm, ChannelForm, DismissForm, HandOverForm, ReturnClueForm
from bihuan.ledger.channels import channels_of, clues_for, has_business_here, present_members
from bihuan.ledger.models import Clue, RestrictedChannel
from bihuan.ledger.pages import channels as pages
from bihuan.ledger.verbs import LABELS, LedgerVerb
from bihuan.organizations.acting import Request
from bihuan.organizations.action_pages import ActionPage, Meta, act_on_form
from bihuan.organizations.authority import jurisdiction_of
from bihuan.organizations.models import Post


@require_safe
@never_cache
def channels(request: Request) -> HttpResponse:
    """The channels one may know of, and the clues held for one."""
    if not has_business_here(request.actor):
        raise Http404
    return render(request, "ledger/channels.html", pages.list_context(request.actor))


@require_safe
@never_cache
def channel(request: Request, pk: uuid.UUID) -> HttpResponse:
    """One channel with its members and its problems."""
    found = _seen_channel(request, pk)
    access.record(request.actor, "restricted:ledger.channel", subjects=[found])
    return render(
        request, "ledger/channel.html", pages.channel_context(request.actor, found, _after(request))
    )


def _after(request: Request) -> uuid.UUID | None:
    try:
        return uuid.UUID(request.GET.get("after", ""))
    except ValueError:
        return None


def _seen_channel(request: Request, pk: uuid.UUID) -> RestrictedChannel:
    found = channels_of(request.actor).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def create_channel(request: Request) -> HttpResponse:
    """A new channel; whoever makes it keeps it."""
    place = jurisdiction_of(request.actor)
    keeper = Post.objects.filter(pk=request.actor.post).first()
    if place is None or keeper is None or not has_business_here(request.actor):
        raise Http404
    actions.create_channel.may(request.actor, [], {"jurisdiction": place})

    def call(cleaned: dict[str, Any], meta: Meta) -> RestrictedChannel:
        return actions.create_channel.call(**meta)(
            jurisdiction=place, keeper=keeper, actor=request.actor, **cleaned
        )

    page = ActionPage(
        title=LABELS[LedgerVerb.CREATE_CHANNEL],
        consequence=_("您的岗位是第一个知悉岗位；其他人看不到专线和其中的任何内容。"),
        submit_label=_("建立"),
        cancel_url=reverse("ledger:channels"),
        done=lambda made: reverse("ledger:channel", args=[made.pk]),
    )
    return act_on_form(request, ChannelForm, page, call)


def admit(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Let one more post know."""
    found = _seen_channel(request, pk)
    actions.admit.may(request.actor, [found], {})

    def call(cleaned: dict[str, Any], meta: Meta) -> Any:
        last = cleaned["last_day"]
        return actions.admit.call(**meta)(
            found,
            post=cleaned["post"],
            since=cleaned["since"],
            until=last + timedelta(days=1) if last else None,
            actor=request.actor,
        )

    page = _page(found, LedgerVerb.ADMIT, _("该岗位从准入之日起看得到专线里的全部问题。"))
    return act_on_form(request, AdmitForm, page, call, subjects=[found])


def dismiss(request: Request, pk: uuid.UUID, post: uuid.UUID) -> HttpResponse:
    """A post may not know any more."""
    found = _seen_channel(request, pk)
    actions.dismiss.may(request.actor, [found], {})
    member = present_members(found).filter(post=post).first()
    if member is None:
        raise Http404

    def call(cleaned: dict[str, Any], meta: Meta) -> None:
        actions.dismiss.call(**meta)(found, post=member.post, reason=cleaned["reason"], actor=request.actor)

    consequence = _("%(post)s从今天起看不到这条专线和其中的问题。") % {"post": member.post.name}
    page = _page(found, LedgerVerb.DISMISS, consequence)
    return act_on_form(request, DismissForm, page, call, subjects=[found])


def _page(found: RestrictedChannel, verb: LedgerVerb, consequence: str) -> ActionPage:
    back = reverse("ledger:channel", args=[found.pk])
    return ActionPage(
        title=LABELS[verb],
        subjects=[f"{found.code} {found.name}"],
        consequence=consequence,
        submit_label=LABELS[verb],
        said=_("已办理：%(title)s") % {"title": LABELS[verb]},
        cancel_url=back,
        done=lambda _result: back,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def clue(request: Request, pk: uuid.UUID) -> HttpResponse:
    """A clue held for one's post; asking for its words (POST) is entered in the access log."""
    found = _seen_clue(request, pk)
    opened = request.method == "POST"
    if opened:
        access.record(request.actor, "restricted:ledger.clue", subjects=[found])
    return render(request, "ledger/clue.html", pages.clue_context(found, opened=opened))


def hand_over_clue(request: Request, pk: uuid.UUID) -> HttpResponse:
    """The receiving body has it: the receipt, and the end of what is kept here."""
    return _end_clue(request, pk, actions.hand_over_clue, HandOverForm, said=_("已移交，内容已销毁。"))


def return_clue(request: Request, pk: uuid.UUID) -> HttpResponse:
    """It is none: back to the document it was taken from."""
    return _end_clue(request, pk, actions.return_clue, ReturnClueForm, said=_("已退回原材料。"))


def _end_clue(request: Request, pk: uuid.UUID, verb: Any, form: Any, *, said: str) -> HttpResponse:
    found = _seen_clue(request, pk)

    def call(cleaned: dict[str, Any], meta: Meta) -> None:
        verb.call(**meta)(found, actor=request.actor, **cleaned)

    name = LedgerVerb(verb.name)
    back = reverse("ledger:clue", args=[found.pk])
    page = ActionPage(
        title=LABELS[name],
        consequence=pages.CLUE_VERBS[name][1],
        submit_label=LABELS[name],
        said=said,
        cancel_url=back,
        done=lambda _result: back,
    )
    return act_on_form(request, form, page, call, subjects=[found])


def _seen_clue(request: Request, pk: uuid.UUID) -> Clue:
    found = clues_for(request.actor).select_related("receiver__unit").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found
