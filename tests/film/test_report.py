"""The report of a score: what each section was written like."""

from __future__ import annotations

from soundit_edge.emotion import Emotion, one_hot
from soundit_edge.film.report import describe
from soundit_edge.film.spotting.cue_sheet import PlayedNote
from soundit_edge.film.spotting.scenes import Scene
from soundit_edge.film.spotting.sections import SceneSection
from soundit_edge.music.score import Part

HAPPY = one_hot(Emotion.HAPPY, 0.9)
SECTIONS = [SceneSection(0.0, 8.0, HAPPY), SceneSection(8.0, 16.0, HAPPY, cut=False, turn=True, fullness=0.7)]


def test_a_section_has_its_notes_a_second_and_their_median_pitch_without_drums() -> None:
    notes = [PlayedNote(k / 2, k / 2 + 1, Part.LEAD, 60 + k) for k in range(16)]  # up to 7.5 s
    notes += [PlayedNote(9.0, 10.0, Part.BASS, 40), PlayedNote(8.0, 8.1, Part.DRUMS, 35)]
    told = describe(16.0, [Scene(0.0, 16.0, HAPPY)], SECTIONS, [], notes, 1.0)["sections"]
    assert [(s["notes_per_s"], s["pitch"], s["turn"]) for s in told] == [(2.0, 67.5, False), (0.25, 40, True)]


def test_a_section_in_which_nobody_plays_has_no_notes_and_recorded_music_none_that_are_known() -> None:
    early = [PlayedNote(1.0, 2.0, Part.PAD, 60)]
    for notes, expected in ((early, [0.12, 0.0]), ([], [None, None])):
        told = describe(16.0, [Scene(0.0, 16.0, HAPPY)], SECTIONS, [], notes, 1.0)["sections"]
        assert [s["notes_per_s"] for s in told] == expected
        assert told[1]["pitch"] is None
