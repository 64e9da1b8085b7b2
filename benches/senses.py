"""What the senses cost on this machine: each model, all senses together, and what a CPU-second of them buys.

    python benches/senses.py [--clip FILE …] [--before DIR] [--json]      (or: make bench-senses)

The film is made of the clips, scaled to 640x480, one after the other; frames and sound reach the senses as the device
would give them, each sense at its own rate. CPU is processor time within the senses, without decoding and scaling;
memory is that of a process with nothing but the senses and the decoder.

Peers: readings per CPU-second of all five senses on the film's beginning, beside the chains of two reference designs on
the same frames (`senses_peers.py` says what counts as a reading): MediaPipe Holistic with VGG16's convolutions, and a
Haar cascade with mini-Xception.

With --before, a checkout with its own .venv: the CPU of all senses on several faces, of that tree and of this one.

Writes benches/senses.json and senses.md. With --json the last line is
{"ours", "chain_a", "chain_b": readings per CPU-second, "over_a", "over_b": ours over theirs}.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benches.figures import machine, write  # noqa: E402
from benches.sense_models import measure_apart  # noqa: E402
from benches.senses_before import before_and_after  # noqa: E402
from benches.senses_chain import chain  # noqa: E402
from benches.senses_peers import compare, ratios  # noqa: E402
from benches.senses_table import table  # noqa: E402
from soundit_edge.bench.latency import model_files  # noqa: E402

CLIPS: Final = ROOT / "../shared/data/clips"
PEER_S: Final = 6.0
"""Seconds of film for the comparison: the first reference takes about half a CPU-second for a frame."""


def measure_models() -> dict[str, Any]:
    """Return the figures of each model, measured in a process of its own."""
    found = {}
    for name, path in model_files().items():
        print(f"{name} …", file=sys.stderr, flush=True)
        found[name] = measure_apart(path)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    default = sorted(CLIPS.glob("*.mpg"))
    parser.add_argument("--clip", type=Path, nargs="+", default=default, help="films of one speaking person")
    parser.add_argument("--before", type=Path, help="a checkout from before a change, with its own .venv")
    parser.add_argument(
        "--faces", type=Path, default=CLIPS / "dinner.mp4", help="a film of several faces, for --before"
    )
    parser.add_argument("--rounds", type=int, default=3, help="of the old and the new tree, for --before")
    parser.add_argument("--only", choices=["models", "chain", "peers", "before"], help="keep the other figures")
    parser.add_argument("--peer-seconds", type=float, default=PEER_S, help="of the film, for the peers")
    parser.add_argument("--json", action="store_true", help="end with the peers' figures in one line")
    parser.add_argument("--chain", action="store_true", help="only the senses, here, as JSON (used by this program)")
    options = parser.parse_args()
    clips = [clip.resolve() for clip in options.clip]
    if not clips or not all(clip.is_file() for clip in clips):
        parser.error("no clips; name some with --clip")
    if options.chain:
        print(json.dumps(chain(clips)))
        return
    if options.before is not None and not (options.before / ".venv/bin/python").is_file():
        parser.error(f"{options.before}: no checkout with a .venv")
    file = Path(__file__).with_suffix(".json")
    result: dict[str, Any] = json.loads(file.read_text()) if file.is_file() else {}
    today = {"date": datetime.date.today().isoformat(), "machine": machine(), "load": os.getloadavg()[0]}

    def wanted(part: str) -> bool:
        return options.only in (None, part)

    if wanted("chain"):
        print("all senses …", file=sys.stderr, flush=True)
        command = [sys.executable, __file__, "--chain", "--clip", *map(str, clips)]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, cwd=ROOT)
        result["chain"] = {**today, **json.loads(done.stdout.splitlines()[-1])}
    if wanted("peers"):
        result["peers"] = {**today, "seconds": options.peer_seconds, "chains": compare(clips, options.peer_seconds)}
    if wanted("before") and options.before is not None:
        found = before_and_after(options.before.resolve(), [options.faces.resolve()], options.rounds)
        result["before_and_after"] = {**today, **found}
    if wanted("models"):
        result["models"] = {**today, "files": measure_models()}
    result = {k: result[k] for k in ("chain", "peers", "before_and_after", "models") if k in result}
    write(Path(__file__), table(result), result)
    print(table(result))
    if options.json and "peers" in result:
        figures = ratios(result["peers"]["chains"])
        print(json.dumps({name: round(value, 2) for name, value in figures.items()}))


if __name__ == "__main__":
    main()
