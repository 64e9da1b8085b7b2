"""Real music through the analysis and the engine: every track scanned, played, morphed at random and faded to the next.

python benches/real_tracks.py     (or: make bench-real-tracks)

The music is that of Debian's wesnoth-1.16-music, which has to be installed. It writes benches/real_tracks.json,
benches/real_tracks.md and docs/pictures/real_tracks.png, with the machine and the date.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Generator
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benches.clicks import OWN_DB, Click, allowed_db, sharpest  # noqa: E402
from benches.figures import machine, write  # noqa: E402
from benches.real_tracks_picture import draw  # noqa: E402
from soundit_edge.audio.decode import decode  # noqa: E402
from soundit_edge.audio.format import BLOCK, RATE, Stereo, decibels  # noqa: E402
from soundit_edge.music.analysis.analyse import Analysis  # noqa: E402
from soundit_edge.music.director.target import RANGES, MusicTarget  # noqa: E402
from soundit_edge.music.load import load  # noqa: E402
from soundit_edge.music.morph.deck import Deck  # noqa: E402
from soundit_edge.music.morph.decks import FADE_S  # noqa: E402
from soundit_edge.music.morph.engine import MorphEngine  # noqa: E402
from soundit_edge.music.track import Track  # noqa: E402

FOLDER: Final = "/usr/share/games/wesnoth"
PACKAGE: Final = "wesnoth-1.16-music"
EACH_S: Final = 20.0
"""Each track is morphed for so long before the next one is asked for."""
HOLD_S: Final = (0.3, 2.0)
"""A target stays for so long, from and to."""
OWN_S: Final = 60.0
"""Of so much of a track as it is the sharpest attack is taken: as much as can be heard of it."""
SEED: Final = 1
COLUMNS: Final = (
    "track",
    "min",
    "scan, s",
    "LUFS",
    "bpm",
    "bars",
    "key",
    "own attack, dB",
    "morphed, dB",
    "faded in, dB",
    "with cuts, dB",
)
NOTES: Final = f"""

- {{clean}} of {{count}} tracks play, morph and come in without a click. The same measure finds the cuts of a bad
  engine, which leaps in the track where a target would change, in {{caught}} of them.
- A click: by how much the highest 0.25 ms above 6 kHz stands out from all else in the 10 ms before and behind it. It
  may be as sharp as the sharpest attack in the first minute of the track itself, or {OWN_DB:g} dB. Measure and limit
  were chosen after a look at these very tracks, and the {OWN_DB:g} dB decide where a track's own attacks are
  dull (`wanderer` above all).
- Every parameter goes to a random place of its whole range every {HOLD_S[0]:g} to {HOLD_S[1]:g} s for {EACH_S:g} s
  of each track, and on the way from each to the next.
- Scan: decoded (OGG, 44.1 kHz) and analysed, {{minutes:.0f}} minutes in {{scan:.0f}} s of one core, {{four:.2f}} s for
  four minutes. The machine is shared. A dash: no clear beat, so bars of two seconds are assumed.
- The engine: {{engine:.1f}} % of a core over {{heard:.0f}} minutes, the fades (two decks for {FADE_S:g} s) included.
  The highest sample heard: {{peak:.2f}} dB.
- Nobody has listened to it: what is measured is that there is no click.
"""
PICTURED: Final = ("frantic", "return_to_wesnoth")


def tracks() -> list[Path]:
    """The files of the package, whatever its version, in the order of their names; none where it is not installed."""
    return sorted(Path(FOLDER).glob("*/data/core/music/*.ogg"))


class Wandering:
    """An engine that follows random targets over everything that it can do."""

    def __init__(self, track: Track, seed: int = SEED) -> None:
        self.engine = MorphEngine(Deck(track))
        self.seconds = 0.0
        """Processor time of the engine so far."""
        self.rendered_s = 0.0
        """What it has rendered in that time."""
        self._random = np.random.default_rng(seed)
        self._left = 0.0

    def play(self, count: int) -> Stereo:
        """The next samples, [count, 2], to the next whole block."""
        blocks = []
        self.rendered_s += -(-count // BLOCK) * BLOCK / RATE
        for _ in range(-(-count // BLOCK)):
            if self._left <= 0.0:
                self._left = float(self._random.uniform(*HOLD_S))
                wanted = {name: float(self._random.uniform(*ends)) for name, ends in RANGES.items()}
                self.engine.set(MusicTarget(**wanted))
            self._left -= BLOCK / RATE
            began = time.process_time()
            blocks.append(self.engine.render(BLOCK))
            self.seconds += time.process_time() - began
        return np.concatenate(blocks)

    def go_over(self, track: Track) -> Stereo:
        """What is heard from asking for another track until it plays alone."""
        self.engine.play(Deck(track, track.first_bar))
        heard = []
        while not self.engine.fading:
            heard.append(self.play(BLOCK))
        while self.engine.fading:
            heard.append(self.play(BLOCK))
        return np.concatenate(heard)


def with_cuts(samples: Stereo, seed: int = SEED) -> Stereo:
    """A bad engine's work: the track, which leaps to another of its places where a target would change."""
    random = np.random.default_rng(seed)
    pieces: list[Stereo] = []
    while sum(len(piece) for piece in pieces) < EACH_S * RATE:
        count = round(random.uniform(*HOLD_S) * RATE)
        place = int(random.integers(max(1, len(samples) - count)))
        pieces.append(samples[place : place + count])
    return np.concatenate(pieces)


@dataclass(frozen=True, slots=True)
class Row:
    """What was found of one track; seconds are processor time.

    Attributes:
        name: of its file.
        decode_s, analysis_s: what it takes to scan it.
        own: the sharpest attack of the track as it is.
        morphed: that of what the engine made of it.
        fade: that of the way to it from the track before, under random targets, too.
        fade_allowed_db: how sharp that may be.
        cuts: that of the work of a bad engine.
        peak: the highest sample that was heard.
    """

    name: str
    length_s: float
    analysis: Analysis
    own_lines: bool
    decode_s: float
    analysis_s: float
    own: Click
    morphed: Click
    fade: Click
    fade_allowed_db: float
    cuts: Click
    peak: float

    @property
    def clean(self) -> bool:
        """Whether nothing in it stands out as a click does."""
        return self.morphed.sharp_db <= allowed_db(self.own) and self.fade.sharp_db <= self.fade_allowed_db


def measured(
    files: list[Path], wandering: Wandering, each_s: float = EACH_S
) -> Generator[tuple[Row, Stereo, Stereo], None, None]:
    """Each track, its beginning, and what was heard of it, by one engine, which goes over to the first of them from
    what it plays."""
    (playing,) = wandering.engine.decks
    assert isinstance(playing, Deck)
    before = sharpest(_beginning(playing.track))
    with tempfile.TemporaryDirectory() as cache:
        for file in files:
            began = time.process_time()
            decode(file)
            decoded = time.process_time()
            loaded = load(file, Path(cache))
            decode_s, load_s = decoded - began, time.process_time() - decoded
            track = loaded.to_int16()
            beginning = _beginning(track)
            own = sharpest(beginning)
            fade = wandering.go_over(track)
            morphed = wandering.play(round(each_s * RATE))
            yield (
                Row(
                    file.stem,
                    len(track.samples) / RATE,
                    loaded.analysis,
                    track.bar_lines is not None,
                    decode_s,
                    load_s - decode_s,
                    own,
                    sharpest(morphed),
                    sharpest(fade),
                    max(allowed_db(before), allowed_db(own)),
                    sharpest(with_cuts(beginning)),
                    float(max(np.abs(fade).max(), np.abs(morphed).max())),
                ),
                beginning,
                morphed,
            )
            before = own


def _beginning(track: Track) -> Stereo:
    return replace(track, samples=track.samples[: round(OWN_S * RATE)], onsets=None, first_bar=0, bar_lines=None).sound


def main() -> None:
    """Measure, and write what was found."""
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    files = tracks()
    if not files:
        raise SystemExit(f"{FOLDER}: no music; install {PACKAGE} (apt-get install {PACKAGE})")
    wandering = Wandering(load(files[-1]).to_int16())
    rows, pictured = [], []
    for row, beginning, morphed in measured(files, wandering):
        print(f"{row.name} ... {'clean' if row.clean else 'A CLICK'}", file=sys.stderr)
        rows.append(row)
        if row.name in PICTURED:
            pictured.append((row.name, beginning[: len(morphed)], morphed))
    engine = 100.0 * wandering.seconds / wandering.rendered_s
    result = {
        "date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "machine": machine(),
        "engine_percent_of_a_core": engine,
        "heard_s": wandering.rendered_s,
        "tracks": [{**asdict(replace(row, analysis=_short(row.analysis))), "clean": row.clean} for row in rows],
    }
    write(Path(__file__), _table(result, rows), result)
    draw(pictured, ROOT / "docs/pictures/real_tracks.png")
    print(_table(result, rows))


def _short(analysis: Analysis) -> Analysis:
    """Without the lists of places, which are no figures."""
    return replace(analysis, onsets=(), rhythm=replace(analysis.rhythm, beats=()))


def _table(result: dict[str, Any], rows: list[Row]) -> str:
    lines = [
        "# Real music",
        "",
        f"{result['date']}, {result['machine']}; written by `make bench-real-tracks`. Bold: a click.",
        "",
        "| " + " | ".join(COLUMNS) + " |",
        "|---|" + "---|" * (len(COLUMNS) - 1),
    ]
    for row in rows:
        rhythm, key = row.analysis.rhythm, row.analysis.key
        cells = [
            row.name,
            f"{row.length_s / 60:.1f}",
            f"{row.decode_s + row.analysis_s:.2f}",
            f"{row.analysis.loudness:.1f}",
            f"{rhythm.bpm:.0f}" if rhythm.beats else "-",
            "-" if not rhythm.beats else "its own" if row.own_lines else "even",
            f"{key.name} {key.mode}",
            f"{row.own.sharp_db:.1f}",
            _bold(row.morphed, allowed_db(row.own)),
            _bold(row.fade, row.fade_allowed_db),
            f"{row.cuts.sharp_db:.1f}",
        ]
        lines.append("| " + " | ".join(cells) + " |")
    length, scan = sum(row.length_s for row in rows), sum(row.decode_s + row.analysis_s for row in rows)
    figures = {
        "clean": sum(row.clean for row in rows),
        "count": len(rows),
        "caught": sum(row.cuts.sharp_db > allowed_db(row.own) for row in rows),
        "minutes": length / 60,
        "scan": scan,
        "four": 240 * scan / length,
        "engine": result["engine_percent_of_a_core"],
        "heard": result["heard_s"] / 60,
        "peak": decibels(max(row.peak for row in rows)),
    }
    return "\n".join(lines) + NOTES.format(**figures)


def _bold(click: Click, allowed: float) -> str:
    return f"{click.sharp_db:.1f}" if click.sharp_db <= allowed else f"**{click.sharp_db:.1f}**"


if __name__ == "__main__":
    main()
