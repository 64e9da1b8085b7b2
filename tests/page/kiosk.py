"""What tests of the kiosk share: its picture, and its scripts by hand."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt
from playwright.sync_api import Page

from soundit_edge.control.status import PulseStatus, Status
from soundit_edge.emotion import Emotion
from soundit_edge.page.routes.files import page_files
from tests.fakes.control import full_status

SCENES = sorted(name[7:-3] for name in page_files() if name.startswith("scenes/"))
Pixels = npt.NDArray[np.float64]

BESIDE_BEAT = PulseStatus(beat=1, beats=4, phase=0.9, beat_s=0.6, moving=True)
ON_BEAT = PulseStatus(beat=0, beats=4, phase=0.15, beat_s=0.6, moving=True)


def picture_of(page: Page) -> Pixels:
    """Return what is seen of the page, float [height, width, 3] in BGR, 0 to 255."""
    return np.asarray(cv2.imdecode(np.frombuffer(page.screenshot(), np.uint8), cv2.IMREAD_COLOR), np.float64)


def playing(emotion: Emotion, pulse: PulseStatus, level_db: float = -12.0) -> Status:
    """Return the status of a room that feels this to loud music at a place of its bar."""
    status = full_status(emotion, 0.9)
    return status.model_copy(update={"music": status.music.model_copy(update={"pulse": pulse, "level_db": level_db})})


DRAW = """async ([names, statuses, seconds, step]) => {
    const { Frames } = await import('/static/kiosk/frame.js');
    const { randomOf } = await import('/static/kiosk/noise.js');
    const size = {width: 128, height: 72};
    const reading = Object.assign(document.createElement('canvas'), size).getContext('2d', {willReadFrequently: true});
    const drawn = {};
    for (const name of names) {
        const scene = await import(`/static/scenes/${name}.js`);
        const canvas = Object.assign(document.createElement('canvas'), size);
        const kept = scene.setup(canvas, randomOf(7));
        drawn[name] = [];
        for (const status of statuses) {
            const frames = new Frames({frozen: step ? null : seconds});
            if (step) frames.t = frames.flow = 20;
            frames.follow(status, 0);
            for (let at = 0; at <= (step ? seconds : 0); at += step || 1) {
                scene.draw(kept, {...frames.next(1000 * at), ...size, detail: 1});
                reading.drawImage(canvas, 0, 0);
                const {data} = reading.getImageData(0, 0, size.width, size.height);
                drawn[name].push(String.fromCharCode(...data.filter((_, i) => i % 4 < 3)));
            }
        }
        scene.end(kept);
    }
    return drawn;
}"""


def draw_scenes(page: Page, statuses: Sequence[Status], seconds: float, step: float = 0) -> dict[str, Pixels]:
    """Return what each scene draws, by its name: float [pictures, 72, 128, 3] in RGB, 0 to 255.

    Args:
        page: any of the device's.
        statuses: one after the other.
        seconds: the moment that is drawn; with `step` how long each status is drawn.
        step: seconds between two pictures of the same status; 0: one picture of each.
    """
    given = [status.model_dump(mode="json") for status in statuses]
    drawn = page.evaluate(DRAW, [SCENES, given, seconds, step])
    return {name: np.array([_pixels(one) for one in pictures]) for name, pictures in drawn.items()}


def _pixels(text: str) -> Pixels:
    return np.frombuffer(text.encode("latin-1"), np.uint8).reshape(72, 128, 3).astype(np.float64)
