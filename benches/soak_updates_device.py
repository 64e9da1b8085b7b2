"""The publisher and the updated device of soak_updates.py: sets one after the other, and visits with faults."""

from __future__ import annotations

import dataclasses
import hashlib
import os
import platform
import random
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Final

from benches.soak_updates_faults import Disk, after, tear
from benches.soak_updates_player import Player
from soundit_edge.inference.manifest import FileEntry
from soundit_edge.inference.models import default_folder
from soundit_edge.update.messages import UPDATE_MESSAGE, UpdateRequest, UpdateResult
from soundit_edge.update.sets.store import SetStore
from tests.device import ENDS_WITH_US
from tests.tools.publish.made import Made
from tests.update.mirrors.web_server import WebServer
from tests.waiting import HANG_S
from tools.publish.sets import CheckedSet, checked

CARD_BYTES: Final = (20_000, 1_000_000)
"""What is new in each set: its smallest and its largest card."""
FAULTS: Final = {"kill -9": 0.35, "disk full": 0.2, "torn file": 0.2, "none": 0.25}
"""The shares of the visits."""
TRIAL_FAULTS: Final = {"kill -9 of the check": 0.12, "kill -9 of the device in a trial": 0.08, "": 0.8}
"""The shares of the trials."""
TRIAL_S: Final = 8.0
"""A fault comes within so many seconds of a trial's begin."""
MAX_ATTEMPTS: Final = 60
VISIT_S: Final = 2.5
"""A fault comes within so many seconds of the updater's start, or when it is done."""


class Publishing:
    """A publisher whose sets differ by a card."""

    def __init__(self, folder: Path, chance: random.Random) -> None:
        folder.mkdir()
        self._made = Made(folder)
        self._chance = chance
        self._base = checked(default_folder(), {})
        self.root = folder / "root.json"
        self.root.write_bytes(self._made.root)

    def publish(self, server: WebServer) -> str:
        """Publish one set more and serve it; return its id."""
        set_id, _ = self._made.publisher().add(self._next(), 100)
        folder = self._made.folder
        paths = [path for path in folder.rglob("*") if path.is_file()]
        server.served.update({str(path.relative_to(folder)): path.read_bytes() for path in paths})
        return set_id

    def _next(self) -> CheckedSet:
        card = self._chance.randbytes(self._chance.randint(*CARD_BYTES))
        sha256 = hashlib.sha256(card).hexdigest()
        models = dict(self._base.manifest.models)
        name = self._chance.choice(list(models))
        models[name] = models[name].model_copy(
            update={"card": FileEntry(file=f"{name}.md", sha256=sha256, bytes=len(card))}
        )
        manifest = self._base.manifest.model_copy(update={"models": models})
        return dataclasses.replace(self._base, manifest=manifest, files={**self._base.files, sha256: card})


class Updating:
    """Updates the device's sets, with faults, and looks after each at what is there."""

    def __init__(self, state: Path, root: Path, disk: Disk, player: Player, chance: random.Random) -> None:
        self.store = SetStore(state / "sets", default_folder())
        self.happened: Counter[str] = Counter()
        self.ends: Counter[str] = Counter()
        self.wrong: list[str] = []
        self.attempts = 0
        self._state, self._root, self._disk, self._player, self._chance = state, root, disk, player, chance

    def reach(self, set_id: str, url: str) -> None:
        """Update until a set is in use."""
        for _ in range(MAX_ATTEMPTS):
            self.attempts += 1
            result = self._attempt(url)
            self.ends["killed" if result is None else result.ended] += 1
            self._let_try()
            self._look(set_id)
            if self.store.current() == set_id:
                return
        self.wrong.append(f"{set_id} was not reached by {MAX_ATTEMPTS} attempts")

    def _attempt(self, url: str) -> UpdateResult | None:
        """Run the updater once, with a fault or without one; None: it was killed."""
        fault = self._chance.choices(list(FAULTS), list(FAULTS.values()))[0]
        if fault == "torn file" and not self._tear():
            fault = "none"
        self._player.note(f"visit ({fault})")
        request = UpdateRequest(
            mirrors=(url,),
            device_id="soak",
            hardware=frozenset({platform.machine()}),
            version="0.1.0",
            fetch=True,
            again=True,  # a set that was refused because its check was killed
            root=self._root,
            sets=self.store.folder,
            lists=self._state / "tuf",
            shipped=self.store.shipped,
        )
        process = subprocess.Popen(
            [*ENDS_WITH_US, sys.executable, "-m", "soundit_edge.update", str(os.getpid())],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        assert process.stdin is not None
        process.stdin.write(request.model_dump_json().encode())
        process.stdin.close()
        process.stdin = None
        if fault in ("kill -9", "disk full") and not after(self._chance.uniform(0.0, VISIT_S), process):
            fault = "none"  # it was done before
        self.happened[fault] += 1
        match fault:
            case "kill -9":
                process.kill()
                process.communicate()
                return None
            case "disk full":
                with self._disk.full(process):
                    said, _ = process.communicate()
            case _:
                said, _ = process.communicate()
        lines = said.splitlines()
        result = UPDATE_MESSAGE.validate_json(lines[-1]) if lines else None
        if not isinstance(result, UpdateResult):
            self.wrong.append(f"the updater ended with {process.returncode} and no reason ({fault})")
            return None
        return result

    def _tear(self) -> bool:
        """Damage a file of what is kept, or of the set in use; return whether there is one."""
        ours = (self.store.folder, self._state / "tuf")
        files = [path for folder in ours for path in folder.rglob("*") if path.is_file() and not path.is_symlink()]
        if not files:
            return False
        tear(self._chance.choice(sorted(files)), self._chance)
        return True

    def _let_try(self) -> None:
        """Wait until the device has kept or dropped the set on trial, with a fault or without one."""
        self._player.note("trial")
        began, name = time.monotonic(), self._chance.choices(list(TRIAL_FAULTS), list(TRIAL_FAULTS.values()))[0]
        at = began + self._chance.uniform(0.0, TRIAL_S)
        while self.store.trial() is not None:
            if name == "kill -9 of the check" and self._player.kill_check():
                self.happened[name], name = self.happened[name] + 1, ""
            if name == "kill -9 of the device in a trial" and time.monotonic() > at:
                self.happened[name], name = self.happened[name] + 1, ""
                self._player.kill()
            if time.monotonic() - began > HANG_S:
                self.wrong.append("a trial has no end")
                self.store.drop_trial("it has no end")
            time.sleep(0.05)

    def _look(self, wanted: str) -> None:
        """The set in use is whole; one that a torn file has hit is left at the start that follows a power cut."""
        if not self.store.is_whole(self.store.current()):
            self.happened["started with a damaged set"] += 1
            self._player.kill()
        current = self.store.current()
        if not self.store.is_whole(current):
            self.wrong.append(f"on the way to {wanted}: {current} is in use and damaged")
