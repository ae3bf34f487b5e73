"""The to-do feed an office portal pulls: how many of what kind wait, their numbers, links and due days, and nothing else.

The answer is signed, so that what a portal shows or passes on can be laid at this installation's door. Ed25519 with the
installation's signing key, whose public half portals have from `bihuan checkpoint`: a shared secret would let whoever
checks a feed also make one, and of a key only its digest is kept here. The signature covers the body after a domain
of its own, so that no feed can pass for a checkpoint. `made_at` stands in the signed body: an old answer is old.
"""

from __future__ import annotations

import base64
import hashlib
from typing import Any, Final, Literal

from django.conf import settings
from django.http import HttpResponse
from ninja import Router, Schema

from bihuan.exchange.waiting import Waiting, sources
from bihuan.journal.action import Actor
from bihuan.journal.canonical import canonical
from bihuan.journal.checkpoints import public_key, signing_key
from bihuan.journal.encoding import encode_moment
from bihuan.journal.timesource import now
from bihuan.organizations.acting import Request

FORMAT: Final = "bihuan-todo/1"
DOMAIN: Final = b"bihuan/todo/1\x00"
SIGNATURE: Final = "X-Bihuan-Signature"
SIGNED_BY: Final = "X-Bihuan-Key"
NOT_MODIFIED: Final = 304
Scope = Literal["person", "unit"]


class ItemOut(Schema):
    """One thing that waits; empty where it has no number or no day."""

    number: str
    link: str
    due: str


class KindOut(Schema):
    """How many of one kind, and the first of them; `exact` is false where the count is an estimate."""

    kind: str
    label: str
    count: int
    exact: bool
    link: str
    items: list[ItemOut]


class TodoOut(Schema):
    """What waits for a post, or for its unit. Links are paths; `site` is where the program says it is, if it says so."""

    format: str
    of: str
    post: str
    unit: str
    site: str
    made_at: str
    kinds: list[KindOut]


router = Router(tags=["todo"])


@router.get(
    "",
    response={200: TodoOut, 304: None},
    summary="What waits",
    description="待办。What waits for the key's post (`of=person`) or for its unit as a whole (`of=unit`): counts, kinds, "
    "numbers, links and due days. Signed; with an ETag, so that nothing new costs nothing.",
    url_name="todo",
)
def todo(request: Request, of: Scope = "person") -> HttpResponse:
    """The feed."""
    told = content_for(request.actor, of)
    tag = f'"{hashlib.sha256(canonical(told)).hexdigest()}"'
    if tag in [one.strip().removeprefix("W/") for one in request.headers.get("If-None-Match", "").split(",")]:
        return _tagged(HttpResponse(status=NOT_MODIFIED), tag)
    body = canonical(told | {"made_at": encode_moment(now())})
    answer = HttpResponse(body, content_type="application/json; charset=utf-8")
    answer[SIGNATURE] = base64.b64encode(signing_key().sign(DOMAIN + body)).decode()
    answer[SIGNED_BY] = public_key().hex()
    return _tagged(answer, tag)


def content_for(actor: Actor, of: Scope) -> dict[str, Any]:
    """What is told, as plain values, without the moment: it alone decides whether something is new."""
    found = [one for source in sources for one in source(actor) if of == "person" or not one.personal]
    return {
        "format": FORMAT,
        "of": of,
        "post": str(actor.post or ""),
        "unit": str(actor.unit or ""),
        "site": str(settings.CONFIGURATION.address).rstrip("/"),
        "kinds": [_kind(one) for one in found if one.count],
    }


def _kind(one: Waiting) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "label": one.label,
        "count": one.count,
        "exact": one.exact,
        "link": one.link,
        "items": [
            {"number": item.number, "link": item.link, "due": item.due.isoformat() if item.due else ""}
            for item in one.items
        ],
    }


def _tagged(answer: HttpResponse, tag: str) -> HttpResponse:
    answer["ETag"] = tag
    answer["Cache-Control"] = "private, no-cache"
    answer["Vary"] = "Authorization, Cookie, Accept-Language"
    return answer
