"""Beats, bars and keys that are found in music whose beats, bars and keys are known, by ours and by librosa.

python benches/analysis.py --librosa PYTHON     (or: make bench-analysis)

It writes benches/analysis.json and benches/analysis.md, with the machine and the date.
"""

from __future__ import annotations

import argparse
import json
import math
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import soundfile

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benches.analysis_tracks import SECONDS, Truth, synthetic  # noqa: E402
from soundit_edge.audio.decode import decode  # noqa: E402
from soundit_edge.audio.format import RATE  # noqa: E402
from soundit_edge.music.analysis.analyse import Analysis, analyse  # noqa: E402
from soundit_edge.music.analysis.bars import bar_lines  # noqa: E402
from soundit_edge.music.analysis.key import Key, profile_fits  # noqa: E402
from soundit_edge.music.track import DEFAULT_BPM  # noqa: E402

Times = npt.NDArray[np.float64]

WRITTEN_WITH: Final = range(24)
"""Seeds whose tracks were looked at while the analysis was written."""
HELD_OUT: Final = range(24, 48)
"""Seeds whose tracks were not: the figures that count."""
NEAR_S: Final = 0.07
TRIMMED_S: Final = 5.0  # the first seconds do not count, as in MIREX
SAME_TEMPO: Final = 0.04
OCTAVES: Final = (1.0, 2.0, 0.5, 3.0, 1 / 3)
RIGHT: Final = 0.85  # F from which the beats or bars of a track are right
STEADY: Final = 0.9  # `Rhythm.steady` from which a grid is to be trusted
LIMITS: Final = {"beat F": 0.92, "tempo up to octaves": 1.0, "key score": 0.77}
COST_S: Final = 2.0


NOTES: Final = f"""

- Four minutes of music: decoded (FLAC) {{decode:.2f}} s, analysed (loudness, onsets, beats, bars, key)
  {{analysis:.2f}} s, together {{all:.2f}} s of one core; wanted: < {{limit:g}} s. The least of three runs;
  the machine is shared.
- Tracks of {SECONDS:.0f} s, generated: seeds {HELD_OUT.start}-{HELD_OUT.stop - 1} are held out,
  {WRITTEN_WITH.start}-{WRITTEN_WITH.stop - 1} were looked at while the analysis was written. The weights of beats,
  bars and key were fitted to seeds 1000-1119 of the same generator, among others: music of another kind may fare
  worse. librosa was fitted to none of it.
- Beats and bar lines count within {1000 * NEAR_S:.0f} ms, after the first {TRIMMED_S:.0f} s; tempo within
  {100 * SAME_TEMPO:.0f} %; key score as in MIREX. librosa's key is its chroma
  (harmonic part, constant Q) under our profiles. It finds no bars.
- One tempo: an even grid. A track that drifts cannot have its bar lines on it: it is played by its own ones, a steady
  one by the grid (`soundit_edge/music/analysis/bars.py`; what says which was chosen by the seeds 0-23 and 200-235).
"""


@dataclass(frozen=True, slots=True)
class Found:
    """What was found in a track; `bars` are the bar lines as played, `grid` those of one tempo, `lines` those that the
    track is played by; None if not asked."""

    beats: Times
    bpm: float
    key: Key
    bars: Times | None = None
    grid: Times | None = None
    lines: Times | None = None
    metre: int = 0
    steady: float = 0.0


def main() -> None:
    """Measure, and write what was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--librosa", metavar="PYTHON", help="the Python of a venv with librosa; left out without it")
    python = parser.parse_args().librosa
    sets = {}
    for name, seeds in {"held out": HELD_OUT, "written with": WRITTEN_WITH}.items():
        print(f"measuring the tracks of seeds {seeds.start} to {seeds.stop - 1} ...", file=sys.stderr)
        sets[name] = measured(seeds, python)
    result: dict[str, Any] = {
        "date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "machine": _machine(),
        "sets": sets,
        "four_minutes": _cost(),
    }
    (ROOT / "benches/analysis.json").write_text(json.dumps(result, indent=1) + "\n")
    table = _table(result)
    (ROOT / "benches/analysis.md").write_text(table)
    print(table)


def measured(seeds: Sequence[int], python: str | None) -> dict[str, dict[str, float]]:
    """The figures of each engine over the tracks of these seeds."""
    with tempfile.TemporaryDirectory() as folder:
        truths, ours, files = [], [], []
        for seed in seeds:
            samples, truth = synthetic(seed)
            truths.append(truth)
            ours.append(_of(analyse(samples)))
            files.append(str(Path(folder, f"{seed}.wav")))
            soundfile.write(files[-1], samples, RATE)
        figures = {"ours": _figures(truths, ours)}
        if python:
            print("... by librosa", file=sys.stderr)
            script = str(ROOT / "benches/analysis_librosa.py")
            told = subprocess.run([python, script, *files], check=True, capture_output=True, text=True).stdout
            rows = [json.loads(line) for line in told.splitlines()]
            figures["librosa"] = _figures(truths, [_of_librosa(row) for row in rows])
            seconds = SECONDS * len(rows)
            for part in ("beats_s", "key_s"):
                figures["librosa"][f"CPU, ms a second: {part[:-2]}"] = 1000 * sum(row[part] for row in rows) / seconds
    return figures


def _of(analysis: Analysis) -> Found:
    rhythm = analysis.rhythm
    beats = np.array(rhythm.beats) / RATE
    bar = 60.0 / (rhythm.bpm or DEFAULT_BPM) * rhythm.beats_per_bar
    grid = np.arange(rhythm.first_bar / RATE, SECONDS, bar)
    lines = bar_lines(rhythm, round(SECONDS * RATE))
    return Found(
        beats=beats,
        bpm=rhythm.bpm or math.nan,
        key=analysis.key,
        bars=beats[rhythm.first_beat :: rhythm.beats_per_bar],
        grid=grid,
        lines=grid if lines is None else lines / RATE,
        metre=rhythm.beats_per_bar,
        steady=rhythm.steady,
    )


def _of_librosa(row: dict[str, Any]) -> Found:
    """Librosa has no key of its own: its chroma goes to our profiles."""
    fits = np.concatenate(profile_fits(np.array([row["chroma"]])), axis=1)[0]
    best = int(fits.argmax())
    return Found(np.array(row["beats"]), row["bpm"], Key(best % 12, best >= 12))


def f_measure(found: Times, true: Times) -> float:
    """Of moments in seconds: the mean of how many are true and how many of the true ones were found, to 70 ms."""
    found = found[(found >= TRIMMED_S) & (found <= true[-1] + NEAR_S)]
    true = true[true >= TRIMMED_S]
    hits, k = 0, 0
    for moment in true:
        while k < len(found) and found[k] < moment - NEAR_S:
            k += 1
        if k < len(found) and found[k] <= moment + NEAR_S:
            hits += 1
            k += 1
    return 2.0 * hits / max(1, len(found) + len(true))


def key_score(found: Key, truth: Truth) -> float:
    """As MIREX has it: a fifth off .5, the relative key .3, the parallel one .2."""
    away = (found.tonic - truth.tonic) % 12
    if found.minor == truth.minor:
        return {0: 1.0, 5: 0.5, 7: 0.5}.get(away, 0.0)
    return {0: 0.2, (3 if truth.minor else 9): 0.3}.get(away, 0.0)


def _figures(truths: list[Truth], all_found: list[Found]) -> dict[str, float]:
    pairs = list(zip(all_found, truths, strict=True))

    def mean(of: Callable[[Found, Truth], float], which: Callable[[Found, Truth], bool] = lambda *_: True) -> float:
        return float(np.mean([of(found, truth) for found, truth in pairs if which(found, truth)]))

    def tempo(found: Found, truth: Truth, octaves: Sequence[float]) -> float:
        return float(any(abs(found.bpm / truth.bpm / octave - 1.0) < SAME_TEMPO for octave in octaves))

    figures = {
        "beat F": mean(lambda found, truth: f_measure(found.beats, truth.beats)),
        "tempo": mean(lambda found, truth: tempo(found, truth, (1.0,))),
        "tempo up to octaves": mean(lambda found, truth: tempo(found, truth, OCTAVES)),
        "key score": mean(lambda found, truth: key_score(found.key, truth)),
        "key exact": mean(lambda found, truth: float(key_score(found.key, truth) == 1.0)),
    }
    if all_found[0].bars is None:
        return figures

    def bars(found: Found, truth: Truth) -> float:
        return 0.0 if found.bars is None else f_measure(found.bars, truth.downbeats)

    def grid(found: Found, truth: Truth) -> float:
        return 0.0 if found.grid is None else f_measure(found.grid, truth.downbeats)

    def lines(found: Found, truth: Truth) -> float:
        return 0.0 if found.lines is None else f_measure(found.lines, truth.downbeats)

    def drifts(_found: Found, truth: Truth) -> bool:
        return truth.drift > 0.0

    def trusted(found: Found, _truth: Truth) -> bool:
        return found.steady > STEADY

    return {
        **figures,
        "metre": mean(lambda found, truth: float(found.metre == truth.metre)),
        "downbeat F": mean(bars),
        "tracks with their bars right": mean(lambda found, truth: float(bars(found, truth) > RIGHT)),
        "bar line F, one tempo": mean(grid),
        "... of tracks without drift": mean(grid, lambda found, truth: not drifts(found, truth)),
        "... of tracks that drift": mean(grid, drifts),
        "tracks that are called steady": mean(lambda found, truth: float(trusted(found, truth))),
        "bar line F, one tempo, of those": mean(grid, trusted),
        "bar line F, as it is played": mean(lines),
        "... as it is played, without drift": mean(lines, lambda found, truth: not drifts(found, truth)),
        "... as it is played, with drift": mean(lines, drifts),
    }


def _cost() -> dict[str, float]:
    """Seconds of processor time for four minutes of music: the least of three runs."""
    pieces = [synthetic(seed)[0] for seed in range(4)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "track.flac")
        soundfile.write(path, np.concatenate(pieces), RATE)
        costs = []
        for _ in range(3):
            began = time.process_time()
            samples = decode(path)
            between = time.process_time()
            analyse(samples)
            costs.append((between - began, time.process_time() - between))
    return {"decode, FLAC": min(cost[0] for cost in costs), "analysis": min(cost[1] for cost in costs)}


def _machine() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []
    cpu = next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), platform.machine())
    return f"{cpu}, Python {platform.python_version()}, NumPy {np.__version__}, {platform.system()}"


def _table(result: dict[str, Any]) -> str:
    sets = result["sets"]
    columns = [(name, engine) for name in sets for engine in sets[name]]
    rows = [
        "# Beats, bars and keys",
        "",
        f"{result['date']}, {result['machine']}; written by `make bench-analysis`. Bold: the figure is missed.",
        "",
        "| figure | wanted | " + " | ".join(f"{engine}, {name}" for name, engine in columns) + " |",
        "|---|---|" + "---|" * len(columns),
    ]
    for figure in dict.fromkeys(figure for name, engine in columns for figure in sets[name][engine]):
        limit = LIMITS.get(figure)
        cells = []
        for name, engine in columns:
            value = sets[name][engine].get(figure)
            cell = "-" if value is None else f"{value:.3f}" if value <= 1.0 else f"{value:.1f}"
            missed = value is not None and limit is not None and engine == "ours" and value < limit
            cells.append(f"**{cell}**" if missed else cell)
        rows.append(f"| {figure} | {'-' if limit is None else f'>= {limit:g}'} | " + " | ".join(cells) + " |")
    cost = result["four_minutes"]
    total = sum(cost.values())
    wanted = {"decode": cost["decode, FLAC"], "all": total, "limit": COST_S, "analysis": cost["analysis"]}
    return "\n".join(rows) + NOTES.format(**wanted)


if __name__ == "__main__":
    main()
