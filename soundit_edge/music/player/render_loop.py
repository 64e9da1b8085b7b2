"""The loop of the audio process: take the newest commands, make a block, play it, tell."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from soundit_edge.audio.format import BLOCK, RATE, decibels
from soundit_edge.audio.speaker import Speaker
from soundit_edge.emotion import EMOTIONS
from soundit_edge.music.compose.modes import MODES
from soundit_edge.music.general_midi import Instrument
from soundit_edge.music.morph.deck_protocol import OpenDeck
from soundit_edge.music.morph.effects.chain import VOLUME_S
from soundit_edge.music.morph.engine import MorphEngine
from soundit_edge.music.morph.quality import QualityControl
from soundit_edge.music.morph.transition import Transition
from soundit_edge.music.player.commands import Commands
from soundit_edge.music.player.double_buffer import Reader, Writer
from soundit_edge.music.player.statistics import PlayerStatistics
from soundit_edge.music.score import Part

METER_BLOCKS: Final = 38  # 0.4 s, a "momentary" level
REPORT_BLOCKS: Final = 4  # blocks between two reports: 43 ms, as often as anyone looks
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


class RenderLoop:
    """Plays an engine to a speaker until it is told to stop."""

    def __init__(
        self,
        engine: MorphEngine,
        speaker: Speaker,
        commands: Reader,
        statistics: Writer,
        time: Time,
        number: int,
        handed_over: Callable[[], tuple[int, OpenDeck, Transition | None] | None] = lambda: None,
        before: PlayerStatistics | None = None,
    ) -> None:
        """Make ready to play.

        Args:
            engine: what makes the music.
            speaker: where it goes.
            commands: where the parent writes `Commands`.
            statistics: where `PlayerStatistics` go.
            time: real time.
            number: the parent's for what the engine plays.
            handed_over: gives what to go over to, with how it comes in, each once, then None. It is asked when there
                are new commands.
            before: what another playback did that this one goes on from; its counts are counted on.
        """
        before = before or PlayerStatistics()
        self._engine = engine
        self._speaker = speaker
        self._commands = commands
        self._statistics = statistics
        self._time = time
        self._quality = QualityControl()
        self._known = {number: engine.decks[0]}  # as the parent numbers them; while the engine has them
        self._heard = number
        self._tracks = before.tracks + (number != before.track)
        self._handed_over = handed_over
        self._seen = 0
        self._volume = before.volume
        self._played = round(before.seconds * RATE)  # samples
        self._blocks = before.blocks
        self._late = before.late
        self._underruns = before.underruns
        self._buffer_fill = 1.0
        self._min_buffer_fill = before.min_buffer_fill
        self._begin = before.first_sound
        self._busy = before.busy * before.seconds
        self._paced_from: float | None = None  # when sample 0 would have been played, by our own clock
        self._peaks: deque[float] = deque(maxlen=METER_BLOCKS)
        self._powers: deque[float] = deque(maxlen=METER_BLOCKS)

    def run(self, stopped: Callable[[], bool], seconds: float | None = None) -> None:
        """Play for so many seconds, or until `stopped` or the parent's command; then the sound fades out.

        Raises:
            SounditError: the speaker is gone, or the disk full.
        """
        limit = math.inf if seconds is None else round(seconds * RATE)
        try:
            while self._played < limit and not (self._apply_commands() or stopped()):
                self._play(limit)
            self._engine.set_volume(0.0)
            limit = min(limit, self._played + round(VOLUME_S * RATE))
            while self._played < limit:
                self._play(limit)
        finally:
            self._publish()

    def _apply_commands(self) -> bool:
        """Pass on new commands; whether one was to stop."""
        newest = self._commands.read()
        if newest is None or newest[0] == self._seen:
            return False
        self._seen = newest[0]
        commands = Commands.from_row(newest[1])
        self._engine.set(commands.target)
        self._engine.set_volume(commands.volume)
        self._volume = commands.volume
        for deck in self._known.values():
            deck.follow(commands.brief)
        while handed := self._handed_over():
            self._crossfade_to(*handed)
        return commands.stop

    def _crossfade_to(self, number: int, open_deck: OpenDeck, transition: Transition | None) -> None:
        # A deck that is still sounding turns the fade round.
        if number not in self._known:
            self._known[number] = open_deck(0.0)
        self._engine.play(self._known[number], transition)

    def _play(self, limit: float) -> None:
        """Play a block, or what is left of it before `limit`."""
        count = int(min(BLOCK, limit - self._played))
        began, cpu = self._time.now(), self._time.cpu()
        block = self._engine.render(count)
        load = (self._time.now() - began) / _BLOCK_S
        self._late += load > 1.0
        self._busy += self._time.cpu() - cpu
        self._begin = self._begin or self._time.now()
        self._buffer_fill = self._speaker.fill
        self._min_buffer_fill = min(self._min_buffer_fill, self._buffer_fill)
        if self._speaker.is_clock_source:
            self._paced_from = None
            self._engine.set_quality(self._quality.observe(load))
        else:
            # Nobody hears a late block, and a file shall not depend on what else the computer had to do.
            self._pace()
        self._speaker.write(block)
        self._played += count
        self._blocks += 1
        self._peaks.append(float(np.abs(block).max()))
        self._powers.append(float(np.mean(np.square(block))))
        if self._blocks % REPORT_BLOCKS == 1:
            self._publish()

    def _pace(self) -> None:
        """Wait for the moment of the next block: a speaker that does not keep time would take all at once."""
        now = self._time.now()
        if self._paced_from is None:
            self._paced_from = now - self._played / RATE
        early = self._paced_from + self._played / RATE - now
        if early > 0:
            self._time.sleep(early)

    def _publish(self) -> None:
        if not self._peaks:
            return
        self._update_current()
        seconds = self._played / RATE
        heard = self._known.get(self._heard)
        bar = heard.bar if heard else None
        self._statistics.write(
            PlayerStatistics(
                blocks=self._blocks,
                late=self._late,
                underruns=self._underruns + self._speaker.underruns,
                bars=self._engine.bars,
                volume=self._volume,
                peak_db=decibels(max(self._peaks)),
                rms_db=decibels(float(np.sqrt(np.mean(self._powers)))),
                seconds=seconds,
                busy=self._busy / seconds,
                first_sound=self._begin,
                lost=self._speaker.lost,
                quality=self._quality.level,
                buffer_fill=self._buffer_fill,
                min_buffer_fill=self._min_buffer_fill,
                tracks=self._tracks,
                track=self._heard,
                fading=self._engine.fading,
                bpm=bar.bpm if bar else 0.0,
                bar_s=bar.bar_s if bar else 0.0,
                tonic=bar.tonic if bar else 0,
                mode=list(MODES).index(bar.mode) if bar else 0,
                style=EMOTIONS.index(bar.character) if bar else 0,
                lead=list(Instrument).index(bar.instruments[Part.LEAD]) if bar else 0,
                asked_tempo=bar.tempo if bar else 1.0,
                asked_semitones=bar.semitones if bar else 0,
                in_force=self._engine.in_force,
            ).to_row()
        )

    def _update_current(self) -> None:
        """Find out what is heard, and let go of what is over: a track's memory is shared, but it counts."""
        decks = self._engine.decks
        self._known = {number: deck for number, deck in self._known.items() if deck in decks}
        heard = next((number for number, deck in self._known.items() if deck is decks[0]), self._heard)
        self._tracks += heard != self._heard
        self._heard = heard
