"""Clips of acted voices as arrays, and the distortions that a training window goes through."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from soundit_edge.capture.capture import SOUND_RATE
from soundit_edge.emotion import EMOTIONS
from soundit_edge.errors import SounditError
from soundit_edge.inference.local import meaning
from soundit_edge.senses.voice.log_mel import BANDS, FRAMES, WINDOW, at_speed, fill, log_mel
from soundit_edge.senses.voice.vad import active_part
from tools.data.voices import CLASSES, read_index, read_sound

Samples = npt.NDArray[np.float32]
Picture = npt.NDArray[np.float32]


MIN_RECORDINGS: Final = 5
"""Of each class of own recordings: with fewer there is nothing to learn from and test on."""


@dataclass(frozen=True)
class Clip:
    """One recording: its active part, whose voice it is, and the position of its class in `EMOTIONS` or own labels."""

    speech: Samples
    speaker: str
    label: int


def load(index: Path, corpus: str | None = None) -> list[Clip]:
    """Return the clips that an index names, of one corpus or all; those of unknown emotions are left out.

    Raises:
        SounditError: the index or a clip cannot be read.
    """
    rows = [row for row in read_index(index, corpus) if row["emotion"] in CLASSES]
    return [
        Clip(active_part(read_sound(index.parent / row["path"])), row["speaker"], CLASSES[row["emotion"]])
        for row in rows
    ]


def load_own(index: Path) -> tuple[list[Clip], list[str]]:
    """Return the recordings of an index with the columns path, emotion and perhaps speaker, and the classes that occur.

    Raises:
        SounditError: the index, a recording or a label cannot be used, or there are too few of a class.
    """
    rows = read_index(index)
    # "disgust", as the corpora say, is an emotion that the device knows by another name.
    named = [str(EMOTIONS[CLASSES[e]]) if (e := row["emotion"].strip()) in CLASSES else e for row in rows]
    counts = Counter(named)
    labels = sorted(counts)
    if len(labels) < 2:
        raise SounditError(f"{index}: {len(labels)} classes in column 'emotion'; two or more are needed")
    for label in labels:
        meaning(label)
        if counts[label] < MIN_RECORDINGS:
            raise SounditError(f"{index}: {counts[label]} recordings of {label!r}; record {MIN_RECORDINGS} or more")
    clips = []
    for row, name in zip(rows, named, strict=True):
        speech = active_part(read_sound(index.parent / row["path"]))
        if len(speech) == 0:
            raise SounditError(f"{row['path']}: an empty recording; take it out of {index.name}")
        clips.append(Clip(speech, row.get("speaker") or "", labels.index(name)))
    return clips, labels


def held_out(clips: Sequence[Clip]) -> tuple[list[int], bool]:
    """Return rows to test on, and whether their speakers are not learnt from: every fifth speaker, else fifth row."""
    speakers = sorted({clip.speaker for clip in clips})
    chosen = set(speakers[::5])
    by_speaker = [i for i, clip in enumerate(clips) if clip.speaker in chosen]
    learnt = {clip.label for i, clip in enumerate(clips) if i not in set(by_speaker)}
    if len(speakers) > 1 and learnt == {clip.label for clip in clips}:
        return by_speaker, True
    order = sorted(range(len(clips)), key=lambda i: clips[i].label)
    return sorted(order[::5]), False


def windows(speech: Samples) -> list[Samples]:
    """Return what the device would hear of a clip: full windows every half second, or one filled window."""
    if len(speech) <= WINDOW:
        return [fill(speech)]
    starts = range(0, len(speech) - WINDOW + 1, SOUND_RATE // 2)
    return [speech[start : start + WINDOW] for start in starts]


class Distorter:
    """Makes training windows of clips, in the style of no one recording."""

    def __init__(self, rng: np.random.Generator) -> None:
        self._rng = rng
        self._noises = [coloured_noise(rng, 20 * SOUND_RATE, slope) for slope in (0.0, 0.5, 1.0)]

    def picture(self, speech: Samples) -> Picture:
        """Return one training input, float32 [FRAMES, BANDS], of a clip's active part."""
        rng = self._rng
        sound = self._cut(self._at_other_speed(speech))
        if rng.random() < 0.4:
            sound = self._in_a_room(sound)
        noise = self._noises[rng.integers(len(self._noises))]
        start = int(rng.integers(len(noise) - WINDOW))
        # Always some noise: the corpus is noise-gated, and no room is.
        ratio = 10 ** (-rng.uniform(10, 45) / 20)
        level = float(np.sqrt(np.square(sound).mean()))
        picture = log_mel((sound + np.float32(ratio * level) * noise[start : start + WINDOW]).astype(np.float32))
        return self._masked(picture + self._microphone())

    def _at_other_speed(self, speech: Samples) -> Samples:
        if self._rng.random() < 0.3:
            return speech
        speed = float(np.exp(self._rng.uniform(-0.13, 0.13)))
        return at_speed(speech, speed)

    def _cut(self, speech: Samples) -> Samples:
        """Return a window of the speech, repeated after a pause where it is too short."""
        rng = self._rng
        if rng.random() < 0.3:
            length = int(rng.uniform(0.5, 1.0) * len(speech))
            start = int(rng.integers(len(speech) - length + 1))
            speech = speech[start : start + length]
        if len(speech) < WINDOW:
            pause = np.zeros(int(rng.uniform(0, 0.3) * SOUND_RATE), dtype=np.float32)
            repeated = np.concatenate([speech, pause])
            return fill(np.roll(repeated, int(rng.integers(len(repeated)))))
        start = int(rng.integers(len(speech) - WINDOW + 1))
        return speech[start : start + WINDOW]

    def _in_a_room(self, sound: Samples) -> Samples:
        """Return the sound with the tail of a room: noise that dies away by 60 dB in 0.1 to 0.6 seconds."""
        rng = self._rng
        length = int(rng.uniform(0.1, 0.6) * SOUND_RATE)
        tail = rng.standard_normal(length).astype(np.float32) * np.exp(
            -6.9 * np.linspace(0, 1, length, dtype=np.float32)
        )
        tail *= np.float32(rng.uniform(0.1, 0.7) / np.sqrt(np.square(tail).sum()))
        tail[0] = 1
        size = 65_536
        return np.fft.irfft(np.fft.rfft(sound, size) * np.fft.rfft(tail, size), size)[:WINDOW].astype(np.float32)

    def _microphone(self) -> Picture:
        """Add another microphone's frequency response: a smooth curve over the bands of some decibels."""
        knots = self._rng.normal(0, 0.15, 5)
        curve = np.interp(np.linspace(0, 4, BANDS), np.arange(5), knots)
        return np.asarray(curve[None, :], dtype=np.float32)

    def _masked(self, picture: Picture) -> Picture:
        """Take away some stretches of time and some bands (Park et al. 2019)."""
        rng = self._rng
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
