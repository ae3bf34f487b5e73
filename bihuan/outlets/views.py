"""Outlets for their administrator: the list, one with what went wrong on it, and the forms and buttons of both."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.journal.action import Refused
from bihuan.organizations.pages import ActionView, SignedInPage, acts
from bihuan.organizations.tables import section, table
from bihuan.outlets import actions, trials
from bihuan.outlets.forms import OutletForm, WayForm, form_for
from bihuan.outlets.models import Dispatch, DispatchState, Outlet
from bihuan.outlets.policy import keeps_outlets, place_of, visible
from bihuan.outlets.queries import Health, health_of, last_trial, troubles_of
from bihuan.outlets.verbs import LABELS, Verb
from bihuan.outlets.ways import Way
from bihuan.outlets.wording import pace_words, settings_facts, trial_words, trouble_row

if TYPE_CHECKING:
    import uuid

    from django.http import HttpRequest, HttpResponse


def page_at(outlet: Outlet) -> str:
    """The address of an outlet's page."""
    return reverse("outlets:outlet", args=[outlet.pk])


class Outlets(SignedInPage):
    """The outlets of the administrator's place."""

    authority = (keeps_outlets,)

    def get(self, request: HttpRequest) -> HttpResponse:
        """Draw the list."""
        found = list(visible(self.actor).order_by("unit__path", "way", "name"))
        health = health_of(found)
        heads = [
            ("name", _("名称")),
            ("way", _("类别")),
            ("unit", _("单位")),
            ("state", _("状态")),
            ("last", _("最近一次送达")),
            ("failed", _("未送达")),
        ]
        rows = [(str(one.pk), page_at(one), _cells(one, health[one.pk])) for one in found]
        empty = (_("还没有渠道"), _("没有渠道时，消息只在系统内提示，不向外连接。"))
        context = {
            "title": _("渠道"),
            "tab": "outlets",
            "table": table(_("渠道"), heads, rows, empty=empty),
            "create_url": reverse("outlets:choose_way"),
            "create_label": LABELS[Verb.SET_UP],
        }
        return render(request, "organizations/list.html", context)


def _cells(outlet: Outlet, health: Health) -> list[Any]:
    failed: Any = {"piece": "missing", "words": str(health.failed)} if health.failed else 0
    return [
        outlet.name,
        outlet.get_way_display(),
        str(outlet.unit),
        state_words(outlet),
        health.last,
        failed,
    ]


def state_words(outlet: Outlet) -> str:
    """On or off."""
    return _("启用中") if outlet.is_on else _("未启用")


class OutletView(SignedInPage):
    """A page about one outlet of the administrator's own place; any other is not there."""

    authority = (keeps_outlets,)

    def outlet(self, pk: uuid.UUID) -> Outlet:
        """The outlet the address names."""
        found = visible(self.actor).filter(pk=pk).first()
        if found is None:
            raise Http404
        return found


class OutletPage(OutletView):
    """What is written down, how it fares, what did not go out."""

    def get(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        """Draw the page."""
        outlet = self.outlet(pk)
        health = health_of([outlet])[outlet.pk]
        context = {
            "title": outlet.name,
            "crumbs": [
                {"words": _("渠道"), "url": reverse("outlets:list")},
                {"words": outlet.name, "url": ""},
            ],
            "chips": [outlet.get_way_display(), str(outlet.unit), state_words(outlet)],
            "sections": [
                section(_("情况"), facts=_health_facts(outlet, health)),
                section(_("没有送达的"), table=_troubles(outlet)),
                section(_("设置"), facts=settings_facts(outlet)),
            ],
            "acts": acts(self.actor, _offers(outlet, health)),
            "outlet": outlet,
        }
        return render(request, "outlets/outlet.html", context)


def _health_facts(outlet: Outlet, health: Health) -> list[dict[str, Any]]:
    trial = last_trial(outlet)
    return [
        {"label": _("状态"), "value": state_words(outlet)},
        {"label": _("最近一次送达"), "value": health.last},
        {"label": _("等待发送"), "value": health.waiting},
        {"label": _("未送达"), "value": health.failed},
        {"label": _("最近一次试发"), "value": trial_words(trial) if trial else None},
        {"label": _("速度"), "value": pace_words(outlet)},
    ]


def _troubles(outlet: Outlet) -> dict[str, Any]:
    heads = [
        ("made", _("排队时间")),
        ("what", _("内容")),
        ("state", _("状态")),
        ("tries", _("次数")),
        ("why", _("原因")),
    ]
    found = troubles_of(outlet)
    rows = [(str(one.pk), "", trouble_row(one)) for one in found]
    if any(_may_retry(outlet, one) for one in found):
        heads.append(("act", _("办理")))
        rows = [
            (pk, url, [*cells, _retry_link(outlet, one)])
            for (pk, url, cells), one in zip(rows, found, strict=True)
        ]
    return table(_("没有送达的"), heads, rows, empty=(_("没有"), ""))


def _may_retry(outlet: Outlet, one: Dispatch) -> bool:
    return one.state == DispatchState.FAILED and not one.trial and outlet.is_on


def _retry_link(outlet: Outlet, one: Dispatch) -> Any:
    if not _may_retry(outlet, one):
        return "—"
    return link_to(_("重新发送"), reverse("outlets:retry_one", args=[outlet.pk, one.pk]))


def link_to(words: str, url: str) -> dict[str, str]:
    """A link in a cell."""
    return {"piece": "link", "words": words, "url": url}


def _offers(outlet: Outlet, health: Health) -> list[Any]:
    def at(name: str) -> str:
        return reverse(f"outlets:{name}", args=[outlet.pk])

    switched = (_("停用渠道"), _("等待发送的不再发送；系统内的消息不受影响。"))
    if not outlet.is_on:
        switched = (_("启用渠道"), _("从启用起新产生的消息才发送。"))
    offers = [
        (switched[0], at("switch"), actions.switch, (outlet,), switched[1]),
        (LABELS[Verb.REVISE], at("revise"), actions.revise, (outlet,), ""),
    ]
    if health.failed and outlet.is_on:
        offers.insert(0, (_("全部重新发送"), at("retry"), actions.retry, (outlet,), ""))
    return offers


class Trial(OutletView):
    """One text on the outlet, now; the receiver's true answer is told."""

    def post(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        """Send it, wait, and say what came of it."""
        outlet = self.outlet(pk)
        try:
            sent = trials.try_outlet(outlet, self.actor)
        except Refused as refused:
            messages.error(request, str(refused))
            return redirect(page_at(outlet))
        say = messages.success if sent.state == DispatchState.DELIVERED else messages.error
        say(request, trial_words(sent))
        return redirect(page_at(outlet))


class ChooseWay(SignedInPage):
    """Which way the new outlet takes."""

    authority = (keeps_outlets,)

    def get(self, request: HttpRequest) -> HttpResponse:
        """Ask, or lead on to the form of the way chosen."""
        form = WayForm(request.GET if "way" in request.GET else None)
        if form.is_bound and form.is_valid():
            return redirect("outlets:set_up", way=form.cleaned_data["way"])
        context = {"title": LABELS[Verb.SET_UP], "form": form, "cancel_url": reverse("outlets:list")}
        return render(request, "outlets/choose_way.html", context)


class SecretForm(ActionView):
    """A form with secrets: no digest of them is kept, so the action takes no idempotency key."""

    def perform(self, data: dict[str, Any], meta: dict[str, Any]) -> Any:
        """Call the action without a key; done twice it writes the same."""
        data.pop("seen", None)
        return self.verb.call(seen=meta["seen"])(
            *self.subjects, **{**self.arguments(data), **self.fixed()}, actor=self.actor
        )

    def leaving(self) -> str:
        """Back to the outlet, or to the list."""
        return page_at(self.subject) if self.subject is not None else reverse("outlets:list")


class SetUp(SecretForm):
    """A new outlet."""

    verb, title = actions.set_up, LABELS[Verb.SET_UP]
    consequence = gettext_lazy("保存后是停用的：先试发，再启用。密钥加密保存，不再显示。")

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """The form of the way the address names."""
        super().setup(request, *args, **kwargs)
        if kwargs["way"] not in Way.values:
            raise Http404
        self.form_class = form_for(kwargs["way"])

    def fixed(self) -> dict[str, Any]:
        """The way comes from the address."""
        return {"way": self.kwargs["way"]}

    def initial(self) -> dict[str, Any]:
        """The administrator's place; where the program says it is, or else where it was just asked."""
        own, place = str(settings.CONFIGURATION.address).rstrip("/"), place_of(self.actor)
        return {
            "unit": str(place.pk) if place else "",
            "site": own or self.request.build_absolute_uri("/").rstrip("/"),
        }

    def arguments(self, data: dict[str, Any]) -> dict[str, Any]:
        """Settings and secrets apart."""
        return _form_class(self).arguments(data)

    def following(self, result: Any) -> str:
        """To the new outlet."""
        return page_at(result)


class OfOutlet(SecretForm):
    """An action about the outlet the address names; one of another place is not there."""

    model = Outlet
    related = ("unit",)

    def following(self, result: Any) -> str:
        """Back to the outlet."""
        return page_at(self.subject)


class Revise(OfOutlet):
    """What is written down."""

    verb, title = actions.revise, LABELS[Verb.REVISE]
    consequence = gettext_lazy("换了服务器或地址，要重新填写密钥。")

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """The form of the outlet's way."""
        super().setup(request, *args, **kwargs)
        if self.subject is not None:
            self.form_class = form_for(self.subject.way)

    def form(self, *sent: Any) -> OutletForm:
        """Filled in with all but the secrets."""
        return _form_class(self)(*sent, outlet=self.subject)

    def arguments(self, data: dict[str, Any]) -> dict[str, Any]:
        """Settings and secrets apart."""
        return _form_class(self).arguments(data)


class Switch(OfOutlet):
    """On or off, the other of what it is."""

    verb, title = actions.switch, gettext_lazy("启用或停用渠道")

    def fixed(self) -> dict[str, Any]:
        """The other of what the page showed."""
        return {"on": not self.subject.is_on}


class Retry(OfOutlet):
    """All that was given up, or the one the address names."""

    verb, title = actions.retry, LABELS[Verb.RETRY]
    consequence = gettext_lazy("收件人已经在系统内看过的不再发送。")

    def fixed(self) -> dict[str, Any]:
        """Which one, if one."""
        return {"dispatch": self.kwargs["dispatch"]} if "dispatch" in self.kwargs else {}


def _form_class(view: ActionView) -> type[OutletForm]:
    """The view's form is one of this room's: they know how to take themselves apart."""
    assert issubclass(view.form_class, OutletForm)  # noqa: S101
    return view.form_class
