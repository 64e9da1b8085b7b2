"""What holds for every test: nothing of this user's is touched, nothing is left behind, no event loop is blocked."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from soundit_edge.inference import scheduler
from soundit_edge.inference.health import reason_of
from tests.loop_watch import LoopWatch

# The same examples in every run, so that a run that fails can be repeated; `--hypothesis-profile=search` looks for
# others. How long they take is measured in benches/: a busy machine is no fault. Our fixtures are folders and such,
# which examples may share.
settings.register_profile(
    "house",
    derandomize=True,
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.register_profile("search", settings.get_profile("house"), derandomize=False)
settings.load_profile("house")

# Slow calls are judged below, by the time that they compute. asyncio's own warning goes by the clock: on a loaded
# machine it stands among the lines that tests count.
logging.getLogger("asyncio").addFilter(lambda record: not record.getMessage().startswith("Executing "))

pytest_plugins = ["tests.garbage", "tests.leak_check", "tests.sound_server"]

SHARED_DATA = Path(__file__).parents[1] / "../shared/data"


@pytest.fixture
def shared_data() -> Path:
    """The folder of real recordings, which is no part of the project."""
    if not SHARED_DATA.is_dir():
        pytest.skip("../shared/data is not here: no real recordings to test with")
    return SHARED_DATA


@pytest.fixture(autouse=True)
def _own_places(leaves_nothing_behind: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings, log, local models, library, cache and state of a test lie in its own folder."""
    monkeypatch.setenv("SOUNDIT_SETTINGS", str(tmp_path / "settings.toml"))
    monkeypatch.setenv("SOUNDIT_LOG", str(tmp_path / "soundit.log"))
    monkeypatch.setenv("SOUNDIT_LOCAL_MODELS", str(tmp_path / "local_models"))
    monkeypatch.setenv("SOUNDIT_EDGETPU_MODELS", str(tmp_path / "edgetpu"))
    monkeypatch.setenv("SOUNDIT_LIBRARY", str(tmp_path / "library.db"))
    monkeypatch.setenv("SOUNDIT_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("SOUNDIT_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("SOUNDIT_UPDATE_ROOT", str(tmp_path / "root_of_trust.json"))


@pytest.fixture(autouse=True)
def loop_watch(monkeypatch: pytest.MonkeyPatch) -> Iterator[LoopWatch]:
    """Fails a test in which one call held up the event loop."""
    watch = LoopWatch()
    watch.install(monkeypatch)
    yield watch
    if watch.blocked:
        pytest.fail("the event loop was blocked: " + "; ".join(watch.blocked))


@pytest.fixture(autouse=True)
def failed_calls(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Fails a test in which a sense raised: the scheduler goes on, so it would not be seen. Who expects it, clears."""
    failed: list[str] = []

    def noted(error: Exception) -> str:
        failed.append("".join(traceback.format_exception(error)))
        return reason_of(error)

    monkeypatch.setattr(scheduler, "reason_of", noted)
    yield failed
    if failed:
        pytest.fail("a call of the scheduler failed:\n" + "\n".join(failed))
