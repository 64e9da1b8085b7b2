"""Trials from their beginning to their end: what is kept, what is dropped, and what stays as it was in every case."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from soundit_edge.daemon.updates.trial import runner
from soundit_edge.daemon.updates.trial.agreement import MIN_READINGS
from soundit_edge.daemon.updates.trial.limits import TrialLimits
from soundit_edge.daemon.updates.trial.outcome import TrialOutcome
from soundit_edge.emotion import Emotion
from soundit_edge.senses.own.heads import basis_of
from soundit_edge.update.sets import store as store_module
from soundit_edge.update.sets.active import find_active
from soundit_edge.update.sets.links import set_link
from soundit_edge.update.sets.records import write_record
from tests.daemon.updates.room import Home, at_home
from tests.fakes.own import head_of_noise
from tests.update.made_sets import MODEL, make_set, with_model
from tests.waiting import until

ONE, TWO = make_set(1), make_set(2)


@pytest.fixture(autouse=True)
def checked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The check of every set finds what stands here, without a process; see test_check and test_examine."""
    findings: list[str] = []

    async def check(folder: Path, set_id: str, running: Path, limits: TrialLimits) -> str:
        return findings[0] if findings else ""

    monkeypatch.setattr(runner, "check_set", check)
    monkeypatch.setattr(runner, "LOOK_S", 0.01)
    return findings


async def ended(home: Home, meanwhile: Callable[[], object] | None = None) -> TrialOutcome:
    """Make the trial that is due; return how it ends. Its time is over when enough readings have been compared."""
    trial = asyncio.create_task(home.trials.run())

    def look() -> bool:
        (meanwhile or home.show)()
        shadow = home.trials._shadow
        if shadow is not None and shadow.compared >= 2 * MIN_READINGS:
            home.trials._limits = TrialLimits(watch_s=0.0)
        return trial.done()

    await until(look, "the trial does not end")
    outcome = await trial
    assert outcome is not None
    return outcome


def dropped(home: Home, outcome: TrialOutcome, words: str) -> None:
    """Assert that a set was dropped for a reason, and that nothing of it is left."""
    assert not outcome.kept
    assert words in outcome.why
    assert outcome.why.endswith(".")
    assert home.store.current() is None
    assert home.store.trial() is None
    assert outcome.set_id in home.store.refused()
    assert not home.store.folder_of(outcome.set_id).exists()
    assert home.swap.active.set_id is None
    assert home.names == ["face"]
    assert home.trials.progress is None
    assert find_active(home.store).folder == home.store.shipped


async def test_a_healthy_set_is_kept_and_read_with(tmp_path: Path) -> None:
    async with at_home(tmp_path, watch_s=3600.0) as home:
        set_id = home.begin(ONE)
        assert await ended(home) == TrialOutcome(set_id, True, "")
        assert (home.store.current(), home.store.trial()) == (set_id, None)
        assert home.swap.active.set_id == set_id
        assert home.store.floor().release == 1
        assert home.names == ["face"]
        assert await home.trials.run() is None


async def test_its_readings_count_for_nothing_while_it_is_tried(tmp_path: Path) -> None:
    async with at_home(tmp_path, watch_s=60.0) as home:
        home.begin(ONE, Emotion.HAPPY)
        trial = asyncio.create_task(home.trials.run())

        def is_shown() -> bool:
            home.show()
            return len(home.loads.loaded) == 2 and len(home.loads.loaded[1].says[0].seen) > 5

        await until(is_shown)
        progress = home.trials.progress
        assert progress is not None
        assert (progress.stage, progress.set_id) == ("watching", ONE.set_id)
        assert home.names == ["face", "face on trial"]
        assert home.room.mood().senses["face"].emotion is Emotion.CALM
        trial.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await trial
        assert home.names == ["face"]
        due = home.store.trial()
        assert due is not None
        assert due.tries_left == 2, "it is tried again at the next start"


async def test_a_check_that_fails(tmp_path: Path, checked: list[str]) -> None:
    checked.append("body_motion: this runtime answers 80 steps off (allowed: 12)")
    async with at_home(tmp_path) as home:
        home.begin(ONE)
        dropped(home, await ended(home), "80 steps off")
        assert len(home.loads.loaded) == 1, "it was not even loaded"


async def test_a_set_that_disagrees_with_the_one_in_use(tmp_path: Path) -> None:
    async with at_home(tmp_path, watch_s=3600.0) as home:
        home.begin(ONE, Emotion.ANGRY)
        dropped(home, await ended(home), "Face: it reads something else")


async def test_a_set_whose_calls_fail_is_dropped_at_once(tmp_path: Path) -> None:
    def fail() -> None:
        raise ZeroDivisionError("no such tensor")

    def meanwhile() -> None:
        if len(home.loads.loaded) == 2:
            home.loads.loaded[1].says[0].hook = fail
        home.show()

    async with at_home(tmp_path, watch_s=3600.0) as home:
        home.begin(ONE)
        dropped(home, await ended(home, meanwhile), "Face: it fails (ZeroDivisionError: no such tensor")


async def test_a_set_that_cannot_be_loaded_here(tmp_path: Path) -> None:
    async with at_home(tmp_path) as home:
        home.loads.broken.add(home.store.folder_of(home.begin(ONE)))
        dropped(home, await ended(home), "damaged")


async def test_nobody_in_view_leaves_the_check_alone_to_decide_and_that_is_said(tmp_path: Path) -> None:
    async with at_home(tmp_path, watch_s=0.05) as home:
        set_id = home.begin(ONE)
        outcome = await ended(home, lambda: None)
        assert (outcome.set_id, outcome.kept) == (set_id, True)
        assert "nobody was seen or heard" in outcome.why


async def test_a_set_that_is_damaged_between_the_check_and_the_commit(tmp_path: Path) -> None:
    async with at_home(tmp_path, watch_s=3600.0) as home:
        model, damaged = home.store.folder_of(home.begin(ONE)) / f"{MODEL}.tflite", list[int]()

        def meanwhile() -> None:
            if len(home.loads.loaded) == 2 and not damaged:
                damaged.append(model.write_bytes(bytes(model.stat().st_size)))
            home.show()

        outcome = await ended(home, meanwhile)
        assert not outcome.kept
        assert "checksum" in outcome.why
        assert home.store.current() is None
        assert home.store.refused() == {}, "it was right where it came from"
        assert home.store.trial() is None
        assert home.swap.active.set_id is None


@pytest.mark.parametrize("fails_at", [0, 1, 2])
async def test_a_disk_that_is_full_at_the_commit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fails_at: int
) -> None:
    """At the first link, at the second, or at the floor: what is in use is what the disk says is."""
    async with at_home(tmp_path, watch_s=0.0) as home:
        set_id = home.begin(ONE)
        written: list[str] = []

        def limited(work: Callable[..., None]) -> Callable[..., None]:
            def write(path: Path, *rest: object) -> None:
                if home.trials.progress is not None:
                    written.append(path.name)
                    if len(written) > fails_at:
                        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
                work(path, *rest)

            return write

        monkeypatch.setattr(store_module, "set_link", limited(set_link))
        monkeypatch.setattr(store_module, "write_record", limited(write_record))
        outcome = await ended(home)
        in_use = home.store.current()
        assert in_use == (set_id if fails_at == 2 else None)
        assert (outcome.kept, home.swap.active.set_id) == (in_use is not None, in_use)
        assert home.store.is_whole(set_id)
        if in_use is None:
            assert "the disk is full" in outcome.why
            assert home.store.trial() is not None, "it is tried again at the next start"


async def test_a_disk_that_is_full_before_a_try_can_be_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    async with at_home(tmp_path) as home:
        home.begin(ONE)
        monkeypatch.setattr(store_module, "write_record", full)
        assert await home.trials.run() is None
        assert len(home.loads.loaded) == 1


async def test_a_set_that_brings_the_device_down_three_times_is_refused(tmp_path: Path) -> None:
    """Killed in the middle of its trial, the device starts with the set before, and counts."""
    for starts in range(3):
        async with at_home(tmp_path, watch_s=3600.0) as home:
            if starts == 0:
                home.begin(ONE)
            assert home.swap.active.set_id is None
            trial = asyncio.create_task(home.trials.run())
            await until(lambda home=home: home.trials.progress)  # type: ignore[misc]
            trial.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await trial
    async with at_home(tmp_path) as home:
        outcome = await ended(home)
        assert (outcome.kept, home.store.current(), home.store.trial()) == (False, None, None)
        assert "never came to the end of its trial" in outcome.why
        assert len(home.loads.loaded) == 1


async def test_a_lesson_is_not_disturbed(tmp_path: Path) -> None:
    async with at_home(tmp_path, watch_s=0.0) as home:
        home.begin(ONE)
        home.teaching = True
        trial = asyncio.create_task(home.trials.run())
        await until(lambda: home.trials.progress)
        await asyncio.sleep(0.05)
        assert len(home.loads.loaded) == 1
        home.teaching = False
        outcome = await trial
        assert outcome is not None
        assert outcome.kept


@pytest.mark.parametrize("changed", [False, True])
async def test_what_the_user_taught_survives_a_set_with_the_same_model(tmp_path: Path, *, changed: bool) -> None:
    """Beside another model it is not used, which is said, and used again after the way back."""
    async with at_home(tmp_path, watch_s=0.0) as home:
        basis = basis_of("gesture", home.swap.models)
        home.heads.put("gesture", head_of_noise("gesture"), basis)
        home.begin(with_model(make_set(3), MODEL, "voice_emotion") if changed else ONE)
        outcome = await ended(home)
        assert outcome.kept
        assert ("Your own gestures were learnt beside other models" in outcome.why) == changed
        used = home.heads.of("gesture", basis_of("gesture", home.swap.models))
        assert (used is None) == changed
        await home.swap.roll_back("worse")
        assert home.heads.of("gesture", basis_of("gesture", home.swap.models)) is not None
