"""What it costs to scan music and to pick from it, and whether a scan that is killed goes on with nothing lost."""

from __future__ import annotations

import importlib
import json
import os
import resource
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import numpy as np
import soundfile

from benches.analysis_tracks import synthetic
from soundit_edge.audio.format import RATE, Stereo
from soundit_edge.emotion import AFFECT, EMOTIONS, Emotion
from soundit_edge.music.library.database import Library
from soundit_edge.music.library.describe import describe
from soundit_edge.music.library.play_history import Event, PlayEvent
from soundit_edge.music.library.recommend.preference_model import Taste
from soundit_edge.music.library.recommend.ranking import pick
from soundit_edge.music.library.recommend.request import request_for
from tests.device import SOUNDIT
from tests.fakes.songs import many_songs

ROOT: Final = Path(__file__).resolve().parents[1]
SONGS: Final = 2_000
SONG_S: Final = 4.0
"""Of the tracks of the large library, so that it is scanned within minutes."""
KILLED_AT: Final = 0.4
"""The scan is killed when so many of its tracks are in the library."""
FORMATS: Final[dict[str, dict[str, Any]]] = {
    "FLAC, 48 kHz": {"suffix": ".flac", "rate": 48_000},
    "FLAC, 44.1 kHz": {"suffix": ".flac", "rate": 44_100},
    "OGG, 44.1 kHz": {"suffix": ".ogg", "rate": 44_100},
    "MP3, 44.1 kHz": {"suffix": ".mp3", "rate": 44_100},
}
_FIELDS: Final = "id, path, digest, bpm, key, lufs, valence, arousal"


def figures(librosa: str | None) -> dict[str, Any]:
    """All of them; see the notes of `benches/music_sources.py`."""
    return {"four_minutes": four_minutes(librosa), "pick_ms": picks(), "killed": killed()}


def four_minutes(librosa: str | None) -> dict[str, float]:
    """Processor seconds for all that a scan does with a track of four minutes, of several kinds of files: the least of
    three; and what librosa takes for its beats and its chroma alone."""
    found: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        music = np.concatenate([synthetic(seed)[0] for seed in range(4)])
        for kind, how in FORMATS.items():
            path = _written(folder / f"track{how['rate']}{how['suffix']}", music, how["rate"])
            costs = []
            for run in range(3):
                began = time.process_time()
                describe(path, folder / f"cache{run}{kind}")
                costs.append(time.process_time() - began)
            found[kind] = min(costs)
        if librosa:
            script, file = str(ROOT / "benches/analysis_librosa.py"), _written(folder / "all.wav", music, RATE)
            told = subprocess.run([librosa, script, str(file)], check=True, capture_output=True, text=True).stdout
            row = json.loads(told)
            found["librosa, WAV: beats and chroma"] = row["beats_s"] + row["key_s"]
    return found


def _written(path: Path, samples: Stereo, rate: int) -> Path:
    soxr: Any = importlib.import_module("soxr")
    sound = samples if rate == RATE else soxr.resample(samples, RATE, rate)
    with soundfile.SoundFile(path, "w", rate, 2) as file:
        for first in range(0, len(sound), rate):  # libsndfile's Ogg coder crashes on much at once
            file.write(sound[first : first + rate])
    return path


def picks() -> dict[str, float]:
    """Milliseconds of processor time, the median of twenty, for ten of `SONGS` songs: from a list in memory, with a
    taste that has learnt from half of them, and with reading the library, too; and the command with its start."""
    songs, taste = many_songs(SONGS), Taste()
    rng = np.random.default_rng(6)
    for song in songs[: SONGS // 2]:
        felt = EMOTIONS[int(rng.integers(len(EMOTIONS)))]
        event = Event.FINISHED if rng.random() < 0.5 else Event.SKIPPED
        taste.learn(PlayEvent(0.0, song.id, song.path, event, 30.0, felt, AFFECT[felt]), song)
    wishes = [request_for(Emotion.HAPPY, who="face"), request_for(Emotion.SAD, who="voice")]
    recent = [song.id for song in songs[:100]]
    with tempfile.TemporaryDirectory() as name:
        place = Path(name, "library.db")
        with Library.open(place) as library:
            with library.transaction():
                for song in songs:
                    library.put(song)

            def from_file() -> None:
                pick(library.songs(), wishes, count=10, recent=recent, taste=taste, rng=rng)

            found = {
                "in memory, by mood alone": _median_ms(lambda: pick(songs, wishes, count=10, recent=recent)),
                "in memory, by taste too": _median_ms(
                    lambda: pick(songs, wishes, count=10, recent=recent, taste=taste, rng=rng)
                ),
                "with reading the library": _median_ms(from_file),
            }
        command = [str(SOUNDIT), "library", "pick", "--mood", "happy", "-n", "10"]
        run = {"env": os.environ | {"SOUNDIT_LIBRARY": str(place)}, "check": True, "capture_output": True}
        found["the command, from its start"] = _median_ms(lambda: subprocess.run(command, **run), 5)  # type: ignore[call-overload]
    return found


def _median_ms(what: Callable[[], object], runs: int = 20) -> float:
    """Of processor time, of ours and of the processes that were waited for."""

    def used() -> float:
        children = resource.getrusage(resource.RUSAGE_CHILDREN)
        return time.process_time() + children.ru_utime + children.ru_stime

    times = []
    for _ in range(runs):
        began = used()
        what()
        times.append(used() - began)
    return 1_000.0 * float(np.median(times))


def killed() -> dict[str, Any]:
    """A library of `SONGS` tracks: scanned until it is killed by signal 9, then to its end, and once more."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _many_files(folder / "music")
        place = folder / "library.db"
        environment = os.environ | {"SOUNDIT_LIBRARY": str(place), "SOUNDIT_CACHE": str(folder / "cache")}
        environment |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        command = [str(SOUNDIT), "library", "add", str(folder / "music")]
        began = time.monotonic()
        with subprocess.Popen(
            command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as process:
            while process.poll() is None and len(_rows(place)) < KILLED_AT * SONGS:
                time.sleep(0.05)
            process.send_signal(signal.SIGKILL)
            process.wait()
        until_kill = time.monotonic() - began
        before = _rows(place)
        scans = []
        for _ in range(2):
            began = time.monotonic()
            done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
            scans.append((time.monotonic() - began, done.stdout.strip()))
        after = _rows(place)
        with closing(sqlite3.connect(place)) as connection:
            whole = connection.execute("PRAGMA integrity_check").fetchone()[0]
    return {
        "songs": SONGS,
        "seconds each": SONG_S,
        "until killed": len(before),
        "until killed, s": until_kill,
        "lost": len(before.items() - after.items()),
        "in the end": len(after),
        "database": whole,
        "resumed, s": scans[0][0],
        "resumed": scans[0][1],
        "again, s": scans[1][0],
        "again": scans[1][1],
    }


def _rows(place: Path) -> dict[int, tuple[Any, ...]]:
    """What the library has of each song by now; nothing where it is not there yet."""
    try:
        with closing(sqlite3.connect(f"file:{place}?mode=ro", uri=True, timeout=5.0)) as connection:
            return {row[0]: tuple(row) for row in connection.execute(f"SELECT {_FIELDS} FROM songs")}
    except sqlite3.OperationalError:
        return {}


def _many_files(folder: Path) -> None:
    """So many different tracks, in folders of a hundred."""
    music = [synthetic(seed)[0] for seed in range(10)]
    rng = np.random.default_rng(0)
    count = round(SONG_S * RATE)
    for number in range(SONGS):
        place = folder / f"{number // 100:02d}"
        place.mkdir(parents=True, exist_ok=True)
        begin = int(rng.integers(RATE, len(music[0]) - count))
        sound = music[number % len(music)][begin : begin + count] * np.float32(rng.uniform(0.3, 1.0))
        soundfile.write(place / f"{number:04d}.flac", sound, RATE)


if __name__ == "__main__":
    print(json.dumps(figures(sys.argv[1] if len(sys.argv) > 1 else None), indent=1))
