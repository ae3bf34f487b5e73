"""Refusing an environment variable, in words that say what would be accepted."""

from __future__ import annotations

from bihuan.installation.errors import ConfigurationError
from bihuan.installation.wording import phrase


def refused_variable(variable: str, value: str, accepted: str) -> ConfigurationError:
    """An environment variable that cannot be meant so, and what could be."""
    return ConfigurationError(
        phrase(
            "环境变量 {variable} 不能是“{value}”",
            "{variable} cannot be “{value}”",
            variable=variable,
            value=value,
        ),
        variable=variable,
        mend=phrase("可以是:{accepted}", "Accepted: {accepted}", accepted=accepted),
    )
