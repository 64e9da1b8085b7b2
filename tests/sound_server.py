"""A private sound server for tests: PulseAudio with two null sinks, and ALSA devices that lead to them.

What is played to the device "spk" can be recorded sample for sample; what is played into the sink "mic" is heard by the
device "mic". Nothing of the machine's own sound is touched.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from tests.device import ENDS_WITH_US
from tests.waiting import wait_until

RATE = 48_000
SPEAKER = "spk"
MICROPHONE = "mic"

_ALSA = """\
</usr/share/alsa/alsa.conf>
pcm.spk {{ type pulse server "unix:{socket}" device "spk" hint {{ show on description "spk" }} }}
pcm.mic {{ type pulse server "unix:{socket}" device "mic.monitor" hint {{ show on description "mic" }} }}
"""
# The first line of the file is no decoration: PortAudio aborts the process where the system's file is not included.


@dataclass
class Recording:
    """What was heard; filled when recording ends."""

    samples: npt.NDArray[np.float32] = field(default_factory=lambda: np.zeros((0, 2), dtype=np.float32))


@dataclass(frozen=True)
class SoundServer:
    """A running server.

    Attributes:
        directory: all that it writes lies here.
        environment: variables that make a *new* process use the server's devices and no others.
        process: the server itself; to end it is to pull the plug of its devices.
    """

    directory: Path
    environment: dict[str, str]
    process: subprocess.Popen[bytes]

    @contextmanager
    def recording(self, sink: str = SPEAKER) -> Iterator[Recording]:
        """Record what is played to the sink, from a little before to half a second after: float32 [n, 2]."""
        path = self.directory / f"recorded-{time.monotonic_ns()}.f32"
        recording = Recording()
        with path.open("wb") as file:
            began = time.monotonic()
            recorder = self._recorder(sink, file.fileno())
            try:
                # It has begun when the first samples (of silence) are there; give it some before the signal, too.
                wait_until(lambda: self._has_written(path, 0.3 * RATE * 8), "the sound server records nothing")
                yield recording
                # What was played up to now is there when as much was recorded as time has passed; it may come late.
                enough = (time.monotonic() - began + 0.5) * RATE * 8
                wait_until(lambda: self._has_written(path, enough), "the sound server records no more")
            finally:
                recorder.terminate()
                recorder.wait()
        samples = np.fromfile(path, dtype="<f4")
        recording.samples = samples[: len(samples) // 2 * 2].reshape(-1, 2)
        path.unlink()

    def play(self, samples: npt.NDArray[np.float32], sink: str = MICROPHONE) -> subprocess.Popen[bytes]:
        """Begin to play float32 [n] or [n, 2] into the sink; wait for the process to know when it is over."""
        path = self.directory / f"played-{time.monotonic_ns()}.f32"
        samples.astype("<f4").tofile(path)
        channels = 1 if samples.ndim == 1 else samples.shape[1]
        with path.open("rb") as file:
            return subprocess.Popen(
                [
                    *ENDS_WITH_US,
                    "pacat",
                    "-p",
                    "-d",
                    sink,
                    "--format=float32le",
                    f"--rate={RATE}",
                    f"--channels={channels}",
                ],
                stdin=file,
                stderr=subprocess.DEVNULL,
                env=os.environ | self.environment,
            )

    def _has_written(self, path: Path, size: float) -> bool:
        """Return whether a recording is longer than that many bytes; a server that has ended will write no more."""
        assert self.process.poll() is None, (self.directory / "pulseaudio.log").read_text()[-1000:]
        return path.stat().st_size > size

    def _recorder(self, sink: str, output: int, patience_ms: int = 20) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [
                *ENDS_WITH_US,
                "parec",
                "-d",
                f"{sink}.monitor",
                f"--latency-msec={patience_ms}",
                "--format=float32le",
                f"--rate={RATE}",
                "--channels=2",
            ],
            stdout=output,
            stderr=subprocess.DEVNULL,
            env=os.environ | self.environment,
        )


@contextmanager
def running_sound_server(
    directory: Path, speaker: str = f"rate={RATE} channels=2 format=float32le", patience_ms: int = 20
) -> Iterator[SoundServer]:
    """A server that lives in `directory`, a folder with a short name (a socket's path has to fit 100 bytes).

    When it has ended, another one in the same folder is the same devices plugged in again. `speaker`: what the device
    "spk" takes, in PulseAudio's words. `patience_ms`: the sinks work in steps of at most so many milliseconds.
    """
    socket = directory / "pulse.sock"
    runtime, home = directory / "xdg", directory / "home"
    for folder in (runtime, home):
        folder.mkdir(mode=0o700, exist_ok=True)
    configuration = directory / "asound.conf"
    configuration.write_text(_ALSA.format(socket=socket))
    environment = {
        "ALSA_CONFIG_PATH": str(configuration),
        "PULSE_SERVER": f"unix:{socket}",
        "PULSE_COOKIE": str(home / "cookie"),
        "XDG_RUNTIME_DIR": str(runtime),
    }
    sinks = [
        f"-Lmodule-null-sink sink_name={SPEAKER} {speaker}",
        f"-Lmodule-null-sink sink_name={MICROPHONE} rate={RATE} channels=2 format=float32le",
    ]
    options = [
        "--daemonize=no",
        "--exit-idle-time=-1",
        "-n",
        "--use-pid-file=no",
        "--realtime=no",
        "--high-priority=no",
    ]
    protocol = f"-Lmodule-native-protocol-unix socket={socket} auth-anonymous=1"
    with (directory / "pulseaudio.log").open("wb") as log:
        daemon = subprocess.Popen(
            # With shared memory it aborts now and then, by an assertion of its own (pulseaudio's issue 824).
            [*ENDS_WITH_US, "pulseaudio", "--disable-shm=yes", *options, protocol, *sinks],
            stdout=log,
            stderr=log,
            env=os.environ | environment | {"HOME": str(home)},
        )
    server = SoundServer(directory, environment, daemon)
    primers: list[subprocess.Popen[bytes]] = []
    try:
        wait_until(lambda: socket.exists() or daemon.poll() is not None)
        assert daemon.poll() is None, (directory / "pulseaudio.log").read_text()
        with open(os.devnull, "wb") as nowhere:
            # While somebody listens with little patience, a null sink works in small steps; else in 2 s at a time.
            primers += [server._recorder(sink, nowhere.fileno(), patience_ms) for sink in (SPEAKER, MICROPHONE)]
        yield server
    finally:
        for process in (*primers, daemon):
            process.terminate()
            process.wait()
        socket.unlink(missing_ok=True)


@pytest.fixture(scope="session")
def sound_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SoundServer]:
    """The server, shared by the tests of a session."""
    for tool in ("pulseaudio", "parec", "pacat"):
        if shutil.which(tool) is None:
            pytest.skip(f"{tool} is not installed (Debian: apt-get install pulseaudio pulseaudio-utils)")
    with running_sound_server(tmp_path_factory.mktemp("sound")) as server:
        yield server


def aligned(signal: npt.NDArray[np.float32], recorded: npt.NDArray[np.float32]) -> int:
    """Where in `recorded` [m, 2] the beginning of `signal` [n, 2] fits best, n up to m: by correlation."""
    size = 1 << (len(recorded) + len(signal)).bit_length()
    spectrum = np.fft.rfft(recorded[:, 0], size) * np.fft.rfft(signal[:, 0], size).conj()
    return int(np.argmax(np.fft.irfft(spectrum, size)[: len(recorded)]))
