from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import mido
import pytest

from soundit_edge.emotion import Emotion
from soundit_edge.music.render.composition import OfflineBrief, bars
from soundit_edge.music.render.midi import TICKS, MidiError, write_midi
from soundit_edge.music.score import Bar, Part


def piece() -> list[Bar]:
    return list(bars(1, OfflineBrief(Emotion.HAPPY), 40.0))


def test_the_notes_come_back_as_they_were_written(tmp_path: Path) -> None:
    written = piece()
    seconds = write_midi(tmp_path / "out.mid", written)
    file = mido.MidiFile(tmp_path / "out.mid")
    assert seconds == pytest.approx(sum(bar.bar_s for bar in written))
    assert (file.type, file.ticks_per_beat) == (1, TICKS)
    names = [next(m.name for m in track if m.type == "track_name") for track in file.tracks[1:]]
    for name, track in zip(names, file.tracks[1:], strict=True):
        now, found = 0, []
        for message in track:
            now += message.time
            if message.type == "note_on":
                found.append((now, message.note))
        expected = [
            (4 * bar.number * TICKS + round(note.start * TICKS), note.pitch)
            for bar in written
            for note in bar.notes
            if note.voice is Part(name)
        ]
        assert sorted(found) == sorted(expected)
        assert sum(m.type == "note_off" for m in track) == len(found)
    assert {Part.LEAD, Part.BASS, Part.DRUMS} <= set(map(Part, names))


def test_it_says_the_tempo_the_metre_and_the_modes(tmp_path: Path) -> None:
    written = piece()
    write_midi(tmp_path / "out.mid", written)
    first = mido.MidiFile(tmp_path / "out.mid").tracks[0]
    tempi = [mido.tempo2bpm(m.tempo) for m in first if m.type == "set_tempo"]
    assert tempi[0] == pytest.approx(written[0].bpm, rel=1e-4)
    assert next(m.numerator for m in first if m.type == "time_signature") == 4
    assert "happy" in next(m.text for m in first if m.type == "marker")
    length = mido.MidiFile(tmp_path / "out.mid").length
    assert length == pytest.approx(sum(bar.bar_s for bar in written), abs=2.0)


def test_a_piece_that_fails_leaves_what_was_there(tmp_path: Path) -> None:
    def failing() -> Iterator[Bar]:
        yield piece()[0]
        raise RuntimeError("in the middle")

    (tmp_path / "out.mid").write_text("what was there")
    with pytest.raises(RuntimeError):
        write_midi(tmp_path / "out.mid", failing())
    assert [(p.name, p.read_text()) for p in tmp_path.iterdir()] == [("out.mid", "what was there")]


@pytest.mark.parametrize("place", ["no/such/out.mid", "."])
def test_a_place_that_cannot_be_written_to_is_told(tmp_path: Path, place: str) -> None:
    with pytest.raises(MidiError, match="cannot write"):
        write_midi(tmp_path / place, piece())
    assert not list(tmp_path.iterdir())
