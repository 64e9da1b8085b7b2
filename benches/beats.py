"""How near a beat's message comes to the beat that is heard, through a real sound server.

    python benches/beats.py [--seconds 36]

`soundit run` plays into a private null sink and sends OSC to this bench. What leaves the sink is recorded. The theme,
whose beats are known to the sample, is found in it by correlation; in a track of clicks, whose tempo is moved all the
time, their onsets are. Writes benches/beats.md and .json.
"""

from __future__ import annotations

import argparse
import datetime
import itertools
import json
import socket
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import psutil
import soundfile
from pythonosc.osc_message_builder import build_msg

ROOT: Final = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benches.beats_heard import Heard, configured_s, hearing, receiving  # noqa: E402
from benches.figures import machine, write  # noqa: E402
from soundit_edge.audio.format import RATE, Stereo  # noqa: E402
from soundit_edge.music.compose.theme.theme import BPM, theme  # noqa: E402
from tests.contracts.osc_peer import free_port  # noqa: E402
from tests.device import NOTHING_SENSED, RunningDevice  # noqa: E402
from tests.sound_server import aligned, running_sound_server  # noqa: E402

ASKED_MS: Final = 10.0
SETTLE_S: Final = 3.0
"""What is heard before counts for nothing."""
CLICKS_BPM: Final = 112.0
TEMPI: Final = (1.0, 1.15, 0.9, 1.3, 0.8)
"""Between these the tempo of the clicks is moved, every few seconds."""
EVERY_S: Final = 4.0
STEPS_MS: Final = (5, 20, 200)
PIECE_S: Final = 4.0
"""Seconds of the recording that are laid over the theme at a time."""
NEAR_S: Final = 0.15
"""A click and a message that are further apart have nothing to do with each other."""
SETTINGS: Final = """\
[integrations.osc]
enabled = true
targets = ["127.0.0.1:{target}"]
listen = true
listen_port = {listen}
[music]
policy = "follow"
lock = {{ tempo = 1.0, semitones = 0.0 }}
"""


def clicks(path: Path) -> Path:
    """Write two minutes of a drum machine, whose beats nobody can mistake."""
    beat = round(RATE * 60.0 / CLICKS_BPM)
    random = np.random.default_rng(1)
    t = np.arange(beat // 2) / RATE
    kick = 0.8 * np.sin(2 * np.pi * 55 * t + 6 * np.exp(-t / 0.02)) * np.exp(-t / 0.09)
    snare = 0.4 * random.standard_normal(len(t)) * np.exp(-t / 0.05)
    hat = 0.15 * random.standard_normal(len(t)) * np.exp(-t / 0.01)
    bar = np.zeros(4 * beat)
    for number in range(4):
        bar[number * beat : number * beat + len(t)] += (kick if number % 2 == 0 else snare) + hat
    bar[: len(t)] += 0.2 * np.sin(2 * np.pi * 220 * t) * np.exp(-t / 0.2)
    soundfile.write(path, np.tile(bar, 64)[:, np.newaxis].repeat(2, axis=1).clip(-1, 1), RATE)
    return path


def theme_beats(heard: Heard) -> npt.NDArray[np.float64]:
    """When the theme's beats were heard: some seconds of the recording at a time are laid over the theme.

    After an underrun all that follows is heard later; the next seconds show it.
    """
    samples, begin = heard.samples, heard.index(heard.steady)
    own: Stereo = np.concatenate([theme(1).sound] * 2)
    beat, length = RATE * 60.0 / BPM, round(PIECE_S * RATE)
    found: list[npt.NDArray[np.float64]] = []
    for first in range(begin, len(samples) - length + 1, length):
        offset = first - aligned(samples[first : first + length], own)  # the sample at which the theme begins
        numbers = np.arange(np.ceil((first - offset) / beat), np.ceil((first + length - offset) / beat))
        found.append(offset + beat * numbers)
    return heard.when(np.concatenate(found).astype(np.int64))


def click_beats(heard: Heard) -> npt.NDArray[np.float64]:
    """When clicks were heard: where the sound is much louder than in the hundredth of a second before."""
    level = np.abs(heard.samples).max(axis=1)
    step = RATE // 1000
    peaks = level[: len(level) // step * step].reshape(-1, step).max(axis=1)
    before = np.array([peaks[max(0, i - 30) : max(1, i - 1)].max() for i in range(len(peaks))])
    rises = np.flatnonzero((peaks > 0.25 * peaks.max()) & (peaks > 2.0 * before))
    firsts = rises[np.diff(rises, prepend=-1000) > 100]
    found = []
    for first in firsts[firsts > heard.index(heard.steady) // step]:
        begin = max(0, first - 2) * step
        piece = level[begin : begin + 6 * step]
        found.append(begin + int(np.argmax(piece > 0.2 * piece.max())))
    return heard.when(np.array(found, dtype=np.int64))


def errors_ms(beats: npt.NDArray[np.float64], sent: list[float]) -> list[float]:
    """How many milliseconds after each beat its message came; below 0 before. A beat without one is left out."""
    messages = np.array(sent)
    nearest = messages[np.abs(messages[np.newaxis] - beats[:, np.newaxis]).argmin(axis=1)]
    away = nearest - beats
    return [float(1000 * one) for one in away[np.abs(away) < NEAR_S]]


def run(name: str, seconds: float, step_ms: int, senses: Sequence[str]) -> dict[str, Any]:
    """Play, listen and compare.

    Args:
        name: "theme" or "clicks".
        seconds: how long.
        step_ms: the sink works in steps of at most so many milliseconds.
        senses: options of `soundit run`.
    """
    with (
        tempfile.TemporaryDirectory(prefix="sb") as place,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock,
    ):
        folder = Path(place)
        (folder / "pulse").mkdir()
        sock.bind(("127.0.0.1", 0))
        target, listen = sock.getsockname()[1], free_port()
        (folder / "settings.toml").write_text(SETTINGS.format(target=target, listen=listen))
        track = () if name == "theme" else ("--track", clicks(folder / "clicks.flac"))
        find: Callable[[Heard], npt.NDArray[np.float64]] = theme_beats if name == "theme" else click_beats
        with (
            running_sound_server(folder / "pulse", patience_ms=step_ms) as server,
            receiving(sock) as arrived,
            hearing(server, step_ms) as heard,
            RunningDevice(folder, *senses, "--speaker", "spk", *track, extra=server.environment) as device,
        ):
            device.wait_for_page()
            device.wait_until(lambda status: status["music"]["pulse"]["moving"])
            time.sleep(SETTLE_S)
            heard.steady = time.monotonic()
            process = psutil.Process(device.process.pid)
            busy = sum(process.cpu_times()[:2])
            began = time.monotonic()
            tempi = itertools.cycle(TEMPI)
            while time.monotonic() < began + seconds:
                if track:
                    patch = json.dumps({"locks": {"tempo": next(tempi)}})
                    sock.sendto(build_msg("/soundit/set", patch).dgram, ("127.0.0.1", listen))
                time.sleep(EVERY_S)
            busy = sum(process.cpu_times()[:2]) - busy
            music = device.status()["music"]
            heard.sink_s = configured_s(server)
            ended = time.monotonic()
        beats = find(heard)
        beats = beats[(beats > heard.steady) & (beats < ended - 1.5)]
        errors = errors_ms(beats, [at for at, _ in arrived.of("/beat")])
        return {
            "errors_ms": errors,
            "beats": len(beats),
            "messages": len(arrived.of("/beat")),
            "sink_ms": 1000 * heard.sink_s,
            "underruns": music["underruns"],
            "busy": busy / seconds,
        }


def table(result: dict[str, Any]) -> str:
    """The figures for people, beside what was asked for."""
    rows = []
    for name, one in result["runs"].items():
        errors = np.array(one["errors_ms"])
        size = np.abs(errors)
        within = float(np.mean(size < ASKED_MS))
        rows.append(
            f"| {name} | {one['beats']} | {len(errors)} | {np.median(errors):+.1f} | {np.percentile(size, 50):.1f} | "
            f"{np.percentile(size, 95):.1f} | {size.max():.1f} | {100 * within:.0f} % | {one['underruns']} |"
        )
    load = result["load"]
    lines = [
        "# From the beat that is heard to its message",
        "",
        f"`benches/beats.py` on {result['machine']}, {result['date']}: `soundit run` into a null sink of PulseAudio,",
        f"OSC to a socket. Load of the machine before: {load['before']:.1f}, after: {load['after']:.1f}.",
        "",
        f"Milliseconds from a beat's sample to the arrival of its message; asked for is {ASKED_MS:.0f}.",
        "",
        "| | beats heard | with a message | middle (+ is late) | p50 | p95 | largest | within | underruns |",
        "|---|---|---|---|---|---|---|---|---|",
        *rows,
        "",
        "A sample is heard when the sink's clock comes to it; it is rendered ahead, in the steps that the first column",
        "names: those of the server's other clients, where they are less patient than the device.",
        "",
    ]
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=36.0, help="of each run")
    seconds = parser.parse_args().seconds
    load = psutil.getloadavg()[0]
    runs = {
        f"{name}, sink in steps of {step_ms} ms": run(name, seconds, step_ms, NOTHING_SENSED)
        for name in ("theme", "clicks")
        for step_ms in STEPS_MS
    }
    runs["theme, 20 ms, while all senses look at the drawn demo"] = run("theme", seconds, 20, ())
    result = {
        "machine": machine(),
        "date": datetime.date.today().isoformat(),
        "load": {"before": load, "after": psutil.getloadavg()[0]},
        "runs": runs,
    }
    text = table(result)
    write(Path(__file__), text, result)
    print(text)


if __name__ == "__main__":
    main()
