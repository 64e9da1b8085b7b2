"""What reads the room: the senses with the model set in use, its trial and exchange, and what the user teaches."""

from __future__ import annotations

from collections.abc import Callable, Collection, Coroutine, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from soundit_edge import paths
from soundit_edge.capture.capture import Frame, Sound
from soundit_edge.control.status import SourceStatus
from soundit_edge.daemon.acceleration import AccelerationInTurn
from soundit_edge.daemon.senses import SenseSwitches
from soundit_edge.daemon.settings_store import SettingsStore
from soundit_edge.daemon.teaching import follow_models, load_heads, own_heads, teacher_of
from soundit_edge.daemon.tuning import measure_each_set
from soundit_edge.daemon.updates.first_set import load_first
from soundit_edge.daemon.updates.keeper import UpdateKeeper
from soundit_edge.daemon.updates.loaded_set import LoadedSet
from soundit_edge.daemon.updates.model_swap import ModelSwap
from soundit_edge.daemon.updates.trial.runner import TrialRunner
from soundit_edge.daemon.watch.cooling import keep_cool
from soundit_edge.daemon.watch.senses import watch_senses
from soundit_edge.inference.admission import worker_count
from soundit_edge.inference.scheduler import Scheduler
from soundit_edge.inference.thermal import Thermal
from soundit_edge.modalities import MODALITIES
from soundit_edge.perception.live import LivePerception
from soundit_edge.perception.sound_level import SoundLevel
from soundit_edge.senses.sight import Sighting
from soundit_edge.threads import run_in_thread
from soundit_edge.update.sets.active import open_store

WORKERS: Final = worker_count()


class RoomSensing:
    """Puts together whatever depends on the models.

    Attributes:
        room: the senses at work.
        switches: switch them on and off.
        swap: says which model set is in use, and puts another in its place.
        teacher: gives the lessons.
        updates: looks for better sets.
        level: how loud the room is.
    """

    def __init__(self, store: SettingsStore, now: Callable[[], float]) -> None:
        """Load the senses that are switched on, from the set in use.

        Args:
            store: has the settings.
            now: the daemon's clock.

        Raises:
            InferenceError: a model is missing or damaged.
        """
        sets, inference, heads = open_store(), store.current.inference, own_heads(store)

        def load(folder: Path, names: Collection[str]) -> LoadedSet:
            return LoadedSet(folder, inference, heads, names)

        active, first = load_first(sets, load, store.current.senses.switched_on())
        load_heads(heads, first.models)
        acceleration = first.acceleration
        self._scheduler = Scheduler(now, {"cpu": WORKERS, **acceleration.resources(WORKERS)})
        self._accelerations = AccelerationInTurn(acceleration, self._scheduler, WORKERS)
        self.room = LivePerception(first.senses, self._scheduler, now, acceleration.needs)
        self.switches = SenseSwitches(first.builder, self.room, store)
        self.swap = ModelSwap(sets, load, active, first, self.room, self.switches, self._accelerations)
        self.teacher = teacher_of(store, lambda: self.swap.models, heads, now)
        self._trial = TrialRunner(sets, self.swap, self.room, self._scheduler, heads, lambda: self.teacher.is_teaching)
        self.updates = UpdateKeeper(store, sets, self._trial, self.swap, paths.if_any(paths.state_folder))
        self.level = SoundLevel()

    def perceive(self, item: Frame | Sound) -> None:
        """Show an item of a source to all who look and listen, without waiting for any of them."""
        if isinstance(item, Sound):
            self.level.add(item)
        self.room.perceive(item)
        self.teacher.watch(item)
        self._trial.watch(item)

    def sightings(self) -> list[Sighting]:
        """Return what was found in the latest frame; see `SenseBuilder.sightings`."""
        return self.swap.loaded.builder.sightings()

    def accelerators(self) -> Sequence[SourceStatus]:
        """Return what the page shows of the accelerator."""
        return self._accelerations.current.status()

    def figures(self) -> dict[str, dict[str, float]]:
        """Return what each sense has done since the start, by its name, for the log."""
        return {
            name: {"readings": s.readings, "dropped": s.job.mailbox.dropped, "busy_s": round(s.job.busy_s, 3)}
            for name, s in self.room.statistics().items()
        }

    def parts(self, *, safe: bool) -> Iterator[Coroutine[Any, Any, None]]:
        """Give what has to run.

        Args:
            safe: whether the device is in safe mode, which does without models: none is tried, exchanged or measured.
        """
        yield self.switches.run()
        yield self.teacher.run()
        yield follow_models(self.teacher.sets, self.swap.changed)
        yield keep_cool(Thermal(), self._scheduler.slow_down)
        yield watch_senses(self.room.statistics)
        yield self._accelerations.run()
        # One for each sense, and for each of a set on trial: all may hang; and one that watches.
        for i in range(2 * len(MODALITIES) + 1):
            yield run_in_thread(f"senses {i}", self._scheduler.work, self._scheduler.stop)
        if not safe:
            yield self.updates.run()
            yield measure_each_set(WORKERS, lambda: self.swap.active.folder, self.swap.changed)
