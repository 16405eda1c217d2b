"""Run a command and wait until all that it started has ended, its orphans included (Linux).

    python -m benchmarks.reaping COMMAND [ARGUMENT ...]

What waits for this process then finds in its usage (wait4) the CPU of all of them. Extraction workers
are children of a fork server, which nobody waits for: without this they would not be counted.
"""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys

_SET_CHILD_SUBREAPER = 36  # PR_SET_CHILD_SUBREAPER, prctl(2)


def main() -> None:
    """Run it, and exit with its code."""
    ctypes.CDLL(None).prctl(_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    process = subprocess.Popen(sys.argv[1:])
    code = 0
    while True:
        try:
            pid, status = os.wait()
        except ChildProcessError:
            break
        if pid == process.pid:
            code = os.waitstatus_to_exitcode(status)
    process.returncode = code
    sys.exit(code if code >= 0 else 128 - code)


if __name__ == "__main__":
    main()
