"""Putting a message into the outbox, inside the action that causes it."""

from __future__ import annotations

import re
import uuid

from django.db import connection

from bihuan.journal.action import current
from bihuan.journal.errors import ActionError
from bihuan.journal.identity import new_id
from bihuan.messages.kinds import is_known
from bihuan.messages.models import Message

# Whatever pattern an office numbers by, a number has a digit in it; a sentence seldom has, and never fits.
NUMBER = re.compile(r"(?:(?=.*\d)[\w\-〔〕()（）/.]{1,60})?")
LINK = re.compile(r"/(?!/)[\w\-./?=&%#]{0,299}")

PUT = """
INSERT INTO {table} (id, to_person, kind, count, number, link, created_at, routed)
VALUES (%s, %s, %s, %s, %s, %s, %s, false)
ON CONFLICT (to_person, kind, number, link) WHERE read_at IS NULL
DO UPDATE SET count = {table}.count + excluded.count, created_at = excluded.created_at, routed = false
RETURNING id
"""


def queue_message(
    *, to_person: uuid.UUID, kind: str, link: str, count: int = 1, number: str = ""
) -> uuid.UUID:
    """Tell a person, once this action is committed. An unread one of the same kind and place is counted up instead.

    Count, number and link are all a message may carry: it may be read on a screen or a telephone outside.
    """
    act = current()
    if not is_known(kind):
        raise ActionError(f"{kind}: this kind of message has no words (register_kind)")
    if count < 1 or not NUMBER.fullmatch(number) or not LINK.fullmatch(link):
        raise ActionError(
            f"{kind}: a message carries a count, a number and a link inside the program, no text"
        )
    with connection.cursor() as cursor:
        cursor.execute(
            PUT.format(table=Message._meta.db_table),
            [new_id(), to_person, kind, count, number, link, act.now],
        )
        row = cursor.fetchone()
    return uuid.UUID(str(row[0]))
