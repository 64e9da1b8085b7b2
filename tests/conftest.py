"""What holds for every test: nothing of this user's is touched, and nothing may block the event loop."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

# How long an example takes is measured in benches/: a busy machine is no fault.
settings.register_profile("house", deadline=None)
settings.load_profile("house")

pytest_plugins = ["tests.sound_server"]

SHARED_DATA = Path(__file__).parents[1] / "../shared/data"
BLOCKING_SECONDS = 0.5


@pytest.fixture
def shared_data() -> Path:
    """The folder of real recordings, which is no part of the project."""
    if not SHARED_DATA.is_dir():
        pytest.skip("../shared/data is not here: no real recordings to test with")
    return SHARED_DATA


@pytest.fixture(autouse=True)
def _own_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings, log, local models and library of a test lie in its own folder."""
    monkeypatch.setenv("SOUNDIT_SETTINGS", str(tmp_path / "settings.toml"))
    monkeypatch.setenv("SOUNDIT_LOG", str(tmp_path / "soundit.log"))
    monkeypatch.setenv("SOUNDIT_LOCAL_MODELS", str(tmp_path / "local_models"))
    monkeypatch.setenv("SOUNDIT_LIBRARY", str(tmp_path / "library.db"))


class LoopWatch(logging.Handler):
    """Hears asyncio's complaints, in debug mode, about calls that held up the event loop."""

    def __init__(self) -> None:
        super().__init__()
        self.blocked: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        # The format is asyncio's own: "Executing %s took %.3f seconds".
        if not str(record.msg).startswith("Executing") or not isinstance(record.args, tuple):
            return
        seconds = record.args[-1]
        if isinstance(seconds, float) and seconds > BLOCKING_SECONDS:
            self.blocked.append(record.getMessage())


@pytest.fixture(autouse=True)
def loop_watch() -> Iterator[LoopWatch]:
    """Fails a test in which one call held up the event loop for longer than `BLOCKING_SECONDS`."""
    watch = LoopWatch()
    logger = logging.getLogger("asyncio")
    logger.addHandler(watch)
    yield watch
    logger.removeHandler(watch)
    if watch.blocked:
        pytest.fail("the event loop was blocked: " + "; ".join(watch.blocked))
