"""What is done with model sets, one thing at a time: ask and fetch, try, leave, and follow what others have chosen."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Final

from soundit_edge.control.update_status import UpdateState
from soundit_edge.daemon.updates.parts import AskMirrors, MakesTrials, SwapsSets
from soundit_edge.daemon.updates.record import UpdateRecord
from soundit_edge.errors import SounditError
from soundit_edge.settings import UpdateSettings
from soundit_edge.update.device.request import mirrors_of, request_of
from soundit_edge.update.messages import UpdateProgress, UpdateResult, UpdateStage
from soundit_edge.update.sets.folder import SetFolder
from soundit_edge.update.sets.set_id import release_of

_STATES: Final[dict[UpdateStage, UpdateState]] = {
    UpdateStage.ASKING: "asking",
    UpdateStage.FETCHING: "fetching",
    UpdateStage.CHECKING: "checking",
}


class UpdateWork:
    """Does it, and has the record note how it has ended. Breaking any of it off leaves what is on the disk whole."""

    def __init__(
        self, trials: MakesTrials, swap: SwapsSets, sets: SetFolder, record: UpdateRecord, ask: AskMirrors
    ) -> None:
        """Have nothing to do.

        Args:
            trials: makes trials.
            swap: puts sets in use.
            sets: the folder of the sets.
            record: notes how it ends.
            ask: asks the mirrors.
        """
        self._trials = trials
        self._swap = swap
        self._sets = sets
        self._record = record
        self._ask = ask
        self._progress: UpdateProgress | None = None

    def progress(self) -> tuple[UpdateState, float | None] | None:
        """Return what is being done, and which share of it is, 0 to 1 (None: nobody knows); None: nothing is."""
        if (trial := self._trials.progress) is not None:
            return trial.stage, trial.done
        if (told := self._progress) is not None:
            return _STATES[told.stage], told.done / told.total if told.total else None
        return None

    async def update(
        self, settings: UpdateSettings, ended: Callable[[bool], None], *, fetch: bool, first: Sequence[str] = ()
    ) -> None:
        """Ask the mirrors.

        Args:
            settings: of updates.
            ended: is told whether a mirror has answered.
            fetch: fetch what they offer, and begin its trial.
            first: addresses that are asked before those of the settings.
        """
        self._progress = UpdateProgress(stage=UpdateStage.ASKING)
        try:
            mirrors = await asyncio.to_thread(mirrors_of, settings, first)
            request = await asyncio.to_thread(request_of, mirrors, fetch=fetch)
            result = await self._ask(request, self._hear)
        except SounditError as error:
            result = UpdateResult(ended="failed", why=str(error))
        finally:
            self._progress = None
        ended(result.ended != "failed")
        await self._record.heard(result)

    async def make_trial(self) -> None:
        """Make the trial that is due."""
        if (end := await self._trials.run()) is not None:
            await self._record.tried(end.set_id, kept=end.kept, why=end.why)

    async def roll_back(self, why: str) -> None:
        """Go back to the set before.

        Args:
            why: in words; "" where the user wants it.

        Raises:
            SounditError: there is none, or it cannot be done.
        """
        left = self._swap.active.set_id
        await self._swap.roll_back(why or "you went back from it")
        await self._record.left(0 if left is None else release_of(left), why)

    async def leave(self, why: str) -> None:
        """Leave the set in use, which is refused by now."""
        try:
            await self.roll_back(why)
        except SounditError as error:
            await self._record.failed(str(error))

    async def follow(self, set_id: str | None) -> None:
        """Use the set that another process has put in use; None: the shipped one."""
        try:
            await self._swap.use(self._sets.folder_of(set_id), set_id)
        except SounditError as error:
            await self._record.failed(str(error))

    def _hear(self, progress: UpdateProgress) -> None:
        self._progress = progress
