"""A device that takes updates from repositories in memory."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from soundit_edge.update.limits import UpdateLimits
from soundit_edge.update.messages import UpdateProgress, UpdateRequest, UpdateResult
from soundit_edge.update.run import update
from soundit_edge.update.sets.store import SetStore
from tests.update.made_sets import make_set
from tests.update.repository import NOW, Mirrors, Repository

URL = "memory://first"


class Receiver:
    """The updater's side of a device: its folders, its clock, its mirrors."""

    def __init__(self, folder: Path, repository: Repository, shipped: Path | None = None) -> None:
        shipped = shipped or folder / "shipped"
        if not shipped.is_dir():
            shipped.mkdir(parents=True)
            make_set(0).write_as(shipped)
        self.store = SetStore(folder / "sets", shipped)
        self.lists = folder / "tuf"
        self.root = folder / "root.json"
        self.root.write_bytes(repository.first_root)
        self.mirrors = Mirrors()
        self.mirrors.serve(URL, repository.served)
        self.urls: tuple[str, ...] = (URL,)
        self.now = NOW
        self.heard: list[UpdateProgress] = []
        self.limits = UpdateLimits(spare=0)

    def update(self, clock: Callable[[], float] | None = None, **changes: Any) -> UpdateResult:
        """Look for an update and fetch it."""
        request = UpdateRequest(
            mirrors=self.urls,
            device_id="this-one",
            hardware=frozenset({"x86_64"}),
            version="0.1.0",
            fetch=True,
            root=self.root,
            sets=self.store.folder,
            lists=self.lists,
            shipped=self.store.shipped,
        ).model_copy(update=changes)
        return update(
            request, self.heard.append, limits=self.limits, clock=clock or (lambda: self.now), mirrors=self.mirrors.open
        )

    def take(self) -> str:
        """Update, let the set pass its trial, and return its id."""
        result = self.update()
        assert result.ended == "fetched", result.why
        self.store.commit(result.set_id)
        return result.set_id
