"""New keys in place of old ones, lost ones or stolen ones."""

from __future__ import annotations

import copy
from collections.abc import Sequence

from tuf.api.metadata import Root

from tools.publish.errors import PublishError
from tools.publish.repository import Repository, Write, metadata_path, write_all
from tools.publish.roles import ROLLOUT, ROOT, SNAPSHOT, TARGETS, TIMESTAMP
from tools.publish.signing import Signing, root_writes


def rotate(repository: Repository, signing: Signing, role: str, replaced: str = "") -> list[str]:
    """Replace one key of root, or all keys of another role; the new private key is written before it signs.

    Args:
        repository: as it is; no other publisher may be at work in it.
        signing: signs the change.
        role: its name.
        replaced: the id of the key, or how it begins; needed for root.

    Returns:
        The ids of the keys that were replaced.

    Raises:
        PublishError: it is not clear which key, or a key that must sign is missing.
    """
    old = repository.root
    there = (repository.targets if role == ROLLOUT else old).signed.get_delegated_role(role).keyids
    ids = [key_id for key_id in there if key_id.startswith(replaced)]
    if not ids or (role == ROOT and len(ids) > 1):
        names = ", ".join(key_id[:12] for key_id in there)
        raise PublishError(f"which key of {role} is to be replaced? name one of {names} with --key")
    signs = {ROOT: {ROOT}, ROLLOUT: {TARGETS, SNAPSHOT, TIMESTAMP}}.get(role, {ROOT, SNAPSHOT, TIMESTAMP} - {role})
    for other in signs:  # a missing key is said before a new one is made
        signing.signers(other, old.signed)
    if role == ROLLOUT:
        write_all(repository.folder, _of_rollout(repository, signing, ids))
        return ids
    both = copy.deepcopy(old.signed)
    both.add_key(signing.keys.make(role).public_key, role)
    only = copy.deepcopy(both)
    for key_id in ids:
        only.revoke_key(key_id, role)
    if role == ROOT:
        writes = root_writes(signing.next_root(old, only))
    else:
        writes = _in_two_steps(repository, signing, role, both, only)
    write_all(repository.folder, writes)
    return ids


def _of_rollout(repository: Repository, signing: Signing, replaced: Sequence[str]) -> list[Write]:
    """Return what is written so that the shares are rightly signed at every moment, also for the next publisher.

    First come targets that name the old key and the new one, then shares by the new one, then targets without the old
    key; clients see only the last, by one snapshot.
    """
    root, both = repository.root.signed, copy.deepcopy(repository.targets)
    signing.check_valid(repository.root)
    both.signed.add_key(signing.keys.make(ROLLOUT).public_key, ROLLOUT)
    only = copy.deepcopy(both)
    for key_id in replaced:
        only.signed.revoke_key(key_id, ROLLOUT)
    shares = signing.next(repository.rollout, signing.signers(ROLLOUT, only.signed), ROLLOUT)
    signers = signing.signers(TARGETS, root)
    first = signing.next(both, signers)
    only.signed.version = first.signed.version
    last = signing.next(only, signers)
    online = signing.online(repository, root, last, rollout=shares, snapshot=True)
    lists = [(metadata_path(first), first), (metadata_path(shares, ROLLOUT), shares), (metadata_path(last), last)]
    return [*((path, metadata.to_bytes()) for path, metadata in lists), *online]


def _in_two_steps(repository: Repository, signing: Signing, role: str, both: Root, only: Root) -> list[Write]:
    """Return what is written so that a client finds valid signatures at every moment.

    First comes a root that names the old keys and the new one, then all that the new key signs, then a root without
    the old keys.
    """
    first = signing.next_root(repository.root, both)
    last = signing.next_root(first, only)
    targets, writes = repository.targets, root_writes(first)
    if role == TARGETS:
        targets = signing.next(targets, signing.signers(TARGETS, only))
        writes.append((metadata_path(targets), targets.to_bytes()))
    writes += signing.online(repository, only, targets, snapshot=role == SNAPSHOT)
    return [*writes, *root_writes(last)]
