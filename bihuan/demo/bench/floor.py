"""The floor under `verify`: the same bytes fetched and hashed, and nothing else, in as many processes."""

from __future__ import annotations

import hashlib
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any

import psycopg

BYTES_AT_A_TIME = 5000
_at_hand: list[psycopg.Connection[Any]] = []


def hash_everything(address: dict[str, Any], partitions: list[str], processes: int) -> int:
    """Fetch every body in order and hash it; returns how many there are."""
    with ProcessPoolExecutor(
        processes, mp_context=get_context("spawn"), initializer=begin, initargs=(address,)
    ) as pool:
        return sum(pool.map(hash_partition, partitions))


def begin(address: dict[str, Any]) -> None:
    """Connect, to read."""
    connection = psycopg.connect(**address)
    connection.read_only = True
    _at_hand[:] = [connection]


def hash_partition(name: str) -> int:
    """SELECT the bodies of one partition in order; SHA-256 of each."""
    count = 0
    with _at_hand[0].transaction(), psycopg.ServerCursor(_at_hand[0], "floor") as cursor:
        cursor.itersize = BYTES_AT_A_TIME
        cursor.execute(f"SELECT body::text, hash FROM {name} ORDER BY stream, seq", binary=True)  # noqa: S608  (our own name)
        for text, _stored in cursor:
            hashlib.sha256(text.encode()).digest()
            count += 1
    return count
