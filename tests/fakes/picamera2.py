"""A module picamera2 without libcamera: the part of its form that is used, with the cameras that a test says."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from concurrent.futures import Future
from typing import Any

import numpy as np
import numpy.typing as npt

FRAME_S = 0.004
METADATA = {"ExposureTime": 9987, "AnalogueGain": 2.5, "ColourGains": (1.5, 1.8), "Lux": 120.0}


class Job:
    """What a capture gives that does not wait."""

    def __init__(self) -> None:
        self.future: Future[Any] = Future()

    def get_result(self, timeout: float | None = None) -> Any:
        return self.future.result(timeout)


class FakePicamera2:
    """What stands for the module.

    Attributes:
        models: of the cameras that are connected, by libcamera's numbers.
        taken: whether another program has them.
        silent: whether no picture comes.
        opened: all cameras that were opened.
    """

    def __init__(self, *models: str) -> None:
        self.models = list(models)
        self.taken = False
        self.silent = False
        self.opened: list[Camera] = []
        fake = self

        class Picamera2(Camera):
            def __init__(self, camera_num: int = 0) -> None:
                super().__init__(fake, camera_num)

            @staticmethod
            def global_camera_info() -> list[dict[str, Any]]:
                return [
                    {"Model": model, "Location": 2, "Id": "usb-1.2" if "webcam" in model else "i2c@1a", "Num": number}
                    for number, model in enumerate(fake.models)
                ]

        self.Picamera2 = Picamera2


class Camera:
    """One open camera; its event loop answers the jobs at the next picture."""

    def __init__(self, fake: FakePicamera2, number: int) -> None:
        if fake.taken:
            raise RuntimeError("Camera __init__ sequence did not complete.")
        self.model = fake.models[number]
        self.fake = fake
        self.configured: dict[str, Any] = {}
        self.controls: dict[str, Any] = {}
        self.closed = False
        self._jobs: list[tuple[Job, Any]] = []
        self._number = 0
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._loop: threading.Thread | None = None
        fake.opened.append(self)

    def create_video_configuration(self, main: Mapping[str, Any], controls: Mapping[str, Any]) -> dict[str, Any]:
        assert main["format"] == "BGR888"
        return {"use_case": "video", "main": dict(main), "controls": dict(controls)}

    def configure(self, config: dict[str, Any]) -> None:
        self.configured = config

    def start(self) -> None:
        self._loop = threading.Thread(target=self._run)
        self._loop.start()

    def capture_array(self, name: str = "main", wait: bool | None = None) -> Job:
        assert name == "main"
        return self._dispatch(wait, self._picture)

    def capture_metadata(self, wait: bool | None = None) -> Job:
        return self._dispatch(wait, lambda: dict(METADATA))

    def set_controls(self, controls: Mapping[str, Any]) -> None:
        self.controls |= controls

    def close(self) -> None:
        assert not self.closed
        self.closed = True
        self._stopped.set()
        if self._loop is not None:
            self._loop.join()

    def _dispatch(self, wait: bool | None, work: Any) -> Job:
        assert wait is False, "a camera that has gone away would be waited for for ever"
        assert not self.closed
        job = Job()
        with self._lock:
            self._jobs.append((job, work))
        return job

    def _run(self) -> None:
        while not self._stopped.wait(FRAME_S):
            if self.fake.silent:
                continue
            self._number += 1
            with self._lock:
                jobs, self._jobs = self._jobs, []
            for job, work in jobs:
                job.future.set_result(work())

    def _picture(self) -> npt.NDArray[np.uint8]:
        width, height = self.configured["main"]["size"]
        picture = np.full((height, width, 3), (200, 90, 30), np.uint8)
        picture[:, ::8] = self._number % 250
        return picture
