"""Draw what the senses make of a clip: a voice's log-mel and its reading, the colours of a room, the mood.

python -m tools.plot.senses voice CLIP OUT.png
python -m tools.plot.senses hue CLIP OUT.png
python -m tools.plot.senses mood CLIP OUT.png
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import cv2
import matplotlib

matplotlib.use("Agg")
import numpy as np
import numpy.typing as npt
from matplotlib import pyplot

from soundit_edge.capture.capture import SOUND_RATE, Frame, Sound
from soundit_edge.capture.clip import Clip
from soundit_edge.emotion import EMOTIONS, expected_affect
from soundit_edge.inference.models import ModelSet, default_folder
from soundit_edge.perception.offline import OfflinePerception
from soundit_edge.senses.face.people import People
from soundit_edge.senses.hue import NAMES, TABLE, Box, HueSense, person_below
from soundit_edge.senses.registry import assemble
from soundit_edge.senses.voice.log_mel import BANDS, FRAME, HOP, WINDOW, fill, log_mel
from soundit_edge.senses.voice.sense import VoiceSense
from soundit_edge.senses.voice.vad import active_part
from soundit_edge.settings import SensesSettings
from tools.command import command, tool_parser

COLOURS: Final = dict(
    zip(EMOTIONS, ["#9a9a9a", "#6fbf9b", "#f2c230", "#4a72c8", "#d0402f", "#8a5fb4", "#7c8a2e", "#f08a3c"], strict=True)
)

MAIN_COLOURS: Final = 10


def plot_voice(clip: Path) -> Any:
    """Draw the log-mel picture of a clip's last window that is read, and the probabilities of its emotions."""
    with Clip(clip) as opened:
        blocks = [item.samples for item in opened.items() if isinstance(item, Sound)]
    samples = np.concatenate([np.zeros(0, np.float32), *blocks])
    reading = VoiceSense(ModelSet(default_folder())).read(Sound(0.0, samples))
    figure, (left, right) = pyplot.subplots(1, 2, figsize=(11, 4), width_ratios=(3, 2), layout="constrained")
    picture = log_mel(fill(np.concatenate([active_part(samples[-WINDOW:]), np.zeros(1, np.float32)])))
    seconds = (FRAME + (len(picture) - 1) * HOP) / SOUND_RATE
    shown = left.imshow(20 * picture.T, origin="lower", aspect="auto", cmap="magma", extent=(0, seconds, 0, BANDS))
    figure.colorbar(shown, ax=left, label="dB, relative to the window's mean")
    left.set(title=f"{clip.stem}: what the voice network is shown", xlabel="seconds", ylabel="mel band")
    probabilities = reading.probabilities if reading is not None else [0.0] * len(EMOTIONS)
    right.barh([str(e) for e in EMOTIONS], probabilities, color=[COLOURS[e] for e in EMOTIONS])
    right.invert_yaxis()
    title = "nobody speaks"
    if reading is not None:
        affect = expected_affect(reading.probabilities)
        title = f"valence {affect.valence:+.2f}, arousal {affect.arousal:+.2f}, trust {reading.trust:.2f}"
    right.set(title=title, xlim=(0, 1), xlabel="probability")
    return figure


def plot_hue(clip: Path) -> Any:
    """Draw the map from colour to affect, and the colours of a frame without its people, by their share."""
    figure, (left, right) = pyplot.subplots(1, 2, figsize=(11, 4.2), width_ratios=(1, 1.3), layout="constrained")
    sense = HueSense()
    angles = np.arange(0, 360, 5)
    for saturation in (0.25, 0.5, 0.75, 1.0):
        hsv = np.stack([angles / 2, np.full(len(angles), 255 * saturation), np.full(len(angles), 210)], -1)
        colours = cv2.cvtColor(hsv[None].astype(np.uint8), cv2.COLOR_HSV2RGB)[0]
        readings = [sense.read(Frame(0.0, np.full((9, 16, 3), colour, np.uint8))) for colour in colours]
        places = [expected_affect(r.probabilities) for r in readings if r is not None]
        left.scatter([p.valence for p in places], [p.arousal for p in places], c=colours / 255, s=30)
    for row, (colour, name) in enumerate(zip(TABLE, NAMES, strict=True)):
        reading = sense.read(Frame(0.0, np.full((9, 16, 3), colour, np.uint8)))
        assert reading is not None
        place = expected_affect(reading.probabilities)
        # Three of the five lie near each other: their names go to a column beside the points.
        arrow = {"arrowstyle": "-", "color": "grey"}
        text = f"{name}: {reading.emotion}"
        left.annotate(text, (place.valence, place.arousal), (0.42, 0.5 - 0.09 * row), fontsize=9, arrowprops=arrow)
    left.set(
        title="where walls of one colour lie", xlabel="valence", ylabel="arousal", xlim=(-0.6, 0.9), ylim=(-0.3, 0.6)
    )
    with Clip(clip) as opened:
        frames = [item for item in opened.items() if isinstance(item, Frame)]
    frame = frames[len(frames) // 2]
    seen = People()
    seen.faces(frame)
    people: list[Box] = [person_below(box) for box in seen.boxes(frame.t) or []]
    reading = HueSense(lambda t: people).read(frame)
    height, width = frame.rgb.shape[:2]
    kept = np.ones((height, width), bool)
    for box in people:
        x0, y0, x1, y1 = (max(0, round(v * side)) for v, side in zip(box, (width, height, width, height), strict=True))
        kept[y0:y1, x0:x1] = False
    right.imshow(np.where(kept[..., None], _by_share(frame.rgb[kept], height, width), np.uint8(30)))
    right.set_axis_off()
    title = "nothing but people" if reading is None else f"{reading.emotion}, mostly {reading.detail['colour']}"
    trust = 0.0 if reading is None else reading.trust
    right.set_title(f"{clip.stem} without its people: {title}, trust {trust:.2f}")
    return figure


def _by_share(pixels: npt.NDArray[np.uint8], height: int, width: int) -> npt.NDArray[np.uint8]:
    """Return the main colours of some pixels [n, 3] as bands over a picture of that size, each as wide as its share.

    Not the frame: whoever made and played the film did not ask to stand in these pages.
    """
    cv2.setRNGSeed(1)
    stop = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 30, 0.5)
    labels = np.zeros((len(pixels), 1), np.int32)
    _, which, colours = cv2.kmeans(pixels.astype(np.float32), MAIN_COLOURS, labels, stop, 2, cv2.KMEANS_PP_CENTERS)
    counts = np.bincount(which.ravel(), minlength=MAIN_COLOURS)
    order = np.argsort(-counts)
    row = np.repeat(order, np.diff(np.rint(np.cumsum([0, *counts[order]]) * width / counts.sum()).astype(int)))
    return np.asarray(np.broadcast_to(colours[row].astype(np.uint8), (height, width, 3)), np.uint8)


def plot_mood(clip: Path) -> Any:
    """Draw the probabilities of a clip's mood over time, and each sense's own likeliest emotion and trust."""
    reader = OfflinePerception(assemble(SensesSettings(), ModelSet(default_folder())))
    with Clip(clip, max_fps=25.0) as opened:
        moods = list(reader.moods(opened, every=0.2))
    times = [mood.t for mood in moods]
    senses = sorted({name for mood in moods for name in mood.senses})
    figure, (top, bottom) = pyplot.subplots(
        2, 1, figsize=(11, 5), height_ratios=(3, 1), sharex=True, layout="constrained"
    )
    shares = np.array([mood.probabilities for mood in moods]).T
    top.stackplot(times, shares, labels=[str(e) for e in EMOTIONS], colors=[COLOURS[e] for e in EMOTIONS])
    top.set(title=f"{clip.stem}: the mood", ylabel="probability", ylim=(0, 1))
    top.legend(loc="center left", bbox_to_anchor=(1, 0.5))
    for row, name in enumerate(senses):
        seen = [(mood.t, mood.senses[name]) for mood in moods if name in mood.senses]
        colours, sizes = [COLOURS[r.emotion] for _, r in seen], [8 + 120 * r.trust for _, r in seen]
        bottom.scatter([t for t, _ in seen], [row] * len(seen), c=colours, s=sizes)
    bottom.set(yticks=range(len(senses)), yticklabels=senses, xlabel="seconds", ylim=(-0.6, len(senses) - 0.4))
    bottom.set_title("each sense's likeliest emotion; the larger the dot, the more it counts", fontsize=10)
    return figure


PLOTS: Final = {"voice": plot_voice, "hue": plot_hue, "mood": plot_mood}


@command
def main(arguments: Sequence[str] | None = None) -> None:
    """Run the tool."""
    parser = tool_parser("tools.plot.senses", __doc__)
    parser.add_argument("what", choices=PLOTS)
    parser.add_argument("clip", type=Path)
    parser.add_argument("out", type=Path)
    options = parser.parse_args(arguments)
    figure = PLOTS[options.what](options.clip)
    figure.savefig(options.out, dpi=100)


if __name__ == "__main__":
    sys.exit(main())
