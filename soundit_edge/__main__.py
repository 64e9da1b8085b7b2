"""`python -m soundit_edge` and the `soundit` command."""

from __future__ import annotations

import multiprocessing
import os
import sys


def main() -> None:
    """Run the command line and exit with its code."""
    # One thread per call: more get into each other's way, and a small matrix product takes three times as long.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    if not os.access(sys.executable, os.X_OK):
        # This user may not reach the interpreter that started this process (setpriv): this name leads to it, too.
        multiprocessing.set_executable("/proc/self/exe")
    # Imported here, so that the audio process, which imports this module again, does not load the whole device.
    from soundit_edge.cli.app import run_command_line
    from soundit_edge.threads import left_behind

    code = run_command_line()
    if left_behind():
        # PortAudio's own clean-up at the exit would wait forever for a thread that hangs in it.
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    sys.exit(code)


if __name__ == "__main__":
    main()
