"""A new repository: its keys, and the first version of each role."""

from __future__ import annotations

from pathlib import Path

from tuf.api.metadata import DelegatedRole, Delegations, Root, Snapshot, Targets, Timestamp

from tools.publish.errors import PublishError
from tools.publish.repository import METADATA, metadata_path, write_all
from tools.publish.roles import KEYS, ROLLOUT, ROOT, SNAPSHOT, TARGETS, THRESHOLDS, TIMESTAMP
from tools.publish.signing import Signing, listed, root_writes
from tools.publish.terms import SHARES


def start(folder: Path, keys: Path, signing: Signing) -> None:
    """Make all keys, and an empty repository that they sign.

    Args:
        folder: the repository; it is made where it is missing.
        keys: where the private keys are written.
        signing: signs with them.

    Raises:
        PublishError: there is a repository or a key already, or the keys would lie in what is served.
        OSError: a file cannot be written.
    """
    if (folder / METADATA).exists():
        raise PublishError(f"{folder}: there is a repository already; `init` begins with an empty folder")
    if any(keys.glob("*.pem")):
        raise PublishError(f"{keys}: there are keys already; `init` makes all of them, in an empty folder")
    if keys.resolve().is_relative_to(folder.resolve()):
        raise PublishError(f"{keys}: inside the folder that is served to everyone; keep the keys elsewhere")
    root = Root()
    share = DelegatedRole(ROLLOUT, [], THRESHOLDS[ROLLOUT], terminating=True, paths=[f"{SHARES}/*"])
    content = Targets(delegations=Delegations({}, {ROLLOUT: share}))
    for role, count in KEYS.items():
        delegator = content if role == ROLLOUT else root
        for _ in range(count):
            delegator.add_key(signing.keys.make(role).public_key, role)
        delegator.get_delegated_role(role).threshold = THRESHOLDS[role]
    rollout = signing.first(Targets(), signing.signers(ROLLOUT, content), ROLLOUT)
    targets = signing.first(content, signing.signers(TARGETS, root))
    meta = {f"{TARGETS}.json": listed(targets), f"{ROLLOUT}.json": listed(rollout)}
    snapshot = signing.first(Snapshot(meta=meta), signing.signers(SNAPSHOT, root))
    timestamp = signing.first(Timestamp(snapshot_meta=listed(snapshot)), signing.signers(TIMESTAMP, root))
    writes = root_writes(signing.first(root, signing.signers(ROOT, root)))
    writes += [(metadata_path(rollout, ROLLOUT), rollout.to_bytes()), (metadata_path(targets), targets.to_bytes())]
    writes += [(metadata_path(snapshot), snapshot.to_bytes())]
    write_all(folder, [*writes, (metadata_path(timestamp), timestamp.to_bytes())])
