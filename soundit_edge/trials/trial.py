"""One trial: a visitor's file, what is read in it, and how far that is."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from soundit_edge.control.actor import Actor
from soundit_edge.trials.job import PLOT, MediaKind
from soundit_edge.trials.messages import Failed, Found, Message, Progress, ReadingRow, Result

State = Literal["uploading", "waiting", "running", "done", "failed"]


class TrialStatus(BaseModel):
    """How a trial stands.

    Attributes:
        id: of the trial; whoever knows it may see and delete it.
        name: of the file, as it can be shown.
        state: "uploading", "waiting" (for another trial to end), "running", "done" or "failed".
        kind: what the file is; None until that is known.
        seconds: its length; None until that is known.
        stage: what is being done while it runs, or "".
        share: of the work that is done, 0 to 1.
        note: why it failed, or "".
        rows: the readings from the asked one on, as many as fit into one answer.
        next: the number of the reading to ask for next.
    """

    model_config = ConfigDict(frozen=True)

    id: str
    name: str
    state: State
    kind: MediaKind | None
    seconds: float | None
    stage: str
    share: float
    note: str
    rows: tuple[ReadingRow, ...]
    next: int


class Trial:
    """A trial. Everything here is to be used in one event loop."""

    def __init__(self, number: str, folder: Path, name: str, owner: Actor, now_s: float) -> None:
        """Begin with a file that is still to come.

        Args:
            number: its id, which cannot be guessed.
            folder: of this trial alone.
            name: of the file, for people.
            owner: who brings it.
            now_s: the moment, in seconds.
        """
        self.id = number
        self.folder = folder
        self.name = name
        self.owner = owner
        self.began_s = self.seen_s = now_s
        self.state: State = "uploading"
        self.kept = True
        """Whether it has not been removed."""
        self.task: asyncio.Task[None] | None = None
        self.result: Result | None = None
        self._found: Found | None = None
        self._progress: Progress | None = None
        self._rows: list[ReadingRow] = []
        self._why = ""

    def is_of(self, actor: Actor) -> bool:
        """Return whether somebody is who brought the file, whatever they may do by now."""
        return (actor.kind, actor.name) == (self.owner.kind, self.owner.name)

    def hear(self, message: Message, max_rows: int) -> None:
        """Take note of what the process that reads the file says."""
        match message:
            case ReadingRow():
                if len(self._rows) < max_rows:
                    self._rows.append(message)
            case Progress():
                self._progress = message
            case Found():
                self._found = message
            case Result():
                self.result, self.state = message, "done"
            case Failed():
                self.fail(message.why)

    def fail(self, why: str) -> None:
        """Take note that nothing comes of it, and why."""
        self.state, self._why = "failed", why

    def status(self, after: int, count: int) -> TrialStatus:
        """Return how it stands, with at most `count` readings from number `after` on."""
        rows = tuple(self._rows[after : after + count])
        return TrialStatus(
            id=self.id,
            name=self.name,
            state=self.state,
            kind=self._found.kind if self._found else None,
            seconds=self._found.seconds if self._found else None,
            stage=self._progress.stage if self._progress and self.state == "running" else "",
            share=1.0 if self.state == "done" else self._progress.share if self._progress else 0.0,
            note=self._why,
            rows=rows,
            next=after + len(rows),
        )

    def file(self, what: Literal["film", "plot"]) -> Path | None:
        """Return the path of the scored film or of the plot; None where there is none."""
        if self.result is None:
            return None
        name = self.result.film if what == "film" else PLOT * self.result.plotted
        return self.folder / name if name else None
