"""The loop of the audio process: take the newest commands, make a block, play it, tell."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from soundit_edge.music.commands import Commands
from soundit_edge.music.format import BLOCK, RATE, decibels
from soundit_edge.music.morph.engine import VOLUME_S, MorphEngine
from soundit_edge.music.snapshot import Reader, Writer
from soundit_edge.music.speaker import Speaker
from soundit_edge.music.statistics import PlayerStatistics

METER_BLOCKS: Final = 38  # 0.4 s, a "momentary" level
TELL_BLOCKS: Final = 4  # blocks between two reports: 43 ms, as often as anyone looks
_BLOCK_S: Final = BLOCK / RATE


@dataclass(frozen=True, slots=True)
class Time:
    """The three ways in which playing has to do with real time, to be replaced in a test.

    Attributes:
        now: seconds, never going back.
        cpu: seconds of processor time that this process has used.
        sleep: waits for some seconds.
    """

    now: Callable[[], float]
    cpu: Callable[[], float]
    sleep: Callable[[float], None]


class Playback:
    """Plays an engine to a speaker until it is told to stop."""

    def __init__(self, engine: MorphEngine, speaker: Speaker, commands: Reader, statistics: Writer, time: Time) -> None:
        self._engine = engine
        self._speaker = speaker
        self._commands = commands
        self._statistics = statistics
        self._time = time
        self._seen = 0
        self._volume = 1.0
        self._played = 0  # samples
        self._blocks = 0
        self._late = 0
        self._begin = 0.0
        self._busy = 0.0
        self._peaks: deque[float] = deque(maxlen=METER_BLOCKS)
        self._powers: deque[float] = deque(maxlen=METER_BLOCKS)

    def run(self, stopped: Callable[[], bool], seconds: float | None = None) -> None:
        """Play for so many seconds, or until `stopped` or the parent's command; then the sound fades out.

        Raises:
            SounditError: the speaker is gone, or the disk full.
        """
        limit = math.inf if seconds is None else round(seconds * RATE)
        try:
            while self._played < limit and not (self._obey() or stopped()):
                self._play(limit)
            self._engine.set_volume(0.0)
            limit = min(limit, self._played + round(VOLUME_S * RATE))
            while self._played < limit:
                self._play(limit)
        finally:
            self._tell()

    def _obey(self) -> bool:
        """Pass on new commands; whether one was to stop."""
        newest = self._commands.read()
        if newest is None or newest[0] == self._seen:
            return False
        self._seen = newest[0]
        commands = Commands.from_row(newest[1])
        self._engine.set(commands.target)
        self._engine.set_volume(commands.volume)
        self._volume = commands.volume
        return commands.stop

    def _play(self, limit: float) -> None:
        """Play a block, or what is left of it before `limit`."""
        count = int(min(BLOCK, limit - self._played))
        began, cpu = self._time.now(), self._time.cpu()
        block = self._engine.render(count)
        self._late += self._time.now() - began > _BLOCK_S
        self._busy += self._time.cpu() - cpu
        if not self._blocks:
            self._begin = self._time.now()
        elif not self._speaker.keeps_time:
            early = self._begin + self._played / RATE - self._time.now()
            if early > 0:
                self._time.sleep(early)
        self._speaker.write(block)
        self._played += count
        self._blocks += 1
        self._peaks.append(float(np.abs(block).max()))
        self._powers.append(float(np.mean(np.square(block))))
        if self._blocks % TELL_BLOCKS == 1:
            self._tell()

    def _tell(self) -> None:
        if not self._blocks:
            return
        seconds = self._played / RATE
        self._statistics.write(
            PlayerStatistics(
                blocks=self._blocks,
                late=self._late,
                underruns=self._speaker.underruns,
                bars=self._engine.bars,
                volume=self._volume,
                peak_db=decibels(max(self._peaks)),
                rms_db=decibels(float(np.sqrt(np.mean(self._powers)))),
                seconds=seconds,
                busy=self._busy / seconds,
                first_sound=self._begin,
                in_force=self._engine.in_force,
            ).to_row()
        )
