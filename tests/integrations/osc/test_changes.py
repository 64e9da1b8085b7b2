"""What messages ask the device for, and in which order that is done."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Mapping
from itertools import combinations

import pytest

from soundit_edge.control.patch import DevicePatch, patch_of
from soundit_edge.control.refusals import InvalidChange, NotNow
from soundit_edge.errors import SounditError
from soundit_edge.integrations.integration import actor_of
from soundit_edge.integrations.osc import addresses
from soundit_edge.integrations.osc.changes import (
    CHANGES,
    MAX_WAITING,
    Change,
    Changes,
    OscRefusal,
    UnknownAddress,
    change_of,
)
from soundit_edge.integrations.osc.packets import Argument, Message
from tests.fakes.control import FakeControl
from tests.waiting import until


def asked(path: str, *arguments: Argument, may_open: bool = False) -> Change | None:
    return change_of(Message(f"/room{path}", arguments), "/room", may_open)


@pytest.mark.parametrize(
    ("path", "arguments", "patch"),
    [
        ("/set/mood", ("happy",), {"mood": {"emotion": "happy"}}),
        ("/set/mood", ("sad", 30), {"mood": {"emotion": "sad", "minutes": 30}}),
        ("/set/mood", ("sad", 30.0), {"mood": {"emotion": "sad", "minutes": 30}}),
        ("/set/mood", (), {"mood": None}),
        ("/set/mood", ("",), {"mood": None}),
        ("/set/policy", ("lift",), {"policy": "lift"}),
        ("/set/preset", ("dramatic",), {"preset": "dramatic"}),
        ("/set/volume", (0.25,), {"volume": 0.25}),
        ("/set/volume", (1,), {"volume": 1.0}),
        ("/set/private", (1,), {"private": True}),
        ("/set/paused", (False,), {"paused": False}),
        ("/set/paused", (1.0,), {"paused": True}),
        ("/set", ('{"locks": {"tempo": 1.2}, "muted": true}',), {"locks": {"tempo": 1.2}, "muted": True}),
    ],
)
def test_an_address_changes_what_its_name_says(
    path: str, arguments: tuple[Argument, ...], patch: dict[str, object]
) -> None:
    change = asked(path, *arguments)
    assert isinstance(change, DevicePatch)
    assert change == patch_of(patch)
    assert change.model_fields_set == set(patch)


@pytest.mark.parametrize(("arguments", "change"), [((), "next"), ((1,), "next"), ((0.0,), None), ((False,), None)])
def test_a_button_goes_on_to_the_next_track_when_it_is_pressed_and_not_when_it_is_let_go(
    arguments: tuple[Argument, ...], change: str | None
) -> None:
    assert asked("/next", *arguments) == change


def test_every_address_of_the_table_asks_for_something() -> None:
    assert tuple(CHANGES) == addresses.IN


@pytest.mark.parametrize(
    ("path", "arguments"),
    [
        ("/set/volume", (7.5,)),
        ("/set/volume", (math.nan,)),
        ("/set/volume", (math.inf,)),
        ("/set/policy", ("dance",)),
        ("/set/mood", ("sleepy",)),
        ("/set/mood", ("sad", 0)),
        ("/set/mood", ("sad", 1.5)),
        ("/set", ('{"volume": 0.5, "speaker": "off"}',)),
        ("/set", ("[1, 2]",)),
        ("/set", ('{"mood": ' + 500 * "[" + "}",)),
        ("/set", ("",)),
    ],
)
def test_a_value_that_is_not_possible_is_refused(path: str, arguments: tuple[Argument, ...]) -> None:
    with pytest.raises(InvalidChange):
        asked(path, *arguments)


@pytest.mark.parametrize(
    ("path", "arguments"),
    [
        ("/set/volume", ()),
        ("/set/volume", ("loud",)),
        ("/set/volume", (True,)),
        ("/set/volume", (0.5, 0.5)),
        ("/set/policy", (1,)),
        ("/set/private", (2,)),
        ("/set/private", ("yes",)),
        ("/set/paused", (None,)),
        ("/set/mood", (1,)),
        ("/set/mood", ("sad", True)),
        ("/set", (1,)),
        ("/next", ("now",)),
    ],
)
def test_other_arguments_are_refused_with_what_they_have_to_be(path: str, arguments: tuple[Argument, ...]) -> None:
    with pytest.raises(OscRefusal, match="needed"):
        asked(path, *arguments)


@pytest.mark.parametrize("path", ["", "/", "/set/", "/set/volumes", "/set/*", "/{set,next}", "/mood", "/SET"])
def test_what_is_no_address_is_unknown_and_a_pattern_is_none(path: str) -> None:
    with pytest.raises(UnknownAddress):
        asked(path, 1)
    with pytest.raises(UnknownAddress):
        change_of(Message("/next", ()), "/room", may_open=True)


@pytest.mark.parametrize(("path", "argument"), [("/set/private", 0), ("/set", '{"private": false}')])
def test_camera_and_microphone_are_opened_only_where_the_settings_allow_it(path: str, argument: Argument) -> None:
    with pytest.raises(OscRefusal, match="not opened by OSC"):
        asked(path, argument)
    assert asked(path, argument, may_open=True) == patch_of({"private": False})


class Asking:
    """Changes, and what was refused of them."""

    def __init__(self) -> None:
        self.device = FakeControl()
        self.refused: list[tuple[str, type[SounditError]]] = []
        self.changes = Changes(self.device, actor_of("osc"), self._refuse)

    def ask(self, address: str, patch: Mapping[str, object]) -> bool:
        return self.changes.add(address, patch_of(patch))

    async def make(self) -> None:
        """Have all that waits done."""
        running = asyncio.create_task(self.changes.run())
        await until(lambda: not self.changes.waiting)
        running.cancel()

    def _refuse(self, address: str, error: SounditError) -> None:
        self.refused.append((address, type(error)))


async def test_of_changes_of_the_same_the_newest_is_made_and_others_in_their_order() -> None:
    asking = Asking()
    for patch in ({"volume": 0.1}, {"locks": {"tempo": 1.1}}, {"locks": {"wah": 0.5}}, {"volume": 0.2}):
        assert asking.ask("/set", patch)
    assert asking.changes.add("/next", "next")
    await asking.make()
    assert asking.device.volumes == [0.2]
    assert [what for what, _ in asking.device.choices] == ["locks", "locks", "next"]
    assert asking.device.now.music.locks == {"tempo": 1.1, "wah": 0.5}


async def test_a_refusal_is_passed_on_and_is_not_the_end() -> None:
    asking = Asking()
    asking.device.songs = False
    asking.changes.add("/next", "next")
    asking.ask("/set", {"volume": 0.2})
    await asking.make()
    assert asking.refused == [("/next", NotNow)]
    assert asking.device.volumes == [0.2]


async def test_no_more_wait_than_there_is_room_for() -> None:
    asking = Asking()
    values = {"volume": 0.5, "muted": True, "policy": "lift", "private": True, "paused": True, "preset": "dramatic"}
    patches = [dict(some) for count in range(1, 7) for some in combinations(values.items(), count)]
    patches += [{**patch, "senses": {"hue": False}} for patch in patches]
    assert all(asking.ask("/set", patch) for patch in patches[:MAX_WAITING])
    assert not asking.ask("/set", patches[MAX_WAITING])
    assert asking.ask("/set", patches[0]), "it takes the place of the same"
    await asking.make()
    assert asking.ask("/set", patches[MAX_WAITING])
