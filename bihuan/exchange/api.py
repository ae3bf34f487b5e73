"""The REST API: every action as one POST, the ledger to read, and an OpenAPI description of both."""

from __future__ import annotations

import inspect
import uuid
from collections.abc import Callable
from functools import cached_property
from http.client import responses
from typing import Any, cast

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.urls import URLPattern
from django.utils.translation import gettext as _
from django.utils.translation import override
from ninja import Header, NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.security import HttpBearer, SessionAuth
from pydantic import BaseModel, create_model

from bihuan.exchange import complaints, drives, todo, wire
from bihuan.exchange.actions import digest_of
from bihuan.exchange.models import ApiKey
from bihuan.journal.action import VERBS
from bihuan.journal.errors import NotVisible, Refused, Stale
from bihuan.journal.models import StreamHead
from bihuan.journal.records import Record
from bihuan.journal.timesource import today
from bihuan.ledger.listing import Filters, page_of, slice_of
from bihuan.ledger.models import Problem
from bihuan.ledger.sight import visible
from bihuan.organizations.acting import Request, actor_for
from bihuan.organizations.logs import verb_label

FORBIDDEN = 403
KEY: Any = Header("", alias="Idempotency-Key")  # type: ignore[type-arg]  # ninja types it for checkers only


class KeyAuth(HttpBearer):
    """`Authorization: Bearer …`: a key of a person in a post."""

    def authenticate(self, request: Any, token: str) -> Any:
        key = ApiKey.objects.select_related("person", "post").filter(digest=digest_of(token)).first()
        if key is None or key.withdrawn_at is not None or key.expires_on < today():
            return None
        try:
            request.actor = actor_for(key.person, key.post)
        except Refused:
            return None
        return key


class SignedIn(SessionAuth):
    """The browser's session, with its CSRF token; the actor is the post in use."""

    def authenticate(self, request: Any, key: str | None) -> Any:
        return getattr(request, "actor", None) if request.user.is_authenticated else None


class Described(NinjaAPI):
    """The description is large and the same for everybody: made once in the life of the process."""

    @cached_property
    def _description(self) -> Any:
        return super().get_openapi_schema()

    def get_openapi_schema(self, *, path_prefix: str | None = None, path_params: Any = None) -> Any:
        if path_prefix is None and not path_params:
            return self._description
        return super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)


api = Described(
    title="闭环 Bihuan",
    version="1",
    description="每个动作一个地址；与页面走同一条路。Every action has one address, the same road the pages take.",
    auth=[KeyAuth(), SignedIn()],
    docs_url=None,
    urls_namespace="api",
)


class Fault(Schema):
    """One thing wrong with the body of a call."""

    field: str
    message: str
    accepted: str


class Refusal(Schema):
    """What is wrong and what would be right. `changes`: what somebody else changed; `faults`: all that is wrong with the body."""

    message: str
    accepted: str = ""
    field: str = ""
    changes: list[dict[str, Any]] = []
    faults: list[Fault] = []


class Done(Schema):
    """What an action returned: an id, several ids, or a plain value."""

    result: Any = None


@api.exception_handler(Refused)
def refused(request: Request, refusal: Refused) -> HttpResponse:
    """A refusal of an action, in the caller's language."""
    changes = [vars(change) for change in refusal.changes] if isinstance(refusal, Stale) else []
    body = Refusal(
        message=str(refusal.message), accepted=str(refusal.accepted), field=refusal.field, changes=changes
    )
    return api.create_response(request, body, status=refusal.status)


@api.exception_handler(ValidationError)
def wrong_body(request: Request, error: ValidationError) -> HttpResponse:
    """A call that does not fit its description: every fault is named at once."""
    return api.create_response(request, Refusal(**complaints.all_of(error.errors)), status=422)


@api.exception_handler(AuthenticationError)
def nobody(request: Request, error: AuthenticationError) -> HttpResponse:
    """Nobody asked, or under a key that opens nothing."""
    words = Refusal(message=_("请先登录，或带上有效的接口密钥。"), accepted="Authorization: Bearer …")
    return api.create_response(request, words, status=401)


@api.exception_handler(HttpError)
def not_understood(request: Request, error: HttpError) -> HttpResponse:
    """What is stopped before anybody could look for fields: no JSON, or a session without its token."""
    if error.status_code == FORBIDDEN:
        words = Refusal(message=_("用会话调用要带上它的令牌。"), accepted="X-CSRFToken")
    else:
        words = Refusal(message=_("请求不是有效的 JSON。"), accepted=_("请按接口说明用 JSON 写明各项。"))
    return api.create_response(request, words, status=error.status_code)


class ProblemOut(Schema):
    """A problem as programs see it; moneys are text, `seq` is its last event.

    `first_deadline` is the one first promised, whatever it was put off to, and `extensions` how often that was granted.
    """

    id: uuid.UUID
    problem_no: str
    title: str
    text: str
    state: str
    round: int
    grade: str
    supervision_level: str
    rectification_kind: str
    source: str
    sector: str
    lead_unit: uuid.UUID | None
    external_deadline: str
    first_deadline: str | None
    extensions: int
    amount: str | None
    progress: int
    seq: int | None = None


class ProblemPage(Schema):
    """One keyset page."""

    problems: list[ProblemOut]
    next: str
    previous: str


def as_out(problem: Problem, seq: int | None = None) -> ProblemOut:
    """A row for the wire."""
    return ProblemOut(
        id=problem.pk,
        problem_no=problem.problem_no,
        title=problem.title,
        text=problem.text,
        state=problem.state,
        round=problem.round,
        grade=problem.grade,
        supervision_level=problem.supervision_level,
        rectification_kind=problem.rectification_kind,
        source=problem.source.code,
        sector=problem.sector.code,
        lead_unit=problem.lead_unit_id,
        external_deadline=problem.external_deadline.isoformat(),
        first_deadline=problem.first_deadline.isoformat() if problem.first_deadline else None,
        extensions=problem.extensions,
        amount=None if problem.amount is None else str(problem.amount),
        progress=problem.progress,
        seq=seq,
    )


@api.get(
    "/problems",
    response=ProblemPage,
    summary="The ledger",
    description="台账。A slice of the ledger; the filters are those of the ledger's page.",
    url_name="problems",
)
def problems(request: Request, cursor: str = "", sort: str = "deadline") -> ProblemPage:
    """A slice of the ledger; the filters are those of the ledger's page."""
    filters = Filters.from_query(request.GET.dict())
    found = slice_of(request.actor, filters).select_related("source", "sector")
    page = page_of(found, filters, sort=sort, cursor=cursor)
    return ProblemPage(problems=[as_out(row) for row in page.rows], next=page.next, previous=page.previous)


@api.get(
    "/problems/{uuid:pk}",
    response={200: ProblemOut, 404: Refusal},
    summary="A problem",
    description="问题。One problem, with the sequence number a later call can name as `seen_`.",
    url_name="problem",
)
def problem(request: Request, pk: uuid.UUID) -> ProblemOut:
    """One problem, with the sequence number a later call can name as `seen`."""
    found = visible(request.actor, Problem.objects.select_related("source", "sector")).filter(pk=pk).first()
    if found is None:
        raise NotVisible(_("没有找到这个问题。"))
    return as_out(found, StreamHead.objects.filter(pk=pk).values_list("seq", flat=True).first())


@api.get(
    "/verbs",
    response=dict[str, list[str]],
    summary="Verbs",
    description="动作。The verbs a program can call, with the names of their parameters.",
    url_name="verbs",
)
def verbs(request: Request) -> dict[str, list[str]]:
    """The verbs a program can call, with the names of their parameters."""
    return {name: list(schema.model_fields) for name, schema in wire.reachable().items()}


def _call(request: Request, name: str, sent: BaseModel, key: str) -> Done:
    seen = getattr(sent, "seen_", None) or {}
    positional, keyword = wire.arguments_of(name, sent, request.actor)
    scoped = f"api:{request.actor.person}:{key}" if key else ""
    result = VERBS[name].call(key=scoped, seen=seen)(*positional, actor=request.actor, **keyword)
    return Done(result=_out(result))


def _out(result: Any) -> Any:
    if isinstance(result, Record):
        return {"kind": result.Stream.kind, "id": str(result.pk)}
    if isinstance(result, list | tuple):
        return [_out(one) for one in result]
    return result if result is None or isinstance(result, bool | int | str) else str(result)


# What the handlers above answer, and no endpoint returns. As responses, each would be a schema of its own for every verb,
# made at every start of the program: more than a thousand.
REFUSALS: dict[str, Any] = {
    "responses": {
        status: {
            "description": responses[status],
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Refusal"}}},
        }
        for status in (400, 401, 403, 404, 409, 422)
    }
}


def _expose(name: str, schema: type[BaseModel]) -> None:
    """One address for one verb. `seen_`: id -> the last event of it the caller had read."""
    sent_type = create_model(f"{schema.__name__}Call", __base__=schema, seen_=(dict[uuid.UUID, int], {}))

    def endpoint(
        request: Request,
        sent: sent_type,  # type: ignore[valid-type]
        idempotency_key: str = KEY,
    ) -> Done:
        return _call(request, name, sent, idempotency_key)

    endpoint.__annotations__ |= {
        "sent": sent_type,
        "request": Request,
        "idempotency_key": str,
        "return": Done,
    }
    endpoint.__name__ = name.replace(".", "_")
    chinese, english = _labels_of(name)
    api.post(
        f"/actions/{name}",
        response=Done,
        openapi_extra=REFUSALS,
        summary=english,
        description=f"{chinese}。{inspect.getdoc(VERBS[name].body) or ''}",
        tags=[name.split(".", maxsplit=1)[0]],
    )(endpoint)


def _labels_of(name: str) -> tuple[str, str]:
    """What people call the verb. Both stand in the one description: the summary in English, as the identifiers are and
    tools expect it; the Chinese first in the text below, for the offices whose word it is.
    """
    labels = []
    for language in ("zh-hans", "en"):
        with override(language):
            labels.append(str(verb_label(name)))
    return labels[0], labels[1]


api.add_router("/drives", drives.router)
api.add_router("/todo", todo.router)
for _name, _schema in wire.reachable().items():
    _expose(_name, _schema)


def routes() -> tuple[list[Any], str, str]:
    """The addresses for the root. Keys and sessions are asked for here, so the pages' sign-in does not get in between.

    The description alone stays behind the sign-in: what an installation can do is nobody's business outside.
    """
    patterns, app_name, namespace = api.urls
    for route in patterns:
        if isinstance(route, URLPattern) and route.name != "openapi-json":
            route.callback = login_not_required(cast("Callable[..., HttpResponse]", route.callback))
    return patterns, app_name, namespace
