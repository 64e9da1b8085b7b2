"""The device's way out: the music's process, and the WAV file that stands in for a missing speaker."""

from __future__ import annotations

import asyncio
import logging
import math
from pathlib import Path
from typing import Final

from soundit_edge.audio import portaudio
from soundit_edge.audio.decode import TrackError
from soundit_edge.audio.open_speaker import AWAITED, FILE, NEW_FILE, writes_file
from soundit_edge.audio.speaker import NoSpeaker
from soundit_edge.audio.wav import WavError
from soundit_edge.control.refusals import NotNow
from soundit_edge.control.status import SourceStatus
from soundit_edge.daemon.health.progress import PartProgress
from soundit_edge.daemon.launch import AUTO, OFF
from soundit_edge.errors import SounditError
from soundit_edge.music.player.player import READY_S, Player, PlayerError
from soundit_edge.music.player.programme import Programme
from soundit_edge.music.source import FileSource

log = logging.getLogger(__name__)

STAND_IN: Final = Path("soundit.wav")
STAND_IN_S: Final = 600.0
"""A file that stands in for a missing speaker must not fill the disk."""
LOOK_S: Final = 0.05
MAX_BLOCK_S: Final = 30.0
"""Seconds that a block may take: a driver that looks for a lost speaker takes some of them."""
LEAVE_S: Final = 5.0
"""Seconds that a speaker may take to fall silent and close, before another is chosen; usually it takes 0.3 s."""


class Output:
    """The player of a speaker."""

    def __init__(
        self,
        speaker: str,
        seconds: float | None,
        programme: Programme,
        instead: Programme | None = None,
        *,
        awaits: bool = False,
    ) -> None:
        """Make a player; nothing is played before `start`.

        Args:
            speaker: "auto", "off", a name or "file:OUT.wav".
            seconds: how long to play, or None.
            programme: what to play.
            instead: what to play where nothing of the programme can be played; None: that is an error.
            awaits: whether a speaker that is to be found by itself and is missing is waited for; otherwise the music
                goes to a file.
        """
        self.programme = programme
        """What is played."""
        self._instead = instead
        self.track_note = ""
        """What the user should know of the tracks (one could not be loaded), or ""."""
        self._seconds = seconds
        self._auto = speaker == AUTO
        self._awaits = awaits
        self.stands_in = self._auto and not awaits and not portaudio.devices("output")
        self._unheard = ""  # why there is not even a file that stands in, or ""
        self._wanted = speaker
        self._name = speaker
        self._moving = False
        self._changing = asyncio.Lock()
        self.player = self._new_player()

    async def start(self, volume: float) -> None:
        """Start playing; returns once the speaker is open. Of several tracks, one that cannot be loaded is left out.

        Raises:
            SounditError: the speaker that was asked for is not there, or no track can be loaded.
        """
        while True:
            try:
                await self._play(volume)
                return
            except NoSpeaker:
                if not self._auto or self.stands_in:
                    raise
                self.stands_in = True
            except WavError as error:
                if not self.stands_in:
                    raise
                self._unheard = str(error)
            except TrackError as error:
                track = self.programme.queue.current
                if track is None or not (self.several or self._instead):
                    raise
                self.programme.queue.skip()
                self._leave_out(track, error)
            await self.stop()
            self.player = self._new_player()

    async def watch(self) -> None:
        """Return when the music has ended by itself. Until then one track follows the other, and an audio process that
        dies is replaced by another one.

        Raises:
            SounditError: the disk is full, or the process keeps dying.
        """
        loop = asyncio.get_running_loop()
        silent_since: float | None = None
        while True:
            if self._moving:
                silent_since = None
            elif self.player.alive or self._restarted():
                self.player.poll()
                self._turn_over()
            elif self.player.failure is not None:
                raise self.player.failure
            elif not (self.stands_in and self.writes_file):
                return
            else:
                # The file is full; the device goes on without sound, for as long as it is to run.
                silent_since = loop.time() if silent_since is None else silent_since
                if loop.time() - silent_since >= (math.inf if self._seconds is None else self._seconds - STAND_IN_S):
                    return
            await asyncio.sleep(LOOK_S)

    def _turn_over(self) -> None:
        """See to it that the next track is there when the present one ends."""
        queue = self.programme.queue
        if refused := self.player.take_rejected():
            source, why = refused
            if isinstance(source, FileSource):
                asked_for = source.path == queue.current
                self._leave_out(source.path, why)
                if asked_for and queue.current:
                    self.skip()
                elif asked_for:
                    self.player.play(self.programme.piece)  # as before
        piece, now = self.player.piece, self.player.statistics()
        if piece is None or self.player.transitioning:
            return
        if due := queue.next_if_due(piece, now):
            self.player.play(FileSource(due))
        elif coming := queue.upcoming(piece, now):
            self.player.prepare(FileSource(coming))

    def _leave_out(self, track: Path, why: SounditError) -> None:
        self.track_note = f"{why}; it is left out"
        log.warning("%s", self.track_note)
        self.programme.queue.reject(track)
        if self.programme.queue.current is None and self._instead:
            self.programme, self._instead = self._instead, None

    def _restarted(self) -> bool:
        # What a file held is lost with the process that wrote it; only a device can go on.
        if self.writes_file or not self.player.restart():
            return False
        log.warning("the audio process died and was started again")
        return True

    @property
    def several(self) -> bool:
        """Return whether there is another track to play."""
        return self.programme.queue.has_next

    def skip(self) -> None:
        """Go on to the next track; returns at once. `player.piece` follows when it is heard."""
        if (track := self.programme.queue.skip()) is not None:
            self.player.play(FileSource(track))

    def change(self, programme: Programme) -> None:
        """Go over to a programme, or to another song of the present one; returns at once.

        Where nothing of it can be played, the present one goes on.
        """
        if programme is not self.programme:
            self.programme, self._instead = programme, self.programme
        self.track_note = ""
        self.player.play(programme.piece)

    async def choose(self, speaker: str) -> None:
        """Play on another speaker from now on; the music goes on where it was. One that cannot be opened leaves the
        speaker as it is.

        Args:
            speaker: "auto", "off" or a device's name.

        Raises:
            NotNow: it cannot be opened, or the music is written to a file.
        """
        async with self._changing:
            if self.writes_file and not self.stands_in:
                raise NotNow("The music is written to a file in this run, and cannot go on elsewhere.")
            before = self._wanted, self.stands_in
            self._moving = True
            try:
                await self._leave()
                await self._go_on(speaker, stands_in=False)
            except SounditError as error:
                await self._go_back(*before)
                raise NotNow(str(error)) from error
            finally:
                self._moving = False

    async def _leave(self) -> None:
        """Let the music fade, and wait until the speaker is free."""
        self.player.leave_speaker()
        for _ in range(round(LEAVE_S / LOOK_S)):
            if not self.player.alive:
                return
            await asyncio.sleep(LOOK_S)

    async def _go_on(self, speaker: str, *, stands_in: bool) -> None:
        self._wanted, self._auto, self.stands_in = speaker, speaker == AUTO, stands_in
        self.player.play_on(self._speaker, self._limit)
        for _ in range(round(READY_S / LOOK_S)):
            if (name := self.player.speaker_name()) is not None:
                self._name = name
                return
            await asyncio.sleep(LOOK_S)
        raise PlayerError("the speaker does not open, though it had time enough")

    async def _go_back(self, speaker: str, stands_in: bool) -> None:
        """Play on the speaker of before; where it is gone by now, on none."""
        try:
            await self._go_on(speaker, stands_in=stands_in)
        except SounditError as error:
            log.warning("%s", error)
            await self._go_on(OFF, stands_in=False)

    def test(self) -> None:
        """Play the test tone.

        Raises:
            NotNow: there is no speaker that could be heard.
        """
        if self.status().state != "on":
            raise NotNow("There is no speaker to test.")
        self.player.sound_tone()

    async def stop(self) -> None:
        """Fade out and end the process."""
        await asyncio.to_thread(self.player.stop)

    def progress(self) -> PartProgress | None:
        """Return what the audio process has played so far; None while there is none, or it goes to another speaker."""
        if self._moving or not self.player.alive:
            return None
        return PartProgress(self.player.statistics().blocks, MAX_BLOCK_S)

    def status(self) -> SourceStatus:
        """Return what the page shows of the speaker."""
        if self._speaker == "off":
            note = self.note or "the speaker is switched off"
            return SourceStatus(role="speaker", name="none", state="off", note=note)
        if self.player.statistics().lost:
            note = "the speaker is gone; looking for it"
            return SourceStatus(role="speaker", name=self._name, state="lost", note=note)
        return SourceStatus(
            role="speaker", name=self._name, state="stand-in" if self.stands_in else "on", note=self.note
        )

    @property
    def chosen(self) -> str:
        """Return which speaker is used, as the settings name it."""
        return self._wanted

    @property
    def writes_file(self) -> bool:
        """Return whether the music goes to a file."""
        return writes_file(self._speaker)

    @property
    def note(self) -> str:
        """Return what the user should know of the speaker, or ""."""
        if not self.stands_in:
            return ""
        if self._unheard:
            return f"no speaker found, and the music is not heard: {self._unheard}"
        name = self._name.removeprefix(FILE)
        return f"no speaker found: the music goes to {name} (its first {STAND_IN_S / 60:.0f} minutes)"

    @property
    def _speaker(self) -> str:
        """What is to be opened, as `open_speaker` takes it."""
        if self.stands_in:
            return "off" if self._unheard else f"{NEW_FILE}{STAND_IN}"
        if self._auto:
            return AWAITED if self._awaits else "default"
        return self._wanted

    @property
    def _limit(self) -> float | None:
        """Return how long to play, in seconds, or None."""
        if not (self.stands_in and self.writes_file):
            return self._seconds
        return STAND_IN_S if self._seconds is None else min(self._seconds, STAND_IN_S)

    def _new_player(self) -> Player:
        return Player(self._speaker, self._limit, self.programme.piece)

    async def _play(self, volume: float) -> None:
        self.player.set_volume(volume)
        self.player.start()
        self._name = await asyncio.to_thread(self.player.ready)
