"""Canonical bytes of a value, and the digests taken over them.

`canonical` writes RFC 8785 (JSON Canonicalization Scheme) for the domain the journal uses: strings,
integers, booleans, None, lists and dicts with string keys. Everything else is refused, because a float or a
date has more than one honest spelling and a hash must not depend on which one a library happened to choose:
the caller passes a string.

    NotCanonical (TypeError)        the value is outside the domain; carries the path to the offending part
    UnknownAlgorithm (ValueError)   the digest is not one of ALGORITHMS, or this Python's OpenSSL lacks it
"""

from __future__ import annotations

import hashlib
import json
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from types import NoneType
from typing import Any, Final

import msgspec

ALGORITHMS: Final = ("sha256", "sm3")
DIGEST_SIZE: Final = 32
GENESIS: Final = bytes(DIGEST_SIZE)
"""What the first event of a stream names as its predecessor."""

LARGEST_INTEGER: Final = 2**53 - 1
"""Beyond this a JSON reader that uses doubles would silently change the number."""

_CHAIN_DOMAIN: Final = b"bihuan/chain/1\x00"
_LAST_BMP_CHARACTER: Final = "\uffff"
_LEAVES: Final = frozenset({str, bool, NoneType})
"""Types whose every value has a canonical form."""
_AS_STRINGS: Final = (float, Decimal, date, datetime, time, timedelta)

# An encoder is kept rather than calling json.dumps, which would build one for every event.
_encode_sorted = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False, check_circular=False
).encode
_encode_as_ordered = json.JSONEncoder(
    ensure_ascii=False, sort_keys=False, separators=(",", ":"), allow_nan=False, check_circular=False
).encode


class NotCanonical(TypeError):
    """A value has no canonical form here. `path` leads from the outermost value to the part at fault."""

    def __init__(self, complaint: str, path: tuple[str | int, ...] = ()) -> None:
        self.complaint = complaint
        self.path = path
        where = "".join(f"[{step!r}]" for step in path)
        super().__init__(f"value{where}: {complaint}" if where else complaint)

    def inside(self, step: str | int) -> NotCanonical:
        """Return the same complaint seen from the container that holds the part under `step`."""
        return NotCanonical(self.complaint, (step, *self.path))


class UnknownAlgorithm(ValueError):
    """The digest asked for cannot be computed here."""


def canonical(value: object) -> bytes:
    """Return the RFC 8785 bytes of `value`, or raise `NotCanonical` naming the part that has none."""
    if (quick := _quickly(value)) is not None:
        return quick
    try:
        has_wide_key = _inspect(value)
        text = _encode_as_ordered(_in_utf16_order(value)) if has_wide_key else _encode_sorted(value)
    except RecursionError:
        message = "nested too deeply (or inside itself) to be written down"
        raise NotCanonical(message) from None
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError as error:
        message = (
            f"a string holds half a surrogate pair ({error.object[error.start]!r}), which is not a character"
        )
        raise NotCanonical(message) from None


def _quickly(value: object) -> bytes | None:
    """The bytes by the fast writer, where what they are read back as is the value; nothing where only care can tell.

    Whatever the writer changed on its way to JSON (a date, a decimal, a tuple, a key that is a number) does not come
    back, and a float is not read at all; so nobody has to look at every part of a value to find none of them in it.
    """
    try:
        text = _write(value)
        return text if not _asks_for_care(text) and _read(text) == value else None
    except (msgspec.MsgspecError, TypeError, ValueError, RecursionError):
        return None


def _asks_for_care(text: bytes) -> bool:
    """Whether there may be a number in it beyond our largest, or a key whose order the fast writer does not know."""
    marks = text.translate(_MARKS)
    return _MANY_DIGITS in marks or _WIDE in marks


def parse_canonical(text: bytes) -> Any:
    """The value `text` is the canonical form of; raises `NotCanonical` for every other spelling of a value.

    Two texts that a reader takes for the same value, keys in another order or given twice, spaces, a number written
    differently, would otherwise be two things to hash for one thing to read.
    """
    try:
        value = _read(text)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise NotCanonical(f"not in canonical form: {error}") from None
    # The fast writer knows neither our largest integer nor the order of keys beyond the BMP: the careful one decides.
    if (canonical(value) if _asks_for_care(text) else _write(value)) != text:
        raise NotCanonical("not in canonical form: its value is written differently")
    return value


def plain_spelling(value: object) -> str:
    """Compact JSON with sorted keys, for comparing two values strictly: 1, 1.0 and true are three spellings."""
    return _write(value).decode()


def _not_whole(number: str) -> Any:
    raise ValueError(f"{number} is not a whole number")


# A replay reads and writes every event there is: these two are several times as fast as the standard library.
_read = msgspec.json.Decoder(float_hook=_not_whole).decode
_write = msgspec.json.Encoder(order="sorted").encode
_WIDE: Final = b"\xff"
_MANY_DIGITS: Final = b"0" * len(str(LARGEST_INTEGER))
_DIGITS: Final = b"0123456789"
_FOUR_BYTES: Final = bytes(range(0xF0, 0xF8))
"""The first bytes of characters beyond the BMP in UTF-8."""
_MARKS: Final = bytes.maketrans(_DIGITS + _FOUR_BYTES, b"0" * len(_DIGITS) + _WIDE * len(_FOUR_BYTES))


def digest(algorithm: str, *chunks: bytes) -> bytes:
    """Hash the concatenation of `chunks`. Telling the chunks apart is up to the caller's encoding."""
    if algorithm == "sha256":
        state = hashlib.sha256()
    elif algorithm == "sm3":
        state = _sm3()
    else:
        message = f"unknown digest {algorithm!r}; accepted are {', '.join(ALGORITHMS)}"
        raise UnknownAlgorithm(message)
    for chunk in chunks:
        state.update(chunk)
    return state.digest()


def chain_hash(algorithm: str, previous: bytes, body: bytes) -> bytes:
    """Hash an event: its canonical `body`, tied to the hash of the event before (`GENESIS` for the first)."""
    if len(previous) != DIGEST_SIZE:
        message = f"the previous hash has {len(previous)} bytes, {DIGEST_SIZE} are needed"
        raise ValueError(message)
    return digest(algorithm, _CHAIN_DOMAIN, previous, body)


def _sm3() -> Any:  # hashlib publishes no name for the type of its own objects
    try:
        return hashlib.new("sm3")
    except ValueError as error:
        message = (
            "SM3 is not offered by this Python's OpenSSL; use sha256, or a Python built on OpenSSL 1.1.1+"
        )
        raise UnknownAlgorithm(message) from error


def _inspect(value: object) -> bool:
    """Refuse what has no canonical form; tell whether a key needs ordering by UTF-16 code units."""
    kind = type(value)
    if kind is str or value is None or kind is bool:
        return False
    if isinstance(value, int):
        _inspect_integer(value)
        return False
    if isinstance(value, dict):
        return _inspect_dict(value)
    if kind is list:
        return _inspect_list(value)  # type: ignore[arg-type]
    if isinstance(value, str):
        return False
    raise NotCanonical(_why_not(value))


def _inspect_integer(value: int) -> None:
    if not -LARGEST_INTEGER <= value <= LARGEST_INTEGER:
        message = "an integer beyond 2^53 - 1 is not kept exactly by every JSON reader; pass it as a string"
        raise NotCanonical(message)


def _inspect_dict(value: dict[Any, object]) -> bool:
    has_wide_key = False
    for key, item in value.items():
        if not isinstance(key, str):
            message = f"the key {key!r} is {type(key).__name__}; keys must be strings"
            raise NotCanonical(message)
        if not key.isascii() and max(key) > _LAST_BMP_CHARACTER:
            has_wide_key = True
        # The commonest leaves are passed over without a call: this loop runs for every event of a replay.
        kind = type(item)
        if kind not in _LEAVES:
            try:
                # A list in a dict is what an event's changes are made of: [before, after].
                has_wide_key |= _inspect_list(item) if kind is list else _inspect(item)  # type: ignore[arg-type]
            except NotCanonical as error:
                raise error.inside(key) from None
    return has_wide_key


def _inspect_list(value: list[object]) -> bool:
    has_wide_key = False
    for index, item in enumerate(value):
        if type(item) not in _LEAVES:
            try:
                has_wide_key |= _inspect(item)
            except NotCanonical as error:
                raise error.inside(index) from None
    return has_wide_key


def _why_not(value: object) -> str:
    name = type(value).__name__
    if isinstance(value, _AS_STRINGS):
        return f"{name} has no single spelling in JSON; pass it as a string"
    if isinstance(value, (tuple, set, frozenset)):
        return f"{name} comes back as a list; pass a list"
    return f"{name} is not one of str, int, bool, None, list, dict; pass a string"


def _in_utf16_order(value: object) -> object:
    """Rebuild `value` with keys in the order RFC 8785 wants: by UTF-16 code units.

    Code points sort the same way except that characters beyond the BMP are surrogate pairs (D800-DFFF) in
    UTF-16 and so come before U+E000-U+FFFF. Such keys are rare, hence the rebuilding only when one was seen.
    """
    if isinstance(value, dict):
        ordered = sorted(value, key=_utf16_units)
        return {key: _in_utf16_order(value[key]) for key in ordered}
    if isinstance(value, list):
        return [_in_utf16_order(item) for item in value]
    return value


def _utf16_units(key: str) -> bytes:
    # A lone surrogate must survive until `canonical` refuses the whole value with its own message.
    return key.encode("utf-16-be", "surrogatepass")
