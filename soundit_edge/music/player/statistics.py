"""The statistics that the audio process publishes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from soundit_edge.music.director.target import NEUTRAL, ROW_LENGTH, MusicTarget, target_of_row


@dataclass(frozen=True, slots=True)
class PlayerStatistics:
    """The state of the audio process at one moment.

    Attributes:
        blocks: blocks played.
        late: blocks that took longer to render than they last.
        underruns: how often the speaker's buffer ran dry.
        bars: bars of the louder track that have been played; the fraction is the place in the bar.
        heard_at: when the place `heard_bars` is heard, in seconds of the machine's monotonic clock: about the moment of
            publication, since the speaker's latency is taken in.
        heard_bars: as `bars`, of what is heard at `heard_at`.
        bars_per_s: bars that are heard per second about then; 0 where the music stands still.
        beats: beats in a bar of what is heard; 0 where it has no beat.
        volume: 0 to 1, as set.
        peak_db: highest sample of the latest 0.4 s, in dB re full scale; silence is -120.
        rms_db: the same for the root mean square.
        seconds: seconds of music played.
        busy: share of one core that rendering took, 0 to 1, over the whole run.
        first_sound: when the first block was written to the speaker, in seconds of the machine's monotonic clock;
            0 before.
        lost: whether the speaker is gone and the player tries to reopen it.
        quality: the quality level of the engine, see `quality.QualityLevel`; 0 is full quality.
        buffer_fill: how full the speaker's buffer was before the latest block was written, 0 to 1; 1 where it has none.
        min_buffer_fill: the smallest `buffer_fill` since the buffer was first full.
        tracks: how many tracks have begun, the first one and each return to an earlier one included.
        track: the parent's number of the louder track.
        fading: whether two tracks sound.
        bpm: beats per minute of composed music, as heard; 0 where a track is played.
        bar_s: length of the present bar of composed music, in seconds, as heard.
        tonic: tonic of composed music, in semitones above C.
        mode: mode of composed music, as its place in `modes.MODES`.
        style: emotion that composed music expresses, as its place in `EMOTIONS`.
        lead: instrument of the melody of composed music, as its place in `Instrument`.
        pluck: the same of its plucked figure.
        asked_tempo: tempo ratio that a user asked for in addition; `bpm` moves towards it.
        asked_semitones: transposition that a user asked for in addition; `tonic` includes it.
        in_force: what the engine does now, which may still move towards what was set; a new key waits for a bar line.
    """

    blocks: int = 0
    late: int = 0
    underruns: int = 0
    bars: float = 0.0
    heard_at: float = 0.0
    heard_bars: float = 0.0
    bars_per_s: float = 0.0
    beats: int = 0
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
    pluck: int = 0
    asked_tempo: float = 1.0
    asked_semitones: int = 0
    in_force: MusicTarget = NEUTRAL

    def to_row(self) -> npt.NDArray[np.float64]:
        """Return float64 [`LENGTH`], for shared memory."""
        own = [float(getattr(self, f.name)) for f in fields(self)[:-1]]  # the last is the target
        return np.concatenate([own, self.in_force.to_row()])

    @classmethod
    def from_row(cls, row: npt.NDArray[np.float64]) -> PlayerStatistics:
        """Return the statistics that `to_row` wrote into float64 [`LENGTH`]."""
        values: dict[str, Any] = {}
        for field, value in zip(fields(cls)[:-1], row[:-ROW_LENGTH], strict=True):
            values[field.name] = _TYPES[str(field.type)](value)
        return cls(**values, in_force=target_of_row(row[-ROW_LENGTH:]))


_TYPES: Final[Mapping[str, type]] = {"int": int, "float": float, "bool": bool}
LENGTH: Final = len(PlayerStatistics().to_row())
