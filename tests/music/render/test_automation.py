from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from soundit_edge.emotion import AFFECT, Affect, Emotion
from soundit_edge.music.render.automation import Automation, Breakpoint, JourneyError, read_journey


def written(folder: Path, text: str) -> Path:
    path = folder / "journey.csv"
    path.write_text(text)
    return path


def test_a_row_is_in_force_from_its_moment_on_and_an_empty_cell_changes_nothing(tmp_path: Path) -> None:
    journey = read_journey(written(tmp_path, "t,tempo,semitones\n0,1.1,\n2.5,,3\n\n4,0.9,\n"))
    assert not journey.has_moods
    assert (journey.at(-1.0), journey.at(0.0)) == (Breakpoint(), Breakpoint(0.0, None, 1.1, None))
    assert journey.at(2.49).semitones is None
    assert journey.at(2.5) == Breakpoint(2.5, None, 1.1, 3.0)
    assert journey.at(1e9) == Breakpoint(4.0, None, 0.9, 3.0)


def test_a_mood_is_certain_and_a_place_alone_has_no_name(tmp_path: Path) -> None:
    text = "\ufeff T , Mood, valence,arousal\n1,HAPPY,,\n2,,-0.7,0.7\n3,sad,0.1,0.2\n4,,,\n"
    journey = read_journey(written(tmp_path, text))
    happy, place, both, last = (journey.at(t).mood for t in (1, 2, 3, 4))
    assert happy is not None
    assert (happy.emotion, happy.affect, happy.confidence) == (Emotion.HAPPY, AFFECT[Emotion.HAPPY], 1.0)
    assert place is not None
    assert (place.emotion, place.affect, place.confidence) == (Emotion.ANGRY, Affect(-0.7, 0.7), 0.0)
    assert both is not None
    assert (both.emotion, both.affect, both.confidence) == (Emotion.SAD, Affect(0.1, 0.2), 1.0)
    assert last == both


def test_of_two_rows_of_one_moment_the_later_counts(tmp_path: Path) -> None:
    assert read_journey(written(tmp_path, "t,tempo\n1,1.1\n1,1.2\n")).at(1.0).tempo == 1.2


def test_a_journey_of_columns_alone_leaves_all_as_it_is(tmp_path: Path) -> None:
    assert read_journey(written(tmp_path, "t,mood\n")).at(5.0) == Breakpoint()
    assert Automation([]).at(0.0) == Breakpoint()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "empty; it needs a first row"),
        ("mood\nsad\n", "row 1: there is no column t"),
        ("t,tmpo\n0,1\n", "row 1, column 2: unknown name 'tmpo'; did you mean 'tempo'"),
        ("t,xyz\n0,1\n", "row 1, column 2: unknown name 'xyz'; known are t, mood, valence"),
        ("t,tempo,tempo\n", "row 1, column 3: tempo is there twice"),
        ("t,valence\n0,1\n", "row 1: valence and arousal go together"),
        ("t,valence,arousal\n0,0.5,\n", "row 2, column arousal: empty, but valence is not"),
        ("t,valence,arousal\n0,,1\n", "row 2, column valence: empty, but arousal is not"),
        ("t,valence,arousal\n0,1.5,0\n", "row 2, column valence: 1.5 is not between -1 and 1"),
        ("t,tempo\n0,1\n\n2,fast\n", "row 4, column tempo: 'fast' is no number"),
        ("t,tempo\n0,5\n", "row 2, column tempo: 5 is not between 0.5 and 2"),
        ("t,semitones\n0,nan\n", "row 2, column semitones: nan is not between -12 and 12"),
        ("t,mood\n0,joyfull\n", "row 2, column mood: 'joyfull' is no mood; known are neutral"),
        ("t,mood\n0,hapy\n", "row 2, column mood: 'hapy' is no mood; did you mean 'happy'?"),
        ("t,mood\n,sad\n", "row 2, column t: empty"),
        ("t,mood\n-1,sad\n", "row 2, column t: -1 is not between 0"),
        ("t,mood\n3,sad\n2,calm\n", "row 3, column t: 2 comes after 3"),
        ("t,mood\n0,sad,1\n", "row 2, column 3: there are only 2 columns"),
        ('t,mood\n0,"sad\n', "not a CSV file"),
    ],
)
def test_what_is_wrong_is_told_with_row_and_column(tmp_path: Path, text: str, why: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(JourneyError) as caught:
        read_journey(path)
    assert str(caught.value).startswith(f"{path}: {why}")
    assert "\n" not in str(caught.value)


def test_what_is_no_text_or_not_there_is_named(tmp_path: Path) -> None:
    (tmp_path / "journey.csv").write_bytes(b"t,mood\n0,\xff\xfe\x00\n")
    with pytest.raises(JourneyError, match="not a CSV file"):
        read_journey(tmp_path / "journey.csv")
    with pytest.raises(JourneyError, match=r"none\.csv: cannot be read"):
        read_journey(tmp_path / "none.csv")


@settings(max_examples=300)
@given(st.one_of(st.text(), st.text('t,mod\n 01.-"eari;sp')))
def test_any_text_is_a_journey_or_refused_in_one_line(tmp_path: Path, text: str) -> None:
    path = tmp_path / "journey.csv"
    path.write_bytes(("t,mood,tempo\n" + text).encode("utf-8", "replace"))
    why = f"{path}: "
    try:
        read_journey(path).at(0.5)
    except JourneyError as error:
        why = str(error)
    assert why.startswith(f"{path}: ")
    assert "\n" not in why
