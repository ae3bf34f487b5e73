"""A learnt classifier as a file: arrays behind a header of JSON, checked whole before a number of it is believed.

    magic line · length of the header (8 bytes) · header · tokens · rarities · weights · SHA-256 of all before it

Nothing in it can be run, nothing is unpacked, and every length is known before anything is read. The keyword profiles a
model started from lie in its file, so that it says the same after the program's own have changed; a file made by another
way of reading texts is refused by name (`LinearClassifier.version`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from bihuan.text.classifier import Profiles
from bihuan.text.features import Features
from bihuan.text.learning import LinearClassifier
from bihuan.text.mixing import Mixed, Voices
from bihuan.text.model_errors import Damaged, Nonsense, NotAModel, OtherEngine

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

MAGIC: Final = b"bihuan classifier 1\n"
_LENGTH: Final = 8
_DIGEST: Final = 32
_LONGEST_HEADER: Final = 16 * 1024 * 1024
_MOST_LABELS: Final = 2000
_HIGHEST_THRESHOLD: Final = 1.1
_LOUDEST: Final = 1000.0
_RARITY: Final = np.dtype("<f8")
_WEIGHT: Final = np.dtype("<f4")


@dataclass(frozen=True, slots=True)
class KeptModel:
    """What a file holds: the classifier, and what its maker wanted to know with it (plain JSON)."""

    classifier: Mixed
    about: Mapping[str, Any]


def write_model(model: Mixed, about: Mapping[str, Any] | None = None) -> bytes:
    """The file of a model. The same model with the same words beside it gives the same bytes."""
    learnt = model.learnt
    tokens = "\n".join(learnt.features.tokens).encode()
    header = {
        "engine": LinearClassifier.version,
        "labels": list(learnt.labels),
        "temperature": learnt.temperature,
        "said_from": learnt.threshold,
        "threshold": model.threshold,
        "voices": [model.voices.learnt, model.voices.profiles],
        "tokens": len(learnt.features.tokens),
        "token_bytes": len(tokens),
        "start": _plain(learnt.features.profiles),
        "profiles": _plain(model.profiles),
        "about": dict(about or {}),
    }
    written = json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode()
    whole = b"".join(
        (
            MAGIC,
            len(written).to_bytes(_LENGTH, "little"),
            written,
            tokens,
            np.asarray(learnt.features.rarity, _RARITY).tobytes(),
            np.asarray(learnt.weights, _WEIGHT).tobytes(),
        )
    )
    return whole + hashlib.sha256(whole).digest()


def read_model(content: bytes) -> KeptModel:
    """The model of a file, or a `ModelFileError` that says what is wrong with it."""
    header, body = _opened(content)
    if header.get("engine") != LinearClassifier.version:
        raise OtherEngine(str(header.get("engine"))[:40])
    try:
        return _model(header, body)
    except (KeyError, TypeError, AttributeError, OverflowError, UnicodeDecodeError) as error:
        raise Nonsense(type(error).__name__) from error


def _opened(content: bytes) -> tuple[dict[str, Any], bytes]:
    if not content.startswith(MAGIC):
        raise NotAModel
    begins = len(MAGIC) + _LENGTH
    length = int.from_bytes(content[len(MAGIC) : begins], "little")
    if len(content) < begins + _DIGEST or length > min(len(content) - begins - _DIGEST, _LONGEST_HEADER):
        raise Damaged("length")
    if hashlib.sha256(memoryview(content)[:-_DIGEST]).digest() != content[-_DIGEST:]:
        raise Damaged("digest")
    try:
        header = json.loads(content[begins : begins + length])
    except (ValueError, RecursionError) as error:
        raise Nonsense("header") from error
    if not isinstance(header, dict):
        raise Nonsense("header")
    return header, content[begins + length : -_DIGEST]


def _model(header: dict[str, Any], body: bytes) -> KeptModel:
    labels = _labels(header["labels"])
    start, profiles = _profiles(header["start"]), _profiles(header["profiles"])
    count, size = _count(header["tokens"]), _count(header["token_bytes"])
    width = count + len(start.labels) + 1
    rarity_ends = size + count * _RARITY.itemsize
    if len(body) != rarity_ends + len(labels) * width * _WEIGHT.itemsize:
        raise Nonsense("lengths")
    tokens = _tokens(body[:size], count)
    rarity = _finite(np.frombuffer(body[size:rarity_ends], _RARITY))
    weights = _finite(np.frombuffer(body[rarity_ends:], _WEIGHT)).reshape(len(labels), width)
    learnt = LinearClassifier(Features(tokens, rarity.tolist(), start), labels, weights)
    learnt.temperature = _number(header["temperature"], above=0.0)
    learnt.threshold = _number(header["said_from"], most=_HIGHEST_THRESHOLD)
    voices = Voices(*(_number(voice) for voice in header["voices"]))
    threshold = _number(header["threshold"], most=_HIGHEST_THRESHOLD)
    if not isinstance(header["about"], dict):
        raise Nonsense("about")
    return KeptModel(Mixed(learnt, profiles, voices, threshold), header["about"])


def _plain(profiles: Profiles) -> dict[str, Any]:
    return {
        "words": {label: list(words) for label, words in profiles.words.items()},
        "fallback": profiles.fallback,
    }


def _profiles(plain: dict[str, Any]) -> Profiles:
    words, fallback = plain["words"], plain["fallback"]
    known = isinstance(words, dict) and all(
        isinstance(found, list) and all(isinstance(word, str) and word for word in found)
        for found in words.values()
    )
    if not known or not isinstance(fallback, str):
        raise Nonsense("profiles")
    return Profiles(words, fallback=fallback)


def _labels(found: object) -> Sequence[str]:
    if not isinstance(found, list) or not 1 < len(found) <= _MOST_LABELS or len(set(found)) != len(found):
        raise Nonsense("labels")
    if not all(isinstance(label, str) and label for label in found):
        raise Nonsense("labels")
    return found


def _tokens(written: bytes, count: int) -> list[str]:
    """Each once and in order: so they were written."""
    tokens = written.decode().split("\n") if count else []
    if (
        len(tokens) != count
        or (written and not count)
        or any(one >= other for one, other in pairwise(tokens))
    ):
        raise Nonsense("tokens")
    return tokens


def _count(found: object) -> int:
    if not isinstance(found, int) or isinstance(found, bool) or found < 0:
        raise Nonsense("count")
    return found


def _number(found: object, *, above: float = -1.0, most: float = _LOUDEST) -> float:
    if isinstance(found, bool) or not isinstance(found, int | float) or not above < found <= most:
        raise Nonsense("number")
    return float(found)


def _finite(found: NDArray[Any]) -> NDArray[np.float64]:
    if not np.isfinite(found).all():
        raise Nonsense("numbers")
    return found.astype(np.float64)
