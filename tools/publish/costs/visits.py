"""What devices ask a repository for: tuf's client visits one over HTTP, and requests and bytes are counted."""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import http.server
import random
import secrets
import tempfile
import threading
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from tuf.ngclient.updater import Updater

from tools.publish.keys import KeyRing
from tools.publish.publisher import Publisher
from tools.publish.repository import METADATA, TARGET_FILES, Repository
from tools.publish.roles import DAYS, SNAPSHOT, TIMESTAMP
from tools.publish.sets import CheckedSet
from tools.publish.signing import Signing
from tools.publish.start import start
from tools.publish.terms import file_path, set_path, share_path


@dataclasses.dataclass
class Traffic:
    """What a server was asked for.

    Attributes:
        requests: how many requests there were.
        bytes: what was answered, with the headers; what TLS adds is not in it.
    """

    requests: int = 0
    bytes: int = 0


def measured(found: CheckedSet, changed: str) -> dict[str, Traffic]:
    """Return what one device asks for on each occasion: a repository is made, served, and visited.

    Args:
        found: the set that is published.
        changed: the model of it that is another in the next set, of the same size.
    """
    with tempfile.TemporaryDirectory() as place, _served(Path(place)) as (address, traffic):
        visit = _Visit(Path(place), address, found)
        occasions: dict[str, Callable[[], object]] = {
            "a fresh device fetches everything": visit.begin,
            "nothing is new": lambda: visit.refresh(TIMESTAMP),
            "the snapshot was signed again": lambda: visit.refresh(SNAPSHOT),
            "a percentage was changed": visit.roll_out,
            f"a new `{changed}`": lambda: visit.add(_with_another(visit.found, [changed])),
            "all models are new": lambda: visit.add(_with_another(visit.found, found.manifest.models)),
        }
        counted = {}
        for name, happen in occasions.items():
            happen()
            traffic.requests = traffic.bytes = 0
            visit.update()
            counted[name] = dataclasses.replace(traffic)
    return counted


class _Visit:
    def __init__(self, place: Path, address: str, found: CheckedSet) -> None:
        passphrase = secrets.token_bytes(16)
        self.found = found
        self._folder, self._cache = place / "repository", place / "device"
        self._address = f"{address}/repository"
        ring = KeyRing([place / "keys"], lambda name, new: passphrase)
        self._signing = Signing(ring, DAYS, datetime.now(UTC))
        self._had: set[str] = set()
        self._set_id = ""
        start(self._folder, place / "keys", self._signing)
        self._cache.mkdir()

    def begin(self) -> None:
        self.add(self.found)

    def add(self, found: CheckedSet) -> None:
        self.found = found
        self._set_id, _ = self._publisher().add(found, 100)

    def refresh(self, role: str) -> None:
        self._publisher().refresh([role])

    def roll_out(self) -> None:
        self._publisher().set_share(self._set_id, 50)

    def update(self) -> None:
        """Fetch what the device lacks, as it does: the lists, the set.json, and the files that no set of its has."""
        updater = Updater(
            str(self._cache),
            f"{self._address}/{METADATA}",
            target_base_url=f"{self._address}/{TARGET_FILES}",
            bootstrap=(self._folder / METADATA / "1.root.json").read_bytes(),
        )
        updater.refresh()
        updater.get_targetinfo(share_path(self._set_id))
        wanted = {set_path(self._set_id), *map(file_path, self.found.files)}
        for path in sorted(wanted - self._had):
            target = updater.get_targetinfo(path)
            assert target is not None, "it was published"
            updater.download_target(target, str(self._cache / "fetched"))
        self._had |= wanted

    def _publisher(self) -> Publisher:
        return Publisher(Repository(self._folder), self._signing)


def _with_another(found: CheckedSet, names: Collection[str]) -> CheckedSet:
    """Return a set in which some models have other content of the same size."""
    files = dict(found.files)
    models = dict(found.manifest.models)
    for name in names:
        entry = models[name]
        content = random.Random(entry.sha256).randbytes(entry.bytes)
        del files[entry.sha256]
        sha256 = hashlib.sha256(content).hexdigest()
        files[sha256] = content
        models[name] = entry.model_copy(update={"sha256": sha256})
    manifest = found.manifest.model_copy(update={"models": models})
    return CheckedSet(manifest, files)


@contextmanager
def _served(folder: Path) -> Iterator[tuple[str, Traffic]]:
    traffic: Final = Traffic()

    class Counting(http.server.SimpleHTTPRequestHandler):
        def setup(self) -> None:
            super().setup()
            write = self.wfile.write

            def counted(content: Any) -> int:
                traffic.bytes += len(content)
                return write(content)

            self.wfile.write = counted  # type: ignore[method-assign]

        def log_request(self, code: object = "-", size: object = "-") -> None:
            traffic.requests += 1

        def log_message(self, format: str, *args: object) -> None:
            pass

    handler = functools.partial(Counting, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", traffic
        finally:
            server.shutdown()
            thread.join()
