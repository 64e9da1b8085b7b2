"""The picture of the device, put together from its parts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from soundit_edge import __version__
from soundit_edge.control.pulse import Pulse
from soundit_edge.control.status import MusicStatus, PulseStatus
from soundit_edge.daemon.status import device_status, music_status, sense_status, source_status
from soundit_edge.daemon.ways.source import CaptureWorker
from soundit_edge.emotion import Emotion, Mood, Reading, one_hot
from soundit_edge.inference.job import JobStatistics
from soundit_edge.mailbox import MailboxStatistics
from soundit_edge.music.director.reason_log import Reason
from soundit_edge.music.director.target import RANGES, MusicTarget
from soundit_edge.music.morph.quality import QualityLevel
from soundit_edge.music.player.statistics import PlayerStatistics
from soundit_edge.music.track_info import TrackInfo
from soundit_edge.perception.fusion import Fusion
from soundit_edge.perception.perceiver import SenseStatistics
from soundit_edge.settings import LockSettings, MusicSettings
from tests.fakes.capture import ScriptedCapture

READING = Reading("face", 9.0, one_hot(Emotion.HAPPY, 0.8), 0.7, {"faces": 2})
PULSE = Pulse(at=0.0, bars=3.375, bar_s=2.0, beats=4, moving=True, level_db=-20.0)
PIECE = TrackInfo("Theme 1", 96.0, 2.5)
STATISTICS = SenseStatistics(
    job=JobStatistics(
        mailbox=MailboxStatistics(offered=10, taken=6, dropped=3, waiting=True),
        calls=6,
        busy_s=0.5,
        median_s=0.012,
        p95_s=0.02,
        age_s=0.03,
        missed_deadlines=1,
        rate=8.0,
        nominal_rate=10.0,
    ),
    readings=6,
    readings_per_second=9.5,
    latest=READING,
    latency=0.03,
)


def told(
    statistics: PlayerStatistics, reasons: tuple[Reason, ...] = (), chosen: MusicSettings | None = None
) -> MusicStatus:
    return music_status(statistics, PIECE, PULSE, reasons, chosen or MusicSettings(), several=False, note="")


def mood_at(t: float) -> Mood:
    fusion = Fusion()
    fusion.add(READING)
    return fusion.at(t)


def test_a_sense_whose_reading_counts_is_reading() -> None:
    status = sense_status("face", STATISTICS, mood_at(9.1))
    assert (status.state, status.emotion, status.trust) == ("reading", Emotion.HAPPY, 0.7)
    assert status.confidence == pytest.approx(0.825)
    assert (status.readings_per_second, status.dropped, status.milliseconds) == (9.5, 3, 12.0)
    assert (status.milliseconds_p95, status.age_milliseconds, status.missed_deadlines) == (20.0, 30.0, 1)
    assert (status.rate, status.nominal_rate) == (8.0, 10.0)
    assert status.detail == {"faces": 2}


def test_a_sense_whose_reading_is_old_is_quiet_but_its_work_is_told() -> None:
    status = sense_status("face", STATISTICS, mood_at(30.0))
    assert (status.state, status.emotion, status.trust) == ("quiet", None, 0.0)
    assert (status.dropped, status.milliseconds) == (3, 12.0)


def test_a_sense_that_is_switched_off_is_off_whatever_it_did_before() -> None:
    off = sense_status("face", replace(STATISTICS, on=False), mood_at(9.1))
    assert (off.state, off.emotion, off.readings_per_second) == ("off", None, 0.0)


def test_a_source_is_told_as_it_is() -> None:
    source = CaptureWorker("camera", ScriptedCapture(name="camera 1"), lambda _: None, lambda: 0.0, note="found")
    status = source_status(source)
    assert (status.role, status.name, status.state, status.note) == ("camera", "camera 1", "on", "found")


def test_music_without_a_beat_has_no_tempo() -> None:
    piece = replace(PIECE, bpm=None)
    assert music_status(PlayerStatistics(), piece, PULSE, (), MusicSettings(), several=False, note="").bpm is None


def test_music_is_told_as_it_sounds() -> None:
    target = MusicTarget(1.1, 2.0, 9_000.0, 1.2, 0.12, 1.0, 40.0, 0.375, 0.3, 0.4, 0.2)
    statistics = PlayerStatistics(
        bars=7.9, rms_db=-18.5, late=2, underruns=1, buffer_fill=0.75, min_buffer_fill=0.5, in_force=target
    )
    status = told(statistics, (Reason(3.0, "because"), Reason(1.0, "of old")))
    assert (status.bar, status.level_db, status.late_blocks, status.underruns) == (3, -18.5, 2, 1)
    assert status.pulse == PulseStatus(beat=1, beats=4, phase=0.5, beat_s=0.5, moving=True)
    assert (status.ring, status.least_ring, status.rung) == (0.75, 0.5, "full")
    for name in RANGES:
        assert getattr(status, name) == getattr(target, name)
    assert status.bpm == pytest.approx(96 * 1.1)
    assert status.title == "Theme 1"
    assert status.reason == "because"
    assert [(reason.t, reason.words) for reason in status.reasons] == [(3.0, "because"), (1.0, "of old")]


@pytest.mark.parametrize("rung", QualityLevel)
def test_what_is_left_out_has_a_word(rung: QualityLevel) -> None:
    assert told(PlayerStatistics(quality=rung)).rung == rung.name.lower()


def test_what_was_chosen_is_told() -> None:
    chosen = MusicSettings(policy="lift", preset="dramatic", lock=LockSettings(wah=0.5, semitones=-2))
    status = told(PlayerStatistics(), chosen=chosen)
    assert (status.policy, status.preset, status.locks) == ("lift", "dramatic", {"wah": 0.5, "semitones": -2})
    assert (status.reason, status.reasons) == ("", ())


def test_the_whole_device() -> None:
    mood = mood_at(9.1)
    source = source_status(CaptureWorker("demo", ScriptedCapture(name="drawn demo"), lambda _: None, lambda: 0.0))
    status = device_status(9.1, mood, {"face": STATISTICS}, [source], told(PlayerStatistics()), 0.4)
    assert (status.version, status.t, status.volume) == (__version__, 9.1, 0.4)
    assert status.mood.emotion is mood.emotion
    assert [sense.name for sense in status.senses] == ["face"]
    assert status.sources == (source,)
