"""A package that is built of a source tree trusts its publisher, and has the floor of its set's release."""

from __future__ import annotations

from pathlib import Path

import pytest

from soundit_edge.update.root import read_root
from soundit_edge.update.sets.store import SetStore
from soundit_edge.update.sets.verify import verify_set
from tests.tools.publish.made import PASSPHRASE, Made, small_set
from tools.publish.sets import checked


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Made:
    monkeypatch.setenv("SOUNDIT_PUBLISH_PASSPHRASE", PASSPHRASE)
    return Made(tmp_path / "publisher")


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A source tree with a set that was never published."""
    small_set(tmp_path / "tree/models")
    (tmp_path / "tree/soundit_edge/update").mkdir(parents=True)
    return tmp_path / "tree"


def test_root_and_floor_are_put_into_the_tree(made: Made, tree: Path, tmp_path: Path) -> None:
    ids = [made.publisher().add(checked(small_set(tmp_path / str(t), temperature=t), {}), 100)[0] for t in (1.0, 2.0)]
    made.rotate("timestamp")
    assert made.run("ship", ids[1], tree) == 0
    newest = (made.folder / "metadata/root.json").read_bytes()
    assert read_root(tree / "soundit_edge/update/root.json") == newest != made.root
    assert verify_set(tree / "models", ids[1]).release == 2
    assert SetStore(tmp_path / "sets", tree / "models").floor().release == 2


def test_a_set_that_no_device_may_have(
    made: Made, tree: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    set_id, _ = made.publisher().add(checked(small_set(tmp_path / "set"), {}), 100)
    made.publisher().revoke(set_id)
    before = sorted(tree.rglob("*"))
    for wrong in (set_id, "9-0123456789ab"):
        assert made.run("ship", wrong, tree) == 2
        assert f"{wrong}: no set that devices may have; there are: none" in capsys.readouterr().err
    assert sorted(tree.rglob("*")) == before


def test_what_is_no_source_tree(made: Made, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    set_id, _ = made.publisher().add(checked(small_set(tmp_path / "set"), {}), 100)
    assert made.run("ship", set_id, tmp_path) == 2
    assert "no source tree of soundit_edge" in capsys.readouterr().err
