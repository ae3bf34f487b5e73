"""Whether a language model may be asked, and where it stands. Off unless an address is given."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from bihuan.installation.secret_files import given_secret
from bihuan.installation.variables import refused_variable
from bihuan.installation.wording import phrase

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

URL: Final = "BIHUAN_LANGUAGE_MODEL_URL"
NAME: Final = "BIHUAN_LANGUAGE_MODEL_NAME"
KEY: Final = "BIHUAN_LANGUAGE_MODEL_KEY"
SECONDS: Final = "BIHUAN_LANGUAGE_MODEL_SECONDS"
KEY_FILE: Final = "language_model_key"
USUAL_SECONDS: Final = 60
_LONGEST: Final = 600


@dataclass(frozen=True)
class LanguageModel:
    """An OpenAI-compatible endpoint: its base address (…/v1), the model's name, and how long one answer may take."""

    url: str
    name: str
    key: str = field(repr=False)
    seconds: int

    @property
    def host(self) -> str:
        """Where texts go, as people are told."""
        return urlsplit(self.url).netloc


def read_language_model(given: Mapping[str, str], secrets: Path) -> LanguageModel | None:
    """None where it is off. Half a configuration is refused; the key may lie in the environment or in a secret file."""
    url, name = given.get(URL, "").strip().rstrip("/"), given.get(NAME, "").strip()
    if not url and not name:
        return None
    if not url or not name:
        raise refused_variable(NAME if url else URL, "", phrase("两项都要给出", "give both"))
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or "@" in parts.netloc or parts.query:
        raise refused_variable(URL, parts.scheme, "https://model.example.gov.cn/v1")
    key = given.get(KEY, "").strip() or given_secret(secrets / KEY_FILE)
    return LanguageModel(url, name, key, _seconds(given))


def _seconds(given: Mapping[str, str]) -> int:
    written = given.get(SECONDS, "").strip() or str(USUAL_SECONDS)
    if not written.isascii() or not written.isdigit() or not 1 <= int(written) <= _LONGEST:
        raise refused_variable(SECONDS, written, f"1-{_LONGEST}")
    return int(written)
