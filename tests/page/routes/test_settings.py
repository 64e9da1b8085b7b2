# ruff: noqa: ASYNC240 - files of a few lines
"""The settings on the page: described, changed whole or not at all, taken away without secrets and brought back."""

from __future__ import annotations

import datetime
import errno
import json
import os
import tomllib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pydantic import create_model

from soundit_edge.control.actor import Actor, Kind, Role
from soundit_edge.control.refusals import InvalidChange
from soundit_edge.daemon.settings_store import SettingsStore
from soundit_edge.integrations.registry import settings_model
from soundit_edge.page.app import create_app
from soundit_edge.page.routes import settings
from soundit_edge.settings import LockSettings, MusicSettings, QuietHours, Settings, load
from soundit_edge.settings.describe import fields
from tests.fakes.control import FakeControl
from tests.settings.test_commented import BellSettings

HOST = "http://localhost:8080"
NOON = datetime.datetime(2026, 7, 1, 12, 0, tzinfo=datetime.UTC)
TOML = {"content-type": "application/toml"}
PAGE = Actor(Kind.PAGE, Role.ADMIN)
WITH_SECRET = create_model("WithSecret", __base__=settings_model(), bell=(BellSettings, BellSettings()))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "settings.toml"


@pytest.fixture
def store(path: Path) -> SettingsStore:
    return SettingsStore(WITH_SECRET.model_validate({"bell": {"password": "sesame"}}), path)


@pytest_asyncio.fixture
async def client(store: SettingsStore) -> AsyncIterator[httpx.AsyncClient]:
    app = create_app(FakeControl(), settings.routes(store, lambda zone: NOON))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=HOST) as client:
        yield client


def described(answer: httpx.Response) -> dict[str, dict[str, Any]]:
    """All settings of an answer by the names of their keys."""
    answer.raise_for_status()
    return {".".join(one["path"]): one for table in answer.json()["tables"] for one in table["settings"]}


async def change(client: httpx.AsyncClient, changes: object, was: object = None) -> httpx.Response:
    body = {"changes": changes} if was is None else {"changes": changes, "was": was}
    return await client.patch("/api/settings", json=body)


async def test_every_setting_has_its_texts_limits_value_and_default(client: httpx.AsyncClient) -> None:
    answer = await client.get("/api/settings")
    known = described(answer)
    assert list(known) == [".".join(path) for path in fields(WITH_SECRET)]
    volume = known["music.volume"]
    assert volume["about"].items() >= {"title": "Volume", "type": "number", "minimum": 0, "maximum": 1}.items()
    assert (volume["value"], volume["about"]["default"], volume["is_set"]) == (0.7, 0.7, False)
    assert (volume["applies"], known["page.port"]["applies"]) == ("at once", "at the next start")
    assert known["music.lock.reverb_s"]["about"]["unit"] == "s"
    assert known["music.policy"]["about"]["enum"] == ["follow", "lift", "calm"]
    assert known["schedule.quiet"]["about"]["items"]["properties"]["from"]["title"] == "From"
    assert all(one["about"]["title"] and one["about"]["description"] for one in known.values())
    assert "$ref" not in answer.text
    assert answer.json()["time"] == "2026-07-01T12:00:00Z"


async def test_a_secret_is_never_shown(client: httpx.AsyncClient) -> None:
    answer = await client.get("/api/settings")
    assert "sesame" not in answer.text
    password = described(answer)["bell.password"]
    assert (password["secret"], password["value"], password["is_set"]) == (True, None, True)
    assert "sesame" not in (await client.get("/api/settings/export")).text


async def test_a_change_is_in_force_and_kept(client: httpx.AsyncClient, store: SettingsStore, path: Path) -> None:
    quiet = [{"days": ["sat"], "from": "22:00", "to": "07:00", "max_volume": 0.1}]
    answer = await change(client, {"music": {"volume": 0.25}, "schedule": {"quiet": quiet}, "page": {"port": 9000}})
    known = described(answer)
    assert known["music.volume"]["value"] == 0.25
    assert (known["music.volume"]["waits"], known["page.port"]["waits"]) == (False, True)
    assert store.current.schedule.quiet == (QuietHours.model_validate(quiet[0]),)
    assert load(path, WITH_SECRET).music.volume == 0.25
    assert load(path, WITH_SECRET).schedule == store.current.schedule
    assert answer.json()["note"] == ""


async def test_lists_and_own_names_are_replaced_as_a_whole(
    client: httpx.AsyncClient, store: SettingsStore, path: Path
) -> None:
    path.write_text("[[schedule.entries]]\nfrom = 18:00:00\nto = '23:00'\npolicy = 'calm'\n# mine\n")
    for options in ({"a": "1", "b": "2"}, {"b": "3"}):
        await change(client, {"inference": {"accelerator_options": options}})
        assert load(path, WITH_SECRET).inference.accelerator_options == options
    await change(client, {"schedule": {"entries": [{"from": "08:00", "to": "09:00", "policy": "lift"}]}})
    assert load(path, WITH_SECRET).schedule == store.current.schedule
    assert "# mine\n" in path.read_text()


async def test_a_secret_is_written_and_taken_away(client: httpx.AsyncClient, path: Path) -> None:
    await change(client, {"bell": {"password": "open"}})
    assert tomllib.loads(path.read_text())["bell"] == {"password": "open"}
    assert described(await change(client, {"bell": {"password": ""}}))["bell.password"]["is_set"] is False


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"music": {"volume": 2}}, "music.volume: input should be less than or equal to 1, but it is 2"),
        ({"music": {"volum": 0.5}}, "unknown setting 'music.volum'; did you mean 'volume'?"),
        ({"music": 3}, "music: input should be a valid dictionary"),
        ({"music": None}, "music: input should be a valid dictionary"),
        ({"device": {"room": "a\nb"}}, "device.room: string should match pattern"),
        ({"schedule": {"time_zone": "Atlantis"}}, "schedule.time_zone: value error, this computer knows no such"),
        (
            {"schedule": {"time_zone": "../../etc/passwd"}},
            "schedule.time_zone: value error, this computer knows no such",
        ),
        ({"schedule": {"quiet": [{"from": "25:00", "to": "07:00"}]}}, "schedule.quiet.0.from: string should match"),
        ({"schedule": {"quiet": [{"from": "22:00", "too": "07:00"}]}}, "schedule.quiet.0.to: field required"),
        (
            {"schedule": {"entries": [{"from": "22:00", "to": "07:00", "polcy": "calm"}]}},
            "unknown setting 'schedule.entries.0.polcy'; did you mean 'policy'?",
        ),
        ({"volume": 0.5, "music": {"seed": 3}}, "unknown setting 'volume'"),
    ],
)
async def test_of_an_invalid_change_nothing_is_done(
    client: httpx.AsyncClient, store: SettingsStore, path: Path, changes: dict[str, Any], said: str
) -> None:
    before = store.current
    answer = await change(client, changes)
    assert answer.status_code == 422
    assert said in answer.json()["detail"]
    assert store.current is before
    assert not path.exists()


async def test_of_two_people_who_change_one_setting_the_second_is_told(
    client: httpx.AsyncClient, store: SettingsStore
) -> None:
    was = {"music": {"volume": 0.7, "seed": 1}}
    assert (await change(client, {"music": {"volume": 0.5}}, was)).status_code == 200
    late = await change(client, {"music": {"volume": 0.9, "seed": 2}}, was)
    assert late.status_code == 409
    assert late.json()["detail"].startswith("Somebody else has changed Volume meanwhile, to 0.5.")
    assert (store.current.music.volume, store.current.music.seed) == (0.5, 1)
    assert (await change(client, {"music": {"seed": 2}}, was)).status_code == 200  # another setting
    assert (await change(client, {"music": {"volume": 0.5}}, was)).status_code == 200  # both want the same
    assert (await change(client, {"music": {"volume": 0.9}}, {"music": {"volume": 0.5}})).status_code == 200


async def test_a_full_disk_is_told_and_leaves_the_file_whole(
    client: httpx.AsyncClient, store: SettingsStore, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path.write_text("[music]\nvolume = 0.25\n")

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    answer = await change(client, {"music": {"volume": 0.5}})
    assert answer.status_code == 200
    assert "cannot be kept" in answer.json()["note"]
    assert "the disk is full" in answer.json()["note"]
    taken = await client.post("/api/settings/import", content=b"[music]\nvolume = 0.75\n", headers=TOML)
    assert taken.status_code == 409
    assert "Nothing was changed" in taken.json()["detail"]
    assert "the disk is full" in taken.json()["detail"]
    assert store.current.music.volume == 0.5
    assert path.read_text() == "[music]\nvolume = 0.25\n"
    assert [file.name for file in path.parent.iterdir()] == ["settings.toml"]
    monkeypatch.undo()
    assert (await change(client, {"music": {"seed": 2}})).json()["note"] == ""
    assert load(path, WITH_SECRET).music == MusicSettings(volume=0.5, seed=2)


async def test_what_is_exported_can_be_imported(client: httpx.AsyncClient, store: SettingsStore, path: Path) -> None:
    await change(client, {"music": {"volume": 0.25, "lock": {"wah": 0.5}}, "device": {"room": "Küche"}})
    before, old = store.current, path.read_bytes()
    exported = await client.get("/api/settings/export")
    assert exported.headers["content-disposition"] == 'attachment; filename="settings.toml"'
    await change(client, {"music": {"volume": 0.5, "lock": {"wah": None}}, "bell": {"password": "other"}})
    heard: list[float] = []
    store.subscribe(lambda s: s.music, lambda music, _: heard.append(music.volume))
    present = path.read_bytes()
    taken = await client.post("/api/settings/import", content=exported.content, headers=TOML)
    assert described(taken)["music.volume"]["value"] == 0.25
    assert store.current.model_copy(update={"bell": None}) == before.model_copy(update={"bell": None})
    assert tomllib.loads(path.read_text())["bell"] == {"password": "other"}  # the sentinel keeps what is there
    assert load(path, WITH_SECRET) == store.current
    assert path.with_name("settings.toml.before-import.bak").read_bytes() == present != old
    assert heard == [0.25]


@pytest.mark.parametrize(
    ("content", "code", "said"),
    [
        ("[music]\nvolume = 0.5\n".encode("utf-16"), 422, "save it as UTF-8"),
        (b"[music]\nvolume = \0\n", 422, "save it as UTF-8"),
        (b"[device]\nroom = 'K\xfcche'\n", 422, "line 2 is not UTF-8"),
        (b"[music\n", 422, "not valid TOML"),
        (b"a = " + b"[" * 100_000, 422, "not valid TOML"),
        (b" \n", 422, "it is empty"),
        (b"PK\x03\x04" + b"\0" * 100, 422, "no text"),
        (b"[musik]\nvolume = 0.5\n", 422, "unknown setting 'musik'; did you mean 'music'?"),
        (b"[music]\nvolume = 9\n", 422, "music.volume"),
        (b"version = 99\n", 422, "written for format 99"),
        (b"#" * 10_000_000, 413, "must not be longer than"),
    ],
)
async def test_a_hostile_file_is_one_sentence_and_changes_nothing(
    client: httpx.AsyncClient, store: SettingsStore, path: Path, content: bytes, code: int, said: str
) -> None:
    before = store.current
    answer = await client.post("/api/settings/import", content=content, headers=TOML)
    assert answer.status_code == code
    assert said in answer.text
    assert answer.text.strip().count("\n") == 0
    assert store.current is before
    assert not path.exists()


async def test_an_operator_may_not() -> None:
    """The manifest of routes says so; here it is asked."""
    assert {route.role for route in settings.routes(SettingsStore(Settings(), None), lambda zone: NOON)} == {Role.ADMIN}


scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 2**70),
    st.floats(),
    st.text(max_size=8),
    st.sampled_from(["calm", "22:00"]),
)
KNOWN = (
    "music volume max_volume lock tempo policy device room schedule quiet entries from to days inference threads page "
    "accelerator_options port bell password senses face time_zone version integrations"
)
names = st.sampled_from(KNOWN.split()) | st.text(max_size=4)
trees = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(names, inner, max_size=4), max_leaves=12
)
likely = st.fixed_dictionaries(
    {},
    optional={
        "music": st.fixed_dictionaries({}, optional={"volume": st.floats(0, 1), "max_volume": st.floats(0, 1)}),
        "device": st.fixed_dictionaries({}, optional={"room": st.text(max_size=8), "speaker": st.text(max_size=8)}),
        "inference": st.fixed_dictionaries(
            {"accelerator_options": st.dictionaries(st.text(max_size=3), st.text(max_size=3))}
        ),
        "schedule": st.fixed_dictionaries(
            {
                "quiet": st.lists(
                    st.fixed_dictionaries(
                        {
                            "from": st.sampled_from(["22:00", "9:00"]),
                            "to": st.just("07:00"),
                            "max_volume": st.floats(0, 1),
                        }
                    ),
                    max_size=2,
                )
            }
        ),
        "anything": trees,
    },
)


@given(st.lists(likely | st.dictionaries(names, trees, max_size=3), min_size=1, max_size=3))
@hypothesis_settings(max_examples=60)
async def test_any_tree_is_refused_whole_or_applied_valid_and_the_file_loads_again(
    tmp_path: Path, changes: list[dict[str, Any]]
) -> None:
    path = tmp_path / "settings.toml"
    path.unlink(missing_ok=True)
    store = SettingsStore(WITH_SECRET(), path)
    for change in changes:
        before, refused = store.current, ""
        try:
            store.change(change, PAGE)
        except InvalidChange as refusal:
            refused = str(refusal)
        assert refused.isprintable()
        assert not refused or store.current is before
        await store.keep()
        assert store.note == ""
        assert WITH_SECRET.model_validate(store.current.model_dump(by_alias=True)) == store.current
        assert store.current.music.volume <= store.current.music.max_volume
        assert load(path, WITH_SECRET) == store.current
    json.dumps(settings.picture(store, NOON).model_dump(mode="json")).encode()


def test_a_lock_is_let_go() -> None:
    store = SettingsStore(Settings(), None)
    store.change({"music": {"lock": {"tempo": 1.5, "wah": 0.5}}}, PAGE)
    store.change({"music": {"lock": {"tempo": None}}}, PAGE)
    assert store.current.music.lock == LockSettings(wah=0.5)


def test_the_volume_is_held_under_its_ceiling_whoever_asks() -> None:
    store = SettingsStore(Settings(music=MusicSettings(volume=0.9, max_volume=0.8)), None)
    assert store.current.music.volume == 0.8
    heard: list[float] = []
    store.subscribe(lambda s: s.music.volume, lambda volume, _: heard.append(volume))
    store.change({"music": {"max_volume": 0.5}}, PAGE)
    store.change({"music": {"volume": 1.0}}, Actor(Kind.INTEGRATION, Role.OPERATOR, "mqtt"))
    store.change({"music": {"max_volume": 1.0}}, PAGE)
    assert heard == [0.5]
    assert store.current.music.volume == 0.5
