"""What composed music costs, whether its moods can be told apart by ear, and whether an hour of it repeats itself."""

from __future__ import annotations

import itertools
import math
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, astuple, dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy import stats

from soundit_edge.audio.format import RATE, Stereo
from soundit_edge.audio.loudness import loudness
from soundit_edge.emotion import EMOTIONS, Emotion
from soundit_edge.music.analysis.chroma import Chroma, chroma
from soundit_edge.music.analysis.key import find_key
from soundit_edge.music.analysis.onsets import find_onsets
from soundit_edge.music.analysis.rhythm import find_rhythm
from soundit_edge.music.analysis.spectral_flux import downmix_half_rate, flux
from soundit_edge.music.compose.theme.theme import theme
from soundit_edge.music.mix.open_synth import open_synth
from soundit_edge.music.render.composition import OfflineBrief, bars, render
from soundit_edge.music.score import Bar, Note, Part
from soundit_edge.music.synth.synth import SynthError

KINDS: Final = ("fluid", "wavetable")
SEEDS: Final = (101, 102, 103, 104)
PIECE_S: Final = 60.0
HOUR_S: Final = 3_600.0
FASTER: Final = 20.0
"""Times real time that composing shall be."""
TEMPI: Final = {
    Emotion.HAPPY: (116.0, 128.0),
    Emotion.SURPRISED: (120.0, 120.0),
    Emotion.CALM: (64.0, 76.0),
    Emotion.NEUTRAL: (92.0, 100.0),
    Emotion.SAD: (60.0, 70.0),
    Emotion.DISGUSTED: (84.0, 84.0),
    Emotion.FEARFUL: (108.0, 108.0),
    Emotion.ANGRY: (132.0, 144.0),
}
"""Beats a minute that each mood's music shall have."""
TEMPO_OFF: Final = 0.05
OCTAVES: Final = (1.0, 2.0, 0.5, 3.0, 1 / 3)
MINOR: Final = frozenset({Emotion.SAD, Emotion.DISGUSTED, Emotion.FEARFUL, Emotion.ANGRY})
"""Moods whose music has a minor third."""
WANTED: Final[dict[str, dict[Emotion, float]]] = {
    "notes a second": {
        emotion: density * sum(TEMPI[emotion]) / 2
        for emotion, density in zip(
            (*TEMPI,),
            (1.2, 1.0, 0.5, 0.8, 0.5, 0.7, 0.8, 1.3),
            strict=True,
        )
    },
    "cut-off, kHz": dict(zip((*TEMPI,), (20.0, 20.0, 7.0, 20.0, 4.0, 5.0, 6.0, 12.0), strict=True)),
    "loudness, LU": dict(zip((*TEMPI,), (1.0, 1.0, -3.0, 0.0, -3.0, -1.0, -2.0, 2.0), strict=True)),
    "transposition": dict(zip((*TEMPI,), (2.0, 2.0, 0.0, 0.0, -2.0, -1.0, 0.0, -1.0), strict=True)),
}
"""What the table of the mapping wants of each mood; the density there is beside the tempo."""
_NOTES_HZ: Final = (100.0, 1_500.0)
_WINDOW: Final = 16_384
_SONG_BARS: Final = 8  # that are compared with any others
_APART_BARS: Final = 16
_ALIKE: Final = 0.995  # cosine of what the bars' notes are: the same music played again


@dataclass(frozen=True, slots=True)
class Heard:
    """What was found in the samples of a piece, with nothing known of how it was made.

    Attributes:
        bpm: beats per minute; NaN where no beat is found.
        minor: 1 where the key is minor, else 0.
        pitch: MIDI pitch about which the power from 100 Hz to 1.5 kHz lies.
        onsets: sounds that set in, a second.
        centroid_hz: the middle of the spectrum of the amplitudes.
        lufs: integrated loudness.
    """

    bpm: float
    minor: float
    pitch: float
    onsets: float
    centroid_hz: float
    lufs: float


def heard(samples: Stereo) -> Heard:
    """Measure float32 [n, 2], some seconds of it."""
    mono = downmix_half_rate(samples)
    notes = chroma(mono)
    windows = np.lib.stride_tricks.sliding_window_view(samples.mean(axis=1), _WINDOW)[:: _WINDOW // 2]
    levels = np.sqrt(sum(np.abs(np.fft.rfft(window * np.hanning(_WINDOW))) ** 2 for window in windows))
    hertz = np.fft.rfftfreq(_WINDOW, 1 / RATE)
    within = (hertz > _NOTES_HZ[0]) & (hertz < _NOTES_HZ[1])
    power = np.square(levels[within])
    return Heard(
        bpm=find_rhythm(flux(mono), notes).bpm or math.nan,
        minor=float(find_key(notes).minor),
        pitch=float(((69.0 + 12.0 * np.log2(hertz[within] / 440.0)) * power).sum() / power.sum()),
        onsets=len(find_onsets(samples)) * RATE / len(samples),
        centroid_hz=float((hertz * levels).sum() / levels.sum()),
        lufs=loudness(samples),
    )


def figures() -> dict[str, Any]:
    """All of them; see the notes of `benches/music_sources.py`."""
    return {"speed": speed(), "moods": moods(), "hour": hour()}


def speed() -> dict[str, dict[str, float]]:
    """Times real time, of each synthesiser: of the slowest and of the mean mood, effects included, and the bars alone;
    and the seconds until its sounds are there. What is not installed is left out."""
    found = {}
    for kind in KINDS:
        rates = []
        for emotion in EMOTIONS:
            began = time.process_time()
            try:
                synth = open_synth(kind)
            except SynthError:
                break
            opened = time.process_time()
            count = sum(len(piece) for piece in render(SEEDS[0], OfflineBrief(emotion), PIECE_S, synth))
            rates.append(count / RATE / (time.process_time() - opened))
            synth.close()
        else:
            found[kind] = {"slowest": min(rates), "mean": float(np.mean(rates)), "open_s": opened - began}
    began = time.process_time()
    seconds = sum(bar.bar_s for bar in bars(SEEDS[0], OfflineBrief(), HOUR_S))
    found["notes alone"] = {"mean": seconds / (time.process_time() - began)}
    return found


def moods() -> dict[str, Any]:
    """What each mood's pieces sound like, how well that is in the order that the table wants, and whether a piece's
    mood can be told from its sound by those of the other seeds."""
    synth_name, pieces = "", {}
    for emotion in EMOTIONS:
        for seed in SEEDS:
            synth = open_synth()
            synth_name = synth.name
            pieces[emotion, seed] = heard(np.concatenate(list(render(seed, OfflineBrief(emotion), PIECE_S, synth))))
            synth.close()
    means = {
        emotion: Heard(*np.mean([astuple(pieces[emotion, seed]) for seed in SEEDS], axis=0)) for emotion in EMOTIONS
    }
    orders = {}
    for name, measure in zip(WANTED, ("onsets", "centroid_hz", "lufs", "pitch"), strict=True):
        wanted = [WANTED[name][emotion] for emotion in EMOTIONS]
        orders[name] = float(stats.spearmanr(wanted, [getattr(means[e], measure) for e in EMOTIONS]).statistic)
    return {
        "synth": synth_name,
        "means": {str(emotion): asdict(found) for emotion, found in means.items()},
        "tempo": float(np.mean([_in_tempo(found.bpm, e, OCTAVES[:1]) for (e, _), found in pieces.items()])),
        "tempo up to octaves": float(np.mean([_in_tempo(found.bpm, e, OCTAVES) for (e, _), found in pieces.items()])),
        "mode": float(np.mean([found.minor == (e in MINOR) for (e, _), found in pieces.items()])),
        "orders": orders,
        "told apart": _told_apart(pieces),
    }


def _in_tempo(bpm: float, emotion: Emotion, levels: Sequence[float]) -> bool:
    slowest, fastest = TEMPI[emotion]
    return any(slowest / (1 + TEMPO_OFF) <= bpm / level <= fastest * (1 + TEMPO_OFF) for level in levels)


def _told_apart(pieces: dict[tuple[Emotion, int], Heard]) -> float:
    """The share of pieces that are nearest to the mean of their own mood's pieces of the other seeds."""
    rows = {key: np.array(astuple(found)) for key, found in pieces.items()}
    for row in rows.values():
        row[[0, 4]] = np.log2(row[[0, 4]])
    right = 0
    for (emotion, seed), row in rows.items():
        others = {e: np.array([rows[e, s] for s in SEEDS if s != seed]) for e in EMOTIONS}
        scale = np.concatenate(list(others.values())).std(axis=0) + 1e-9
        right += min(EMOTIONS, key=lambda e: float(np.linalg.norm((row - others[e].mean(axis=0)) / scale))) is emotion
    return right / len(rows)


def hour() -> dict[str, Any]:
    """Whether an hour in one mood repeats itself, and whether it holds together, beside the theme going round."""
    music = list(bars(SEEDS[0], OfflineBrief(Emotion.HAPPY), HOUR_S))
    melodies = [found for bar in music if (found := _melody(bar))]
    told = [bar.motif for bar in music if bar.motif]
    families = Counter(name.split()[0] for name in told)
    keys = [(bar.tonic, bar.mode) for bar in music]
    stays = np.diff(np.flatnonzero([True, *(a != b for a, b in itertools.pairwise(keys)), True]))
    seconds = 600.0
    synth = open_synth("wavetable")
    sound = np.concatenate(list(render(SEEDS[0], OfflineBrief(Emotion.HAPPY), seconds, synth)))
    synth.close()
    piece = theme(1)
    looped = np.tile(piece.sound, (int(seconds * RATE / len(piece.samples)) + 1, 1))[: len(sound)]
    return {
        "bars": len(music),
        "melodies": len(set(melodies)),
        "melodies heard before": _heard_before(melodies),
        "longest repeat, bars": _longest_repeat(music),
        "motifs": len(families),
        "bars made of a motif heard before": 1.0 - len(families) / max(1, len(told)),
        "keys": len(set(keys)),
        "bars in one key, median": float(np.median(stays)),
        "metres": len({bar.beats_per_bar for bar in music}),
        "tempo, widest": max(bar.pace for bar in music[:-2]) / min(bar.pace for bar in music[:-2]) - 1.0,
        "stretches that come again": {"composed": _again(sound, music[0].bar_s), "theme": _again(looped, piece.bar_s)},
    }


def _melody(bar: Bar) -> tuple[tuple[int, int], ...]:
    """The melody of a bar as it is written, in semiquavers and semitones above its own tonic: the same in another key
    is the same."""
    return tuple((_written(bar, n), n.pitch - bar.tonic) for n in bar.notes if n.voice is Part.LEAD)


def _written(bar: Bar, note: Note) -> int:
    """The semiquaver of its bar that a note is written on."""
    return round(2 * bar.division * note.start)


def _heard_before(melodies: Sequence[object]) -> float:
    seen, again = set(), 0
    for melody in melodies:
        again += melody in seen
        seen.add(melody)
    return again / len(melodies)


def _longest_repeat(music: Sequence[Bar]) -> int:
    """The most bars in a row whose notes all come again, of all parts, in whatever key."""
    kinds: dict[object, int] = {}
    numbers = np.array(
        [
            kinds.setdefault(
                frozenset(
                    (n.voice, _written(bar, n), n.pitch - (0 if n.voice is Part.DRUMS else bar.tonic))
                    for n in bar.notes
                ),
                len(kinds),
            )
            for bar in music
        ]
    )
    longest = 0
    for lag in range(1, len(numbers)):
        same = np.concatenate([[0], (numbers[lag:] == numbers[:-lag]).astype(int), [0]])
        ends = np.flatnonzero(np.diff(same))
        longest = max(longest, int(np.diff(ends)[::2].max(initial=0)))
    return longest


def _again(sound: Stereo, bar_s: float) -> float:
    """The share of stretches of eight bars of which another one, sixteen bars off or more, has the same notes, by the
    cosine of their chroma, moment for moment."""
    rows = _by_beat(chroma(downmix_half_rate(sound)), bar_s)
    size, apart = 4 * _SONG_BARS, 4 * _APART_BARS
    stretches = np.lib.stride_tricks.sliding_window_view(rows, size, axis=0).reshape(-1, size * 12)[::2]
    stretches = stretches / np.maximum(np.linalg.norm(stretches, axis=1, keepdims=True), 1e-9)
    alike = stretches @ stretches.T
    places = np.arange(len(stretches)) * 2
    alike[np.abs(places[:, np.newaxis] - places) < apart] = -1.0
    return float((alike.max(axis=1) > _ALIKE).mean())


def _by_beat(found: Chroma, bar_s: float) -> npt.NDArray[np.float64]:
    """The chroma of each quarter of a bar, [k, 12], each of length 1."""
    edges = np.arange(0.0, len(found.notes) - 1, bar_s / 4 * 10)
    sums = np.add.reduceat(found.notes, edges.astype(int), axis=0)
    rows: npt.NDArray[np.float64] = sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-9)
    return rows
