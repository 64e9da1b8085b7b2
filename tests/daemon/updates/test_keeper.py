"""The keeper of the models: what it asks, fetches and tries, in which mode, at which time, whatever goes wrong."""

from __future__ import annotations

import asyncio
import datetime
import logging
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from soundit_edge.control.refusals import InvalidChange, NotAllowed, NotNow
from soundit_edge.daemon.updates import keeper as keeper_module
from soundit_edge.daemon.updates.timing.look_times import BACK_OFF_S, SETTLE_S, SPREAD_S
from soundit_edge.errors import SounditError
from soundit_edge.update.device.request import NO_MIRROR
from tests.daemon.updates.home import ADMIN, DAY_S, MIRROR, NIGHT, NOON, OPERATOR, SET_1, SET_2, Home
from tests.waiting import until

FIRST_S = SETTLE_S + SPREAD_S
"""After so long the first look of a device has been made."""


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[Home]:
    """A device that asks first."""
    made = Home(tmp_path)
    made.offer = SET_1
    yield made
    await made.keeper.close()


async def test_mode_ask_looks_and_shows_what_is_ready_and_fetches_nothing(home: Home) -> None:
    await home.steps()
    assert home.requests == []  # a device that starts has other things to do
    await home.pass_time(FIRST_S)
    assert [one.fetch for one in home.requests] == [False]
    assert (home.status.state, home.status.outcome) == ("ready", "")
    assert home.status.offered is not None
    assert (home.status.offered.id, home.status.offered.notes) == (SET_1.set_id, "Fewer mix-ups.")
    home.local = NIGHT
    await home.pass_time(3600)
    assert len(home.requests) == 1


async def test_ask_first_one_tap(home: Home) -> None:
    await home.pass_time(FIRST_S)
    await home.door.take(ADMIN)
    assert home.status.state == "asking"  # at once
    await home.steps()
    assert home.requests[-1].fetch
    assert (home.status.state, home.status.share) == ("checking", 0.25)
    home.trials.decide(True)
    await home.steps()
    assert home.sets.current() == SET_1.set_id
    assert home.status.in_use.release == 1
    assert home.status.in_use.notes == "It hears whispers."
    assert (home.status.state, home.status.offered) == ("idle", None)
    assert home.status.outcome == "Release 1 was tried and is kept."
    assert (home.status.counts.fetched, home.status.counts.kept) == (1, 1)


async def test_mode_automatic_fetches_in_its_hours_and_only_then(tmp_path: Path) -> None:
    home = Home(tmp_path, mode="automatic")
    home.offer = SET_1
    await home.pass_time(FIRST_S)
    assert [one.fetch for one in home.requests] == [False]  # at noon it only looks
    assert home.status.state == "ready"
    home.local = NIGHT
    await home.steps()
    assert len(home.requests) == 1  # not all devices in the same minute
    await home.pass_time(1800)
    assert [one.fetch for one in home.requests] == [False, True]
    assert home.trials.begun == [SET_1.set_id]
    await home.keeper.close()


async def test_mode_automatic_waits_for_the_next_night_where_the_hours_end_before_its_turn(tmp_path: Path) -> None:
    home = Home(tmp_path, mode="automatic")
    home.offer = SET_1
    await home.pass_time(FIRST_S)
    home.local = NIGHT
    await home.steps()
    home.local = NOON
    await home.pass_time(1800)
    assert [one.fetch for one in home.requests] == [False]
    home.local = NIGHT + datetime.timedelta(days=1)
    await home.steps()
    await home.pass_time(1000)
    assert [one.fetch for one in home.requests] == [False, True]
    await home.keeper.close()


async def test_mode_off_asks_nobody_and_does_what_is_asked_for(tmp_path: Path) -> None:
    home = Home(tmp_path, mode="off")
    home.offer = SET_1
    home.local = NIGHT
    await home.pass_time(30 * DAY_S)
    home.plug_in("STICK")
    await home.steps()
    assert home.requests == []
    await home.door.look(ADMIN)
    await home.steps()
    assert [one.fetch for one in home.requests] == [False]


async def test_the_mode_can_be_changed_while_it_runs(home: Home) -> None:
    await home.pass_time(FIRST_S)
    home.local = NIGHT
    home.set(mode="automatic")
    await home.steps()
    await home.pass_time(1800)
    assert home.requests[-1].fetch


async def test_no_mirror_asks_nobody_and_says_how_to_name_one(tmp_path: Path) -> None:
    home = Home(tmp_path, mirrors=())
    await home.pass_time(FIRST_S)
    assert home.requests == []
    assert not home.status.mirrors
    with pytest.raises(NotNow, match="name one in the settings"):
        await home.door.look(ADMIN)


async def test_the_mirror_list_is_asked_in_its_order(tmp_path: Path) -> None:
    home = Home(tmp_path, mirrors=("https://one.example", "http://two.example/x", "file:///srv/three"))
    await home.pass_time(FIRST_S)
    assert home.requests[0].mirrors == ("https://one.example", "http://two.example/x", "file:///srv/three")


async def test_it_looks_every_so_often_give_or_take(home: Home) -> None:
    await home.pass_time(FIRST_S)
    await home.pass_time(0.85 * DAY_S)
    assert len(home.requests) == 1
    await home.pass_time(0.25 * DAY_S)
    assert len(home.requests) == 2
    home.set(look_every_h=1)
    await home.pass_time(4000)
    assert len(home.requests) == 3


async def test_what_it_knows_survives_a_restart(home: Home) -> None:
    await home.pass_time(FIRST_S)
    before = home.status
    home.start()
    await home.pass_time(FIRST_S)
    assert len(home.requests) == 1  # it has looked today
    assert home.status == before
    await home.pass_time(1.1 * DAY_S)
    assert len(home.requests) == 2


@pytest.mark.parametrize("jump_s", [-400 * DAY_S, 400 * DAY_S])
async def test_a_clock_that_jumps_brings_no_look_forward_and_puts_none_off(home: Home, jump_s: float) -> None:
    await home.pass_time(FIRST_S)
    home.wall += jump_s
    await home.pass_time(0.5 * DAY_S)
    assert len(home.requests) == 1
    await home.pass_time(0.6 * DAY_S)
    assert len(home.requests) == 2


async def test_a_look_of_the_future_is_one_of_now(home: Home) -> None:
    """A device without a clock of its own starts in the year that it was made in."""
    await home.pass_time(FIRST_S)
    home.wall -= 400 * DAY_S
    home.start()
    await home.pass_time(1.1 * DAY_S)
    assert len(home.requests) == 2


async def test_network_gone_for_ever_is_one_line_and_ever_fewer_looks(
    home: Home, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    home.fault = f"{MIRROR}: the mirror cannot be reached (no route)"

    async def looks_in(days: int, every_s: float) -> int:
        before = len(home.requests)
        for _ in range(int(days * DAY_S / every_s)):
            home.mono += every_s
            await home.steps(2)
        return len(home.requests) - before

    assert 6 <= await looks_in(1, 900) <= 8
    assert await looks_in(4, 3600) <= 5
    assert sum("cannot be reached" in line for line in caplog.messages) == 1
    assert (home.status.outcome, home.status.failed) == (home.fault, True)
    home.fault = ""
    await home.pass_time(1.1 * DAY_S)
    assert not home.status.failed


async def test_after_a_failure_it_tries_again_soon(home: Home) -> None:
    home.fault = "no"
    await home.pass_time(FIRST_S)
    home.fault = ""
    await home.pass_time(1.2 * BACK_OFF_S)
    assert home.status.state == "ready"


async def test_an_automatic_fetch_that_fails_is_not_tried_over_and_over(tmp_path: Path) -> None:
    home = Home(tmp_path, mode="automatic")
    home.offer = SET_1
    await home.pass_time(FIRST_S)
    home.local, home.fault = NIGHT, "The disk is nearly full."
    await home.steps()
    await home.pass_time(1800)
    for _ in range(10):
        await home.pass_time(60)
    assert [one.fetch for one in home.requests] == [False, True]


async def test_a_usb_stick_comes_and_goes(tmp_path: Path) -> None:
    home = Home(tmp_path, mirrors=())
    home.offer = SET_1
    await home.steps()
    assert not home.status.mirrors
    stick = home.plug_in("MODELS")
    await home.steps()
    assert home.status.mirrors
    assert [(one.fetch, one.mirrors) for one in home.requests] == [(False, (f"{stick.as_uri()}/soundit-models",))]
    assert home.status.state == "ready"  # whoever plugs it in is asked
    home.sticks = ()
    await home.steps()
    assert not home.status.mirrors
    with pytest.raises(NotNow):
        await home.door.take(ADMIN)
    await home.pass_time(10 * DAY_S)
    assert len(home.requests) == 1


async def test_a_stick_that_is_plugged_in_is_asked_first_and_taken_at_once_where_that_is_the_mode(
    tmp_path: Path,
) -> None:
    home = Home(tmp_path, mode="automatic")
    home.offer = SET_1
    await home.steps()
    stick = home.plug_in("MODELS")
    await home.steps()
    assert home.requests[0].fetch
    assert home.requests[0].mirrors[0] == f"{stick.as_uri()}/soundit-models"
    await home.keeper.close()


async def test_a_stick_that_was_there_at_the_start_or_has_no_models_asks_for_nothing(tmp_path: Path) -> None:
    home = Home(tmp_path, mirrors=())
    home.plug_in("THERE")
    await home.steps()
    (tmp_path / "media" / "MUSIC").mkdir()
    home.sticks = (*home.sticks, tmp_path / "media" / "MUSIC")
    await home.steps()
    assert home.requests == []


async def test_sticks_can_be_switched_off(tmp_path: Path) -> None:
    home = Home(tmp_path, mirrors=(), sticks=False)
    await home.steps()
    home.plug_in("MODELS")
    await home.steps()
    assert not home.status.mirrors


async def test_progress_is_shown(home: Home) -> None:
    await home.pass_time(FIRST_S)
    home.held = True
    await home.door.take(ADMIN)
    await home.steps(1)
    await until(lambda: home.status.state == "fetching")
    assert home.status.share == 0.25
    home.held = False
    await until(lambda: home.keeper.busy is None)


async def test_a_fetch_that_is_stopped_leaves_everything_as_it_was(home: Home) -> None:
    await home.pass_time(FIRST_S)
    home.held = True
    await home.door.take(ADMIN)
    await home.steps(1)
    await until(lambda: home.status.state == "fetching")
    await home.door.stop(ADMIN)
    assert home.status.state == "ready"
    assert home.status.outcome == "It was stopped; the next time goes on from there."
    with pytest.raises(NotNow, match="Nothing is being fetched"):
        await home.door.stop(ADMIN)
    home.held = False
    await home.door.take(ADMIN)
    await home.steps()
    assert home.trials.begun == [SET_1.set_id]


@pytest.mark.parametrize("turns", range(0, 60, 10))
async def test_cancellation_anywhere_leaves_a_whole_state(home: Home, turns: int) -> None:
    """The device is switched off at any turn of the event loop, from a tap until the set is kept."""
    home.trials.decide(True)
    await home.pass_time(FIRST_S)
    await home.door.take(ADMIN)
    running = asyncio.create_task(home.keeper.run())
    for _ in range(turns):
        await asyncio.sleep(0.0005)
    running.cancel()
    await asyncio.wait({running})
    assert running.cancelled()
    assert home.sets.is_whole(home.sets.current())
    home.start()
    home.trials.decide(True)
    await home.steps(4)
    await home.door.take(ADMIN)
    await home.steps(6)
    assert home.sets.current() == SET_1.set_id
    assert home.swap.active.set_id == SET_1.set_id


async def test_a_trial_that_another_process_has_begun_is_made(home: Home) -> None:
    home.put_on_trial(SET_2)
    await home.steps()
    assert home.trials.begun == [SET_2.set_id]
    assert home.requests == []
    with pytest.raises(NotNow, match="under way"):
        await home.door.take(ADMIN)


async def test_a_trial_that_was_cut_off_is_made_at_the_next_start(home: Home) -> None:
    home.put_on_trial(SET_2)
    await home.steps()
    await home.keeper.close()
    home.start()
    await home.steps()
    assert home.trials.begun == [SET_2.set_id]


async def test_a_set_that_is_not_kept_is_not_taken_again_and_can_be_allowed(home: Home) -> None:
    await home.pass_time(FIRST_S)
    await home.door.take(ADMIN)
    home.trials.decide(False, "its answers differ")
    await home.steps()
    assert home.status.outcome == "Release 1 was tried and is not kept: its answers differ"
    assert (home.status.failed, home.status.offered, home.status.counts.dropped) == (True, None, 1)
    (refused,) = (await home.door.updates()).refused
    assert (refused.id, refused.why) == (SET_1.set_id, "its answers differ")
    await home.door.allow(SET_1.set_id, ADMIN)
    assert (await home.door.updates()).refused == ()
    await home.door.look(ADMIN)
    await home.steps()
    assert home.status.state == "ready"
    with pytest.raises(InvalidChange):
        await home.door.allow("9-000000000000", ADMIN)


async def test_a_trial_that_cannot_be_counted_is_not_begun_over_and_over(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries = []

    async def run() -> None:
        tries.append(1)

    monkeypatch.setattr(home.trials, "run", run)
    home.put_on_trial(SET_2)
    for _ in range(5):
        await home.steps()
    assert len(tries) == 1


async def test_revoked_while_in_use_it_is_left_at_once(home: Home) -> None:
    home.use(SET_1)
    home.offer = None
    await home.steps()
    home.sets.refuse(SET_1.set_id, "its publisher has revoked it")  # as any updater does
    await home.steps()
    assert home.swap.active.set_id is None
    assert home.sets.current() is None
    assert home.status.outcome == "Release 1 is not used any more: its publisher has revoked it"
    assert home.status.counts.rolled_back == 1


async def test_revoked_while_it_is_tried_the_trial_ends(home: Home) -> None:
    home.put_on_trial(SET_2)
    await home.steps()
    assert home.trials.progress is not None
    home.sets.refuse(SET_2.set_id, "its publisher has revoked it")
    await home.steps()
    assert home.trials.progress is None
    assert home.status.outcome == "Release 2 was tried and is not kept: its publisher has revoked it"
    assert home.keeper.busy is None


async def test_what_the_command_line_has_changed_is_followed(home: Home) -> None:
    home.use(SET_1)
    home.offer = None
    await home.steps()
    assert home.swap.active.set_id == SET_1.set_id
    home.sets.roll_back("you went back from it")
    home.sets.pin(pinned=True)
    await home.steps()
    assert home.swap.active.set_id is None
    assert home.status.pinned
    assert home.status.in_use.shipped


async def test_a_set_that_cannot_be_used_is_said_once_and_the_present_one_stays(home: Home) -> None:
    home.use(SET_1)
    await home.steps()
    home.swap.fault = SounditError("a model of it cannot be loaded")
    home.sets.roll_back("you went back from it")
    for _ in range(3):
        await home.steps()
    assert home.status.outcome == "a model of it cannot be loaded"
    assert home.status.counts.failed <= 2


async def test_go_back_by_hand(home: Home) -> None:
    home.use(SET_1)
    home.use(SET_2)
    home.offer = None
    await home.steps()
    assert home.status.back
    await home.door.go_back(ADMIN)
    assert (home.swap.active.set_id, home.status.in_use.release) == (SET_1.set_id, 1)
    assert home.status.outcome == "You went back from release 2."
    await home.steps()
    assert home.swap.active.set_id == SET_1.set_id
    await home.door.go_back(ADMIN)
    assert home.status.in_use.shipped
    assert not home.status.back
    with pytest.raises(NotNow, match="none to go back to"):
        await home.door.go_back(ADMIN)


async def test_going_back_is_refused_while_something_is_done_and_where_it_fails(home: Home) -> None:
    home.use(SET_1)
    await home.steps()
    home.put_on_trial(SET_2)
    await home.steps()
    with pytest.raises(NotNow, match="under way"):
        await home.door.go_back(ADMIN)
    home.trials.decide(False, "no")
    await home.steps()
    home.swap.fault = SounditError("a model of it cannot be loaded")
    with pytest.raises(NotNow, match="cannot be loaded"):
        await home.door.go_back(ADMIN)


async def test_pin_and_unpin(home: Home) -> None:
    await home.door.pin(True, ADMIN)
    assert home.status.pinned
    await home.door.pin(False, ADMIN)
    assert not home.status.pinned


async def test_a_pinned_set_is_not_replaced_by_itself(tmp_path: Path) -> None:
    home = Home(tmp_path, mode="automatic")
    home.offer = SET_1
    await home.pass_time(FIRST_S)
    await home.door.pin(True, ADMIN)
    home.local = NIGHT
    await home.steps()
    await home.pass_time(1800)
    assert [one.fetch for one in home.requests] == [False]


async def test_only_administrators_may(home: Home) -> None:
    door = home.door
    for attempt in (
        door.look(OPERATOR),
        door.take(OPERATOR),
        door.stop(OPERATOR),
        door.go_back(OPERATOR),
        door.pin(True, OPERATOR),
        door.allow("x", OPERATOR),
    ):
        with pytest.raises(NotAllowed):
            await attempt
    assert (await door.updates()).now == home.status


async def test_a_disk_that_cannot_be_written_is_said(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**_: object) -> None:
        raise SounditError("sets: cannot be written (read-only); the set in use stays.")

    monkeypatch.setattr(home.sets, "pin", refuse)
    with pytest.raises(NotNow, match="read-only"):
        await home.door.pin(True, ADMIN)


async def test_it_runs_until_it_is_cancelled_and_hears_a_tap_at_once(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeper_module, "POLL_S", 1e6)
    running = asyncio.create_task(home.keeper.run())
    await home.rest()
    await home.door.look(ADMIN)
    await until(lambda: home.status.state == "ready")
    running.cancel()
    await asyncio.wait({running})


def test_the_words_for_no_mirror_say_what_to_do() -> None:
    assert "Mirrors" in NO_MIRROR
    assert "soundit-models" in NO_MIRROR


def test_the_keeper_brings_no_updater_into_the_daemon() -> None:
    """Neither TUF nor its cryptography, and nothing that speaks HTTP for it."""
    program = (
        "import sys\nimport soundit_edge.daemon.updates.keeper, soundit_edge.daemon.updates.door\n"
        "print(*sorted({'tuf', 'securesystemslib', 'urllib3', 'http.client'} & sys.modules.keys()))\n"
        "print(*(name for name in sys.modules if name.startswith('cryptography')))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
