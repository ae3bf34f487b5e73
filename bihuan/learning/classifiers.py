"""The classifier a place uses today: its own model, its superior's, or the keyword profiles the program starts with."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from bihuan.files import store
from bihuan.learning.lessons import prepared
from bihuan.learning.models import LearnedModel
from bihuan.policies.queries import chain_of
from bihuan.text.classifier import starting_classifier
from bihuan.text.masking import Masker
from bihuan.text.model_errors import ModelFileError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from bihuan.organizations.models import Unit
    from bihuan.text.classifier import Prediction
    from bihuan.text.mixing import Mixed
    from bihuan.text.model_file import KeptModel

_LOG: Final = logging.getLogger(__name__)
# A model of a large office takes some ten megabytes; a process serves few places at once.
_KEPT_IN_MEMORY: Final = 4
_MASKER: Final = Masker()


@dataclass(frozen=True, slots=True)
class OfficeClassifier:
    """A place's classifier, with the record it came from. It is told nothing personal, so it can give none as a reason."""

    kept: Mixed
    version: str
    model: UUID

    def predict(self, text: str) -> Prediction:
        """The label of one text."""
        return self.kept.predict(prepared(text, _MASKER))

    def predict_all(self, texts: Sequence[str]) -> list[Prediction]:
        """The same for many."""
        return self.kept.predict_all([prepared(text, _MASKER) for text in texts])


def starting_version() -> str:
    """What the version of the keyword profiles is called."""
    return starting_classifier().version


def model_in_force(place: Unit) -> LearnedModel | None:
    """The model of the nearest jurisdiction that has one; one query."""
    chain = chain_of(place)
    found = LearnedModel.objects.filter(state=LearnedModel.State.IN_FORCE, jurisdiction__in=chain)
    models = {model.jurisdiction_id: model for model in found.select_related("file__blob")}
    return next((models[pk] for pk in chain if pk in models), None)


def classifier_for(place: Unit) -> OfficeClassifier | None:
    """The learnt classifier of a place; None where the keyword profiles are to speak.

    A file that is missing or damaged costs the office what it has learnt, not its work; `bihuan doctor` names it.
    """
    model = model_in_force(place)
    if model is None or model.file is None:
        return None
    try:
        return opened(model)
    except (OSError, ModelFileError):
        _LOG.warning("learning: the model %s cannot be read; the profiles speak in its place", model.pk)
        return None


def opened(model: LearnedModel) -> OfficeClassifier:
    """The classifier of a record; raises `OSError` or `ModelFileError`."""
    if model.file is None:
        raise FileNotFoundError
    kept = _read(model.file.blob.sha256)
    return OfficeClassifier(kept.classifier, version_of(model), model.pk)


def learnt_from(model: LearnedModel) -> frozenset[str]:
    """The ids of the problems a model has learnt from; raises as `opened` does."""
    if model.file is None:
        raise FileNotFoundError
    return frozenset(_read(model.file.blob.sha256).about.get("problems", ()))


def version_of(model: LearnedModel) -> str:
    """How a prediction names the version that made it."""
    return f"{model.jurisdiction_id.hex[:8]}-{model.version}"


@lru_cache(maxsize=_KEPT_IN_MEMORY)
def _read(sha256: str) -> KeptModel:
    from bihuan.text.model_file import read_model

    with store.open_stored(store.name_of(sha256)) as file:
        return read_model(file.read())


def forget(sha256: str) -> None:
    """A destroyed model must not go on speaking out of this process's memory."""
    _read.cache_clear()


__all__ = [
    "OfficeClassifier",
    "classifier_for",
    "forget",
    "learnt_from",
    "model_in_force",
    "opened",
    "starting_version",
    "version_of",
]
