"""Sending one letter on one outlet. What the receiver says comes back without secrets, whatever it echoes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl, urlsplit

from bihuan.journal import timesource
from bihuan.outlets import gateways, mail, robots
from bihuan.outlets.asking import ask
from bihuan.outlets.egress import Patience, Resolve, resolved
from bihuan.outlets.errors import NotSent
from bihuan.outlets.ways import ROBOTS, Way

if TYPE_CHECKING:
    from bihuan.outlets.letters import Letter

PATIENCE: Final = Patience()
HIDDEN: Final = "…"
LONGEST_WORDS: Final = 300
_LEAST_HIDDEN: Final = 4


@dataclass(frozen=True, kw_only=True)
class Means:
    """An outlet as far as sending needs it: its way, what an administrator wrote down, and its opened secrets."""

    way: str
    settings: Mapping[str, Any]
    secrets: Mapping[str, str]
    intranet: bool


def send(
    means: Means,
    letter: Letter,
    address: str,
    *,
    patience: Patience | None = None,
    resolve: Resolve = resolved,
) -> str:
    """What the receiver answered when it took the letter; `NotSent` otherwise."""
    hidden = [*means.secrets.values(), *_keys_in(means.secrets.get("url", "")), address]
    try:
        answer = _sent(means, letter, address, patience or PATIENCE, resolve)
    except NotSent as failed:
        failed.words = scrubbed(failed.words, hidden)
        raise
    return scrubbed(answer, hidden)


def _sent(means: Means, letter: Letter, address: str, patience: Patience, resolve: Resolve) -> str:
    if means.way == Way.MAIL:
        server = mail.Server(
            **means.settings, password=means.secrets.get("password", ""), intranet=means.intranet
        )
        return mail.send(server, letter, address, patience=patience, resolve=resolve)
    if means.way in ROBOTS:
        url, sign = means.secrets["url"], means.secrets.get("sign", "")
        question = robots.question_for(means.way, letter.text, url=url, sign=sign, moment=timesource.now())
        answer = ask(question, intranet=means.intranet, patience=patience, resolve=resolve)
        return robots.judge(means.way, answer)
    template = gateways.Template(**means.settings)
    values = {
        "mobile": address,
        "text": letter.short,
        "marker": str(letter.marker),
        "secret": means.secrets.get("secret", ""),
    }
    answer = ask(
        gateways.filled(template, values), intranet=means.intranet, patience=patience, resolve=resolve
    )
    return gateways.judge(template, answer)


def _keys_in(url: str) -> list[str]:
    """What in a robot's address is the key: the values of its query, or the end of its path."""
    parts = urlsplit(url)
    return [*(value for _name, value in parse_qsl(parts.query)), parts.path.rpartition("/")[2]]


def scrubbed(words: str, hidden: Iterable[str]) -> str:
    """The receiver's words on one line, shortened, without what must not be shown: gateways echo what they were sent."""
    for one in sorted(hidden, key=len, reverse=True):
        if len(one) >= _LEAST_HIDDEN:
            words = words.replace(one, HIDDEN)
    return " ".join(words.split())[:LONGEST_WORDS]
