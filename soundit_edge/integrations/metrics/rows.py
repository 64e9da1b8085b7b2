"""The table of metrics: of each its name, what it says, and where its values stand in the status.

Names go by Prometheus' conventions: base units (seconds, ratios from 0 to 1), `_total` where something is counted.
Labels come from small known sets; what people, files and devices are named is in none of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import groupby
from typing import Final, get_args

from soundit_edge.control.status import IntegrationStatus, ModelStatus, MusicStatus, SenseStatus, SourceStatus, Status
from soundit_edge.control.update_status import UpdateState
from soundit_edge.emotion import EMOTIONS
from soundit_edge.integrations.metrics.row import MetricRow, Snapshot, Values

SENSE_STATES: Final = get_args(SenseStatus.model_fields["state"].annotation)
WAY_STATES: Final = get_args(SourceStatus.model_fields["state"].annotation)
INTEGRATION_STATES: Final = get_args(IntegrationStatus.model_fields["state"].annotation)
UPDATE_STATES: Final = get_args(UpdateState)
ROLES: Final = get_args(SourceStatus.model_fields["role"].annotation)
RUNGS: Final = get_args(MusicStatus.model_fields["rung"].annotation)


def _number(name: str, help_: str, value: Callable[[Snapshot], float | None]) -> MetricRow:
    """Return a metric of one number, which may be unknown."""

    def values(snapshot: Snapshot) -> Values:
        number = value(snapshot)
        return [] if number is None else [((), number)]

    return MetricRow(name, help_, values)


def _sense(name: str, help_: str, value: Callable[[SenseStatus], float]) -> MetricRow:
    """Return a metric of each sense."""
    return MetricRow(name, help_, lambda s: [((sense.name,), value(sense)) for sense in s.status.senses], ("sense",))


def _model(name: str, help_: str, value: Callable[[list[ModelStatus]], float]) -> MetricRow:
    """Return a metric of each model; one that is loaded several times is one."""

    def labels(model: ModelStatus) -> tuple[str, str]:
        return model.name, model.resource

    def values(snapshot: Snapshot) -> Values:
        groups = groupby(sorted(snapshot.status.models, key=labels), labels)
        return [(both, value(list(models))) for both, models in groups]

    return MetricRow(name, help_, values, ("model", "resource"))


def _mood(name: str, help_: str, values: Callable[[Status], Values], *labels: str) -> MetricRow:
    """Return a metric of the mood; none in a public place, where nothing is kept of when it was which."""
    return MetricRow(name, help_, lambda s: [] if s.status.privacy.public_place else values(s.status), labels)


def _one_of(states: Iterable[str], present: str, *labels: str) -> Values:
    """Return 1 for the state that is present, and 0 for every other one."""
    return [((*labels, state), float(state == present)) for state in states]


def _sense_states(snapshot: Snapshot) -> Values:
    return [value for sense in snapshot.status.senses for value in _one_of(SENSE_STATES, sense.state, sense.name)]


def _integration_states(snapshot: Snapshot) -> Values:
    integrations = snapshot.status.integrations
    return [value for one in integrations for value in _one_of(INTEGRATION_STATES, one.state, one.name)]


def _ways(snapshot: Snapshot) -> Values:
    found = [(way.role, way.state) for way in snapshot.status.sources]
    return [((role, state), found.count((role, state))) for role in ROLES for state in WAY_STATES]


def _rate(sense: SenseStatus) -> float:
    return sense.rate / sense.nominal_rate if sense.nominal_rate else 0.0


def _release(snapshot: Snapshot) -> float:
    return snapshot.status.update.in_use.release


def _offered(snapshot: Snapshot) -> float | None:
    offered = snapshot.status.update.offered
    return None if offered is None else offered.release


def _looked(snapshot: Snapshot) -> float | None:
    return snapshot.status.update.looked


_DEVICE: Final = (
    MetricRow("soundit_build_info", "Version; always 1.", lambda s: [((s.status.version,), 1.0)], ("version",)),
    _number("soundit_uptime_seconds", "Time since the device started.", lambda s: s.status.t),
    _number("soundit_temperature_celsius", "The warmest sensor of the computer.", lambda s: s.temperature_c),
    _number("soundit_throttled", "1 while the firmware slows the processor down.", lambda s: s.throttled),
    _number("soundit_private", "1 while camera and microphone shall be closed.", lambda s: s.status.privacy.private),
    _number("soundit_camera_open", "1 while pictures are taken.", lambda s: s.status.privacy.camera_open),
    _number("soundit_microphone_open", "1 while sound is taken.", lambda s: s.status.privacy.microphone_open),
    MetricRow("soundit_ways", "How many ways in and out of a role are in a state.", _ways, ("role", "state")),
    MetricRow(
        "soundit_integration_state",
        "1 for the state that an integration is in.",
        _integration_states,
        ("integration", "state"),
    ),
)

_UPDATES: Final = (
    _number("soundit_model_set_release", "Release of the model set in use; 0: never published.", _release),
    _number("soundit_model_set_offered_release", "Release of the set that is ready or on its way.", _offered),
    _number("soundit_update_last_look_timestamp_seconds", "When the mirrors last answered.", _looked),
    MetricRow(
        "soundit_update_state",
        "1 for the state that updates are in.",
        lambda s: _one_of(UPDATE_STATES, s.status.update.state),
        ("state",),
    ),
    MetricRow(
        "soundit_update_outcomes_total",
        "What has come of updates, also before the device was last started.",
        lambda s: [((outcome,), count) for outcome, count in s.status.update.counts],
        ("outcome",),
    ),
)

_SENSES: Final = (
    MetricRow("soundit_sense_state", "1 for the state that a sense is in.", _sense_states, ("sense", "state")),
    _sense("soundit_sense_readings_per_second", "Readings lately.", lambda s: s.readings_per_second),
    _sense("soundit_sense_rate_ratio", "Readings that it may make now, by those where nothing is short.", _rate),
    _sense("soundit_sense_trust_ratio", "How much the latest reading counts.", lambda s: s.trust),
    _sense("soundit_sense_median_seconds", "What a reading takes, the median.", lambda s: s.milliseconds / 1000),
    _sense("soundit_sense_p95_seconds", "What a reading takes, 95th percentile.", lambda s: s.milliseconds_p95 / 1000),
    _sense("soundit_sense_age_seconds", "Age of what is read, 95th percentile.", lambda s: s.age_milliseconds / 1000),
    _sense("soundit_sense_dropped_total", "Frames or windows skipped for newer ones.", lambda s: s.dropped),
    _sense("soundit_sense_missed_deadlines_total", "Readings that came too late.", lambda s: s.missed_deadlines),
    _sense("soundit_sense_failures_total", "Readings that failed.", lambda s: s.failures),
)

_MODELS: Final = (
    _model("soundit_model_calls_total", "Calls of a model.", lambda all_: sum(m.calls for m in all_)),
    _model(
        "soundit_model_median_seconds",
        "What a call of a model takes, the median.",
        lambda all_: max(m.milliseconds for m in all_) / 1000,
    ),
    _model(
        "soundit_model_p95_seconds",
        "What a call of a model takes, 95th percentile.",
        lambda all_: max(m.milliseconds_p95 for m in all_) / 1000,
    ),
)

_AUDIO: Final = (
    _number("soundit_audio_underruns_total", "Blocks that the speaker lacked.", lambda s: s.status.music.underruns),
    _number(
        "soundit_audio_late_blocks_total", "Blocks ready later than planned.", lambda s: s.status.music.late_blocks
    ),
    _number("soundit_audio_ring_ratio", "How full the speaker's buffer is.", lambda s: s.status.music.ring),
    _number("soundit_audio_ring_min_ratio", "The least that the buffer held.", lambda s: s.status.music.least_ring),
    _number("soundit_audio_level_decibels", "Against full scale; silence is -120.", lambda s: s.status.music.level_db),
    MetricRow(
        "soundit_audio_rung",
        "1 for what the engine plays with: full, or less where the processor cannot keep up.",
        lambda s: _one_of(RUNGS, s.status.music.rung),
        ("rung",),
    ),
    _number("soundit_volume_ratio", "The volume that is set.", lambda s: s.status.volume),
    _number("soundit_muted", "1 while the music is muted.", lambda s: s.status.music.muted),
    _number("soundit_paused", "1 while the music stands still.", lambda s: s.status.music.paused),
)

_ROOM: Final = (
    _mood("soundit_mood", "1 for the emotion that is held.", lambda s: _one_of(EMOTIONS, s.mood.emotion), "emotion"),
    _mood(
        "soundit_mood_probability_ratio",
        "Probability of each emotion.",
        lambda s: [((emotion.value,), share) for emotion, share in s.mood.probabilities.items()],
        "emotion",
    ),
    _mood("soundit_mood_valence", "-1 (unpleasant) to 1 (pleasant).", lambda s: [((), s.mood.valence)]),
    _mood("soundit_mood_arousal", "-1 (still) to 1 (stirred).", lambda s: [((), s.mood.arousal)]),
)

ROWS: Final[tuple[MetricRow, ...]] = (*_DEVICE, *_UPDATES, *_SENSES, *_MODELS, *_AUDIO, *_ROOM)
"""Every metric of ours; what the process takes of the computer stands beside them, in metrics of the library."""
