"""What is learnt in a lesson: in the background, tried live, and forgotten unless it is kept."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from soundit_edge.page.background import BackgroundWork, Report, WorkStatus
from soundit_edge.page.teaching.status import AttemptStatus, trial_status
from soundit_edge.senses.own.head import Head
from soundit_edge.senses.own.head_file import HeadFile
from soundit_edge.senses.own.observe import Sight
from soundit_edge.senses.own.takes import Takes

Learn = Callable[[Takes, Report], Awaitable[HeadFile]]


class Learner:
    """Learns from the takes of one lesson. All but `look` is to be called in one event loop."""

    def __init__(self, learn: Learn, head: Head | None = None) -> None:
        """Have learnt nothing yet.

        Args:
            learn: learns a head from takes.
            head: one that was kept of the same set, which can be tried at once.
        """
        self._learn = learn
        self._work = BackgroundWork("learning")
        self._head = head
        self.learnt: HeadFile | None = None
        """What was learnt, and neither kept nor discarded."""
        self.trial: AttemptStatus | None = None
        """What the head says of the newest picture; None where there is none, or nothing to be seen."""

    @property
    def status(self) -> WorkStatus:
        """Return how the learning stands."""
        return self._work.status

    def start(self, takes: Takes) -> None:
        """Learn from takes, beside everything else.

        Raises:
            NotNow: it is at it already.
        """

        async def work(report: Report) -> None:
            learnt = await self._learn(takes, report)
            self.learnt, self._head, self.trial = learnt, learnt.head(), None

        self._work.start(work)

    async def stop(self) -> None:
        """Break the learning off."""
        await self._work.cancel()

    def discard(self) -> None:
        """Forget what was learnt."""
        self.learnt = self._head = self.trial = None

    def look(self, sight: Sight) -> None:
        """Say what the head makes of a picture; called in the thread that looks."""
        head, moment = self._head, sight.moment
        if head is None or moment is None:
            self.trial = None
        else:
            self.trial = trial_status(head, head.read(moment.features), moment.shipped)
