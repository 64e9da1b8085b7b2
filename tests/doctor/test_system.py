"""The doctor's checks of clock, network, service, program and settings, over files that stand for a computer."""

from __future__ import annotations

import pytest

from soundit_edge.doctor.checks import clock, models, network, places, program, service
from soundit_edge.settings import SettingsError
from soundit_edge.update.sets.set_id import is_set_id
from tests.doctor.world import World, answering, silent

ROUTE = "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n"
DEFAULT = "eth0\t00000000\t0101A8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0\n"
LOCAL = "eth0\t0001A8C0\t00000000\t0001\t0\t0\t100\t00FFFFFF\t0\t0\t0\n"
DEFAULT_6 = f"{'0' * 32} 00 {'0' * 32} 00 fe80{'0' * 28} 00000400 00000001 00000000 00000003     eth0\n"
UNREACHABLE_6 = f"{'0' * 32} 00 {'0' * 32} 00 {'0' * 32} ffffffff 00000001 00000000 00200200       lo\n"


def test_a_clock_before_the_program_was_installed(world: World) -> None:
    world.change(now=lambda: 1000.0)
    (finding,) = world.look(clock.CHECK)
    assert finding.state == "bad"
    assert "before this program was installed" in finding.text
    assert "timedatectl" in finding.mend


def test_a_clock_that_nobody_says_anything_about_is_well(world: World) -> None:
    assert world.states(clock.CHECK) == ["ok"]


@pytest.mark.parametrize(("said", "state"), [("yes\n", "ok"), ("no\n", "note"), ("", "ok")])
def test_whether_the_clock_is_kept_right(world: World, said: str, state: str) -> None:
    world.write("run/systemd/system/x")
    world.said["timedatectl"] = said
    assert world.states(clock.CHECK) == [state]


def test_timesyncd_has_set_the_clock(world: World) -> None:
    world.write("run/systemd/timesync/synchronized")
    (finding,) = world.look(clock.CHECK)
    assert finding.text.endswith("kept right from the network")


def connect(world: World, flags: str = "0x1003") -> None:
    world.write("sys/class/net/lo/flags", "0x9\n")
    world.write("sys/class/net/eth0/flags", f"{flags}\n")
    world.write("proc/net/route", ROUTE + LOCAL + DEFAULT)
    world.write("etc/resolv.conf", "# mine\nnameserver 192.168.1.1\n")


def test_a_network_that_is_whole(world: World) -> None:
    connect(world)
    assert [(finding.subject, finding.state) for finding in world.look(network.CHECK)] == [
        ("network", "ok"),
        ("mdns", "ok"),
    ]


def test_no_network(world: World) -> None:
    connect(world, flags="0x1002")
    (finding,) = world.look(network.CHECK)
    assert (finding.state, finding.text) == ("note", "none: no cable and no Wi-Fi is connected")


@pytest.mark.parametrize(("six", "state"), [("", "note"), (UNREACHABLE_6, "note"), (DEFAULT_6, "ok")])
def test_no_route(world: World, six: str, state: str) -> None:
    connect(world)
    world.write("proc/net/route", ROUTE + LOCAL)
    world.write("proc/net/ipv6_route", six)
    first = world.look(network.CHECK)[0]
    assert (first.state, "no way out" in first.text) == (state, state == "note")


def test_no_name_service(world: World) -> None:
    connect(world)
    world.write("etc/resolv.conf", "search lan\nnameserver\n")
    assert world.look(network.CHECK)[0].text == "eth0, and no name service"


def test_a_network_without_multicast_hides_the_name(world: World) -> None:
    connect(world, flags="0x3")
    assert world.states(network.CHECK) == ["ok", "note"]
    world.change()
    world.write("settings.toml", "[page]\nnetwork = false\n")
    assert world.states(network.CHECK) == ["ok"]


@pytest.mark.parametrize("text", ["", "x\ny", ROUTE + "eth0 00000000\n"])
def test_tables_of_routes_that_are_broken(world: World, text: str) -> None:
    world.write("proc/net/route", text)
    world.write("proc/net/ipv6_route", text)
    assert not network.has_route(world.surroundings)


def systemd(world: World, **said: str) -> None:
    world.write("run/systemd/system/x")
    usual = {"LoadState": "loaded", "ActiveState": "active", "SubState": "running", "Result": "success"}
    world.said["systemctl"] = "".join(f"{key}={value}\n" for key, value in (usual | said).items())


@pytest.mark.parametrize(
    ("said", "state", "mentions"),
    [
        ({}, "ok", "it runs"),
        ({"NRestarts": "3"}, "note", "started again 3 times"),
        ({"ActiveState": "failed", "Result": "watchdog"}, "bad", "it has failed (watchdog)"),
        ({"ActiveState": "inactive", "SubState": "dead"}, "note", "it does not run (inactive, dead)"),
    ],
)
def test_the_service(world: World, said: dict[str, str], state: str, mentions: str) -> None:
    systemd(world, **said)
    (finding,) = world.look(service.SERVICE)
    assert finding.state == state
    assert mentions in finding.text
    assert bool(finding.mend) == (state != "ok")


def test_where_no_service_is_installed_nothing_is_said_of_one(world: World) -> None:
    assert world.look(service.SERVICE) == []
    systemd(world, LoadState="not-found")
    assert world.look(service.SERVICE) == []
    world.change(output_of=silent)
    assert world.look(service.SERVICE) == []


def test_the_device_that_runs_here(world: World) -> None:
    world.change(status=answering({"version": "9", "note": "", "senses": [], "models": []}))
    (finding,) = world.look(service.DEVICE)
    assert finding.text == "9 runs at port 8347"


@pytest.mark.parametrize(
    ("note", "state"),
    [("safe mode, with music and page only: it ended", "bad"), ("the settings cannot be kept", "note")],
)
def test_what_the_device_notes_of_itself(world: World, note: str, state: str) -> None:
    world.change(status=answering({"version": "9", "note": note, "senses": [], "models": []}))
    finding = world.look(service.DEVICE)[1]
    assert (finding.state, finding.text, "journalctl" in finding.mend) == (state, note, True)


def test_packages_that_are_not_those_of_the_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    needed = ["numpy==0.1", "pytest", 'other==1 ; python_version < "3"', "not-there>=2", "rich ; extra == 'x'", "=bad="]
    monkeypatch.setattr(program, "requires", lambda package: needed)
    first, second = program.mismatches()
    assert first.endswith(" in place of ==0.1")
    assert second == "not-there is missing"


def test_a_program_without_metadata_needs_nothing() -> None:
    assert list(program.mismatches("no-such-package-at-all")) == []


def test_a_log_that_goes_to_the_journal(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOUNDIT_LOG", "journal")
    (finding,) = world.look(places.LOG)
    assert finding.text == "the journal: journalctl -u soundit-edge.service"


def test_broken_settings_are_bad_once(world: World) -> None:
    world.write("settings.toml", "[page]\nport = 'high'\n")
    (finding,) = world.look(places.SETTINGS)
    assert finding.state == "bad"
    assert "page.port" in finding.text
    with pytest.raises(SettingsError):
        _ = world.surroundings.settings
    assert world.look(service.DEVICE) == []


def test_a_model_set_that_was_damaged_on_the_disk(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOUNDIT_STATE", str(world.root / "state"))
    assert [finding.text for finding in world.look(models.MODEL_SET)] == ["the shipped one"]
    sets = world.root / "state" / "sets"
    name = f"7-{'0' * 12}"
    assert is_set_id(name)
    (sets / name).mkdir(parents=True)
    (sets / "current").symlink_to(name)
    (finding,) = world.look(models.MODEL_SET)
    assert finding.state == "bad"
    assert "goes back to the set before" in finding.mend
