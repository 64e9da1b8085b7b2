"""An hour of composed music through the moods of a real room and of the demo: does it stop, click, or go on unchanged?

The moods are those that the device reads: of the dinner's film and of one round of the drawn demo, ten minutes of each
in turn, over and over. The hour is composed and played as live, faster than it sounds, and looked at by quarters:

- silence: the longest stretch of 10 ms windows below -60 dBFS; a seam would be one.
- click: the sharpest moment above 6 kHz, in dB above what is around it, and when (benches/clicks.py). Drums are sharp
  as well; so each is listened to beside the sharpest of the quarter as the synthesiser plays it, without the effects.
- new: of the bars with a melody, those whose melody and rhythm were not heard before in the hour.
- unchanged: the longest time in which neither the section nor the parts that play change.
- rests: of the bars, those in which the part that rests least is silent.
- range: loudness range in LU; and the loudness of the quarter.

Run by `make bench-compose-hour`; writes the figures and docs/pictures/compose_hour.png.
"""

from __future__ import annotations

import argparse
import datetime
import sys
from collections.abc import Iterator, Sequence
from itertools import groupby, islice
from pathlib import Path
from typing import Any, Final

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # run as a script, Python finds nothing beside this folder

from benches.clicks import sharpest
from benches.compose_hour_picture import draw
from benches.ears_mix import loudness_range
from benches.figures import finish, machine
from soundit_edge.audio.format import RATE, Stereo
from soundit_edge.audio.loudness import energies, integrated
from soundit_edge.capture.capture import Capture
from soundit_edge.capture.clip import Clip
from soundit_edge.capture.drawn import Drawn
from soundit_edge.capture.drawn.journey import CHANGE_S, HOLD_S, STATIONS
from soundit_edge.emotion import Mood
from soundit_edge.inference.models import ModelSet, default_folder
from soundit_edge.music.director.brief import CompositionBrief, brief_of
from soundit_edge.music.director.director import Director
from soundit_edge.music.director.target import STEP_S, MusicTarget
from soundit_edge.music.mix.open_synth import open_synth
from soundit_edge.music.render.composition import BAR_S, OfflineBrief, bars, render
from soundit_edge.music.score import Bar, Part
from soundit_edge.perception.offline import OfflinePerception
from soundit_edge.senses.registry import assemble
from soundit_edge.settings import Settings

TURN_S: Final = 600.0
QUARTERS: Final = 4
SILENT: Final = 10 ** (-60 / 20)
FRAME: Final = RATE // 100
PICTURE: Final = Path(__file__).parents[1] / "docs/pictures/compose_hour.png"
MAX_SILENCE_S: Final = 1.0
"""Music may pause for a beat or two; for longer it has stopped."""
MIN_NEW: Final = 0.3
MAX_UNCHANGED_S: Final = 60.0


class Room(OfflineBrief):
    """What a room wants whose moods come once a second and begin again."""

    def __init__(self, films: Sequence[Sequence[Mood]]) -> None:
        super().__init__()
        self._films = films
        self._guide = Director(BAR_S)
        self._step = -1
        self._wanted: MusicTarget | None = None

    def mood(self, t: float) -> Mood:
        """Return the mood of a moment: ten minutes of each film in turn."""
        film = self._films[int(t // TURN_S) % len(self._films)]
        return film[int(t % TURN_S) % len(film)]

    def brief(self, t: float) -> CompositionBrief:
        """Return what to compose."""
        return brief_of(self.mood(t))

    def target(self, t: float) -> MusicTarget:
        """Return what to do to the sound."""
        while self._wanted is None or self._step * STEP_S < t:
            self._step += 1
            self._wanted = self._guide.step(self.mood(self._step * STEP_S)).target
        return self._wanted


def moods_of(capture: Capture, seconds: float) -> list[Mood]:
    """Return what the device reads, once a second."""
    senses = assemble(Settings().senses, ModelSet(default_folder()), None, threads=1)
    with capture:
        return list(islice(OfflinePerception(senses).moods(capture), int(seconds)))


def figures_of(samples: Stereo, composed: Sequence[tuple[float, Bar]], known: set[tuple[Any, ...]]) -> dict[str, Any]:
    """Return the figures of a stretch of music, whose bars with their moments are `composed`; `known` grows."""
    quiet = np.abs(samples[: len(samples) // FRAME * FRAME]).reshape(-1, 2 * FRAME).max(1) < SILENT
    click = sharpest(samples)
    fresh = []
    for _, bar in composed:
        melody = tuple((round(note.start * 4), note.pitch) for note in bar.notes if note.voice is Part.LEAD)
        if melody:
            fresh.append(melody not in known)
            known.add(melody)
    parts = {part for _, bar in composed for part in bar.instruments if part is not Part.STINGER}
    playing = [{note.voice for note in bar.notes} for _, bar in composed]
    rests = [np.mean([part not in heard for heard in playing]) for part in parts]
    return {
        "lufs": round(integrated(energies(samples)), 1),
        "range_lu": round(loudness_range(samples), 1),
        "silence_s": round(max((len(list(run)) for silent, run in groupby(quiet) if silent), default=0) / 100, 2),
        "click_db": round(click.sharp_db, 1),
        "click_at_s": round(click.second, 2),
        "bars": len(composed),
        "new": round(float(np.mean(fresh)), 3),
        "unchanged_s": round(max(unchanged(composed), default=0.0), 1),
        "rests": round(float(min(rests)), 3),
        "sections": sum(1 for _ in groupby(composed, key=lambda pair: pair[1].section)),
        "characters": len({bar.character for _, bar in composed}),
    }


def unchanged(composed: Sequence[tuple[float, Bar]]) -> Iterator[float]:
    """Give the seconds of each stretch in which neither the section nor the parts that play change."""

    def same(pair: tuple[float, Bar]) -> tuple[Any, ...]:
        return pair[1].section, pair[1].character, frozenset(note.voice for note in pair[1].notes)

    for _, run in groupby(composed, key=same):
        stretch = list(run)
        yield stretch[-1][0] + stretch[-1][1].bar_s - stretch[0][0]


def measured(room: Room, again: Room, seconds: float, seed: int) -> tuple[list[dict[str, Any]], list[float], list[Any]]:
    """Return the figures of the quarters, the loudness over 3 s of the whole, and the bars with their moments."""
    composed: list[tuple[float, Bar]] = []
    t = 0.0
    for bar in bars(seed, again, seconds):
        composed.append((t, bar))
        t += bar.bar_s
    size, known = round(seconds * RATE / QUARTERS), set[tuple[Any, ...]]()
    quarters: list[dict[str, Any]] = []
    loudness: list[float] = []
    blocks, held = list[Stereo](), 0
    for block in render(seed, room, seconds, open_synth()):
        blocks.append(block)
        held += len(block)
        if held >= size or (len(quarters) == QUARTERS - 1 and held >= size - 1):
            samples = np.concatenate(blocks)
            start = len(quarters) * size / RATE
            inside = [(at, bar) for at, bar in composed if start <= at < start + size / RATE]
            quarters.append(figures_of(samples[:size], inside, known))
            power = np.lib.stride_tricks.sliding_window_view(energies(samples[:size]), 30).mean(axis=1)[::30]
            loudness += (-0.691 + 10 * np.log10(np.maximum(power, 1e-10))).tolist()
            blocks, held = [samples[size:]], len(samples) - size
    return quarters, loudness, composed


def table(quarters: Sequence[dict[str, Any]]) -> str:
    """Return the figures as a Markdown table."""
    heads = {
        "bars": "bars",
        "characters": "moods played",
        "sections": "sections",
        "new": "new melodies, share",
        "unchanged_s": "longest unchanged, s",
        "rests": "rests, share of bars",
        "silence_s": "longest silence, s",
        "click_db": "sharpest moment, dB",
        "lufs": "LUFS",
        "range_lu": "range, LU",
    }
    lines = ["| quarter | " + " | ".join(heads.values()) + " |", "|---" * (len(heads) + 1) + "|"]
    for number, quarter in enumerate(quarters, 1):
        lines.append(f"| {number} | " + " | ".join(f"{quarter[name]:g}" for name in heads) + " |")
    return "\n".join(lines)


def main() -> None:
    """Run the bench."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--clip", type=Path, default=Path(__file__).parents[1] / "../shared/data/clips/dinner.mp4")
    options = parser.parse_args()
    films = [
        moods_of(Clip(options.clip, max_fps=25.0), 3600.0),
        moods_of(Drawn(), len(STATIONS) * (HOLD_S + CHANGE_S)),
    ]
    seconds = 60 * options.minutes
    quarters, loudness, composed = measured(Room(films), Room(films), seconds, options.seed)
    room = Room(films)
    draw(PICTURE, [room.mood(float(t)) for t in range(int(seconds))], loudness, composed)
    missed = [
        f"quarter {number}: {what}"
        for number, quarter in enumerate(quarters, 1)
        for what, wrong in {
            f"silent for {quarter['silence_s']} s": quarter["silence_s"] > MAX_SILENCE_S,
            f"new melodies {quarter['new']}": quarter["new"] < MIN_NEW,
            f"unchanged for {quarter['unchanged_s']} s": quarter["unchanged_s"] > MAX_UNCHANGED_S,
        }.items()
        if wrong
    ]
    today = datetime.date.today().isoformat()
    said = "; ".join(missed) or "nothing"
    text = f"""# An hour of composed music

{machine()}, {today}: {options.minutes:g} minutes, seed {options.seed}, ten minutes of the dinner's and of the demo's
moods in turn. What the columns are, and when one counts as missed: the bench's head. Missed: {said}.

{table(quarters)}

![Moods, loudness, sections and parts over the hour](../docs/pictures/compose_hour.png)
"""
    result = {
        "machine": machine(),
        "date": today,
        "minutes": options.minutes,
        "seed": options.seed,
        "quarters": quarters,
    }
    finish(Path(__file__), text, result, missed)


if __name__ == "__main__":
    main()
