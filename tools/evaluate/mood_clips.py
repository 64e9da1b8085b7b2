"""Whether the constants of the fusion suit more than one film: moods of clips against what a person says of them.

The protocol: somebody looked at the clips and wrote down from when to when which moods are right (clip_moods.csv, where
nothing is said of what is unclear). All senses read each clip once. Then the fusion replays the readings, ten moments
a second, with one constant changed at a time. Of each value it says how much of the time that was judged the mood was
right, as the mean of the clips, and how often it turned. The last line chooses all constants on all clips but one, and
scores that one, clip by clip: what choosing on these clips is worth on others.
"""

from __future__ import annotations

import csv
import itertools
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from rich.console import Console
from rich.progress import track

from soundit_edge.capture.clip import Clip
from soundit_edge.emotion import Emotion, Reading
from soundit_edge.errors import SounditError
from soundit_edge.inference.models import ModelSet, default_folder
from soundit_edge.perception.fusion import Fusion
from soundit_edge.perception.mood_settings import MoodSettings
from soundit_edge.perception.offline import perceivers_of
from soundit_edge.senses.registry import assemble
from soundit_edge.settings import Settings
from tools.command import command, tool_parser

JUDGED: Final = Path(__file__).with_name("clip_moods.csv")
STEP_S: Final = 0.1
VALUES: Final[Mapping[str, Sequence[float]]] = {
    "smoothing": (1.5, 2.0, 3.0, 4.0, 6.0),
    "memory": (0.5, 1.0, 2.0),
    "fading": (1.0, 2.0, 4.0),
    "advantage": (0.1, 0.15, 0.2, 0.25, 0.3),
    "return_advantage": (0.2, 0.25, 0.35, 0.45),
    "dwell": (0.75, 1.5, 3.0),
    "confirm": (0.1, 0.2, 0.4),
}
SWEPT: Final = ("smoothing", "advantage", "return_advantage")
"""Those that are chosen together for the last line."""


class Judged(NamedTuple):
    """Which moods are right in a part of a clip, in seconds."""

    start: float
    end: float
    moods: frozenset[Emotion]


def judged_parts(path: Path) -> dict[str, list[Judged]]:
    """Return what was judged of each clip, by its name without the ending.

    Raises:
        SounditError: the table cannot be read.
    """
    parts: dict[str, list[Judged]] = defaultdict(list)
    try:
        with path.open(newline="", encoding="utf-8") as file:
            for line in csv.DictReader(file):
                moods = frozenset(Emotion(name) for name in line["moods"].split())
                parts[line["clip"]].append(Judged(float(line["start_s"]), float(line["end_s"]), moods))
    except (OSError, KeyError, ValueError) as error:
        raise SounditError(f"{path}: not a table of moods ({error})") from error
    return parts


def readings_of(path: Path) -> list[Reading]:
    """Return what all senses read in a clip, in order of time.

    Raises:
        SounditError: the clip or a model cannot be read.
    """
    settings = Settings()
    perceivers = perceivers_of(assemble(settings.senses, ModelSet(default_folder()), None, threads=1))
    with Clip(path, max_fps=25.0) as clip:
        return [reading for item in clip.items() for see in perceivers if (reading := see(item)) is not None]


def right_share(readings: Sequence[Reading], parts: Sequence[Judged], settings: MoodSettings) -> tuple[float, int]:
    """Return how much of the judged time of a clip the mood was right, 0 to 1, and how often it turned."""
    fusion, left = Fusion(settings), list(readings)
    right, judged, turns, before = 0, 0, 0, Emotion.NEUTRAL
    for number in range(1, round(max(part.end for part in parts) / STEP_S) + 1):
        t = number * STEP_S
        while left and left[0].t <= t:
            fusion.add(left.pop(0))
        emotion = fusion.at(t).emotion
        turns += emotion is not before
        before = emotion
        for part in parts:
            if part.start <= t <= part.end:
                judged += 1
                right += emotion in part.moods
    return right / judged, turns


class Protocol:
    """The readings of some clips, replayed with other constants."""

    def __init__(self, readings: Mapping[str, Sequence[Reading]], parts: Mapping[str, Sequence[Judged]]) -> None:
        self._readings, self._parts = readings, parts
        self._known: dict[MoodSettings, dict[str, tuple[float, int]]] = {}

    def shares(self, settings: MoodSettings) -> dict[str, tuple[float, int]]:
        """Return for each clip the share of the judged time in which the mood was right, and its turns."""
        if settings not in self._known:
            self._known[settings] = {
                name: right_share(readings, self._parts[name], settings) for name, readings in self._readings.items()
            }
        return self._known[settings]

    def chosen_elsewhere(self) -> dict[str, float]:
        """Return the share of each clip with the constants of `SWEPT` that do best on the mean of the others."""
        grid = [replace(MoodSettings(), **dict(zip(SWEPT, values, strict=True)))
                for values in itertools.product(*(VALUES[name] for name in SWEPT))]  # fmt: skip
        shares = [{name: share for name, (share, _) in self.shares(settings).items()} for settings in grid]

        def others(place: int, left_out: str) -> float:
            return float(np.mean([share for name, share in shares[place].items() if name != left_out]))

        return {name: shares[max(range(len(grid)), key=lambda k: others(k, name))][name] for name in self._readings}


def table(protocol: Protocol) -> str:
    """Return the table of one constant at a time."""
    shipped = MoodSettings()
    lines = ["| constant | value | right % | turns |", "|---|---|---|---|"]
    for name, values in VALUES.items():
        for value in values:
            settings = replace(shipped, **{name: value})
            found = protocol.shares(settings).values()
            mark = "**" if asdict(shipped)[name] == value else ""
            right = 100 * float(np.mean([share for share, _ in found]))
            lines.append(f"| {name} | {mark}{value:g}{mark} | {right:.1f} | {sum(turns for _, turns in found)} |")
    return "\n".join(lines)


@command
def main(arguments: Sequence[str] | None = None) -> None:
    """Run the tool."""
    parser = tool_parser("tools.evaluate.mood_clips", __doc__)
    parser.add_argument("clips", type=Path, nargs="+", help="films that the table of moods names")
    parser.add_argument("--judged", type=Path, default=JUDGED, help="the table: clip, start_s, end_s, moods")
    options = parser.parse_args(arguments)
    parts = judged_parts(options.judged)
    paths = [path for path in options.clips if path.stem in parts]
    if not paths:
        raise SounditError(f"{options.judged} names none of these clips")
    console = Console(stderr=True)
    protocol = Protocol({path.stem: readings_of(path) for path in track(paths, "clips", console=console)}, parts)
    print("| clip | right % | turns |\n|---|---|---|")
    for name, (share, turns) in protocol.shares(MoodSettings()).items():
        print(f"| {name} | {100 * share:.0f} | {turns} |")
    print("\n" + table(protocol))
    shipped = float(np.mean([share for share, _ in protocol.shares(MoodSettings()).values()]))
    elsewhere = float(np.mean(list(protocol.chosen_elsewhere().values())))
    print(f"\nshipped constants {100 * shipped:.1f} %, chosen without the clip {100 * elsewhere:.1f} %")


if __name__ == "__main__":
    sys.exit(main())
