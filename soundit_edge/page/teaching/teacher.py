"""The teacher: gives one lesson at a time, has a head learnt from it, lets it be tried, and keeps or discards it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from soundit_edge.capture.capture import Frame, Rgb, Sound
from soundit_edge.control.refusals import NotNow
from soundit_edge.errors import SounditError
from soundit_edge.inference.models import ModelSet
from soundit_edge.page.teaching.learner import Learn, Learner
from soundit_edge.page.teaching.learning import learn_beside
from soundit_edge.page.teaching.lesson import CameraName, Lesson
from soundit_edge.page.teaching.naming import new_set, renamed
from soundit_edge.page.teaching.sets import OwnSets
from soundit_edge.page.teaching.status import LessonStatus, TeachingStatus, lesson_status, set_status
from soundit_edge.page.teaching.watcher import Watcher
from soundit_edge.senses.own.head import Head
from soundit_edge.senses.own.heads import basis_of
from soundit_edge.senses.own.labels import Kind
from soundit_edge.senses.own.observe import Observer, Sight, observer_of
from soundit_edge.senses.own.takes import Takes, no_takes
from soundit_edge.settings import PrivacySettings
from soundit_edge.threads import run_in_thread

log = logging.getLogger(__name__)

LOOK_S: Final = 0.1
"""How often is looked whether a take has ended."""
ABANDONED_S: Final = 600.0
"""A lesson that nobody has asked about for so long is over: its page was closed."""
IN_PUBLIC: Final = "In a public place nothing about individuals is kept: this device cannot be taught."
_PRIVATE: Final = "The camera is closed. Open it before you teach."


@dataclass(frozen=True, slots=True)
class _Given:
    """The lesson that is given, who learns in it, and what looks at the pictures."""

    lesson: Lesson
    learner: Learner
    watcher: Watcher


class Teacher:
    """Gives lessons. All but `watch` is to be called in one event loop."""

    def __init__(
        self,
        sets: OwnSets,
        privacy: Callable[[], PrivacySettings],
        now: Callable[[], float],
        *,
        observer: Callable[[Kind, ModelSet], Observer] = observer_of,
        learn: Learn = learn_beside,
    ) -> None:
        """Give no lesson yet.

        Args:
            sets: the sets on the device.
            privacy: gives the settings of privacy in force.
            now: the daemon's clock.
            observer: loads what looks at pictures of a kind.
            learn: learns a head from takes.
        """
        self.sets = sets
        """The sets on the device."""
        self._privacy = privacy
        self._now = now
        self._observer = observer
        self._learn = learn
        self._given: _Given | None = None
        self._running: asyncio.Task[None] | None = None
        self._asked_at = 0.0
        self._note = ""

    def watch(self, item: Frame | Sound) -> None:
        """Take what the device's own camera sees, the first of several; called in its thread. Never waits."""
        given = self._given
        if given is not None and given.lesson.camera == "device" and isinstance(item, Frame) and item.camera == 0:
            given.watcher.offer(item)

    def show(self, rgb: Rgb) -> None:
        """Take a picture of a browser's camera, uint8 [height, width, 3].

        Raises:
            NotNow: no lesson is given whose pictures come from there.
        """
        given = self._now_given()
        if given.lesson.camera != "browser":
            raise NotNow("This lesson looks through the device's own camera.")
        given.watcher.offer(Frame(self._now(), rgb))

    @property
    def is_teaching(self) -> bool:
        """Return whether a lesson is given."""
        return self._given is not None

    def status(self) -> TeachingStatus:
        """Return how everything stands; who looks keeps the lesson from being taken for abandoned."""
        self._asked_at = self._now()
        lesson = None if self._given is None else self._lesson_status(self._given)
        return TeachingStatus(refusal=self._refusal(), note=self._note, lesson=lesson, sets=self.sets.all)

    async def begin(
        self, kind: Kind, name: str, labels: Sequence[Mapping[str, str]], camera: CameraName, take_s: float
    ) -> None:
        """Begin a lesson of a new set.

        Args:
            kind: expressions or gestures.
            name: of the set.
            labels: the "name" and the "emotion" of each.
            camera: whose pictures are looked at.
            take_s: seconds of a take.

        Raises:
            InvalidChange: the name or the labels cannot be used.
            NotNow: another lesson is given, or none may be given here and now.
        """
        self._may_begin()
        self.sets.check_room()
        info = new_set(kind, name, labels, basis_of(kind, self.sets.models))
        self._start(no_takes(info), None, camera, take_s)

    async def resume(self, name: str, camera: CameraName, take_s: float) -> None:
        """Begin a lesson of a set that is there: more takes, or another try.

        Raises:
            InvalidChange: there is no such set.
            NotNow: as in `begin`, or its takes are of another model's outputs.
        """
        self._may_begin()
        takes = await self.sets.read(name)
        if takes.info.basis != basis_of(takes.info.kind, self.sets.models):
            raise NotNow("This set was recorded beside another model: begin another one.")
        head = await self.sets.head_of(takes.info)
        self._may_begin()  # somebody else may have been faster
        self._start(takes, head, camera, take_s)

    def begin_take(self, label: int) -> None:
        """Begin the countdown to a take of a label.

        Raises:
            InvalidChange: there is no such label.
            NotNow: no lesson is given, a take or the learning is under way, or there are enough takes.
        """
        given = self._now_given()
        if given.learner.status.state == "running":
            raise NotNow("Wait until it has learnt, or break the learning off.")
        given.lesson.begin(label, self._now())

    async def drop_take(self) -> None:
        """Break off the take that is under way, or forget the last one where none is.

        Raises:
            NotNow: no lesson is given, or the takes cannot be written.
        """
        lesson = self._now_given().lesson
        if not lesson.drop() and len(lesson.takes.take):
            takes = lesson.takes.without_last()
            await self.sets.write(takes)
            lesson.takes = takes

    def learn(self) -> None:
        """Have a head learnt from the takes of the lesson, beside everything else.

        Raises:
            NotNow: no lesson is given, or learning is under way.
        """
        given = self._now_given()
        given.learner.start(given.lesson.takes)

    async def stop_learning(self) -> None:
        """Break the learning off.

        Raises:
            NotNow: no lesson is given.
        """
        await self._now_given().learner.stop()

    async def keep(self, name: str) -> None:
        """Use what was learnt from now on, also after a restart.

        Args:
            name: of the set, for people.

        Raises:
            NotNow: nothing was learnt, its labels are not told apart, or it cannot be written.
            InvalidChange: the name cannot be used.
        """
        given = self._now_given()
        learnt = given.learner.learnt
        if learnt is None:
            raise NotNow("Nothing has been learnt yet.")
        if doubt := learnt.report.doubt():
            raise NotNow(doubt)
        info = renamed(given.lesson.takes.info, name)
        given.lesson.takes = replace(given.lesson.takes, info=info)
        await self.sets.write(given.lesson.takes)
        await self.sets.keep(learnt.model_copy(update={"info": info}))
        given.learner.learnt = None

    def discard(self) -> None:
        """Forget what was learnt; the takes stay, and everything is read as before.

        Raises:
            NotNow: no lesson is given.
        """
        self._now_given().learner.discard()

    async def forget(self, name: str) -> None:
        """Erase a set: its takes and its head.

        Raises:
            InvalidChange: there is no such set.
            NotNow: a lesson of it is given, or it cannot be erased.
        """
        if self._given is not None and self._given.lesson.takes.info.id == name:
            raise NotNow("End the lesson of this set first.")
        await self.sets.forget(name)

    async def end(self) -> None:
        """End the lesson; what was learnt and not kept is forgotten. Does nothing where none is given."""
        given, running = self._given, self._running
        self._given = self._running = None
        if given is not None:
            await given.learner.stop()
        if running is not None and running is not asyncio.current_task():
            running.cancel()
            await asyncio.wait({running})
            await self.sets.load()  # behind a take that is being written

    async def run(self) -> None:
        """Look which sets there are, then wait; a lesson ends with this."""
        try:
            await self.sets.load()
            await asyncio.Event().wait()
        finally:
            await self.end()

    def _now_given(self) -> _Given:
        if self._given is None:
            raise NotNow("No lesson is given. Begin one.")
        return self._given

    def _refusal(self) -> str:
        privacy = self._privacy()
        return IN_PUBLIC if privacy.public_place else _PRIVATE if privacy.private else ""

    def _may_begin(self) -> None:
        if refusal := self._refusal():
            raise NotNow(refusal)
        if self._given is not None:
            raise NotNow("A lesson is given already: end it first.")

    def _start(self, takes: Takes, head: Head | None, camera: CameraName, take_s: float) -> None:
        lesson, learner = Lesson(takes, camera, take_s, self._now()), Learner(self._learn, head)

        def saw(sight: Sight) -> None:
            lesson.see(sight, self._now())
            learner.look(sight)

        watcher = Watcher(lambda: self._observer(takes.info.kind, self.sets.models), saw)
        self._given = _Given(lesson, learner, watcher)
        self._asked_at, self._note = self._now(), ""
        self._running = asyncio.create_task(self._give(self._given), name="lesson")

    async def _give(self, given: _Given) -> None:
        """Look at pictures, and write each take when it has ended, until the lesson ends."""
        looking = asyncio.create_task(run_in_thread("lesson", given.watcher.run, given.watcher.stop))
        try:
            while not looking.done():
                await asyncio.sleep(LOOK_S)
                await self._write_finished(given.lesson)
                self._note = self._refusal()
                if self._note or self._now() - self._asked_at > ABANDONED_S:
                    break
            else:
                looking.result()
        except SounditError as error:
            self._note = f"The lesson ended: {error}"
            log.warning("%s", self._note)
        finally:
            looking.cancel()
            await asyncio.wait({looking})
            if self._given is given:
                await self.end()

    async def _write_finished(self, lesson: Lesson) -> None:
        """Write the takes of a lesson if one has ended; where that fails, it goes on with those in memory."""
        takes = lesson.finished(self._now())
        if takes is None:
            return
        try:
            await self.sets.write(takes)
        except NotNow as error:
            lesson.note(f"This take is not kept for later: {error}")

    def _lesson_status(self, given: _Given) -> LessonStatus:
        lesson, learner = given.lesson, given.learner
        return lesson_status(
            set_status(lesson.takes, None, in_use=self.sets.is_in_use(lesson.takes.info)),
            lesson.camera,
            lesson.picture(self._now()),
            learner.status,
            None if learner.learnt is None else learner.learnt.report,
            learner.trial,
        )
