"""The parent's handle on the audio process.

Music is rendered in a process of its own, because one busy Python thread beside it would make it stutter. Commands and
statistics are double buffers in shared memory that hold the newest value: neither process ever waits for the other.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import time
from dataclasses import replace
from multiprocessing.connection import wait
from typing import Final

from soundit_edge.audio.open_speaker import writes_file
from soundit_edge.errors import SounditError
from soundit_edge.music.compose.modes import MODES
from soundit_edge.music.director.brief import NEUTRAL as NEUTRAL_BRIEF
from soundit_edge.music.director.brief import CompositionBrief
from soundit_edge.music.director.target import NEUTRAL, MusicTarget
from soundit_edge.music.morph.transition import Transition
from soundit_edge.music.player import commands, fd_channel, statistics
from soundit_edge.music.player.beatmatch import match
from soundit_edge.music.player.commands import Commands
from soundit_edge.music.player.double_buffer import Reader, Writer, snapshot_bytes
from soundit_edge.music.player.load_process import LoadedTrack
from soundit_edge.music.player.process import audio_process
from soundit_edge.music.player.statistics import PlayerStatistics
from soundit_edge.music.player.track_pool import TrackPool
from soundit_edge.music.source import ComposedSource, LoadedSource, PieceSource, ThemeSource
from soundit_edge.music.track_info import TrackInfo
from soundit_edge.signals import start_masked

DEFAULT_SOURCE: Final = ThemeSource(1)
MAX_RESTARTS: Final = 20
"""Restarts after which the player gives up: a process that keeps dying has a cause that no restart mends."""
LOADING_S: Final = 300.0
"""Seconds that the longest track on a slow computer takes to load; later than that something hangs."""
LOOK_S: Final = 0.05
"""Seconds from one look at the processes to the next, while `ready` waits."""
STOP_S: Final = 15.0
"""Seconds that a stop may take on a busy computer; usually it takes 0.3 s. After that, a driver hangs."""
FILE_STOP_S: Final = 60.0
"""Seconds that a stop may take where the music is written to a file on a slow disk."""
READY_S: Final = 60.0
"""Seconds that the speaker may take to open on a busy computer, once the track is loaded; usually it takes 0.3 s."""


class PlayerError(SounditError):
    """The audio process died."""


class Player:
    """Plays the theme, morphed to the newest target, to a speaker, in a process of its own."""

    def __init__(
        self,
        speaker: str = "default",
        seconds: float | None = None,
        source: PieceSource = DEFAULT_SOURCE,
    ) -> None:
        """Prepare to play; `start` starts the audio process.

        Args:
            speaker: a device's name, "default", "file:OUT.wav" or "off".
            seconds: how long to play, to the sample; None: until stopped.
            source: what to begin with; what is composed is composed for what `set` asks.
        """
        self._context = context = multiprocessing.get_context("spawn")
        down = context.RawArray("B", snapshot_bytes(commands.LENGTH))
        up = context.RawArray("B", snapshot_bytes(statistics.LENGTH))
        self._commands = Writer(memoryview(down).cast("B"), commands.LENGTH)
        self._statistics = Reader(memoryview(up).cast("B"), statistics.LENGTH)
        self._target = NEUTRAL
        self._brief = NEUTRAL_BRIEF
        self._volume = 1.0
        self._paused = False
        self._arguments = (down, up, speaker, seconds)
        self._pool = TrackPool(self._hand_over)
        self._source = source
        self._make_process()
        self._started = 0.0
        self._stopped = False
        self._leaving = False
        self._tones = 0
        self._restarts = 0
        self._speaker_name: str | None = None
        self._was_ready = False
        self._failure: SounditError | None = None

    def start(self) -> None:
        """Start the audio process; returns at once. May be called once."""
        self._started = time.monotonic()
        # Both at the same time: one process loads the track while the other one imports what it needs.
        if not isinstance(self._source, ComposedSource):
            self._pool.begin(self._source)
        self._launch()
        if isinstance(self._source, ComposedSource):
            self._pool.begin_composed(self._source)

    def restart(self) -> bool:
        """Start a new audio process in place of one that died; it resumes the music under what was set last.

        Returns:
            Whether it was started. It is not where no process died, or after `MAX_RESTARTS` restarts.
        """
        died = isinstance(self.failure, PlayerError) and not self.alive
        if not died or self._stopped or self._restarts >= MAX_RESTARTS:
            return False
        self._restarts += 1
        self._launch_again()
        return True

    def leave_speaker(self) -> None:
        """Fade out and end the audio process, so that the speaker is free; returns at once.

        Once it is not `alive`, `play_on` goes on where the music was.
        """
        self._leaving = True
        self._send()

    def play_on(self, speaker: str, seconds: float | None) -> None:
        """Go on where the music was left, in a new audio process; one that has not ended yet is killed.

        Args:
            speaker: as `__init__` takes it.
            seconds: how long to play, what was played already included; None: until stopped.
        """
        if self.alive:
            self._process.kill()
        self._process.join()
        self._arguments = (*self._arguments[:2], speaker, seconds)
        self._leaving = False
        self._send()
        self._launch_again()

    def _launch_again(self) -> None:
        self._report.close()
        self._tracks.close()
        self._failure = self._speaker_name = None
        self._make_process()
        self._launch()
        self._pool.hand_over_again(self.statistics())

    def _make_process(self) -> None:
        down, up, speaker, seconds = self._arguments
        self._report, self._there = self._context.Pipe(duplex=False)
        self._tracks, self._their_tracks = fd_channel.pair()
        self._process = self._context.Process(
            target=audio_process.main,
            args=(os.getpid(), down, up, self._their_tracks, self._there, speaker, seconds),
            name="soundit-music",
            daemon=True,
        )

    def _launch(self) -> None:
        start_masked(self._process)
        self._there.close()
        self._their_tracks.close()

    def ready(self) -> str:
        """Wait until the speaker is open, and return its name.

        Raises:
            NoSpeaker: the default speaker was asked for, and there is none.
            SounditError: the track cannot be loaded, the speaker is not there or cannot be used, the process died, or
                loading or opening takes too long.
        """
        deadline = time.monotonic() + LOADING_S
        while (name := self.speaker_name()) is None:
            loading = self._pool.loading_fileno()
            if loading is None:
                deadline = min(deadline, time.monotonic() + READY_S)
            if time.monotonic() > deadline:
                raise PlayerError("the audio process is not ready, though it had time enough")
            wait([self._report.fileno(), *([] if loading is None else [loading])], LOOK_S)
        return name

    def speaker_name(self) -> str | None:
        """Return the name of the speaker once it is open; None before.

        Raises:
            SounditError: as `ready`, but for what takes too long.
        """
        if self._speaker_name is None:
            alive = self.alive
            if self.failure is not None:
                raise self.failure
            if not alive and self._speaker_name is None:
                raise PlayerError("the audio process was stopped before it was ready")
        return self._speaker_name

    @property
    def piece(self) -> TrackInfo | None:
        """Return what is played; None until `ready`."""
        now = self.statistics()
        loaded = self._pool.get(now.track)
        if loaded is None or not self._was_ready:
            return None
        if not now.bpm:
            return loaded.info
        # Composed music has another tempo and key every few bars.
        bpm = now.bpm / now.in_force.tempo
        bar_s = now.bar_s * now.in_force.tempo
        mode = list(MODES)[now.mode]
        tonic = now.tonic - round(now.in_force.semitones)
        return replace(loaded.info, bpm=bpm, bar_s=bar_s, tonic=tonic, mode=mode)

    @property
    def heard(self) -> PieceSource | None:
        """Return what the piece that is heard is made from; None: nothing is heard yet."""
        loaded = self._pool.get(self.statistics().track)
        return loaded.source if loaded and self._was_ready else None

    def play(self, source: PieceSource) -> None:
        """Load another piece and crossfade to it from the next bar line on. Returns at once; the newest call counts.

        A process of its own loads a track, which takes about a second per minute of music; to compose, the audio
        process needs some seconds. Asking for the piece that still fades out reverses the fade. A track that cannot be
        loaded leaves the music as it is; see `take_rejected`. `piece` and the statistics describe what is heard.
        """
        if not self._stopped:
            self._pool.play(source)

    def prepare(self, source: LoadedSource) -> bool:
        """Load the track that will be played next, so that `play` need not wait for it. Returns at once.

        May be called repeatedly; does nothing while another track is loading or a transition is under way.

        Returns:
            Whether the track is loaded.
        """
        return not self._stopped and self._pool.prepare(source, self.statistics())

    def take_rejected(self) -> tuple[PieceSource, SounditError] | None:
        """Return a piece that could not be loaded since the last call, and why, in one line for the user; or None."""
        return self._pool.take_rejected()

    @property
    def transitioning(self) -> bool:
        """Return whether a track that was asked for is still loading, waits for its bar line, or fades in."""
        return self._pool.transitioning(self.statistics())

    def poll(self) -> None:
        """Process the messages of both processes, and hand loaded tracks over. Call it several times per second."""
        self._listen()
        if self._stopped:
            return
        try:
            self._pool.poll(self.statistics())
        except SounditError as error:
            self._failure = error
            self._send(stop=True)

    def _hand_over(self, number: int, loaded: LoadedTrack) -> None:
        with contextlib.suppress(OSError):  # the process is gone; the next one will get it
            transition = self._transition_to(loaded)
            message = (number, loaded.source, loaded.info.title, transition)
            fd_channel.send(self._tracks, message, loaded.descriptor)
        self._send()

    def _transition_to(self, coming: LoadedTrack) -> Transition | None:
        """Return how a piece comes in: a composer has its own tempo and key, a track is matched to what is heard."""
        if isinstance(coming.source, ComposedSource):
            return Transition(NEUTRAL.tempo, NEUTRAL.semitones)
        return match(present, coming.info, self.statistics().in_force) if (present := self.piece) else None

    def set(self, target: MusicTarget, brief: CompositionBrief = NEUTRAL_BRIEF) -> None:
        """Move the music towards `target`, and compose what `brief` asks for; the newest call counts."""
        self._target, self._brief = target, brief
        self._send()

    def set_volume(self, volume: float) -> None:
        """Move to a volume from 0 (silence) to 1 (full), on a slider's curve: the middle is at -18 dB."""
        self._volume = min(1.0, max(0.0, volume))
        self._send()

    def set_paused(self, paused: bool) -> None:
        """Have the music stand still, or go on from there; both fade."""
        self._paused = paused
        self._send()

    def sound_tone(self) -> None:
        """Play the test tone over the music; see `ToneBurst`."""
        self._tones += 1
        self._send()

    def statistics(self) -> PlayerStatistics:
        """Return the newest statistics that the audio process has published."""
        newest = self._statistics.read()
        return PlayerStatistics() if newest is None else PlayerStatistics.from_row(newest[1])

    @property
    def first_sound_s(self) -> float | None:
        """Return the seconds from `start` to the first block that was written to the speaker; None before."""
        begin = self.statistics().first_sound
        return begin - self._started if begin else None

    @property
    def alive(self) -> bool:
        """Return whether the audio process runs. It ends after its seconds, by `stop` and by failing."""
        return self._process.is_alive()

    @property
    def pid(self) -> int | None:
        """Return the id of the audio process; None before `start`."""
        return self._process.pid

    @property
    def failure(self) -> SounditError | None:
        """Return the error that ended the audio process; None where it has not failed."""
        alive = self.alive  # asked before the report is read: the last message of a dead process is already there
        self.poll()
        if self._failure is None and not alive and self._process.exitcode:
            self._failure = PlayerError(f"the audio process died (exit code {self._process.exitcode})")
        return self._failure

    def stop(self) -> None:
        """Fade out, finish the file or close the device, and end the process. Stopping again does nothing."""
        self._stopped = True
        self._send(stop=True)
        if self._process.pid is not None:
            self._process.join(FILE_STOP_S if writes_file(self._arguments[2]) else STOP_S)
            if self._process.is_alive():
                self._process.kill()
                self._process.join()
        self._pool.close()

    def _send(self, stop: bool = False) -> None:
        ending = stop or self._stopped or self._leaving
        self._commands.write(
            Commands(self._target, self._volume, ending, self._brief, self._paused, self._tones).to_row()
        )

    def _listen(self) -> None:
        try:
            while self._report.poll():
                message = self._report.recv()
                if isinstance(message, SounditError):
                    self._failure = message
                else:
                    self._speaker_name = message
                    self._was_ready = True
        except (EOFError, OSError):
            pass  # the process is gone; its exit code says why
