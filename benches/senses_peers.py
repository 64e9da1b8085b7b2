"""What a CPU-second buys: readings of our senses, beside the chains of two reference designs, on the same film.

    python benches/senses_peers.py CHAIN FILM.npy       prints one JSON object (used by senses.py)

Chains:
    ours      all five senses, each at the rate at which the device runs it: face and body 10 times a second, the lips
              at each frame, colours and voice once or twice a second. Every reading of a sense counts as one.
    face      our sense of faces alone, for the cost of a reading of faces.
    a         MediaPipe Holistic (its own graph and threads, float) on every frame, and VGG16's convolutions (float,
              224x224, one layer on top) on the crop of the face. Two readings a frame: a face, and a body where
              Holistic finds a pose; the body counts though no net makes an emotion of it.
    a_small   the same with crops of 48x48, the size of FER2013's pictures: 1/22 of the arithmetic.
    b         OpenCV's Haar cascade on every frame (scale 1.3, 5 neighbours), and mini-Xception (float, 64x64, grey)
              on the largest face. One reading for each frame with a face.

The nets of a and b have random weights of the published shapes. They run on our runtime with one thread, as ours do:
the frameworks that their users have are slower. Counted is the processor time of the whole process from the first frame
to the last, with the models loaded before; decoding was done before, too, and the time that it takes to fetch the
pictures is subtracted. Each chain runs in a fresh process.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np

ROOT: Final = Path(__file__).resolve().parents[1]
CASCADES: Final = Path(cv2.__file__).parent / "data"
sys.path.insert(0, str(ROOT))

from benches.senses_film import DecodedFilm, decode  # noqa: E402
from benches.senses_nets import Net, mini_xception, vgg16  # noqa: E402
from soundit_edge.capture.capture import Frame, Sound  # noqa: E402
from soundit_edge.inference.interpreter import Model  # noqa: E402
from soundit_edge.inference.models import ModelSet, default_folder  # noqa: E402
from soundit_edge.modalities import MODALITIES  # noqa: E402
from soundit_edge.perception.offline import perceivers_of  # noqa: E402
from soundit_edge.senses.registry import assemble  # noqa: E402
from soundit_edge.settings import SensesSettings  # noqa: E402

Chain = Callable[[Frame | Sound], Iterable[str]]
"""Takes the items of a film one after the other, and returns the names of what it read."""


def our_senses(names: Iterable[str]) -> Chain:
    """Return the chain of some of our senses, each at its own rate."""
    switches = {name: name in names for name in MODALITIES}
    perceivers = perceivers_of(assemble(SensesSettings(**switches), ModelSet(default_folder())))

    def read(item: Frame | Sound) -> Iterable[str]:
        return [reading.sense for perceive in perceivers if (reading := perceive(item)) is not None]

    return read


def holistic_and_vgg16(size: int) -> Chain:
    """Return the chain of the first reference design.

    Args:
        size: height and width of the net's input.
    """
    import mediapipe

    holistic = mediapipe.solutions.holistic.Holistic()
    net = _loaded(vgg16(size))

    def read(item: Frame | Sound) -> Iterable[str]:
        if isinstance(item, Sound):
            return []
        found = holistic.process(item.rgb)
        readings = ["body"] if found.pose_landmarks is not None else []
        if found.face_landmarks is not None:
            points = np.array([(p.x, p.y) for p in found.face_landmarks.landmark]) * item.rgb.shape[1::-1]
            face = _crop(item.rgb, (*points.min(axis=0), *points.max(axis=0)), size)
            net.run(face[None].astype(np.float32) / 255)
            readings.append("face")
        return readings

    return read


def haar_and_mini_xception() -> Chain:
    """Return the chain of the second reference design."""
    cv2.setNumThreads(1)
    cascade = cv2.CascadeClassifier(str(CASCADES / "haarcascade_frontalface_default.xml"))
    net = _loaded(mini_xception())

    def read(item: Frame | Sound) -> Iterable[str]:
        if isinstance(item, Sound):
            return []
        grey = cv2.cvtColor(item.rgb, cv2.COLOR_RGB2GRAY)
        boxes = cascade.detectMultiScale(grey, 1.3, 5)
        if not len(boxes):
            return []
        left, top, width, height = max(boxes, key=lambda box: box[2] * box[3])
        face = _crop(grey, (left, top, left + width, top + height), 64)
        net.run(face[None, ..., None].astype(np.float32) / 127.5 - 1)
        return ["face"]

    return read


CHAINS: Final[dict[str, Callable[[], Chain]]] = {
    "ours": lambda: our_senses(MODALITIES),
    "face": lambda: our_senses(["face"]),
    "a": lambda: holistic_and_vgg16(224),
    "a_small": lambda: holistic_and_vgg16(48),
    "b": haar_and_mini_xception,
}


def measure(name: str, film: DecodedFilm) -> dict[str, Any]:
    """Return the readings of a chain on a film and the CPU-seconds that they took; to be called in a fresh process."""
    fetching, _ = _run(lambda item: [], film)
    whole, readings = _run(CHAINS[name](), film)
    return {"cpu_s": whole - fetching, "readings": readings}


def compare(clips: Sequence[Path], seconds: float) -> dict[str, dict[str, Any]]:
    """Run each chain in a process of its own on the same frames, and return its figures by its name.

    Args:
        clips: one after the other.
        seconds: how much of them.
    """
    figures: dict[str, dict[str, Any]] = {}
    with tempfile.TemporaryDirectory(prefix="soundit-film") as folder:
        path = Path(folder) / "film.npy"
        decode(clips, seconds, path)
        for name in CHAINS:
            print(f"chain {name} …", file=sys.stderr, flush=True)
            done = subprocess.run([sys.executable, __file__, name, str(path)], capture_output=True, text=True, cwd=ROOT)
            if done.returncode:
                raise SystemExit(f"chain {name}: {done.stderr}")
            found = json.loads(done.stdout.splitlines()[-1])
            figures[name] = {
                **found,
                "readings_per_cpu_s": sum(found["readings"].values()) / found["cpu_s"],
                "cpu_ms_per_face": 1000 * found["cpu_s"] / max(1, found["readings"].get("face", 0)),
            }
    return figures


def ratios(figures: dict[str, dict[str, Any]]) -> dict[str, float]:
    """Return what `senses.py --json` ends with: readings per CPU-second, and ours over theirs."""
    ours, a, b = (figures[name]["readings_per_cpu_s"] for name in ("ours", "a", "b"))
    return {"ours": ours, "chain_a": a, "chain_b": b, "over_a": ours / a, "over_b": ours / b}


def _run(chain: Chain, film: DecodedFilm) -> tuple[float, Counter[str]]:
    readings: Counter[str] = Counter()
    begin = time.process_time()
    for item in film.items():
        readings.update(chain(item))
    return time.process_time() - begin, readings


def _loaded(net: Net) -> Model:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "net.tflite"
        net.write(path)
        return Model(path)


def _crop(picture: Any, box: Sequence[float], size: int) -> Any:
    """Return a box (left, top, right, bottom) of a picture, as far as it lies in it, scaled to a square."""
    left, top, right, bottom = box
    height, width = picture.shape[:2]
    left, right = (int(np.clip(x, 0, width)) for x in (left, max(left + 1, right)))
    top, bottom = (int(np.clip(y, 0, height)) for y in (top, max(top + 1, bottom)))
    return cv2.resize(picture[top:bottom, left:right], (size, size))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("chain", choices=CHAINS)
    parser.add_argument("film", type=Path, help="a film that `decode` wrote")
    options = parser.parse_args()
    print(json.dumps(measure(options.chain, DecodedFilm(options.film))))


if __name__ == "__main__":
    main()
