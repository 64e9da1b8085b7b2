"""Record your own gestures or moods from the camera, train on them, and install them as a local model.

    python -m tools.data.record_body record wave=happy --takes 5
    python -m tools.data.record_body record slump=sad --takes 5
    python -m tools.data.record_body record neutral --takes 5
    python -m tools.data.record_body train

A label is NAME, or NAME=EMOTION where it shall count as one of the device's emotions (happy, sad, angry, calm, neutral,
fearful, disgusted, surprised); NAME alone is shown but moves no mood. Record at least two labels, one of them what you
do otherwise (neutral): the network always says one of them. A take is two seconds, 30 frames, after a countdown; only
joints are kept, never pictures. `show` lists what was recorded, `forget LABEL` drops a label's takes; the installed
model is removed by `python -m tools.models.local remove body_own`. Training needs .venv-train, which
`sh scripts/setup_train.sh` makes.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

import numpy as np

from soundit_edge.capture.camera import Camera
from soundit_edge.capture.capture import Capture, Frame
from soundit_edge.capture.clip import Clip
from soundit_edge.clock import WallClock
from soundit_edge.errors import SounditError
from soundit_edge.inference.local import meaning
from soundit_edge.paths import local_models_folder
from soundit_edge.senses.body.classifier import visible
from soundit_edge.senses.body.detector import PoseDetector
from soundit_edge.senses.body.landmarks import PoseLandmarker
from soundit_edge.senses.body.motion import FRAMES, RATE, WINDOW, PoseMoment, PoseTrack, moment_of, root_of
from soundit_edge.senses.body.net import AROUSAL
from soundit_edge.senses.body.tracker import PoseTracker
from tools.command import command, tool_parser
from tools.data.bodies import BodyClip, read, save

ROOT: Final = Path(__file__).resolve().parents[2]
MIN_VISIBLE: Final = 0.3
"""Of the body; a take that shows less is not kept."""


def takes_path() -> Path:
    """Where takes are kept until they are trained on: beside the local models."""
    return local_models_folder().parent / "body_takes.npz"


def takes(
    frames: Iterator[Frame], tracker: PoseTracker, label: str, count: int, countdown: float, say: Callable[[str], None]
) -> Iterator[BodyClip]:
    """Record takes of one person, one after the other.

    Args:
        frames: of an opened source; their own times count.
        tracker: finds and follows the person.
        label: of all of them.
        count: how many takes.
        countdown: seconds before each.
        say: shows one line to the person.

    Raises:
        SounditError: the source ended before all was recorded.
    """
    done = 0
    begin: float | None = None
    said = 0
    moments: list[PoseMoment] = []
    for frame in frames:
        begin = frame.t if begin is None else begin
        left = countdown - (frame.t - begin)
        # The tracker follows during the countdown as well, so that a take begins with a person who was found.
        found = tracker.follow(frame.rgb, frame.t)
        if left > 0:
            if said != (said := int(np.ceil(left))):
                say(f"{label}, take {done + 1} of {count}: {said}")
            continue
        if not moments:
            say(f"{label}, take {done + 1} of {count}: move")
        if found is not None:
            moments.append(moment_of(found.pose, frame.t))
        if left > -WINDOW:
            continue
        clip = take_of(moments, label, done)
        if clip is None:
            say("nobody was seen well enough: once more")
        else:
            yield clip
            done += 1
        if done == count:
            return
        begin, said, moments = frame.t, 0, []
    raise SounditError(f"the source ended after {done} of {count} takes of {label!r}")


def take_of(moments: list[PoseMoment], label: str, number: int) -> BodyClip | None:
    """Return two seconds of moments as a clip of 30 frames; None where too little was seen."""
    track = PoseTrack()
    for moment in moments:
        track.add(moment)
    motion = track.motion() if moments else None
    if motion is None or motion.coverage < 0.7 or visible(motion) < MIN_VISIBLE:
        return None
    times = np.array([m.t for m in moments])
    joints, pixels, visibility = (
        np.stack([getattr(m, name) for m in moments]) for name in ("joints", "pixels", "visibility")
    )
    root = root_of(joints, pixels, visibility)
    joints[..., :2] += (root - root[0])[:, None]
    grid = times[-1] - np.arange(FRAMES - 1, -1, -1) / RATE
    flat = joints.reshape(len(times), -1)
    even = np.stack([np.interp(grid, times, column) for column in flat.T], 1)
    return BodyClip(
        joints=even.reshape(FRAMES, -1, 3).astype(np.float32),
        fps=RATE,
        source="own",
        action="own",
        style="",
        name=f"{label}_{number}",
        emotion=label,
        visibility=motion.visibility,
    )


def record(capture: Capture, label: str, count: int, countdown: float, path: Path) -> int:
    """Record takes, add them to those that are kept, and return how many there are of all labels now.

    Raises:
        SounditError: the source fails or ends early; what was recorded until then is not kept.
    """
    if meaning(label)[0] == AROUSAL:
        raise SounditError(f"{label!r}: this name is taken; choose another label")
    tracker = PoseTracker(PoseDetector(), PoseLandmarker(), most=1)
    with capture as source:
        frames = (item for item in source.items() if isinstance(item, Frame))
        new = list(takes(frames, tracker, label, count, countdown, lambda line: print(line, file=sys.stderr)))
    kept = [*(read(path) if path.is_file() else []), *new]
    path.parent.mkdir(parents=True, exist_ok=True)
    save(path, kept)
    return len(kept)


def train(path: Path, steps: int | None) -> None:
    """Train on the takes in the training environment, which installs the result.

    Raises:
        SounditError: there are no takes or no training environment, or training fails.
    """
    if not path.is_file():
        raise SounditError(f"{path}: no takes yet; record some first")
    python = Path(os.environ.get("SOUNDIT_TRAIN_PYTHON", ROOT / ".venv-train/bin/python"))
    if not python.is_file():
        raise SounditError(
            f"{python}: no training environment; `sh scripts/setup_train.sh` makes one (2 GB, some minutes)"
        )
    training = [str(python), "-m", "tools.train.body", "own", "--data", str(path.resolve())]
    training += ["--steps", str(steps)] if steps is not None else []
    done = subprocess.run(training, check=False, cwd=ROOT)
    if done.returncode != 0:
        raise SounditError("training failed; what is above says why")


def show(path: Path) -> Counter[str]:
    """Return how many takes there are of each label."""
    return Counter(clip.emotion for clip in read(path)) if path.is_file() else Counter()


def forget(path: Path, label: str) -> None:
    """Drop a label's takes.

    Raises:
        SounditError: there are none.
    """
    clips = read(path) if path.is_file() else []
    kept = [clip for clip in clips if clip.emotion != label]
    if len(kept) == len(clips):
        raise SounditError(f"{path}: no takes of {label!r} (there are: {', '.join(show(path)) or 'none'})")
    if kept:
        save(path, kept)
    else:
        path.unlink()


@command
def main(arguments: Sequence[str] | None = None) -> None:
    """Run the tool."""
    parser = tool_parser("tools.data.record_body", __doc__)
    parser.add_argument("--file", type=Path, help="where the takes are kept (default: in the user's data folder)")
    commands = parser.add_subparsers(dest="command", required=True)
    recording = commands.add_parser("record", help="record takes of one label")
    recording.add_argument("label", type=str.lower, help="NAME or NAME=EMOTION, such as wave=happy")
    recording.add_argument("--takes", type=int, default=5)
    recording.add_argument("--countdown", type=float, default=3.0, metavar="SECONDS")
    recording.add_argument("--camera", type=int, default=0, help="number of the camera")
    recording.add_argument("--clip", type=Path, help="a film instead of the camera")
    commands.add_parser("show", help="list the takes")
    commands.add_parser("forget", help="drop the takes of a label").add_argument("label", type=str.lower)
    commands.add_parser("train", help="train on all takes and install").add_argument("--steps", type=int)
    options = parser.parse_args(arguments)
    path = options.file or takes_path()
    if options.command == "record":
        capture: Capture = Clip(options.clip) if options.clip else Camera(options.camera, WallClock().now)
        print(f"{record(capture, options.label, options.takes, options.countdown, path)} takes in {path}")
    elif options.command == "train":
        train(path, options.steps)
    elif options.command == "forget":
        forget(path, options.label)
    for label, count in sorted(show(path).items()):
        print(f"{label}: {count} takes")


if __name__ == "__main__":
    sys.exit(main())
