"""Whether pictures of people and rooms are ever taken for faults of a camera, and what looking for faults costs.

    python benches/picture_faults.py [--data ../shared/data]

Every photo, every frame of every clip, and every photo of LFW is judged by itself; of clips the alarms count that last.
"""

from __future__ import annotations

import argparse
import datetime
import itertools
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import numpy.typing as npt

from benches.figures import finish, machine
from soundit_edge.capture.picture_faults import PictureFaults, fault_in

Picture = npt.NDArray[np.uint8]
TIMED = 400
ROUNDS = 5
MAX_MS = 0.2
"""Of a look at one picture, whatever is wrong with it."""


def photos(folder: Path) -> Iterator[Picture]:
    for path in sorted(folder.glob("*.jpg")):
        picture = cv2.imread(str(path))
        assert picture is not None, path
        yield np.ascontiguousarray(picture[:, :, ::-1], np.uint8)


def faces(path: Path) -> Iterator[Picture]:
    with np.load(path) as stored:
        content, offsets = stored["png"], stored["offset"]
    for begin, end in itertools.pairwise(offsets):
        picture = cv2.imdecode(content[begin:end], cv2.IMREAD_COLOR)
        assert picture is not None
        yield np.ascontiguousarray(picture[:, :, ::-1], np.uint8)


def judge(pictures: Iterator[Picture]) -> dict[str, Any]:
    """Count pictures and what is wrong with each by itself."""
    counts = Counter(fault.name if fault else "" for fault in map(fault_in, pictures))
    return {"pictures": counts.total(), "faults": {name: n for name, n in counts.items() if name}, "alarms": 0}


def watch(clips: Path) -> dict[str, Any]:
    """Count the frames of all clips, those at fault by themselves, and the alarms that a watch gives."""
    pictures, alone, alarms = 0, Counter[str](), 0
    for path in sorted(clips.iterdir()):
        faults = PictureFaults()
        with av.open(str(path)) as container:
            rate = float(container.streams.video[0].average_rate or 25)
            for number, frame in enumerate(container.decode(video=0)):
                rgb = np.asarray(frame.to_ndarray(format="rgb24"), np.uint8)
                pictures += 1
                if fault := fault_in(rgb):
                    alone[fault.name] += 1
                alarms += faults.see(rgb, number / rate) is not None
    return {"pictures": pictures, "faults": dict(alone), "alarms": alarms}


def cost_ms(picture: Picture) -> float:
    """Milliseconds of processor time that a look at a picture of 640x480 takes, in the quickest of some rounds."""
    rounds = []
    for _ in range(ROUNDS):
        began = time.process_time()
        for _ in range(TIMED):
            fault_in(picture)
        rounds.append(1000 * (time.process_time() - began) / TIMED)
    return min(rounds)


def costs() -> dict[str, float]:
    noise = np.random.default_rng(0)
    usual = noise.integers(0, 255, (480, 640, 3), np.uint8)
    half, covered = usual.copy(), noise.integers(88, 92, (480, 640, 3), np.uint8)
    half[240:] = 128
    corners = usual.copy()  # looks as if all edges were missing, until it is looked at closely
    for number, row in enumerate((slice(0, 9), slice(-9, None))):
        corners[row, :9], corners[row, -9:] = 127 + number, 129 + number
    looks = {
        "usual": usual,
        "half grey": half,
        "grey corners": corners,
        "covered": covered,
        "black": np.zeros_like(usual),
    }
    return {name: cost_ms(one) for name, one in looks.items()}


def missed(result: dict[str, Any]) -> list[str]:
    """Say which looks cost too much."""
    return [f"{name} {ms:.2f} ms" for name, ms in result["cost_ms"].items() if ms > MAX_MS]


def table(result: dict[str, Any]) -> str:
    rows = []
    for name, one in result["sources"].items():
        alone = ", ".join(f"{count} {fault}" for fault, count in one["faults"].items()) or "-"
        rows.append(f"| {name} | {one['pictures']} | {alone} | {one['alarms']} |")
    cost = ", ".join(f"{name} {ms:.2f} ms" for name, ms in result["cost_ms"].items())
    return "\n".join(
        [
            "# Faults of pictures",
            "",
            f"`benches/picture_faults.py` on {result['machine']}, {result['date']}.",
            "",
            "| pictures of | how many | at fault by themselves | alarms |",
            "|---|---|---|---|",
            *rows,
            "",
            "A fault is an alarm once it has lasted for three seconds; the one black frame begins a clip.",
            f"One look at a picture of 640x480, of which there are two a second, takes: {cost}.",
            f"Wanted: at most {MAX_MS} ms each. Missed: {'; '.join(missed(result)) or 'nothing'}.",
            "",
        ]
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path(__file__).parents[1] / "../shared/data")
    data = parser.parse_args().data
    result = {
        "machine": machine(),
        "date": datetime.date.today().isoformat(),
        "sources": {
            "photos": judge(photos(data / "photos")),
            "clips": watch(data / "clips"),
            "LFW": judge(faces(data / "face/lfw_expressions.npz")),
        },
        "cost_ms": costs(),
    }
    finish(Path(__file__), table(result), result, missed(result))


if __name__ == "__main__":
    main()
