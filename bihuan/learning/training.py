"""One training: lessons gathered, learnt in a child, measured beside what is in use, taken into use if better."""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from bihuan.files import store
from bihuan.files.taking_in import Incoming
from bihuan.journal.action import Actor
from bihuan.journal.timesource import today
from bihuan.learning import actions, classifiers
from bihuan.learning.child import Bounds, ChildFailed, learn_in_child
from bihuan.learning.lessons import lessons_of
from bihuan.learning.models import LearnedModel
from bihuan.learning.rules import Compared, Reason, Terms, chance_of, compared, verdict
from bihuan.policies.queries import policy_for
from bihuan.text.classifier import starting_classifier
from bihuan.text.measures import measures_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from bihuan.learning.lessons import Lesson, Lessons
    from bihuan.text.classifier import Prediction
    from bihuan.text.mixing import Mixed

SYSTEM: Final = Actor.the_system("learning.train")
MEDIA_TYPE: Final = "application/x-bihuan-model"
_MANY: Final = 2
_FEWEST: Final = 10


class Failure(StrEnum):
    """Why a training came to no model."""

    FEW_LABELS = "few_labels"
    TIME = "time"
    MEMORY = "memory"
    CRASHED = "crashed"
    LOST = "lost"


@dataclass(frozen=True)
class Measured:
    """The new model beside the old on the same rows, as whole numbers an event may hold."""

    found: Compared
    measures: Mapping[str, Any]


def train(pk: UUID) -> str:
    """The body of the job; run again, it goes on where it was. Returns the state reached."""
    model = LearnedModel.objects.select_related("jurisdiction").get(pk=pk)
    if model.state == LearnedModel.State.ASKED:
        _learn(model)
        model.refresh_from_db()
    if model.state == LearnedModel.State.MEASURED and model.verdict == Reason.BETTER:
        actions.adopt(model, actor=SYSTEM)
        model.refresh_from_db()
    return str(model.state)


def _learn(model: LearnedModel) -> None:
    from bihuan.text.model_file import read_model

    place = model.jurisdiction
    body = policy_for(actions.POLICY, jurisdiction=place, on=today()).body
    lessons = lessons_of(place, most=body["most_examples"], held_back=body["held_back"])
    if len(lessons.learnt) < _FEWEST or len({lesson.sector for lesson in lessons.learnt}) < _MANY:
        actions.fail(model, failure=Failure.FEW_LABELS, examples=len(lessons.learnt), actor=SYSTEM)
        return
    began = time.monotonic()
    try:
        content = _taught(model, lessons, body)
    except ChildFailed as failed:
        actions.fail(model, failure=Failure(failed.why), examples=len(lessons.learnt), actor=SYSTEM)
        return
    seconds = round(time.monotonic() - began)
    sha256 = hashlib.sha256(content).hexdigest()
    measured = measure(model, read_model(content).classifier, lessons.held_back)
    terms = Terms(body["least_rows"], body["least_gain"], body["most_chance"])
    store.write(store.name_of(sha256), content)
    actions.measure(
        model,
        file=Incoming(f"model-{model.version}.bihuan", sha256, len(content), MEDIA_TYPE),
        examples=len(lessons.learnt),
        held_back=measured.found.rows,
        measures={**measured.measures, "seconds": seconds, "bytes": len(content)},
        verdict=verdict(measured.found, terms),
        actor=SYSTEM,
    )


def _taught(model: LearnedModel, lessons: Lessons, body: Mapping[str, Any]) -> bytes:
    return learn_in_child(
        [(lesson.text, lesson.sector) for lesson in lessons.learnt],
        accuracy=body["accuracy"] / 100,
        about={
            "version": classifiers.version_of(model),
            "problems": sorted(lesson.problem.hex for lesson in lessons.learnt),
        },
        bounds=Bounds(seconds=body["minutes"] * 60, mebibytes=body["memory"]),
    )


def measure(model: LearnedModel, new: Mixed, held_back: Sequence[Lesson]) -> Measured:
    """Both on the held-back rows, less those the model in use has learnt from under another share."""
    used = classifiers.classifier_for(model.jurisdiction)
    old: Any = used.kept if used else starting_classifier()
    known = classifiers.learnt_from(LearnedModel.objects.get(pk=used.model)) if used else frozenset()
    rows = [lesson for lesson in held_back if lesson.problem.hex not in known]
    olds = [old.predict(lesson.text) for lesson in rows]
    news = new.predict_all([lesson.text for lesson in rows])
    found = compared(
        (one.best == lesson.sector, other.best == lesson.sector)
        for lesson, one, other in zip(rows, olds, news, strict=True)
    )
    return Measured(
        found,
        {
            "old": _thousandths(rows, olds)
            | {"version": used.version if used else starting_classifier().version},
            "new": _thousandths(rows, news),
            "gained": found.gained,
            "lost": found.lost,
            "chance": round(1000 * chance_of(found.gained, found.lost)),
        },
    )


def _thousandths(rows: Sequence[Lesson], said: Sequence[Prediction]) -> dict[str, Any]:
    judged = [(row.sector, one.label, one.best, one.confidence) for row, one in zip(rows, said, strict=True)]
    return {name: round(1000 * value) for name, value in measures_of(judged).items()}
