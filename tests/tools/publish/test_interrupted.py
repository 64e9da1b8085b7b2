"""A publisher that is killed anywhere leaves a repository that devices accept, in its old state or in its new one."""

from __future__ import annotations

import contextlib
import itertools
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.tools.publish.made import Made, small_set
from tools.publish.client import verify
from tools.publish.errors import PublishError
from tools.publish.repository import Repository, alone
from tools.publish.roles import KEYS, ROLLOUT
from tools.publish.sets import CheckedSet, checked

OPERATIONS = ((os, "replace"), (os, "fsync"), (os, "open"), (Path, "write_bytes"), (Path, "mkdir"))
"""What a publisher does to the disk, one step each."""

LIKE_ANOTHER = ("percent", "refresh", "rotate snapshot", "rotate timestamp")


class Killed(BaseException):
    """The process is no more."""


class Disk:
    """Lets the first operations through; a write that it is killed in leaves half of the content."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, limit: int) -> None:
        self.left = limit
        self.is_dead = False
        for owner, name in OPERATIONS:
            monkeypatch.setattr(owner, name, self._counted(getattr(owner, name), name))
        unlink = Path.unlink
        monkeypatch.setattr(Path, "unlink", lambda path, **rest: None if self.is_dead else unlink(path, **rest))

    def _counted(self, operation: Callable[..., Any], name: str) -> Callable[..., Any]:
        def counted(*arguments: Any, **rest: Any) -> Any:
            if self.left == 0 or self.is_dead:
                if name == "write_bytes" and not self.is_dead:
                    operation(arguments[0], arguments[1][: len(arguments[1]) // 2])
                self.is_dead = True
                raise Killed
            self.left -= 1
            return None if name == "fsync" else operation(*arguments, **rest)

        return counted


@pytest.fixture(scope="module")
def sets(tmp_path_factory: pytest.TempPathFactory) -> list[CheckedSet]:
    folder = tmp_path_factory.mktemp("sets")
    return [checked(small_set(folder / str(t), temperature=t), {}) for t in (1.0, 2.0)]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, sets: list[CheckedSet]) -> Made:
    """A repository with one set."""
    made = Made(tmp_path_factory.mktemp("made"))
    made.publisher().add(sets[0], 100)
    return made


Change = Callable[[Made, CheckedSet], object]
CHANGES: dict[str, Change] = {
    "add": lambda made, new: made.publisher().add(new, 5),
    "percent": lambda made, new: made.publisher().set_share(newest(made), 3),
    "refresh": lambda made, new: made.publisher().refresh(["root", "targets"]),
    "rotate timestamp": lambda made, new: made.rotate("timestamp"),
    "rotate snapshot": lambda made, new: made.rotate("snapshot"),
    "rotate rollout": lambda made, new: made.rotate("rollout"),
    "rotate targets": lambda made, new: made.rotate("targets"),
    "rotate root": lambda made, new: made.rotate("root", first_root_key(made)),
}


def newest(made: Made) -> str:
    return next(iter(Repository(made.folder).sets()))


def first_root_key(made: Made) -> str:
    return Repository(made.folder).root.signed.roles["root"].keyids[0]


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[pytest.mark.thorough] if name in LIKE_ANOTHER else []) for name in CHANGES]
)
def test_killed_before_each_operation(name: str, made: Made, sets: list[CheckedSet], tmp_path: Path) -> None:
    sets_seen: list[int] = []
    for limit in itertools.count():
        one = made.copied(tmp_path / str(limit))
        with pytest.MonkeyPatch.context() as patch:
            disk = Disk(patch, limit)
            with contextlib.suppress(Killed):
                CHANGES[name](one, sets[1])
        sets_seen.append(verify(str(one.folder), made.root).sets)
        if not disk.is_dead:
            break
        with alone(one.folder):
            assert not list(one.folder.rglob("*.part"))
            one.publisher().refresh(["timestamp"])
        verify(str(one.folder), made.root)
    assert limit >= 6
    assert sets_seen == sorted(sets_seen)  # once the new state is seen, it stays
    assert sets_seen[-1] == (2 if name == "add" else 1)


@pytest.mark.parametrize("limit", [4, 16])
@pytest.mark.parametrize("name", CHANGES)
def test_killed_and_done_again(name: str, limit: int, made: Made, sets: list[CheckedSet], tmp_path: Path) -> None:
    one = made.copied(tmp_path / "one")
    with pytest.MonkeyPatch.context() as patch:
        Disk(patch, limit)
        with contextlib.suppress(Killed):
            CHANGES[name](one, sets[1])
    with contextlib.suppress(PublishError):  # a set that was signed already is only to be made seen
        CHANGES[name](one, sets[1])
    one.publisher().refresh(["timestamp"])
    repository = Repository(one.folder)
    for role, count in KEYS.items():
        delegator = repository.targets if role == ROLLOUT else repository.root
        assert len(delegator.signed.get_delegated_role(role).keyids) == count
    assert verify(str(one.folder), made.root).sets == (2 if name == "add" else 1)
