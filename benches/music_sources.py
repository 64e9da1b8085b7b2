"""Where the music comes from: what composing, scanning, picking and scoring cost, how good they are, and beside what.

python benches/music_sources.py --librosa PYTHON --film FILM     (or: make bench-sources)

It takes an hour; --only measures a part again and leaves the others as they were. It writes benches/music_sources.json
and benches/music_sources.md, with the machine and the dates. What real tracks sound like is in benches/real_tracks.md,
what the preference model is worth in benches/taste.md.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benches import analysis, film_cost  # noqa: E402
from benches import music_sources_compose as composing  # noqa: E402
from benches import music_sources_library as library  # noqa: E402
from benches.figures import machine, write  # noqa: E402
from soundit_edge.emotion import Emotion  # noqa: E402

PARTS: Final = ("compose", "library", "analysis", "film")
SCAN_S: Final = 2.0
PICK_MS: Final = 50.0
HOURS: Final = 2.0
"""Of the long film, where it is asked for."""


def main() -> None:
    """Measure, and write what was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--librosa", metavar="PYTHON", help="the Python of a venv with librosa; left out without it")
    parser.add_argument("--film", type=Path, help="a film of 480 lines to score; left out without it")
    parser.add_argument("--long", action="store_true", help=f"score a film of {HOURS:g} hours, too")
    parser.add_argument("--only", choices=PARTS, action="append", help="this part; may be given again")
    given = parser.parse_args()
    measures: dict[str, Callable[[], dict[str, Any]]] = {
        "compose": composing.figures,
        "library": lambda: library.figures(given.librosa),
        "analysis": lambda: analysis.measured(analysis.HELD_OUT, given.librosa),
        "film": lambda: _film(given.film, given.long),
    }
    for part in given.only or PARTS:
        print(f"measuring: {part} ...", file=sys.stderr)
        found = measures[part]()
        result = _kept()
        result[part] = {"date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"), "machine": machine(), **found}
        write(Path(__file__), _text(result), result)
    print(_text(_kept()))


def _kept() -> dict[str, Any]:
    """What was measured before, by its parts."""
    place = Path(__file__).with_suffix(".json")
    found: dict[str, Any] = json.loads(place.read_text()) if place.exists() else {}
    return found


def _film(film: Path | None, long: bool) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if film is not None:
        found["short"] = film_cost.measure(film)
    if long:
        found["long"] = _long()
    return found


def _long() -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="film") as folder:
        return film_cost.long_run(HOURS, film_cost.THINNED, Path(folder))


def _text(result: dict[str, Any]) -> str:
    texts = {"compose": _compose, "library": _library, "analysis": _analysis, "film": _films}
    lines = ["# Where the music comes from", "", "Written by `make bench-sources`. Bold: the figure is missed.", ""]
    for part in PARTS:
        if part in result:
            lines += [f"## {part.capitalize()}", "", f"{result[part]['date']}, {result[part]['machine']}.", ""]
            lines += [*texts[part](result[part]), ""]
    return "\n".join(lines)


def _row(name: str, wanted: str, figure: str, good: bool = True) -> str:
    return f"| {name} | {wanted} | {figure if good else f'**{figure}**'} |"


def _table(rows: list[str], head: str = "| figure | wanted | measured |") -> list[str]:
    return [head, "|" + "---|" * (head.count("|") - 1), *rows]


def _compose(found: dict[str, Any]) -> list[str]:
    faster = composing.FASTER
    rows = []
    for kind, speed in found["speed"].items():
        if "slowest" in speed:
            name = f"composing with {kind}, the slowest mood; all"
            figure = f"{speed['slowest']:.0f}x; {speed['mean']:.0f}x real time; ready in {speed['open_s']:.1f} s"
            rows.append(_row(name, f">= {faster:g}x", figure, speed["slowest"] >= faster))
        else:
            rows.append(_row(f"composing, {kind}", "-", f"{speed['mean']:.0f}x real time"))
    moods, hour = found["moods"], found["hour"]
    again = hour["stretches that come again"]
    rows += [
        _row("pieces in the tempo of their mood; up to octaves", "-", _share(moods, "tempo", "tempo up to octaves")),
        _row("pieces in the mode of their mood, major or minor", "-", _share(moods, "mode")),
        _row("pieces whose mood the sound tells (1 of 8 by chance)", "-", _share(moods, "told apart")),
        *(_row(f"order of the moods: {name}", "-", f"rho {rho:.2f}") for name, rho in moods["orders"].items()),
        _row(
            "an hour: melodies of a bar; heard before",
            "-",
            f"{hour['melodies']} of {hour['bars']} bars; {100 * hour['melodies heard before']:.0f} %",
        ),
        _row("an hour: the longest repeat of all parts", "-", f"{hour['longest repeat, bars']} bars"),
        _row(
            "ten minutes: eight bars that come again; the theme", "-", f"{again['composed']:.2f}; {again['theme']:.2f}"
        ),
        _row(
            "an hour: bars made of a motif that was heard before",
            "-",
            f"{hour['motifs']} motifs; {100 * hour['bars made of a motif heard before']:.0f} %",
        ),
        _row(
            "an hour: bars in one key; metres; tempo",
            "-",
            f"{hour['bars in one key, median']:.0f}; {hour['metres']}; within {100 * hour['tempo, widest']:.1f} %",
        ),
    ]
    return [*_table(rows), "", *_moods(moods)]


def _share(found: dict[str, Any], *names: str) -> str:
    return "; ".join(f"{100 * found[name]:.0f} %" for name in names)


def _moods(moods: dict[str, Any]) -> list[str]:
    """What each mood sounds like."""
    rows = []
    for emotion, heard in sorted(moods["means"].items(), key=lambda row: -row[1]["bpm"]):
        wanted = composing.TEMPI[Emotion(emotion)]
        rows.append(
            f"| {emotion} | {' to '.join(dict.fromkeys(f'{bpm:.0f}' for bpm in wanted))} | {heard['bpm']:.0f} "
            f"| {100 * heard['minor']:.0f} % | {heard['pitch']:.1f} | {heard['onsets']:.1f} "
            f"| {heard['centroid_hz']:.0f} | {heard['lufs']:.1f} |"
        )
    head = "| mood | wanted bpm | bpm | minor | pitch | onsets a second | centroid, Hz | LUFS |"
    seeds, seconds = len(composing.SEEDS), composing.PIECE_S
    return [
        *_table(rows, head),
        "",
        f"- {seeds} pieces of {seconds:g} s of each mood, with {moods['synth']} and the effects; means of what our own",
        "  analysis finds in the samples, without knowing how they were made. The order of the moods is compared with",
        "  that of the mapping's table (rank correlation): brightness by its cut-off. Pitch is of all parts",
        "  in keys drawn by lot, so that the transposition of a mood, two semitones at most, does not show in it.",
        "- Whose mood the sound tells: nearest mean of the other seeds' pieces, by these six figures.",
        "- An hour: happy, one seed. A stretch comes again where the cosine of the chroma of two stretches of eight",
        "  bars, beat by beat, is above .995; the theme that goes round is what the device had before.",
    ]


def _library(found: dict[str, Any]) -> list[str]:
    rows = []
    for kind, seconds in found["four_minutes"].items():
        ours = "librosa" not in kind
        name = f"scanning four minutes of {kind}" if ours else f"... by {kind}"
        rows.append(_row(name, f"< {SCAN_S:g} s" if ours else "-", f"{seconds:.2f} s", not ours or seconds < SCAN_S))
    for kind, milliseconds in found["pick_ms"].items():
        gated = "command" not in kind
        good = not gated or milliseconds < PICK_MS
        name = f"picking 10 of {library.SONGS:,}, {kind}"
        rows.append(_row(name, f"< {PICK_MS:g} ms" if gated else "-", f"{milliseconds:.0f} ms", good))
    if "killed" in found:
        killed = found["killed"]
        whole = killed["lost"] == 0 and killed["in the end"] == killed["songs"] and killed["database"] == "ok"
        rows += [
            _row(
                f"{killed['songs']:,} tracks: killed (signal 9) after {killed['until killed']}; lost; in the end",
                f"0; {killed['songs']:,}",
                f"{killed['lost']}; {killed['in the end']:,}",
                whole,
            ),
            _row("... resumed; and scanned again", "-", f"{killed['resumed, s']:.0f} s; {killed['again, s']:.1f} s"),
        ]
    notes = [
        "- Seconds of one core for all that a scan does with a file: decoding, beats, bars, key, loudness, true peak,",
        "  onsets, brightness, mood, tags. Least of three. librosa: its beats and its chroma alone, from samples.",
        "- Picking: processor time, the median of twenty, for a face and a voice of unlike mood; by taste: a model of",
        "  preferences that has learnt from 1,000 songs. The command: from its start, the interpreter's included.",
    ]
    if "killed" in found:
        notes += [
            f"- The tracks of that library last {library.SONG_S:g} s; what was in it when it was killed is",
            f'  compared row by row. The second scan said: "{killed["resumed"]}";',
            f'  the third: "{killed["again"]}".',
        ]
    return [*_table(rows), "", *notes]


def _analysis(found: dict[str, Any]) -> list[str]:
    engines = [name for name in ("ours", "librosa") if name in found]
    rows = []
    for figure in dict.fromkeys(figure for name in engines for figure in found[name]):
        limit = analysis.LIMITS.get(figure)
        cells = [f"{found[name][figure]:.3f}" if figure in found[name] else "-" for name in engines]
        if limit is not None and found["ours"][figure] < limit:
            cells[0] = f"**{cells[0]}**"
        rows.append(f"| {figure} | {'-' if limit is None else f'>= {limit:g}'} | {' | '.join(cells)} |")
    return [
        *_table(rows, f"| figure | wanted | {' | '.join(engines)} |"),
        "",
        "- The held-out tracks of benches/analysis.md, which says what is counted and how.",
    ]


def _films(found: dict[str, Any]) -> list[str]:
    rows = []
    limits = film_cost.LIMITS
    for name, what in (("short", "480 lines, every sense"), ("long", f"{HOURS:g} hours")):
        if name not in found:
            continue
        cost = found[name]
        senses = f", {' and '.join(cost['senses'])}" if "senses" in cost else ""
        title = f"a film of {what}{senses}"
        rows += [
            _row(
                f"scoring {title} ({cost['film_s']:.0f} s): processor time; wall time",
                f"< {limits['times_real_time']:g}x",
                f"{cost['times_real_time']:.2f}x; {cost['wall_s'] / cost['film_s']:.2f}x",
                cost["times_real_time"] < limits["times_real_time"],
            ),
            _row(
                "... memory",
                f"< {limits['rss_mb']:g} MB",
                f"{cost['rss_mb']:.0f} MB",
                cost["rss_mb"] < limits["rss_mb"],
            ),
        ]
        if "sync_ms" in cost:
            good = cost["sync_ms"] <= limits["sync_ms"]
            rows.append(
                _row("... out of sync at most", f"<= {limits['sync_ms']:g} ms", f"{cost['sync_ms']:.1f} ms", good)
            )
    notes = (
        "- A process of its own on one thread that has read nothing before, with its start; see benches/film_cost.py."
    )
    return [*_table(rows), "", notes]


if __name__ == "__main__":
    main()
