"""What the audio process tells of itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from soundit_edge.music.director.target import NEUTRAL, ROW_LENGTH, MusicTarget, target_of_row


@dataclass(frozen=True, slots=True)
class PlayerStatistics:
    """A moment of the audio process.

    Attributes:
        blocks: blocks played.
        late: blocks that took longer to make than they last.
        underruns: times that the speaker ran dry.
        bars: how many bars of the track have been played; the fraction is the place in the bar.
        volume: 0 to 1, as set.
        peak_db: highest sample of the latest 0.4 s, in dB re full scale; silence is -120.
        rms_db: the same for the root mean square.
        seconds: of music played.
        busy: share of one core that rendering took, 0 to 1, over the whole run.
        first_sound: when the first block was handed to the speaker, in seconds of the machine's monotonic clock;
            0 before.
        lost: whether the speaker is gone and looked for.
        quality: what the engine leaves out because the processor cannot keep up; see `ladder.Rung`: 0 is nothing.
        buffer_fill: how full the speaker's buffer was before the latest block was written, 0 to 1; 1 where it has none.
        min_buffer_fill: the least that has been since the first time it was full.
        tracks: that were begun, the first one and goings back counted, too. `bars` are of the one that is heard more.
        track: the number that the parent gave the one that is heard more.
        fading: whether two tracks are sounding.
        bpm: beats a minute of music that is composed while it plays, as heard; 0 where a track is played.
        bar_s: length of its present bar, in seconds, as heard.
        tonic: of its key, semitones above C.
        mode: of its key, as its place in `modes.MODES`.
        style: the emotion that it is of, as its place in `EMOTIONS`.
        lead: who plays its melody, as its place in `Instrument`.
        asked_tempo: ratio that somebody asked for on top, to which `bpm` is on its way.
        asked_semitones: transposition that somebody asked for on top; `tonic` has it.
        in_force: what the engine does now, which may be on its way to what was set; a new key waits for a bar line.
    """

    blocks: int = 0
    late: int = 0
    underruns: int = 0
    bars: float = 0.0
    volume: float = 1.0
    peak_db: float = -120.0
    rms_db: float = -120.0
    seconds: float = 0.0
    busy: float = 0.0
    first_sound: float = 0.0
    lost: bool = False
    quality: int = 0
    buffer_fill: float = 1.0
    min_buffer_fill: float = 1.0
    tracks: int = 1
    track: int = 0
    fading: bool = False
    bpm: float = 0.0
    bar_s: float = 0.0
    tonic: int = 0
    mode: int = 0
    style: int = 0
    lead: int = 0
    asked_tempo: float = 1.0
    asked_semitones: int = 0
    in_force: MusicTarget = NEUTRAL

    def to_row(self) -> npt.NDArray[np.float64]:
        """float64 [`LENGTH`], for shared memory."""
        own = [float(getattr(self, f.name)) for f in fields(self)[:-1]]  # the last is the target
        return np.concatenate([own, self.in_force.to_row()])

    @classmethod
    def from_row(cls, row: npt.NDArray[np.float64]) -> PlayerStatistics:
        """What `to_row` wrote."""
        values: dict[str, Any] = {}
        for field, value in zip(fields(cls)[:-1], row[:-ROW_LENGTH], strict=True):
            values[field.name] = _TYPES[str(field.type)](value)
        return cls(**values, in_force=target_of_row(row[-ROW_LENGTH:]))


_TYPES: Final[Mapping[str, type]] = {"int": int, "float": float, "bool": bool}
LENGTH: Final = len(PlayerStatistics().to_row())
