"""A run of the device on a clip as a picture: the mood that was read, what the music did, and the music's spectrogram.

python benches/demo_run.py [--clip FILE] [--seconds 20] [-o docs/pictures/first_light.png]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import httpx
import matplotlib as mpl

mpl.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
import soundfile

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.device import RunningDevice  # noqa: E402


def record(clip: Path, seconds: float, folder: Path) -> tuple[list[dict[str, Any]], Path]:
    """Run the device on a clip; what the page was told five times a second, and the music."""
    told = []
    with RunningDevice(folder, "--clip", clip, "--speaker", "file:out.wav", "--for", str(seconds)) as device:
        device.wait_for_page()
        while device.process.poll() is None:
            try:
                told.append(device.status())
            except httpx.HTTPError:  # it has just ended
                break
            time.sleep(0.2)
        device.process.wait()
    return told, folder / "out.wav"


def draw(told: list[dict[str, Any]], music: Path, title: str, out: Path) -> None:
    """The picture: mood, tempo and key, brightness, spectrogram, over the same seconds."""
    samples, rate = soundfile.read(music)
    begin = told[0]["t"]
    t = np.array([s["t"] - begin for s in told])
    figure, axes = plt.subplots(4, 1, figsize=(11, 10), sharex=True, layout="constrained")
    figure.suptitle(title)
    for name in ("valence", "arousal", "confidence"):
        axes[0].plot(t, [s["mood"][name] for s in told], label=name)
    previous = None
    for moment, status in zip(t, told, strict=True):
        if status["mood"]["emotion"] != previous:
            previous = status["mood"]["emotion"]
            axes[0].annotate(previous, (moment, 0.92), fontsize=9)
            axes[0].axvline(moment, color="0.8", lw=0.8)
    axes[0].set(ylim=(-1, 1.05), ylabel="mood")
    axes[0].legend(loc="lower right", ncols=3, fontsize=8)
    axes[1].plot(t, [100 * s["music"]["tempo"] for s in told], label="tempo, % of the theme's")
    axes[1].set(ylabel="tempo (%)")
    key = axes[1].twinx()
    key.step(t, [s["music"]["semitones"] for s in told], color="C1", where="post")
    key.set(ylabel="key (semitones)", ylim=(-3, 3))
    key.yaxis.label.set_color("C1")
    axes[2].semilogy(t, [s["music"]["cutoff_hz"] for s in told], color="C2")
    axes[2].set(ylabel="low-pass (Hz)")
    space = axes[2].twinx()
    space.plot(t, [s["music"]["wet"] for s in told], color="C3")
    space.set(ylabel="reverb (share)", ylim=(0, 0.35))
    space.yaxis.label.set_color("C3")
    axes[3].specgram(samples.mean(1), NFFT=4096, Fs=rate, noverlap=3072, vmin=-140, cmap="magma")
    axes[3].set(ylim=(0, 6000), ylabel="heard (Hz)", xlabel="seconds")
    out.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(out, dpi=110)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clip", type=Path, default=ROOT / "../shared/data/clips/dinner.mp4")
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("-o", "--out", type=Path, default=ROOT / "docs/pictures/first_light.png")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        told, music = record(arguments.clip.resolve(), arguments.seconds, Path(name))
        draw(told, music, f"soundit run --clip {arguments.clip.name}", arguments.out)
    print(arguments.out)


if __name__ == "__main__":
    main()
