"""The command line of tuf-conformance, driven as that suite does: by exit codes, kept lists and requests."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from soundit_edge.update.conformance import main
from tests.update.mirrors.web_server import WebServer, web_server
from tests.update.repository import Repository

CONTENT = b"what is wanted"


@pytest.fixture
def repository() -> Repository:
    # By the real clock: the client's command line has no other.
    repository = Repository(now=float(int(time.time())))
    repository.add("path/to/artifact", CONTENT)
    repository.publish()
    return repository


@pytest.fixture
def server(repository: Repository) -> Iterator[WebServer]:
    with web_server(repository.served) as server:
        yield server


@pytest.fixture
def lists(tmp_path: Path, repository: Repository) -> Path:
    """The folder of the lists of a client that has its first root."""
    (tmp_path / "first_root.json").write_bytes(repository.first_root)
    lists = tmp_path / "lists"
    lists.mkdir()
    assert main(["--metadata-dir", str(lists), "init", str(tmp_path / "first_root.json")]) == 0
    return lists


def refresh(lists: Path, server: WebServer) -> int:
    return main(["--metadata-url", f"{server.url}/metadata", "--metadata-dir", str(lists), "refresh"])


def download(lists: Path, server: WebServer, folder: Path, name: str = "path/to/artifact") -> int:
    urls = ["--metadata-url", f"{server.url}/metadata", "--target-base-url", f"{server.url}/targets"]
    files = ["--metadata-dir", str(lists), "--target-dir", str(folder), "--target-name", name]
    return main([*urls, *files, "download"])


def versions(lists: Path) -> dict[str, int]:
    return {path.stem: json.loads(path.read_bytes())["signed"]["version"] for path in lists.glob("*.json")}


def test_init_asks_nothing_and_keeps_the_root(lists: Path) -> None:
    assert versions(lists) == {"root": 1}


def test_refresh(lists: Path, server: WebServer, repository: Repository) -> None:
    assert refresh(lists, server) == 0
    assert versions(lists) == {"root": 1, "timestamp": 2, "snapshot": 2, "targets": 2}
    repository.new_key("snapshot")
    repository.publish()
    assert refresh(lists, server) == 0
    assert versions(lists) == {"root": 2, "timestamp": 3, "snapshot": 3, "targets": 3}


def test_a_refresh_that_fails(lists: Path, server: WebServer, repository: Repository) -> None:
    assert refresh(lists, server) == 0
    old = server.served["metadata/timestamp.json"]
    repository.publish()
    assert refresh(lists, server) == 0
    server.served["metadata/timestamp.json"] = old
    assert refresh(lists, server) == 1
    assert versions(lists)["timestamp"] == 3


def test_a_download_is_kept_and_not_fetched_again(lists: Path, server: WebServer, tmp_path: Path) -> None:
    folder = tmp_path / "targets"
    folder.mkdir()
    assert download(lists, server, folder) == 0
    (file,) = folder.iterdir()
    assert file.read_bytes() == CONTENT
    server.asked.clear()
    assert download(lists, server, folder) == 0
    assert not any(asked.startswith("/targets") for asked in server.asked)


def test_a_download_that_changes_keeps_its_name(
    lists: Path, server: WebServer, repository: Repository, tmp_path: Path
) -> None:
    folder = tmp_path / "targets"
    folder.mkdir()
    assert download(lists, server, folder) == 0
    repository.add("path/to/artifact", b"another")
    repository.publish()
    assert download(lists, server, folder) == 0
    assert [file.read_bytes() for file in folder.iterdir()] == [b"another"]


@pytest.mark.parametrize("name", ["path/to/nothing", "", "../artifact"])
def test_a_download_that_no_list_names(lists: Path, server: WebServer, tmp_path: Path, name: str) -> None:
    folder = tmp_path / "targets"
    folder.mkdir()
    assert download(lists, server, folder, name) == 1
    assert list(folder.iterdir()) == []


def test_without_consistent_snapshots(lists: Path, tmp_path: Path) -> None:
    """An older kind of repository: nothing but the root has its version in its name."""
    repository = Repository(now=float(int(time.time())))
    repository.root.consistent_snapshot = False
    repository.root.version = 0
    repository.publish_root()
    repository.targets.targets.clear()
    place = repository.add("artifact", CONTENT)
    repository.publish()
    served = dict(repository.served)
    served["targets/artifact"] = served.pop(place)
    for role, version in (("snapshot", repository.snapshot.version), ("targets", repository.targets.version)):
        served[f"metadata/{role}.json"] = served.pop(f"metadata/{version}.{role}.json")
    (tmp_path / "other.json").write_bytes(served["metadata/1.root.json"])
    other = tmp_path / "other"
    (tmp_path / "targets").mkdir()
    assert main(["--metadata-dir", str(other), "init", str(tmp_path / "other.json")]) == 0
    with web_server(served) as server:
        assert download(other, server, tmp_path / "targets", "artifact") == 0


def test_an_init_without_a_root(tmp_path: Path) -> None:
    assert main(["--metadata-dir", str(tmp_path), "init", str(tmp_path / "gone.json")]) == 1
