"""What the speech gate, and the voice sense behind it, make of voices that do not speak: laughs, sighs and others.

Whispers and shouts are made of the recordings of an index: a whisper by driving each 30 ms' vocal tract (linear
prediction, Atal & Hanauer 1971) with noise, a shout by another pitch, a brighter spectrum and clipping. Laughs, sighs,
humming and singing are synthesised: a glottal pulse train or breath through three formants. All by chance, from a fixed
seed. Shown are how many windows of 2.5 s pass, the mean trust of the readings and how often each emotion is heard.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.linalg import solve_toeplitz
from scipy.signal import lfilter

from soundit_edge.capture.capture import SOUND_RATE, Sound
from soundit_edge.inference.models import ModelSet, default_folder
from soundit_edge.senses.voice.log_mel import WINDOW, at_speed, fill
from soundit_edge.senses.voice.sense import VoiceSense
from soundit_edge.senses.voice.vad import active_part
from tools.command import command, tool_parser
from tools.data.voices import read_index, read_sound

Samples = npt.NDArray[np.float32]

ORDER: Final = 18
FRAME: Final = 480
TIME: Final = np.arange(WINDOW) / SOUND_RATE
VOWELS: Final = ((730, 1090, 2440), (530, 1840, 2480), (270, 2290, 3010), (570, 840, 2410), (300, 870, 2240))
"""Formants in Hz of a, e, i, o, u (Peterson & Barney 1952)."""


def whisper(speech: Samples, rng: np.random.Generator) -> Samples:
    """Return the same words without a voice."""
    speech = fill(speech)
    out = np.zeros(len(speech) + 2 * FRAME)
    window = np.hanning(2 * FRAME)
    for start in range(0, len(speech) - 2 * FRAME, FRAME):
        frame = speech[start : start + 2 * FRAME] * window
        own = np.correlate(frame, frame, "full")[2 * FRAME - 1 :][: ORDER + 1]
        own[0] = own[0] * 1.001 + 1e-9
        tract = np.concatenate([[1.0], -solve_toeplitz(own[:-1], own[1:])])
        breath = lfilter([1], tract, rng.standard_normal(2 * FRAME))
        level = np.sqrt((np.square(frame).mean() + 1e-12) / (np.square(breath).mean() + 1e-12))
        out[start : start + 2 * FRAME] += level * breath * window
    return _at_level(out[:WINDOW], 0.01)


def shout(speech: Samples, rng: np.random.Generator) -> Samples:
    """Return the same words higher, brighter and clipped."""
    loud = fill(at_speed(speech, float(rng.uniform(1.1, 1.4))))
    loud = np.append(loud[0], loud[1:] - 0.7 * loud[:-1]).astype(np.float32)
    return np.clip(_at_level(loud, 0.4), -1, 1)


def laugh(speech: Samples, rng: np.random.Generator) -> Samples:
    """Return "ha ha ha": bursts of a falling voice, five a second, each begun by breath."""
    rate, top = rng.uniform(4, 6), rng.uniform(180, 400)
    phase = TIME * rate % 1
    hertz = top * (1.2 - 0.3 * phase) * np.exp(-0.15 * TIME)
    voice = _voiced(hertz, VOWELS[rng.integers(2)])
    breath = _tract(rng.standard_normal(WINDOW), VOWELS[0])
    bursts = np.where(phase < 0.55, np.sin(np.pi * phase / 0.55), 0)
    return _at_level(voice * bursts + 0.3 * breath * (phase > 0.5), 0.05)


def sigh(speech: Samples, rng: np.random.Generator) -> Samples:
    """Return a breath that swells and dies away, with a little of a falling voice in it."""
    length = rng.uniform(0.8, 1.8)
    shape = np.where(length > TIME, np.sin(np.pi * np.minimum(TIME / length, 1)) ** 2, 0)
    voice = _voiced(rng.uniform(110, 220) * (1 - 0.25 * np.minimum(TIME / length, 1)), VOWELS[0])
    sound = shape * (_tract(rng.standard_normal(WINDOW), VOWELS[0]) + rng.uniform(0, 1) * voice)
    return _at_level(sound + 0.001 * rng.standard_normal(WINDOW), 0.02)


def song(speech: Samples, rng: np.random.Generator) -> Samples:
    """Return a melody on changing vowels, with vibrato: each note held for a quarter to one second."""
    hertz, sound = np.zeros(WINDOW), np.zeros(WINDOW)
    at, root = 0, rng.uniform(110, 260)
    while at < WINDOW:
        length = int(rng.uniform(0.25, 1.0) * SOUND_RATE)
        part = slice(at, min(WINDOW, at + length))
        hertz[part] = root * 2 ** (rng.choice([0, 2, 4, 5, 7, 9, 12]) / 12)
        at += length
    hertz = np.convolve(hertz, np.hanning(800) / np.hanning(800).sum(), "same").clip(80)
    hertz *= 1 + rng.uniform(0, 0.015) * np.sin(2 * np.pi * rng.uniform(4.5, 6.5) * TIME)
    for start in range(0, WINDOW, SOUND_RATE // 2):
        part = slice(start, start + SOUND_RATE // 2)
        sound[part] = _voiced(hertz, VOWELS[rng.integers(5)])[part]
    return _at_level(sound, 0.05)


def hum(speech: Samples, rng: np.random.Generator) -> Samples:
    """Return a melody with closed lips: one dull formant."""
    return _at_level(lfilter([1], [1, -0.97], song(speech, rng)), 0.03)


SOUNDS: Final[dict[str, Callable[[Samples, np.random.Generator], Samples]]] = {
    "speech": lambda speech, rng: fill(speech),
    "whispered": whisper,
    "shouted": shout,
    "laughing": laugh,
    "sighing": sigh,
    "singing": song,
    "humming": hum,
}


def _voiced(hertz: npt.NDArray[np.float64], formants: tuple[int, int, int]) -> npt.NDArray[np.float64]:
    """Return a pulse at each period of a pitch [WINDOW], softened as a glottis does, through a vocal tract."""
    phase = np.cumsum(np.broadcast_to(hertz, TIME.shape)) / SOUND_RATE
    pulses = np.diff(np.floor(phase), prepend=0)
    return _tract(lfilter([1], [1, -1.8, 0.81], pulses), formants)


def _tract(source: npt.NDArray[np.float64], formants: tuple[int, int, int]) -> npt.NDArray[np.float64]:
    for hertz in formants:
        pole = 0.97 * np.exp(2j * np.pi * hertz / SOUND_RATE)
        source = lfilter([1], [1, -2 * pole.real, abs(pole) ** 2], source)
    return np.asarray(source / (np.abs(source).max() + 1e-9))


def _at_level(sound: npt.NDArray[np.float64] | Samples, level: float) -> Samples:
    return np.asarray(sound * (level / (np.sqrt(np.square(sound).mean()) + 1e-9)), dtype=np.float32)


@command
def main(arguments: Sequence[str] | None = None) -> None:
    """Run the tool."""
    parser = tool_parser("tools.evaluate.voice_sounds", __doc__)
    parser.add_argument("index", type=Path, help="an index.csv of recordings")
    parser.add_argument("--windows", type=int, default=200, help="of each kind")
    options = parser.parse_args(arguments)
    rows = read_index(options.index)
    models = ModelSet(default_folder())
    for name, make in SOUNDS.items():
        rng = np.random.default_rng(0)
        readings = []
        for i in rng.permutation(len(rows))[: options.windows]:
            speech = active_part(read_sound(options.index.parent / rows[i]["path"]))
            readings.append(VoiceSense(models).read(Sound(0.0, make(speech, rng))))
        heard = [reading for reading in readings if reading is not None]
        trust = np.mean([reading.trust for reading in heard]) if heard else 0.0
        said = ", ".join(f"{e} {n}" for e, n in Counter(str(reading.emotion) for reading in heard).most_common(4))
        print(f"{name}: {len(heard)} of {len(readings)} windows pass, trust {trust:.2f}: {said}")


if __name__ == "__main__":
    sys.exit(main())
