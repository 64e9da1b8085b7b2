"""The composition root: builds the device, starts and supervises its parts in one task group, and stops them all."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import json
import logging
import signal
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from soundit_edge import console, settings
from soundit_edge.clock import WallClock
from soundit_edge.emotion import Mood
from soundit_edge.errors import SounditError
from soundit_edge.greeting import what_plays, where_settings_lie
from soundit_edge.inference.local import local_set
from soundit_edge.inference.models import ModelSet, default_folder
from soundit_edge.inference.scheduler import Scheduler
from soundit_edge.inputs import Inputs
from soundit_edge.music.choice import Choice
from soundit_edge.music.director import Direction, Director
from soundit_edge.music.history import History
from soundit_edge.music.library.programme import LibraryProgramme, keep, open_programme
from soundit_edge.music.library.record import Entry
from soundit_edge.music.mapping import PRESETS
from soundit_edge.music.piece import Piece
from soundit_edge.music.playlist import Playlist, left_s
from soundit_edge.music.policy import Policy
from soundit_edge.music.target import MusicTarget
from soundit_edge.options import Launch, Music, Plan
from soundit_edge.output import Output
from soundit_edge.page.app import create_app
from soundit_edge.page.control import Rating
from soundit_edge.page.server import listen, serve
from soundit_edge.page.status import Status
from soundit_edge.room import Room
from soundit_edge.senses.ensemble import assemble
from soundit_edge.status import device_status, music_status, source_status
from soundit_edge.threads import run_in_thread

log = logging.getLogger(__name__)

NO_PIECE: Final = Piece("", 120.0, 2.0)
"""Until the player has told what it plays."""
WORKERS: Final = 2
STEP_SECONDS: Final = 0.1
"""How often the mood is pooled and the music directed."""
RECORD_SECONDS: Final = 1.0
"""How often what became of the songs is written."""
SAVE_SECONDS: Final = 1.0
"""What was chosen is written to the settings once it was left alone for so long."""


def run_device(launch: Launch) -> None:
    """Run the device until its time is up, or SIGINT or SIGTERM comes.

    Raises:
        SounditError: something that was asked for is not there or broken.
    """
    try:
        asyncio.run(Device(launch.plan, launch.settings, launch.settings_path).run())
    except BaseExceptionGroup as failures:
        raise _first(failures) from failures


class Device:
    """The whole device. It is also the control surface that the page talks to."""

    def __init__(self, wanted: Plan, chosen: settings.Settings, settings_path: Path | None) -> None:
        """Load the senses.

        Raises:
            InferenceError: a model is missing or damaged.
        """
        self._plan = wanted
        self._settings = chosen
        self._settings_path = settings_path
        now = WallClock().now
        self._now = now
        self._scheduler = Scheduler(now)
        self._room = Room(assemble(chosen.senses, ModelSet(default_folder()), local_set()), self._scheduler, now)
        self._director = self._new_director(NO_PIECE)
        self._mood: Mood = self._room.mood()
        self._direction: Direction = self._director.step(self._mood)
        self._library = self._open_library() if wanted.play is Music.LIBRARY else None
        programme = self._library or Playlist(wanted.tracks)
        compose = wanted.play is Music.COMPOSE
        self._output = Output(wanted.speaker, wanted.seconds, chosen.music.seed, programme, compose)
        self._inputs: Inputs | None = None
        self._history = History()
        self._told = (0.0, "")  # why the music last changed course, as it was last noted
        self._ended = asyncio.Event()
        self._chosen_anew = asyncio.Event()

    async def run(self) -> None:
        """Start everything, wait for the end, stop everything.

        Raises:
            ExceptionGroup: what any of the parts failed with.
        """
        loop, whole = asyncio.get_running_loop(), asyncio.current_task()
        assert whole is not None
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, whole.cancel)
        # A signal is a normal end, also while a slow camera is still being opened.
        with contextlib.suppress(asyncio.CancelledError):
            await self._run()
        self._log_statistics()

    async def _run(self) -> None:
        with contextlib.closing(listen(self._plan.port)) as sock:
            address = f"http://127.0.0.1:{sock.getsockname()[1]}/"
            async with asyncio.TaskGroup() as tasks:
                self._inputs = Inputs(tasks, self._room.perceive, self._now)
                running: list[asyncio.Task[None]] = []
                try:
                    await self._open(self._inputs)
                    self._director = self._new_director(self._piece)
                    workers = [
                        run_in_thread(f"senses {i}", self._scheduler.work, self._scheduler.stop) for i in range(WORKERS)
                    ]
                    parts = [
                        self._watch_music(),
                        self._direct(),
                        self._remember(),
                        self._record(),
                        serve(create_app(self), sock),
                    ]
                    running += [tasks.create_task(part) for part in [*parts, *workers]]
                    self._greet(address)
                    await self._ended.wait()
                finally:
                    for task in [*running, *self._inputs.running]:
                        task.cancel()
                    await self._output.stop()

    def status(self) -> Status:
        """What the page shows; see `Control.status`."""
        assert self._inputs is not None
        return device_status(
            t=self._now(),
            mood=self._mood,
            senses=self._room.statistics(),
            sources=[*map(source_status, self._inputs.sources), self._output.status()],
            music=music_status(
                self._output.player.statistics(),
                self._piece,
                self._history.reasons,
                self._settings.music,
                several=self._output.several,
                rating=self._library.rating if self._library else None,
                note=self._output.track_note,
            ),
            volume=self._settings.music.volume,
        )

    async def set_volume(self, volume: float) -> None:
        """Turn the volume, and remember it; see `Control.set_volume`."""
        self._settle(volume=volume)
        self._output.player.set_volume(volume)

    async def set_policy(self, policy: settings.PolicyName) -> None:
        """Follow or lead from now on, and remember it; see `Control.set_policy`."""
        self._settle(policy=policy)
        self._director.choose(self._choice)
        if self._library:
            self._library.follow(self._choice.policy)

    async def set_preset(self, preset: settings.PresetName) -> None:
        """Go so far from now on, and remember it; see `Control.set_preset`."""
        self._settle(preset=preset)
        self._director.choose(self._choice)

    async def set_locks(self, changes: Mapping[str, float | None]) -> None:
        """Hold some parameters, let go of others, and remember it; see `Control.set_locks`."""
        self._settle(lock=self._settings.music.lock.model_copy(update=dict(changes)))
        self._director.choose(self._choice)

    async def rate(self, rating: Rating) -> None:
        """Remember what the song that plays is worth, and go on from one that is not; see `Control.rate`."""
        if self._library is None:
            raise SounditError("What plays is no song of your library.")
        self._library.rate(rating, time.time())
        if rating == "disliked" and self._output.several:
            self._output.skip()

    async def next_track(self) -> None:
        """Go on to the next track; see `Control.next_track`."""
        if not self._output.several:
            raise SounditError("There is no other track to go on to.")
        self._output.skip()

    def _settle(self, **changes: object) -> None:
        """Change the music's settings; `_remember` writes them."""
        music = self._settings.music.model_copy(update=changes)
        self._settings = self._settings.model_copy(update={"music": music})
        self._chosen_anew.set()

    async def _open(self, inputs: Inputs) -> None:
        """Open the ways in and out, at the same time where that can do no harm."""
        volume = self._settings.music.volume
        if self._output.writes_file:
            # Nothing half-written: a file is begun when nothing else can fail.
            await inputs.start(self._plan)
            await self._output.start(volume)
            return
        opening = inputs.start(self._plan), self._output.start(volume)
        # All are waited for, also where one fails: a driver that is left in the middle of opening may hang at the exit.
        for outcome in await asyncio.gather(*opening, return_exceptions=True):
            if isinstance(outcome, BaseException):
                raise outcome

    @property
    def _piece(self) -> Piece:
        return self._output.player.piece or NO_PIECE

    @property
    def _choice(self) -> Choice:
        music = self._settings.music
        return Choice(Policy(music.policy), PRESETS[music.preset], music.lock.chosen())

    def _new_director(self, piece: Piece) -> Director:
        choice = self._choice
        return Director(piece.bar_s, choice.policy, choice.preset, choice.locks)

    async def _watch_music(self) -> None:
        """The device ends with its music."""
        await self._output.watch()
        self._ended.set()

    async def _direct(self) -> None:
        """Pool the mood and direct the music, ten times a second."""
        while True:
            self._mood = self._room.mood()
            self._director.bar_s = self._piece.bar_s  # of the track that is heard
            self._direction = self._director.step(self._mood)
            self._output.player.set(self._asked_for(self._direction.target), self._direction.brief)
            if self._library:
                self._choose(self._library)
            told = self._direction.reason_t, self._direction.reason
            if told != self._told and self._history.note(*told):
                log.info("%s", self._direction.reason)
            self._told = told
            await asyncio.sleep(STEP_SECONDS)

    def _choose(self, library: LibraryProgramme) -> None:
        """Let the library choose for the mood."""
        piece, now = self._output.player.piece, self._output.player.statistics()
        left = None if piece is None else left_s(piece, now)
        library.step(time.time(), self._mood, self._output.player.heard, left)
        for words in library.news():
            self._history.note(self._now(), words)
            log.info("%s", words)

    def _open_library(self) -> LibraryProgramme:
        """The user's library, with the song to begin with.

        Raises:
            SounditError: there is none, or none in it can be played.
        """
        choice = self._choice
        library = open_programme(choice.policy, choice.preset, self._settings.music.seed)
        library.step(time.time(), self._mood, None, None)
        library.begin()
        return library

    async def _record(self) -> None:
        """Write what becomes of the songs, once a second, and at the end."""
        library = self._library
        while library:
            try:
                await asyncio.sleep(RECORD_SECONDS)
            finally:
                self._choose(library)  # at the end: what was heard since it was last looked at
                await asyncio.to_thread(_keep, library.entries())

    def _asked_for(self, target: MusicTarget) -> MusicTarget:
        """What the engine shall do: a composer has the tempo and the key in its own hands, but for the user's locks."""
        if not self._output.composes:
            return target
        locks = self._choice.locks
        return replace(target, tempo=locks.get("tempo", 1.0), semitones=locks.get("semitones", 0.0))

    async def _remember(self) -> None:
        """Write what was chosen to the settings once it has come to rest, and at the latest at the end."""
        while True:
            await self._chosen_anew.wait()
            try:
                await asyncio.sleep(SAVE_SECONDS)
            finally:
                self._chosen_anew.clear()
                await asyncio.to_thread(self._save)

    def _save(self) -> None:
        try:
            settings.save(self._settings, self._settings_path)
        except settings.SettingsError as error:
            # A read-only disk is no reason to fall silent.
            log.warning("%s", error)

    def _log_statistics(self) -> None:
        """One line in the log with what was done, for benches and for whoever looks into a complaint."""
        music = self._output.player.statistics()
        senses = {
            name: {"readings": s.readings, "dropped": s.job.mailbox.dropped, "busy_s": round(s.job.busy_seconds, 3)}
            for name, s in self._room.statistics().items()
        }
        whole = {"seconds": round(self._now(), 3), "senses": senses, "music": dataclasses.asdict(music)}
        log.info("statistics %s", json.dumps(whole))

    def _greet(self, address: str) -> None:
        """Tell where the page is and what was missing."""
        console.result(f"page: {address}")
        assert self._inputs is not None
        notes = [*(source.note for source in self._inputs.sources), self._output.note]
        speaker = self._output.status().name
        notes += [what_plays(self._plan, self._piece.title, speaker), where_settings_lie(self._settings_path)]
        for note in filter(None, notes):
            console.say(note)


def _keep(entries: Sequence[Entry]) -> None:
    try:
        keep(entries)
    except SounditError as error:
        # A full disk is no reason to fall silent.
        log.warning("%s", error)


def _first(failures: BaseExceptionGroup[BaseException]) -> BaseException:
    """The first failure that the user can mend, or the first of all."""
    expected, other = failures.split(SounditError)
    found: BaseException = expected or other or failures
    while isinstance(found, BaseExceptionGroup):
        found = found.exceptions[0]
    return found
