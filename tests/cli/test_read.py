"""What `soundit read` prints."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from soundit_edge.capture.capture import CaptureError
from soundit_edge.cli.read import describe, read_clip, row, summarise
from soundit_edge.emotion import EMOTIONS, Emotion, Mood, Reading, distribution, expected_affect, one_hot
from soundit_edge.perception.fusion import Fusion
from soundit_edge.settings import SettingsError
from tests.capture.media import film, tone


def test_a_second_as_an_object() -> None:
    fusion = Fusion()
    fusion.add(Reading("hue", 0.9, one_hot(Emotion.SAD, 0.5), 0.1))
    fusion.add(Reading("face", 0.9, one_hot(Emotion.HAPPY, 0.8), 0.9, {"faces": 1}))
    mood = fusion.at(1.0)
    line = json.loads(json.dumps(describe(0, mood)))
    assert list(line) == ["t", "emotion", "valence", "arousal", "confidence", "leading", "senses"]
    assert (line["t"], line["emotion"]) == (0.0, mood.emotion.value)
    assert list(line["senses"]) == ["face", "hue"]
    face = line["senses"]["face"]
    assert (face["emotion"], face["trust"], face["faces"]) == ("happy", 0.9, 1)
    assert set(face["probabilities"]) == {e.value for e in EMOTIONS}
    assert sum(face["probabilities"].values()) == pytest.approx(1, abs=1e-3)


def test_a_mood_that_is_only_held_is_said_to_fade() -> None:
    """The dinner's "happy, 18 % sure" stood beside neutral's 49 % without a word."""
    fading = distribution([0.49, 0.1, 0.18, 0.1, 0.1, 0.01, 0.01, 0.01])
    mood = Mood(0.0, Emotion.HAPPY, fading, expected_affect(fading), fading[EMOTIONS.index(Emotion.HAPPY)])
    assert "fading: neutral 49%, happy 18%" in row(0, mood)
    assert describe(0, mood)["leading"] == "neutral"
    clear = one_hot(Emotion.HAPPY, 0.8)
    assert "fading" not in row(0, Mood(0.0, Emotion.HAPPY, clear, expected_affect(clear), max(clear)))


def test_the_summary_counts_seconds() -> None:
    held = Counter({"happy": 3, "sad": 1})
    summary = summarise(held, 4.0004, 1.23456, Counter({"hue": 8, "face": 40}))
    assert summary == {
        "dominant": "happy",
        "share": {"happy": 0.75, "sad": 0.25},
        "clip_s": 4.0,
        "wall_s": 1.235,
        "readings": {"face": 40, "hue": 8},
    }


def test_a_clip_as_json_lines(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = film(tmp_path / "film.mp4", seconds=1.5, sound=tone(1.5, 48_000))
    read_clip(path, as_json=True, settings_path=None)
    printed = capsys.readouterr()
    *seconds, last = [json.loads(line) for line in printed.out.splitlines()]
    assert [second["t"] for second in seconds] == [0.0, 1.0]
    assert last["summary"]["readings"]["hue"] >= 3
    assert last["summary"]["clip_s"] == pytest.approx(1.5, abs=0.05)
    assert sum(last["summary"]["share"].values()) == pytest.approx(1, abs=1e-3)
    assert printed.err == ""


def test_a_clip_for_people(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    read_clip(film(tmp_path / "film.mp4", seconds=1), as_json=False, settings_path=None)
    printed = capsys.readouterr().out
    assert "0:00" in printed
    assert "Mostly " in printed


def test_a_broken_clip_prints_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "film.mp4").write_bytes(b"no film")
    with pytest.raises(CaptureError, match=r"film\.mp4"):
        read_clip(tmp_path / "film.mp4", as_json=True, settings_path=None)
    assert capsys.readouterr().out == ""


def test_other_settings_can_be_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, chosen = film(tmp_path / "film.mp4", seconds=1), tmp_path / "other.toml"
    chosen.write_text("[senses]\nhue = false\n")
    read_clip(path, as_json=True, settings_path=chosen)
    assert '"hue"' not in capsys.readouterr().out
    chosen.write_text("[senses]\nsmell = true\n")
    with pytest.raises(SettingsError, match="smell"):
        read_clip(path, as_json=True, settings_path=chosen)
