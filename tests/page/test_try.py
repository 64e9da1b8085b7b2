"""The view "Try it" in a real browser before a real device: a film is dropped, its score plays, nothing is left."""

from __future__ import annotations

import base64
import os
import signal
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from soundit_edge.emotion import Emotion
from soundit_edge.trials.folder import TrialsFolder
from tests.device import NOTHING_SENSED, RunningDevice
from tests.film.films import Making, speech
from tests.waiting import HANG_S, wait_until

pytestmark = pytest.mark.browser

DROP = """(zone, [name, content]) => {
  const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
  const dropped = new DataTransfer();
  dropped.items.add(new File([bytes], name));
  for (const kind of ["dragover", "drop"]) {
    zone.dispatchEvent(new DragEvent(kind, { dataTransfer: dropped, bubbles: true, cancelable: true }));
  }
}"""


def drop(page: Page, path: Path) -> None:
    """Drop a file as a user does who drags it out of a folder."""
    page.locator(".zone").evaluate(DROP, [path.name, base64.b64encode(path.read_bytes()).decode()])


def plays(page: Page) -> None:
    """Wait until the film of the result plays, and after a jump goes on from there."""
    video = page.locator(".film video")
    video.evaluate("video => { video.muted = true; return video.play(); }")
    page.wait_for_function("() => document.querySelector('.film video').currentTime > 0.2")
    video.evaluate("video => { video.currentTime = 1.5; }")
    page.wait_for_function("() => { const v = document.querySelector('.film video'); return v.currentTime > 1.6; }")


SLOW_CAMERA = """() => {
  const canvas = document.createElement("canvas");
  canvas.getContext("2d");
  const stream = canvas.captureStream(0); // shows nothing until it is told to
  navigator.mediaDevices.getUserMedia = async () => stream;
  globalThis.show = () => {
    canvas.getContext("2d").fillRect(0, 0, 300, 150);
    stream.getVideoTracks()[0].requestFrame();
  };
}"""


def test_nothing_is_taken_before_the_camera_shows_something(whole_browser: Browser, tmp_path: Path) -> None:
    """On a loaded machine, a picture of nothing was taken, which was lost without a word."""
    with (
        RunningDevice(tmp_path, *NOTHING_SENSED, "--speaker", "off") as device,
        whole_browser.new_context(reduced_motion="reduce") as context,
    ):
        page = context.new_page()
        page.goto(f"{device.wait_for_page()}#try")
        page.evaluate(SLOW_CAMERA)
        page.get_by_role("button", name="Take a picture").click()
        shutter = page.get_by_role("button", name="Take it")
        expect(shutter).to_be_disabled()
        page.evaluate("show()")
        expect(shutter).to_be_focused()
        shutter.click()
        expect(page.get_by_role("status").filter(has_text="picture.jpg")).to_be_visible()


def test_drop_a_film_watch_it_scored_leave_and_nothing_is_left(whole_browser: Browser, tmp_path: Path) -> None:
    shots = [(2.5, Emotion.HAPPY)]
    path = Making(shots, speech(2.5, [(0.5, 2.0)]), fps=10, size=(320, 240)).write(tmp_path / "Mein Film.mp4")
    folder = tmp_path / "state" / "trials"
    with (
        RunningDevice(tmp_path, *NOTHING_SENSED, "--speaker", "off") as device,
        whole_browser.new_context(reduced_motion="reduce", permissions=["camera"]) as context,
    ):
        context.set_default_timeout(1000 * HANG_S)
        page = context.new_page()
        complaints: list[str] = []
        page.on("console", lambda line: complaints.append(line.text) if line.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"{device.wait_for_page()}#try")
        for sense in ("Body", "Lips", "Voice"):
            page.get_by_role("checkbox", name=sense).uncheck()
        (tmp_path / "empty.mp4").touch()
        drop(page, tmp_path / "empty.mp4")
        expect(page.get_by_role("alert").filter(has_text="The file is empty.")).to_be_visible()
        expect(page.get_by_role("button", name="Choose a file")).to_be_in_viewport()

        drop(page, path)
        expect(page.locator(".lane.face .word")).to_have_text("happy")
        expect(page.locator(".songs").first).to_contain_text("There is no library yet")
        expect(page.get_by_role("status").filter(has_text="Mein Film.mp4")).to_be_visible()
        plays(page)
        assert len(os.listdir(folder)) == 1

        page.get_by_role("button", name="Delete now").click()
        wait_until(lambda: os.listdir(folder) == [], "what was tried is not deleted")
        page.get_by_role("button", name="Take a picture").click()
        page.get_by_role("button", name="Take it").click()
        expect(page.get_by_role("status").filter(has_text="Reading: picture.jpg")).to_be_visible()
        assert len(os.listdir(folder)) == 1
        page.goto("about:blank")
        wait_until(lambda: os.listdir(folder) == [], "the visitor has left, and the picture is still there")
        assert [line for line in complaints if "422" not in line] == []  # the browser's own line of the empty file

        headers = {"content-type": "video/mp4"}
        assert device.page.post("api/trials", content=path.read_bytes(), headers=headers).status_code == 200
        device.stop(signal.SIGKILL)
        assert len(os.listdir(folder)) == 1
    following = TrialsFolder(lambda: folder)
    following.take()
    assert os.listdir(folder) == []
    following.release()
