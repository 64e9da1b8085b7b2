"""docs/howto/integration.md, done to a copy of the package: a hub hears of moods, changes the music, and returns."""

from __future__ import annotations

import json
import signal
import socket
from contextlib import closing
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from soundit_edge.modalities import MODALITIES
from tests.device import RunningDevice
from tests.howto.pages import RUN, build, places
from tests.waiting import HANG_S

TOKEN = "open sesame"


def state(status: dict[str, Any]) -> str:
    """Return how the hub is, as the page shows it."""
    (hub,) = (one for one in status["integrations"] if one["name"] == "hub")
    assert hub["title"] == "Home hub"
    return str(hub["state"])


def switch(device: RunningDevice, on: bool) -> None:
    """Switch the hub on or off, as the page does."""
    changes = {"integrations": {"hub": {"enabled": on}}}
    device.page.patch("api/settings", json={"changes": changes}).raise_for_status()


def test_an_integration_in_two_places_hears_of_the_mood_and_changes_the_music(tmp_path: Path) -> None:
    assert len(places("integration")) == 2
    build(tmp_path, "integration", "sense")  # the light sense: a mood that is quickly made
    cv2.imwrite(str(tmp_path / "wall.png"), np.full((90, 160, 3), 255, np.uint8))
    with closing(socket.create_server(("127.0.0.1", 0))) as hub:
        hub.settimeout(HANG_S)
        port = hub.getsockname()[1]
        (tmp_path / "settings.toml").write_text(
            f'[integrations.hub]\nport = {port}\ntoken = "{TOKEN}"\n'
            "[senses]\n" + "".join(f"{name} = false\n" for name in MODALITIES)
        )
        with RunningDevice(tmp_path, "--clip", "wall.png", "--speaker", "off", program=RUN) as device:
            device.wait_for_page()
            assert state(device.status()) == "off"
            switch(device, True)
            connection = hub.accept()[0]
            with connection, connection.makefile("rw", encoding="utf-8", newline="\n") as lines:
                assert lines.readline() == f"{TOKEN}\n"
                while json.loads(lines.readline())["emotion"] != "happy":
                    pass  # the mood of the moment in which it connected
                for asked in ("nonsense", '{"volume": 7}', '{"policy": "calm", "volume": 0.25}'):
                    print(asked, file=lines, flush=True)
                assert "invalid json" in lines.readline()
                assert "volume: input should be less than or equal to 1" in lines.readline()
                status = device.wait_until(lambda s: "hub chose to calm the room" in s["music"]["reason"])
                assert (status["music"]["policy"], status["volume"], state(status)) == ("calm", 0.25, "on")
            device.wait_until(lambda s: state(s) == "lost")
            connection = hub.accept()[0]
            with connection, connection.makefile("rb") as received:
                device.wait_until(lambda s: state(s) == "on")
                switch(device, False)
                device.wait_until(lambda s: state(s) == "off")
                received.read()  # up to the end: it has hung up
            assert device.stop(signal.SIGTERM) == 0
    assert TOKEN not in (tmp_path / "soundit.log").read_text()
