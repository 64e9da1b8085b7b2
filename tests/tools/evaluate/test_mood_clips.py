"""The protocol for the fusion's constants: judged time alone counts, and what is chosen elsewhere is scored here."""

from __future__ import annotations

from pathlib import Path

import pytest

from soundit_edge.emotion import Emotion, Reading, one_hot
from soundit_edge.errors import SounditError
from soundit_edge.perception.mood_settings import MoodSettings
from tools.evaluate.mood_clips import JUDGED, SWEPT, VALUES, Judged, Protocol, judged_parts, right_share, table


def faces(*course: tuple[float, float, Emotion]) -> list[Reading]:
    """Sure readings of a face, ten a second, of an emotion from one moment to the next."""
    return [
        Reading("face", k / 10, one_hot(emotion, 0.9), 0.9)
        for start, end, emotion in course
        for k in range(round(10 * start), round(10 * end))
    ]


def part(start: float, end: float, *moods: Emotion) -> Judged:
    return Judged(start, end, frozenset(moods))


def test_only_what_was_judged_counts() -> None:
    readings = faces((0, 5, Emotion.SAD), (5, 10, Emotion.HAPPY))
    both = [part(2, 4, Emotion.SAD), part(8, 10, Emotion.HAPPY)]
    share, turns = right_share(readings, both, MoodSettings())
    assert share == 1
    assert turns == 2
    assert right_share(readings, [part(2, 4, Emotion.HAPPY)], MoodSettings())[0] == 0
    assert right_share(readings, [part(2, 4, Emotion.CALM, Emotion.SAD)], MoodSettings())[0] == 1


class Opposite(Protocol):
    """Two clips that want the opposite of one constant."""

    def shares(self, settings: MoodSettings) -> dict[str, tuple[float, int]]:
        eager = settings.advantage == min(VALUES["advantage"])
        return {"eager": (float(eager), 0), "patient": (float(not eager), 0)}


def test_a_clip_does_not_choose_its_own_constants() -> None:
    protocol = Opposite({"eager": [], "patient": []}, {})
    assert protocol.chosen_elsewhere() == {"eager": 0.0, "patient": 0.0}


def test_the_table_marks_what_is_shipped() -> None:
    readings = faces((0, 4, Emotion.SAD))
    lines = table(Protocol({"one": readings}, {"one": [part(2, 4, Emotion.SAD)]})).splitlines()
    assert len(lines) == 2 + sum(len(values) for values in VALUES.values())
    marked = [line for line in lines if "**" in line]
    assert len(marked) == len(VALUES)
    assert all("| 100.0 |" in line for line in marked)
    assert set(SWEPT) <= set(VALUES)


def test_the_judged_table_is_one() -> None:
    parts = judged_parts(JUDGED)
    assert {"dinner", "woman_expressions"} <= set(parts)
    assert all(one.start < one.end for judged in parts.values() for one in judged)


def test_a_table_that_is_none_is_named(tmp_path: Path) -> None:
    (tmp_path / "moods.csv").write_text("clip,start_s,end_s,moods\na,0,1,gloomy\n")
    with pytest.raises(SounditError, match=r"moods\.csv"):
        judged_parts(tmp_path / "moods.csv")
