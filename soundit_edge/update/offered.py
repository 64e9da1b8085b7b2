"""The manifest of a set that is offered, and what has to be true of it before a file of it is fetched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pydantic import ValidationError

from soundit_edge.inference.manifest import MANIFEST, Manifest
from soundit_edge.update.choose import PublishedSet, ThisDevice, why_unfit
from soundit_edge.update.failure import TrustError
from soundit_edge.update.limits import UpdateLimits
from soundit_edge.update.mirrors.mirror import Mirror
from soundit_edge.update.sets.set_id import set_id_of
from soundit_edge.update.sets.verify import MAX_MANIFEST
from soundit_edge.update.transfer import fetch_bytes
from soundit_edge.update.trust import SignedFile, SignedLists


@dataclass(frozen=True)
class OfferedSet:
    """A set that can be fetched.

    Attributes:
        set_id: its id.
        content: the bytes of its manifest.
        manifest: what they say.
        files: each file of the set by its name, as a signed list has it.
        size: bytes of all files, without the manifest.
    """

    set_id: str
    content: bytes
    manifest: Manifest
    files: Mapping[str, SignedFile]
    size: int


def read_offered(
    offer: PublishedSet, lists: SignedLists, targets: Sequence[Mirror], device: ThisDevice, limits: UpdateLimits
) -> OfferedSet:
    """Fetch the manifest of a set that is offered, and check that all of the set is signed and is for this device.

    Args:
        offer: the set.
        lists: the signed lists.
        targets: the mirrors, each the root of the repository's targets.
        device: this device.
        limits: how large a set may be.

    Raises:
        TrustError: the manifest is another's, or too large, or does not fit; a file is not signed, or has another size.
        MirrorError: no mirror sends the manifest.
    """
    set_id, path = offer.set_id, f"sets/{offer.set_id}/{MANIFEST}"
    file = lists.file(path)
    if file is None or file.target.length > MAX_MANIFEST:
        raise TrustError(f"{path}: the repository has no such manifest, or one that is too large.")
    content = fetch_bytes(targets, file)
    try:
        manifest = Manifest.model_validate_json(content)
    except ValidationError as error:
        raise TrustError(f"{path}: not understood ({error.errors()[0]['msg']}); update soundit first.") from error
    if set_id_of(manifest.release, content) != set_id:
        raise TrustError(f"{path}: is the manifest of another set.")
    if misfit := why_unfit(manifest.hardware, manifest.min_version, manifest.max_version, device):
        raise TrustError(f"The set {set_id} is not for this device: {misfit}.")
    files = {name: _signed(lists, set_id, name, sha256) for name, sha256 in manifest.sums().items()}
    for name, size in manifest.sizes().items():
        if files[name].target.length != size:
            raise TrustError(f"The set {set_id} has two sizes of {name}: its lists do not belong together.")
    size = sum(file.target.length for file in files.values())
    if size > limits.max_set:
        raise TrustError(f"The set {set_id} has {size >> 20} MiB; more than {limits.max_set >> 20} are not taken.")
    return OfferedSet(set_id, content, manifest, files, size)


def _signed(lists: SignedLists, set_id: str, file: str, sha256: str) -> SignedFile:
    signed = lists.file(f"files/{sha256}")
    if signed is None:
        raise TrustError(f"The set {set_id} is not whole: {file} is in no signed list.")
    if signed.target.hashes.get("sha256") != sha256:
        raise TrustError(f"The set {set_id} has two checksums of {file}: its lists do not belong together.")
    return signed
