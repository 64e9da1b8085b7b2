"""The bus: the same samples however many are asked for, mono where it is low, wide where it is not."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from soundit_edge.audio.format import BLOCK, RATE, Stereo
from soundit_edge.emotion import Emotion
from soundit_edge.music.ensemble import Ensemble
from soundit_edge.music.general_midi import Instrument
from soundit_edge.music.mix.bus import MixBus
from soundit_edge.music.score import Part
from soundit_edge.music.synth.synth import PARTS, ControlEvent, MixEvent, NoteEvent, Stems
from tests.music.signals import side_to_mid_db


class Tones:
    """A synthesiser whose parts hum a tone each, on both channels alike, or noise."""

    name = "tones"

    def __init__(self, hertz: dict[Part, float], level: float = 0.1, sampled: bool = True) -> None:
        self._hertz, self._level, self._done = hertz, level, 0
        self.sampled = sampled
        self.closed = False

    def note_on(self, strike: NoteEvent) -> None: ...

    def control(self, control: ControlEvent) -> None: ...

    def render_parts(self) -> Stems:
        t = (self._done + np.arange(BLOCK)) / RATE
        self._done += BLOCK
        stems: Stems = np.zeros((len(PARTS), 2, BLOCK), dtype=np.float32)
        for part, hertz in self._hertz.items():
            stems[PARTS.index(part)] = self._level * np.sin(2 * np.pi * hertz * t)
        return stems

    def close(self) -> None:
        self.closed = True


def heard(hertz: dict[Part, float], seconds: float = 3.0, emotion: Emotion = Emotion.NEUTRAL) -> Stereo:
    bus = MixBus(Tones(hertz))
    bus.mix(MixEvent(0, emotion, Ensemble.BAND))
    return bus.render(round(seconds * RATE))


@settings(max_examples=10)
@given(st.lists(st.integers(1, 3_000), min_size=1, max_size=12))
def test_the_samples_do_not_depend_on_how_many_are_asked_for_at_a_time(counts: list[int]) -> None:
    parts = {Part.PAD: 440.0, Part.DRUMS: 90.0}
    events = [MixEvent(1_000 * k, emotion, Ensemble.BAND) for k, emotion in enumerate(Emotion)]
    whole, pieces = MixBus(Tones(parts)), MixBus(Tones(parts))
    for event in events:
        whole.mix(event)
        pieces.mix(event)
    np.testing.assert_array_equal(np.concatenate([pieces.render(count) for count in counts]), whole.render(sum(counts)))


@pytest.mark.parametrize("part", list(Part))
def test_what_is_low_is_mono_whoever_plays_it(part: Part) -> None:
    assert side_to_mid_db(heard({part: 50.0})[RATE:]) < -15.0


def test_chords_are_wide_and_the_bass_is_not() -> None:
    wide = [side_to_mid_db(heard({Part.PAD: hertz})[RATE:]) for hertz in (330.0, 392.0, 494.0, 659.0, 784.0)]
    assert np.median(wide) > -7.0
    assert side_to_mid_db(heard({Part.BASS: 400.0})[RATE:]) < -12.0


def test_the_plucked_part_answers_the_held_chords_from_the_other_side() -> None:
    def lean(part: Part) -> float:
        both = [np.square(heard({part: hertz})).mean(axis=0) for hertz in (330.0, 415.0, 523.0, 622.0, 784.0)]
        left, right = np.sum(both, axis=0)
        return float(10 * np.log10(right / left))

    assert lean(Part.PLUCK) < -2.0
    assert lean(Part.PAD) > 1.0
    assert abs(lean(Part.BASS)) < 1.0


def test_a_synthesiser_without_recordings_has_less_of_the_air_that_is_added() -> None:
    def added_db(sampled: bool) -> float:
        """How much more there is of a high tone than of one in the middle, in a mood with much air."""
        bus = MixBus(Tones({Part.LEAD: 900.0, Part.BASS: 9_000.0}, sampled=sampled))
        bus.mix(MixEvent(0, Emotion.SAD, Ensemble.BAND))
        spectrum = np.abs(np.fft.rfft(bus.render(3 * RATE)[RATE : 2 * RATE].sum(axis=1)))
        return float(20 * np.log10(spectrum[9_000] / spectrum[900]))

    assert added_db(sampled=True) > added_db(sampled=False) + 5.0


def test_another_mood_comes_without_a_click() -> None:
    bus = MixBus(Tones({Part.PAD: 300.0}))
    bus.mix(MixEvent(0, Emotion.CALM, Ensemble.BAND))
    bus.mix(MixEvent(RATE, Emotion.ANGRY, Ensemble.CHAMBER))
    sound: npt.NDArray[np.float64] = bus.render(3 * RATE).mean(axis=1).astype(np.float64)
    sharp = np.abs(np.diff(sound, 3))
    assert sharp[RATE - BLOCK :].max() < 1.5 * sharp[RATE // 2 : RATE - BLOCK].max() * np.abs(sound).max() / 0.05
    assert np.isfinite(sound).all()


def test_a_mood_that_is_there_from_the_first_sample_needs_no_glide() -> None:
    first, second = heard({Part.LEAD: 500.0}, 0.5, Emotion.SAD), heard({Part.LEAD: 500.0}, 0.5, Emotion.SAD)
    np.testing.assert_array_equal(first, second)
    assert np.abs(first[: BLOCK // 2]).max() > 0.3 * np.abs(first).max()


def test_what_it_is_told_reaches_the_synthesiser() -> None:
    tones = Tones({})
    bus = MixBus(tones)
    bus.note_on(NoteEvent(0, 1, Part.LEAD, Instrument.FLUTE, 60, 0.5))
    assert bus.name == "tones"
    assert np.abs(bus.render(2 * BLOCK + 7)).max() == 0.0
    bus.close()
    assert tones.closed
