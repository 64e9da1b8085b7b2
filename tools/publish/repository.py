"""A repository: a folder of signed metadata and of the files that it vouches for, which any web server can serve.

    metadata/timestamp.json, N.snapshot.json, N.targets.json, N.rollout.json, N.root.json
    metadata/root.json, a copy of the newest root
    targets/sets/<id>/<sha256>.set.json, targets/files/<sha256>.<sha256>, targets/rollout/<sha256>.<id>

A change adds files first and replaces `timestamp.json` last: until then clients find the old state, whole.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, TypeVar

from tuf.api.exceptions import RepositoryError
from tuf.api.metadata import Metadata, Root, Snapshot, TargetFile, Targets, Timestamp

from soundit_edge.files import make_durable, write_whole
from soundit_edge.update.choose import OfferTerms
from tools.publish.errors import PublishError
from tools.publish.roles import ROLLOUT, ROOT, SNAPSHOT, TARGETS, TIMESTAMP
from tools.publish.terms import shares_of, terms_of

METADATA: Final = "metadata"
TARGET_FILES: Final = "targets"
NEWEST_ROOT: Final = f"{METADATA}/root.json"

Write = tuple[str, bytes]
"""A file's path inside the repository, and its content."""

T = TypeVar("T", Root, Targets, Snapshot, Timestamp)


def metadata_path(metadata: Metadata[T], role: str = "") -> str:
    """Return the path of a role's metadata inside the repository. `role`: where it is delegated."""
    role = role or metadata.signed.type
    return f"{METADATA}/{role}.json" if role == TIMESTAMP else f"{METADATA}/{metadata.signed.version}.{role}.json"


def target_path(target: TargetFile) -> str:
    """Return the path of a target's file inside the repository; its name begins with its hash, as clients ask."""
    folder, _, name = target.path.rpartition("/")
    return f"{TARGET_FILES}/{folder}/{target.hashes['sha256']}.{name}"


def write_all(folder: Path, writes: Iterable[Write]) -> None:
    """Write files one after the other, each whole or not at all; what is there already is left alone.

    Raises:
        OSError: one cannot be written; those before it are.
    """
    for name, content in writes:
        path = folder / name
        with contextlib.suppress(FileNotFoundError):
            if path.read_bytes() == content:
                continue
        _make_folder(path.parent)
        write_whole(path, content)


def _make_folder(folder: Path) -> None:
    if not folder.is_dir():
        _make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        make_durable(folder.parent)


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Keep other publishers out of a repository for as long as the block runs.

    Raises:
        PublishError: one is at work there, or there is no such folder.
    """
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise PublishError(f"{folder}: no such folder; make a repository with `init`") from error
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise PublishError(f"{folder}: another publish is at work there; try again when it has ended") from error
        for left in folder.rglob(".soundit-*.part"):  # by a publisher that was killed
            left.unlink()
        yield
    finally:
        os.close(descriptor)


class Repository:
    """The newest metadata of a repository, each signed by the keys that its newest root names.

    `targets` and `rollout` may be newer than what is published: they are, where the keys of snapshot and timestamp are
    elsewhere.
    """

    def __init__(self, folder: Path) -> None:
        """Read the metadata.

        Raises:
            PublishError: there is no repository, or a file of it is damaged or not signed as it should be.
        """
        self.folder = folder
        if not (folder / METADATA / f"1.{ROOT}.json").is_file():
            raise PublishError(f"{folder}: no repository; make one with `init`")
        self.root: Metadata[Root] = self._read(f"{self.newest(ROOT)}.{ROOT}.json")
        self.targets: Metadata[Targets] = self._read(f"{self.newest(TARGETS)}.{TARGETS}.json")
        self.rollout: Metadata[Targets] = self._read(f"{self.newest(ROLLOUT)}.{ROLLOUT}.json")
        self.timestamp: Metadata[Timestamp] = self._read(f"{TIMESTAMP}.json")
        published = self.timestamp.signed.snapshot_meta.version
        self.snapshot: Metadata[Snapshot] = self._read(f"{published}.{SNAPSHOT}.json")

    @property
    def is_seen(self) -> bool:
        """Return whether clients see the newest targets and shares."""
        seen = self.snapshot.signed.meta
        newest = {TARGETS: self.targets, ROLLOUT: self.rollout}
        return all(seen[f"{role}.json"].version == one.signed.version for role, one in newest.items())

    def newest(self, role: str) -> int:
        """Return the newest version of a role's metadata in the folder, whether it is published or not.

        Raises:
            PublishError: there is none.
        """
        found = (path.name.split(".") for path in (self.folder / METADATA).glob(f"*.{role}.json"))
        versions = [int(parts[0]) for parts in found if len(parts) == 3 and parts[0].isdecimal()]
        if not versions:
            raise PublishError(f"{self.folder}: no {role} metadata; put the folder back from a mirror or a backup")
        return max(versions)

    def sets(self) -> dict[str, OfferTerms]:
        """Return the terms of each set by its id, the newest release first; what is not published yet included.

        Raises:
            PublishError: the metadata of a set is none of ours.
        """
        terms = terms_of(self.targets.signed.targets.values())
        shares = shares_of(self.rollout.signed.targets.values())
        return {
            set_id: one.model_copy(update={"percent": shares.get(set_id, one.percent)}) for set_id, one in terms.items()
        }

    def content(self, path: str) -> bytes:
        """Return the content of a target.

        Raises:
            PublishError: it is missing or damaged.
        """
        target = self.targets.signed.targets[path]
        file = self.folder / target_path(target)
        try:
            content = file.read_bytes()
            target.verify_length_and_hashes(content)
        except (OSError, RepositoryError) as error:
            raise PublishError(f"{file}: missing or damaged; put it back from a mirror or a backup") from error
        return content

    def _read(self, name: str) -> Metadata[T]:
        path = self.folder / METADATA / name
        role = name.removesuffix(".json").rpartition(".")[2]
        try:
            content = path.read_bytes()
            metadata: Metadata[T] = Metadata.from_bytes(content)
            delegator: Root | Targets
            match role:
                case "root":
                    delegator = Metadata[Root].from_bytes(content).signed
                case "rollout":
                    delegator = self.targets.signed
                case _:
                    delegator = self.root.signed
            delegator.verify_delegate(role, metadata.signed_bytes, metadata.signatures)
        except (OSError, RepositoryError) as error:
            why = "missing, damaged, or not signed by the keys of its role"
            raise PublishError(f"{path}: {why}; put it back from a mirror or a backup") from error
        return metadata
