"""Opens the trials of a device: where their files lie, and what its settings say of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from soundit_edge import paths
from soundit_edge.settings import Settings
from soundit_edge.trials.folder import TrialsFolder
from soundit_edge.trials.limits import MB, Limits
from soundit_edge.trials.trials import Trials


def open_trials(settings: Callable[[], Settings], now: Callable[[], float], models: Callable[[], Path]) -> Trials:
    """Return the trials of a device.

    Args:
        settings: gives the settings in force.
        now: gives seconds that never go back.
        models: gives the folder of the model set in use.
    """
    return Trials(
        TrialsFolder(lambda: paths.state_folder() / "trials"),
        now,
        limits=lambda: Limits(max_bytes=settings().trials.max_mb * MB),
        threads=lambda: settings().inference.threads,
        models=models,
    )
