"""`python -m soundit_edge` and the `soundit` command."""

from __future__ import annotations

import multiprocessing
import os
import sys


def main() -> None:
    """Run the command line and exit with its code."""
    # One thread a call: more only get into each other's way, and a small matrix product takes three times as long.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    if not os.access(sys.executable, os.X_OK):
        # Whoever started us may go where this user may not (setpriv): this name leads to the same program.
        multiprocessing.set_executable("/proc/self/exe")
    # Imported here, so that the audio child, which imports this module again, does not load the whole device.
    from soundit_edge.cli.app import run_command_line
    from soundit_edge.threads import left_behind

    code = run_command_line()
    if left_behind():
        # PortAudio's own clean-up at the exit would wait for ever for a thread that hangs in it.
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    sys.exit(code)


if __name__ == "__main__":
    main()
