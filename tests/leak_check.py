"""The check of every test for what it leaves behind: a plug-in, for a conftest does not hear of session fixtures."""

from __future__ import annotations

import tempfile
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Final

import platformdirs
import pytest

from soundit_edge.paths import NAME
from tests.leaks import LeakWatch, adopt_orphans

WATCH: Final = pytest.StashKey[LeakWatch]()


@pytest.fixture(autouse=True, scope="session")
def own_temporary_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Temporary files of the session's processes lie in a folder of its own, where they can be told from others'.

    So do runtime files, where sound servers are looked for: this user's own is left alone.
    """
    folder = tmp_path_factory.mktemp("t")  # short: a socket's path has to fit 100 bytes
    (folder / "run").mkdir(mode=0o700)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TMPDIR", str(folder))
        patch.setattr(tempfile, "tempdir", None)  # what was found before
        patch.setenv("XDG_RUNTIME_DIR", str(folder / "run"))
        yield folder


@pytest.fixture(autouse=True, scope="session")
def leak_watch(own_temporary_folder: Path, pytestconfig: pytest.Config) -> LeakWatch:
    """Looks where a test might leave files: the folder that it runs in, temporary files, and this user's own places."""
    adopt_orphans()
    users = (platformdirs.user_config_path, platformdirs.user_data_path, platformdirs.user_cache_path)
    watch = LeakWatch([Path.cwd(), own_temporary_folder, *(place(NAME) for place in users)])
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
        return (yield)


@pytest.fixture(autouse=True)
def leaves_nothing_behind(leak_watch: LeakWatch) -> Iterator[None]:
    """Fails a test that leaves something behind. The other fixtures of a test come after it, and end before it."""
    leak_watch.begin()
    yield
    if left := leak_watch.left_behind():
        pytest.fail("left behind: " + "; ".join(left))
