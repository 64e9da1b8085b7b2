"""The loop of the audio process: apply the newest commands, render a block, play it, publish statistics."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from soundit_edge.audio.format import BLOCK, CHANNELS, RATE, Stereo, decibels
from soundit_edge.audio.speaker import Speaker
from soundit_edge.emotion import EMOTIONS
from soundit_edge.music.compose.modes import MODES
from soundit_edge.music.director.brief import NEUTRAL as NEUTRAL_BRIEF
from soundit_edge.music.general_midi import Instrument
from soundit_edge.music.morph.deck_protocol import OpenDeck
from soundit_edge.music.morph.effects.chain import VOLUME_S
from soundit_edge.music.morph.engine import MorphEngine
from soundit_edge.music.morph.quality import QualityControl
from soundit_edge.music.morph.tone_burst import ToneBurst
from soundit_edge.music.morph.transition import Transition
from soundit_edge.music.player.commands import Commands
from soundit_edge.music.player.double_buffer import Reader, Writer
from soundit_edge.music.player.process.heard import HeardTimeline
from soundit_edge.music.player.process.pause_fade import PauseFade
from soundit_edge.music.player.statistics import PlayerStatistics
from soundit_edge.music.score import Part

METER_BLOCKS: Final = 38  # 0.4 s, a "momentary" level
REPORT_BLOCKS: Final = 4  # blocks between two publications: 43 ms, as often as any reader looks
MAX_LAG_S: Final = 0.5
"""A computer that stood still for longer does not make up for it where the music is heard: it comes too late."""
_BLOCK_S: Final = BLOCK / RATE


@dataclass(frozen=True, slots=True)
class Time:
    """The three functions of real time that playing needs; tests replace them.

    Attributes:
        now: returns the seconds of a steady clock.
        cpu: returns the seconds of processor time that this process has used.
        sleep: waits for a number of seconds.
    """

    now: Callable[[], float]
    cpu: Callable[[], float]
    sleep: Callable[[float], None]


class RenderLoop:
    """Plays an engine to a speaker until a stop is asked for."""

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
        """Prepare to play.

        Args:
            engine: renders the music.
            speaker: plays the music.
            commands: the buffer that the parent writes `Commands` to.
            statistics: the buffer that `PlayerStatistics` are published to.
            time: real time.
            number: the parent's number of the track that the engine plays.
            handed_over: returns the number, the deck and the transition of the next track that is ready, each once,
                and None where none is; it is called for every block, and must not wait.
            before: the last statistics of the process that this one resumes; its counts continue. None: a new start.
        """
        before = before or PlayerStatistics()
        self._engine = engine
        self._speaker = speaker
        self._commands = commands
        self._statistics = statistics
        self._time = time
        self._quality = QualityControl()
        self._pause = PauseFade()
        self._brief = NEUTRAL_BRIEF
        self._begun = False  # whether this process has played anything
        self._known = {number: engine.decks[0]}  # the engine's decks by the parent's numbers of their tracks
        self._current = number  # the track that is louder
        self._tracks = before.tracks + (number != before.track)
        self._handed_over = handed_over
        self._seen = 0  # the count of the commands that were applied last
        self._tone = ToneBurst()
        self._tones: int | None = None  # that were asked for; those of an earlier process count as heard
        self._volume = before.volume
        self._played = round(before.seconds * RATE)  # samples
        self._blocks = before.blocks
        self._late = before.late
        self._underruns = before.underruns
        self._buffer_fill = 1.0
        self._min_buffer_fill = before.min_buffer_fill
        self._begin = before.first_sound
        self._busy = before.busy * before.seconds
        self._paced_from: float | None = None  # when sample 0 would have been played, by `time.now`
        self._peaks: deque[float] = deque(maxlen=METER_BLOCKS)
        self._powers: deque[float] = deque(maxlen=METER_BLOCKS)
        self._heard = HeardTimeline()
        self._dry = 0  # the speaker's underruns when it was last written to

    def run(self, stopped: Callable[[], bool], seconds: float | None = None) -> None:
        """Play for `seconds`, or until `stopped` returns True or the parent's command asks for a stop; then fade out.

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
        """Apply new commands, go over to tracks that are ready, and return whether a stop is asked for."""
        newest = self._commands.read()
        stop = False
        if newest is not None and newest[0] != self._seen:
            self._seen = newest[0]
            stop = self._apply(Commands.from_row(newest[1]))
        while received := self._handed_over():
            self._crossfade_to(*received)
        return stop

    def _apply(self, commands: Commands) -> bool:
        self._engine.set(commands.target)
        self._engine.set_volume(commands.volume)
        self._volume = commands.volume
        self._brief = commands.brief
        if commands.tones != (self._tones if self._tones is not None else commands.tones):
            self._tone.begin()
        self._tones = commands.tones
        for deck in self._known.values():
            deck.follow(commands.brief)
        self._pause.paused = commands.paused
        if not self._begun:
            self._pause.skip()
        return commands.stop

    def _crossfade_to(self, number: int, open_deck: OpenDeck, transition: Transition | None) -> None:
        # Asking for a deck that still sounds reverses the fade.
        if number not in self._known:
            self._known[number] = open_deck(0.0)
            self._known[number].follow(self._brief)
        self._engine.play(self._known[number], transition)

    def _play(self, limit: float) -> None:
        """Play a block, or as much of it as is left before `limit`, in samples."""
        count = int(min(BLOCK, limit - self._played))
        began, cpu = self._time.now(), self._time.cpu()
        if self._pause.silent:
            # The speaker goes on being written to: one that is left alone runs dry.
            block: Stereo = np.zeros((count, CHANNELS), dtype=np.float32)
        else:
            block = self._pause.apply(self._engine.render(count))
        block = self._tone.mix(block)
        load = (self._time.now() - began) / _BLOCK_S
        self._late += load > 1.0
        self._busy += self._time.cpu() - cpu
        self._begin = self._begin or self._time.now()
        self._begun = True
        self._buffer_fill = self._speaker.fill
        self._min_buffer_fill = min(self._min_buffer_fill, self._buffer_fill)
        if self._speaker.is_clock_source:
            if self._paced_from is not None:
                self._paced_from = None
                self._heard.reset()
        else:
            self._pace()
        if self._is_heard and not self._pause.silent:
            self._engine.set_quality(self._quality.observe(load))
        self._speaker.write(block)
        self._played += count
        self._blocks += 1
        self._note_when_heard()
        self._peaks.append(float(np.abs(block).max()))
        self._powers.append(float(np.mean(np.square(block))))
        if self._blocks % REPORT_BLOCKS == 1:
            self._publish()

    @property
    def _is_heard(self) -> bool:
        """Return whether somebody hears a late block; a file must not depend on the load of the computer."""
        return self._speaker.is_clock_source or self._speaker.latency_s > 0

    def _pace(self) -> None:
        """Wait until the next block is due: a speaker that is no clock source would accept all blocks at once."""
        now = self._time.now()
        if self._paced_from is None:
            self._paced_from = now - self._played / RATE
            self._heard.reset()
        early = self._paced_from + self._played / RATE - now
        if early > 0:
            self._time.sleep(early)
        elif early < -MAX_LAG_S and self._is_heard:
            self._paced_from -= early
            self._heard.reset()

    def _publish(self) -> None:
        if not self._peaks:
            return
        self._update_current()
        seconds = self._played / RATE
        current = self._known.get(self._current)
        bar = current.bar if current else None
        heard = self._heard.at(self._time.now())
        self._statistics.write(
            PlayerStatistics(
                blocks=self._blocks,
                late=self._late,
                underruns=self._underruns + self._speaker.underruns,
                bars=self._engine.bars,
                heard_at=heard.at,
                heard_bars=heard.bars,
                bars_per_s=heard.bars_per_s,
                beats=heard.beats,
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
                track=self._current,
                fading=self._engine.fading,
                bpm=bar.pace if bar else 0.0,
                bar_s=bar.bar_s if bar else 0.0,
                tonic=bar.tonic if bar else 0,
                mode=list(MODES).index(bar.mode) if bar else 0,
                style=EMOTIONS.index(bar.character) if bar else 0,
                lead=list(Instrument).index(bar.instruments[Part.LEAD]) if bar else 0,
                pluck=list(Instrument).index(bar.instruments[Part.PLUCK]) if bar else 0,
                asked_tempo=bar.tempo if bar else 1.0,
                asked_semitones=bar.semitones if bar else 0,
                in_force=self._engine.in_force,
            ).to_row()
        )

    def _note_when_heard(self) -> None:
        """Note where the music is at the end of what was played, and when that is heard."""
        if self._speaker.underruns != self._dry:
            self._dry = self._speaker.underruns
            self._heard.reset()
        if self._paced_from is not None:
            at = self._paced_from + self._played / RATE + self._speaker.latency_s
        else:
            at = self._time.now() + self._speaker.latency_s
        deck = self._engine.decks[0]
        self._heard.add(self._played, at, self._engine.bars, deck, deck.beats)

    def _update_current(self) -> None:
        """Find out which track is louder, and release the decks that are over, since each holds shared memory."""
        decks = self._engine.decks
        self._known = {number: deck for number, deck in self._known.items() if deck in decks}
        current = next((number for number, deck in self._known.items() if deck is decks[0]), self._current)
        self._tracks += current != self._current
        self._current = current
