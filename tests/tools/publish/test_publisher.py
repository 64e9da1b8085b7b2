"""What is published, in which order and under whose keys; and each refusal in one clear sentence."""

from __future__ import annotations

import fcntl
import os
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.tools.publish.made import PASSPHRASE, Made, small_set
from tools.publish.client import verify
from tools.publish.errors import PublishError
from tools.publish.keys import KeyRing
from tools.publish.repository import Repository
from tools.publish.sets import CheckedSet, checked

NOW = datetime.now(UTC)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return Made(tmp_path_factory.mktemp("template"))


@pytest.fixture
def made(template: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Made:
    """An empty repository, with keys that others have, too: no test changes or removes one."""
    monkeypatch.setenv("SOUNDIT_PUBLISH_PASSPHRASE", PASSPHRASE)
    return template.copied(tmp_path / "repository")


@pytest.fixture(scope="module")
def sets(tmp_path_factory: pytest.TempPathFactory) -> list[CheckedSet]:
    folder = tmp_path_factory.mktemp("sets")
    return [checked(small_set(folder / str(t), temperature=t), {}) for t in (1.0, 2.0, 3.0)]


def only(made: Made, folder: Path, *roles: str) -> KeyRing:
    """Return a ring with the keys of some roles, as another computer has them."""
    folder.mkdir()
    for role in roles:
        for path in made.keys.glob(f"{role}-*.pem"):
            shutil.copy(path, folder)
    return KeyRing([folder], lambda name, new: PASSPHRASE.encode())


def test_releases_count_up(made: Made, sets: list[CheckedSet]) -> None:
    ids = [made.publisher().add(one, 100)[0] for one in sets]
    assert [set_id.partition("-")[0] for set_id in ids] == ["1", "2", "3"]
    assert list(Repository(made.folder).sets()) == ids[::-1]


def test_sets_share_the_files_that_they_have_in_common(made: Made, sets: list[CheckedSet]) -> None:
    for one in sets[:2]:
        made.publisher().add(one, 100)
    assert len(list((made.folder / "targets/files").iterdir())) == len(sets[0].files)
    assert verify(str(made.folder), made.root).sets == 2


def test_a_release_of_its_own_is_kept_and_the_next_is_above_it(
    made: Made, sets: list[CheckedSet], tmp_path: Path
) -> None:
    seven = checked(small_set(tmp_path / "seven", release=7), {})
    assert made.publisher().add(seven, 100)[0].startswith("7-")
    with pytest.raises(PublishError, match=r"^release 7 is not above the newest in the repository, 7; set it to 0"):
        made.publisher().add(checked(small_set(tmp_path / "same", release=7, temperature=1.5), {}), 100)
    assert made.publisher().add(sets[0], 100)[0].startswith("8-")


def test_a_set_that_is_there_is_not_added_again(made: Made, sets: list[CheckedSet], tmp_path: Path) -> None:
    set_id, _ = made.publisher().add(sets[0], 100)
    with pytest.raises(PublishError, match=f"^{set_id}: this set is there already$"):
        made.publisher().add(sets[0], 100)
    made.publisher().revoke(set_id)
    with pytest.raises(PublishError, match=f"^{set_id}: this set was revoked: publish a mended one$"):
        made.publisher().add(sets[0], 100)


def test_a_revoked_set_stays_revoked(made: Made, sets: list[CheckedSet]) -> None:
    set_id, _ = made.publisher().add(sets[0], 100)
    made.publisher().revoke(set_id)
    refusal = f"^{set_id} is revoked already, which cannot be undone; add a new set$"
    with pytest.raises(PublishError, match=refusal):
        made.publisher().revoke(set_id)
    with pytest.raises(PublishError, match=refusal):
        made.publisher().set_share(set_id, 50)
    assert verify(str(made.folder), made.root).sets == 1


def test_an_unknown_set(made: Made) -> None:
    with pytest.raises(PublishError, match=r"^9-0: no such set in the repository; there are: none$"):
        made.publisher().revoke("9-0")


def test_targets_are_signed_offline_and_seen_after_a_refresh_online(
    made: Made, sets: list[CheckedSet], tmp_path: Path
) -> None:
    set_id, is_seen = made.publisher(ring=only(made, tmp_path / "stick", "targets")).add(sets[0], 100)
    assert not is_seen
    assert verify(str(made.folder), made.root).sets == 0
    assert list(Repository(made.folder).sets()) == [set_id]
    with pytest.raises(PublishError, match=f"^{set_id}: this set is there already; devices see it after `refresh`$"):
        made.publisher().add(sets[0], 100)
    assert made.publisher(ring=only(made, tmp_path / "server", "snapshot", "timestamp")).refresh(["timestamp"])
    assert verify(str(made.folder), made.root).sets == 1


def test_a_share_is_changed_without_the_targets_key(made: Made, sets: list[CheckedSet], tmp_path: Path) -> None:
    """By the computer that signs each day; the key there can name no set and no file."""
    set_id, _ = made.publisher().add(sets[0], 1)
    server = only(made, tmp_path / "server", "rollout", "snapshot", "timestamp")
    version = Repository(made.folder).targets.signed.version
    for percent in (10, 0, 100):
        assert made.publisher(ring=server).set_share(set_id, percent)
        assert Repository(made.folder).sets()[set_id].percent == percent
    assert Repository(made.folder).targets.signed.version == version
    with pytest.raises(PublishError, match=r"^targets: 0 of the 1 keys"):
        made.publisher(ring=server).revoke(set_id)
    verify(str(made.folder), made.root)


def test_a_share_that_is_signed_elsewhere_is_seen_after_a_refresh(
    made: Made, sets: list[CheckedSet], tmp_path: Path
) -> None:
    set_id, _ = made.publisher().add(sets[0], 1)
    assert not made.publisher(ring=only(made, tmp_path / "stick", "rollout")).set_share(set_id, 50)
    assert not Repository(made.folder).is_seen
    made.publisher(ring=only(made, tmp_path / "server", "snapshot", "timestamp")).refresh(["timestamp"])
    assert Repository(made.folder).is_seen


def test_a_daily_refresh_leaves_the_snapshot_alone_until_half_its_time_is_over(made: Made) -> None:
    versions = []
    for days in range(0, 10, 3):
        made.publisher(NOW + timedelta(days=days)).refresh(["timestamp"])
        repository = Repository(made.folder)
        versions.append(tuple(one.signed.version for one in (repository.timestamp, repository.snapshot)))
        assert repository.rollout.signed.version == repository.snapshot.signed.version
    assert versions == [(2, 1), (3, 1), (4, 1), (5, 2)]


@pytest.mark.parametrize(("days", "role"), [(401, "root"), (91, "targets")])
def test_a_refresh_in_vain_says_which_role_is_expired(made: Made, days: int, role: str) -> None:
    later = NOW + timedelta(days=days)
    if role == "root":
        made.publisher(later - timedelta(days=2)).refresh(["targets"])
    with pytest.raises(
        PublishError, match=f"^{role} is expired since .*, so devices take nothing; run `refresh {role}`"
    ):
        made.publisher(later).refresh(["timestamp"])
    made.publisher(later).refresh([role])
    made.publisher(later).refresh(["timestamp"])


def test_a_missing_key_is_named(made: Made, sets: list[CheckedSet], tmp_path: Path) -> None:
    ring = only(made, tmp_path / "stick", "root")
    with pytest.raises(
        PublishError,
        match=r"^targets: 0 of the 1 keys that must sign .*; give the folder of targets-\w{12}\.pem with --keys$",
    ):
        made.publisher(ring=ring).add(sets[0], 100)
    with pytest.raises(PublishError, match=r"^(snapshot|timestamp): 0 of the 1 keys"):
        made.rotate("targets", ring=ring)
    assert not list((tmp_path / "stick").glob("targets-*"))


def test_one_key_of_root_is_not_enough_and_two_are(made: Made, tmp_path: Path) -> None:
    for number, is_enough in ((1, False), (2, True)):
        ring = only(made, tmp_path / str(number), "timestamp", "snapshot")
        ids = Repository(made.folder).root.signed.roles["root"].keyids
        for key_id in ids[:number]:
            shutil.copy(made.keys / f"root-{key_id[:12]}.pem", tmp_path / str(number))
        if is_enough:
            made.rotate("root", ids[2], ring)
        else:
            with pytest.raises(PublishError, match=r"^root: 1 of the 2 keys that must sign are in"):
                made.rotate("root", ids[2], ring)
    root = Repository(made.folder).root.signed
    assert ids[2] not in root.roles["root"].keyids
    assert (root.roles["root"].threshold, len(root.roles["root"].keyids)) == (2, 3)
    verify(str(made.folder), made.root)


@pytest.mark.parametrize("role", ["timestamp", "snapshot", "rollout", "targets"])
def test_a_stolen_key_signs_nothing_after_its_rotation(made: Made, role: str, tmp_path: Path) -> None:
    stolen = only(made, tmp_path / "stolen", "targets", "rollout", "snapshot", "timestamp")
    (replaced,) = made.rotate(role)
    repository = Repository(made.folder)
    delegations = repository.targets.signed.delegations
    assert delegations is not None
    assert replaced not in {**repository.root.signed.keys, **delegations.keys}
    verify(str(made.folder), made.root)
    with pytest.raises(PublishError, match=f"^{role}: 0 of the 1 keys that must sign"):
        made.publisher(ring=stolen).refresh([role])


def test_which_key_of_root_must_be_said(made: Made) -> None:
    with pytest.raises(
        PublishError, match=r"^which key of root is to be replaced\? name one of (\w{12}(, )?){3} with --key$"
    ):
        made.rotate("root")


def test_metadata_that_somebody_else_signed_is_not_published(made: Made, tmp_path: Path) -> None:
    other = Made(tmp_path / "other")
    other.publisher().refresh(["targets"])
    shutil.copy(other.folder / "metadata/2.targets.json", made.folder / "metadata")
    assert made.run("refresh") == 2
    with pytest.raises(
        PublishError, match=r"2\.targets\.json: missing, damaged, or not signed by the keys of its role"
    ):
        made.publisher()
    verify(str(made.folder), made.root)


def test_two_publishers_at_once(made: Made, capsys: pytest.CaptureFixture[str]) -> None:
    other = os.open(made.folder, os.O_RDONLY)
    fcntl.flock(other, fcntl.LOCK_EX)
    assert made.run("refresh") == 2
    assert "another publish is at work there; try again when it has ended" in capsys.readouterr().err
    os.close(other)
    assert made.run("refresh") == 0


def test_cron_is_warned_before_an_offline_role_ends(made: Made, capsys: pytest.CaptureFixture[str]) -> None:
    made.publisher(NOW - timedelta(days=75)).refresh(["targets"])
    assert made.run("refresh") == 0
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("targets ends on ")
    assert err.endswith(": run `refresh targets` where its keys are\n")


def test_a_full_disk_is_one_sentence(
    made: Made, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(path: Path, content: bytes) -> int:
        raise OSError(28, "No space left on device", str(path))

    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", full)
        assert made.run("refresh") == 2
    assert capsys.readouterr().err.endswith("the disk is full\n")
    verify(str(made.folder), made.root)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["percent", "1-0", "101"], "101 percent: give a number from 0 to 100"),
        (["refresh", "mirrors"], "mirrors: no role; there are root, targets, rollout, snapshot, timestamp"),
        (["--days", "root=0", "refresh"], "--days root=0: give ROLE=N"),
        (["--days", "timestamp", "refresh"], "--days timestamp: give ROLE=N"),
        (["init"], "there is a repository already"),
        (["add", "nowhere"], "cannot read the model set's manifest"),
        (["verify", "--root", "nowhere.json"], "nowhere.json: cannot read the root to trust"),
        (["verify", "--address", "http://127.0.0.1:9"], "a device would refuse it"),
    ],
)
def test_bad_words(made: Made, words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert made.run(*words) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert said in err


def test_a_damaged_repository_is_seen(made: Made, sets: list[CheckedSet], capsys: pytest.CaptureFixture[str]) -> None:
    made.publisher().add(sets[0], 100)
    assert made.run("list") == 0
    assert "100 %" in capsys.readouterr().out
    file = next((made.folder / "targets/files").iterdir())
    content = file.read_bytes()
    file.unlink()
    file.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    assert made.run("verify") == 2
    assert "a device would refuse it" in capsys.readouterr().err


def test_there_is_no_repository(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = object.__new__(Made)
    made.folder, made.keys = tmp_path / "nowhere", tmp_path / "keys"
    for words in (["list"], ["refresh"]):
        assert made.run(*words) == 2
        assert "make " in capsys.readouterr().err
