"""What every control surface promises, held by the device's own and by the fake that the page is tested with."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from soundit_edge.control.actor import Actor, Kind, Role
from soundit_edge.control.control import Control
from soundit_edge.control.events import SettingsChanged
from soundit_edge.control.patch import DevicePatch, LockPatch, ManualMood, patch_of
from soundit_edge.control.refusals import InvalidChange, NotAllowed, NotNow
from soundit_edge.emotion import Emotion
from tests.daemon.bench import Bench
from tests.fakes.control import FakeControl

OPERATOR = Actor(Kind.INTEGRATION, Role.OPERATOR, "mqtt")
VIEWER = Actor(Kind.PAGE, Role.VIEWER, "guest")


def bench(path: Path) -> Control:
    return Bench(path).controller


def fake(_: Path) -> Control:
    control = FakeControl()
    control.songs = False
    return control


@pytest.fixture(params=[bench, fake], ids=["device", "fake"])
def control(request: pytest.FixtureRequest, tmp_path: Path) -> Control:
    make: Callable[[Path], Control] = request.param
    return make(tmp_path / "settings.toml")


def chosen(control: Control) -> tuple[object, ...]:
    status = control.status()
    return status.volume, status.music.policy, status.music.preset, status.music.locks


async def test_a_change_is_in_force_when_it_was_made(control: Control) -> None:
    await control.change(patch_of({"volume": 0.25, "policy": "calm", "locks": {"tempo": 1.5, "wah": 0.5}}), OPERATOR)
    await control.change(patch_of({"preset": "dramatic", "locks": {"wah": None}}), OPERATOR)
    assert chosen(control) == (0.25, "calm", "dramatic", {"tempo": 1.5})


async def test_what_lasts_while_the_device_runs_is_shown_at_once(control: Control) -> None:
    await control.change(
        patch_of({"paused": True, "muted": True, "mood": {"emotion": "calm", "minutes": 5}, "play": "compose"}),
        OPERATOR,
    )
    status = control.status()
    assert (status.music.paused, status.music.muted, status.music.source) == (True, True, "compose")
    assert status.override is not None
    assert status.override.emotion is Emotion.CALM
    assert status.override.until_s - status.t == pytest.approx(300.0, abs=11.0)
    await control.change(patch_of({"paused": False, "muted": False, "mood": None, "play": "theme"}), OPERATOR)
    status = control.status()
    assert (status.music.paused, status.music.muted, status.music.source) == (False, False, "theme")
    assert status.override is None


async def test_the_scene_is_shown_at_once_and_no_path_is_one(control: Control) -> None:
    await control.change(patch_of({"scene": "tide"}), OPERATOR)
    assert control.status().scene == "tide"
    for scene in ("../tide", "Tide", "x" * 41, "tide\n", None):
        with pytest.raises(InvalidChange):
            await control.change(patch_of({"scene": scene}), OPERATOR)
    await control.change(patch_of({"scene": ""}), OPERATOR)
    assert control.status().scene == ""


async def test_what_is_left_out_stays(control: Control) -> None:
    before = chosen(control)
    await control.change(DevicePatch(), OPERATOR)
    assert chosen(control) == before


@pytest.mark.parametrize(
    "patch",
    [
        DevicePatch.model_construct({"volume"}, volume=7.5),
        DevicePatch.model_construct({"policy"}, policy="cheer"),
        DevicePatch.model_construct({"volume", "play"}, volume=0.1, play="jazz"),
        DevicePatch.model_construct(
            {"volume", "mood"},
            volume=0.1,
            mood=ManualMood.model_construct({"emotion", "minutes"}, emotion=Emotion.CALM, minutes=0),
        ),
        DevicePatch.model_construct({"locks"}, locks=LockPatch.model_construct({"tempo"}, tempo=9.0)),
        DevicePatch.model_construct(
            {"volume", "locks"}, volume=0.1, locks=LockPatch.model_construct({"tempo"}, tempo=9.0)
        ),
    ],
    ids=["volume", "policy", "play", "mood", "lock", "one of two"],
)
async def test_a_patch_that_went_round_its_own_checks_is_refused_whole(control: Control, patch: DevicePatch) -> None:
    before = chosen(control)
    with pytest.raises(InvalidChange):
        await control.change(patch, OPERATOR)
    assert chosen(control) == before


async def test_a_viewer_may_look_but_not_change_anything(control: Control) -> None:
    before = control.status()
    with pytest.raises(NotAllowed):
        await control.change(patch_of({"volume": 0.1}), VIEWER)
    with pytest.raises(NotAllowed):
        await control.rate("liked", VIEWER)
    with pytest.raises(NotAllowed):
        await control.play_song(1, VIEWER)
    with pytest.raises(NotAllowed):
        await control.next_track(VIEWER)
    assert control.status() == before


async def test_a_change_is_an_event_that_says_who_made_it(control: Control) -> None:
    async with control.events() as events:
        await control.change(patch_of({"volume": 0.25, "locks": {"tempo": 1.5}}), OPERATOR)
        event = await anext(events)
    assert isinstance(event, SettingsChanged)
    assert event.by == OPERATOR
    assert (event.music.volume, event.music.lock.chosen()) == (0.25, {"tempo": 1.5})


async def test_nothing_happens_before_somebody_subscribes(control: Control) -> None:
    await control.change(patch_of({"volume": 0.25}), OPERATOR)
    async with control.events() as events:
        await control.change(patch_of({"volume": 0.5}), OPERATOR)
        event = await anext(events)
    assert isinstance(event, SettingsChanged)
    assert event.music.volume == 0.5


async def test_a_wrong_moment_is_refused_and_changes_nothing(control: Control) -> None:
    before = control.status()
    with pytest.raises(NotNow):
        await control.next_track(OPERATOR)
    with pytest.raises(NotNow):
        await control.rate("liked", OPERATOR)
    with pytest.raises(NotNow):
        await control.play_song(1, OPERATOR)
    assert control.status() == before


def test_the_status_can_always_be_sent(control: Control) -> None:
    assert control.status().model_dump_json().startswith('{"version":')
