"""What scoring a film costs, and whether a long one stays in sync.

    python benches/film_cost.py --film ../shared/data/clips/dinner.mp4
    python benches/film_cost.py --hours 2

The first scores a film with every sense that there is, from nothing, as a user would: wall and processor time beside
the film's length, and the largest resident set. The second builds a film of hours by writing the packets of a short one
over and over, scores it with --keep-dialogue, and looks where clicks of the original sound and frames of the picture
are in what comes out. There only the senses named by --senses read (hue and voice unless said otherwise): all five take
nearly as long as the film lasts, and what they hold in memory the first measurement shows.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import av
import numpy as np
import numpy.typing as npt
from scipy.signal import butter, sosfilt

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from soundit_edge.emotion import Emotion  # noqa: E402
from soundit_edge.modalities import MODALITIES  # noqa: E402
from tests.device import SOUNDIT, environment  # noqa: E402
from tests.film.films import RATE, Making  # noqa: E402

SENSES: Final = tuple(MODALITIES)
THINNED: Final = ("hue", "voice")
BASE_S: Final = 64.0
"""Seconds of the film that a long one is built from: whole frames of the picture and of AAC (1024 samples)."""
MOMENTS: Final = (5.0, 21.0, 37.0, 53.0)
"""Where it clicks."""
CLICK_S: Final = 0.02
NEAR_S: Final = 0.1
LIMITS: Final = {"times_real_time": 1.0, "rss_mb": 600.0, "sync_ms": 10.0}
_SHOTS: Final = ((14.0, Emotion.HAPPY), (18.0, Emotion.SAD), (15.0, Emotion.CALM), (17.0, Emotion.ANGRY))

Sound = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Cost:
    """What one run cost.

    Attributes:
        film_s: the film's length.
        wall_s, cpu_s: what it took; user and system time of the process together.
        rss_mb: the largest resident set.
        said: what it printed.
    """

    film_s: float
    wall_s: float
    cpu_s: float
    rss_mb: float
    said: str

    @property
    def times_real_time(self) -> float:
        """Processor time beside the film's length: below 1 is faster than real time on one core."""
        return self.cpu_s / self.film_s


def scored(film: Path, out: Path, *arguments: str, senses: Sequence[str] = SENSES) -> Cost:
    """Score a film as a process of its own that has read nothing before, on one thread.

    Raises:
        RuntimeError: it failed.
    """
    with tempfile.TemporaryDirectory(dir=out.parent, prefix="cost") as name:
        folder = Path(name)
        switches = "".join(f"{sense} = {str(sense in senses).lower()}\n" for sense in SENSES)
        (folder / "settings.toml").write_text(f"[senses]\n{switches}")
        threads = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        report = folder / "report.json"
        command = [str(SOUNDIT), "score", str(film), "-o", str(out), "--report", str(report), *arguments]
        began = time.monotonic()
        with (folder / "said").open("w+") as said:
            process = subprocess.Popen(command, env=environment(folder, threads), stdout=said, stderr=said)
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            wall_s = time.monotonic() - began
            said.seek(0)
            text = said.read().strip()
        if process.returncode:
            raise RuntimeError(text)
        film_s = json.loads(report.read_text())["duration_s"]
        return Cost(film_s, wall_s, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, text)


def measure(film: Path, *arguments: str) -> dict[str, Any]:
    """The cost of scoring a film with every sense; for `benches/music_sources.py` too."""
    with tempfile.TemporaryDirectory(prefix="film") as folder:
        cost = scored(film, Path(folder) / "out.mp4", *arguments)
    return {**asdict(cost), "film": film.name, "times_real_time": round(cost.times_real_time, 3)}


def burst() -> Sound:
    """A click: noise, float32 [n]."""
    count = round(CLICK_S * RATE)
    noise = np.random.default_rng(5).uniform(-0.6, 0.6, count) * np.hanning(count)
    return np.asarray(noise, dtype=np.float32)


def long_film(path: Path, hours: float) -> Path:
    """A film of so many hours, from one of `BASE_S` by writing its packets over and over."""
    base = path.with_name("base.mp4")
    sound = np.zeros((round(BASE_S * RATE), 2), np.float32)
    for moment in MOMENTS:
        sound[round(moment * RATE) :][: len(burst())] = burst()[:, np.newaxis]
    Making(shots=_SHOTS, sound=sound, size=(320, 240)).write(base)
    with av.open(str(base)) as source, av.open(str(path), "w") as out:
        ways = {stream.index: out.add_stream_from_template(stream, opaque=True) for stream in source.streams}
        kept = [
            (stream.index, packet.pts, packet.dts, packet.duration, packet.time_base, bytes(packet), packet.is_keyframe)
            for stream in source.streams
            for packet in _packets(base, stream.index)
        ]
        kept.sort(key=lambda row: float(row[2] * row[4]))
        for number in range(round(hours * 3600 / BASE_S)):
            for index, pts, dts, duration, time_base, content, is_key in kept:
                if pts * time_base < 0 and number:  # the coder's priming
                    continue
                if pts * time_base >= BASE_S:  # and what it filled up
                    continue
                packet: Any = av.Packet(content)
                shift = round(number * BASE_S / time_base)
                packet.time_base, packet.pts, packet.dts = time_base, pts + shift, dts + shift
                packet.duration, packet.is_keyframe, packet.stream = duration, is_key, ways[index]
                out.mux(packet)
    return path


def _packets(path: Path, index: int) -> Iterator[Any]:
    with av.open(str(path)) as container:
        yield from (packet for packet in container.demux(container.streams[index]) if packet.size)


def clicks_off_ms(path: Path, hours: float) -> npt.NDArray[np.float64]:
    """How far from its place each click of a film is, in ms; music is filtered away as far as that goes."""
    band = butter(4, 6_000, "high", fs=RATE, output="sos")
    wanted = sosfilt(band, burst())
    near, offs = round(NEAR_S * RATE), []
    pieces = _mono(path)
    waiting, start = np.zeros(0, np.float32), 0
    for moment in (n * BASE_S + m for n in range(round(hours * 3600 / BASE_S)) for m in MOMENTS):
        first = round(moment * RATE) - near
        last = first + 2 * near + len(wanted)
        while start + len(waiting) < last:
            if start + len(waiting) <= first:
                start, waiting = start + len(waiting), next(pieces)
            else:
                waiting = np.concatenate([waiting, next(pieces)])
        found = sosfilt(band, waiting[first - start : last - start])
        offs.append((int(np.correlate(found, wanted).argmax()) - near) / RATE * 1000)
    return np.array(offs)


def frames_off_ms(path: Path, other: Path) -> float:
    """The largest distance between the moments of two films' frames, in ms."""
    moments = [
        np.array(sorted(float(packet.pts * packet.time_base) for packet in _packets(each, 0))) for each in (path, other)
    ]
    if len(moments[0]) != len(moments[1]):
        return float("inf")
    return float(np.abs(moments[0] - moments[1]).max() * 1000)


def _mono(path: Path) -> Iterator[Sound]:
    """The sound of a film from its moment 0 on, some seconds at a time."""
    with av.open(str(path)) as container:
        stream: Any = container.streams.audio[0]
        begun = False
        for frame in container.decode(stream):
            samples = frame.to_ndarray().mean(axis=0)
            if not begun:
                place = round(frame.time * RATE)
                samples = np.pad(samples, (place, 0)) if place >= 0 else samples[-place:]
                begun = True
            yield samples


def long_run(hours: float, senses: Sequence[str], folder: Path) -> dict[str, Any]:
    """A film of so many hours: what it cost, and how far from their places its clicks and frames are."""
    film = long_film(folder / "long.mp4", hours)
    out = folder / "scored.mp4"
    cost = scored(film, out, "--keep-dialogue", senses=senses)
    offs = clicks_off_ms(out, hours)
    return {
        **asdict(cost),
        "hours": hours,
        "senses": list(senses),
        "times_real_time": round(cost.times_real_time, 3),
        "clicks": len(offs),
        "sync_ms": round(max(float(np.abs(offs).max()), frames_off_ms(film, out)), 3),
        "bytes": out.stat().st_size,
    }


def main() -> None:
    """Measure, print, and say what was missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--film", type=Path, help="a film to score with every sense")
    parser.add_argument("--hours", type=float, help="the length of the synthetic film")
    parser.add_argument("--senses", default=",".join(THINNED), help="those that read the synthetic film")
    parser.add_argument("--folder", type=Path, help="where it is built; it takes some 0.8 GB an hour")
    parser.add_argument("--with", dest="source", default="compose", help="where the music comes from")
    given = parser.parse_args()
    found: list[dict[str, Any]] = []
    if given.film:
        found.append(measure(given.film, "--with", given.source))
    if given.hours:
        with tempfile.TemporaryDirectory(dir=given.folder, prefix="film") as folder:
            found.append(long_run(given.hours, given.senses.split(","), Path(folder)))
    if not found:
        parser.error("give --film, --hours or both")
    for figures in found:
        print(json.dumps(figures, indent=1))
    over = [
        f"{name} is {figures[name]:.3g}, not {limit:g}"
        for figures in found
        for name, limit in LIMITS.items()
        if figures.get(name, 0.0) > limit
    ]
    print(f"missed: {'; '.join(over)}" if over else "all within their limits")


if __name__ == "__main__":
    main()
