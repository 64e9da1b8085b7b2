"""Draw what the music does on a scripted journey of moods: its spectrum, and the parameters in force.

Renders offline through the director and the engine, the way the daemon does live, and writes a PNG.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np

from soundit_edge.audio.format import RATE, Stereo
from soundit_edge.emotion import Emotion, Mood, expected_affect, mean_distribution, one_hot
from soundit_edge.music.compose.theme.theme import theme
from soundit_edge.music.director.director import Direction, Director
from soundit_edge.music.director.target import STEP_S, MusicTarget
from soundit_edge.music.morph.deck import Deck
from soundit_edge.music.morph.engine import MorphEngine
from soundit_edge.music.morph.quality import QualityLevel
from tools.command import command, tool_parser

JOURNEY: Final = [
    (0.0, Emotion.NEUTRAL),
    (10.0, Emotion.HAPPY),
    (28.0, Emotion.CALM),
    (46.0, Emotion.SAD),
    (64.0, Emotion.FEARFUL),
    (80.0, Emotion.DISGUSTED),
    (96.0, Emotion.ANGRY),
    (112.0, Emotion.NEUTRAL),
]
"""Seconds, and the mood that the room turns to."""
END_S: Final = 126.0
STRAIN: Final = (116.0, 122.0, QualityLevel.RESAMPLE)
"""From when to when the processor is taken to be too slow, and what the engine may cost then."""
TURN_S: Final = 1.5  # a room takes so long to turn
SURENESS: Final = 0.9
SEED: Final = 1

COLOURS: Final = {
    Emotion.NEUTRAL: "#9aa0a6",
    Emotion.HAPPY: "#f2b134",
    Emotion.CALM: "#4fa58c",
    Emotion.SAD: "#4a7fc1",
    Emotion.FEARFUL: "#8a63b5",
    Emotion.DISGUSTED: "#7d8b3a",
    Emotion.ANGRY: "#d1495b",
}


@dataclass(frozen=True)
class Moment:
    """One step of the journey: what the director wanted, and what the engine did."""

    direction: Direction
    in_force: MusicTarget
    bars: float
    rung: QualityLevel


def mood_at(t: float) -> Mood:
    """Return the mood of the scripted room."""
    index = max(i for i, (start, _) in enumerate(JOURNEY) if start <= t)
    start, emotion = JOURNEY[index]
    before = JOURNEY[max(0, index - 1)][1]
    turned = min(1.0, (t - start) / TURN_S)
    probabilities = mean_distribution([(one_hot(before, SURENESS), 1 - turned), (one_hot(emotion, SURENESS), turned)])
    assert probabilities is not None
    held = emotion if turned >= 0.5 else before
    confidence = probabilities[list(Emotion).index(held)]
    return Mood(t, held, probabilities, expected_affect(probabilities), confidence)


def render() -> tuple[Stereo, list[Moment]]:
    """Return the whole journey as sound, float32 [n, 2], and what happened on it."""
    track = theme(SEED)
    engine = MorphEngine(Deck(track))
    director = Director(track.bar_s)
    sound, moments = [], []
    for k in range(round(END_S / STEP_S)):
        direction = director.step(mood_at(k * STEP_S))
        engine.set(direction.target)
        rung = STRAIN[2] if STRAIN[0] <= k * STEP_S < STRAIN[1] else QualityLevel.FULL
        engine.set_quality(rung)
        sound.append(engine.render(round(STEP_S * RATE)))
        moments.append(Moment(direction, engine.in_force, engine.bars, rung))
    return np.concatenate(sound), moments


def draw(sound: Stereo, moments: list[Moment], path: Path) -> None:
    """Write the picture."""
    plt.rcParams.update({"font.size": 9, "axes.spines.top": False, "axes.spines.right": False})
    figure, axes = plt.subplots(
        7, 1, figsize=(13, 13), sharex=True, height_ratios=[4, 1, 1, 1, 1, 1, 0.5], layout="constrained"
    )
    t = np.array([m.direction.t for m in moments])
    _spectrogram(axes[0], sound)
    axes[0].plot(t, [m.in_force.cutoff_hz for m in moments], color="white", lw=1.5)
    axes[0].text(1.0, 16_000, "low-pass", color="white", va="top", fontsize=8)
    axes[0].plot(t, [m.in_force.highpass_hz for m in moments], color="white", lw=1.5, ls="--", zorder=5)
    axes[0].text(79.5, 165, "high-pass", color="white", ha="right", fontsize=8, zorder=6)
    _curve(axes[1], t, [100 * m.direction.target.tempo for m in moments], [100 * m.in_force.tempo for m in moments])
    axes[1].set_ylabel("tempo, %")
    _curve(axes[2], t, [m.direction.target.semitones for m in moments], [m.in_force.semitones for m in moments])
    axes[2].set_ylabel("key, semitones")
    bars = np.array([m.bars for m in moments])
    for line in t[1:][np.diff(np.floor(bars)) > 0]:
        axes[2].axvline(line, color="#dddddd", lw=0.6, zorder=0)
    in_force = [m.in_force for m in moments]
    axes[3].plot(t, [p.reverb_s for p in in_force], color="black", label="reverberation: decay, s")
    axes[3].plot(t, [10 * p.wet for p in in_force], color="black", ls="--", label="share, tenths")
    axes[3].plot(t, [10 * p.delay_wet for p in in_force], color="black", ls=":", label="echo, tenths")
    axes[3].set_ylabel("space")
    axes[4].plot(t, [100 * p.wah for p in in_force], color="black", label="wah")
    axes[4].plot(t, [100 * p.tremolo for p in in_force], color="black", ls="--", label="tremolo")
    axes[4].set_ylabel("depth, %")
    for axis in axes[3:5]:
        axis.legend(loc="upper left", frameon=False, fontsize=8, ncols=3)
        axis.margins(y=0.25)
    seconds = len(sound) // RATE
    level = np.sqrt(np.mean(np.square(sound[: seconds * RATE]).reshape(seconds, -1), axis=1))
    axes[5].step(
        np.arange(seconds), 20 * np.log10(level), where="post", color="#888888", label="level of the sound, dB"
    )
    axes[5].plot(t, [m.in_force.loudness_db - 20 for m in moments], color="black", label="gain, dB (-20)")
    axes[5].legend(loc="lower right", frameon=False, fontsize=8, ncols=2)
    axes[5].set_ylabel("loudness")
    axes[6].step(t, [-m.rung for m in moments], where="post", color="black")
    axes[6].set_yticks([0, -QualityLevel.RESAMPLE], ["full", "resampled"])
    axes[6].set_ylabel("engine")
    axes[6].margins(y=0.3)
    axes[6].set_xlabel("seconds")
    _moods(axes)
    _reasons(axes[0], moments)
    figure.savefig(path, dpi=110)


def _spectrogram(axis: Any, sound: Stereo) -> None:
    axis.specgram(
        sound.mean(axis=1), NFFT=4096, noverlap=2048, Fs=RATE, vmin=-135, vmax=-35, cmap="magma", rasterized=True
    )
    axis.set_yscale("log")
    axis.set_ylim(50, 20_000)
    axis.set_yticks([100, 1_000, 10_000], ["100 Hz", "1 kHz", "10 kHz"])
    axis.minorticks_off()


def _curve(axis: Any, t: Any, wanted: list[float], done: list[float]) -> None:
    axis.plot(t, wanted, color="#888888", ls="--", lw=1, label="asked for")
    axis.plot(t, done, color="black", label="in force")
    axis.legend(loc="upper right", frameon=False, fontsize=8, ncols=2)
    axis.margins(y=0.25)


def _moods(axes: Any) -> None:
    ends = [start for start, _ in JOURNEY[1:]] + [END_S]
    for (start, emotion), end in zip(JOURNEY, ends, strict=True):
        for axis in axes[1:]:
            axis.axvspan(start, end, color=COLOURS[emotion], alpha=0.18, lw=0)
        axes[0].axvline(start, color="white", lw=0.8, ls=":")
        axes[0].text(
            (start + end) / 2, 22_000, emotion.value, ha="center", va="bottom", color=COLOURS[emotion], weight="bold"
        )
    axes[0].set_xlim(0, END_S)


def _reasons(axis: Any, moments: list[Moment]) -> None:
    """Write the director's words, from the moment they are true."""
    reasons = {m.direction.reason_t: m.direction.reason for m in moments if m.direction.reason}
    for t, reason in reasons.items():
        head, _, changes = reason.partition(": ")
        axis.text(
            t + 0.4, 55, f"{head}:\n" + changes.replace(", ", "\n"), color="white", fontsize=7, va="bottom"
        ).set_bbox({"facecolor": "black", "alpha": 0.45, "lw": 0, "pad": 1.5})


@command
def main(arguments: Sequence[str] | None = None) -> None:
    """Run the tool."""
    parser = tool_parser("tools.plot.morph", __doc__)
    parser.add_argument("path", type=Path, nargs="?", default=Path("docs/pictures/morph_journey.png"))
    path = parser.parse_args(arguments).path
    sound, moments = render()
    draw(sound, moments, path)
    print(f"{path}: {END_S:g} s, {moments[-1].bars:.1f} bars")


if __name__ == "__main__":
    sys.exit(main())
