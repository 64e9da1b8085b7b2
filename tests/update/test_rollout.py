"""The list of the shares, by a key that is online: it says when a set's turn comes, and can do nothing else."""

from __future__ import annotations

import pytest
from securesystemslib.signer import CryptoSigner
from tuf.api.metadata import TargetFile

from tests.update.made_sets import MadeSet, make_set
from tests.update.receiver import Receiver
from tests.update.repository import DAY_S, Repository

MADE = make_set(1)


@pytest.fixture
def made(repository: Repository) -> MadeSet:
    """A set that is published for nobody yet."""
    repository.delegate()
    repository.offer(MADE, percent=0)
    return MADE


def test_a_share_counts_in_place_of_what_targets_say(device: Receiver, repository: Repository, made: MadeSet) -> None:
    assert "turn comes later" in device.update().why
    repository.share(made.set_id, {"percent": 100})
    repository.publish_rollout()
    assert device.update().set_id == made.set_id


def test_a_roll_out_is_halted_without_the_targets_key(device: Receiver, repository: Repository, made: MadeSet) -> None:
    repository.offer(made, percent=100)
    repository.share(made.set_id, {"percent": 0})
    repository.publish_rollout()
    assert "turn comes later" in device.update().why


def test_a_change_of_shares_costs_a_small_list_and_no_more(
    device: Receiver, repository: Repository, made: MadeSet
) -> None:
    device.update()
    repository.share(made.set_id, {"percent": 0})
    repository.publish_rollout()
    device.mirrors.asked.clear()
    device.update()
    lists = [f"{repository.snapshot.version}.snapshot", f"{repository.rollout.version}.rollout"]
    assert device.mirrors.asked == [f"metadata/{name}.json" for name in ("2.root", "timestamp", *lists)]
    device.mirrors.asked.clear()
    device.update()
    assert device.mirrors.asked == ["metadata/2.root.json", "metadata/timestamp.json"]


def test_a_stolen_key_of_the_shares_offers_no_set_and_no_file(
    device: Receiver, repository: Repository, made: MadeSet
) -> None:
    evil = make_set(2)
    target = TargetFile.from_data(f"sets/{evil.set_id}/set.json", evil.manifest, ["sha256"])
    target.unrecognized_fields["custom"] = {"soundit": {"release": 2, "percent": 100}}
    repository.rollout.targets[target.path] = target
    for content in evil.files.values():
        repository.add(f"files/{target.hashes['sha256']}", content)
    repository.share(evil.set_id, {"percent": 100, "release": 2})
    repository.publish_rollout()
    result = device.update()
    assert (result.ended, device.store.trial()) == ("nothing", None)
    assert made.set_id in result.why


@pytest.mark.parametrize("terms", [{"revoked": True}, {"hardware": ["aarch64"]}, {"min_version": "9"}])
def test_a_stolen_key_of_the_shares_changes_nothing_else(
    device: Receiver, repository: Repository, made: MadeSet, terms: dict[str, object]
) -> None:
    """What is revoked stays so, and nobody gets what does not fit."""
    repository.offer(made, percent=100, **terms)
    opposite = {"percent": 100, "revoked": False, "hardware": [], "min_version": ""}
    repository.share(made.set_id, opposite)
    repository.publish_rollout()
    assert device.update().ended == "nothing"


@pytest.mark.parametrize("said", [None, [], {}, {"percent": 101}, {"percent": -1}, {"percent": "half"}, 100])
def test_a_share_that_is_not_understood_is_nobody_s(
    device: Receiver, repository: Repository, made: MadeSet, said: object
) -> None:
    repository.offer(made, percent=100)
    repository.share(made.set_id, said)
    repository.publish_rollout()
    assert "turn comes later" in device.update().why


def test_shares_that_a_stranger_signs(device: Receiver, repository: Repository, made: MadeSet) -> None:
    repository.share(made.set_id, {"percent": 100})
    repository.publish_rollout(CryptoSigner.generate_ed25519())
    assert "cannot be trusted" in device.update().why


def test_shares_that_have_expired(device: Receiver, repository: Repository, made: MadeSet) -> None:
    repository.now -= 30 * DAY_S
    repository.publish_rollout()
    repository.now += 30 * DAY_S
    repository.publish_snapshot()
    assert "too old" in device.update().why


def test_shares_that_no_snapshot_lists(device: Receiver, repository: Repository, made: MadeSet) -> None:
    """A mirror cannot hide that a roll-out was halted."""
    del repository.snapshot.meta["rollout.json"]
    repository.publish_snapshot()
    assert "cannot be trusted" in device.update().why


def test_rollback_of_the_shares(device: Receiver, repository: Repository, made: MadeSet) -> None:
    repository.share(made.set_id, {"percent": 100})
    repository.publish_rollout()
    old = repository.served[f"metadata/{repository.rollout.version}.rollout.json"]
    repository.share(made.set_id, {"percent": 0})
    repository.publish_rollout()
    repository.served[f"metadata/{repository.rollout.version}.rollout.json"] = old
    assert "cannot be trusted" in device.update().why


def test_a_stolen_key_of_the_shares_is_rotated_out(device: Receiver, repository: Repository, made: MadeSet) -> None:
    (stolen,) = repository.keys["rollout"]
    assert device.update().ended == "nothing"
    repository.delegate()
    repository.share(made.set_id, {"percent": 100})
    repository.publish_rollout(stolen)
    assert "cannot be trusted" in device.update().why
    repository.publish_rollout()
    assert device.update().set_id == made.set_id
