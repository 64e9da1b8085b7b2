"""How the notes are played: off the grid as players are, with controllers, and the same for the same seed."""

from __future__ import annotations

import itertools
from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from soundit_edge.emotion import Emotion
from soundit_edge.music.compose.composer import Composer
from soundit_edge.music.compose.performance.controllers import REST
from soundit_edge.music.compose.performance.feel import FEELS
from soundit_edge.music.compose.performance.timing import Drift, strummed, swung
from soundit_edge.music.compose.request import BarRequest
from soundit_edge.music.director.brief import sure_brief
from soundit_edge.music.score import Bar, MidiController, Part

BREATHING = (Emotion.SAD, Emotion.CALM)


def played(emotion: Emotion, seed: int, count: int = 32) -> list[Bar]:
    composer = Composer(seed)
    return [composer.next_bar(BarRequest(sure_brief(emotion))) for _ in range(count)]


def off_ms(bar: Bar) -> list[float]:
    """How far each note is from its semiquaver or its quaver of a triplet, whichever is nearer, in milliseconds."""
    grids = (4, 3)  # to a beat
    return [
        1000.0 * bar.beat_s * min(abs(n.start * grid - round(n.start * grid)) / grid for grid in grids)
        for n in bar.notes
    ]


@given(st.lists(st.floats(0.0, 8.0), min_size=2, max_size=8), st.floats(0.5, 0.67))
def test_swing_keeps_the_beats_and_the_order(beats: list[float], swing: float) -> None:
    assert swung(3.0, swing) == 3.0
    assert swung(2.5, swing) == pytest.approx(2.0 + swing)
    ordered = sorted(beats)
    places = [swung(beat, swing) for beat in ordered]
    assert all(a <= b + 1e-9 for a, b in itertools.pairwise(places))
    assert [swung(beat, 0.5) for beat in ordered] == pytest.approx(ordered)


def test_a_drift_has_its_size_and_a_memory() -> None:
    random, drift = np.random.default_rng(1), Drift(0.85)
    values = np.array([drift.next(random, 10.0) for _ in range(20_000)])
    assert values.std() == pytest.approx(10.0, rel=0.1)
    assert np.corrcoef(values[:-1], values[1:])[0, 1] == pytest.approx(0.85, abs=0.03)


def test_a_chord_is_strummed_from_below_or_from_above() -> None:
    assert strummed(3, 8.0, upwards=False) == [0.0, 8.0, 16.0]
    assert strummed(3, 8.0, upwards=True) == [16.0, 8.0, 0.0]


@pytest.mark.parametrize("emotion", Emotion)
def test_every_mood_is_5_to_20_ms_off_the_grid(emotion: Emotion) -> None:
    off = [x for seed in range(8) for bar in played(emotion, seed, 20) for x in off_ms(bar)]
    assert 5.0 < float(np.sqrt(np.mean(np.square(off)))) < 20.0


@pytest.mark.parametrize("emotion", Emotion)
def test_no_two_bars_of_the_drums_or_the_bass_are_played_alike(emotion: Emotion) -> None:
    bars = played(emotion, 2)
    forces = [tuple(n.velocity for n in bar.notes if n.voice is Part.BASS) for bar in bars]
    heard = [f for f in forces if f]
    assert len(set(heard)) == len(heard)


@pytest.mark.parametrize("emotion", BREATHING)
def test_the_tempo_arches_over_a_phrase(emotion: Emotion) -> None:
    by_place = defaultdict(list)
    for seed in range(4):
        for bar in played(emotion, seed, 60):
            by_place[bar.place].append(bar.bpm / bar.pace)
    assert np.mean(by_place[1]) > np.mean(by_place[0]) + 0.005


@pytest.mark.parametrize("emotion", Emotion)
def test_quiet_and_full_sections_differ_in_force(emotion: Emotion) -> None:
    """Where a piece has its dynamics from: fewer players, who also play softer."""
    sums = defaultdict(list)
    for seed in range(6):
        for bar in played(emotion, seed, 60):
            sums[bar.section].append(sum(n.velocity**2 * n.length for n in bar.notes) / bar.beats_per_bar)
    means = {section: float(np.mean(values)) for section, values in sums.items()}
    assert means["intro"] < 0.5 * means["return"]
    assert means["break"] < 0.6 * means["return"]


@pytest.mark.parametrize("emotion", Emotion)
def test_controllers_are_moved_in_order_and_come_to_rest(emotion: Emotion) -> None:
    at = defaultdict[tuple[Part, MidiController], float](float)
    at.update({(part, c): value for part in Part for c, value in REST.items()})
    seen = set()
    for bar in played(emotion, 3, 120):
        assert [c.start for c in bar.controls] == sorted(c.start for c in bar.controls)
        for control in bar.controls:
            key = (control.voice, control.controller)
            assert control.value != at[key]
            at[key] = control.value
            seen.add(control.controller)
    assert MidiController.EXPRESSION in seen or emotion in (Emotion.ANGRY, Emotion.SURPRISED)  # short notes throughout
    assert (MidiController.PEDAL in seen) == FEELS[emotion].pedal
    assert (MidiController.BEND in seen) == (FEELS[emotion].bent > 0)


def test_a_cut_and_the_last_chord_are_on_their_beat() -> None:
    composer = Composer(4)
    for _ in range(5):
        composer.next_bar(BarRequest(sure_brief(Emotion.SAD)))
    cut = composer.next_bar(BarRequest(sure_brief(Emotion.HAPPY), section=True))
    assert min(abs(n.start) for n in cut.notes) == 0.0
    last = [composer.next_bar(BarRequest(sure_brief(Emotion.HAPPY), close=True)) for _ in range(2)][1]
    assert min(n.start for n in last.notes) == 0.0
