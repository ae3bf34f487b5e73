"""Assignment orders: the list, the table of one, its route, and the forms of its steps."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bihuan.ledger.lifecycle_words import State
from bihuan.ledger.listing import Filters, slice_of
from bihuan.rectification import actions, forms, order_forms, order_pages, queries
from bihuan.rectification.actions.orders import OPEN_ORDERS
from bihuan.rectification.models import AssignmentOrder, OrderItem
from bihuan.rectification.order_items import ItemDraft
from bihuan.rectification.verbs import Verb
from bihuan.rectification.views.serving import Deed, Request, picked_problems, serve
from bihuan.rectification.views.steps import given

if TYPE_CHECKING:
    import uuid
    from collections.abc import Callable

    from django.db.models import QuerySet

    from bihuan.journal.action import Verb as Action
    from bihuan.ledger.models import Problem
    from bihuan.organizations.action_pages import Meta


def seen_order(request: Request, pk: uuid.UUID) -> AssignmentOrder:
    """The order, or 404 for whoever sees none of its problems."""
    found = queries.orders_seen(request.actor).select_related("approval").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def page_of(order: AssignmentOrder) -> str:
    """The order's own page."""
    return reverse("rectification:order", args=[order.pk])


@require_safe
def orders(request: Request) -> HttpResponse:
    """The orders one may know of, newest first."""
    page = order_pages.page_of_list(request.actor, request.GET.get("before", ""))
    return render(request, "rectification/orders.html", page)


@require_safe
def order(request: Request, pk: uuid.UUID) -> HttpResponse:
    """One order with its table and its route."""
    found = seen_order(request, pk)
    return render(request, "rectification/order.html", order_pages.page_of_order(request.actor, found))


def draft_order(request: Request) -> HttpResponse:
    """Draft an order for the ticked problems."""
    problems = picked_problems(request, _proposed(request))

    def call(cleaned: dict[str, Any], meta: Meta) -> AssignmentOrder:
        return actions.draft_order.call(**meta)(problems, actor=request.actor, **given(cleaned))

    batches = {problem.batch for problem in problems}
    batch = next(iter(batches)) if len(batches) == 1 else None
    title = _("关于交办%(batch)s的通知") % {"batch": batch.title if batch else _("有关问题")}
    form = partial(order_forms.OrderForm, initial={"title": title[:200]})
    return serve(
        request,
        Deed(
            verb=Verb.DRAFT_ORDER,
            action=actions.draft_order,
            form=form,
            call=call,
            subjects=problems,
            back=reverse("rectification:orders"),
            done=page_of,
        ),
    )


def _proposed(request: Request) -> QuerySet[Problem]:
    """Every proposed problem of the slice that stands in no open order."""
    taken = OrderItem.objects.filter(order__state__in=OPEN_ORDERS).values("problem")
    slice_ = slice_of(request.actor, Filters.from_query(query_of(request)))
    return slice_.filter(state=State.PROPOSED).exclude(pk__in=taken).order_by("problem_no")


def query_of(request: Request) -> dict[str, str]:
    """The filters of the slice the ledger was looked at with."""
    return {name: str(value) for name, value in QueryDict(request.GET.get("filter", "")).items()}


def edit_order(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Title and requirement of a draft."""
    found = seen_order(request, pk)
    form = partial(order_forms.OrderForm, initial={"title": found.title, "requirement": found.requirement})
    words = _("改动只在草拟时可以，送审后不再改。")
    return _step(request, found, (Verb.EDIT_ORDER, actions.edit_order), form, words)


def edit_item(request: Request, pk: uuid.UUID, item: uuid.UUID) -> HttpResponse:
    """One row of a draft."""
    found = seen_order(request, pk)
    row = queries.order_items_seen(request.actor, found).filter(pk=item).first()
    if row is None:
        raise Http404
    shares = {one["unit"]: one["share"] for one in row.supporting_units}

    def call(cleaned: dict[str, Any], meta: Meta) -> None:
        supporting = tuple((unit.pk, shares.get(str(unit.pk))) for unit in cleaned["supporting_units"])
        draft = ItemDraft(
            problem=row.problem_id,
            lead_unit=cleaned["lead_unit"].pk,
            supporting_units=supporting,
            external_deadline=cleaned["external_deadline"],
            internal_deadline=cleaned["internal_deadline"],
            requirement=cleaned["requirement"],
            task=cleaned["task"],
            measure=cleaned["measure"],
            # A deputy of the unit that led before is none of the one that leads now.
            deputy_in_charge=row.deputy_in_charge_id if cleaned["lead_unit"].pk == row.lead_unit_id else None,
        )
        actions.edit_order.call(**meta)(found, items=[draft], actor=request.actor)

    return serve(
        request,
        Deed(
            verb=Verb.EDIT_ORDER,
            action=actions.edit_order,
            form=partial(order_forms.ItemForm, initial=_as_it_stands(row)),
            call=call,
            subjects=[found],
            back=page_of(found),
            consequence=_("只改这一行；送审后不再改。"),
            shown=[str(row.problem)],
        ),
    )


def _as_it_stands(row: OrderItem) -> dict[str, Any]:
    return {
        "lead_unit": row.lead_unit_id,
        "supporting_units": [one["unit"] for one in row.supporting_units],
        "external_deadline": row.external_deadline,
        "internal_deadline": row.internal_deadline,
        "task": row.task,
        "measure": row.measure,
        "requirement": row.requirement,
    }


def remove_item(request: Request, pk: uuid.UUID, item: uuid.UUID) -> HttpResponse:
    """Take a problem out of a draft."""
    found = seen_order(request, pk)
    row = queries.order_items_seen(request.actor, found).filter(pk=item).first()
    if row is None:
        raise Http404

    def call(cleaned: dict[str, Any], meta: Meta) -> None:
        actions.edit_order.call(**meta)(found, remove=[row.problem], actor=request.actor)

    return serve(
        request,
        Deed(
            verb=Verb.EDIT_ORDER,
            action=actions.edit_order,
            form=forms.NothingForm,
            call=call,
            subjects=[found],
            back=page_of(found),
            consequence=_("移出交办单，问题回到待交办。"),
            shown=[str(row.problem)],
        ),
    )


def submit_order(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Send it on its route."""
    found = seen_order(request, pk)
    words = _("按审批路线送审；审批期间不能修改。")
    return _step(request, found, (Verb.SUBMIT_ORDER, actions.submit_order), forms.NothingForm, words)


def issue_order(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Issue it, once."""
    found = seen_order(request, pk)
    words = _("一次下达，单内所有问题同时交办，期限从下达之日起算。")
    return _step(request, found, (Verb.ISSUE_ORDER, actions.issue_order), order_forms.IssueForm, words)


def withdraw_order(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Take it back before it is issued."""
    found = seen_order(request, pk)
    words = _("撤回后，单内的问题可以另行列入交办单。")
    return _step(request, found, (Verb.WITHDRAW_ORDER, actions.withdraw_order), forms.ReasonForm, words)


def _step(
    request: Request,
    found: AssignmentOrder,
    step: tuple[Verb, Action[..., Any]],
    form: Callable[..., Any],
    consequence: str,
) -> HttpResponse:
    verb, action = step

    def call(cleaned: dict[str, Any], meta: Meta) -> Any:
        return action.call(**meta)(found, actor=request.actor, **given(cleaned))

    deed = Deed(
        verb=verb,
        action=action,
        form=form,
        call=call,
        subjects=[found],
        back=page_of(found),
        consequence=consequence,
        shown=[f"{found.order_no} {found.title}"],
    )
    return serve(request, deed)
