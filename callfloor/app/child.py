"""
What each process of a centre starts as: it ends when the supervisor ends, however that happens.

`python -m callfloor.app.child MODULE ARGUMENTS…` runs the module as its main. Linux tells a child
of its parent's death (prctl(2), PR_SET_PDEATHSIG); elsewhere a killed supervisor leaves its
processes, and the next start says so. It also takes its place in the line for the processor: who
carries sound goes before who writes records.
"""

import contextlib
import ctypes
import os
import runpy
import signal
import sys
from pathlib import Path

PR_SET_PDEATHSIG = 1
PARENT = "CALLFLOOR_SUPERVISOR"
"""The environment variable with the supervisor's process id."""
NICE = "CALLFLOOR_NICE"
"""The environment variable with the niceness, -20 (first) to 19 (last)."""
AUTOGROUP = Path("/proc/self/autogroup")


def die_with_parent() -> None:
    """Ask for SIGTERM at the parent's death; leave at once if it is dead already."""
    parent = os.environ.get(PARENT)
    if parent is None or not sys.platform.startswith("linux"):
        return
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != int(parent):  # It died between our start and the line above.
        sys.exit(f"the supervisor {parent} is gone")


def take_place() -> None:
    """
    Take the niceness that was asked for, as far as the system allows it.

    Each process has a session of its own, and Linux shares the processor among sessions first, so
    the session's niceness counts and not only the process's (sched(7), "The autogroup feature").
    To go before others needs a right; to stand back does not.
    """
    nice = int(os.environ.get(NICE, "0"))
    if nice:
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, 0, nice)
        with contextlib.suppress(OSError):
            AUTOGROUP.write_text(str(nice), encoding="ascii")


def main() -> None:
    """Run the module that the first argument names."""
    die_with_parent()
    take_place()
    del sys.argv[0]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
