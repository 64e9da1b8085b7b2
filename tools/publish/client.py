"""A repository as a fresh device sees it: everything fetched by tuf's client and checked, from a folder or by HTTP."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from pydantic import ValidationError
from tuf.api.exceptions import DownloadError, DownloadHTTPError, RepositoryError
from tuf.api.metadata import Metadata, Targets
from tuf.ngclient.fetcher import FetcherInterface
from tuf.ngclient.updater import Updater

from soundit_edge.inference.manifest import Manifest
from soundit_edge.update.sets.set_id import set_id_of
from tools.publish.errors import PublishError
from tools.publish.repository import METADATA, TARGET_FILES
from tools.publish.roles import KEYS
from tools.publish.terms import file_path, set_path, share_path, terms_of

_BLOCK: Final = 1 << 16


@dataclass(frozen=True)
class Seen:
    """What a device can fetch.

    Attributes:
        sets: how many sets there are, revoked ones included.
        files: how many different files.
        bytes: the size of all of them.
        expires: when the first of the roles ends.
    """

    sets: int
    files: int
    bytes: int
    expires: datetime


class FolderFetcher(FetcherInterface):
    """Reads the files of `file:` addresses, as from a USB stick."""

    def _fetch(self, url: str) -> Iterator[bytes]:
        path = Path(unquote(urlsplit(url).path))
        try:
            file = path.open("rb")
        except FileNotFoundError as error:
            raise DownloadHTTPError(f"{path}: no such file", 404) from error
        with file:
            while block := file.read(_BLOCK):
                yield block


def verify(place: str, root: bytes) -> Seen:
    """Fetch everything as a device does that knows nothing but a root.

    Args:
        place: the repository's folder, or its address.
        root: the root metadata that is trusted.

    Raises:
        PublishError: something is missing, damaged, expired or not signed, or a set is not whole.
    """
    is_address = place.startswith(("http://", "https://"))
    address = place.rstrip("/") if is_address else Path(place).resolve().as_uri()
    with tempfile.TemporaryDirectory() as cache:
        folder = Path(cache)
        try:
            updater = Updater(
                metadata_dir=cache,
                metadata_base_url=f"{address}/{METADATA}",
                target_base_url=f"{address}/{TARGET_FILES}",
                fetcher=None if is_address else FolderFetcher(),
                bootstrap=root,
            )
            updater.refresh()
            targets = Metadata[Targets].from_bytes((folder / "targets.json").read_bytes()).signed
            for path in targets.targets:
                _fetch(updater, path, folder / "fetched")
            for set_id in terms_of(targets.targets.values()):
                _check_set(set_id, _fetch(updater, set_path(set_id), folder / "set.json"), targets)
            updater.get_targetinfo(share_path(""))  # the list of the shares, also of a repository without sets
            roles = (folder / f"{role}.json" for role in KEYS)
            ends = min(Metadata.from_bytes(role.read_bytes()).signed.expires for role in roles)
        except (RepositoryError, DownloadError) as error:
            raise PublishError(f"{place}: a device would refuse it: {error}") from error
    sizes = [target.length for target in targets.targets.values()]
    return Seen(len(terms_of(targets.targets.values())), len(sizes), sum(sizes), ends)


def _fetch(updater: Updater, path: str, to: Path) -> bytes:
    target = updater.get_targetinfo(path)
    assert target is not None, "it is in the metadata that was just read"
    updater.download_target(target, str(to))
    return to.read_bytes()


def _check_set(set_id: str, content: bytes, targets: Targets) -> None:
    try:
        manifest = Manifest.model_validate_json(content)
    except ValidationError as error:
        raise PublishError(f"{set_id}: its set.json is broken") from error
    if set_id_of(manifest.release, content) != set_id:
        raise PublishError(f"{set_id}: its set.json is another set's")
    for file, sha256 in manifest.sums().items():
        if file_path(sha256) not in targets.targets:
            raise PublishError(f"{set_id}: {file} is not in the repository")
