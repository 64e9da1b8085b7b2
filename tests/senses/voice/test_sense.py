"""The voice sense: readings where somebody speaks, none elsewhere, and no exception ever."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from soundit_edge.capture.capture import SOUND_RATE, Sound
from soundit_edge.emotion import EMOTIONS, Emotion, expected_affect
from soundit_edge.inference.local import install, local_set
from soundit_edge.inference.models import ModelSet, ModelSetError, default_folder
from soundit_edge.senses.sense import Sense
from soundit_edge.senses.voice.log_mel import WINDOW
from soundit_edge.senses.voice.sense import MODEL, OWN, SPEEDS, VoiceNet, VoiceSense, trust, versions
from soundit_edge.senses.voice.vad import Speech

Samples = npt.NDArray[np.float32]
VOICES = Path(__file__).parents[3] / "../shared/data/voice"


def speech(seed: int = 0, level: float = 0.2) -> Samples:
    """Gliding harmonics in syllables: enough of a voice for the gate."""
    rng = np.random.default_rng(seed)
    time = np.arange(WINDOW) / SOUND_RATE
    hertz = np.interp(time, np.linspace(0, 2.5, 14), rng.uniform(110, 210, 14))
    phase = 2 * np.pi * np.cumsum(hertz) / SOUND_RATE
    syllables = np.interp(time, np.linspace(0, 2.5, 28), np.tile([0.02, 1.0], 14))
    sound = syllables * sum(np.sin(k * phase) / k for k in range(1, 16))
    return np.asarray(level * sound / np.abs(sound).max(), np.float32)


@pytest.fixture
def sense() -> VoiceSense:
    return VoiceSense(ModelSet(default_folder()))


def test_it_is_a_sense(sense: VoiceSense) -> None:
    as_sense: Sense[Sound] = sense
    assert (as_sense.name, as_sense.period, sense.window) == ("voice", 0.5, 2.5)


def test_speech_is_read(sense: VoiceSense) -> None:
    reading = sense.read(Sound(10.0, speech()))
    assert reading is not None
    assert reading.sense == "voice"
    assert reading.t == 12.5
    assert sum(reading.probabilities) == pytest.approx(1)
    assert 0 < reading.trust <= 1


def test_silence_and_noise_are_not(sense: VoiceSense) -> None:
    assert sense.read(Sound(0.0, np.zeros(WINDOW, np.float32))) is None
    noise = np.random.default_rng(0).normal(0, 0.1, WINDOW).astype(np.float32)
    assert sense.read(Sound(2.5, noise)) is None


def test_level_does_not_tell() -> None:
    models = ModelSet(default_folder())
    quiet = VoiceSense(models).read(Sound(0.0, speech(level=0.02)))
    loud = VoiceSense(models).read(Sound(0.0, speech(level=0.9)))
    assert quiet is not None
    assert loud is not None
    assert quiet.probabilities == pytest.approx(loud.probabilities, abs=0.02)


def test_broken_samples_count_as_silence(sense: VoiceSense) -> None:
    broken = speech()
    broken[1000:1200] = np.nan
    broken[5000] = np.inf
    reading = sense.read(Sound(0.0, broken))
    assert reading is not None
    assert np.isfinite(reading.probabilities).all()


def test_what_it_is_given_stays_as_it_was(sense: VoiceSense) -> None:
    given_samples = speech()
    given_samples[7] = np.nan
    before = given_samples.copy()
    sense.read(Sound(0.0, given_samples))
    assert np.array_equal(given_samples, before, equal_nan=True)


def test_clipped_speech_is_trusted_less(sense: VoiceSense) -> None:
    clipped = np.clip(speech(level=2.0), -1, 1)
    reading, clean = sense.read(Sound(0.0, clipped)), VoiceSense(ModelSet(default_folder())).read(Sound(0.0, speech()))
    assert clean is not None
    assert reading is None or reading.trust < clean.trust


@given(
    hnp.arrays(np.float32, st.integers(0, 3000), elements=st.floats(width=32, allow_nan=True, allow_infinity=True)),
    st.integers(1, 20),
)
@settings(max_examples=30)
def test_it_never_raises(samples: Samples, repeats: int) -> None:
    VoiceSense(_MODELS).read(Sound(0.0, np.tile(samples, repeats)))


_MODELS = ModelSet(default_folder())


def test_a_long_window_counts_by_its_end(sense: VoiceSense) -> None:
    long = np.concatenate([np.zeros(5 * SOUND_RATE, np.float32), speech()])
    reading, short = sense.read(Sound(0.0, long)), VoiceSense(_MODELS).read(Sound(0.0, speech()))
    assert reading is not None
    assert short is not None
    assert reading.probabilities == short.probabilities
    assert reading.t == pytest.approx(7.5)


@given(st.floats(8, 90), st.floats(0, 1), st.floats(0, 1))
def test_trust_stays_in_its_range(above: float, voiced: float, clipped: float) -> None:
    assert 0 <= trust(Speech(above, voiced), clipped) <= 1


def test_the_shipped_network_is_the_manifests() -> None:
    entry = _MODELS.entry(MODEL)
    assert entry.labels == [str(e) for e in EMOTIONS]
    assert entry.bytes <= 400_000
    _MODELS.check_golden(MODEL, _MODELS.load(MODEL))


def test_tflite_runtime_computes_the_same() -> None:
    pytest.importorskip("tflite_runtime")
    _MODELS.check_golden(MODEL, _MODELS.load(MODEL, runtime="tflite-runtime"))


@pytest.mark.parametrize("samples", [1, 2, 3, 4, 1000])
def test_the_shortest_sound_is_classified(samples: int) -> None:
    said = VoiceNet(_MODELS).classify(np.ones(samples, np.float32))
    assert said.sum() == pytest.approx(1, abs=1e-5)
    assert np.isfinite(said).all()


def test_speech_is_heard_at_other_speeds_besides() -> None:
    heard = versions(speech())
    assert len(heard) == 1 + len(SPEEDS)
    assert (heard[0] == speech()).all()
    for version, speed in zip(heard[1:], SPEEDS, strict=True):
        assert len(version) == pytest.approx(WINDOW / speed, abs=2)


@pytest.mark.data
@pytest.mark.parametrize("clip", ["ravdess/03-01-05-02-01-01-01.opus", "ravdess/03-01-02-02-01-01-02.opus"])
def test_actors_are_heard(sense: VoiceSense, clip: str) -> None:
    path = VOICES / clip
    if not path.is_file():
        pytest.skip("../shared/data/voice is not here")
    samples, rate = soundfile.read(path, dtype="float32")
    assert rate == SOUND_RATE
    readings = [sense.read(Sound(t, samples[int(t * rate) : int(t * rate) + WINDOW])) for t in (0.0, 0.5, 1.0)]
    assert None not in readings


def moved(a: Sequence[float], b: Sequence[float]) -> float:
    """Total variation of two distributions, 0 to 1."""
    return 0.5 * sum(abs(x - y) for x, y in zip(a, b, strict=True))


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("gain_db", [-20, 20])
def test_twenty_decibels_do_not_change_what_is_heard(seed: int, gain_db: float) -> None:
    sound = speech(seed, level=0.02)
    plain = VoiceSense(_MODELS).read(Sound(0.0, sound))
    other = VoiceSense(_MODELS).read(Sound(0.0, sound * np.float32(10 ** (gain_db / 20))))
    assert plain is not None
    assert other is not None
    assert moved(plain.probabilities, other.probabilities) < 0.03
    assert other.trust == pytest.approx(plain.trust, rel=0.05)


@pytest.mark.parametrize("seed", range(4))
def test_pauses_around_speech_do_not_change_what_is_heard(seed: int) -> None:
    """The same half second of speech, with silence before it, behind it, or on both sides."""
    short = speech(seed)[: WINDOW // 2]
    silence = np.zeros(WINDOW - len(short), np.float32)
    half = silence[: len(silence) // 2]
    placed = [np.concatenate(parts) for parts in ((silence, short), (short, silence), (half, short, half))]
    readings = [VoiceSense(_MODELS).read(Sound(0.0, sound)) for sound in placed]
    for reading in readings[1:]:
        assert readings[0] is not None
        assert reading is not None
        assert moved(readings[0].probabilities, reading.probabilities) < 0.1


def test_sound_of_eight_kilohertz_is_read(sense: VoiceSense) -> None:
    """As a source of half the rate delivers it: nothing above 4 kHz."""
    spectrum = np.fft.rfft(speech())
    spectrum[len(spectrum) // 2 :] = 0
    reading = sense.read(Sound(0.0, np.fft.irfft(spectrum, WINDOW).astype(np.float32)))
    assert reading is not None
    assert np.isfinite(reading.probabilities).all()


def test_valence_and_arousal_are_those_of_what_is_heard(sense: VoiceSense) -> None:
    reading = sense.read(Sound(0.0, speech()))
    assert reading is not None
    assert reading.affect == expected_affect(reading.probabilities)


def own_set(folder: Path, *labels: str) -> ModelSet:
    """The shipped network under labels of a user's own."""
    shipped = _MODELS.entry(MODEL)
    install(_MODELS.folder / shipped.file, OWN, labels, folder=folder, temperature=shipped.temperature)
    models = local_set(folder)
    assert models is not None
    return models


def test_an_own_network_hears_instead_of_the_shipped_one(tmp_path: Path) -> None:
    labels = ("plain=neutral", "calm", "party=happy", "sad", "grumpy=angry", "fearful", "disgusted", "surprised")
    own = VoiceSense(_MODELS, local=own_set(tmp_path, *labels)).read(Sound(0.0, speech()))
    shipped = VoiceSense(_MODELS).read(Sound(0.0, speech()))
    assert own is not None
    assert shipped is not None
    assert own.probabilities == pytest.approx(shipped.probabilities, abs=1e-6)
    assert own.detail["own"] in {"plain", "calm", "party", "sad", "grumpy", "fearful", "disgusted", "surprised"}
    assert "own" not in shipped.detail


def test_own_names_without_an_emotion_move_no_mood(tmp_path: Path) -> None:
    own = own_set(tmp_path, "a", "b", "c", "d", "e", "f", "g", "h")
    reading = VoiceSense(_MODELS, local=own).read(Sound(0.0, speech()))
    assert reading is not None
    assert reading.trust == 0
    assert reading.detail["own"] in set("abcdefgh")


def test_an_own_network_for_another_input_is_refused(tmp_path: Path) -> None:
    install(_MODELS.folder / _MODELS.entry("face_expression").file, OWN, tuple("abcdefgh"), folder=tmp_path)
    with pytest.raises(ModelSetError, match=r"another version.*remove voice_own"):
        VoiceSense(_MODELS, local=local_set(tmp_path))


def test_other_local_models_are_not_the_voices(tmp_path: Path) -> None:
    install(_MODELS.folder / _MODELS.entry(MODEL).file, "other_own", [str(e) for e in Emotion], folder=tmp_path)
    reading = VoiceSense(_MODELS, local=local_set(tmp_path)).read(Sound(0.0, speech()))
    assert reading is not None
    assert "own" not in reading.detail
