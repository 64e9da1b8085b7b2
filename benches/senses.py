"""What the senses cost on this machine: each model, and all senses together on a film of one face that speaks.

    python benches/senses.py [--clip FILE …]      (or: make bench-senses)

The film is made of the clips, scaled to 640x480, one after the other; frames and sound reach the senses as the device
would give them, each sense at its own rate. CPU is processor time within the senses, without decoding and scaling;
memory is that of a process with nothing but the senses and the decoder. Writes benches/senses.json and senses.md.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import platform
import resource
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
import psutil

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benches.sense_models import measure_apart
from soundit_edge.capture.capture import Capture, Frame, Sound
from soundit_edge.capture.clip import Clip
from soundit_edge.emotion import Reading
from soundit_edge.inference.models import ModelSet, default_folder, mediapipe_model
from soundit_edge.perception.offline import OfflinePerception
from soundit_edge.senses.registry import AuditorySense, SenseSet, assemble
from soundit_edge.senses.sense import Sense
from soundit_edge.settings import SensesSettings

ROOT: Final = Path(__file__).resolve().parents[1]
SIZE: Final = (640, 480)
FPS: Final = 30.0
CORE_LIMIT: Final = 1.0
RESIDENT_LIMIT_MB: Final = 350
MEDIAPIPE: Final = (
    "face_detection/face_detection_full_range_sparse",
    "face_landmark/face_landmark",
    "pose_detection/pose_detection",
    "pose_landmark/pose_landmark_full",
)


class Film:
    """Clips one after the other as one film of 640x480, decoded as it is read."""

    name = "film"
    live = False

    def __init__(self, clips: Sequence[Path]) -> None:
        self._clips = clips

    def __enter__(self) -> Capture:
        return self

    def __exit__(self, *exc: object) -> None: ...

    def items(self) -> Iterator[Frame | Sound]:
        """Frames and sound; see `Capture.items`."""
        begin = 0.0
        for path in self._clips:
            end = begin
            with Clip(path, max_fps=FPS) as clip:
                for item in clip.items():
                    item = replace(item, t=begin + item.t)
                    end = max(end, item.end if isinstance(item, Sound) else item.t + 1 / FPS)
                    yield replace(item, picture=_fitted(item.rgb)) if isinstance(item, Frame) else item
            begin = end


def _fitted(rgb: Any) -> Any:
    """A picture scaled up or down into 640x480, with black beside or above it."""
    width, height = SIZE
    scale = min(width / rgb.shape[1], height / rgb.shape[0])
    small = cv2.resize(rgb, None, fx=scale, fy=scale, interpolation=cv2.INTER_LINEAR)
    whole = np.zeros((height, width, 3), np.uint8)
    top, left = (height - small.shape[0]) // 2, (width - small.shape[1]) // 2
    whole[top : top + small.shape[0], left : left + small.shape[1]] = small
    return whole


class Timed:
    """A sense, and the processor time of each of its calls."""

    def __init__(self, sense: Sense[Any]) -> None:
        self.name = sense.name
        self.period = sense.period
        self.seconds: list[float] = []
        self.readings = 0
        self._sense = sense

    def read(self, perceived: Any) -> Reading | None:
        begin = time.process_time()
        reading = self._sense.read(perceived)
        self.seconds.append(time.process_time() - begin)
        self.readings += reading is not None
        return reading


def chain(clips: Sequence[Path]) -> dict[str, Any]:
    """All senses on the film; to be called in a fresh process."""
    bare = psutil.Process().memory_info().rss
    whole = assemble(SensesSettings(), ModelSet(default_folder()))
    seeing = [Timed(sense) for sense in whole.visual]
    hearing = [(Timed(h.sense), h.window) for h in whole.auditory]
    reader = OfflinePerception(
        SenseSet(tuple(seeing), tuple(AuditorySense(sense, window) for sense, window in hearing))
    )
    for _ in reader.moods(Film(clips)):
        pass
    senses = [*seeing, *(sense for sense, _ in hearing)]
    return {
        "film_s": reader.end,
        "resident_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000,
        "bare_mb": bare / 1e6,
        "senses": {
            sense.name: {
                "asked_per_s": len(sense.seconds) / reader.end,
                "readings_per_s": sense.readings / reader.end,
                "median_ms": 1000 * float(np.median(sense.seconds)) if sense.seconds else 0.0,
                "p95_ms": 1000 * float(np.percentile(sense.seconds, 95)) if sense.seconds else 0.0,
                "core_share": sum(sense.seconds) / reader.end,
            }
            for sense in senses
        },
        "core_share": sum(sum(sense.seconds) for sense in senses) / reader.end,
    }


def table(result: dict[str, Any]) -> str:
    """The figures for people."""
    whole = result["chain"]
    where = f"{result['machine']}, {result['date']}, load at the start {result['load']:.1f}"
    rows = [
        "# What the senses cost",
        "",
        f"`make bench-senses` on {where}. One thread everywhere.",
        "",
        "| model | file kB | arena kB | resident kB | ms a call, median | best |",
        "|---|---|---|---|---|---|",
        *(
            f"| {name} | {m['file_kb']:.0f} | {m['arena_kb']:.0f} | {m['resident_kb']:.0f} "
            f"| {m['median_ms']:.2f} | {m['best_ms']:.2f} |"
            for name, m in result["models"].items()
        ),
        "",
        "Arena: the most bytes of activations alive at once, computed from the file. Resident: what loading the model",
        "and calling it a few times added to a process in which the runtime was there.",
        "",
        f"## All senses on a film of 640x480 with one face, {whole['film_s']:.0f} s",
        "",
        "| sense | frames or windows a second | readings a second | ms each, median | 95 % | share of a core |",
        "|---|---|---|---|---|---|",
        *(
            f"| {name} | {s['asked_per_s']:.1f} | {s['readings_per_s']:.1f} | {s['median_ms']:.1f} "
            f"| {s['p95_ms']:.1f} | {100 * s['core_share']:.1f} % |"
            for name, s in whole["senses"].items()
        ),
        "",
        "| | reached | asked for |",
        "|---|---|---|",
        f"| all senses, share of a core | {100 * whole['core_share']:.0f} % | < {100 * CORE_LIMIT:.0f} % |",
        f"| resident memory, senses and decoder | {whole['resident_mb']:.0f} MB | < {RESIDENT_LIMIT_MB} MB |",
        f"| of it before a sense was loaded | {whole['bare_mb']:.0f} MB |  |",
        "",
        f"Senses that were on: {', '.join(whole['senses'])}.",
        "",
    ]
    return "\n".join(rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    default = sorted((ROOT / "../shared/data/clips").glob("*.mpg"))
    parser.add_argument("--clip", type=Path, nargs="+", default=default, help="films of one speaking person")
    parser.add_argument("--chain", action="store_true", help="only the senses, here, as JSON (used by this program)")
    options = parser.parse_args()
    if not options.clip or not all(clip.is_file() for clip in options.clip):
        parser.error("no clips; name some with --clip")
    if options.chain:
        print(json.dumps(chain(options.clip)))
        return
    machine = f"{os.cpu_count()}-core {platform.machine()}, Python {platform.python_version()}"
    result: dict[str, Any] = {"date": datetime.date.today().isoformat(), "machine": machine, "load": os.getloadavg()[0]}
    print("all senses …", file=sys.stderr, flush=True)
    command = [sys.executable, __file__, "--chain", "--clip", *map(str, options.clip)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, cwd=ROOT)
    result["chain"] = json.loads(done.stdout.splitlines()[-1])
    models = ModelSet(default_folder())
    paths = {name: models.folder / entry.file for name, entry in models.manifest.models.items()}
    paths |= {f"MediaPipe {name.split('/')[1]}": mediapipe_model(name) for name in MEDIAPIPE}
    result["models"] = {}
    for name, path in paths.items():
        print(f"{name} …", file=sys.stderr, flush=True)
        result["models"][name] = measure_apart(path)
    (ROOT / "benches/senses.json").write_text(json.dumps(result, indent=1) + "\n")
    (ROOT / "benches/senses.md").write_text(table(result))
    print(table(result))


if __name__ == "__main__":
    main()
