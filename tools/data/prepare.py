"""Turn films into what the senses learn from: frames, faces and mouths of everybody in view, and 16 kHz sound.

    python -m tools.data.prepare FILM [FILM …] -o FOLDER

For each film FOLDER/NAME gets frames/000012.jpg, faces/1/000012.png (48x48, grey, aligned as the expression net is
shown them), mouths/1/000012.png (grey, upright, at the lip reader's scale, with a margin for a training that shifts and
turns it) and sound.wav (mono). Folders are numbered by the person: who stays in view keeps the number. film.json says
what was found, and each frame's second. A film's folder appears when it is whole; start the same command again after
an interruption, and films that are done are not done again.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
import numpy.typing as npt
import soundfile
from rich.progress import Progress, TaskID

from soundit_edge.capture.capture import SOUND_RATE, Frame, Sound
from soundit_edge.capture.clip import Clip
from soundit_edge.console import progress_bar
from soundit_edge.errors import SounditError
from soundit_edge.senses.face.crops import aligned_crop, placement
from soundit_edge.senses.face.detector import FaceDetector
from soundit_edge.senses.face.mesh import FaceMesh
from soundit_edge.senses.face.tracker import FaceTracker
from soundit_edge.senses.lips.crops import Mouth, crop, mouth_of, smoothed
from tools.command import command, tool_parser

FACT_FILE: Final = "film.json"
MOUTH_MARGIN: Final = 12
"""Pixels of the mouth crop on each side."""
LONGEST_GAP: Final = 60.0
"""Seconds of missing sound that are filled with silence; more is a broken clock."""


class Preparation:
    """Writes what is found in one film into a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._tracker = FaceTracker(FaceDetector(), FaceMesh())
        self._mouths: dict[int, tuple[Mouth, float]] = {}
        self._sound: soundfile.SoundFile | None = None
        self._times: list[float] = []
        self.faces: Counter[int] = Counter()
        (folder / "frames").mkdir(parents=True)

    def add_frame(self, frame: Frame) -> None:
        """Write a frame, and the face and mouth of everybody in it."""
        name = f"{len(self._times):06d}"
        self._times.append(round(frame.t, 3))
        _write(self._folder / "frames" / f"{name}.jpg", np.ascontiguousarray(frame.rgb[:, :, ::-1]))
        faces = self._tracker.follow(frame.rgb, frame.t)
        for face in faces:
            person = str(face.number)
            self.faces[face.number] += 1
            last, then = self._mouths.get(face.number, (None, frame.t))
            mouth = smoothed(last, mouth_of(face.found), frame.t - then)
            self._mouths[face.number] = mouth, frame.t
            _write(self._folder / "faces" / person / f"{name}.png", aligned_crop(frame.rgb, placement(face.found)))
            _write(self._folder / "mouths" / person / f"{name}.png", crop(frame.rgb, mouth, margin=MOUTH_MARGIN))

    def add_sound(self, sound: Sound) -> None:
        """Write a stretch of sound at its time; what is missing before it is silence.

        Raises:
            SounditError: too much is missing.
        """
        if self._sound is None:
            self._sound = soundfile.SoundFile(self._folder / "sound.wav", "w", SOUND_RATE, 1, "PCM_16")
        missing = round(sound.t * SOUND_RATE) - self._sound.frames
        if missing > LONGEST_GAP * SOUND_RATE:
            raise SounditError(f"the sound has a gap of {missing / SOUND_RATE:.0f} s before second {sound.t:.0f}")
        if missing > SOUND_RATE // 10:
            self._sound.write(np.zeros(missing, np.float32))
        self._sound.write(sound.samples.clip(-1, 1))

    def finish(self, facts: dict[str, Any]) -> None:
        """Close the sound and write the facts."""
        found = {
            "frames": len(self._times),
            "faces": {str(number): count for number, count in sorted(self.faces.items())},
            "sound_s": round(self._sound.frames / SOUND_RATE, 3) if self._sound is not None else 0.0,
            "times": self._times,
        }
        self.close()
        (self._folder / FACT_FILE).write_text(json.dumps({**facts, **found}, indent=1) + "\n")

    def close(self) -> None:
        """Close the sound."""
        if self._sound is not None:
            self._sound.close()


def _write(path: Path, picture: npt.NDArray[np.uint8]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if not cv2.imwrite(str(path), picture):
        raise SounditError(f"{path}: cannot be written")


def prepare(film: Path, folder: Path, fps: float, progress: Callable[[float, float | None], object]) -> bool:
    """Prepare one film into a folder of its own, whole or not at all, and return False where that was done before.

    Args:
        film: any file with a picture that FFmpeg's libraries decode.
        folder: gets a folder of the film's name without its ending.
        fps: frames a second at most.
        progress: called with the seconds that are done and how many there are.

    Raises:
        SounditError: the film cannot be read, has no picture, or its folder holds something else.
    """
    whole = folder / film.stem
    try:
        facts: dict[str, Any] = {"film": film.name, "bytes": film.stat().st_size, "fps": fps}
        if whole.exists():
            before = json.loads((whole / FACT_FILE).read_text()) if (whole / FACT_FILE).is_file() else {}
            if {key: before.get(key) for key in facts} == facts:
                return False
            raise SounditError(f"{whole}: holds another film or other options; remove it, or choose another -o")
        unfinished = folder / f".{film.stem}.partial"
        shutil.rmtree(unfinished, ignore_errors=True)
        preparation = Preparation(unfinished)
        try:
            with Clip(film, max_fps=fps) as clip:
                if not clip.has_picture:
                    raise SounditError(f"{film}: a sound without a picture; nothing to prepare")
                for item in clip.items():
                    if isinstance(item, Frame):
                        preparation.add_frame(item)
                    else:
                        preparation.add_sound(item)
                    progress(item.t, clip.duration)
            preparation.finish(facts)
            unfinished.rename(whole)
        finally:
            preparation.close()
            shutil.rmtree(unfinished, ignore_errors=True)
    except OSError as error:
        raise SounditError(f"{film}: {error.filename or folder}: {error.strerror}") from error
    return True


def _show(bars: Progress, bar: TaskID, seconds: float, of: float | None) -> None:
    bars.update(bar, completed=seconds, total=of)


@command
def main(arguments: Sequence[str] | None = None) -> int:
    """Run the tool."""
    parser = tool_parser("tools.data.prepare", __doc__)
    parser.add_argument("films", nargs="+", type=Path, metavar="FILM")
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="FOLDER")
    parser.add_argument(
        "--fps", type=float, default=25.0, help="frames a second at most (default 25, the lip reader's)"
    )
    options = parser.parse_args(arguments)
    failed = 0
    with progress_bar() as bars:
        for film in options.films:
            bar = bars.add_task(film.name, total=None)
            shown = partial(_show, bars, bar)
            try:
                new = prepare(film, options.output, options.fps, shown)
            except SounditError as error:
                print(error, file=sys.stderr)
                failed += 1
                continue
            finally:
                bars.remove_task(bar)
            if not new:
                print(f"{options.output / film.stem}: done before")
                continue
            facts = json.loads((options.output / film.stem / FACT_FILE).read_text())
            print(
                f"{options.output / film.stem}: {facts['frames']} frames, {len(facts['faces'])} faces followed, "
                f"{facts['sound_s']:.1f} s of sound"
            )
    return 2 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
