"""The attacks of the TUF specification and of Uptane, one test each: what the device had before stays in use."""

from __future__ import annotations

import datetime
import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from securesystemslib.signer import CryptoSigner
from tuf.api.metadata import MetaFile

from soundit_edge.update.failure import StoreError
from soundit_edge.update.messages import UpdateResult
from soundit_edge.update.sets.lock import locked
from tests.update.made_sets import make_set
from tests.update.receiver import URL, Receiver
from tests.update.repository import DAY_S, Repository


@pytest.fixture
def first(device: Receiver, repository: Repository) -> str:
    """The set that the device has before the attack."""
    repository.offer(make_set(1))
    return device.take()


def unharmed(device: Receiver, first: str, result: UpdateResult, *words: str) -> None:
    """The set of before is in use and whole, none is on trial, and the reason is one line."""
    assert result.ended in ("failed", "nothing")
    assert "\n" not in result.why
    for word in words:
        assert word in result.why
    assert device.store.current() == first
    assert device.store.is_whole(first)
    assert device.store.trial() is None


def strangers_key(repository: Repository, role: str) -> CryptoSigner:
    """Sign with a key of the attacker's from now on; return the right one."""
    right = repository.keys[role][0]
    repository.keys[role][0] = CryptoSigner.generate_ed25519()
    return right


@pytest.mark.parametrize("role", ["timestamp", "snapshot", "targets"])
def test_arbitrary_installation(device: Receiver, repository: Repository, first: str, role: str) -> None:
    """An attacker offers a set, and signs with a key of their own."""
    strangers_key(repository, role)
    repository.offer(make_set(2))
    unharmed(device, first, device.update(), "cannot be trusted")


def test_arbitrary_installation_of_a_file(device: Receiver, repository: Repository, first: str) -> None:
    made = make_set(2)
    repository.offer(made)
    place = repository.place_of(made.files["body_motion.md"])
    repository.served[place] = b"x" * len(repository.served[place])
    unharmed(device, first, device.update(), "not the signed file")


def test_endless_data_in_a_list(device: Receiver, repository: Repository, first: str) -> None:
    repository.served["metadata/timestamp.json"] += b" " * (1 << 20)
    unharmed(device, first, device.update(), "more comes")


def test_endless_data_in_a_file(device: Receiver, repository: Repository, first: str) -> None:
    made = make_set(2)
    repository.offer(made)
    repository.served[repository.place_of(made.files["body_motion.md"])] += bytes(1 << 20)
    unharmed(device, first, device.update(), "longer than its signed")
    staged = sum(path.stat().st_size for path in device.store.staging.rglob("*") if path.is_file())
    assert staged < 1 << 17


def test_endless_data_in_a_manifest(device: Receiver, repository: Repository, first: str) -> None:
    made = make_set(2)
    repository.offer(made)
    place = repository.add(f"sets/{made.set_id}/set.json", made.manifest, {"soundit": {"release": 2}})
    repository.publish()
    repository.served[place] += bytes(1 << 20)
    unharmed(device, first, device.update(), "not the signed file")


def test_a_set_larger_than_is_allowed(device: Receiver, repository: Repository, first: str) -> None:
    repository.offer(make_set(2, card=bytes(3 << 20)))
    device.limits = type(device.limits)(spare=0, max_set=2 << 20)
    unharmed(device, first, device.update(), "more than 2 are not taken")


def test_fast_forward_is_recovered_from(device: Receiver, repository: Repository, first: str) -> None:
    """A thief of the timestamp's key sets its version as high as it goes; new keys make the device forget it."""
    version = repository.timestamp.version
    repository.timestamp.version = 2**31
    repository.publish_timestamp()
    assert device.update().ended == "nothing"
    repository.timestamp.version = version
    made = make_set(2)
    repository.offer(made)
    unharmed(device, first, device.update(), "cannot be trusted")
    repository.new_key("timestamp")
    repository.publish_timestamp()
    assert device.update().set_id == made.set_id


def test_fast_forward_of_the_snapshot_is_recovered_from(device: Receiver, repository: Repository, first: str) -> None:
    version = repository.snapshot.version
    repository.snapshot.version = 2**31
    repository.publish_snapshot()
    assert device.update().ended == "nothing"
    repository.snapshot.version = version
    repository.new_key("snapshot")
    repository.new_key("timestamp")
    made = make_set(2)
    repository.offer(made)
    assert device.update().set_id == made.set_id


def test_indefinite_freeze(device: Receiver, repository: Repository, first: str) -> None:
    """A mirror that goes on with the lists of today hides the next set until they expire, and then is seen."""
    device.now += 1 * DAY_S
    assert device.update().ended == "nothing"
    device.now += 2 * DAY_S
    unharmed(device, first, device.update(), "too old", "the mirror is out of date")


def test_indefinite_freeze_with_the_clock_set_back(device: Receiver, repository: Repository, first: str) -> None:
    """Who cuts the power resets the clock of a Pi; the time of the last update has passed all the same."""
    repository.now += 3 * DAY_S
    repository.publish_timestamp()
    device.now += 3 * DAY_S
    assert device.update().ended == "nothing"
    frozen = dict(repository.served)
    repository.now += 3 * DAY_S
    repository.publish_timestamp()
    device.now += 3 * DAY_S
    assert device.update().ended == "nothing"
    device.mirrors.serve(URL, frozen)
    device.now -= 6 * DAY_S
    shutil.rmtree(device.lists)
    unharmed(device, first, device.update(), "too old", "clock is wrong")


def test_a_clock_before_the_program_was_built(device: Receiver, repository: Repository) -> None:
    """A device without a battery begins in 1970: lists that expired before the program was built are not believed."""
    repository.now = 0.0
    repository.publish_root()
    repository.offer(make_set(1))
    device.now = 0.0
    result = device.update()
    assert result.ended == "failed"
    assert "clock is wrong" in result.why


def test_expired_lists_with_a_clock_that_is_ahead(device: Receiver, repository: Repository, first: str) -> None:
    """The clock may be the one that is wrong: the user can find out which."""
    device.now += 4000 * DAY_S
    unharmed(device, first, device.update(), "2038", "if that is wrong, set it")
    device.now -= 4000 * DAY_S
    made = make_set(2)
    repository.offer(made)
    assert device.update().set_id == made.set_id  # the wrong time was not remembered


def test_malicious_mirrors_do_not_prevent_an_update(device: Receiver, repository: Repository, first: str) -> None:
    made = make_set(2)
    repository.offer(made)
    liar = dict.fromkeys(repository.served, b"<html>")
    device.mirrors.serve("memory://liar", liar)
    device.urls = ("memory://gone", "memory://liar", URL)
    result = device.update()
    assert (result.ended, result.set_id, result.mirror) == ("fetched", made.set_id, URL)


def test_a_malicious_mirror_with_right_lists_and_wrong_files(
    device: Receiver, repository: Repository, first: str
) -> None:
    made = make_set(2)
    repository.offer(made)
    wrong = {path: b"x" if path.startswith("targets") else content for path, content in repository.served.items()}
    device.mirrors.serve("memory://liar", wrong)
    device.urls = ("memory://liar", URL)
    assert device.update().set_id == made.set_id


def test_mix_and_match_of_lists(device: Receiver, repository: Repository, first: str) -> None:
    """The snapshot of one moment with the targets of another."""
    old = repository.served[f"metadata/{repository.targets.version}.targets.json"]
    repository.offer(make_set(2))
    repository.served[f"metadata/{repository.targets.version}.targets.json"] = old
    unharmed(device, first, device.update(), "cannot be trusted")


def test_mix_and_match_of_files(device: Receiver, repository: Repository, first: str) -> None:
    """The manifest of one set under the name of another, signed by a publisher that was deceived."""
    one, other = make_set(2), make_set(3)
    repository.offer(one)
    repository.add(f"sets/{other.set_id}/set.json", one.manifest, {"soundit": {"release": 3, "percent": 100}})
    repository.publish()
    unharmed(device, first, device.update(), "manifest of another set")


def test_partial_bundle(device: Receiver, repository: Repository, first: str) -> None:
    """A set one of whose files is in no list is not begun."""
    made = make_set(2)
    repository.offer(made)
    del repository.targets.targets[f"files/{hashlib.sha256(made.files['body_motion.md']).hexdigest()}"]
    repository.publish()
    unharmed(device, first, device.update(), "not whole", "body_motion.md")
    assert not (device.store.staging / made.set_id).exists()


def test_partial_bundle_that_a_mirror_does_not_serve_whole(
    device: Receiver, repository: Repository, first: str
) -> None:
    made = make_set(2)
    repository.offer(made)
    del repository.served[repository.place_of(made.files["body_motion.md"])]
    unharmed(device, first, device.update(), "404")


@pytest.mark.parametrize("role", ["timestamp", "snapshot", "targets"])
def test_rollback_of_a_list(device: Receiver, repository: Repository, first: str, role: str) -> None:
    """Lists of before come again, with signatures that were right."""
    old = dict(repository.served)
    repository.offer(make_set(2))
    device.take()
    name = f"metadata/{getattr(repository, role).version}.{role}.json" if role != "timestamp" else ""
    name = name or "metadata/timestamp.json"
    match role:
        case "timestamp":
            repository.served[name] = old[name]
        case "snapshot":
            repository.timestamp.snapshot_meta = MetaFile(2)
            repository.publish_timestamp()
        case _:
            repository.snapshot.meta["targets.json"] = MetaFile(2)
            repository.publish_snapshot()
    second = device.store.current()
    assert second is not None
    unharmed(device, second, device.update(), "cannot be trusted")


def test_rollback_with_the_cache_lost(device: Receiver, repository: Repository, first: str) -> None:
    """Without its lists a device would believe any old ones; the floor of the release is kept apart from them."""
    old = dict(repository.served)
    repository.offer(make_set(2))
    second = device.take()
    shutil.rmtree(device.lists)
    device.mirrors.serve(URL, old)
    unharmed(device, second, device.update(), "not newer")


def test_rollback_with_the_cache_and_the_sets_lost(tmp_path: Path, repository: Repository) -> None:
    """A factory reset leaves the floor that is built in: the release of the shipped set."""
    repository.offer(make_set(1))
    shipped = tmp_path / "shipped"
    shipped.mkdir()
    make_set(2).write_as(shipped)
    device = Receiver(tmp_path, repository)
    result = device.update()
    assert (result.ended, device.store.floor().release) == ("nothing", 2)
    assert "not newer" in result.why


def test_wrong_hardware(device: Receiver, repository: Repository, first: str) -> None:
    repository.offer(make_set(2, hardware=("aarch64",)), hardware=["aarch64"])
    unharmed(device, first, device.update(), "other hardware (aarch64)")


def test_wrong_hardware_that_only_the_manifest_says(device: Receiver, repository: Repository, first: str) -> None:
    repository.offer(make_set(2, hardware=("aarch64",)))
    unharmed(device, first, device.update(), "not for this device", "aarch64")


@pytest.mark.parametrize(("field", "version"), [("min_version", "0.2"), ("max_version", "0.1.0")])
def test_wrong_software(device: Receiver, repository: Repository, first: str, field: str, version: str) -> None:
    bound: dict[str, Any] = {field: version}
    repository.offer(make_set(2, **bound), **bound)
    unharmed(device, first, device.update(), version)


def test_wrong_software_that_only_the_manifest_says(device: Receiver, repository: Repository, first: str) -> None:
    repository.offer(make_set(2, min_version="9"))
    unharmed(device, first, device.update(), "needs soundit 9")


def test_extraneous_dependency(device: Receiver, repository: Repository, first: str) -> None:
    """A mirror adds a file that no manifest names, and a signed list one that belongs to no set: neither comes."""
    repository.add("files/extra", b"evil")
    made = make_set(2)
    repository.offer(made)
    result = device.update()
    assert result.ended == "fetched"
    names = {path.name for path in device.store.folder_of(made.set_id).iterdir()}
    assert names == {"set.json", *made.files}
    assert not any("extra" in asked for asked in device.mirrors.asked)


def test_a_manifest_that_leads_out_of_its_folder(device: Receiver, repository: Repository, first: str) -> None:
    """Also a publisher's own key cannot write elsewhere than in the set's folder."""
    made = make_set(2)
    text = made.manifest.replace(b"body_motion.md", b"../../../evil.md")
    evil = type(made)(2, text, made.files)
    repository.offer(evil)
    unharmed(device, first, device.update(), "not understood")


def test_stolen_timestamp_and_snapshot_keys_cannot_offer_a_set(
    device: Receiver, repository: Repository, first: str
) -> None:
    """Who has the online keys can hide sets for a while, and cannot make one."""
    strangers_key(repository, "targets")
    repository.offer(make_set(2))
    unharmed(device, first, device.update(), "cannot be trusted")


@pytest.mark.parametrize("role", ["targets", "snapshot", "timestamp"])
def test_a_stolen_key_is_rotated_out(device: Receiver, repository: Repository, first: str, role: str) -> None:
    old = repository.new_key(role)
    new, repository.keys[role][0] = repository.keys[role][0], old
    repository.offer(make_set(2))
    unharmed(device, first, device.update(), "cannot be trusted")
    repository.keys[role][0] = new
    made = make_set(3)
    repository.offer(made)
    assert device.update().set_id == made.set_id


def test_a_root_key_is_rotated_out(device: Receiver, repository: Repository, first: str) -> None:
    """The new root is signed by two of the old keys and by two of the new ones."""
    old = list(repository.keys["root"])
    repository.new_key("root", signers=[*old[:2], old[1], old[2]])
    made = make_set(2)
    repository.offer(made)
    assert device.update().set_id == made.set_id


def test_one_stolen_root_key_is_not_enough(device: Receiver, repository: Repository, first: str) -> None:
    thief = repository.keys["root"][0]
    repository.new_key("targets", signers=[thief, CryptoSigner.generate_ed25519()])
    repository.offer(make_set(2))
    unharmed(device, first, device.update(), "cannot be trusted")


def test_a_root_that_skips_a_version(device: Receiver, repository: Repository, first: str) -> None:
    repository.root.version = 2
    repository.new_key("targets")
    repository.served["metadata/2.root.json"] = repository.served["metadata/3.root.json"]
    unharmed(device, first, device.update(), "cannot be trusted")


def test_a_chain_of_roots_has_an_end(device: Receiver, repository: Repository, first: str) -> None:
    """Each may be right, and a device would fetch one after the other for ever."""
    device.limits = type(device.limits)(spare=0, max_root_rotations=2)
    for _ in range(3):
        repository.new_key("targets")
    repository.offer(make_set(2))
    unharmed(device, first, device.update(), "cannot be trusted")
    assert "metadata/4.root.json" not in device.mirrors.asked


def test_a_root_of_somebody_else(device: Receiver, repository: Repository) -> None:
    """A whole repository of an attacker's, right in itself."""
    other = Repository()
    other.offer(make_set(1))
    device.mirrors.serve(URL, other.served)
    result = device.update()
    assert result.ended == "failed"
    assert "cannot be trusted" in result.why


def test_a_device_without_a_root_takes_nothing(device: Receiver, repository: Repository) -> None:
    device.root.unlink()
    result = device.update()
    assert (result.ended, device.mirrors.asked) == ("failed", [])
    assert "no root of trust" in result.why


def test_a_revoked_set_is_not_taken(device: Receiver, repository: Repository, first: str) -> None:
    repository.offer(make_set(2), revoked=True)
    unharmed(device, first, device.update(), "revoked")


def test_a_set_in_use_that_is_revoked_is_said(device: Receiver, repository: Repository, first: str) -> None:
    repository.offer(make_set(1), revoked=True)
    assert device.update().revoked == (first,)
    assert device.update().revoked == (first,)  # until it is left
    assert device.store.roll_back("its publisher has revoked it") is None
    assert device.update().revoked == ()


def test_a_set_on_trial_that_is_revoked_is_not_started_any_more(
    device: Receiver, repository: Repository, first: str
) -> None:
    made = make_set(2)
    repository.offer(made)
    device.update()
    repository.offer(made, revoked=True)
    assert device.update().revoked == (made.set_id,)
    assert device.store.count_try() is None
    with pytest.raises(StoreError):
        device.store.commit(made.set_id)
    assert device.store.current() == first


def test_a_previous_set_that_is_revoked_is_not_gone_back_to(
    device: Receiver, repository: Repository, first: str
) -> None:
    repository.offer(make_set(2))
    device.take()
    assert device.store.previous() == first
    repository.offer(make_set(1), revoked=True)
    assert device.update().revoked == ()
    assert device.store.previous() is None


def emptied(content: bytes) -> bytes:
    return b""


def torn(content: bytes) -> bytes:
    return content[: len(content) // 2]


def flipped(content: bytes) -> bytes:
    return torn(content) + bytes([content[len(content) // 2] ^ 1]) + content[len(content) // 2 + 1 :]


@pytest.mark.parametrize(
    "file", ["root.json", "timestamp.json", "snapshot.json", "targets.json", "root_history/1.root.json"]
)
def test_kept_lists_that_are_damaged(device: Receiver, repository: Repository, first: str, file: str) -> None:
    for release, damage in enumerate((None, emptied, torn, flipped), start=2):
        path = (device.lists / file).resolve()
        content = path.read_bytes()
        path.unlink()
        if damage is not None:
            path.write_bytes(damage(content))
        made = make_set(release)
        repository.offer(made)
        assert device.take() == made.set_id


def test_a_list_with_terms_that_are_not_understood(device: Receiver, repository: Repository, first: str) -> None:
    """A set of a newer form of lists is left out, and hides no other."""
    made = make_set(2)
    repository.offer(made)
    repository.offer(make_set(3), percent="half")
    repository.add("sets/4-nothing/set.json", b"{}", {"soundit": {"release": 4}})
    repository.add("sets/4-0123456789ab/set.json", b"{}")
    repository.add("sets/5-0123456789ab/set.json", b"{}", {"soundit": [1]})
    repository.add("sets/6-0123456789ab/set.json", b"{}")
    repository.targets.targets["sets/6-0123456789ab/set.json"].unrecognized_fields["custom"] = ["soundit"]
    repository.add("sets/4-0123456789ab/other.json", b"{}", {"soundit": {"release": 4}})
    repository.publish()
    assert device.update().set_id == made.set_id


def test_a_release_that_is_not_the_one_in_the_name(device: Receiver, repository: Repository, first: str) -> None:
    """Under a high number in the list alone, an old set would come again."""
    repository.offer(make_set(2), release=9)
    result = device.update()
    unharmed(device, first, result)


def test_the_dates_are_those_of_the_repository(repository: Repository) -> None:
    expires = json.loads(repository.served["metadata/timestamp.json"])["signed"]["expires"]
    assert datetime.datetime.fromisoformat(expires).timestamp() == repository.now + 2 * DAY_S


NO_LISTS = [
    b"",
    b"{}",
    b"null",
    b"[" * 15_000,
    b'{"signed": {"a":' * 1000,
    b'{"signed": 1, "signatures": 2}',
    b"\xff\xfe",
    b'{"signatures": [], "signed": {"_type": "timestamp", "version": 1e999}}',
]


@pytest.mark.parametrize("role", ["timestamp", "snapshot", "targets", "root"])
def test_a_list_that_is_none(device: Receiver, repository: Repository, first: str, role: str) -> None:
    repository.offer(make_set(2))
    names = {"timestamp": "timestamp", "root": "2.root"}
    name = names.get(role) or f"{getattr(repository, role).version}.{role}"
    for content in NO_LISTS:
        repository.served[f"metadata/{name}.json"] = content
        result = device.update()
        assert result.ended == "failed"
        unharmed(device, first, result, "signed list")


def test_two_updates_at_once(device: Receiver, repository: Repository, first: str) -> None:
    repository.offer(make_set(2))
    device.mirrors.asked.clear()
    with locked(device.store.lock, wait=False):
        unharmed(device, first, device.update(), "Another update is running")
    assert device.mirrors.asked == []
