"""
What each process of a centre starts as: it ends when the supervisor ends, however that happens.

`python -m callfloor.app.child MODULE ARGUMENTS…` runs the module as its main. Linux tells a child
of its parent's death (prctl(2), PR_SET_PDEATHSIG); elsewhere a killed supervisor leaves its
processes, and the next start says so.
"""

import ctypes
import os
import runpy
import signal
import sys

PR_SET_PDEATHSIG = 1
PARENT = "CALLFLOOR_SUPERVISOR"
"""The environment variable with the supervisor's process id."""


def die_with_parent() -> None:
    """Ask for SIGTERM at the parent's death; leave at once if it is dead already."""
    parent = os.environ.get(PARENT)
    if parent is None or not sys.platform.startswith("linux"):
        return
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != int(parent):  # It died between our start and the line above.
        sys.exit(f"the supervisor {parent} is gone")


def main() -> None:
    """Run the module that the first argument names."""
    die_with_parent()
    del sys.argv[0]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
