"""A repository in memory: it signs what it is given, and every attack changes what it would have served."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Callable, Iterator
from typing import Any

from securesystemslib.signer import CryptoSigner
from tuf.api.metadata import (
    DelegatedRole,
    Delegations,
    Metadata,
    MetaFile,
    Root,
    Signed,
    Snapshot,
    TargetFile,
    Targets,
    Timestamp,
)

from soundit_edge.update.failure import MirrorError
from soundit_edge.update.limits import UpdateLimits
from soundit_edge.update.mirrors.mirror import MirrorAnswer, MirrorStatusError
from tests.update.made_sets import MadeSet

NOW = datetime.datetime(2027, 3, 1, 12, tzinfo=datetime.UTC).timestamp()
DAY_S = 86_400.0
DAYS = {"root": 365, "targets": 90, "rollout": 7, "snapshot": 7, "timestamp": 2}
"""How long the lists of each role hold."""


class Repository:
    """Four roles with their keys, the sets that are offered, and the files that a web server would serve."""

    def __init__(self, now: float = NOW) -> None:
        self.now = now
        self.keys = {role: [CryptoSigner.generate_ed25519()] for role in ("targets", "snapshot", "timestamp")}
        self.keys["root"] = [CryptoSigner.generate_ed25519() for _ in range(3)]
        self.root, self.targets, self.rollout = Root(consistent_snapshot=True), Targets(), Targets()
        self.snapshot, self.timestamp = Snapshot(), Timestamp()
        for content in (self.root, self.targets, self.rollout, self.snapshot, self.timestamp):
            content.version = 0  # the first one published is 1
        self.served: dict[str, bytes] = {}
        for role, signers in self.keys.items():
            for signer in signers:
                self.root.add_key(signer.public_key, role)
        self.root.roles["root"].threshold = 2
        self.publish_root()
        self.first_root = self.served["metadata/1.root.json"]
        self.publish()

    def signed(self, content: Any, signers: list[CryptoSigner]) -> bytes:
        """The bytes of a list with the signatures of these keys."""
        metadata: Metadata[Any] = Metadata(content)
        for signer in signers:
            metadata.sign(signer, append=True)
        return metadata.to_bytes()

    def renewed(self, role: str, content: Signed) -> None:
        """Give a list its next version and a new date."""
        content.version += 1
        moment = datetime.datetime.fromtimestamp(self.now + DAYS[role] * DAY_S, datetime.UTC)
        content.expires = moment.replace(microsecond=0)

    def publish_root(self, signers: list[CryptoSigner] | None = None) -> None:
        """Serve the next root; signed by two of its keys if by no others."""
        self.renewed("root", self.root)
        self.served[f"metadata/{self.root.version}.root.json"] = self.signed(
            self.root, signers or self.keys["root"][:2]
        )

    def publish(self) -> None:
        """Sign and serve new targets, and the lists that lead to them."""
        self.renewed("targets", self.targets)
        content = self.signed(self.targets, self.keys["targets"])
        self.served[f"metadata/{self.targets.version}.targets.json"] = content
        self.snapshot.meta["targets.json"] = MetaFile(
            self.targets.version, len(content), {"sha256": hashlib.sha256(content).hexdigest()}
        )
        self.publish_snapshot()

    def publish_rollout(self, signer: CryptoSigner | None = None) -> None:
        """Sign and serve the shares, and the lists that lead to them."""
        self.renewed("rollout", self.rollout)
        signers = [signer] if signer is not None else self.keys["rollout"]
        self.served[f"metadata/{self.rollout.version}.rollout.json"] = self.signed(self.rollout, signers)
        self.snapshot.meta["rollout.json"] = MetaFile(self.rollout.version)
        self.publish_snapshot()

    def delegate(self) -> None:
        """Let a key of its own, another at each call, say the shares of the devices."""
        self.keys["rollout"] = [CryptoSigner.generate_ed25519()]
        role = DelegatedRole("rollout", [], 1, terminating=True, paths=["rollout/*"])
        self.targets.delegations = Delegations({}, {"rollout": role})
        self.targets.add_key(self.keys["rollout"][0].public_key, "rollout")
        self.publish()
        self.publish_rollout()

    def share(self, set_id: str, said: object) -> None:
        """Say the share of a set in the list of the shares; nothing is published."""
        target = TargetFile.from_data(f"rollout/{set_id}", b"", ["sha256"])
        target.unrecognized_fields["custom"] = {"soundit": said}
        self.rollout.targets[target.path] = target

    def publish_snapshot(self) -> None:
        self.renewed("snapshot", self.snapshot)
        content = self.signed(self.snapshot, self.keys["snapshot"])
        self.served[f"metadata/{self.snapshot.version}.snapshot.json"] = content
        self.timestamp.snapshot_meta = MetaFile(self.snapshot.version)
        self.publish_timestamp()

    def publish_timestamp(self) -> None:
        self.renewed("timestamp", self.timestamp)
        self.served["metadata/timestamp.json"] = self.signed(self.timestamp, self.keys["timestamp"])

    def offer(self, made: MadeSet, **terms: Any) -> None:
        """PublishedSet a set and publish."""
        custom = {"soundit": {"release": made.release, "percent": 100, **terms}}
        self.add(f"sets/{made.set_id}/set.json", made.manifest, custom)
        for content in made.files.values():
            self.add(f"files/{hashlib.sha256(content).hexdigest()}", content)
        self.publish()

    def add(self, path: str, content: bytes, custom: dict[str, Any] | None = None) -> str:
        """Name and serve a file, and return where it is served; nothing is published."""
        target = TargetFile.from_data(path, content, ["sha256"])
        if custom is not None:
            target.unrecognized_fields["custom"] = custom
        self.targets.targets[path] = target
        folder, _, name = path.rpartition("/")
        place = f"targets/{folder}/{target.hashes['sha256']}.{name}"
        self.served[place] = content
        return place

    def place_of(self, content: bytes) -> str:
        """Where a file of a set is served."""
        sha256 = hashlib.sha256(content).hexdigest()
        return f"targets/files/{sha256}.{sha256}"

    def new_key(self, role: str, *, signers: list[CryptoSigner] | None = None) -> CryptoSigner:
        """Replace the first key of a role, and serve the root that says so; return the old key."""
        old, new = self.keys[role][0], CryptoSigner.generate_ed25519()
        self.root.revoke_key(old.public_key.keyid, role)
        self.root.add_key(new.public_key, role)
        self.keys[role][0] = new
        self.publish_root(signers)
        return old


Change = Callable[[str, bytes], bytes]


class MemoryMirror:
    """Serves a repository's files, as far as its faults let it, and notes what it was asked for."""

    def __init__(self, url: str, served: dict[str, bytes], asked: list[str]) -> None:
        self.url = url
        self._served = served
        self._asked = asked
        self._prefix = url.rpartition("/")[2]
        self.change: Change = lambda path, content: content
        self.chunk = 1 << 14
        self.breaks_after: int | None = None

    def read(self, path: str, offset: int = 0) -> MirrorAnswer:
        path = f"{self._prefix}/{path}"
        self._asked.append(f"{path}+{offset}" if offset else path)
        if path not in self._served:
            raise MirrorStatusError(f"{self.url}/{path}", 404)
        content = self.change(path, self._served[path])
        if offset > len(content):
            raise MirrorStatusError(f"{self.url}/{path}", 416)
        return MirrorAnswer(offset, self._chunks(content[offset:]))

    def close(self) -> None:
        pass

    def _chunks(self, content: bytes) -> Iterator[bytes]:
        for start in range(0, len(content), self.chunk):
            if self.breaks_after is not None and start >= self.breaks_after:
                raise MirrorError(f"{self.url}: the mirror has stopped sending")
            yield content[start : start + self.chunk]


class Mirrors:
    """Opens mirrors of repositories by their URL, as the updater does."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.change: Change = lambda path, content: content
        self.breaks_after: int | None = None
        self._served: dict[str, dict[str, bytes]] = {}

    def serve(self, url: str, served: dict[str, bytes]) -> None:
        self._served[url] = served

    def open(self, url: str, limits: UpdateLimits) -> MemoryMirror:
        base = url.rpartition("/")[0]
        if base not in self._served:
            raise MirrorError(f"{url}: the mirror cannot be reached")
        mirror = MemoryMirror(url, self._served[base], self.asked)
        mirror.change, mirror.breaks_after = self.change, self.breaks_after
        return mirror
