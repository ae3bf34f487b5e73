"""Delivering what the outbox holds."""

from __future__ import annotations

import uuid

from django.db import transaction
from django.utils.translation import override
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from bihuan.journal import timesource
from bihuan.messages import channels
from bihuan.messages.kinds import words_of
from bihuan.messages.models import Delivery, DeliveryState

ATTEMPTS = 8


class NotDelivered(Exception):
    """The channel did not take the message; the job runs again later."""


@app.task(
    name="messages.deliver", queue="messages", retry=RetryStrategy(max_attempts=ATTEMPTS, exponential_wait=5)
)
def deliver(delivery: str) -> None:
    """Send one message on one channel. A delivered one is never sent again; a failure leaves its reason in the row."""
    claimed = _claim(uuid.UUID(delivery))
    if claimed is None:
        return
    channel = channels.channel_named(claimed.channel)
    address = channel.address_of(claimed.message.to_person) if channel else None
    if channel is None or address is None or claimed.message.read_at is not None:
        # Read already, or nowhere to send to: the message in the program is enough.
        _close(claimed, DeliveryState.FAILED, failure="" if claimed.message.read_at else "no address")
        return
    try:
        with override("zh-hans"):
            words = words_of(claimed.message)
        channel.send(marker=claimed.pk, address=address, words=words, link=claimed.message.link)
    except Exception as error:
        _close(claimed, DeliveryState.WAITING, failure=type(error).__name__)
        raise NotDelivered(claimed.channel) from error
    _close(claimed, DeliveryState.DELIVERED)


def _claim(pk: uuid.UUID) -> Delivery | None:
    """Mark the delivery as being sent, before it is: a crash in between stays visible as `sending`."""
    with transaction.atomic():
        found = (
            Delivery.objects.select_for_update(of=("self",), skip_locked=True)
            .select_related("message")
            .filter(pk=pk)
            .exclude(state__in=[DeliveryState.DELIVERED, DeliveryState.FAILED])
            .first()
        )
        if found is not None:
            found.state, found.attempts = DeliveryState.SENDING, found.attempts + 1
            found.save(update_fields=["state", "attempts"])
    return found


def _close(delivery: Delivery, state: DeliveryState, *, failure: str = "") -> None:
    delivery.state, delivery.failure = state, failure
    if state == DeliveryState.WAITING and delivery.attempts >= ATTEMPTS:
        delivery.state = DeliveryState.FAILED
    delivery.delivered_at = timesource.now() if state == DeliveryState.DELIVERED else None
    delivery.save(update_fields=["state", "failure", "delivered_at"])
