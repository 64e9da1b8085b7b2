from __future__ import annotations

from collections import Counter

import pytest

from soundit_edge.emotion import Emotion
from soundit_edge.music.compose.composer import Composer
from soundit_edge.music.compose.palettes import PALETTES, ensemble_of, palette_of
from soundit_edge.music.compose.request import BarRequest
from soundit_edge.music.director.brief import sure_brief
from soundit_edge.music.ensemble import Ensemble
from soundit_edge.music.score import Part

PARTS = {Part.LEAD, Part.PAD, Part.PLUCK, Part.BASS, Part.DRUMS, Part.STINGER}


def test_every_ensemble_has_players_for_every_part_in_every_mood() -> None:
    assert set(PALETTES) == set(Ensemble)
    for palettes in PALETTES.values():
        assert set(palettes) == set(Emotion)
        assert all(set(palette.players) == PARTS for palette in palettes.values())


def test_seeds_choose_each_ensemble_about_equally_often() -> None:
    counts = Counter(ensemble_of(seed) for seed in range(300))
    assert min(counts[ensemble] for ensemble in Ensemble) > 70


@pytest.mark.parametrize("ensemble", Ensemble)
def test_who_plays_changes_no_note(ensemble: Ensemble) -> None:
    of_the_seed, chosen = Composer(5), Composer(5, ensemble)
    for _ in range(8):
        plain, bar = (c.next_bar(BarRequest(sure_brief(Emotion.HAPPY))) for c in (of_the_seed, chosen))
        assert bar.notes == plain.notes
        players = palette_of(Emotion.HAPPY, ensemble).players
        assert {part: bar.instruments[part] for part in PARTS - {Part.LEAD}} == {
            part: instrument for part, instrument in players.items() if part is not Part.LEAD
        }
