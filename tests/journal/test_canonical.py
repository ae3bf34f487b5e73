"""Canonical bytes are those of RFC 8785, and nothing ambiguous is ever hashed."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

import pytest
import rfc8785
from hypothesis import example, given
from hypothesis import strategies as st

from bihuan.journal import canonical as module
from bihuan.journal.canonical import (
    GENESIS,
    NotCanonical,
    UnknownAlgorithm,
    canonical,
    chain_hash,
    digest,
    parse_canonical,
    plain_spelling,
)

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
# Keys are drawn so that the two orders (code points, UTF-16 units) disagree often.
KEYS = st.one_of(TEXTS, st.text(st.sampled_from("a中\ue000\ufffd\U0001f600\U00020000"), max_size=3))
LEAVES = st.one_of(st.none(), st.booleans(), st.integers(-(2**53) + 1, 2**53 - 1), TEXTS)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(KEYS, inner, max_size=4)),
    max_leaves=12,
)
SM3_OF_ABC = "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"


class Colour(StrEnum):
    RED = "red"


@given(VALUES)
@example({"\ue000": 1, "\U0001f600": 2})
@example([{"deep": {"\ufffd": None, "\U00020000": True}}])
@example('\x00\x1f\x7f\u2028"\\/\b\f\n\r\t')
def test_bytes_equal_those_of_an_independent_rfc8785_implementation(value: Any) -> None:
    assert canonical(value) == rfc8785.dumps(value)


@given(VALUES)
def test_value_comes_back_from_its_bytes(value: Any) -> None:
    assert json.loads(canonical(value)) == value


@given(st.dictionaries(KEYS, LEAVES, min_size=2, max_size=5))
def test_order_of_insertion_does_not_matter(value: dict[str, Any]) -> None:
    reversed_value = dict(reversed(value.items()))
    assert canonical(reversed_value) == canonical(value)


@pytest.mark.parametrize(
    "value", [1.5, float("nan"), float("inf"), 0.0, Decimal("1.10"), date(2026, 3, 1)], ids=repr
)
def test_values_with_more_than_one_spelling_are_refused_with_the_remedy(value: object) -> None:
    with pytest.raises(NotCanonical, match="pass it as a string"):
        canonical({"amount": value})


@pytest.mark.parametrize("value", [2**53, -(2**53), 10**30])
def test_integers_a_double_cannot_hold_are_refused(value: int) -> None:
    with pytest.raises(NotCanonical, match="pass it as a string"):
        canonical([value])


@pytest.mark.parametrize("value", [2**53 - 1, -(2**53) + 1])
def test_largest_integers_are_written_exactly(value: int) -> None:
    assert canonical(value) == str(value).encode()


def test_refusal_names_the_path_to_the_part_at_fault() -> None:
    with pytest.raises(NotCanonical, match=r"value\['after'\]\['days'\]\[1\]: float") as caught:
        canonical({"after": {"days": [1, 2.0]}})
    assert caught.value.path == ("after", "days", 1)


@pytest.mark.parametrize("key", [1, None, True, 2.5, date(2026, 1, 1)], ids=repr)
def test_keys_that_are_not_strings_are_refused(key: object) -> None:
    with pytest.raises(NotCanonical, match="keys must be strings"):
        canonical({key: 1})


@pytest.mark.parametrize("value", [(1, 2), {1}, frozenset()], ids=repr)
def test_sequences_that_would_come_back_as_lists_are_refused(value: object) -> None:
    with pytest.raises(NotCanonical, match="pass a list"):
        canonical(value)


@pytest.mark.parametrize("value", [b"bytes", object()], ids=["bytes", "object"])
def test_other_types_are_refused(value: object) -> None:
    with pytest.raises(NotCanonical, match="is not one of str, int"):
        canonical(value)


@pytest.mark.parametrize("value", ["\ud83d", {"\udc00": 1}, {"\U0001f600": 1, "\ud800": 2}], ids=ascii)
def test_half_a_surrogate_pair_is_refused(value: object) -> None:
    with pytest.raises(NotCanonical, match="surrogate"):
        canonical(value)


def test_value_inside_itself_is_refused() -> None:
    value: list[Any] = []
    value.append(value)
    with pytest.raises(NotCanonical, match="nested too deeply"):
        canonical(value)


def test_value_of_an_enumeration_is_written_as_its_string() -> None:
    assert canonical({"colour": Colour.RED}) == b'{"colour":"red"}'


def test_refusal_is_a_type_error_for_callers_that_know_nothing_of_us() -> None:
    assert issubclass(NotCanonical, TypeError)


@given(st.lists(st.binary(max_size=40), max_size=4))
def test_digest_is_that_of_the_concatenation(chunks: list[bytes]) -> None:
    assert digest("sha256", *chunks) == hashlib.sha256(b"".join(chunks)).digest()


@pytest.mark.skipif("sm3" not in hashlib.algorithms_available, reason="this Python's OpenSSL offers no SM3")
def test_sm3_gives_the_value_of_the_standard() -> None:
    assert digest("sm3", b"a", b"bc").hex() == SM3_OF_ABC


def test_missing_sm3_is_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(name: str) -> None:
        message = f"unsupported hash type {name}"
        raise ValueError(message)

    monkeypatch.setattr(module.hashlib, "new", refuse)
    with pytest.raises(UnknownAlgorithm, match="SM3 is not offered"):
        digest("sm3", b"")


@pytest.mark.parametrize("name", ["md5", "SHA256", ""])
def test_other_digests_are_refused_with_the_accepted_ones(name: str) -> None:
    with pytest.raises(UnknownAlgorithm, match="accepted are sha256, sm3"):
        digest(name, b"")


@given(st.binary(min_size=32, max_size=32), st.binary(max_size=60))
def test_link_of_the_chain_is_not_the_plain_hash_of_its_parts(previous: bytes, body: bytes) -> None:
    assert chain_hash("sha256", previous, body) != digest("sha256", previous, body)


@given(st.binary(max_size=60), st.binary(max_size=60))
def test_link_depends_on_the_body(one: bytes, other: bytes) -> None:
    same_link = chain_hash("sha256", GENESIS, one) == chain_hash("sha256", GENESIS, other)
    assert same_link == (one == other)


def test_link_depends_on_the_event_before() -> None:
    first = chain_hash("sha256", GENESIS, b"{}")
    assert chain_hash("sha256", first, b"{}") != first


@pytest.mark.parametrize("previous", [b"", b"\x00" * 31, b"\x00" * 33])
def test_previous_hash_of_another_length_is_refused(previous: bytes) -> None:
    with pytest.raises(ValueError, match="32 are needed"):
        chain_hash("sha256", previous, b"{}")


@given(VALUES)
@example({"\ue000": 1, "\U0001f600": 2})
@example({"digits": "0123456789012345"})
def test_what_was_written_canonically_is_read(value: Any) -> None:
    assert parse_canonical(canonical(value)) == value


# Pieces of which canonical and other spellings alike are made, glued in every order.
PIECES = r"""
{ } [ ] , : " "a" "b" "中" "\u4e2d" "\u001f" "\n" "\/" 0 -0 7 -7 007 1.0 1e2 9007199254740991 9007199254740992
12345678901234567890 true True null NaN -Infinity {"a":1} {"a":1,"b":2}
"""
FRAGMENTS = st.sampled_from([" ", "\n", '"\x7f"', '"\ue000"', '"\U0001f600"', *PIECES.split()])
TEXTS_LIKE_JSON = st.one_of(
    st.lists(FRAGMENTS, max_size=7).map("".join),
    VALUES.map(lambda value: json.dumps(value, ensure_ascii=False, separators=(",", ":"))),
    VALUES.map(json.dumps),
)


def _independently(text: str) -> Any:
    """The value by another reader and another writer, or None where the text is not its canonical form."""
    try:
        value = json.loads(text)
        return [value] if rfc8785.dumps(value) == text.encode() else None
    except (ValueError, rfc8785.CanonicalizationError):
        return None


@given(TEXTS_LIKE_JSON)
@example('{"b":1,"a":2}')
@example('{"a":1,"a":1}')
@example('{"a":1,"a":2}')
@example('{"\ue000":1,"\U0001f600":2}')
@example('{"\U0001f600":2,"\ue000":1}')
@example("[9007199254740992]")
@example("[1.0]")
@example("[-0]")
@example("[1] ")
@example('["\\u0041"]')
@example('["\\ud83d"]')
def test_only_the_canonical_spelling_is_read(text: str) -> None:
    """Whatever text comes, it is read exactly when an independent implementation would have written it so.

    Fractions are the one exception: RFC 8785 has a spelling for them, the journal has no use for them.
    """
    expected = _independently(text)
    try:
        value = parse_canonical(text.encode())
    except NotCanonical:
        assert expected is None or _has_fraction(expected)
    else:
        assert expected == [value]


def _has_fraction(value: Any) -> bool:
    if isinstance(value, dict):
        return any(_has_fraction(item) for item in value.values())
    if isinstance(value, list):
        return any(_has_fraction(item) for item in value)
    return isinstance(value, float)


@pytest.mark.parametrize("text", [b"\xff", b"", b"[", b'"\xed\xa0\x80"', b"[" * 100_000])
def test_what_is_no_json_at_all_is_refused(text: bytes) -> None:
    with pytest.raises(NotCanonical, match="not in canonical form"):
        parse_canonical(text)


@given(VALUES, VALUES)
def test_plain_spellings_are_equal_only_for_the_same_value(one: Any, other: Any) -> None:
    assert (plain_spelling(one) == plain_spelling(other)) == (canonical(one) == canonical(other))


def test_plain_spelling_tells_one_from_true() -> None:
    assert len({plain_spelling(1), plain_spelling(True), plain_spelling(1.0), plain_spelling("1")}) == 4
