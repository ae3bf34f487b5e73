"""What the kill test does inside the data folder it kills in, each in a process of its own.

python -m tests.journal.street prepare     a city, its rules, keys for programs, problems to work on; as JSON
python -m tests.journal.street take-up     what a dead worker held is put back now and not within the minute
python -m tests.journal.street count       which words were written how often, which jobs and previews there are
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import sys
from collections import Counter
from typing import Any, Final

import django

django.setup()

from django.db import connection  # noqa: E402  (Django first)
from procrastinate.contrib.django import app  # noqa: E402

from bihuan.exchange.actions import make_key  # noqa: E402
from bihuan.files.models import Preview  # noqa: E402
from bihuan.installation.jobs import take_up_stalled_jobs  # noqa: E402
from bihuan.journal import timesource  # noqa: E402
from bihuan.journal.models import JournalEvent  # noqa: E402
from bihuan.ledger.models import Sector, Source  # noqa: E402
from bihuan.rectification.models import Evidence  # noqa: E402
from tests.organizations.cast import Player, build_cast, seed_lists  # noqa: E402
from tests.rectification.conftest import FIRST_DAY, Clock, Story  # noqa: E402

SHARED: Final = 8


def key_for(player: Player) -> str:
    """A key by which a program acts for this person."""
    secret = f"key of {player.person.external_id}"
    expires = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=30)
    digest = hashlib.sha256(secret.encode()).hexdigest()
    make_key(digest=digest, purpose="接口", expires_on=expires, actor=player.actor)
    return secret


def prepare() -> dict[str, Any]:
    cast = build_cast()
    with timesource.at(FIRST_DAY):
        seed_lists(cast)
        story = Story(cast, Clock())
        # Of a source whose plans need no meeting, and so no minutes: the only files are those that will be counted.
        proving = story.rectifying(source="hotline_12345")
        shared = [story.register() for _ in range(SHARED)]
    return {
        "office": key_for(cast.coordinator),
        "unit": key_for(cast.handler),
        "city": str(cast.city.pk),
        "sector": str(Sector.objects.get(code="risk.ecology.water").pk),
        "source": str(Source.objects.get(code="hotline_12345").pk),
        "proving": str(proving.pk),
        "shared": [str(problem.pk) for problem in shared],
    }


def take_up() -> dict[str, Any]:
    with app.open():
        take_up_stalled_jobs.defer(timestamp=0)
    return {}


def count() -> dict[str, Any]:
    words: Counter[str] = Counter()
    for body in JournalEvent.objects.filter(verb__in=["ledger.register", "ledger.edit_facts"]).values_list(
        "body", flat=True
    ):
        for columns in body["changes"].values():
            if "site" in columns and columns["site"][1]:
                words[columns["site"][1]] += 1
    words.update(Evidence.objects.values_list("caption", flat=True))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT status::text, count(*) FROM procrastinate_jobs WHERE task_name = 'files.make_previews' GROUP BY 1"
        )
        jobs = dict(cursor.fetchall())
    return {
        "words": words,
        "jobs": jobs,
        "previews": [list(pair) for pair in Preview.objects.values_list("sha256", "failure")],
    }


if __name__ == "__main__":
    answer = {"prepare": prepare, "take-up": take_up, "count": count}[sys.argv[1]]()
    sys.stdout.write(json.dumps(answer, ensure_ascii=False))
