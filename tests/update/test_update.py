"""One update from the look at the mirrors to the trial."""

from __future__ import annotations

from soundit_edge.update.limits import UpdateLimits
from soundit_edge.update.messages import UpdateStage
from soundit_edge.update.sets.active import find_active
from tests.update.made_sets import make_set
from tests.update.receiver import Receiver
from tests.update.repository import Repository


def test_a_set_is_fetched_tried_and_kept(device: Receiver, repository: Repository) -> None:
    made = make_set(1, notes="Hears better.")
    repository.offer(made)
    result = device.update()
    assert (result.ended, result.set_id, result.notes) == ("fetched", made.set_id, "Hears better.")
    trial = device.store.trial()
    assert trial is not None
    assert (trial.set, trial.tries_left) == (made.set_id, 3)
    assert device.store.current() is None
    device.store.commit(made.set_id)
    assert device.store.current() == made.set_id
    assert device.store.floor().release == 1
    assert device.store.is_whole(made.set_id)


def test_what_is_offered_is_said_and_not_fetched(device: Receiver, repository: Repository) -> None:
    made = make_set(1, notes="Hears better.")
    repository.offer(made)
    result = device.update(fetch=False)
    assert (result.ended, result.set_id, result.notes) == ("offered", made.set_id, "Hears better.")
    assert result.bytes == sum(map(len, made.files.values()))
    assert device.store.trial() is None


def test_nothing_new_is_said_with_its_reason(device: Receiver, repository: Repository) -> None:
    assert "offer no model set" in device.update().why
    repository.offer(make_set(1))
    device.take()
    result = device.update()
    assert result.ended == "nothing"
    assert "it is in use" in result.why


def test_a_file_that_an_earlier_set_has_is_not_fetched_again(device: Receiver, repository: Repository) -> None:
    repository.offer(make_set(1))
    assert device.update().missing < 100  # the model and its golden answer are the shipped set's: only the card is new
    assert not any("+" in asked for asked in device.mirrors.asked)
    first = make_set(1)
    model = repository.place_of(first.files["body_motion.tflite"])
    assert model not in device.mirrors.asked


def test_progress_is_heard_until_the_set_is_whole(device: Receiver, repository: Repository) -> None:
    made = make_set(1, card=bytes(100_000))
    repository.offer(made)
    device.update()
    stages = [heard.stage for heard in device.heard]
    assert stages[0] == UpdateStage.ASKING
    assert stages[-1] == UpdateStage.CHECKING
    fetching = [heard for heard in device.heard if heard.stage == UpdateStage.FETCHING]
    done = [heard.done for heard in fetching]
    assert done == sorted(done)
    assert done[-1] == fetching[-1].total == sum(map(len, made.files.values()))


def test_a_pinned_set_stays(device: Receiver, repository: Repository) -> None:
    repository.offer(make_set(1))
    device.store.pin(pinned=True)
    result = device.update()
    assert result.ended == "nothing"
    assert "pinned" in result.why
    device.store.pin(pinned=False)
    device.store.pin(pinned=False)
    assert device.update().ended == "fetched"


def test_a_set_that_was_refused_comes_again_only_when_asked_for(device: Receiver, repository: Repository) -> None:
    made = make_set(1)
    repository.offer(made)
    device.update()
    device.store.drop_trial("it is too slow")
    assert "refused" in device.update().why
    assert device.update(again=True).set_id == made.set_id
    assert device.store.refused() == {}


def test_no_second_set_is_fetched_during_a_trial(device: Receiver, repository: Repository) -> None:
    repository.offer(make_set(1))
    device.update()
    repository.offer(make_set(2))
    assert "is being tried" in device.update().why


def test_a_set_that_the_disk_has_damaged_is_fetched_again(device: Receiver, repository: Repository) -> None:
    """It is of the same release, which the floor would keep out otherwise."""
    made = make_set(1)
    repository.offer(made)
    device.take()
    (device.store.folder_of(made.set_id) / "body_motion.md").write_bytes(b"")
    assert find_active(device.store).set_id is None
    assert device.take() == made.set_id


def test_a_revoked_set_in_use_is_left_at_the_next_start_at_the_latest(device: Receiver, repository: Repository) -> None:
    made = make_set(1)
    repository.offer(made)
    device.take()
    device.store.refuse(made.set_id, "its publisher has revoked it")
    active = find_active(device.store)
    assert active.set_id is None
    assert "revoked" in active.remark
    assert device.store.current() is None


def test_a_disk_that_is_nearly_full(device: Receiver, repository: Repository) -> None:
    repository.offer(make_set(1))
    device.limits = UpdateLimits(spare=1 << 60)
    result = device.update()
    assert result.ended == "failed"
    assert "nearly full" in result.why
