"""What `soundit read` prints: a JSON object for each second of a clip and a summary, or the same for people."""

from __future__ import annotations

import json
import time
from collections import Counter
from pathlib import Path
from typing import Any

from soundit_edge import console, settings
from soundit_edge.capture.clip import Clip
from soundit_edge.console import progress_bar
from soundit_edge.emotion import EMOTIONS, Mood
from soundit_edge.inference.local import local_set
from soundit_edge.inference.models import ModelSet
from soundit_edge.perception.offline import OfflinePerception
from soundit_edge.senses.registry import assemble
from soundit_edge.update.sets.active import active_set

FPS = 25.0
"""Frames a second that are shown to the senses: as often as the lips, the quickest of them, want one."""


def read_clip(path: Path, *, as_json: bool, settings_path: Path | None) -> None:
    """Read a clip and print its moods to stdout, a progress bar meanwhile to stderr where that is a terminal.

    Raises:
        SounditError: the clip, the settings or a model is missing or broken.
    """
    chosen = settings.load(settings_path or settings.default_path())
    began = time.monotonic()
    with Clip(path, max_fps=FPS) as clip:
        models, threads = ModelSet(active_set().folder), chosen.inference.threads
        reader = OfflinePerception(assemble(chosen.senses, models, local_set(), threads=threads))
        print_mood = _print_json if as_json else _print_row
        held: Counter[str] = Counter()
        with progress_bar() as progress:
            bar = progress.add_task(path.name, total=clip.duration)
            for second, mood in enumerate(reader.moods(clip)):
                held[mood.emotion.value] += 1
                print_mood(second, mood)
                progress.update(bar, completed=mood.t)
        seconds = clip.duration if clip.duration is not None else reader.end
    summary = summarise(held, seconds, time.monotonic() - began, reader.readings)
    if as_json:
        console.result(json.dumps({"summary": summary}))
    else:
        _print_summary(summary)


def describe(second: int, mood: Mood) -> dict[str, Any]:
    """Return one second of a clip as it is printed; `t` is the second's beginning, the mood that at its end.

    `emotion` may be only held while another one, `leading`, is likelier; `confidence` is its own probability.
    """
    return {
        "t": float(second),
        "emotion": mood.emotion.value,
        "valence": round(mood.affect.valence, 4),
        "arousal": round(mood.affect.arousal, 4),
        "confidence": round(mood.confidence, 4),
        "leading": mood.leading.value,
        "senses": {
            name: {
                "emotion": reading.emotion.value,
                "trust": round(reading.trust, 4),
                "probabilities": {e.value: round(p, 4) for e, p in zip(EMOTIONS, reading.probabilities, strict=True)},
                **reading.detail,
            }
            for name, reading in sorted(mood.senses.items())
        },
    }


def summarise(held: Counter[str], clip_s: float, wall_s: float, readings: Counter[str]) -> dict[str, Any]:
    """Return the object of the last line. `share` counts the seconds in which each emotion was held."""
    total = sum(held.values())
    return {
        "dominant": held.most_common(1)[0][0],
        "share": {emotion: round(count / total, 4) for emotion, count in held.most_common()},
        "clip_s": round(clip_s, 3),
        "wall_s": round(wall_s, 3),
        "readings": dict(sorted(readings.items())),
    }


def _print_json(second: int, mood: Mood) -> None:
    console.result(json.dumps(describe(second, mood)))


def _print_row(second: int, mood: Mood) -> None:
    console.result(row(second, mood))


def row(second: int, mood: Mood) -> str:
    """Return one second of a clip for people. A mood that is only held is said to fade, beside what leads now."""
    bar = "█" * round(20 * mood.confidence)
    said = [f"{name} {reading.emotion}" for name, reading in sorted(mood.senses.items())]
    if mood.held:
        said.insert(0, f"fading: {mood.leading} {max(mood.probabilities):.0%}, {mood.emotion} {mood.confidence:.0%}")
    return (
        f"{second // 60:3d}:{second % 60:02d}  {mood.emotion:<10} {bar:<20} "
        f"valence {mood.affect.valence:+.2f}  arousal {mood.affect.arousal:+.2f}  {', '.join(said)}"
    )


def _print_summary(summary: dict[str, Any]) -> None:
    shares = ", ".join(f"{emotion} {100 * share:.0f} %" for emotion, share in summary["share"].items())
    readings = ", ".join(f"{name} {count}" for name, count in summary["readings"].items()) or "none"
    console.result(f"\nMostly {summary['dominant']} ({shares}).")
    console.result(f"{summary['clip_s']:.1f} s read in {summary['wall_s']:.1f} s; readings: {readings}.")
