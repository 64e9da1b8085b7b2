from __future__ import annotations

import pytest

from soundit_edge.music.ensemble import AUTO, Ensemble, ensemble_named
from soundit_edge.settings import MusicSettings
from soundit_edge.tables.choices import PALETTE_WORDS


def test_settings_and_commands_know_every_ensemble_by_its_name() -> None:
    assert tuple(PALETTE_WORDS) == (AUTO, *Ensemble)
    assert ensemble_named(MusicSettings().palette) is None
    assert [ensemble_named(name) for name in Ensemble] == list(Ensemble)


def test_an_unknown_ensemble_is_refused() -> None:
    with pytest.raises(ValueError, match="gamelan"):
        ensemble_named("gamelan")
