"""The root of trust: the package's own, or, where it has none, the one that an administrator gives."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from soundit_edge.update import root
from soundit_edge.update.failure import TrustError
from soundit_edge.update.root import read_root
from tests.update.made_sets import make_set
from tests.update.receiver import Receiver
from tests.update.repository import Repository


def test_updates_are_not_set_up(device: Receiver, repository: Repository) -> None:
    """One clear line, and no mirror is asked."""
    device.root.unlink()
    result = device.update()
    assert (result.ended, device.mirrors.asked) == ("failed", [])
    assert result.why.startswith("Updates of the models are not set up on this device")
    assert "\n" not in result.why


def test_this_checkout_trusts_nobody() -> None:
    """A root of trust is the vendor's, made by a ceremony with keys that are nowhere online: none is committed."""
    assert not root.BUILT_IN.exists()
    with pytest.raises(TrustError, match="not set up"):
        read_root()


def test_a_root_of_the_installation(device: Receiver, repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """An administrator who publishes sets of their own gives its root to packages without one."""
    given = device.root.rename(device.root.with_name("given.json"))
    monkeypatch.setenv("SOUNDIT_UPDATE_ROOT", str(given))
    made = make_set(1)
    repository.offer(made)
    assert device.update().set_id == made.set_id


def test_a_root_of_the_installation_weakens_none_that_is_built_in(
    device: Receiver, repository: Repository, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Whoever can write that file cannot make the device take sets of theirs."""
    other = Repository()
    other.offer(make_set(1))
    given = tmp_path / "given.json"
    given.write_bytes(other.first_root)
    monkeypatch.setenv("SOUNDIT_UPDATE_ROOT", str(given))
    device.mirrors.serve(device.urls[0], other.served)
    assert "cannot be trusted" in device.update().why


def test_a_root_that_is_built_in_and_damaged_is_not_replaced_by_another(
    device: Receiver, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    given = shutil.copy(device.root, tmp_path / "given.json")
    monkeypatch.setenv("SOUNDIT_UPDATE_ROOT", str(given))
    for content in (b"", b"{}", device.root.read_bytes()[:-9]):
        device.root.write_bytes(content)
        result = device.update()
        assert (result.ended, device.mirrors.asked) == ("failed", [])
        assert "is no root of trust" in result.why


def test_a_root_that_is_a_folder(tmp_path: Path) -> None:
    with pytest.raises(TrustError, match="cannot be read"):
        read_root(tmp_path / "none", lambda: tmp_path)
