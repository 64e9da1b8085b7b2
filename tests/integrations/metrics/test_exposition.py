"""The metrics of a device: what they say, in which format, and what asking for them costs."""

from __future__ import annotations

import asyncio
import importlib
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import prometheus_client
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from prometheus_client.metrics_core import Metric
from prometheus_client.parser import text_string_to_metric_families

from soundit_edge.control.status import ModelStatus, PrivacyStatus, SourceStatus
from soundit_edge.emotion import EMOTIONS
from soundit_edge.inference.thermal import Thermal
from soundit_edge.integrations.integration import IntegrationError
from soundit_edge.integrations.metrics.encoder import Encoder
from soundit_edge.integrations.metrics.exposition import CONTENT_TYPE, MIN_INTERVAL_S, Exposition, load_encoder
from soundit_edge.integrations.metrics.integration import Metrics, MetricsSettings
from soundit_edge.integrations.metrics.row import Snapshot
from soundit_edge.integrations.metrics.rows import ROWS
from tests.fakes.clock import ManualClock
from tests.fakes.control import FakeControl, full_status
from tests.fakes.integrations import with_integration
from tests.fakes.updates import READY

ENCODER = Encoder()


def families(snapshot: Snapshot) -> dict[str, Metric]:
    """Read what is written, as Prometheus does; a family that stands there twice fails."""
    found = list(text_string_to_metric_families(ENCODER.text(snapshot).decode()))
    assert len({one.name for one in found}) == len(found)
    return {one.name: one for one in found}


def values(snapshot: Snapshot, name: str) -> dict[tuple[str, ...], float]:
    """Return the values of a metric by those of its labels, in the order of the labels' names."""
    samples = families(snapshot)[name.removesuffix("_total")].samples
    found = {tuple(value for _, value in sorted(one.labels.items())): one.value for one in samples}
    assert len(found) == len(samples), "a series stands there twice"
    return found


def test_the_metrics_say_what_the_status_says() -> None:
    status = with_integration(with_integration(full_status(), "metrics", "on"), "mqtt", "lost", "away")
    snapshot = Snapshot(status, temperature_c=61.5, throttled=True)
    for name, labels, value in (
        ("soundit_build_info", ("0.1.0",), 1),
        ("soundit_uptime_seconds", (), 100),
        ("soundit_sense_readings_per_second", ("face",), 9.6),
        ("soundit_sense_state", ("face", "reading"), 1),
        ("soundit_sense_state", ("face", "off"), 0),
        ("soundit_sense_state", ("lips", "off"), 1),
        ("soundit_sense_median_seconds", ("face",), 0.0112),
        ("soundit_sense_p95_seconds", ("face",), 0.019),
        ("soundit_sense_age_seconds", ("face",), 0.0235),
        ("soundit_sense_dropped_total", ("body",), 118),
        ("soundit_sense_missed_deadlines_total", ("face",), 4),
        ("soundit_sense_failures_total", ("face",), 0),
        ("soundit_sense_trust_ratio", ("voice",), 0.35),
        ("soundit_sense_rate_ratio", ("body",), 0.42),
        ("soundit_sense_rate_ratio", ("lips",), 0),
        ("soundit_model_calls_total", ("face_expression", "edgetpu"), 1204),
        ("soundit_model_median_seconds", ("face_landmark", "cpu"), 0.0031),
        ("soundit_model_p95_seconds", ("face_landmark", "cpu"), 0.0124),
        ("soundit_audio_underruns_total", (), 0),
        ("soundit_audio_late_blocks_total", (), 2),
        ("soundit_audio_ring_ratio", (), 0.97),
        ("soundit_audio_ring_min_ratio", (), 0.5),
        ("soundit_audio_level_decibels", (), -19.4),
        ("soundit_audio_rung", ("full",), 1),
        ("soundit_volume_ratio", (), 0.6),
        ("soundit_temperature_celsius", (), 61.5),
        ("soundit_throttled", (), 1),
        ("soundit_integration_state", ("mqtt", "lost"), 1),
        ("soundit_integration_state", ("metrics", "on"), 1),
        ("soundit_ways", ("camera", "lost"), 1),
        ("soundit_ways", ("clip", "on"), 0),
        ("soundit_camera_open", (), 1),
        ("soundit_mood", ("happy",), 1),
        ("soundit_mood", ("sad",), 0),
    ):
        assert values(snapshot, name)[labels] == pytest.approx(value), (name, labels)
    assert values(snapshot, "soundit_mood_valence") == {(): status.mood.valence}
    shares = {(emotion.value,): share for emotion, share in status.mood.probabilities.items()}
    assert values(snapshot, "soundit_mood_probability_ratio") == shares
    assert len(values(snapshot, "soundit_mood")) == len(EMOTIONS)


def test_what_the_process_takes_is_there_and_what_other_parts_of_it_count_is_not() -> None:
    found = families(Snapshot(full_status()))
    assert found["process_cpu_seconds"].samples[0].value > 0
    assert found["process_resident_memory_bytes"].samples[0].value > 1e6
    assert "python_info" not in found
    ours = {row.name.removesuffix("_total") for row in ROWS}
    assert all(name in ours or name.startswith("process_") for name in found)


def test_every_metric_has_a_name_and_help_by_the_conventions() -> None:
    assert len({row.name for row in ROWS}) == len(ROWS)
    status = with_integration(full_status(), "metrics", "on").model_copy(update={"update": READY})
    found = families(Snapshot(status, temperature_c=40.0))
    for row in ROWS:
        assert re.fullmatch(r"soundit_[a-z0-9]+(_[a-z0-9]+)*", row.name)
        assert not re.search(r"milli|percent|_db$|_c$", row.name), row.name
        assert row.help.endswith("."), row.name
        family = found[row.name.removesuffix("_total")]
        assert (family.type, family.documentation) == (row.kind, row.help)
        assert all(set(sample.labels) == set(row.labels) for sample in family.samples)


def test_what_is_not_known_is_left_out() -> None:
    assert "soundit_temperature_celsius" not in families(Snapshot(full_status()))
    assert "soundit_model_calls" not in families(Snapshot(full_status().model_copy(update={"models": ()})))


def test_a_model_that_is_loaded_twice_is_one_series() -> None:
    one = ModelStatus(name="mesh", resource="cpu", calls=3, milliseconds=2.0, milliseconds_p95=4.0)
    other = one.model_copy(update={"calls": 4, "milliseconds": 3.0})
    beside = one.model_copy(update={"resource": "edgetpu"})
    snapshot = Snapshot(full_status().model_copy(update={"models": (one, beside, other)}))
    assert values(snapshot, "soundit_model_calls_total") == {("mesh", "cpu"): 7, ("mesh", "edgetpu"): 3}
    assert values(snapshot, "soundit_model_median_seconds")["mesh", "cpu"] == pytest.approx(0.003)


def test_in_a_public_place_nothing_is_said_of_the_mood() -> None:
    public = full_status().model_copy(update={"privacy": PrivacyStatus(public_place=True)})
    found = families(Snapshot(public))
    assert not [name for name in found if name.startswith("soundit_mood")]
    assert "soundit_sense_trust_ratio" in found


def test_no_name_of_a_device_or_a_file_is_a_label() -> None:
    status = full_status()
    clip = SourceStatus(role="clip", name="grandma.mp4", state="on")
    text = ENCODER.text(Snapshot(status.model_copy(update={"sources": (*status.sources, clip)}))).decode()
    for name in ("grandma", "Built-in Audio", "Living room", "First light", "faces"):
        assert name not in text


@given(st.text(max_size=8), st.text(max_size=8))
@settings(max_examples=30)
def test_whatever_is_in_a_label_is_read_as_it_was_written(name: str, resource: str) -> None:
    model = ModelStatus(name=name, resource=resource, calls=1, milliseconds=1, milliseconds_p95=1)
    snapshot = Snapshot(full_status().model_copy(update={"models": (model,)}))
    assert values(snapshot, "soundit_model_calls_total") == {(model.name, model.resource): 1}


def switched(state: str, name: str = "metrics") -> FakeControl:
    """A device with an integration in that state."""
    return FakeControl(with_integration(full_status(), name, state))


async def test_they_are_there_while_the_integration_is_on_and_not_before_or_after() -> None:
    clock = ManualClock()
    device = switched("lost")
    exposition = Exposition(device, now=clock.now)
    for state, there in (("lost", False), ("on", True), ("off", False), ("on", True)):
        device.now = switched(state).now
        clock.advance(MIN_INTERVAL_S)
        assert (await exposition.text() is not None) is there, state
    assert await Exposition(FakeControl()).text() is None
    assert await Exposition(switched("on", "mqtt")).text() is None


async def test_attack_a_flood_of_questions_is_one_answer_a_second() -> None:
    clock, device = ManualClock(), switched("on")
    exposition = Exposition(device, now=clock.now)
    answers = await asyncio.gather(*(exposition.text() for _ in range(200)))
    assert device.asked == 1
    assert len(set(answers)) == 1
    clock.advance(MIN_INTERVAL_S)
    await exposition.text()
    assert device.asked == 2


async def test_they_are_written_beside_the_event_loop_for_a_thermometer_may_hang() -> None:
    loop, held = asyncio.get_running_loop(), asyncio.Event()

    class Slow(Thermal):
        def temperature(self) -> float | None:
            loop.call_soon_threadsafe(held.set)
            return asyncio.run_coroutine_threadsafe(asyncio.sleep(0, 42.0), loop).result()

    text = await Exposition(switched("on"), Slow()).text()
    assert held.is_set()
    assert text is not None
    assert b"soundit_temperature_celsius 42.0\n" in text


async def test_a_box_that_throttles_says_so(tmp_path: Path) -> None:
    zone, firmware = tmp_path / "sys/class/thermal/thermal_zone0", tmp_path / "sys/devices/platform/soc/soc:firmware"
    for folder, file, content in ((zone, "temp", "81234\n"), (firmware, "get_throttled", "4\n")):
        folder.mkdir(parents=True)
        (folder / file).write_text(content)
    text = await Exposition(switched("on"), Thermal(tmp_path)).text()
    assert text is not None
    assert b"soundit_temperature_celsius 81.234\n" in text
    assert b"soundit_throttled 1.0\n" in text


def test_the_format_is_the_one_that_is_announced() -> None:
    assert CONTENT_TYPE == prometheus_client.CONTENT_TYPE_PLAIN_0_0_4


async def test_without_the_library_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> ModuleType:
        raise ModuleNotFoundError(name)

    load_encoder.cache_clear()
    monkeypatch.setattr(importlib, "import_module", missing)
    with pytest.raises(IntegrationError, match="prometheus-client is not installed: install"):
        await Metrics(MetricsSettings()).run(FakeControl(), lambda: None)


def test_nobody_pays_for_libraries_of_what_is_switched_off() -> None:
    seen = "import sys; print(sorted({'prometheus_client', 'h11', 'ssl'} & set(sys.modules)))"
    program = f"import soundit_edge.integrations.registry; {seen}"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert "prometheus_client" not in done.stdout
    assert "h11" not in done.stdout
