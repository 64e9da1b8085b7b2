"""The figures of the ears' bench, on sounds and notes whose figures are known."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from benches.ears_goals import auc, goals
from benches.ears_mix import loudness_range, mix_figures
from benches.ears_notes import note_figures, read_notes
from soundit_edge.audio.format import RATE, Stereo
from soundit_edge.emotion import Emotion
from soundit_edge.music.general_midi import Instrument
from soundit_edge.music.render.midi import write_midi
from soundit_edge.music.score import BEATS, Bar, Note, Part

INSTRUMENTS = {Part.LEAD: Instrument.FLUTE, Part.PAD: Instrument.STRINGS, Part.BASS: Instrument.CONTRABASS}


def noise(seconds: float, level: float, seed: int = 1) -> Stereo:
    return (level * np.random.default_rng(seed).standard_normal((round(seconds * RATE), 2))).astype(np.float32)


def test_the_loudness_range_is_that_between_the_loud_and_the_soft_half() -> None:
    halves = np.concatenate([noise(20.0, 0.1), noise(20.0, 0.1 / 10 ** (8 / 20))])
    assert loudness_range(halves) == pytest.approx(8.0, abs=0.3)
    assert loudness_range(noise(20.0, 0.1)) < 0.3
    assert loudness_range(np.concatenate([noise(20.0, 0.1), np.zeros((20 * RATE, 2), np.float32)])) < 6.0


def test_width_and_air_of_noise() -> None:
    apart = noise(6.0, 0.1)
    figures = mix_figures(apart)
    assert figures.side_mid == pytest.approx(0.0, abs=0.2)
    assert figures.correlation == pytest.approx(0.0, abs=0.02)
    assert figures.air == pytest.approx(10 * np.log10(20 / 24), abs=0.1)
    mono = np.repeat(apart[:, :1], 2, axis=1)
    figures = mix_figures(mono)
    assert figures.side_mid < -60
    assert figures.correlation == pytest.approx(1.0)
    assert mix_figures(apart * 4).limited == 1.0


def bar(number: int, *notes: Note, bpm: float = 120.0) -> Bar:
    return Bar(number, bpm, BEATS, 0, "major", notes, INSTRUMENTS, Emotion.HAPPY, 0)


def written(path: Path, *bars: Bar) -> Path:
    write_midi(path, bars)
    return path


def test_notes_are_read_as_they_were_written(tmp_path: Path) -> None:
    bars = [
        bar(
            0,
            Note(Part.PAD, 0.0, 4.0, 60, 0.5),
            Note(Part.LEAD, 0.0, 1.0, 60, 0.5),
            Note(Part.LEAD, 1.0, 1.0, 62, 0.5),
        ),
        bar(1, Note(Part.LEAD, 0.02, 1.0, 70, 0.5), Note(Part.BASS, 0.0, 4.0, 40, 0.5), bpm=60.0),
    ]
    notes = read_notes(written(tmp_path / "a.mid", *bars))
    assert notes.seconds == pytest.approx(6.0)
    assert notes.bars == [0.0, 4.0]
    assert [round(note.second, 2) for note in notes.struck if note.part == "lead"] == [0.0, 0.5, 2.02]
    figures = note_figures(notes, notes)
    assert figures.on_top == pytest.approx(2 / 3)
    assert figures.doubled == pytest.approx(1 / 3)
    assert (figures.step, figures.leap, figures.repeated) == (0.5, 0.5, 0.0)
    assert figures.rests == pytest.approx(0.0), "the lead never rests"
    assert figures.off_grid_ms > 0


def test_a_part_that_rests_and_sections_that_differ_are_seen(tmp_path: Path) -> None:
    lead, held = Note(Part.LEAD, 0.0, 1.0, 60, 0.5), Note(Part.PAD, 0.0, 3.0, 50, 0.5)
    alike = read_notes(written(tmp_path / "a.mid", *(bar(k, lead, held) for k in range(64))))
    assert (note_figures(alike, alike).rests, note_figures(alike, alike).differ) == (0.0, 0.0)
    turns = [bar(k, *((lead,) if k // 8 % 2 else (held,))) for k in range(64)]
    other = read_notes(written(tmp_path / "b.mid", *turns))
    assert (note_figures(other, other).rests, note_figures(other, other).differ) == (0.5, 1.0)


def test_a_goal_is_met_by_the_figure_alone() -> None:
    pieces = [{"mood": "happy", "value": v} for v in (3.0, 4.0)] + [{"mood": "sad", "value": v} for v in (1.0, 3.5)]
    assert auc(pieces, {"happy"}, lambda piece: float(piece["value"])) == 0.75
    mix = {"lufs": -18.0, "lra": 6.0, "side_mid": -5.0, "correlation": 0.5, "true_peak": -2.0, "limited": 0.0}
    notes = {"on_top": 0.7, "doubled": 0.0, "step": 0.5, "leap": 0.1, "off_grid_ms": 9.0, "rests": 0.2, "differ": 1.0}
    true = {"bpm": 120.0, "key": "D# major"}
    piece = {"mood": "happy", "name": "1", "cpu_s": 5.0, "mix": mix, "notes": {**notes, "controllers_s": 1.0}}
    piece |= {"truth": true, "heard": {"bpm": 121.0, "key": "Eb major"}}
    assert all(goal.met for goal in goals([piece], (), 0.01))
    worse = {**piece, "mix": {**mix, "lra": 4.9}, "cpu_s": 7.0, "heard": {"bpm": None, "key": "C minor"}}
    assert [goal.name for goal in goals([worse], (), 0.03) if not goal.met] == [
        "tempo, heard by our analysis",
        "tonic and family, heard by our analysis",
        "loudness range, LU",
        "composing and rendering, times real time, slowest piece",
        "the mix bus while it plays, of a core",
    ]
