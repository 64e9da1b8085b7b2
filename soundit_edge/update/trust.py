"""The signed lists of a repository, kept and checked by The Update Framework (TUF) from a root that is built in.

python-tuf leaves to its caller what is done here: its files are made durable, its clock is given to it, and the set's
release has a floor outside its cache (`sets.records.Floor`). The caller holds a lock: one process at a time.
"""

from __future__ import annotations

import contextlib
import datetime
import logging
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from pydantic import ValidationError
from tuf.api.exceptions import (
    DownloadError,
    DownloadHTTPError,
    DownloadLengthMismatchError,
    ExpiredMetadataError,
    RepositoryError,
)
from tuf.api.metadata import TargetFile
from tuf.ngclient import FetcherInterface, Updater, UpdaterConfig

from soundit_edge.files import make_durable
from soundit_edge.text import reason
from soundit_edge.update.choose import OfferShare, OfferTerms, PublishedSet
from soundit_edge.update.failure import MirrorError, StoreError, TrustError
from soundit_edge.update.limits import UpdateLimits
from soundit_edge.update.mirrors.mirror import Mirror, MirrorStatusError
from soundit_edge.update.sets.set_id import is_set_id, release_of

log = logging.getLogger(__name__)

METADATA: Final = "metadata"
TARGETS: Final = "targets"
"""The folders of a repository: of its signed lists, and of the files that they name."""
SHARES: Final = "rollout"
"""What the targets' key lets another key name: for each set, the share of the devices that take it by now."""
_HERE: Final = "/"
"""What python-tuf puts before the names of lists: a mirror knows where they lie."""


class ExpiredError(TrustError):
    """The signed lists of a mirror are too old."""


@dataclass(frozen=True)
class SignedFile:
    """A file of the repository.

    Attributes:
        target: its length and checksums, and what else a signed list says of it.
        place: its path below the repository's folder of targets.
    """

    target: TargetFile
    place: str


class SignedLists:
    """What a repository offers, as its signed lists say."""

    def __init__(self, updater: Updater) -> None:
        """Read the lists that were just checked, and the one of the roll-out, which is fetched where it has changed."""
        self._updater = updater
        named = updater._trusted_set.targets.targets  # python-tuf can be asked for one file only by its name
        offers = [offer for path, target in named.items() if (offer := _offer(path, target)) is not None]
        self.offers = [_with_share(offer, updater.get_targetinfo(f"{SHARES}/{offer.set_id}")) for offer in offers]

    def file(self, path: str) -> SignedFile | None:
        """Return a file of the repository; None where no list names it.

        Raises:
            TrustError, MirrorError: a further list had to be fetched, and cannot be trusted, or not be fetched.
        """
        with _tuf_errors(path):
            target = self._updater.get_targetinfo(path)
        if target is None:
            return None
        folder, slash, name = path.rpartition("/")
        if self._updater._trusted_set.root.consistent_snapshot:
            name = f"{next(iter(target.hashes.values()))}.{name}"
        return SignedFile(target, f"{folder}{slash}{name}")


def refresh(mirror: Mirror, root: bytes, folder: Path, now: float, limits: UpdateLimits) -> SignedLists:
    """Fetch and check the signed lists of a mirror; what is kept of earlier ones is believed, and never older ones.

    Args:
        mirror: the root of the repository's lists.
        root: the root of trust that is built in.
        folder: where the lists are kept.
        now: seconds since 1970, to judge which are too old.
        limits: how large they may be.

    Raises:
        TrustError: a signature, a version or a date is wrong, or an answer is no list at all.
        MirrorError: the mirror cannot be asked.
        StoreError: the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for left in folder.glob(f"{tempfile.gettempprefix()}*"):  # by a visit that was killed
            left.unlink()
        with _tuf_errors(mirror.url):
            try:
                updater = Updater(
                    str(folder),
                    _HERE,
                    fetcher=_Fetcher(mirror),
                    config=UpdaterConfig(
                        max_root_rotations=limits.max_root_rotations,
                        root_max_length=limits.max_root,
                        timestamp_max_length=limits.max_timestamp,
                        snapshot_max_length=limits.max_snapshot,
                        targets_max_length=limits.max_targets,
                    ),
                    bootstrap=root,
                )
                # python-tuf has no other way to be given a time: the machine's clock may be wrong.
                updater._trusted_set.reference_time = datetime.datetime.fromtimestamp(now, datetime.UTC)
                updater.refresh()
                return SignedLists(updater)
            finally:
                _make_all_durable(folder)
    except OSError as error:
        raise StoreError(f"{folder}: cannot be written ({reason(error)}); the set in use stays.") from error


class _Fetcher(FetcherInterface):
    """Gives python-tuf what a mirror sends."""

    def __init__(self, mirror: Mirror) -> None:
        self._mirror = mirror

    def _fetch(self, url: str) -> Iterator[bytes]:
        try:
            return self._mirror.read(url.removeprefix(_HERE)).chunks
        except MirrorStatusError as error:
            raise DownloadHTTPError(str(error), error.status) from error


@contextlib.contextmanager
def _tuf_errors(what: str) -> Iterator[None]:
    """Say python-tuf's errors in words for the user."""
    try:
        yield
    except ExpiredMetadataError as error:
        raise ExpiredError(f"{what}: the signed list is too old ({error})") from error
    except RepositoryError as error:
        raise TrustError(f"{what}: the signed list cannot be trusted ({_line(error)})") from error
    except DownloadLengthMismatchError as error:
        raise TrustError(f"{what}: more comes than a signed list can have ({_line(error)})") from error
    except DownloadError as error:
        cause = error.__cause__
        raise MirrorError(str(cause) if isinstance(cause, MirrorError) else f"{what}: {_line(error)}") from error


def _line(error: Exception) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__


def _offer(path: str, target: TargetFile) -> PublishedSet | None:
    """Return the set that a target stands for; None where it is none, or not in a form that this version knows."""
    match path.split("/"):
        case ["sets", set_id, "set.json"] if is_set_id(set_id):
            pass
        case _:
            return None
    try:
        terms = OfferTerms.model_validate(_said_of(target))
    except ValidationError as error:
        log.warning("%s: not understood, and left out (%s)", path, error.errors()[0]["msg"])
        return None
    return PublishedSet(set_id, terms) if terms.release == release_of(set_id) else None


def _with_share(offer: PublishedSet, target: TargetFile | None) -> PublishedSet:
    """Return an offer with the share that the roll-out gives it; one that is not understood is no device's."""
    if target is None:
        return offer
    try:
        percent = OfferShare.model_validate(_said_of(target)).percent
    except ValidationError as error:
        log.warning("%s: not understood, and held back (%s)", target.path, error.errors()[0]["msg"])
        percent = 0
    return replace(offer, terms=offer.terms.model_copy(update={"percent": percent}))


def _said_of(target: TargetFile) -> object:
    custom = target.unrecognized_fields.get("custom")
    return custom.get("soundit") if isinstance(custom, dict) else None


def _make_all_durable(folder: Path) -> None:
    """Wait until what python-tuf has written is on the disk, which it leaves to the system."""
    for path in [*folder.rglob("*"), folder]:
        if path.is_file() or path.is_dir():
            make_durable(path)
