"""The picture of the whole device that its clients see, put together from its parts."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final, Literal

from soundit_edge import __version__
from soundit_edge.control.claim import ClaimState
from soundit_edge.control.pulse import Pulse
from soundit_edge.control.status import (
    IntegrationStatus,
    ModelStatus,
    MoodStatus,
    MusicStatus,
    OverrideStatus,
    PrivacyStatus,
    PulseStatus,
    ReasonStatus,
    SenseStatus,
    SourceStatus,
    Status,
)
from soundit_edge.control.update_status import UpdateStatus
from soundit_edge.daemon.ways.source import CaptureWorker
from soundit_edge.emotion import EMOTIONS, Mood
from soundit_edge.inference.delegates.accelerator import AcceleratorState
from soundit_edge.inference.statistics import ModelStatistics
from soundit_edge.modalities import MODALITIES
from soundit_edge.music.director.reason_log import Reason
from soundit_edge.music.morph.quality import QualityLevel
from soundit_edge.music.player.statistics import PlayerStatistics
from soundit_edge.music.source import MusicSource
from soundit_edge.music.track_info import TrackInfo
from soundit_edge.perception.perceiver import SenseStatistics
from soundit_edge.settings import MusicSettings

_RUNGS: Final[Mapping[QualityLevel, Literal["full", "single_band", "no_room", "resample"]]] = MappingProxyType(
    {
        QualityLevel.FULL: "full",
        QualityLevel.SINGLE_BAND: "single_band",
        QualityLevel.NO_ROOM: "no_room",
        QualityLevel.RESAMPLE: "resample",
    }
)

_ACCELERATOR: Final[Mapping[str, Literal["on", "off", "lost", "stand-in"]]] = MappingProxyType(
    {"trying": "stand-in", "used": "on", "lost": "lost", "unused": "off"}
)

NOTHING: Final[Mapping[str, str]] = MappingProxyType({})


def source_status(source: CaptureWorker) -> SourceStatus:
    """Describe one way in."""
    return SourceStatus(role=source.role, name=source.name, state=source.state, note=source.note)


def accelerator_status(accelerator: AcceleratorState) -> SourceStatus:
    """Describe an accelerator; while it is tried, the CPU stands in for it."""
    return SourceStatus(
        role="accelerator", name=accelerator.name, state=_ACCELERATOR[accelerator.state], note=accelerator.note
    )


def sense_status(name: str, statistics: SenseStatistics, mood: Mood) -> SenseStatus:
    """Describe one sense; it is quiet where its latest reading no longer counts in the mood."""
    if not statistics.on:
        return SenseStatus(name=name, state="off")
    job = statistics.job
    failing = job.resting or job.hung
    status = SenseStatus(
        name=name,
        state="failing" if failing else "quiet",
        dropped=job.mailbox.dropped,
        milliseconds=1000 * job.median_s,
        milliseconds_p95=1000 * job.p95_s,
        age_milliseconds=1000 * job.age_s,
        missed_deadlines=job.missed_deadlines,
        rate=job.rate,
        nominal_rate=job.nominal_rate,
        resource=", ".join(job.resources),
        failures=job.failures,
        failure=job.failure,
    )
    reading = mood.senses.get(name)
    if reading is None or failing:
        return status
    return status.model_copy(
        update={
            "state": "reading",
            "emotion": reading.emotion,
            "confidence": reading.probabilities[EMOTIONS.index(reading.emotion)],
            "trust": reading.trust,
            "readings_per_second": statistics.readings_per_second,
            "detail": dict(reading.detail),
        }
    )


def model_status(statistics: ModelStatistics) -> ModelStatus:
    """Describe one model."""
    return ModelStatus(
        name=statistics.name,
        resource=statistics.resource,
        calls=statistics.calls,
        milliseconds=1000 * statistics.median_s,
        milliseconds_p95=1000 * statistics.p95_s,
    )


def pulse_status(pulse: Pulse) -> PulseStatus:
    """Describe where the music is."""
    return PulseStatus(
        beat=pulse.beat,
        beats=pulse.beats,
        phase=pulse.phase,
        beat_s=pulse.bar_s / max(1, pulse.beats),
        moving=pulse.moving,
    )


def music_status(
    statistics: PlayerStatistics,
    piece: TrackInfo,
    pulse: Pulse,
    reasons: Sequence[Reason],
    chosen: MusicSettings,
    *,
    several: bool,
    source: MusicSource = MusicSource.THEME,
    of_file: bool = False,
    art: str | None = None,
    paused: bool = False,
    rating: Literal["none", "liked", "disliked"] | None = None,
    note: str = "",
) -> MusicStatus:
    """Describe what is played now, why (the newest reason first), and what the user has chosen.

    Args:
        statistics: of the player.
        piece: that is heard.
        pulse: where it is now.
        reasons: why the music changed.
        chosen: the settings of the music.
        several: whether there is another track to go on to.
        source: where the music comes from.
        of_file: whether the piece is a sound file, which has an end.
        art: path on the page of its picture, or None.
        paused: whether the music stands still.
        rating: of the song of the library, or None.
        note: about the tracks, or "".
    """
    now = statistics.in_force
    ends = of_file and piece.bars > 0
    return MusicStatus(
        **dataclasses.asdict(now),
        title=piece.title,
        artist=piece.artist,
        album=piece.album,
        source=source.value,
        position_s=max(0.0, statistics.bars) % piece.bars * piece.bar_s if ends else None,
        length_s=piece.bars * piece.bar_s if ends else None,
        art=art,
        paused=paused,
        muted=chosen.muted,
        bpm=None if piece.bpm is None else piece.bpm * now.tempo,
        key=piece.key(now.semitones),
        bar=max(0, pulse.bar),
        pulse=pulse_status(pulse),
        level_db=statistics.rms_db,
        late_blocks=statistics.late,
        underruns=statistics.underruns,
        ring=statistics.buffer_fill,
        least_ring=statistics.min_buffer_fill,
        rung=_RUNGS[QualityLevel(statistics.quality)],
        reason=reasons[0].words if reasons else "",
        reasons=tuple(ReasonStatus(t=reason.t, words=reason.words) for reason in reasons),
        policy=chosen.policy,
        preset=chosen.preset,
        locks=chosen.lock.chosen(),
        several=several,
        rating=rating,
        note=note,
    )


def device_status(
    t: float,
    mood: Mood,
    senses: Mapping[str, SenseStatistics],
    sources: Sequence[SourceStatus],
    music: MusicStatus,
    volume: float,
    note: str = "",
    override: OverrideStatus | None = None,
    models: Sequence[ModelStatistics] = (),
    integrations: Sequence[IntegrationStatus] = (),
    room: str = "",
    schedule: str = "",
    scene: str = "",
    welcomed: bool = True,
    privacy: PrivacyStatus | None = None,
    unloaded: Mapping[str, str] = NOTHING,
    claim: ClaimState = "claimed",
    safe_mode: bool | None = None,
    update: UpdateStatus | None = None,
) -> Status:
    """Put everything together, at the moment `t` (seconds since the start)."""
    shown = {name: sense_status(name, statistics, mood) for name, statistics in senses.items()}
    shown |= {name: SenseStatus(name=name, state="off", failure=why) for name, why in unloaded.items()}
    order = {name: number for number, name in enumerate(MODALITIES)}
    return Status(
        version=__version__,
        t=t,
        mood=MoodStatus.of(mood),
        senses=tuple(sorted(shown.values(), key=lambda one: order.get(one.name, len(order)))),
        sources=tuple(sources),
        models=tuple(map(model_status, models)),
        integrations=tuple(integrations),
        music=music,
        volume=volume,
        override=override,
        privacy=privacy or PrivacyStatus(),
        update=update or UpdateStatus(),
        note=note,
        room=room,
        schedule=schedule,
        scene=scene,
        welcomed=welcomed,
        claim=claim,
        safe_mode=safe_mode,
    )
