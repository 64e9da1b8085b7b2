"""The cases of python-tuf's own tests and of tuf-conformance that concern a device, driven through the whole update."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from securesystemslib.signer import CryptoSigner
from tuf.api.metadata import MetaFile

from tests.update.made_sets import make_set
from tests.update.receiver import Receiver
from tests.update.repository import DAY_S, Repository


@pytest.fixture
def offered(device: Receiver, repository: Repository) -> str:
    """A device that has seen the lists, and a set that it has not."""
    assert device.update().ended == "nothing"
    made = make_set(1)
    repository.offer(made)
    return made.set_id


def refused(device: Receiver, word: str = "cannot be trusted") -> None:
    result = device.update()
    assert result.ended == "failed"
    assert word in result.why
    assert device.store.trial() is None


def versions(device: Receiver) -> dict[str, int]:
    """Of the lists that the device keeps."""
    return {path.stem: json.loads(path.read_bytes())["signed"]["version"] for path in device.lists.glob("*.json")}


def edited(repository: Repository, path: str, edit: Callable[[dict[str, Any]], object]) -> None:
    """Change what is served, without a new signature."""
    content = json.loads(repository.served[path])
    edit(content)
    repository.served[path] = json.dumps(content).encode()


def test_a_root_that_has_expired_leads_to_a_newer_one(device: Receiver, repository: Repository) -> None:
    """A package of years ago finds its way."""
    repository.now = device.now = device.now + 800 * DAY_S
    repository.publish_root()
    made = make_set(1)
    repository.offer(made)
    assert device.update().set_id == made.set_id


def test_an_intermediate_root_that_has_expired(device: Receiver, repository: Repository, offered: str) -> None:
    repository.now -= 800 * DAY_S
    repository.publish_root()
    repository.now += 800 * DAY_S
    repository.publish_root()
    assert device.update().set_id == offered


def test_the_newest_root_has_expired(device: Receiver, repository: Repository, offered: str) -> None:
    repository.now -= 800 * DAY_S
    repository.publish_root()
    refused(device, "too old")


def test_a_root_without_signatures(device: Receiver, repository: Repository, offered: str) -> None:
    repository.publish_root()
    edited(repository, "metadata/2.root.json", lambda root: root["signatures"].clear())
    refused(device)
    assert versions(device)["root"] == 1


def test_an_intermediate_root_that_is_wrongly_signed(device: Receiver, repository: Repository, offered: str) -> None:
    """The one after it is right, and is not reached; nor is anything wrong kept."""
    strangers = [CryptoSigner.generate_ed25519() for _ in range(2)]
    repository.publish_root(strangers)
    repository.publish_root()
    refused(device)
    assert versions(device)["root"] == 1


def test_a_kept_root_of_somebody_else(device: Receiver, repository: Repository, offered: str) -> None:
    """What lies in the cache is believed no more than what a mirror sends."""
    other = Repository()
    other.publish_root()
    (device.lists / "root_history/2.root.json").write_bytes(other.served["metadata/2.root.json"])
    assert device.update().set_id == offered


@pytest.mark.parametrize("version", [1, 3])
def test_a_root_of_another_version_than_the_next(
    device: Receiver, repository: Repository, offered: str, version: int
) -> None:
    repository.root.version = version - 1
    repository.publish_root()
    repository.served["metadata/2.root.json"] = repository.served[f"metadata/{version}.root.json"]
    refused(device)


def test_the_same_signature_twice_is_one(device: Receiver, repository: Repository, offered: str) -> None:
    """Two of three keys of root must sign, and not one of them twice."""
    repository.publish_root([repository.keys["root"][0]])
    edited(repository, "metadata/2.root.json", lambda root: root["signatures"].append(root["signatures"][0]))
    refused(device)


def test_the_same_key_under_two_ids_is_not_two(device: Receiver, repository: Repository, offered: str) -> None:
    signer = repository.keys["root"][0]
    repository.publish_root([signer])

    def twice(root: dict[str, Any]) -> None:
        root["signatures"].append({**root["signatures"][0], "keyid": "0" * 64})

    edited(repository, "metadata/2.root.json", twice)
    refused(device)


def test_a_wrong_signature_beside_the_right_one_harms_nobody(
    device: Receiver, repository: Repository, offered: str
) -> None:
    stranger = {"keyid": "0" * 64, "sig": "00" * 64}
    edited(repository, "metadata/timestamp.json", lambda content: content["signatures"].insert(0, stranger))
    assert device.update().set_id == offered


@pytest.mark.parametrize("role", ["snapshot", "targets"])
def test_expired_lists(device: Receiver, repository: Repository, role: str) -> None:
    """Each list has a date of its own."""
    repository.now -= 800 * DAY_S
    if role == "targets":
        repository.publish()
        repository.now += 800 * DAY_S
        repository.publish_snapshot()
    else:
        repository.publish_snapshot()
        repository.now += 800 * DAY_S
        repository.publish_timestamp()
    refused(device, "too old")


@pytest.mark.parametrize("role", ["timestamp", "snapshot"])
def test_kept_lists_that_have_expired_still_count_against_a_rollback(
    device: Receiver, repository: Repository, role: str
) -> None:
    """After a winter on a shelf, a device does not begin again with what a mirror says."""
    for _ in range(3):
        repository.publish_snapshot()
    assert device.update().ended == "nothing"
    repository.now = device.now = device.now + 30 * DAY_S
    if role == "timestamp":
        repository.timestamp.version = 1
        repository.publish_timestamp()
    else:
        repository.snapshot.version = 1
        repository.publish_snapshot()
    refused(device)


@pytest.mark.parametrize("role", ["snapshot", "targets"])
def test_a_list_of_another_version_than_was_announced(
    device: Receiver, repository: Repository, offered: str, role: str
) -> None:
    right = f"metadata/{getattr(repository, role).version}.{role}.json"
    older = f"metadata/{getattr(repository, role).version - 1}.{role}.json"
    repository.served[right] = repository.served[older]
    refused(device)


def test_a_list_with_another_checksum_than_was_announced(
    device: Receiver, repository: Repository, offered: str
) -> None:
    """Rightly signed, and not the one of this snapshot."""
    repository.snapshot.meta["targets.json"].hashes = {"sha256": "0" * 64}
    repository.publish_snapshot()
    refused(device)


def test_a_snapshot_that_has_lost_a_list(device: Receiver, repository: Repository, offered: str) -> None:
    """A list that was there once may not be left out: older sets would come back by its absence."""
    repository.snapshot.meta["other.json"] = MetaFile(1)
    repository.publish_snapshot()
    assert device.update(fetch=False).set_id == offered
    del repository.snapshot.meta["other.json"]
    repository.publish_snapshot()
    refused(device)


def test_fast_forward_of_the_targets_is_recovered_from(device: Receiver, repository: Repository) -> None:
    version = repository.targets.version
    repository.targets.version = 2**31
    repository.publish()
    assert device.update().ended == "nothing"
    repository.targets.version = version
    for role in ("snapshot", "timestamp", "targets"):
        repository.new_key(role)
    made = make_set(1)
    repository.offer(made)
    assert device.update().set_id == made.set_id


def test_a_file_with_a_checksum_that_is_not_known(device: Receiver, repository: Repository, offered: str) -> None:
    """A repository that goes over to another kind of checksum is not believed without one that this device can make."""
    for target in repository.targets.targets.values():
        target.hashes = {"unknown": "0" * 64}
    repository.publish()
    assert device.update().ended == "failed"
    assert device.store.trial() is None


def test_the_same_timestamp_again_costs_one_request(device: Receiver, repository: Repository, offered: str) -> None:
    assert device.update().ended == "fetched"
    device.mirrors.asked.clear()
    device.update()
    assert device.mirrors.asked == ["metadata/2.root.json", "metadata/timestamp.json"]


def test_what_a_killed_visit_left_among_the_lists_is_removed(device: Receiver, tmp_path: Path) -> None:
    """python-tuf writes a list beside its place first, and cannot remove that when it is killed."""
    device.lists.mkdir()
    (device.lists / "tmpabcdefgh").write_bytes(b"{")
    assert device.update().ended == "nothing"
    assert not list(device.lists.glob("tmp*"))
