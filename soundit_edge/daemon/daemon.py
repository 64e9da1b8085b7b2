"""The composition root: builds the device, starts and supervises its parts in one task group, and stops them all."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import json
import logging
import signal
import socket
from collections.abc import Sequence
from typing import Final

from soundit_edge import console
from soundit_edge.capture.capture import Frame, Sound
from soundit_edge.clock import WallClock
from soundit_edge.control.actor import Actor
from soundit_edge.control.events import EventBus
from soundit_edge.control.status import PrivacyStatus, SourceStatus
from soundit_edge.daemon.acceleration import Acceleration
from soundit_edge.daemon.controller import Controller, Views
from soundit_edge.daemon.greeting import what_plays, where_settings_lie
from soundit_edge.daemon.launch import Launch, LaunchConfig
from soundit_edge.daemon.output import Output
from soundit_edge.daemon.page import page_routes
from soundit_edge.daemon.playback import Playback
from soundit_edge.daemon.senses import SenseSwitches
from soundit_edge.daemon.settings_store import SettingsStore
from soundit_edge.daemon.status import source_status
from soundit_edge.daemon.systemd import ServiceManager
from soundit_edge.daemon.tuning import measure_models
from soundit_edge.daemon.watch.cooling import keep_cool
from soundit_edge.daemon.watch.senses import watch_senses
from soundit_edge.daemon.ways.devices import Devices
from soundit_edge.daemon.ways.inputs import Inputs
from soundit_edge.errors import SounditError, first_of
from soundit_edge.inference.admission import worker_count
from soundit_edge.inference.local import local_set
from soundit_edge.inference.models import ModelSet, default_folder
from soundit_edge.inference.scheduler import Scheduler
from soundit_edge.inference.thermal import Thermal
from soundit_edge.inference.tuning.choice import objection
from soundit_edge.integrations.registry import switched_on
from soundit_edge.integrations.supervisor import Supervisor
from soundit_edge.modalities import MODALITIES
from soundit_edge.music.director.mapping import PRESETS
from soundit_edge.music.director.policy import Policy
from soundit_edge.music.library.recommend.session import open_session
from soundit_edge.music.player.playlist import Playlist
from soundit_edge.music.source import MusicSource
from soundit_edge.page.app import create_app
from soundit_edge.page.http.server import listen, serve
from soundit_edge.perception.live import LivePerception
from soundit_edge.perception.sound_level import SoundLevel
from soundit_edge.senses.registry import assemble
from soundit_edge.threads import run_in_thread

log = logging.getLogger(__name__)

WORKERS: Final = worker_count()


def run_device(launch: Launch) -> None:
    """Run the device until its time is up, or SIGINT, SIGTERM or SIGHUP comes.

    Raises:
        SounditError: something that was asked for is not there or broken.
    """
    config = launch.config
    # The port first: that another program has it is said before seconds are spent on loading models.
    with contextlib.closing(listen(config.port)) as sock:
        daemon = Daemon(config, SettingsStore(launch.settings, launch.settings_path), sock)
        try:
            asyncio.run(daemon.run())
        except BaseExceptionGroup as failures:
            raise _first(failures) from failures


class Daemon:
    """The whole device. It puts the parts together and takes them apart again; what they do, they decide."""

    def __init__(self, config: LaunchConfig, store: SettingsStore, sock: socket.socket) -> None:
        """Load the senses, and the library where it is to be played.

        Args:
            config: what the device is launched with.
            store: has the settings.
            sock: that the page is served on.

        Raises:
            InferenceError: a model is missing or damaged.
            SounditError: there is no library, or no song in it.
        """
        self._config = config
        self._store = store
        self._sock = sock
        self._now = WallClock().now
        self._acceleration = Acceleration(store.current.inference, ModelSet(default_folder()))
        self._scheduler = Scheduler(self._now, {"cpu": WORKERS, **self._acceleration.resources(WORKERS)})
        threads = store.current.inference.threads
        senses = assemble(store.current.senses, self._acceleration.models, local_set(), threads=threads)
        assert senses.builder is not None
        self._builder = senses.builder
        self._room = LivePerception(senses, self._scheduler, self._now, self._acceleration.needs)
        self._senses = SenseSwitches(self._builder, self._room, store)
        self._level = SoundLevel()
        music = store.current.music
        self._library = None
        if config.play is MusicSource.LIBRARY:
            self._library = open_session(Policy(music.policy), PRESETS[music.preset], music.seed, self._room.mood())
            self._library.keep_history(not store.current.privacy.public_place)
            store.subscribe(lambda chosen: chosen.privacy.public_place, self._keep_history)
        queue = self._library.queue if self._library else Playlist(config.tracks)
        self._output = Output(config.speaker, config.seconds, music.seed, queue, config.play)
        self._integrations = [Supervisor(integration, self._now) for integration in switched_on(store.current)]
        self._events = EventBus()
        self._service = ServiceManager()
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
        with contextlib.suppress(asyncio.CancelledError):
            await self._run()
        self._log_statistics()

    async def _run(self) -> None:
        async with asyncio.TaskGroup() as tasks:
            inputs = Inputs(tasks, self._perceive, self._now, private=self._store.current.privacy.private)
            self._store.subscribe(lambda chosen: chosen.privacy, inputs.follow)
            running: list[asyncio.Task[None]] = []
            try:
                await self._open(inputs)
                playback = Playback(
                    self._output.player,
                    self._room.mood,
                    self._store,
                    self._events,
                    composes=self._config.play is MusicSource.COMPOSE,
                    library=self._library,
                )

                def sources() -> Sequence[SourceStatus]:
                    outside = (integration.status() for integration in self._integrations)
                    ways = [*map(source_status, inputs.sources), self._output.status(), *outside]
                    return [*ways, *self._acceleration.status()]

                def privacy() -> PrivacyStatus:
                    chosen = self._store.current.privacy
                    return PrivacyStatus(
                        private=chosen.private,
                        public_place=chosen.public_place,
                        camera_open=inputs.camera_open,
                        microphone_open=inputs.microphone_open,
                    )

                views = Views(self._now, self._room.statistics, sources, privacy=privacy, unloaded=self._senses.missing)
                controller = Controller(
                    self._store, playback, self._output, self._library, views, self._events, self._senses.prepare
                )
                devices = Devices(self._store, inputs, self._output, self._now, self._builder.sightings, self._level)
                work = self._scheduler.work, self._scheduler.stop
                parts = [
                    self._watch_music(),
                    playback.run(self._service.alive),
                    self._store.run(),
                    controller.run(),
                    inputs.run(),
                    self._senses.run(),
                    keep_cool(Thermal(), self._scheduler.slow_down),
                    measure_models(WORKERS),
                    watch_senses(self._room.statistics),
                    serve(create_app(controller, page_routes(controller, devices, self._store)), self._sock),
                    *(integration.run(controller) for integration in self._integrations),
                    *self._acceleration.parts(self._scheduler, WORKERS),
                    *(run_in_thread(f"senses {i}", *work) for i in range(len(MODALITIES) + 1)),
                ]
                if self._library:
                    parts.append(self._library.run())
                running += [tasks.create_task(part) for part in parts]
                unused = objection(self._store.current.inference.threads)
                self._greet([*(source.note for source in inputs.sources), self._output.note, unused])
                self._service.ready()
                await self._ended.wait()
            finally:
                self._service.stopping()
                for task in [*running, *inputs.running]:
                    task.cancel()
                await self._output.stop()

    async def _open(self, inputs: Inputs) -> None:
        """Open the ways in and out, at the same time where that can do no harm."""
        volume = self._store.current.music.volume
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

    def _perceive(self, item: Frame | Sound) -> None:
        if isinstance(item, Sound):
            self._level.add(item)
        self._room.perceive(item)

    def _keep_history(self, public_place: bool, by: Actor) -> None:
        assert self._library is not None
        self._library.keep_history(not public_place)

    async def _watch_music(self) -> None:
        """Let the device end with its music."""
        await self._output.watch()
        self._ended.set()

    def _greet(self, notes: Sequence[str]) -> None:
        """Say where the page is, what was missing, what plays, and where the settings lie."""
        console.result(f"page: http://127.0.0.1:{self._sock.getsockname()[1]}/")
        piece, speaker = self._output.player.piece, self._output.status().name
        playing = what_plays(self._config, piece.title if piece else "", speaker)
        for note in filter(None, [*notes, playing, where_settings_lie(self._store.path)]):
            console.say(note)

    def _log_statistics(self) -> None:
        """Write one line with what was done to the log, for benches and for whoever looks into a complaint."""
        music = self._output.player.statistics()
        senses = {
            name: {"readings": s.readings, "dropped": s.job.mailbox.dropped, "busy_s": round(s.job.busy_s, 3)}
            for name, s in self._room.statistics().items()
        }
        whole = {
            "seconds": round(self._now(), 3),
            "senses": senses,
            "music": dataclasses.asdict(music),
            "events_dropped": self._events.dropped,
        }
        log.info("statistics %s", json.dumps(whole))


def _first(failures: BaseExceptionGroup[BaseException]) -> BaseException:
    """Return the first failure that the user can mend, or the first of all."""
    expected, _ = failures.split(SounditError)
    return first_of(expected or failures)
