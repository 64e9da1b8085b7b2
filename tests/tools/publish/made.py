"""Small sets, repositories and clients to publish with."""

from __future__ import annotations

import functools
import http.server
import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from tuf.api.metadata import TargetFile
from tuf.ngclient.updater import Updater

from soundit_edge.inference.manifest import MANIFEST, Manifest
from soundit_edge.inference.models import default_folder
from tools.publish.keys import KeyRing
from tools.publish.publish import main
from tools.publish.publisher import Publisher
from tools.publish.repository import Repository
from tools.publish.roles import DAYS
from tools.publish.rotation import rotate
from tools.publish.signing import Signing
from tools.publish.start import start

PASSPHRASE: Final = "correct horse battery"
MODEL: Final = "body_motion"


def small_set(folder: Path, **changes: Any) -> Path:
    """Make a set of the smallest shipped model; the changes are to its manifest, or to the model's entry in it."""
    folder.mkdir(parents=True, exist_ok=True)
    shipped = default_folder()
    manifest = Manifest.model_validate_json((shipped / MANIFEST).read_bytes())
    entry = manifest.models[MODEL]
    of_model = {name: changes.pop(name) for name in list(changes) if name in type(entry).model_fields}
    for name in (*entry.files, f"{MODEL}.md"):
        shutil.copy(shipped / name, folder)
    models = {MODEL: entry.model_copy(update=of_model)}
    made = manifest.model_copy(update={"models": models, **changes})
    (folder / MANIFEST).write_text(made.text())
    return folder


class Made:
    """A repository in a folder, with all its keys at hand and read once."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.keys = folder / "repository", folder / "keys"
        self.ring = KeyRing([self.keys], lambda name, new: PASSPHRASE.encode())
        start(self.folder, self.keys, self.signing())

    def copied(self, folder: Path) -> Made:
        """Return a copy of the repository that is signed with the same keys."""
        copy = object.__new__(Made)
        copy.folder, copy.keys, copy.ring = folder, self.keys, self.ring
        shutil.copytree(self.folder, folder, copy_function=os.link)
        return copy

    @property
    def root(self) -> bytes:
        return (self.folder / "metadata/1.root.json").read_bytes()

    def signing(self, now: datetime | None = None, ring: KeyRing | None = None) -> Signing:
        return Signing(ring or self.ring, DAYS, now or datetime.now(UTC))

    def publisher(self, now: datetime | None = None, ring: KeyRing | None = None) -> Publisher:
        return Publisher(Repository(self.folder), self.signing(now, ring))

    def rotate(self, role: str, replaced: str = "", ring: KeyRing | None = None) -> list[str]:
        return rotate(Repository(self.folder), self.signing(ring=ring), role, replaced)

    def run(self, *words: str | Path) -> int:
        """Run the tool as its user does."""
        return main(["--repository", str(self.folder), "--keys", str(self.keys), *map(str, words)])


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder by HTTP, as any static web server does, and give its address."""
    handler = functools.partial(_Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def client(address: str, cache: Path, root: bytes) -> Updater:
    """Return tuf's own client, refreshed; what it knows stays in the folder `cache` for the next one."""
    cache.mkdir(exist_ok=True)
    updater = Updater(
        str(cache), f"{address}/metadata", target_base_url=f"{address}/targets", bootstrap=root, target_dir=str(cache)
    )
    updater.refresh()
    return updater


def fetched(updater: Updater, path: str, to: Path) -> bytes:
    target = updater.get_targetinfo(path)
    assert isinstance(target, TargetFile)
    return Path(updater.download_target(target, str(to))).read_bytes()


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass
