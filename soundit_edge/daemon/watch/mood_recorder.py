"""Records the room's mood, once a second, and keeps the history over restarts; nothing of it in a public place."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from soundit_edge import paths
from soundit_edge.control.actor import Actor
from soundit_edge.control.events import EventBus, ReasonGiven, TrackChanged
from soundit_edge.control.refusals import NotNow
from soundit_edge.daemon.settings_store import SettingsStore
from soundit_edge.daemon.watch import mood_file
from soundit_edge.emotion import Mood
from soundit_edge.perception.mood_history import KEPT_S, ClockReading, MoodHistory, MoodRecord
from soundit_edge.text import reason

log = logging.getLogger(__name__)

SAMPLE_S: Final = 1.0
SAVE_S: Final = 3600.0
"""So much is lost at a power cut. A whole day has up to 150 kB, and is written as a whole: every five minutes, that
would be 40 MB a day on a card that is worn out by what is written (benches/writes.md)."""
FILE: Final = "mood_history.json"


def present_moment() -> ClockReading:
    """Return this moment, by a clock that goes on while the computer sleeps and by that of the day."""
    return ClockReading(time.clock_gettime(time.CLOCK_BOOTTIME), time.time())


class MoodRecorder:
    """Keeps the history of the mood, with the reasons and the tracks."""

    def __init__(
        self,
        mood: Callable[[], Mood],
        store: SettingsStore,
        events: EventBus,
        now: Callable[[], ClockReading] = present_moment,
    ) -> None:
        """Go on from what is kept in the state folder.

        Args:
            mood: gives the room's mood.
            store: says whether this is a public place, where nothing is recorded or kept.
            events: has the reasons and the tracks.
            now: the clocks.
        """
        self._mood = mood
        self._events = events
        self._now = now
        folder = paths.if_any(paths.state_folder)
        self._path: Path | None = None if folder is None else folder / FILE
        self._public = store.current.privacy.public_place
        self._history = MoodHistory(None if self._public or self._path is None else mood_file.load(self._path))
        self._reason_t = -1.0  # of the latest reason
        self._erased = self._public  # and the file still has to be
        self._kept = True  # whether the file could be written the last time
        self._writing = threading.Lock()
        store.subscribe(lambda settings: settings.privacy.public_place, self._follow)

    def record(self, hours: float = KEPT_S / 3600) -> MoodRecord:
        """Return the latest hours."""
        return self._history.record(self._now(), 3600 * hours)

    @property
    def now_s(self) -> float:
        """Return the time of day, in seconds since 1970, as the computer believes."""
        return self._now().wall_s

    async def erase(self) -> None:
        """Forget everything, on the disk, too.

        Raises:
            NotNow: the disk does not let us; it is forgotten here, and there as soon as that can be done.
        """
        self._history.erase()
        self._erased = True
        await self._save()
        if self._erased:
            raise NotNow(
                "It is forgotten, but the disk cannot be written: it comes back where the device is switched off now."
            )

    async def run(self) -> None:
        """Record until cancelled, and write what is to be kept, now and then and in the end."""
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._sample())
                tasks.create_task(self._listen())
        finally:
            await self._save()

    async def _sample(self) -> None:
        saved_s = self._now().steady_s
        while True:
            now = self._now()
            if not self._public:
                self._history.add(now, self._mood())
            if self._erased or now.steady_s - saved_s >= SAVE_S:
                saved_s = now.steady_s
                await self._save()
            await asyncio.sleep(SAMPLE_S)

    async def _listen(self) -> None:
        async with self._events.subscribe() as happenings:
            async for event in happenings:
                if self._public:
                    continue
                if isinstance(event, ReasonGiven):
                    t, self._reason_t = self._reason_t, event.reason.t
                    self._history.mark(self._now(), "reason", event.reason.words, mends=t == event.reason.t)
                elif isinstance(event, TrackChanged):
                    self._history.mark(self._now(), "track", event.title)

    def _follow(self, public: bool, by: Actor) -> None:
        self._public = public
        if public:
            self._history.erase()
            self._erased = True

    async def _save(self) -> None:
        """Write the history, or erase its file where there is none to keep. What a full disk does not take waits."""
        erased, self._erased = self._erased, False  # it may be erased again meanwhile
        kept = self._path is None or await asyncio.to_thread(self._write, self._path, self.record())
        self._erased |= erased and not kept

    def _write(self, path: Path, record: MoodRecord) -> bool:
        try:
            # One that was given up in the middle goes on in its thread, and the last one waits for it.
            with self._writing:
                mood_file.save(path, record)
        except OSError as error:
            if self._kept:
                log.warning("%s: the history of the mood cannot be kept (%s)", path, reason(error))
            self._kept = False
        else:
            self._kept = True
        return self._kept
