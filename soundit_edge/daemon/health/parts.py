"""The parts of the device that all have to make progress: capture, senses, audio and page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, Protocol

from soundit_edge.daemon.health.progress import PartProgress

MAX_CALL_S: Final = 60.0
"""Seconds in which some call of the senses has to end while something waits for them."""


class Capturing(Protocol):
    """The ways in, as far as they are needed here."""

    def progress(self) -> Mapping[str, PartProgress]:
        """Return what each source that runs has done."""


class Sensing(Protocol):
    """The senses, as far as they are needed here."""

    def progress(self) -> tuple[int, bool]:
        """Return how many calls have ended, and whether anything waits for one."""


class Progressing(Protocol):
    """The audio process or the page."""

    def progress(self) -> PartProgress | None:
        """Return what it has done; None where there is nothing for it to do."""


def progress_of(
    capture: Capturing, senses: Sensing, audio: Progressing, page: Progressing
) -> Callable[[], Mapping[str, PartProgress | None]]:
    """Return what gives the progress of the whole device, part by part."""

    def parts() -> Mapping[str, PartProgress | None]:
        calls, waited_for = senses.progress()
        return {
            **capture.progress(),
            "senses": PartProgress(calls, MAX_CALL_S) if waited_for else None,
            "audio": audio.progress(),
            "page": page.progress(),
        }

    return parts
