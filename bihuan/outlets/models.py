"""Ways out of the program, what waits on them, and who wants what.

An `Outlet` is what an administrator wrote down; its secrets lie beside it, sealed, and never in an event. A `Delivery` is
one message on one outlet; a `Dispatch` is one text that leaves: all of a person's (or a group's) deliveries that wait at
that moment, together. Deliveries and dispatches carry no business fact and are no streams.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from bihuan.journal.identity import new_id
from bihuan.journal.records import Record
from bihuan.messages.models import Message
from bihuan.organizations.models import Person, Unit
from bihuan.outlets.ways import Way


class Outlet(Record):
    """A way out for the people of a unit and all below it; a robot speaks to one unit's group."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="outlets")
    way = models.CharField(_("类别"), max_length=10, choices=Way.choices)
    name = models.CharField(_("名称"), max_length=60)
    settings = models.JSONField(default=dict)
    site = models.CharField(_("本系统的访问地址"), max_length=200)
    intranet = models.BooleanField(_("对方在内网"), default=False)
    matters = models.JSONField(_("只发这些事项"), default=list)
    per_minute = models.PositiveSmallIntegerField(_("每分钟最多几条"), default=20)
    secrets = models.UUIDField(null=True, editable=False)
    # Only what is queued from then on goes out: an outlet set up today does not tell what happened last year.
    on_since = models.DateTimeField(null=True)

    class Stream(Record.Stream):
        kind = "outlet"

    def __str__(self) -> str:
        return self.name

    @property
    def is_on(self) -> bool:
        return self.on_since is not None


class OutletSecrets(models.Model):
    """Password, robot key or token of an outlet, encrypted under the installation's key. Replaced, never shown."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    sealed = models.BinaryField()


class DispatchState(models.TextChoices):
    """How far a dispatch has come. `sending` for long: the process died meanwhile, and it is taken up again."""

    WAITING = "waiting", _("待发送")
    SENDING = "sending", _("发送中")
    DELIVERED = "delivered", _("已送达")
    FAILED = "failed", _("未送达")


class Dispatch(models.Model):
    """One text on its way out: to a person, or without one to a robot's group. Its id is the marker of every attempt."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    outlet = models.ForeignKey(Outlet, on_delete=models.PROTECT, related_name="dispatches")
    person = models.UUIDField(null=True)
    urgent = models.BooleanField(default=False)
    trial = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=DispatchState.choices, default=DispatchState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField()
    next_at = models.DateTimeField()
    tried_at = models.DateTimeField(null=True)
    why = models.CharField(max_length=20, blank=True)
    words = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["outlet", "next_at"],
                condition=models.Q(state__in=["waiting", "sending"]),
                name="dispatch_under_way",
            ),
            models.Index(fields=["outlet", "tried_at"], name="dispatch_tried"),
        ]


class Delivery(models.Model):
    """One message on one outlet, due at a moment; without a dispatch as long as it waits."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="deliveries")
    outlet = models.ForeignKey(Outlet, on_delete=models.PROTECT, related_name="deliveries")
    # Whom it is for: nobody by name where a robot says it to a group.
    person = models.UUIDField(null=True)
    urgent = models.BooleanField(default=False)
    due_at = models.DateTimeField()
    dispatch = models.ForeignKey(Dispatch, on_delete=models.CASCADE, null=True, related_name="deliveries")

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["due_at"], condition=models.Q(dispatch__isnull=True), name="delivery_waiting"
            ),
        ]
        constraints: ClassVar = [
            # What waits already will say how much it is when it leaves; it is not said twice.
            models.UniqueConstraint(
                fields=["message", "outlet"],
                condition=models.Q(dispatch__isnull=True),
                name="one_waiting_on_an_outlet",
            )
        ]


class MessageChoice(Record):
    """What a person does not want to be told outside the program, as `matter/way`; what is compulsory comes all the same."""

    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="message_choice")
    declined = models.JSONField(default=list)

    class Stream(Record.Stream):
        kind = "message_choice"
