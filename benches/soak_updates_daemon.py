"""`soundit` as it is shipped, but for how long a set is watched: fifty times a minute would take too long.

It is run by soak_updates.py.
"""

from __future__ import annotations

import sys
from typing import Final
from unittest import mock

WATCH_S: Final = 2.0


def install() -> None:
    """Let trials be short."""
    from soundit_edge.daemon.updates.trial import runner
    from soundit_edge.daemon.updates.trial.limits import TrialLimits

    mock.patch.object(runner, "TrialLimits", return_value=TrialLimits(watch_s=WATCH_S)).start()


if __name__ == "__main__":
    from soundit_edge.__main__ import main as soundit

    install()
    sys.argv = ["soundit", *sys.argv[1:]]
    soundit()
