"""The composition root: builds the device, starts and supervises its parts in one task group, and stops them all."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import json
import logging
import signal
import socket
from collections.abc import Coroutine, Iterator, Sequence
from typing import Final

from soundit_edge import paths
from soundit_edge.clock import WallClock
from soundit_edge.control.events import EventBus
from soundit_edge.control.status import PrivacyStatus, SourceStatus
from soundit_edge.daemon.controller import Controller, Views
from soundit_edge.daemon.greeting.greet import greet
from soundit_edge.daemon.greeting.words import what_plays, where_settings_lie
from soundit_edge.daemon.health.page_probe import PageProbe
from soundit_edge.daemon.health.parts import progress_of
from soundit_edge.daemon.health.safe_mode import SafeMode, outlive
from soundit_edge.daemon.health.starts import CountedStart
from soundit_edge.daemon.health.watchdog import Watchdog
from soundit_edge.daemon.integrations import IntegrationKeeper
from soundit_edge.daemon.launch import Launch, LaunchConfig
from soundit_edge.daemon.music.choice import MusicChoice
from soundit_edge.daemon.music.opened import open_music, open_or_theme
from soundit_edge.daemon.music.sources import MusicSources
from soundit_edge.daemon.output import Output
from soundit_edge.daemon.page import page_routes
from soundit_edge.daemon.playback import Playback
from soundit_edge.daemon.report import PageReport, ReportMaker
from soundit_edge.daemon.schedule.keeper import ScheduleKeeper, schedule_memory
from soundit_edge.daemon.schedule.wall import local_time
from soundit_edge.daemon.sensing import RoomSensing
from soundit_edge.daemon.settings_store import SettingsStore
from soundit_edge.daemon.status import source_status
from soundit_edge.daemon.systemd import ServiceManager
from soundit_edge.daemon.updates.door import UpdateDoor
from soundit_edge.daemon.watch.disk import DiskWatch
from soundit_edge.daemon.watch.memory import keep_memory_small
from soundit_edge.daemon.watch.mood_recorder import MoodRecorder
from soundit_edge.daemon.ways.devices import Devices
from soundit_edge.daemon.ways.inputs import Inputs
from soundit_edge.daemon.ways.light import SensingLight
from soundit_edge.daemon.ways.plugged_in import notice_plugged_in
from soundit_edge.errors import SounditError, first_of
from soundit_edge.inference.admission import worker_count
from soundit_edge.inference.tuning.choice import objection
from soundit_edge.music.player.programme import programme_of
from soundit_edge.music.source import MusicSource
from soundit_edge.page.http.server import listen
from soundit_edge.page.library.librarian import Librarian
from soundit_edge.page.service import PageService
from soundit_edge.process.heap import limit_arenas
from soundit_edge.settings import SettingsError
from soundit_edge.settings.commented import write_commented
from soundit_edge.trials.open_trials import open_trials

log = logging.getLogger(__name__)

WORKERS: Final = worker_count()


def run_device(launch: Launch, start: CountedStart, report: ReportMaker) -> None:
    """Run the device until its time is up, or SIGINT, SIGTERM or SIGHUP comes.

    Args:
        launch: what it is started with.
        start: this start, which hears how the device fares.
        report: makes the report for a bug report, in a process of its own.

    Raises:
        SounditError: something that was asked for is not there or broken.
    """
    config = launch.config
    limit_arenas()
    # The port first: that another program has it is said before seconds are spent on loading models.
    with contextlib.closing(listen(config.port, config.network)) as sock:
        _write_first_file(launch)
        daemon = Daemon(config, SettingsStore(launch.settings, launch.settings_path), sock, start, report)
        try:
            asyncio.run(daemon.run())
        except BaseExceptionGroup as failures:
            raise _first(failures) from failures


class Daemon:
    """The whole device. It puts the parts together and takes them apart again; what they do, they decide."""

    def __init__(
        self, config: LaunchConfig, store: SettingsStore, sock: socket.socket, start: CountedStart, report: ReportMaker
    ) -> None:
        """Load the senses, and the library where it is to be played.

        Args:
            config: what the device is launched with.
            store: has the settings.
            sock: that the page is served on.
            start: hears that the device is healthy, and what is stuck.
            report: makes the report for a bug report.

        Raises:
            InferenceError: a model is missing or damaged.
            SounditError: there is no library, or no song in it.
        """
        self._config = config
        self._store = store
        self._start = start
        self._report = report
        self._page = PageService(
            sock,
            paths.if_any(paths.state_folder),
            lambda: store.current.page,
            lambda locked, by: store.change({"page": {"kiosk_lock": locked}}, by),
            network=config.network,
        )
        self._now = WallClock().now
        self._sensing = RoomSensing(store, self._now)
        room = self._sensing.room
        opening = open_music if config.music_given else open_or_theme
        self._music = opening(MusicChoice(config.play, config.tracks), store.current.music, room.mood())
        theme = programme_of(MusicSource.THEME, seed=store.current.music.seed)
        instead = None if config.music_given else theme
        self._service = ServiceManager()
        self._output = Output(
            config.speaker, config.seconds, self._music.programme, instead, awaits=self._service.present
        )
        self._integrations = IntegrationKeeper(store, self._now)
        self._events = EventBus()
        self._trials = open_trials(lambda: store.current, self._now, lambda: self._sensing.swap.active.folder)
        self._light = SensingLight(store.current.privacy)
        self._ended = asyncio.Event()

    async def run(self) -> None:
        """Start everything, wait for the end, stop everything.

        Raises:
            ExceptionGroup: what any of the parts failed with.
        """
        loop, whole = asyncio.get_running_loop(), asyncio.current_task()
        assert whole is not None
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            # Who starts the device under nohup wants it to go on when the terminal closes.
            if number is not signal.SIGHUP or signal.getsignal(number) is not signal.SIG_IGN:
                loop.add_signal_handler(number, whole.cancel)
        # A signal is a normal end, also while a slow camera is still being opened.
        try:
            with contextlib.suppress(asyncio.CancelledError):
                await self._run()
        finally:
            self._light.close()
        self._log_statistics()

    async def _run(self) -> None:
        async with asyncio.TaskGroup() as tasks:
            sensing, private = self._sensing, self._store.current.privacy.private
            inputs = Inputs(tasks, sensing.perceive, self._now, private=private, lit=self._light.lit)
            self._store.subscribe(lambda chosen: chosen.privacy, inputs.follow)
            running: list[asyncio.Task[None]] = []
            try:
                await self._open(inputs)
                self._store.subscribe(lambda chosen: (chosen.device.camera, chosen.cameras), inputs.follow_cameras)
                music = MusicSources(self._music, self._output, self._store, sensing.room.mood)
                playback = Playback(
                    self._output.player, sensing.room.mood, self._store, self._events, lambda: music.library
                )
                disks = DiskWatch(self._store.path)
                history = MoodRecorder(lambda: playback.mood, self._store, self._events)

                def sources() -> Sequence[SourceStatus]:
                    ways = [*map(source_status, inputs.sources), self._output.status()]
                    return [*ways, *self._light.status(), *sensing.accelerators()]

                def privacy() -> PrivacyStatus:
                    chosen = self._store.current.privacy
                    return PrivacyStatus(
                        private=chosen.private,
                        public_place=chosen.public_place,
                        camera_open=inputs.camera_open,
                        microphone_open=inputs.microphone_open,
                    )

                views = Views(
                    self._now,
                    sensing.room.statistics,
                    sources,
                    integrations=self._integrations.statuses,
                    privacy=privacy,
                    unloaded=sensing.switches.missing,
                    update=sensing.updates.status,
                    note=self._start.safe_why,
                    disk=lambda: disks.note,
                )
                controller = Controller(
                    self._store,
                    playback,
                    self._output,
                    music,
                    views,
                    self._events,
                    sensing.switches.prepare,
                    self._page.access,
                    SafeMode(self._start, self._ended.set) if self._service.present else None,
                )
                devices = Devices(
                    self._store,
                    inputs,
                    self._output,
                    self._now,
                    sensing.sightings,
                    sensing.level,
                )
                librarian = Librarian(
                    lambda: music.library, public_place=lambda: self._store.current.privacy.public_place
                )
                parts = [
                    self._watch_music(),
                    playback.run(),
                    *self._health(inputs),
                    *sensing.parts(safe=bool(self._start.safe_why)),
                    self._store.run(),
                    controller.run(),
                    inputs.run(),
                    notice_plugged_in(inputs),
                    self._light.run(),
                    music.run(),
                    history.run(),
                    disks.run(),
                    ScheduleKeeper(controller, self._store, local_time, schedule_memory()).run(),
                    keep_memory_small(),
                    self._trials.run(),
                    self._page.run(
                        controller,
                        page_routes(
                            controller,
                            devices,
                            self._store,
                            history,
                            librarian,
                            sensing.teacher,
                            self._trials,
                            UpdateDoor(sensing.updates),
                            lambda: self._page.elsewhere,
                            PageReport(self._report, self._store.path, controller.status),
                        ),
                    ),
                    self._integrations.run(controller),
                ]
                running += [tasks.create_task(part) for part in parts]
                unused = objection(self._store.current.inference.threads)
                missing = [*(source.note for source in inputs.sources), self._output.note, self._music.note]
                self._greet([self._start.safe_why, *missing, unused, sensing.swap.active.remark])
                self._service.ready()
                await self._ended.wait()
            finally:
                self._service.stopping()
                for task in [*running, *inputs.running]:
                    task.cancel()
                await self._output.stop()

    async def _open(self, inputs: Inputs) -> None:
        """Open the ways in and out, at the same time where that can do no harm."""
        volume = self._store.current.music.audible_volume
        if self._output.writes_file:
            # Nothing half-written: a file is begun when nothing else can fail.
            await inputs.start(self._config)
            await self._output.start(volume)
            return
        opening = inputs.start(self._config), self._output.start(volume)
        # All are waited for, also where one fails: a driver that is left in the middle of opening may hang at the exit.
        for outcome in await asyncio.gather(*opening, return_exceptions=True):
            if isinstance(outcome, BaseException):
                raise outcome

    async def _watch_music(self) -> None:
        """Let the device end with its music."""
        await self._output.watch()
        self._ended.set()

    def _health(self, inputs: Inputs) -> Iterator[Coroutine[None, None, None]]:
        """Give what watches over the device: the watchdog with the page's probe, and the count of short lives."""
        page, safe = PageProbe(self._page.port), self._start.safe_why
        yield page.run()
        parts = progress_of(inputs, self._sensing.room, self._output, page)
        yield Watchdog(self._service, parts, self._now, status=safe or "playing", on_stuck=self._start.note).run()
        yield self._outlive()

    async def _outlive(self) -> None:
        """Let the device end with its safe mode."""
        await outlive(self._start)
        self._ended.set()

    def _greet(self, notes: Sequence[str]) -> None:
        """Say where the page is, what was missing, what plays, and where the settings lie."""
        piece, speaker = self._output.player.piece, self._output.status().name
        config = dataclasses.replace(self._config, play=self._output.programme.source)
        playing = what_plays(config, piece.title if piece else "", speaker)
        notes = [*notes, playing, where_settings_lie(self._store.path), *self._page.notes()]
        greet(self._page.address, self._page.elsewhere, notes)
        self._page.access.gate.refresh()  # which shows the code of a device that is not claimed

    def _log_statistics(self) -> None:
        """Write one line with what was done to the log, for benches and for whoever looks into a complaint."""
        music = self._output.player.statistics()
        whole = {
            "seconds": round(self._now(), 3),
            "senses": self._sensing.figures(),
            "music": dataclasses.asdict(music),
            "events_dropped": self._events.dropped,
        }
        log.info("statistics %s", json.dumps(whole))


def _write_first_file(launch: Launch) -> None:
    """Write a settings file with every setting in it, commented out, where there is none yet."""
    try:
        write_commented(launch.settings_path, launch.settings)
    except SettingsError as error:
        log.info("%s", error)  # the greeting says that there is none


def _first(failures: BaseExceptionGroup[BaseException]) -> BaseException:
    """Return the first failure that the user can mend, or the first of all."""
    expected, _ = failures.split(SounditError)
    return first_of(expected or failures)
