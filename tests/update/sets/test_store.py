"""The folder of the sets: trials, commits, ways back, damage, garbage and locks."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from soundit_edge.inference.manifest import MANIFEST
from soundit_edge.update.failure import SetDamagedError, StoreError, UpdateBusyError
from soundit_edge.update.sets.active import active_set, find_active
from soundit_edge.update.sets.garbage import collect_garbage
from soundit_edge.update.sets.lock import locked
from soundit_edge.update.sets.set_id import is_set_id, release_of
from soundit_edge.update.sets.staging import StagedSet
from soundit_edge.update.sets.store import SetStore
from soundit_edge.update.sets.verify import verify_models, verify_set
from tests.update.made_sets import MODEL, MadeSet, make_set

ONE, TWO, THREE = (make_set(release) for release in (1, 2, 3))


@pytest.fixture
def store(tmp_path: Path) -> SetStore:
    """A device that has its shipped set alone."""
    shipped = tmp_path / "shipped"
    shipped.mkdir()
    make_set(0).write_as(shipped)
    return SetStore(tmp_path / "state" / "sets", shipped)


def adopt(store: SetStore, made: MadeSet) -> str:
    """Put a set into the folder, as an update does."""
    staged = StagedSet(store, made.set_id, made.manifest)
    for name, content in made.files.items():
        (staged.folder / name).write_bytes(content)
    staged.adopt()
    return made.set_id


def take(store: SetStore, made: MadeSet) -> str:
    """Put a set in use, by a trial that it passes."""
    store.begin_trial(adopt(store, made), now=1.0)
    assert store.count_try() is not None
    store.commit(made.set_id)
    return made.set_id


def test_a_device_begins_with_the_shipped_set(store: SetStore) -> None:
    assert (store.current(), store.previous(), store.trial()) == (None, None, None)
    assert find_active(store).folder == store.shipped
    assert not store.folder.exists()  # looking changes nothing


def test_the_last_two_good_sets_are_kept(store: SetStore) -> None:
    for made in (ONE, TWO, THREE):
        take(store, made)
    assert (store.current(), store.previous()) == (THREE.set_id, TWO.set_id)
    assert collect_garbage(store) == [ONE.set_id]
    assert store.is_whole(TWO.set_id)
    assert store.roll_back("worse") == TWO.set_id
    assert store.roll_back("worse, too") is None
    assert find_active(store).folder == store.shipped
    with pytest.raises(StoreError, match="shipped"):
        store.roll_back("even worse")


def test_a_set_that_was_given_up_is_not_taken_again(store: SetStore) -> None:
    take(store, ONE)
    store.roll_back("it hears worse")
    assert store.refused() == {ONE.set_id: "it hears worse"}
    assert store.floor().release == 1
    store.allow(ONE.set_id)
    assert store.refused() == {}


def test_a_health_check_that_fails(store: SetStore) -> None:
    take(store, ONE)
    store.begin_trial(adopt(store, TWO), now=1.0)
    store.drop_trial("its answers are wrong")
    assert (store.current(), store.trial()) == (ONE.set_id, None)
    assert store.refused() == {TWO.set_id: "its answers are wrong"}
    assert collect_garbage(store) == [TWO.set_id]
    assert store.floor().release == 1


def test_a_crash_loop_in_trial(store: SetStore) -> None:
    """Each start is counted before the set is loaded; after the last try it is not loaded any more."""
    take(store, ONE)
    store.begin_trial(adopt(store, TWO), now=1.0, tries=3)
    tries = [trial.tries_left for _ in range(3) if (trial := SetStore(store.folder, store.shipped).count_try())]
    assert tries == [2, 1, 0]
    assert store.count_try() is None
    assert store.trial() is None
    assert "never came to the end" in store.refused()[TWO.set_id]
    assert find_active(store).set_id == ONE.set_id


def test_a_restart_in_the_middle_of_a_trial_ends_it_not(store: SetStore) -> None:
    """The device looks for its set at each start: the tries of another one must go on counting."""
    take(store, ONE)
    store.begin_trial(adopt(store, TWO), now=1.0)
    store.count_try()
    assert find_active(SetStore(store.folder, store.shipped)).set_id == ONE.set_id
    trial = store.trial()
    assert trial is not None
    assert (trial.set, trial.tries_left) == (TWO.set_id, 2)


def test_who_only_looks_changes_nothing(store: SetStore) -> None:
    take(store, ONE)
    take(store, TWO)
    (store.folder / TWO.set_id / f"{MODEL}.md").write_text("another card")
    before = sorted((path, path.lstat().st_mtime_ns) for path in store.folder.rglob("*"))
    looked = active_set(store)
    assert sorted((path, path.lstat().st_mtime_ns) for path in store.folder.rglob("*")) == before
    assert looked.set_id == ONE.set_id
    assert looked == find_active(store)
    assert store.current() == ONE.set_id


def test_a_set_that_was_never_tried_is_not_kept(store: SetStore) -> None:
    adopt(store, ONE)
    with pytest.raises(StoreError, match="not being tried"):
        store.commit(ONE.set_id)
    assert store.current() is None


def test_only_one_set_is_tried_at_a_time(store: SetStore) -> None:
    store.begin_trial(adopt(store, ONE), now=1.0)
    with pytest.raises(StoreError, match="is being tried"):
        store.begin_trial(adopt(store, TWO), now=1.0)


def test_a_set_that_is_damaged_in_its_trial_is_not_kept(store: SetStore) -> None:
    store.begin_trial(adopt(store, ONE), now=1.0)
    (store.folder_of(ONE.set_id) / f"{MODEL}.tflite").write_bytes(b"")
    with pytest.raises(SetDamagedError):
        store.commit(ONE.set_id)
    assert store.current() is None


def flip(place: float) -> Callable[[Path], None]:
    def damage(path: Path) -> None:
        content = bytearray(path.read_bytes())
        content[min(int(place * len(content)), len(content) - 1)] ^= 0x10
        path.write_bytes(content)

    return damage


def cut(share: float) -> Callable[[Path], None]:
    def damage(path: Path) -> None:
        os.truncate(path, int(share * path.stat().st_size))

    return damage


def lengthen(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"\n")


def link(path: Path) -> None:
    path.rename(path.with_suffix(".away"))
    path.symlink_to(path.with_suffix(".away"))


def folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


DAMAGES = {
    "first byte": flip(0.0),
    "in the head": flip(0.1),
    "in the middle": flip(0.5),
    "last byte": flip(1.0),
    "emptied": cut(0.0),
    "torn": cut(0.5),
    "last byte gone": cut(0.99999),
    "longer": lengthen,
    "gone": Path.unlink,
    "a link": link,
    "a folder": folder,
}


@pytest.mark.parametrize("file", [MANIFEST, f"{MODEL}.tflite", f"{MODEL}.golden.npy", f"{MODEL}.md"])
def test_torn_and_flipped_files_of_every_kind_at_every_place(store: SetStore, tmp_path: Path, file: str) -> None:
    """The device starts with the set before, says so, and may fetch the damaged one again."""
    take(store, ONE)
    take(store, TWO)
    for name, damage in DAMAGES.items():
        kept = shutil.copytree(store.folder, tmp_path / name, symlinks=True)
        hurt = SetStore(Path(kept), store.shipped)
        if file == MANIFEST and name == "a link":
            continue  # its content is right, and it is read before anything is known of the set
        damage(hurt.folder_of(TWO.set_id) / file)
        with pytest.raises(SetDamagedError):
            verify_set(hurt.folder_of(TWO.set_id), TWO.set_id)
        active = find_active(hurt)
        assert active.set_id == ONE.set_id, name
        assert TWO.set_id in active.remark, name
        assert (hurt.current(), hurt.previous()) == (ONE.set_id, None), name
        assert hurt.floor().release == 2, name
        assert hurt.refused() == {}, name


def test_all_sets_damaged_leave_the_shipped_one(store: SetStore) -> None:
    for made in (ONE, TWO):
        take(store, made)
        (store.folder_of(made.set_id) / f"{MODEL}.md").write_bytes(b"x")
    assert find_active(store).folder == store.shipped
    assert store.current() is None


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff", b'{"set": "../../etc", "tries_left": 1, "begun": 0}'])
@pytest.mark.parametrize("record", ["trial.json", "floor.json", "refused.json"])
def test_a_damaged_record_counts_as_missing(store: SetStore, record: str, content: bytes) -> None:
    take(store, ONE)
    store.begin_trial(adopt(store, TWO), now=1.0)
    (store.folder / record).write_bytes(content)
    store.trial()
    assert store.floor().release == 1  # at least the one in use
    assert find_active(store).set_id == ONE.set_id
    store.roll_back("to write all records again")
    assert store.floor().release == 1


@pytest.mark.parametrize("name", ["", "x", "1-short", "../2-0123456789ab", "/etc", "01-0123456789ab", "1-0123456789ab"])
def test_a_link_that_leads_elsewhere_is_none(store: SetStore, name: str) -> None:
    store.folder.mkdir(parents=True)
    if name:
        (store.folder / "current").symlink_to(name)
    assert find_active(store).folder == store.shipped


def test_an_id_says_its_release() -> None:
    assert release_of(TWO.set_id) == 2
    assert not is_set_id("2-0123456789ab\n")
    with pytest.raises(ValueError, match="no id"):
        release_of("current")


def test_shapes_that_are_not_the_manifests(store: SetStore) -> None:
    wrong = ONE.manifest.replace(b"92", b"93", 1)
    made = MadeSet(1, wrong, ONE.files)
    with pytest.raises(SetDamagedError, match="shapes"):
        adopt(store, made)
    assert not store.folder_of(made.set_id).exists()


def test_a_model_that_cannot_be_loaded(tmp_path: Path) -> None:
    place = ONE.write(tmp_path)
    (place / f"{MODEL}.tflite").write_bytes(bytes(1000))
    with pytest.raises(SetDamagedError):
        verify_models(place)


def test_a_set_that_is_there_already_is_adopted_again(store: SetStore) -> None:
    adopt(store, ONE)
    adopt(store, ONE)
    (store.folder_of(ONE.set_id) / f"{MODEL}.md").unlink()
    adopt(store, ONE)
    assert store.is_whole(ONE.set_id)
    assert list(store.staging.iterdir()) == []


def test_garbage_is_what_nothing_leads_to(store: SetStore) -> None:
    take(store, ONE)
    adopt(store, TWO)
    store.begin_trial(adopt(store, THREE), now=1.0)
    (store.folder / ".soundit-0123.part").write_bytes(b"x")
    (store.staging / "stray").write_bytes(b"x")
    StagedSet(store, "9-0123456789ab", b"{}")
    StagedSet(store, "8-0123456789ab", b"{}")
    assert collect_garbage(store, keep=["9-0123456789ab"]) == [TWO.set_id]
    assert {path.name for path in store.folder.iterdir() if is_set_id(path.name)} == {ONE.set_id, THREE.set_id}
    assert [path.name for path in store.staging.iterdir()] == ["9-0123456789ab"]
    assert not (store.folder / ".soundit-0123.part").exists()


HOLD = "import sys\nfrom pathlib import Path\nfrom soundit_edge.update.sets.lock import locked\n"
HOLD += "with locked(Path(sys.argv[1]), wait=False):\n    print('held', flush=True)\n    sys.stdin.read()\n"


def test_two_updaters_at_once(store: SetStore) -> None:
    """The second says so in one line; the lock of one that was killed is free."""
    store.folder.mkdir(parents=True)
    other = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(store.lock)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        with pytest.raises(UpdateBusyError, match="Another update is running"), locked(store.lock, wait=False):
            pass
        other.kill()
        other.wait()
    with locked(store.lock, wait=False):
        pass
