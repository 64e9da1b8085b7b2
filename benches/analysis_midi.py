"""Beats, bars, metres and keys of music that a SoundFont plays: pieces written here, and real performances (ASAP).

python benches/analysis_midi.py --font FILE.sf2     (or: make bench-analysis-midi)

It writes benches/analysis_midi.json and benches/analysis_midi.md. The SoundFont should not be the device's own; the
performances are those of `../shared/data/music`, and are left out where that folder is not there.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benches.analysis import OCTAVES, SAME_TEMPO, f_measure  # noqa: E402
from benches.analysis_pieces import SECONDS, kinds, piece  # noqa: E402
from benches.figures import finish, machine  # noqa: E402
from soundit_edge.audio.format import RATE, Stereo  # noqa: E402
from soundit_edge.music.analysis.chroma import chroma  # noqa: E402
from soundit_edge.music.analysis.key import Key, find_key  # noqa: E402
from soundit_edge.music.analysis.rhythm import Rhythm, find_rhythm  # noqa: E402
from soundit_edge.music.analysis.spectral_flux import downmix_half_rate, flux  # noqa: E402
from tools.music.keyed_music import tonic_of  # noqa: E402
from tools.music.midi_sound import MidiSound, messages_of  # noqa: E402

Row = Mapping[str, float]

SEEDS: Final = range(200, 206)
"""Of the pieces: others than those that the weights were fitted to (1 to 12) or were looked at (100, 101)."""
ASAP_S: Final = 60.0
WANTED: Final = {
    "pieces": {
        "key": 0.95,
        "downbeat F": 0.93,
        "metre": 0.93,
        "tempo": 0.88,
        "tempo up to octaves": 0.98,
        "beat F": 0.94,
    },
    "rubato": {"beat F": 0.85},
    "ASAP": {"key": 0.75, "tempo up to octaves": 0.80},
}

LEFT_OUT: Final = {"key": 0.842, "tempo": 0.803}
"""Of ASAP, by five parts: what the two tools print."""
NOTES: Final = f"""

- Pieces of 40 s, as those of an outside study: 24 keys in 4/4 at 50 to 210 bpm, 3/4, 6/8 (two dotted beats), swing,
  rubato (the tempo swells by 15 %), changes of key, 5/4 and 7/8 (in eighths).
- ASAP: the first {ASAP_S:.0f} s of piano performances whose key is known from the work's name; beats checked by people.
- A key is exact or wrong; beats and bar lines count within 70 ms, after the first 5 s; a tempo within 4 %. Where no
  tempo is told, it counts as wrong.
- The key of a piece that changes it is the one in which it begins and is for two thirds of its time.
- The weights were fitted to pieces of the same writer (seeds 1 to 12), and to ASAP's keys and tempi, too: what they are
  worth on performances that were left out is told by `python -m tools.music.train_key` (key {LEFT_OUT["key"]}) and
  `train_metre` (tempo up to octaves {LEFT_OUT["tempo"]}).
"""


def main() -> None:
    """Measure, write what was found, and end with what was missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--font", type=Path, required=True, help="a SoundFont")
    parser.add_argument(
        "--seed", type=int, nargs="+", default=[*SEEDS], metavar="N", help=f"of the pieces ({SEEDS.start} ...)"
    )
    parser.add_argument("--data", type=Path, default=ROOT / "../shared/data/music", help="where ASAP is (%(default)s)")
    given = parser.parse_args()
    sound = MidiSound(given.font)
    groups: dict[str, list[Row]] = {"pieces": []}
    for seed in given.seed:
        for group, row in _pieces(sound, seed):
            groups["pieces"].append(row)
            groups.setdefault(group, []).append(row)
    if (given.data / "asap.csv").is_file():
        groups["ASAP"] = list(_performances(sound, given.data))
    figures = {name: {"n": float(len(rows)), **_means(rows)} for name, rows in groups.items()}
    missed = [
        f"{name}: {figure} {figures[name][figure]:.3f}, wanted {limit:g}"
        for name, limits in WANTED.items()
        for figure, limit in limits.items()
        if name in figures and figures[name][figure] < limit
    ]
    date = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
    result = {"date": date, "machine": machine(), "font": given.font.name, "seeds": given.seed, "figures": figures}
    finish(Path(__file__), _table(date, given.font.name, given.seed, figures), result, missed)


def heard(samples: Stereo) -> tuple[Rhythm, Key]:
    """Return the rhythm and the key that the analysis finds."""
    mono = downmix_half_rate(samples)
    notes = chroma(mono)
    return find_rhythm(flux(mono), notes), find_key(notes)


def tempo_row(bpm: float | None, true: float) -> Row:
    """Return whether a tempo is right, as it is and up to octaves; none is wrong."""
    ratios = [0.0 if bpm is None else bpm / true / octave for octave in OCTAVES]
    right = [float(abs(ratio - 1.0) < SAME_TEMPO) for ratio in ratios]
    return {"tempo": right[0], "tempo up to octaves": max(right), "has a tempo": float(bpm is not None)}


def _pieces(sound: MidiSound, seed: int) -> Iterator[tuple[str, Row]]:
    for k, kind in enumerate(kinds(seed)):
        messages, truth = piece(kind, 100 * seed + k)
        rhythm, key = heard(sound.play(messages, SECONDS))
        beats = np.array(rhythm.beats) / RATE
        yield (
            kind.group,
            {
                **tempo_row(rhythm.bpm, truth.bpm),
                "beat F": f_measure(beats, truth.beats),
                "downbeat F": f_measure(beats[rhythm.first_beat :: rhythm.beats_per_bar], truth.downbeats),
                "metre": float((rhythm.beats_per_bar, rhythm.division) == (kind.metre, kind.division)),
                "key": float((key.tonic, key.minor) == (kind.tonic, kind.minor)),
            },
        )


def _performances(sound: MidiSound, folder: Path) -> Iterator[Row]:
    with (folder / "asap.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["key"]]
    for row in rows:
        rhythm, key = heard(sound.play(messages_of(folder / row["path"]), ASAP_S))
        true = np.array(row["beats_s"].split(), dtype=np.float64)
        yield {
            **tempo_row(rhythm.bpm, float(row["tempo_bpm"])),
            "beat F": f_measure(np.array(rhythm.beats) / RATE, true[true < ASAP_S]),
            "key": float((key.tonic, key.mode) == (tonic_of(row["key"]), row["mode"])),
        }


def _means(rows: Sequence[Row]) -> dict[str, float]:
    names = [name for name in rows[0] if all(name in row for row in rows)]
    return {name: float(np.mean([row[name] for row in rows])) for name in names}


def _table(date: str, font: str, seeds: Sequence[int], figures: Mapping[str, Mapping[str, float]]) -> str:
    columns = ("tempo", "tempo up to octaves", "has a tempo", "beat F", "downbeat F", "metre", "key")
    lines = [
        "# Beats, bars, metres and keys of music that a SoundFont plays",
        "",
        f"{date}, {machine()}, {font}, seeds {', '.join(map(str, seeds))}; `make bench-analysis-midi`. Bold: missed.",
        "",
        "| music | n | " + " | ".join(columns) + " |",
        "|---|---|" + "---|" * len(columns),
    ]
    for name, row in figures.items():
        cells = []
        for column in columns:
            value, limit = row.get(column), WANTED.get(name, {}).get(column, 0.0)
            cell = "-" if value is None else f"{value:.3f}"
            cells.append(f"**{cell}**" if value is not None and value < limit else cell)
        lines.append(f"| {name} | {row['n']:.0f} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + NOTES


if __name__ == "__main__":
    main()
