"""Whole bars to every section, at a tempo near its mood's; turns within a scene go to a bar line."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soundit_edge.emotion import Emotion, one_hot
from soundit_edge.film.spotting.cue_sheet import fitted
from soundit_edge.film.spotting.sections import MIN_SECTION_S, SceneSection


def scenes(lengths: list[float]) -> list[SceneSection]:
    out, begin = [], 0.0
    for length in lengths:
        out.append(SceneSection(begin, begin + length, one_hot(Emotion.CALM, 0.8)))
        begin += length
    return out


@given(st.lists(st.floats(8.0, 600.0), min_size=1, max_size=8), st.floats(1.6, 4.0))
def test_bars_fill_a_scene_and_the_tempo_stays_near(lengths: list[float], bar_s: float) -> None:
    plan = fitted(scenes(lengths), lambda scene: bar_s)
    for section, length in zip(plan.cues, lengths, strict=True):
        assert section.bars * section.bar_s == pytest.approx(length)
        # The worst that whole numbers of bars can do is the square root of (n + 1) / n.
        assert (
            max(section.bar_s / bar_s, bar_s / section.bar_s)
            <= ((length // bar_s + 1) / (length // bar_s)) ** 0.5 + 1e-9
        )
    assert plan.seconds == pytest.approx(sum(lengths))


def test_a_film_shorter_than_a_bar_is_a_bar() -> None:
    section = fitted(scenes([0.5]), lambda scene: 2.0).cues[0]
    assert (section.bars, section.bar_s) == (1, 0.5)


def test_a_bar_line_that_is_a_hair_early_belongs_to_the_next_section() -> None:
    plan = fitted(scenes([10.0, 12.0]), lambda scene: 2.0)
    assert plan.at(9.9).section.start == 0.0
    assert plan.at(10.0 - 1e-4) is plan.at(10.0) is plan.cues[1]
    assert plan.begins(10.0 - 1e-4)
    assert not plan.begins(9.9)
    assert plan.at(500.0) is plan.cues[1]


def turning(lengths: list[float], cuts: list[bool]) -> list[SceneSection]:
    """One scene with a section of each length; those with a cut begin with it."""
    sections, begin = [], 0.0
    for k, (length, cut) in enumerate(zip(lengths, cuts, strict=True)):
        sections.append(SceneSection(begin, begin + length, one_hot(Emotion.CALM, 0.8), cut, turn=k > 0))
        begin += length
    return sections


@given(st.lists(st.tuples(st.floats(MIN_SECTION_S, 40.0), st.booleans()), min_size=1, max_size=8), st.floats(1.0, 4.0))
def test_a_turn_is_on_the_next_bar_line_and_no_section_is_too_short(
    parts: list[tuple[float, bool]], bar_s: float
) -> None:
    sections = turning([length for length, _ in parts], [cut for _, cut in parts])
    plan = fitted(sections, lambda section: bar_s)
    placed = [cue.section for cue in plan.cues]
    assert (placed[0].start, placed[-1].end) == (0.0, sections[-1].end)
    assert all(a.end == b.start for a, b in itertools.pairwise(placed))
    assert all(section.end - section.start >= MIN_SECTION_S - 1e-9 for section in placed)
    for before, cue, asked in zip(plan.cues, plan.cues[1:], sections[1:], strict=False):
        if asked.cut:
            assert cue.section.start == asked.start, "a cut is hit"
        else:
            assert abs(cue.section.start - asked.start) <= bar_s / 2 + 1e-9
            moved = cue.section.start != asked.start
            assert not moved or before.bar_s == pytest.approx(bar_s), "the tempo of the mood is kept up to there"
