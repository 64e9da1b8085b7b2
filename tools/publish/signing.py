"""The next versions of metadata: counted up, dated and signed; nothing is written here."""

from __future__ import annotations

import copy
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Final

from securesystemslib.signer import CryptoSigner
from tuf.api.metadata import Metadata, MetaFile, Root, Snapshot, Targets, Timestamp

from tools.publish.errors import PublishError
from tools.publish.keys import KeyRing
from tools.publish.repository import NEWEST_ROOT, Repository, T, Write, metadata_path
from tools.publish.roles import ROLLOUT, ROOT, SNAPSHOT, TARGETS, TIMESTAMP, expiry

HASHES: Final = ["sha256"]

Delegator = Root | Targets
"""Names the keys of other roles."""


class Signing:
    """Signs with the private keys at hand.

    Attributes:
        keys: the private keys.
    """

    def __init__(self, keys: KeyRing, days: Mapping[str, int], now: datetime) -> None:
        """Prepare to sign.

        Args:
            keys: the private keys.
            days: how long each role's signatures hold.
            now: the present time, in UTC.
        """
        self.keys = keys
        self._days = days
        self._now = now

    def check_valid(self, metadata: Metadata[T]) -> None:
        """Make sure that a role's signatures hold still, for without them no device takes what others sign.

        Raises:
            PublishError: they do not.
        """
        if metadata.signed.is_expired(self._now):
            role, end = metadata.signed.type, metadata.signed.expires
            raise PublishError(
                f"{role} is expired since {end:%d %B %Y}, so devices take nothing; "
                f"run `refresh {role}` where its keys are"
            )

    def signers(self, role: str, *delegators: Delegator) -> list[CryptoSigner]:
        """Return signers enough for a role by each of several lists; keys that count in all of them come first.

        Raises:
            PublishError: there are not enough, or a passphrase is wrong.
        """
        roles = [delegator.get_delegated_role(role) for delegator in delegators]
        common = set.intersection(*(set(one.keyids) for one in roles))
        found: dict[str, CryptoSigner] = {}
        for delegator, one in zip(delegators, roles, strict=True):
            ids = sorted(one.keyids, key=lambda key_id: key_id not in common)
            keys = {key_id: delegator.get_key(key_id) for key_id in ids}
            for signer in self.keys.signers(role, keys, one.threshold):
                found[signer.public_key.keyid] = signer
        return list(found.values())

    def can_sign(self, roles: Collection[str], root: Root) -> bool:
        """Return whether the private keys of some of root's roles are at hand."""
        return all(any(self.keys.path(role, key_id) for key_id in root.roles[role].keyids) for role in roles)

    def next(self, metadata: Metadata[T], signers: Sequence[CryptoSigner], role: str = "") -> Metadata[T]:
        """Return the next version of metadata, signed; what is given stays as it is. `role`: where it is delegated."""
        made = copy.deepcopy(metadata)
        made.signed.version += 1
        return self.first(made.signed, signers, role)

    def first(self, content: T, signers: Sequence[CryptoSigner], role: str = "") -> Metadata[T]:
        """Return content with the time when its signatures end, signed. `role`: where it is delegated."""
        content.expires = expiry(self._now, self._days[role or content.type])
        metadata = Metadata(content)
        for signer in signers:
            metadata.sign(signer, append=True)
        return metadata

    def next_root(self, previous: Metadata[Root], content: Root) -> Metadata[Root]:
        """Return a root's successor, signed by enough keys of both, as devices ask.

        Raises:
            PublishError: there are not enough.
        """
        content = copy.deepcopy(content)
        content.version = previous.signed.version
        return self.next(Metadata(content), self.signers(ROOT, previous.signed, content))

    def online(
        self,
        repository: Repository,
        root: Root,
        targets: Metadata[Targets],
        *,
        rollout: Metadata[Targets] | None = None,
        snapshot: bool,
    ) -> list[Write]:
        """Return what makes targets seen: shares and a snapshot where they are needed, and a timestamp, in this order.

        Args:
            repository: as it is.
            root: which keys sign.
            targets: the metadata that the snapshot lists.
            rollout: the shares that it lists; None: those that there are, signed again where half of their time is
                over.
            snapshot: whether a snapshot is wanted even where the present one lists all this and has time.

        Raises:
            PublishError: a key is missing.
        """
        writes: list[Write] = []
        newest, shares = repository.snapshot, rollout or repository.rollout
        if rollout is None and self._is_half_over(ROLLOUT, shares):
            shares = self.next(shares, self.signers(ROLLOUT, targets.signed), ROLLOUT)
        if shares is not repository.rollout:
            writes.append((metadata_path(shares, ROLLOUT), shares.to_bytes()))
        meta = {f"{TARGETS}.json": listed(targets), f"{ROLLOUT}.json": listed(shares)}
        if snapshot or self._is_half_over(SNAPSHOT, newest) or newest.signed.meta != meta:
            content = Snapshot(repository.newest(SNAPSHOT) + 1, meta=meta)
            newest = self.first(content, self.signers(SNAPSHOT, root))
            writes.append((metadata_path(newest), newest.to_bytes()))
        present = repository.timestamp.signed
        timestamp = Timestamp(present.version + 1, snapshot_meta=listed(newest) if writes else present.snapshot_meta)
        signed = self.first(timestamp, self.signers(TIMESTAMP, root))
        return [*writes, (metadata_path(signed), signed.to_bytes())]

    def _is_half_over(self, role: str, metadata: Metadata[T]) -> bool:
        return (metadata.signed.expires - self._now).total_seconds() < self._days[role] / 2 * 86400


def listed(metadata: Metadata[T]) -> MetaFile:
    """Return how the metadata of another role is listed: by version, size and hash."""
    return MetaFile.from_data(metadata.signed.version, metadata.to_bytes(), HASHES)


def root_writes(root: Metadata[Root]) -> list[Write]:
    """Return the files of a root: its version's, and the copy that is baked into the package."""
    content = root.to_bytes()
    return [(metadata_path(root), content), (NEWEST_ROOT, content)]
