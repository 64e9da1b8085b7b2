"""Changes of a repository: each is signed as a whole before its first file is written."""

from __future__ import annotations

import copy
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace

from tuf.api.metadata import Metadata, Root, TargetFile

from soundit_edge.inference.manifest import Manifest
from soundit_edge.update.choose import OfferShare, OfferTerms
from tools.publish.errors import PublishError
from tools.publish.repository import Repository, Write, metadata_path, target_path, write_all
from tools.publish.roles import ROLLOUT, ROOT, SNAPSHOT, TARGETS, TIMESTAMP
from tools.publish.sets import CheckedSet
from tools.publish.signing import HASHES, Signing, root_writes
from tools.publish.terms import file_path, set_path, share_path, with_terms


class Publisher:
    """Changes a repository; no other publisher may be at work in it.

    A change is seen by clients at once where the keys of snapshot and timestamp are at hand; where they are elsewhere,
    `refresh` makes it seen there.
    """

    def __init__(self, repository: Repository, signing: Signing) -> None:
        """Prepare one change.

        Args:
            repository: as it is before the change.
            signing: signs the change.
        """
        self._repository = repository
        self._signing = signing

    def add(self, found: CheckedSet, percent: int) -> tuple[str, bool]:
        """Add a set under the next release.

        Args:
            found: the set; its own release is kept where it has one.
            percent: the share of the devices that may take it.

        Returns:
            The set's id, and whether clients see it by now.

        Raises:
            PublishError: it is there already, its release is not above all others, or something cannot be signed.
        """
        known = self._repository.sets()
        self._check_new(found.manifest, known)
        highest = max((terms.release for terms in known.values()), default=0)
        release = found.manifest.release or highest + 1
        if release <= highest:
            raise PublishError(
                f"release {release} is not above the newest in the repository, {highest}; "
                f"set it to 0 in set.json, and the next one is given"
            )
        manifest = found.manifest.model_copy(update={"release": release})
        found = replace(found, manifest=manifest)
        terms = OfferTerms(
            release=release,
            hardware=manifest.hardware,
            min_version=manifest.min_version,
            max_version=manifest.max_version,
            percent=percent,
            bytes=found.size,
        )
        contents = {file_path(sha256): content for sha256, content in found.files.items()}
        contents[set_path(found.id)] = found.content
        added = {path: TargetFile.from_data(path, content, HASHES) for path, content in contents.items()}
        writes = [(target_path(added[path]), content) for path, content in contents.items()]
        added[set_path(found.id)] = with_terms(added[set_path(found.id)], terms)
        return found.id, self._change_targets(lambda targets: targets.update(added), writes)

    def set_share(self, set_id: str, percent: int) -> bool:
        """Change which share of the devices may take a set: by the key of the roll-out, which can do nothing else.

        Returns:
            Whether clients see it by now.

        Raises:
            PublishError: there is no such set, it is revoked already, or something cannot be signed.
        """
        repository, signing = self._repository, self._signing
        self._terms(set_id)
        signing.check_valid(repository.root)
        signing.check_valid(repository.targets)
        share = TargetFile.from_data(share_path(set_id), b"", HASHES)
        shares = copy.deepcopy(repository.rollout)
        shares.signed.targets[share.path] = with_terms(share, OfferShare(percent=percent))
        shares = signing.next(shares, signing.signers(ROLLOUT, repository.targets.signed), ROLLOUT)
        writes = [(target_path(share), b""), (metadata_path(shares, ROLLOUT), shares.to_bytes())]
        is_seen = signing.can_sign((SNAPSHOT, TIMESTAMP), repository.root.signed)
        if is_seen:
            root, targets = repository.root.signed, repository.targets
            writes += signing.online(repository, root, targets, rollout=shares, snapshot=True)
        write_all(repository.folder, writes)
        return is_seen

    def revoke(self, set_id: str) -> bool:
        """Take a set back, for good.

        Returns:
            Whether clients see it by now.

        Raises:
            PublishError: there is no such set, it is revoked already, or something cannot be signed.
        """
        terms = self._terms(set_id).model_copy(update={"revoked": True})
        path = set_path(set_id)
        return self._change_targets(lambda targets: targets.update({path: with_terms(targets[path], terms)}))

    def refresh(self, roles: Collection[str]) -> bool:
        """Sign roles again before their signatures end, and make seen what was only signed until now.

        Args:
            roles: their names. With root or targets alone no online key is needed; rollout and snapshot are signed
                where they are named, or have less than half of their time left: so devices rarely fetch them.

        Returns:
            Whether clients see it by now.

        Raises:
            PublishError: a key is missing, or root or targets is expired, so that it would be in vain.
        """
        root, writes = self._repository.root, list[Write]()
        if ROOT in roles:
            root = self._signing.next_root(root, root.signed)
            writes += root_writes(root)
        self._signing.check_valid(root)
        if TARGETS in roles:
            return self._change_targets(lambda targets: None, writes, root)
        if {ROLLOUT, SNAPSHOT, TIMESTAMP} & set(roles):
            targets, shares = self._repository.targets, None
            self._signing.check_valid(targets)
            if ROLLOUT in roles:
                signers = self._signing.signers(ROLLOUT, targets.signed)
                shares = self._signing.next(self._repository.rollout, signers, ROLLOUT)
            named = SNAPSHOT in roles
            writes += self._signing.online(self._repository, root.signed, targets, rollout=shares, snapshot=named)
        write_all(self._repository.folder, writes)
        return True

    def _change_targets(
        self,
        change: Callable[[dict[str, TargetFile]], None],
        before: Sequence[Write] = (),
        root: Metadata[Root] | None = None,
    ) -> bool:
        """Sign changed targets, and what makes them seen where its keys are at hand; write it all after `before`."""
        repository, signing = self._repository, self._signing
        targets = copy.deepcopy(repository.targets)
        change(targets.signed.targets)
        root = root or repository.root
        signing.check_valid(root)
        targets = signing.next(targets, signing.signers(TARGETS, root.signed))
        writes = [*before, (metadata_path(targets), targets.to_bytes())]
        is_seen = signing.can_sign((SNAPSHOT, TIMESTAMP), root.signed)
        if is_seen:
            writes += signing.online(repository, root.signed, targets, snapshot=True)
        write_all(repository.folder, writes)
        return is_seen

    def _terms(self, set_id: str) -> OfferTerms:
        known = self._repository.sets()
        if set_id not in known:
            raise PublishError(f"{set_id}: no such set in the repository; there are: {', '.join(known) or 'none'}")
        if known[set_id].revoked:
            raise PublishError(f"{set_id} is revoked already, which cannot be undone; add a new set")
        return known[set_id]

    def _check_new(self, manifest: Manifest, known: Mapping[str, OfferTerms]) -> None:
        for set_id, terms in known.items():
            if _same_models(manifest, Manifest.model_validate_json(self._repository.content(set_path(set_id)))):
                state = "was revoked: publish a mended one" if terms.revoked else "is there already"
                state += "" if self._repository.is_seen else "; devices see it after `refresh`"
                raise PublishError(f"{set_id}: this set {state}")


def _same_models(one: Manifest, other: Manifest) -> bool:
    """Return whether two sets have the same models, for the same devices; a release and its notes do not matter."""
    return all(
        getattr(one, field) == getattr(other, field) for field in ("models", "hardware", "min_version", "max_version")
    )
