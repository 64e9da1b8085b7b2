"""Which senses are switched on."""

from __future__ import annotations

from pathlib import Path

import pytest

from soundit_edge.inference.models import ModelSet, ModelSetError, default_folder
from soundit_edge.senses.ensemble import assemble
from soundit_edge.settings import SensesSettings


def test_all_senses_by_what_they_perceive() -> None:
    senses = assemble(SensesSettings(), ModelSet(default_folder()))
    assert [sense.name for sense in senses.seeing] == ["face", "hue"]
    assert [(hearing.sense.name, hearing.window) for hearing in senses.hearing] == [("voice", 2.5)]


@pytest.mark.parametrize("off", ["face", "hue", "voice"])
def test_one_can_be_switched_off(off: str) -> None:
    senses = assemble(SensesSettings(**{off: False}), ModelSet(default_folder()))
    names = {sense.name for sense in senses.seeing} | {hearing.sense.name for hearing in senses.hearing}
    assert names == {"face", "hue", "voice"} - {off}


def test_what_is_switched_off_is_not_loaded(tmp_path: Path) -> None:
    (tmp_path / "set.json").write_text('{"version": 1, "name": "empty", "models": {}}')
    empty = ModelSet(tmp_path)
    assert len(assemble(SensesSettings(face=False, voice=False), empty).seeing) == 1
    with pytest.raises(ModelSetError, match="face_expression"):
        assemble(SensesSettings(voice=False), empty)
