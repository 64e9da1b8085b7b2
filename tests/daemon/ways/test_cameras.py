"""Several cameras, cameras in the network, and how each hangs: opened, changed and lost while the device runs."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from pydantic import SecretStr

from soundit_edge.capture.capture import CaptureError, Frame, Sound
from soundit_edge.capture.network import limits
from soundit_edge.control.actor import Actor, Kind, Role
from soundit_edge.control.refusals import NotNow
from soundit_edge.daemon.ways import source as source_module
from soundit_edge.daemon.ways.inputs import WITHHELD
from soundit_edge.settings import PrivacySettings
from soundit_edge.settings.cameras import CameraSettings, CamerasSettings, FurtherCameraSettings
from tests.daemon.ways.test_inputs import USUAL, Machine, described, machine, started
from tests.fakes.camera_server import CameraServer, Peer, asking_for, basic, streaming
from tests.waiting import until

__all__ = ["machine"]

ADMIN = Actor(Kind.PAGE, Role.ADMIN)
ONE = replace(USUAL, microphone="off", camera="0")


def further(source: str, **more: object) -> FurtherCameraSettings:
    return FurtherCameraSettings.model_validate({"source": source, **more})


@pytest.fixture(autouse=True)
def _quick_retry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source_module, "RETRY_S", 0.005)
    monkeypatch.setattr(source_module, "MAX_RETRY_S", 0.02)


def cameras_in(seen: list[Frame | Sound]) -> set[int]:
    return {item.camera for item in list(seen) if isinstance(item, Frame)}


async def test_three_cameras_at_once_each_with_its_number(machine: Machine) -> None:
    seen: list[Frame | Sound] = []
    chosen = CamerasSettings(second=further("2"), third=further("4"))
    async with started(replace(ONE, cameras=chosen), seen) as inputs:
        await until(lambda: cameras_in(seen) == {0, 1, 2})
        assert [source.name for source in inputs.sources] == ["camera 0", "camera 2", "camera 4"]
    assert sorted(map(str, machine.asked)) == ["0", "2", "4"]


async def test_a_camera_that_is_named_twice_is_opened_once(machine: Machine) -> None:
    chosen = CamerasSettings(second=further("0"), third=further("auto"))
    async with started(replace(ONE, cameras=chosen)) as inputs:
        assert [source.name for source in inputs.sources] == ["camera 0"]


async def test_one_of_several_that_is_lost_leaves_the_others(machine: Machine) -> None:
    with CameraServer(streaming()) as server:
        seen: list[Frame | Sound] = []
        chosen = CamerasSettings(second=further(f"http://{server.host}/"))
        async with started(replace(ONE, cameras=chosen), seen) as inputs:
            await until(lambda: cameras_in(seen) == {0, 1})
            machine.webcam.plugged = False
            await until(lambda: ("camera", "lost") in described(inputs))
            seen.clear()
            await until(lambda: cameras_in(seen) == {1})
            machine.webcam.plugged = True
            await until(lambda: cameras_in(seen) == {0, 1})


async def test_where_the_first_is_off_so_are_the_others(machine: Machine) -> None:
    async with started(replace(ONE, camera="off", cameras=CamerasSettings(second=further("2")))) as inputs:
        assert inputs.sources == []


async def test_in_private_all_are_closed(machine: Machine) -> None:
    with CameraServer(streaming()) as server:
        chosen = CamerasSettings(second=further(f"http://{server.host}/"))
        async with started(replace(ONE, cameras=chosen)) as inputs:
            await until(lambda: all(source.is_open for source in inputs.sources))
            inputs.follow(PrivacySettings(private=True), ADMIN)
            await until(lambda: described(inputs) == [("camera", "off")] * 2)
            await until(lambda: not inputs.camera_open)


async def test_a_camera_of_the_settings_that_has_no_power_yet_is_waited_for(machine: Machine) -> None:
    with CameraServer(streaming()) as server:
        address = f"http://{server.host}/"
        server.serve = Peer.close
        seen: list[Frame | Sound] = []
        async with started(replace(ONE, camera=address), seen) as inputs:
            await until(lambda: described(inputs) == [("camera", "lost")])
            server.serve = streaming()
            await until(lambda: seen)
            assert described(inputs) == [("camera", "on")]
            server.hang_up()
            await until(lambda: server.connections > 2)
            seen.clear()
            await until(lambda: seen)


async def test_a_camera_that_the_command_names_has_to_be_there(machine: Machine) -> None:
    with CameraServer(Peer.close) as server, pytest.raises(ExceptionGroup) as failures:
        async with started(replace(ONE, camera=f"http://{server.host}/", camera_given=True)):
            pass
    assert failures.group_contains(CaptureError, match="does not speak HTTP")


async def test_a_camera_is_chosen_by_its_address_and_login(machine: Machine) -> None:
    guarded = asking_for(lambda given: given == basic("admin", "s@x"), 'Basic realm="cam"', streaming())
    with CameraServer(guarded) as server:
        async with started(ONE) as inputs:
            with pytest.raises(NotNow, match="does not accept this user name") as refusal:
                await inputs.choose("camera", f"http://admin:geheim@{server.host}/")
            assert "geheim" not in str(refusal.value)
            assert inputs.chosen["camera"] == "0"
            await inputs.choose("camera", f"http://admin:s%40x@{server.host}/")
            assert inputs.chosen["camera"] == f"http://{server.host}/"
            assert [source.name for source in inputs.sources] == [f"camera at {server.host}"]


async def test_a_camera_is_turned_while_it_runs(machine: Machine) -> None:
    seen: list[Frame | Sound] = []
    async with started(ONE, seen) as inputs:
        await until(lambda: seen)
        inputs.follow_cameras(("0", CamerasSettings(first=CameraSettings(rotation="90"))), ADMIN)
        await until(lambda: isinstance(seen[-1], Frame) and seen[-1].rgb.shape == (640, 480, 3))
        assert machine.asked == [0, 0]
        inputs.follow_cameras(("0", CamerasSettings(first=CameraSettings(rotation="90"))), ADMIN)
        await asyncio.sleep(0)
        assert machine.asked == [0, 0], "nothing is opened again where nothing has changed"


class Thief:
    """Asks everybody for a login, and remembers what it was sent."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, peer: Peer) -> None:
        self.asked.append(peer.head())
        peer.send('HTTP/1.1 401 No\r\nWWW-Authenticate: Basic realm="x"\r\nContent-Length: 0\r\n\r\n')

    @property
    def was_shown_a_login(self) -> bool:
        return any("Authorization" in head for head in self.asked)


async def test_attack_the_password_of_the_settings_is_not_shown_to_the_commands_camera(machine: Machine) -> None:
    """It is of another host; and somebody turns the camera meanwhile."""
    thief = Thief()
    own = CameraSettings(user="admin", password=SecretStr("geheim"), mirrored=True)
    with CameraServer(thief) as server:
        async with started(replace(ONE, camera=f"http://{server.host}/")) as inputs:
            await until(lambda: server.connections)
            before = server.connections
            inputs.follow_cameras(("http://porch/", CamerasSettings(first=own)), ADMIN)
            await until(lambda: server.connections > before + 2)
    assert thief.asked
    assert not thief.was_shown_a_login


async def test_attack_a_camera_whose_address_was_changed_by_hand_is_not_shown_the_login(machine: Machine) -> None:
    thief = Thief()
    login = {"user": "admin", "password": SecretStr("geheim"), "login_for": "http://porch:80"}
    with CameraServer(thief) as server:
        second = further(f"http://{server.host}/").model_copy(update=login)
        async with started(replace(ONE, cameras=CamerasSettings(second=second))) as inputs:
            await until(lambda: len(thief.asked) > 1)
            assert "asks for a user name and a password" in inputs.sources[1].note
    assert not thief.was_shown_a_login


async def test_a_camera_that_needs_no_login_says_that_it_is_not_sent_one(machine: Machine) -> None:
    login = {"user": "admin", "password": SecretStr("geheim"), "login_for": "http://porch:80"}
    with CameraServer(streaming()) as server:
        second = further(f"http://{server.host}/").model_copy(update=login)
        async with started(replace(ONE, cameras=CamerasSettings(second=second))) as inputs:
            await until(lambda: inputs.sources[1].state == "on" and inputs.sources[1].is_open)
            assert inputs.sources[1].note == WITHHELD


async def test_a_camera_that_says_nothing_holds_up_neither_the_start_nor_the_end(machine: Machine) -> None:
    """Its opening is given up in ten seconds, which nobody waits for."""
    with CameraServer(lambda peer: peer.stall()) as server:
        chosen = CamerasSettings(second=further(f"http://{server.host}/"))
        seen: list[Frame | Sound] = []
        async with started(replace(ONE, cameras=chosen), seen):
            await until(lambda: seen)
            await until(lambda: server.connections)
    assert limits.OPEN_S == 10
