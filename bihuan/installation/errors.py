"""What can be wrong with an installation, as one tree.

InstallationError                 anything below; carries what happened and how to mend it
├── ConfigurationError            an environment variable, or a pair of them, cannot be meant so
├── DataFolderError               the data folder cannot be made, read or written
│   └── SecretError               a secret is unreadable, empty or open to others
├── ServerError                   the embedded database server
│   ├── ServerUnavailable         no server programs for this machine
│   ├── ServerRefused             it would not be created, start or stop; carries the end of its log
│   └── ServerForeign             the files belong to another user or another major version
└── DemonstrationError            a folder with real data cannot become a demonstration
"""

from __future__ import annotations


class InstallationError(Exception):
    """`message` says what is wrong, `mend` what to do about it; both in the reader's language."""

    def __init__(self, message: str, *, mend: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.mend = mend

    def __str__(self) -> str:
        return f"{self.message}\n{self.mend}" if self.mend else self.message


class ConfigurationError(InstallationError):
    """`variable` is the environment variable that cannot be used as it stands."""

    def __init__(self, message: str, *, variable: str, mend: str = "") -> None:
        super().__init__(message, mend=mend)
        self.variable = variable


class DataFolderError(InstallationError):
    pass


class SecretError(DataFolderError):
    pass


class ServerError(InstallationError):
    pass


class ServerUnavailable(ServerError):
    pass


class ServerRefused(ServerError):
    """`log` is the end of the server's own log."""

    def __init__(self, message: str, *, mend: str = "", log: str = "") -> None:
        super().__init__(message, mend=mend)
        self.log = log

    def __str__(self) -> str:
        return f"{super().__str__()}\n{self.log}" if self.log else super().__str__()


class ServerForeign(ServerError):
    pass


class DemonstrationError(InstallationError):
    pass
