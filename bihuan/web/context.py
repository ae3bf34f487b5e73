"""Context processor: what the shell shows around every page, asked for only when a template wants it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bihuan.web.components import Link
from bihuan.web.places import (
    Chain,
    Me,
    Place,
    places,
    supplied_chain,
    supplied_links,
    supplied_me,
    supplied_words,
)

if TYPE_CHECKING:
    from django.http import HttpRequest

    from bihuan.web.components import Words

# How many places stand in the row of a narrow screen; the rest is under "more". English words are longer.
ON_THE_PHONE = {"zh-hans": 4, "en": 3}
FIRST_OF_SECOND_GROUP = 100


@dataclass(frozen=True, kw_only=True)
class ShownPlace:
    label: Words
    url: str
    icon: str
    count: int | None
    current: str  # "", "page" or "true": what aria-current says
    opens_group: bool


def demonstrates() -> bool:
    """True in a data folder marked as a demonstration: invented data, a clock that may be moved."""
    return bool(settings.CONFIGURATION.demonstration)


def url_of(name: str) -> str:
    """The address of that name, or nothing where no room serves it yet."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


class Shell:
    """Lazy: a page that shows no shell (an error, a fragment) costs no query."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def signed_in(self) -> bool:
        user = getattr(self._request, "user", None)
        return user is not None and user.is_authenticated

    @cached_property
    def places(self) -> list[ShownPlace]:
        if not self.signed_in:
            return []
        shown: list[ShownPlace] = []
        second = False
        for place in places():
            url = url_of(place.url_name)
            if not url or (place.visible is not None and not place.visible(self._request)):
                continue
            opens = place.order >= FIRST_OF_SECOND_GROUP and not second and bool(shown)
            second = second or place.order >= FIRST_OF_SECOND_GROUP
            shown.append(self._shown(place, url, opens_group=opens))
        return shown

    def _shown(self, place: Place, url: str, *, opens_group: bool) -> ShownPlace:
        return ShownPlace(
            label=place.label,
            url=url + place.query,
            icon=place.icon,
            count=place.count(self._request) if place.count is not None else None,
            current=self._currency(place),
            opens_group=opens_group,
        )

    def _currency(self, place: Place) -> str:
        match = self._request.resolver_match
        if match is None:
            return ""
        if match.view_name == place.url_name:
            return "page"
        return "true" if self._holder == place.key else ""

    @cached_property
    def _holder(self) -> str:
        """Whose the page is: whose own it is, who claims it by name, or its namespace, or at whose address it begins."""
        match = self._request.resolver_match
        if match is None:
            return ""
        for place in places():
            if place.url_name == match.view_name:
                return place.key
        for claimed in (match.view_name, match.namespace):
            for place in places():
                if claimed and claimed in place.claims:
                    return place.key
        at_home = [place for place in places() if match.namespace and place.namespace == match.namespace]
        if len(at_home) == 1:
            return at_home[0].key
        above = {url_of(place.url_name): place.key for place in at_home}
        nearest = max((url for url in above if self._request.path.startswith(url)), key=len, default="")
        return above.get(nearest, "")

    @property
    def current(self) -> ShownPlace | None:
        return next((place for place in self.places if place.current), None)

    @cached_property
    def places_beyond(self) -> list[ShownPlace]:
        """Those that do not fit the row of a narrow screen."""
        fitting = ON_THE_PHONE.get(get_language() or "", min(ON_THE_PHONE.values()))
        return self.places[fitting:]

    @property
    def current_is_hidden(self) -> bool:
        return any(place.current for place in self.places_beyond)

    @cached_property
    def me(self) -> Me | None:
        if not self.signed_in:
            return None
        return supplied_me(self._request) or Me(name=self._request.user.get_username())

    @cached_property
    def chain(self) -> Chain | None:
        return supplied_chain(self._request) if self.signed_in else None

    @cached_property
    def jurisdiction(self) -> object:
        return supplied_words(self._request)

    @cached_property
    def search_url(self) -> str:
        if not self.signed_in:
            return ""
        return next((url_of(place.url_name) for place in places() if place.searches), "")

    @property
    def searched(self) -> str:
        return self._request.GET.get("q", "") if self._request.path == self.search_url else ""

    @property
    def path(self) -> str:
        return self._request.get_full_path()

    @property
    def switch_url(self) -> str:
        return url_of("organizations:switch_post")

    @property
    def sign_in_url(self) -> str:
        return url_of("account_login")

    @property
    def sign_out_url(self) -> str:
        return url_of("account_logout")

    @cached_property
    def account_links(self) -> list[Link]:
        own = [
            Link(words=_("修改密码"), url=url_of("account_change_password")),
            Link(words=_("两步验证"), url=url_of("mfa_index")),
        ]
        return [link for link in [*supplied_links(self._request), *own] if link.url]


def shell(request: HttpRequest) -> dict[str, object]:
    """`shell` for the layout, and `layout`: the whole page, or the bare content when htmx asks for a part."""
    part = request.headers.get("HX-Request") == "true" and request.headers.get("HX-Boosted") != "true"
    return {
        "shell": Shell(request),
        "layout": "web/fragment.html" if part else "web/base.html",
        "in_dialog": request.headers.get("HX-Target") == "dialog-body",
        "demonstration": demonstrates(),
    }
