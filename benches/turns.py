"""How often the mood turns though the room did not, and how restless the music is, before and after a change of fusion.

    python benches/turns.py [--hours 1] [--before REVISION] [--clips FOLDER]      (or: make bench-turns)

The readings of an hour of each room (`turns_rooms.py`) are pooled and directed in virtual time, as the daemon does it,
by the fusion of an earlier revision and by the present one. Counted are the turns of the held emotion that the room
does not make, and how far tempo and key move. Writes benches/turns.json and turns.md.
"""

from __future__ import annotations

import argparse
import datetime
import importlib.util
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, cast

ROOT: Final = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benches.figures import machine, write  # noqa: E402
from benches.turns_rooms import MADE_UP, Room, Shown, rooms  # noqa: E402
from soundit_edge.emotion import Emotion, Reading  # noqa: E402
from soundit_edge.music.director.director import Director  # noqa: E402
from soundit_edge.music.director.target import STEP_S  # noqa: E402
from soundit_edge.perception.fusion import Fusion  # noqa: E402

BEFORE: Final = "a79a52d"
"""The last revision whose fusion smooths all evidence alike."""
FUSION: Final = "soundit_edge/perception/fusion.py"
WARM_UP_S: Final = 10.0
"""At the beginning a mood has to turn to what is there."""
ANSWER_S: Final = 4.0
"""A turn to what was shown within this time is an answer to it."""


@dataclass(frozen=True, slots=True)
class Restlessness:
    """What happened in an hour.

    Attributes:
        false_turns: turns of the held emotion that the room did not make.
        tempo: how far the tempo moved, up and down together, in percent.
        keys: semitones that the key moved.
    """

    false_turns: float
    tempo: float
    keys: float


def fusion_of(revision: str) -> Callable[[], Fusion]:
    """Return the class `Fusion` as it was in a revision."""
    source = subprocess.run(["git", "show", f"{revision}:{FUSION}"], cwd=ROOT, check=True, capture_output=True).stdout
    with tempfile.NamedTemporaryFile(suffix=".py") as file:
        file.write(source)
        file.flush()
        spec = importlib.util.spec_from_file_location("fusion_before", file.name)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[spec.name] = module
        spec.loader.exec_module(module)
    return cast(Callable[[], Fusion], module.Fusion)


def restlessness(fusion: Fusion, readings: Iterable[Reading], seconds: float, shown: Shown | None) -> Restlessness:
    """Pool and direct the readings of some seconds, and return what happened, for an hour."""
    director, waiting = Director(), iter(readings)
    coming = next(waiting, None)
    held, answered, false_turns, tempo, keys = Emotion.NEUTRAL, dict[Emotion, float](), 0, 0.0, 0.0
    before = director.step(fusion.at(0.0)).target
    for step in range(1, round(seconds / STEP_S)):
        t = step * STEP_S
        while coming is not None and coming.t <= t:
            fusion.add(coming)
            coming = next(waiting, None)
        mood = fusion.at(t)
        target = director.step(mood).target
        if t >= WARM_UP_S:
            tempo += 100 * abs(target.tempo - before.tempo)
            keys += abs(target.semitones - before.semitones)
            if mood.emotion is not held and not (shown and _answers(shown, mood.emotion, t, answered)):
                false_turns += 1
        held, before = mood.emotion, target
    hours = (seconds - WARM_UP_S) / 3600
    return Restlessness(false_turns / hours, tempo / hours, keys / hours)


def _answers(shown: Shown, emotion: Emotion, t: float, answered: dict[Emotion, float]) -> bool:
    """Return whether a turn answers what is shown. Each station is answered once; what turns back was false before."""
    recently = frozenset[Emotion]().union(*(shown(max(0.0, t - ago)) for ago in (0.0, ANSWER_S / 2, ANSWER_S)))
    if emotion not in recently or t - answered.get(emotion, -1e9) < 5 * ANSWER_S:
        return False
    answered[emotion] = t
    return True


def measured(room: Room, seconds: float, makes: Iterable[Callable[[], Fusion]]) -> list[Restlessness]:
    """Return how restless each fusion is in a room."""
    return [restlessness(make(), room.readings(seconds), seconds, room.shown) for make in makes]


def table(result: dict[str, Any]) -> str:
    """Return the figures for people."""
    rows = []
    for name, (before, after) in result["rooms"].items():
        cells = (f"{before[key]:.{digits}f} | {after[key]:.{digits}f}" for key, digits in _COLUMNS)
        rows.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(
        [
            "# How often the mood turns though the room did not",
            "",
            f"`make bench-turns` on {result['machine']}, {result['date']}: {result['hours']:g} h of each room in",
            f"virtual time, before (the fusion of {result['before']}) and after, an hour.",
            "The rooms above the line are films, repeated with noise; those below are made up.",
            "",
            "| | false turns, before | after | tempo moved by %, before | after | semitones moved, before | after |",
            "|---|---|---|---|---|---|---|",
            *rows,
            "",
        ]
    )


_COLUMNS: Final = (("false_turns", 1), ("tempo", 0), ("keys", 0))


def main() -> None:
    """Measure, and write the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hours", type=float, default=1.0, help="of each film; the made-up rooms share as many")
    parser.add_argument("--before", default=BEFORE, metavar="REVISION", help="whose fusion is compared")
    parser.add_argument(
        "--clips", type=Path, default=ROOT / "../shared/data/clips", help="dinner.mp4 and *.mpg of GRID"
    )
    parser.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir()) / "soundit-turns", help="of readings")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    makes = (fusion_of(arguments.before), Fusion)
    result: dict[str, Any] = {
        "date": datetime.date.today().isoformat(),
        "machine": machine(),
        "before": arguments.before,
        "hours": arguments.hours,
        "rooms": {},
    }
    for room in rooms(arguments.clips, arguments.cache, arguments.seed):
        seconds = 3600 * arguments.hours / (len(MADE_UP) if room.name in MADE_UP else 1)
        result["rooms"][room.name] = [asdict(figures) for figures in measured(room, seconds, makes)]
        print(room.name, result["rooms"][room.name], file=sys.stderr, flush=True)
    write(Path(__file__), table(result), result)
    print(table(result))


if __name__ == "__main__":
    main()
