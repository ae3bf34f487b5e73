"""Group robots of the three office messengers: how each is asked, how it signs, and what it means by success.

A robot answers 200 whatever happened; only the code in its answer tells. Pure but for the last function.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote_plus

from bihuan.outlets.asking import Answer, Question
from bihuan.outlets.errors import NotSent, Why

if TYPE_CHECKING:
    from datetime import datetime

OK: Final = 200
_HEADERS: Final = {"Content-Type": "application/json; charset=utf-8", "Accept": "application/json"}
# Where each says that it took the message, and in which words it says why not.
_CODES: Final = {"wecom": ("errcode",), "dingtalk": ("errcode",), "feishu": ("code", "StatusCode")}
_WORDS: Final = ("errmsg", "msg", "StatusMessage")


def question_for(way: str, text: str, *, url: str, sign: str, moment: datetime) -> Question:
    """The request that says `text` in the robot's group. `sign` is the secret of 加签, empty where there is none."""
    body: dict[str, Any] = {"msgtype": "text", "text": {"content": text}}
    if way == "dingtalk" and sign:
        url = _signed_address(url, sign, round(moment.timestamp() * 1000))
    if way == "feishu":
        body = {"msg_type": "text", "content": {"text": text}}
        if sign:
            seconds = str(int(moment.timestamp()))
            body |= {"timestamp": seconds, "sign": feishu_signature(sign, seconds)}
    return Question(url=url, body=json.dumps(body, ensure_ascii=False).encode(), headers=_HEADERS)


def _signed_address(url: str, sign: str, milliseconds: int) -> str:
    joint = "&" if "?" in url else "?"
    signature = quote_plus(dingtalk_signature(sign, str(milliseconds)))
    return f"{url}{joint}timestamp={milliseconds}&sign={signature}"


def dingtalk_signature(sign: str, milliseconds: str) -> str:
    """DingTalk: the secret is the key, moment and secret are what is signed."""
    made = hmac.new(sign.encode(), f"{milliseconds}\n{sign}".encode(), hashlib.sha256).digest()
    return base64.b64encode(made).decode()


def feishu_signature(sign: str, seconds: str) -> str:
    """Feishu: moment and secret are the key, and nothing is signed with it."""
    made = hmac.new(f"{seconds}\n{sign}".encode(), b"", hashlib.sha256).digest()
    return base64.b64encode(made).decode()


def judge(way: str, answer: Answer) -> str:
    """The robot's own words where it took the message; `NotSent` with them where it did not."""
    if answer.status != OK:
        raise NotSent(Why.STATUS, f"{answer.status} {answer.text}")
    try:
        said = json.loads(answer.text)
    except (ValueError, RecursionError) as error:
        raise NotSent(Why.NONSENSE, answer.text) from error
    if not isinstance(said, dict):
        raise NotSent(Why.NONSENSE, answer.text)
    code = next((said[name] for name in _CODES[way] if name in said), None)
    if code is None:
        raise NotSent(Why.NONSENSE, answer.text)
    # True and "0" are not the number nought.
    if isinstance(code, bool) or not isinstance(code, int) or code != 0:
        words = next((str(said[name]) for name in _WORDS if said.get(name)), "")
        raise NotSent(Why.DECLINED, f"{code} {words}")
    return answer.text
