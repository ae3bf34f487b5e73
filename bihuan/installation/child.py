"""Becomes another program that ends when its supervisor does, even one killed without warning.

python -m bihuan.installation.child SUPERVISOR_PID PROGRAM [ARGUMENT…]
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

SET_SIGNAL_ON_PARENT_DEATH = 1


def main() -> None:
    supervisor, command = int(sys.argv[1]), sys.argv[2:]
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(SET_SIGNAL_ON_PARENT_DEATH, signal.SIGTERM)
    # It may have died before the kernel was told.
    if os.getppid() == supervisor:
        os.execv(command[0], command)  # noqa: S606 - becoming the program is the point


if __name__ == "__main__":
    main()
