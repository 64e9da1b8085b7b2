"""The check of every test for what it leaves behind: a plug-in, for a conftest does not hear of session fixtures."""

from __future__ import annotations

import tempfile
from collections.abc import Generator, Iterator
from multiprocessing import resource_tracker
from pathlib import Path
from typing import Final

import pytest

from soundit_edge.paths import NAME
from tests.leaks import LeakWatch, adopt_orphans, schedule_normally

USER_FOLDERS: Final = ("config", "data", "cache", "state")
WATCH: Final = pytest.StashKey[LeakWatch]()


@pytest.fixture(autouse=True, scope="session")
def own_user_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """What is a user's alone lies in a folder of the session: temporary and runtime files, settings, data and caches.

    There it can be told from what others write meanwhile. No sound server of this user's is found, either.
    """
    folder = tmp_path_factory.mktemp("u")  # short: a socket's path has to fit 100 bytes
    variables = {"TMPDIR": "tmp", "XDG_RUNTIME_DIR": "run", "MPLCONFIGDIR": "matplotlib"}
    variables |= {f"XDG_{kind.upper()}_HOME": kind for kind in USER_FOLDERS}
    with pytest.MonkeyPatch.context() as patch:
        for variable, name in variables.items():
            (folder / name).mkdir(mode=0o700)
            patch.setenv(variable, str(folder / name))
        patch.setattr(tempfile, "tempdir", None)  # what was found before
        yield folder


@pytest.fixture(autouse=True, scope="session")
def leak_watch(own_user_folder: Path, pytestconfig: pytest.Config) -> LeakWatch:
    """Looks where a test might leave files: the folder that it runs in, temporary files, and the user's places."""
    adopt_orphans()
    resource_tracker.ensure_running()  # multiprocessing's own process, one for the whole session
    users = [own_user_folder / kind / NAME for kind in USER_FOLDERS]
    watch = LeakWatch([Path.cwd(), own_user_folder / "tmp", *users])
    pytestconfig.stash[WATCH] = watch
    return watch


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(
    fixturedef: pytest.FixtureDef[object], request: pytest.FixtureRequest
) -> Generator[None, object, object]:
    """What a fixture of several tests sets up is not left behind by the one that was first to ask for it."""
    watch = request.config.stash.get(WATCH, None)
    if watch is None or fixturedef.scope == "function":
        return (yield)
    with watch.granted():
        try:
            return (yield)
        finally:
            schedule_normally()


@pytest.fixture(autouse=True)
def leaves_nothing_behind(leak_watch: LeakWatch, request: pytest.FixtureRequest) -> Iterator[None]:
    """Fails a test that leaves something behind. The other fixtures of a test come after it, and end before it."""
    leak_watch.begin()
    yield
    schedule_normally()
    request.node.funcargs.clear()  # as pytest does next: what the fixtures gave is not needed any more
    if left := leak_watch.left_behind():
        pytest.fail("left behind: " + "; ".join(left))
