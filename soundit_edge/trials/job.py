"""What one trial is to do, as values that cross from one process to another."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Final

from soundit_edge.modalities import MODALITIES
from soundit_edge.trials.limits import Limits

UPLOAD: Final = "upload"
"""The file's name in the trial's folder: without a suffix, which must not decide what it is taken for."""
PLOT: Final = "plot.png"


class MediaKind(StrEnum):
    """What a file turned out to be."""

    FILM = "film"
    PICTURE = "picture"
    SOUND = "sound"


@dataclass(frozen=True, slots=True)
class TrialOptions:
    """What a visitor chose for a trial.

    Attributes:
        senses: names of those that read the file.
        music: where the music of a film comes from: one of `film.scoring.sources.SOURCES`.
        preset: how far the music goes: a name of `PRESET_WORDS`.
        seed: of the music.
    """

    senses: frozenset[str] = frozenset(MODALITIES)
    music: str = "compose"
    preset: str = "musical"
    seed: int = 1


@dataclass(frozen=True, slots=True)
class TrialJob:
    """One file to be read.

    Attributes:
        folder: holds the file as `UPLOAD`; everything that is made of it is written there.
        name: of the file, for people.
        options: what was chosen.
        limits: in force.
        threads: of one call of a model, as in the settings.
        models: folder of the model set; None: the shipped one.
    """

    folder: Path
    name: str
    options: TrialOptions = field(default_factory=TrialOptions)
    limits: Limits = field(default_factory=Limits)
    threads: int | None = None
    models: Path | None = None

    @property
    def upload(self) -> Path:
        """Return the path of the file."""
        return self.folder / UPLOAD
