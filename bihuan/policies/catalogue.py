"""Every kind of policy there is.

The starting bodies are data, copied into records by `policies.seed`; from then on the records count. Their numbers are
common local customs (docs/domain.md), not law.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from bihuan.policies.kinds_of_cases import OF_CASES
from bihuan.policies.kinds_of_keeping import OF_KEEPING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bihuan.policies.kinds import Kind

KINDS: Final[Mapping[str, Kind]] = MappingProxyType({kind.code: kind for kind in (*OF_CASES, *OF_KEEPING)})


def label_of(code: str) -> str:
    """The words for a code; the code itself where it is unknown."""
    kind = KINDS.get(code)
    return str(kind.label) if kind else code
