"""Whole pieces, and what the eight moods sound like: measured on the samples, by our own analysis."""

from __future__ import annotations

import contextlib
import itertools
from pathlib import Path

import numpy as np
import pytest
from scipy import signal

from soundit_edge.audio.format import RATE, Stereo
from soundit_edge.audio.loudness import loudness
from soundit_edge.emotion import Emotion
from soundit_edge.music.compose.form.phrase import MAX_BARS
from soundit_edge.music.compose.request import RING_S
from soundit_edge.music.mix.bus import MixBus
from soundit_edge.music.mix.open_synth import open_synth
from soundit_edge.music.render.automation import read_journey
from soundit_edge.music.render.composition import OfflineBrief, bars, render
from soundit_edge.music.synth.synth import SynthError
from soundit_edge.music.synth.wavetable import Wavetable
from tests.music.signals import side_to_mid_db, true_peak_db
from tests.variants import thorough
from tools.music.compose import Measured, composed, measure

SEEDS = (1, 2, 3)  # their mean: one piece is as bright or as soft as its players
BARS = 13  # of each mood: the slow ones have few notes to find the beat from
TEMPI = {  # of music.md
    Emotion.NEUTRAL: (92, 100),
    Emotion.CALM: (64, 76),
    Emotion.HAPPY: (116, 128),
    Emotion.SAD: (60, 70),
    Emotion.ANGRY: (132, 144),
    Emotion.FEARFUL: (104, 112),
    Emotion.DISGUSTED: (81, 87),
    Emotion.SURPRISED: (116, 124),
}
MINOR = {Emotion.SAD, Emotion.ANGRY, Emotion.FEARFUL, Emotion.DISGUSTED}


def whole(wish: OfflineBrief, seconds: float, seed: int = 1) -> Stereo:
    return np.concatenate(list(render(seed, wish, seconds, MixBus(Wavetable()))))


@pytest.mark.parametrize("seconds", [3.0, 12.5])
def test_a_piece_is_as_long_as_it_is_asked_to_be_and_ends_in_silence(seconds: float) -> None:
    out = whole(OfflineBrief(Emotion.HAPPY), seconds)
    assert out.shape == (round(seconds * RATE), 2)
    assert np.abs(out[-1]).max() < 1e-6
    assert loudness(out[: RATE * 2]) > -38.0
    assert loudness(out) > -26.0
    assert true_peak_db(out) <= -1.0


@pytest.mark.parametrize("emotion", [Emotion.CALM, Emotion.ANGRY, Emotion.SURPRISED])
def test_what_is_heard_is_mono_below_120_hertz(emotion: Emotion) -> None:
    """Through mix, echo and reverb: these moods have the most of them."""
    low = signal.butter(8, 120.0, fs=RATE, output="sos")
    out = whole(OfflineBrief(emotion), 15.0)
    assert side_to_mid_db(signal.sosfilt(low, out, axis=0)) < -15.0
    assert side_to_mid_db(out) > -8.0


@pytest.mark.parametrize("seconds", [20.0, 60.0, 100.0])
@pytest.mark.parametrize("emotion", Emotion)
def test_its_last_chord_rings_to_the_end(emotion: Emotion, seconds: float) -> None:
    for seed in range(3):
        piece = list(bars(seed, OfflineBrief(emotion), seconds))
        total = sum(bar.bar_s for bar in piece)
        assert piece[-1].last
        assert total + RING_S == pytest.approx(seconds, abs=0.02)
        assert piece[-1].bar_s < 2.3 * piece[-3].bar_s
        held = max(n.start + n.length for n in piece[-1].notes)
        assert held * piece[-1].beat_s == pytest.approx(piece[-1].bar_s + RING_S, abs=0.2)


@pytest.mark.thorough
def test_the_same_seed_and_journey_give_the_same_samples(tmp_path: Path) -> None:
    (tmp_path / "way.csv").write_text("t,mood\n0,calm\n4,angry\n9,sad\n")
    one, other = (whole(OfflineBrief(journey=read_journey(tmp_path / "way.csv")), 12.0) for _ in range(2))
    np.testing.assert_array_equal(one, other)
    assert not np.array_equal(one, whole(OfflineBrief(journey=read_journey(tmp_path / "way.csv")), 12.0, seed=2))


def test_a_journey_leads_through_its_moods(tmp_path: Path) -> None:
    (tmp_path / "way.csv").write_text("t,mood,valence,arousal\n0,calm,,\n40,,0.8,0.5\n80,sad,,\n")
    piece = list(bars(1, OfflineBrief(journey=read_journey(tmp_path / "way.csv")), 130.0))
    order = list(dict.fromkeys(bar.character for bar in piece))
    assert order == [Emotion.CALM, Emotion.HAPPY, Emotion.SAD]
    begins = np.cumsum([0.0, *(bar.bar_s for bar in piece)])
    turned = next(t for t, bar in zip(begins, piece, strict=False) if bar.character is Emotion.HAPPY)
    assert 40.0 <= turned <= 40.0 + (2 + MAX_BARS) * 60.0 * 4 / 64


def test_a_journey_can_set_tempo_and_key(tmp_path: Path) -> None:
    (tmp_path / "way.csv").write_text("t,mood,tempo,semitones\n0,happy,0.8,3\n")
    changed = next(iter(bars(1, OfflineBrief(journey=read_journey(tmp_path / "way.csv")), 90.0)))
    plain = next(iter(bars(1, OfflineBrief(Emotion.HAPPY), 90.0)))
    assert changed.bpm == pytest.approx(0.8 * plain.bpm)
    assert changed.tonic == (plain.tonic + 3) % 12


@pytest.fixture(scope="module", params=["fluid", *thorough("wavetable")])
def moods(request: pytest.FixtureRequest) -> dict[Emotion, list[Measured]]:
    """Pieces of each mood, one of each of `SEEDS`."""
    try:
        kept_open = open_synth(request.param)
    except SynthError as error:
        pytest.skip(str(error))
    # FluidSynth lends the samples of an open SoundFont to whoever opens it as well: it is read once, not nine times.
    with contextlib.closing(kept_open):
        return {
            emotion: [measure(composed(emotion, BARS * 240.0 / TEMPI[emotion][0], s, request.param)) for s in SEEDS]
            for emotion in Emotion
        }


def rising(values: list[float], least: float = 0.0) -> bool:
    return all(b - a > least for a, b in itertools.pairwise(values))


def means(moods: dict[Emotion, list[Measured]], name: str) -> dict[Emotion, float]:
    return {emotion: float(np.mean([getattr(one, name) for one in found])) for emotion, found in moods.items()}


@pytest.fixture
def missed_by_wavetable(request: pytest.FixtureRequest) -> None:
    """Expect a test to fail with the synthesiser that needs no SoundFont: in the mean of three pieces its sad is nearly
    as stirred as its calm, and its neutral nearly as dark as its disgusted."""
    if request.node.callspec.params["moods"] == "wavetable":
        request.applymarker(pytest.mark.xfail(strict=True, reason="its moods lie nearer to each other"))


class TestMoods:
    """The table of music.md, heard."""

    @pytest.mark.parametrize("emotion", Emotion)
    def test_tempo(self, moods: dict[Emotion, list[Measured]], emotion: Emotion) -> None:
        slowest, fastest = TEMPI[emotion]
        found = moods[emotion][0].bpm
        # What limps is heard in threes as well as in twos.
        levels = (0.5, 1.0, 2.0, 1.5) if emotion is Emotion.DISGUSTED else (0.5, 1.0, 2.0)
        assert any(0.98 * slowest <= found / level <= 1.02 * fastest for level in levels), found

    # Fear has left the keys that the finder knows: it names the tonic's minor chord or another one, by the seed.
    @pytest.mark.parametrize("emotion", [e for e in Emotion if e is not Emotion.FEARFUL])
    def test_mode(self, moods: dict[Emotion, list[Measured]], emotion: Emotion) -> None:
        assert moods[emotion][0].minor == (emotion in MINOR)

    def test_register(self, moods: dict[Emotion, list[Measured]]) -> None:
        """Sad and disgusted lie low; happy high. (The strongest tone of distorted guitars is an overtone.)"""
        pitch = means(moods, "pitch")
        assert pitch[Emotion.HAPPY] - max(pitch[Emotion.SAD], pitch[Emotion.DISGUSTED]) > 2.0

    @pytest.mark.usefixtures("missed_by_wavetable")
    def test_density(self, moods: dict[Emotion, list[Measured]]) -> None:
        """Sad music has the least new sound, calm has less than what is stirred, happy the most but for what startles.
        (Anger's wall of guitars hides its drums.)"""
        stir = means(moods, "stir")
        assert stir[Emotion.SAD] < 0.8 * min(value for emotion, value in stir.items() if emotion is not Emotion.SAD)
        assert stir[Emotion.CALM] < min(stir[e] for e in (Emotion.NEUTRAL, Emotion.HAPPY, Emotion.SURPRISED))
        assert stir[Emotion.HAPPY] > max(stir[e] for e in (Emotion.NEUTRAL, Emotion.FEARFUL, Emotion.DISGUSTED))

    @pytest.mark.usefixtures("missed_by_wavetable")
    def test_brightness(self, moods: dict[Emotion, list[Measured]]) -> None:
        """(Fear's tremolo is as bright as neutral, and darker than what else is loud.)"""
        centroid = means(moods, "centroid_hz")
        dark = [centroid[e] for e in (Emotion.SAD, Emotion.CALM, Emotion.DISGUSTED)]
        open_ = [centroid[e] for e in (Emotion.NEUTRAL, Emotion.HAPPY, Emotion.SURPRISED, Emotion.ANGRY)]
        assert min(open_) > 1.15 * max(dark)
        loud = [centroid[e] for e in (Emotion.HAPPY, Emotion.SURPRISED, Emotion.ANGRY)]
        assert min(loud) > 1.1 * centroid[Emotion.FEARFUL]
        assert min(dark) == min(dark[0], dark[1])

    def test_tonal_balance(self, moods: dict[Emotion, list[Measured]]) -> None:
        """What is open is no brighter than the brightest of the real tracks in benches/ears.md, at -15 dB."""
        air = means(moods, "air_db")
        assert max(air[e] for e in (Emotion.NEUTRAL, Emotion.HAPPY, Emotion.SURPRISED)) < -15.5

    def test_loudness(self, moods: dict[Emotion, list[Measured]]) -> None:
        lufs = means(moods, "lufs")
        assert -22.0 < lufs[Emotion.NEUTRAL] < -16.5
        assert rising([lufs[Emotion(e)] for e in ("fearful", "neutral", "happy", "angry")], 0.5)
        assert lufs[Emotion.DISGUSTED] < lufs[Emotion.NEUTRAL] - 0.5
        assert max(lufs[Emotion.SAD], lufs[Emotion.CALM]) < lufs[Emotion.NEUTRAL] - 2.5
        assert lufs[Emotion.SURPRISED] > lufs[Emotion.NEUTRAL] + 0.5
        # Of a minute and eight seeds at most 6 LU (benches/ears.md); the short ones begin softly.
        assert max(lufs.values()) - min(lufs.values()) < 6.8
