"""`soundit models`: what each command prints, does and ends with, with real sets, a real mirror and a real store."""

from __future__ import annotations

import datetime
import json
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from soundit_edge import paths
from soundit_edge.cli.models import fetch
from soundit_edge.cli.models_app import app
from soundit_edge.errors import SounditError
from soundit_edge.update.sets.lock import locked
from soundit_edge.update.sets.store import SetStore
from tests.update.made_sets import MadeSet, make_set
from tests.update.repository import Repository

SET_1, SET_2 = make_set(1, notes="It hears whispers."), make_set(2, notes="Fewer mix-ups.")
NIGHT = datetime.datetime(2026, 11, 29, 3, 0)
NOON = datetime.datetime(2026, 11, 29, 12, 0)

Soundit = Callable[..., tuple[int, str]]


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SetStore:
    shipped = tmp_path / "shipped"
    shipped.mkdir()
    make_set(0).write_as(shipped)
    monkeypatch.setenv("SOUNDIT_MODELS", str(shipped))
    monkeypatch.setenv("SOUNDIT_MEDIA", str(tmp_path / "media"))
    return SetStore(paths.sets_folder(), shipped)


@pytest.fixture
def soundit(store: SetStore) -> Soundit:
    """Runs a command; gives its exit code and what it printed. What it refuses with is raised."""

    def invoke(*words: str) -> tuple[int, str]:
        result = CliRunner().invoke(app, words, catch_exceptions=False, standalone_mode=False)
        if result.exception is not None:
            raise result.exception
        return result.exit_code or (result.return_value or 0), result.stdout

    return invoke


@pytest.fixture
def mirror(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """A repository on a disk, which the settings name; `lay_out` writes what is served."""
    repository = Repository(now=time.time())
    (tmp_path / "root.json").write_bytes(repository.first_root)
    monkeypatch.setenv("SOUNDIT_UPDATE_ROOT", str(tmp_path / "root.json"))
    settle(tmp_path, f'mirrors = ["{(tmp_path / "mirror").as_uri()}"]')
    return repository


def settle(folder: Path, *lines: str) -> None:
    (folder / "settings.toml").write_text("\n".join(["[update]", *lines, ""]))


def lay_out(repository: Repository, folder: Path, *sets: MadeSet) -> None:
    for made in sets:
        repository.offer(made)
    for name, content in repository.served.items():
        path = folder / "mirror" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def put_in_use(store: SetStore, made: MadeSet) -> str:
    made.write(store.folder)
    store.begin_trial(made.set_id, 0.0)
    store.commit(made.set_id)
    return made.set_id


def test_list_says_what_each_set_is(soundit: Soundit, store: SetStore) -> None:
    put_in_use(store, SET_1)
    put_in_use(store, SET_2)
    store.refuse("9-000000000000", "its answers differ")
    store.pin(pinned=True)
    _, printed = soundit("list")
    lines = printed.splitlines()
    assert lines[0].startswith(f"* {SET_2.set_id}")
    assert "in use" in lines[0]
    assert "Fewer mix-ups." in lines[0]
    assert "before" in lines[1]
    assert "shipped" in lines[2]
    assert "pinned" in lines[3]
    assert lines[4].split(maxsplit=1) == ["9-000000000000", "not taken again: its answers differ"]
    _, printed = soundit("list", "--json")
    rows = [json.loads(line) for line in printed.splitlines()]
    assert [(row["set"], row.get("in_use")) for row in rows] == [
        (SET_2.set_id, True),
        (SET_1.set_id, False),
        ("shipped", False),
        ("9-000000000000", None),
    ]


def test_list_on_a_device_that_has_fetched_nothing(soundit: Soundit) -> None:
    _, printed = soundit("list")
    assert printed.startswith("* shipped")


def test_check_update_and_what_then(soundit: Soundit, store: SetStore, mirror: Repository, tmp_path: Path) -> None:
    lay_out(mirror, tmp_path)
    assert soundit("check") == (0, "The mirrors offer no model set.\n")
    lay_out(mirror, tmp_path, SET_1)
    code, printed = soundit("check")
    assert code == fetch.READY
    assert "release 1 is ready" in printed
    assert "It hears whispers." in printed
    assert store.trial() is None
    code, printed = soundit("update")
    assert code == 0
    assert "release 1 is here" in printed
    trial = store.trial()
    assert trial is not None
    assert trial.set == SET_1.set_id
    _, printed = soundit("list")
    assert "tried" in printed
    code, printed = soundit("update", "--json")
    assert json.loads(printed)["ended"] == "nothing"
    with pytest.raises(SounditError, match="none to go back to"):
        soundit("rollback")


def test_a_set_that_was_given_up_is_taken_again_where_that_is_asked_for(
    soundit: Soundit, store: SetStore, mirror: Repository, tmp_path: Path
) -> None:
    lay_out(mirror, tmp_path, SET_1)
    soundit("update")
    store.drop_trial("its answers differ")
    assert "this device has refused it" in soundit("update")[1]
    assert "release 1 is here" in soundit("update", "--again")[1]


def test_no_mirror_is_said_with_what_to_do(soundit: Soundit) -> None:
    for command in ("check", "update"):
        with pytest.raises(SounditError, match="name one in the settings"):
            soundit(command)


def test_a_mirror_that_is_away_and_two_updaters_at_once(
    soundit: Soundit, store: SetStore, mirror: Repository, tmp_path: Path
) -> None:
    with pytest.raises(SounditError, match="404"):
        soundit("update")
    lay_out(mirror, tmp_path, SET_1)
    store.folder.mkdir(parents=True, exist_ok=True)
    with locked(store.lock, wait=False), pytest.raises(SounditError, match="Another update is running"):
        soundit("update")
    assert "release 1 is here" in soundit("update")[1]


@pytest.mark.parametrize(
    ("lines", "now", "why"),
    [
        ('mode = "off"', NIGHT, "mode is off"),
        ('mode = "ask"', NIGHT, "asked first"),
        ('mode = "automatic"', NOON, "from 02:00 to 05:00"),
        ('mode = "automatic"', NIGHT, "name one in the settings"),
        ('mode = "automatic"\nmirrors = ["file:///nowhere/at/all"]', NIGHT, "404"),
    ],
)
def test_unattended_says_why_it_does_nothing_and_ends_well(
    soundit: Soundit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lines: str, now: datetime.datetime, why: str
) -> None:
    (tmp_path / "root.json").write_bytes(Repository().first_root)
    monkeypatch.setenv("SOUNDIT_UPDATE_ROOT", str(tmp_path / "root.json"))
    monkeypatch.setattr(fetch, "local_time", lambda zone: now)
    settle(tmp_path, lines)
    code, printed = soundit("update", "--unattended")
    assert code == 0
    assert why in printed


def test_unattended_fetches_at_night(
    soundit: Soundit, store: SetStore, mirror: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay_out(mirror, tmp_path, SET_1)
    monkeypatch.setattr(fetch, "local_time", lambda zone: NIGHT)
    settle(tmp_path, 'mode = "automatic"', f'mirrors = ["{(tmp_path / "mirror").as_uri()}"]')
    assert soundit("update", "--unattended")[0] == 0
    assert store.trial() is not None


def test_rollback_goes_back_step_by_step(soundit: Soundit, store: SetStore) -> None:
    put_in_use(store, SET_1)
    put_in_use(store, SET_2)
    _, printed = soundit("rollback")
    assert f"release 1 ({SET_1.set_id}) is used" in printed
    _, printed = soundit("rollback", "--json")
    assert json.loads(printed) == {"left": SET_1.set_id, "set": "shipped"}
    with pytest.raises(SounditError, match="none to go back to"):
        soundit("rollback")
    assert set(store.refused()) == {SET_1.set_id, SET_2.set_id}


def test_rollback_waits_for_a_trial(soundit: Soundit, store: SetStore) -> None:
    put_in_use(store, SET_1)
    SET_2.write(store.folder)
    store.begin_trial(SET_2.set_id, 0.0)
    with pytest.raises(SounditError, match="being tried"):
        soundit("rollback")


def test_pin_and_unpin(soundit: Soundit, store: SetStore) -> None:
    assert "stays" in soundit("pin")[1]
    assert store.pinned()
    assert json.loads(soundit("unpin", "--json")[1]) == {"set": "shipped", "pinned": False}
    assert not store.pinned()


def test_a_state_that_cannot_be_written_is_said(
    soundit: Soundit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("SOUNDIT_STATE", str(tmp_path / "file" / "state"))
    with pytest.raises(SounditError, match="cannot be written"):
        soundit("pin")


def test_verify_finds_all_well(soundit: Soundit, store: SetStore) -> None:
    put_in_use(store, SET_1)
    code, printed = soundit("verify")
    assert code == 0
    assert {line.split()[1] for line in printed.splitlines()} == {SET_1.set_id, "shipped"}
    assert "answers as it should" in printed


def test_verify_names_a_damaged_file_and_says_what_to_do(
    soundit: Soundit, store: SetStore, capsys: pytest.CaptureFixture[str]
) -> None:
    set_id = put_in_use(store, SET_1)
    card = store.folder_of(set_id) / "body_motion.md"
    card.write_bytes(card.read_bytes().replace(b"Card", b"Cart"))
    code, printed = soundit("verify", "--json")
    assert code == 1
    bad = [row for line in printed.splitlines() if not (row := json.loads(line))["good"]]
    assert [(row["set"], row["what"]) for row in bad] == [(set_id, "body_motion.md")]
    assert soundit("verify", "shipped")[0] == 0
    (store.shipped / "set.json").write_bytes(b"{")
    assert soundit("verify", "shipped")[0] == 1


def test_verify_of_a_set_that_is_not_there_names_those_that_are(soundit: Soundit) -> None:
    with pytest.raises(SounditError, match="did you mean 'shipped'"):
        soundit("verify", "shiped")


def test_help_without_a_command(soundit: Soundit) -> None:
    _, printed = soundit()
    for command in ("list", "check", "update", "rollback", "pin", "unpin", "verify"):
        assert f"\n  {command} " in printed


@pytest.fixture
def homeless(monkeypatch: pytest.MonkeyPatch, store: SetStore) -> None:
    """A user without a home folder, who has named no place for sets either."""
    monkeypatch.setattr(paths, "sets_folder", refuse_home)


def refuse_home() -> Path:
    raise paths.NoHome("this user has no home folder")


@pytest.mark.usefixtures("homeless")
def test_a_user_without_a_home_folder_has_the_shipped_set_and_can_change_nothing(soundit: Soundit) -> None:
    assert soundit("list")[1].startswith("* shipped")
    for change in ("pin", "unpin", "rollback"):
        with pytest.raises(paths.NoHome):
            soundit(change)
