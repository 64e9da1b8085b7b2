"""The device's way out: the music's process, and the WAV file that stands in for a missing speaker."""

from __future__ import annotations

import asyncio
import logging
import math
from pathlib import Path
from typing import Final

from soundit_edge import portaudio
from soundit_edge.music.player import Player
from soundit_edge.music.speaker import NoSpeaker
from soundit_edge.options import AUTO
from soundit_edge.page.status import SourceStatus

log = logging.getLogger(__name__)

STAND_IN: Final = Path("soundit.wav")
STAND_IN_SECONDS: Final = 600.0
"""A file that stands in for a missing speaker must not fill the disk."""
LOOK_SECONDS: Final = 0.1


class Output:
    """The player of a speaker."""

    def __init__(self, speaker: str, seconds: float | None, seed: int, track: Path | None = None) -> None:
        """Args:
        speaker: "auto", "off", a name or "file:OUT.wav".
        seconds: how long to play, or None.
        seed: of the theme.
        track: a sound file to play in place of the theme.
        """
        self._track = track
        self._seconds = seconds
        self._seed = seed
        self._auto = speaker == AUTO
        self.stands_in = self._auto and not portaudio.devices("output")
        self.player = (
            self._stand_in() if self.stands_in else Player("default" if self._auto else speaker, seconds, seed, track)
        )
        self._wanted = speaker
        self._name = speaker

    async def start(self, volume: float) -> None:
        """Start playing; returns once the speaker is open.

        Raises:
            SounditError: the speaker that was asked for is not there.
        """
        try:
            await self._play(volume)
        except NoSpeaker:
            if not self._auto or self.stands_in:
                raise
            self.stands_in = True
            self.player = self._stand_in()
            await self._play(volume)

    async def watch(self) -> None:
        """Return when the music has ended by itself. An audio process that dies is replaced by another one.

        Raises:
            SounditError: the disk is full, or the process keeps dying.
        """
        while self.player.alive or self._restarted():  # noqa: ASYNC110 (a process cannot set an event)
            await asyncio.sleep(LOOK_SECONDS)
        if self.player.failure is not None:
            raise self.player.failure
        if self.stands_in:
            # The file is full; the device goes on without sound.
            await asyncio.sleep(math.inf if self._seconds is None else max(0.0, self._seconds - STAND_IN_SECONDS))

    def _restarted(self) -> bool:
        # What a file held is lost with the process that wrote it; only a device can go on.
        if self.writes_file or not self.player.restart():
            return False
        log.warning("the audio process died and was started anew")
        return True

    async def stop(self) -> None:
        """Fade out and end the process."""
        await asyncio.to_thread(self.player.stop)

    def status(self) -> SourceStatus:
        """What the page shows of the speaker."""
        if self._wanted == "off":
            return SourceStatus(role="speaker", name="none", state="off", note="the speaker is switched off")
        if self.player.statistics().lost:
            return SourceStatus(
                role="speaker", name=self._name, state="lost", note="the speaker is gone; looking for it"
            )
        return SourceStatus(
            role="speaker", name=self._name, state="stand-in" if self.stands_in else "on", note=self.note
        )

    @property
    def writes_file(self) -> bool:
        """Whether the music goes to a file."""
        return self.stands_in or self._wanted.startswith("file:")

    @property
    def note(self) -> str:
        """What the user should know of the speaker, or ""."""
        if not self.stands_in:
            return ""
        return f"no speaker found: the music goes to {STAND_IN} (its first {STAND_IN_SECONDS / 60:.0f} minutes)"

    def _stand_in(self) -> Player:
        seconds = STAND_IN_SECONDS if self._seconds is None else min(self._seconds, STAND_IN_SECONDS)
        return Player(f"file:{STAND_IN}", seconds, self._seed, self._track)

    async def _play(self, volume: float) -> None:
        self.player.set_volume(volume)
        self.player.start()
        self._name = await asyncio.to_thread(self.player.ready)
