"""What outside ears hear in what is composed: models that nobody here made, and the mix and the notes in figures.

python benches/ears.py --seeds 1 --judges vibenet,musicnn     (or: make bench-ears, which asks all and writes it down)

Each judge runs in an environment of its own (scripts/setup_ears.sh). The pieces stay in .cache/ears/pieces. With
--write its figures are written beside it.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benches import ears_bus  # noqa: E402
from benches.ears_goals import goals  # noqa: E402
from benches.ears_pieces import PIECE_S, composed_all, real_all  # noqa: E402
from benches.ears_table import table  # noqa: E402
from benches.figures import machine, write  # noqa: E402
from benches.real_tracks import tracks  # noqa: E402
from soundit_edge.emotion import EMOTIONS, emotion_named  # noqa: E402
from soundit_edge.music.ensemble import Ensemble  # noqa: E402
from soundit_edge.music.mix.open_synth import open_synth  # noqa: E402

CACHE: Final = ROOT / ".cache" / "ears"
JUDGES: Final = ("vibenet", "musicnn", "essentia")
REAL: Final = 14
"""Real tracks beside the pieces."""


def arguments(given: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=8, help="pieces of each mood, of seeds 1 and on (default: 8)")
    parser.add_argument("--moods", default=",".join(map(str, EMOTIONS)), help="which, separated by commas")
    parser.add_argument("--palette", choices=[str(e) for e in Ensemble], help="default: as the seed has it")
    parser.add_argument("--judges", default=",".join(JUDGES), help='who is asked, separated by commas, or ""')
    parser.add_argument("--real", type=int, default=REAL, help=f"real tracks (default: {REAL})")
    parser.add_argument("--jobs", type=int, default=1, help="pieces that are composed at a time")
    parser.add_argument("--folder", type=Path, default=CACHE / "pieces", help="where the pieces go")
    parser.add_argument("--write", action="store_true", help="write the figures beside the bench")
    options = parser.parse_args(given)
    options.judges = [judge for judge in options.judges.split(",") if judge]
    for judge in options.judges:
        if judge not in JUDGES:
            parser.error(f"there is no judge {judge}; there are {', '.join(JUDGES)}")
    return options


def asked(judge: str, files: list[str]) -> list[dict[str, Any]]:
    """Return what a judge says of each file.

    Raises:
        SystemExit: its environment is not there, or it failed.
    """
    python = CACHE / judge / "bin" / "python"
    if not python.is_file():
        raise SystemExit(f"{python}: there is no such judge yet; run: sh scripts/setup_ears.sh {judge}")
    command = [str(python), str(ROOT / "benches" / "judges" / f"ask_{judge}.py"), *files]
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": ""}
    run = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if run.returncode:
        raise SystemExit(f"{judge} failed:\n{run.stderr[-2000:]}")
    return [json.loads(line) for line in run.stdout.splitlines() if line.startswith("{")]


def main(given: Sequence[str] | None = None) -> None:
    """Compose, ask, measure, and say what was reached."""
    options = arguments(given)
    began = time.monotonic()
    ensemble = None if options.palette is None else Ensemble(options.palette)
    moods = [emotion_named(name) for name in options.moods.split(",")]
    wanted = [(mood, seed) for mood in moods for seed in range(1, options.seeds + 1)]
    composed = composed_all(wanted, ensemble, options.folder, options.jobs)
    real = real_all(tracks(), CACHE / "real", options.real)
    print(f"{len(composed)} pieces, {len(real)} real tracks: {time.monotonic() - began:.0f} s", file=sys.stderr)
    pieces = [{**asdict(piece), "judges": {}} for piece in [*composed, *real]]
    for judge in options.judges:
        for piece, said in zip(pieces, asked(judge, [str(piece["path"]) for piece in pieces]), strict=True):
            piece["judges"][judge] = said
        print(f"{judge} has heard them: {time.monotonic() - began:.0f} s", file=sys.stderr)
    synth = open_synth()
    for piece in pieces:
        piece["path"] = Path(piece["path"]).name
    result = {
        "date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "machine": machine(),
        "synthesiser": synth.name,
        "seconds": PIECE_S,
        "seeds": options.seeds,
        "ensemble": options.palette or "as the seed has it",
        "judges": options.judges,
        "pieces": pieces,
    }
    synth.close()
    reached = goals([piece for piece in pieces if piece["mood"]], options.judges, ears_bus.share())
    result["goals"] = [asdict(goal) for goal in reached]
    text = table(result, reached)
    if options.write:
        write(Path(__file__), text, result)
    print(text)


if __name__ == "__main__":
    main()
