"""Setting up, revising and switching outlets, trying again what failed, and choosing for oneself."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

from bihuan.journal.action import Actor, Refused, action, anyone_signed_in, current
from bihuan.messages.kinds import Matter
from bihuan.organizations.models import Person, Unit
from bihuan.outlets import keyring
from bihuan.outlets.checking import Secrets, Settings, check_pace, checked_settings, checked_site, where_to
from bihuan.outlets.errors import Why
from bihuan.outlets.models import Delivery, Dispatch, DispatchState, MessageChoice, Outlet
from bihuan.outlets.policy import keeps_outlets
from bihuan.outlets.queries import compulsory_for
from bihuan.outlets.routing import declining
from bihuan.outlets.terms import POLICY
from bihuan.outlets.verbs import Verb
from bihuan.outlets.ways import PERSONAL, ROBOTS, Way
from bihuan.policies.queries import policy_for, quote

if TYPE_CHECKING:
    from collections.abc import Iterable

LONGEST_NAME: Final = 60


@action(Verb.SET_UP, may=keeps_outlets)
def set_up(  # noqa: PLR0913  (an outlet has as many columns)
    *,
    unit: Unit,
    way: str,
    name: str,
    site: str,
    secrets: dict[str, str],
    settings: dict[str, str | int],
    matters: list[str],
    intranet: bool = False,
    per_minute: int = 20,
    actor: Actor,
) -> Outlet:
    """Write an outlet down. It is off until somebody switches it on; its secrets are sealed and never shown again."""
    if way not in Way.values:
        raise Refused(
            _("没有这种渠道。"), accepted=_("可选：%(ways)s。") % {"ways": "、".join(Way.values)}, field="way"
        )
    # An outlet of a place that has no such rule would send nothing, and nobody would know why.
    quote(policy_for(POLICY, jurisdiction=unit, on=current().today))
    outlet = Outlet(unit=unit, way=way)
    _write(outlet, name, site, checked_settings(way, settings, secrets, intranet=intranet), matters)
    check_pace(way, per_minute)
    outlet.intranet, outlet.per_minute = intranet, per_minute
    outlet.secrets = keyring.keep(outlet.pk, _given(secrets))
    outlet.save()
    return outlet


@action(Verb.REVISE, may=keeps_outlets)
def revise(
    outlet: Outlet,
    *,
    name: str,
    site: str,
    secrets: dict[str, str],
    settings: dict[str, str | int],
    matters: list[str],
    intranet: bool = False,
    per_minute: int = 20,
    actor: Actor,
) -> None:
    """Change what is written down. No secrets given: they stay; but who leads them elsewhere gives them anew."""
    given = _joined(outlet, _given(secrets))
    settings = _revised_settings(outlet, settings, given, intranet=intranet)
    _write(outlet, name, site, settings, matters)
    check_pace(outlet.way, per_minute)
    outlet.intranet, outlet.per_minute = intranet, per_minute
    if given:
        before, outlet.secrets = outlet.secrets, keyring.keep(outlet.pk, given)
        keyring.forget(before)
    outlet.save()


def _joined(outlet: Outlet, given: Secrets) -> Secrets:
    """A robot's signing secret alone goes with the address it has; a new address comes with its own, or without."""
    if given and outlet.way in ROBOTS and "url" not in given:
        return keyring.opened_or_nothing(outlet) | given
    return given


def _revised_settings(outlet: Outlet, settings: Settings, given: Secrets, *, intranet: bool) -> Settings:
    if outlet.way in ROBOTS:
        if given:
            return checked_settings(outlet.way, settings, given, intranet=intranet)
        if intranet != outlet.intranet:
            raise _give_anew("url")
        return dict(outlet.settings)
    found = checked_settings(outlet.way, settings, given, intranet=intranet)
    if (
        where_to(outlet.way, found) != where_to(outlet.way, outlet.settings)
        and not given
        and keyring.opened_or_nothing(outlet)
    ):
        raise _give_anew("password" if outlet.way == Way.MAIL else "secret")
    return found


def _give_anew(field: str) -> Refused:
    return Refused(
        _("改了发往哪里，原来的密钥不能跟着走。"),
        accepted=_("请重新填写密钥。"),
        field=field,
    )


def _given(secrets: Secrets) -> Secrets:
    return {name: value.strip() for name, value in secrets.items() if value.strip()}


def _write(outlet: Outlet, name: str, site: str, settings: Settings, matters: Iterable[str]) -> None:
    if not name.strip() or len(name.strip()) > LONGEST_NAME:
        raise Refused(_("没有写名称。"), accepted=_("请填 1 到 60 个字。"), field="name")
    unknown = [one for one in matters if one not in Matter.values]
    if unknown:
        raise Refused(_("没有这样的事项。"), accepted="、".join(Matter.values), field="matters")
    outlet.name, outlet.site, outlet.settings = name.strip(), checked_site(site), dict(settings)
    outlet.matters = sorted(set(matters))


@action(Verb.SWITCH, may=keeps_outlets)
def switch(outlet: Outlet, *, on: bool, actor: Actor) -> None:
    """On: what is queued from now on goes out. Off: what waits is given up; in the program everything is there anyway."""
    if on == outlet.is_on:
        return
    outlet.on_since = current().now if on else None
    outlet.save()
    if not on:
        Delivery.objects.filter(outlet=outlet, dispatch=None).delete()
        waiting = Dispatch.objects.filter(outlet=outlet, state=DispatchState.WAITING)
        waiting.update(state=DispatchState.FAILED, why=Why.SWITCHED_OFF, words="")


@action(Verb.RETRY, may=keeps_outlets)
def retry(outlet: Outlet, *, dispatch: uuid.UUID | None = None, actor: Actor) -> int:
    """Try again what was given up, one or all; what its people have read meanwhile stays where it is. Returns how many."""
    if not outlet.is_on:
        raise Refused(_("渠道已停用。"), accepted=_("请先启用渠道。"))
    failed = Dispatch.objects.filter(outlet=outlet, state=DispatchState.FAILED, trial=False)
    if dispatch is not None:
        failed = failed.filter(pk=dispatch)
    unread = failed.filter(deliveries__message__read_at=None).values("pk")
    return Dispatch.objects.filter(pk__in=list(unread.values_list("pk", flat=True))).update(
        state=DispatchState.WAITING, attempts=0, next_at=current().now, why="", words=""
    )


@action(Verb.CHOOSE, may=anyone_signed_in)
def choose(*, declined: list[str], actor: Actor) -> MessageChoice:
    """What one does not want to be told outside the program. What the policy makes compulsory cannot be declined."""
    known = {declining(matter, way) for matter in Matter.values for way in PERSONAL}
    if not set(declined) <= known or actor.person is None:
        raise Refused(_("没有这样的选项。"), accepted="、".join(sorted(known)), field="declined")
    compulsory = compulsory_for(actor.person)
    if any(one.partition("/")[0] in compulsory for one in declined):
        raise Refused(
            _("规则规定必须接收的事项不能关闭。"), accepted=_("请只关闭可以自选的事项。"), field="declined"
        )
    person = Person.objects.get(pk=actor.person)
    choice: MessageChoice = MessageChoice.objects.filter(person=person).first() or MessageChoice(
        person=person
    )
    if choice._loaded is not None:
        current().lock([choice])
    choice.declined = sorted(set(declined))
    choice.save()
    return choice
