"""docs/howto/sense.md, done to a copy of the package: what the sense reads is printed and makes the mood."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from soundit_edge.modalities import MODALITIES
from tests.device import soundit
from tests.howto.pages import RUN, build, places


@pytest.mark.parametrize(("level", "emotion"), [(255, "happy"), (0, "calm")])
def test_a_sense_in_three_places_is_switched_on_printed_and_makes_the_mood(
    tmp_path: Path, level: int, emotion: str
) -> None:
    assert len(places("sense")) == 3
    build(tmp_path, "sense")
    others_off = "".join(f"{name} = false\n" for name in MODALITIES)
    (tmp_path / "settings.toml").write_text(f"[senses]\n{others_off}light = true\n")
    cv2.imwrite(str(tmp_path / "wall.png"), np.full((90, 160, 3), level, np.uint8))
    done = soundit(tmp_path, "read", "wall.png", "--json", program=RUN)
    assert done.returncode == 0, done
    *moods, last = map(json.loads, done.stdout.splitlines())
    assert last["summary"]["dominant"] == emotion
    assert set(last["summary"]["readings"]) == {"light"}
    assert moods[-1]["emotion"] == emotion
    assert moods[-1]["senses"]["light"]["emotion"] == emotion
    assert moods[-1]["senses"]["light"]["light"] == level / 255
