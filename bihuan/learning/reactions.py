"""What this room does when a text it may have learnt from must go."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final
from uuid import UUID

from django.db import transaction

from bihuan.files.jobs import destroy_content
from bihuan.files.models import Blob
from bihuan.journal.action import current
from bihuan.journal.erasing import erase_sealed
from bihuan.journal.expungement import Expungement
from bihuan.journal.reactions import Happened, reacts_to
from bihuan.learning.classifiers import forget, learnt_from
from bihuan.learning.models import LearnedModel, Prediction
from bihuan.text.model_errors import ModelFileError

if TYPE_CHECKING:
    from collections.abc import Iterable

PROBLEM: Final = "ledger.problem:"


@reacts_to("journal.confirm_expunge")
def forget_models(happened: Happened) -> None:
    """A model that learnt from an expunged text is destroyed; one whose file cannot be read is, to be safe."""
    gone = set[str]()
    for expungement in happened.of(Expungement):
        problems = [UUID(key.removeprefix(PROBLEM)) for key in expungement.rows if key.startswith(PROBLEM)]
        gone |= {problem.hex for problem in problems}
        _forget_reasons(problems, expungement)
    if not gone:
        return
    kept = LearnedModel.objects.filter(file__isnull=False, file__blob__kept=True)
    models = [model for model in kept.select_related("file__blob") if _knows(model, gone)]
    if models:
        _destroy(models)


def _forget_reasons(problems: list[UUID], expungement: Expungement) -> None:
    """The words given as reasons stood in the text."""
    for prediction in Prediction.objects.filter(problem__in=problems).select_related("problem"):
        current().lock([prediction.problem])
        prediction.reasons = []
        prediction.save()
        erase_sealed(prediction.problem_id, {prediction.row_key: ("reasons",)}, by=expungement.pk)


def _knows(model: LearnedModel, gone: set[str]) -> bool:
    try:
        return not gone.isdisjoint(learnt_from(model))
    except (OSError, ModelFileError):
        return True


def _destroy(models: list[LearnedModel]) -> None:
    act = current()
    blobs = list(Blob.objects.filter(pk__in={model.file.blob_id for model in models if model.file}))
    act.lock([*models, *blobs])
    for model in models:
        model.state, model.in_force_since = LearnedModel.State.DESTROYED, None
        model.save()
    for blob in blobs:
        blob.kept = False
        blob.save()
        act.defer(destroy_content, sha256=blob.sha256)
    # The queued job makes sure of it after a crash; this does it at once.
    transaction.on_commit(partial(_destroy_now, [blob.sha256 for blob in blobs]), robust=True)


def _destroy_now(digests: Iterable[str]) -> None:
    for sha256 in digests:
        forget(sha256)
        destroy_content(sha256)
