"""The distortions that a training window goes through: other speeds, rooms, codecs, a television, noise, masks."""

from __future__ import annotations

import io
from typing import Final

import numpy as np
import numpy.typing as npt
import soundfile
import soxr

from soundit_edge.capture.capture import SOUND_RATE
from soundit_edge.senses.voice.log_mel import BANDS, FRAMES, WINDOW, at_speed, fill, log_mel
from tools.train.voice.television import Television

Samples = npt.NDArray[np.float32]
Picture = npt.NDArray[np.float32]

LONGEST: Final = 2 * SOUND_RATE
SHORTEST: Final = SOUND_RATE // 2
"""Samples of speech in a training window. Some corpora were cut to lengths that tell the emotion, so none is heard for
longer than this; and single words shall be understood."""


class Distorter:
    """Makes training windows of clips, in the style of no one recording."""

    def __init__(self, rng: np.random.Generator) -> None:
        self._rng = rng
        self._noises = [coloured_noise(rng, 20 * SOUND_RATE, slope) for slope in (0.0, 0.5, 1.0)]
        self._television = Television(rng)

    def picture(self, speech: Samples) -> Picture:
        """Return one training input, float32 [FRAMES, BANDS], of a clip's active part."""
        return self.masked(self.unmasked(speech))

    def unmasked(self, speech: Samples) -> Picture:
        """Return the same without what `masked` does, which is cheap enough to be done anew for each epoch."""
        rng = self._rng
        sound = self._cut(self._at_other_speed(speech))
        if rng.random() < 0.4:
            sound = in_a_room(sound, rng)
        if rng.random() < 0.3:
            other = self._television.window(WINDOW)
            sound = sound + np.float32(_level(sound) * 10 ** (-rng.uniform(5, 25) / 20)) * other
        noise = self._noises[rng.integers(len(self._noises))]
        start = int(rng.integers(len(noise) - WINDOW))
        # Always some noise: some corpora are noise-gated or digitally silent between words, and no room is.
        ratio = np.float32(_level(sound) * 10 ** (-rng.uniform(10, 45) / 20))
        sound = (sound + ratio * noise[start : start + WINDOW]).astype(np.float32)
        return log_mel(self._coded(sound))

    def _at_other_speed(self, speech: Samples) -> Samples:
        if self._rng.random() < 0.3:
            return speech
        speed = float(np.exp(self._rng.uniform(-0.13, 0.13)))
        return at_speed(speech, speed)

    def _cut(self, speech: Samples) -> Samples:
        """Return a window of two seconds of the speech at most, repeated after a pause."""
        rng = self._rng
        length = min(LONGEST, len(speech))
        if rng.random() < 0.4:
            length = int(rng.uniform(min(SHORTEST, length), length))
        start = int(rng.integers(len(speech) - length + 1))
        pause = np.zeros(int(rng.uniform(0, 0.3) * SOUND_RATE), dtype=np.float32)
        repeated = np.concatenate([speech[start : start + length], pause])
        return fill(np.roll(repeated, int(rng.integers(len(repeated)))))

    def _coded(self, sound: Samples) -> Samples:
        """Return the sound as a telephone, a lossy file or a dull microphone passes it on, or as it is."""
        rng = self._rng
        kind = rng.random()
        if kind < 0.15:
            return _dulled(sound, rng.uniform(2500, 7000))
        if kind < 0.23:
            low = soxr.resample(sound, SOUND_RATE, SOUND_RATE // 2)
            return fill(soxr.resample(_through(low, SOUND_RATE // 2, "WAV", "GSM610"), SOUND_RATE // 2, SOUND_RATE))
        if kind < 0.27:
            return fill(_through(sound, SOUND_RATE, "OGG", "VORBIS"))
        return sound

    def masked(self, picture: Picture) -> Picture:
        """Add another microphone's frequency response, and take away some stretches of time and some bands.

        The response is a smooth curve over the bands of some decibels; the masks are those of Park et al. 2019.
        """
        rng = self._rng
        curve = np.interp(np.linspace(0, 4, BANDS), np.arange(5), rng.normal(0, 0.15, 5))
        picture = picture + curve.astype(np.float32)
        blank = picture.mean()
        for _ in range(2):
            width = int(rng.integers(0, 25))
            start = int(rng.integers(FRAMES - width))
            picture[start : start + width] = blank
        width = int(rng.integers(0, 9))
        start = int(rng.integers(BANDS - width))
        picture[:, start : start + width] = blank
        return picture


def coloured_noise(rng: np.random.Generator, count: int, slope: float) -> Samples:
    """Return noise of unit level; its amplitude falls with frequency ** `slope` (0 white, 0.5 pink, 1 brown)."""
    spectrum = np.fft.rfft(rng.standard_normal(count))
    spectrum[1:] /= np.arange(1, len(spectrum)) ** slope
    spectrum[0] = 0
    noise = np.fft.irfft(spectrum, count)
    return np.asarray(noise / noise.std(), dtype=np.float32)


def in_a_room(sound: Samples, rng: np.random.Generator) -> Samples:
    """Return sound, float32 [WINDOW], with the tail of a room: noise that dies away by 60 dB in 0.1 to 0.6 seconds."""
    length = int(rng.uniform(0.1, 0.6) * SOUND_RATE)
    tail = rng.standard_normal(length).astype(np.float32) * np.exp(-6.9 * np.linspace(0, 1, length, dtype=np.float32))
    tail *= np.float32(rng.uniform(0.1, 0.7) / np.sqrt(np.square(tail).sum()))
    tail[0] = 1
    size = 65_536
    return np.fft.irfft(np.fft.rfft(sound, size) * np.fft.rfft(tail, size), size)[:WINDOW].astype(np.float32)


def _level(sound: Samples) -> float:
    return float(np.sqrt(np.square(sound).mean()))


def _dulled(sound: Samples, highest: float) -> Samples:
    """Return sound without what lies above a frequency in Hz, falling by 24 dB an octave."""
    spectrum = np.fft.rfft(sound)
    ratio = np.fft.rfftfreq(len(sound), 1 / SOUND_RATE) / highest
    return np.fft.irfft(spectrum / (1 + ratio**4), len(sound)).astype(np.float32)


def _through(sound: Samples, rate: int, file_format: str, codec: str) -> Samples:
    """Return sound after a lossy codec, written to memory and read again."""
    file = io.BytesIO()
    peak = float(np.abs(sound).max(initial=1e-6))
    loudest = np.float32(peak / 0.5)
    soundfile.write(file, sound / loudest, rate, format=file_format, subtype=codec)
    file.seek(0)
    back, _ = soundfile.read(file, dtype="float32")
    return np.asarray(back * loudest, dtype=np.float32)
