"""One update: ask the mirrors, choose a set, fetch it, check it, and begin its trial. For a process of its own."""

from __future__ import annotations

import contextlib
import errno
import logging
import shutil
import time
from collections.abc import Callable, Iterator, Sequence

from soundit_edge import paths
from soundit_edge.text import presentable, reason
from soundit_edge.update.ask import FoundLists, ask
from soundit_edge.update.choose import PublishedSet, ThisDevice, choose, why_not
from soundit_edge.update.clock import believed_time
from soundit_edge.update.failure import MirrorError, StoreError, UpdateError
from soundit_edge.update.limits import UpdateLimits
from soundit_edge.update.messages import UpdateProgress, UpdateRequest, UpdateResult, UpdateStage
from soundit_edge.update.mirrors.mirror import Mirror
from soundit_edge.update.mirrors.open_mirror import open_mirror
from soundit_edge.update.offered import OfferedSet, read_offered
from soundit_edge.update.root import BUILT_IN, read_root
from soundit_edge.update.sets.garbage import collect_garbage
from soundit_edge.update.sets.lock import locked
from soundit_edge.update.sets.set_id import release_of
from soundit_edge.update.sets.staging import StagedSet
from soundit_edge.update.sets.store import SetStore
from soundit_edge.update.transfer import fetch_file
from soundit_edge.update.trust import TARGETS

log = logging.getLogger(__name__)

Tell = Callable[[UpdateProgress], None]
OpenMirror = Callable[[str, UpdateLimits], Mirror]


def update(
    request: UpdateRequest,
    tell: Tell,
    *,
    limits: UpdateLimits | None = None,
    clock: Callable[[], float] = time.time,
    mirrors: OpenMirror = open_mirror,
) -> UpdateResult:
    """Look for a set, and fetch it if that is asked for; what is in use is not touched.

    Args:
        request: what is asked.
        tell: called with how far it is.
        limits: what a mirror may send.
        clock: the device's, seconds since 1970.
        mirrors: opens one.

    Returns:
        How it ended; what went wrong is in it, too.
    """
    try:
        store = SetStore(request.sets or paths.sets_folder(), request.shipped or paths.models_folder())
        store.folder.mkdir(parents=True, exist_ok=True)
        with locked(store.lock, wait=False), contextlib.ExitStack() as opened:
            limits = limits or UpdateLimits()

            def open_and_close(url: str) -> Mirror:
                mirror = mirrors(url, limits)
                opened.callback(mirror.close)
                return mirror

            return _Update(request, store, tell, limits, clock, open_and_close).run()
    except UpdateError as error:
        return UpdateResult(ended="failed", why=presentable(str(error)))
    except OSError as error:
        return UpdateResult(
            ended="failed", why=f"The update cannot be written ({reason(error)}); the set in use stays."
        )


class _Update:
    def __init__(
        self,
        request: UpdateRequest,
        store: SetStore,
        tell: Tell,
        limits: UpdateLimits,
        clock: Callable[[], float],
        mirror: Callable[[str], Mirror],
    ) -> None:
        self._request = request
        self._store = store
        self._tell = tell
        self._limits = limits
        self._clock = clock
        self._mirror = mirror

    def run(self) -> UpdateResult:
        """Do it."""
        self._tell(UpdateProgress(stage=UpdateStage.ASKING))
        found = self._ask()
        revoked = self._leave_revoked(found.lists.offers)
        offer, why = self._choose(found.lists.offers)
        if offer is None:
            return UpdateResult(ended="nothing", why=why, mirror=found.urls[0], revoked=revoked)
        targets = list(self._targets(found.urls))
        offered = read_offered(offer, found.lists, targets, self._device(), self._limits)
        result = UpdateResult(
            ended="offered",
            set_id=offer.set_id,
            notes=offered.manifest.notes,
            bytes=offered.size,
            missing=offered.size,
            mirror=found.urls[0],
            revoked=revoked,
        )
        if not self._request.fetch:
            return result
        fetched = self._fetch(offered, targets)
        self._store.allow(offer.set_id)
        self._store.begin_trial(offer.set_id, self._clock())
        try:
            collect_garbage(self._store)
        except OSError as error:  # the next update removes it
            log.warning("%s: old sets cannot be removed (%s)", self._store.folder, reason(error))
        return result.model_copy(update={"ended": "fetched", "missing": fetched})

    def _ask(self) -> FoundLists:
        """Return the signed lists of the first mirror that can be asked and trusted; the time of it has passed."""
        request, now = self._request, self._clock()
        believed = believed_time(now, self._store.floor().clock)
        found = ask(
            request.mirrors,
            self._mirror,
            root=read_root(request.root or BUILT_IN),
            folder=request.lists or paths.tuf_folder(),
            clock=now,
            believed=believed,
            limits=self._limits,
        )
        self._store.raise_clock(believed)
        return found

    def _targets(self, urls: Sequence[str]) -> Iterator[Mirror]:
        for url in urls:
            with contextlib.suppress(MirrorError):  # no address at all, which `_ask` has said
                yield self._mirror(f"{url}/{TARGETS}")

    def _leave_revoked(self, offers: Sequence[PublishedSet]) -> tuple[str, ...]:
        """Refuse the sets on this disk that were revoked; return those that the daemon has to leave."""
        trial = self._store.trial()
        running = {self._store.current(), trial.set if trial is not None else None}
        refused = self._store.refused()
        left = []
        for offer in offers:
            if not offer.terms.revoked or not self._store.folder_of(offer.set_id).is_dir():
                continue
            if offer.set_id in running:
                left.append(offer.set_id)
            if offer.set_id not in refused:
                self._store.refuse(offer.set_id, "its publisher has revoked it")
        return tuple(left)

    def _choose(self, offers: Sequence[PublishedSet]) -> tuple[PublishedSet | None, str]:
        trial = self._store.trial()
        if trial is not None:
            return None, f"The set {trial.set} is being tried; the next one comes when it is kept or dropped."
        if self._store.pinned():
            return None, "The set in use is pinned: no other is taken until it is unpinned."
        device = self._device()
        offer = choose(offers, device)
        if offer is not None:
            return offer, ""
        newest = max(offers, key=lambda offer: offer.terms.release, default=None)
        if newest is None:
            return None, "The mirrors offer no model set."
        return None, f"There is nothing new: the newest set is {newest.set_id}, and {why_not(newest, device)}."

    def _device(self) -> ThisDevice:
        request, current = self._request, self._store.current()
        return ThisDevice(
            device_id=request.device_id,
            hardware=request.hardware,
            version=request.version,
            floor=self._store.floor().release,
            release=self._store.shipped_release() if current is None else release_of(current),
            current=current,
            refused=() if request.again else self._store.refused(),
        )

    def _fetch(self, offered: OfferedSet, targets: Sequence[Mirror]) -> int:
        """Put a set together in the folder of the sets; return how many bytes had to be fetched."""
        try:
            return self._put_together(offered, targets)
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):  # what is there of it must not keep the disk full
                shutil.rmtree(self._store.staging, ignore_errors=True)
            raise StoreError(f"The new set cannot be written ({reason(error)}); the set in use stays.") from error

    def _put_together(self, offered: OfferedSet, targets: Sequence[Mirror]) -> int:
        staged = StagedSet(self._store, offered.set_id, offered.content)
        sums = offered.manifest.sums()
        missing = [file for file, sha256 in sums.items() if not staged.has(file, sha256)]
        missing = [file for file in missing if not staged.copy_from_sets(file, sums[file])]
        wanted = sum(offered.files[file].target.length for file in missing)
        free = shutil.disk_usage(self._store.folder).free
        if wanted + self._limits.spare > free:
            raise StoreError(
                f"The disk is nearly full: the new set needs {wanted >> 10} KiB, {free >> 10} KiB are free; the set in "
                "use stays."
            )
        done = offered.size - wanted

        def heard(size: int) -> None:
            self._tell(
                UpdateProgress(stage=UpdateStage.FETCHING, set_id=offered.set_id, done=done + size, total=offered.size)
            )

        for file in missing:
            fetch_file(targets, offered.files[file], staged.folder / file, self._limits.rounds, heard)
            done += offered.files[file].target.length
        self._tell(
            UpdateProgress(stage=UpdateStage.CHECKING, set_id=offered.set_id, done=offered.size, total=offered.size)
        )
        staged.adopt()
        return wanted
