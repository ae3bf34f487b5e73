"""The ways a message leaves the program. In the program itself it is there as soon as the transaction commits.

A channel gets the words and the address, both made at the moment of sending. Which addresses a person has is known two
floors up; the organizations room registers how to find one.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Protocol

from django.conf import settings
from django.core.mail import EmailMessage


class Channel(Protocol):
    """A way out."""

    name: str

    def is_on(self) -> bool:
        """Whether this installation uses it."""

    def address_of(self, person: uuid.UUID) -> str | None:
        """Where to reach a person this way, or None."""

    def send(self, *, marker: uuid.UUID, address: str, words: str, link: str) -> None:
        """Send; raises when it did not go out. `marker` is the same on a repeat, so that a receiver can tell."""


AddressBook = Callable[[uuid.UUID], str | None]
_addresses: dict[str, AddressBook] = {}


def register_addresses(channel: str, find: AddressBook) -> None:
    """Tell how to find a person's address on a channel."""
    _addresses[channel] = find


class Mail:
    """Mail over SMTP. Off: `bihuan/settings.py` sets no `MAIL_FROM` yet, and no room registers addresses."""

    name = "mail"

    def is_on(self) -> bool:
        return bool(getattr(settings, "MAIL_FROM", ""))

    def address_of(self, person: uuid.UUID) -> str | None:
        find = _addresses.get(self.name)
        return find(person) if find else None

    def send(self, *, marker: uuid.UUID, address: str, words: str, link: str) -> None:
        """A mail with a fixed Message-ID: sent twice after a crash, mailboxes show it once."""
        sender = str(getattr(settings, "MAIL_FROM", ""))
        address_of_program = str(getattr(settings, "PUBLIC_ADDRESS", ""))
        host = sender.rpartition("@")[2].strip(">")
        EmailMessage(
            subject=words,
            body=f"{words}\n{address_of_program.rstrip('/')}{link}\n",
            from_email=sender,
            to=[address],
            headers={"Message-ID": f"<{marker}@{host}>"},
        ).send()


_channels: dict[str, Channel] = {}


def register_channel(channel: Channel) -> None:
    """Add a way out (a robot of an office messenger, a short message gateway)."""
    _channels[channel.name] = channel


def forget_channel(name: str) -> None:
    """Take a way out away again."""
    _channels.pop(name, None)


def channel_named(name: str) -> Channel | None:
    """The channel of this name."""
    return _channels.get(name)


def switched_on() -> list[Channel]:
    """The channels this installation uses."""
    return [channel for channel in _channels.values() if channel.is_on()]


register_channel(Mail())
