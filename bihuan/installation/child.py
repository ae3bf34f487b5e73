"""Becomes another program that ends when its supervisor does, even one killed without warning.

python -m bihuan.installation.child SUPERVISOR_PID PROGRAM [ARGUMENT…]
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

SET_SIGNAL_ON_PARENT_DEATH = 1
SUPERVISED = "BIHUAN_SUPERVISED"


def end_with_parent(number: int) -> None:
    """Have the kernel send this process a signal when its parent ends, however it ends."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(SET_SIGNAL_ON_PARENT_DEATH, number)


def end_with_web_server() -> None:
    """For a process of the web server: what its killed parent leaves behind would go on serving, unseen, for good."""
    if os.environ.get(SUPERVISED):
        end_with_parent(signal.SIGKILL)


def main() -> None:
    supervisor, command = int(sys.argv[1]), sys.argv[2:]
    end_with_parent(signal.SIGTERM)
    os.environ[SUPERVISED] = "1"
    # It may have died before the kernel was told.
    if os.getppid() == supervisor:
        os.execv(command[0], command)  # noqa: S606 - becoming the program is the point


if __name__ == "__main__":
    main()
