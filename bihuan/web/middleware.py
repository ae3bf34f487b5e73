"""Three small middlewares: what the browser may load, how a refusal looks, how htmx follows a redirect."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.shortcuts import resolve_url
from django.utils.cache import patch_vary_headers

from bihuan.journal.errors import Refused
from bihuan.web.refusals import refusal_page

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    Answer = Callable[[HttpRequest], HttpResponseBase]

# Everything comes from ourselves. `data:` is for the square code of two-step sign-in, `blob:` for previews of
# files not yet sent. No inline script or style is allowed anywhere, so none can be smuggled in.
POLICY = (
    "default-src 'self'; "
    "img-src 'self' data: blob:; "
    "object-src 'none'; "
    "base-uri 'none'; "
    "form-action 'self'; "
    "frame-ancestors 'none'"
)
PERMISSIONS = "camera=(), microphone=(), geolocation=(), payment=(), usb=()"


class SecurityHeaders:
    """Headers Django does not set: content policy, permissions, and no stored copies of signed-in pages."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.setdefault("Content-Security-Policy", POLICY)
        response.setdefault("Permissions-Policy", PERMISSIONS)
        # Proxies must not keep pages; the browser may, so that going back finds what was typed.
        if response.get("Content-Type", "").startswith("text/html"):
            response.setdefault("Cache-Control", "private, no-cache")
        return response


class Refusals:
    """A refusal that reaches the edge becomes a page (or a part of one) that says what would be accepted."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return refusal_page(request, exception) if isinstance(exception, Refused) else None


class HtmxRedirects:
    """The browser follows a redirect inside an htmx request by itself and would put a whole page into a part.

    So a view answers the same way to both: it redirects. Here the redirect of an htmx request becomes the
    header that makes the page go there.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if request.headers.get("HX-Request") != "true" or request.headers.get("HX-Boosted") == "true":
            return response
        patch_vary_headers(response, ["HX-Request"])
        if response.status_code not in (301, 302, 303) or not response.get("Location"):
            return response
        answer = HttpResponse(status=204)
        answer["HX-Redirect"] = self._where(request, response["Location"])
        if self._is_here(request, response["Location"]):
            answer["HX-Refresh"] = "true"
        answer.cookies = response.cookies
        return answer

    @staticmethod
    def _is_here(request: HttpRequest, location: str) -> bool:
        """Going to another place of the same page would only scroll, and the form would stay open over it."""
        from urllib.parse import urljoin

        here = request.headers.get("HX-Current-URL", "").partition("#")[0]
        return "#" in location and urljoin(here, location).partition("#")[0] == here

    @staticmethod
    def _where(request: HttpRequest, location: str) -> str:
        """To sign in again, and then back to the page one was on, not to the part that was asked for."""
        sign_in = resolve_url("account_login")
        page = request.headers.get("HX-Current-URL", "")
        if not location.startswith(sign_in) or not page:
            return location
        from urllib.parse import urlencode, urlsplit

        parts = urlsplit(page)
        back = parts.path + (f"?{parts.query}" if parts.query else "")
        return f"{sign_in}?{urlencode({'next': back})}"
