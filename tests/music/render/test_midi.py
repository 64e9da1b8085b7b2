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


def begins(bars: list[Bar]) -> list[int]:
    """The tick at which each bar begins."""
    lengths = [bar.beats_per_bar * TICKS * bar.division // 2 for bar in bars]
    return [sum(lengths[:k]) for k in range(len(lengths))]


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
            (max(0, begin + round(note.start * TICKS * bar.division / 2)), note.pitch)
            for begin, bar in zip(begins(written), written, strict=True)
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
    assert tempi[0] == pytest.approx(written[0].bpm * written[0].division / 2, rel=1e-4)
    signature = next(m for m in first if m.type == "time_signature")
    assert f"{signature.numerator}/{signature.denominator}" == written[0].metre
    assert "intro: happy" in next(m.text for m in first if m.type == "marker")
    length = mido.MidiFile(tmp_path / "out.mid").length
    assert length == pytest.approx(sum(bar.bar_s for bar in written), abs=4.0)


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


@pytest.mark.parametrize("emotion", [Emotion.SAD, Emotion.DISGUSTED])
def test_the_controllers_are_in_it_and_every_note_is_let_go_before_it_is_struck_again(
    tmp_path: Path, emotion: Emotion
) -> None:
    write_midi(tmp_path / "out.mid", bars(2, OfflineBrief(emotion), 40.0))
    file = mido.MidiFile(tmp_path / "out.mid")
    numbers = {m.control for track in file.tracks for m in track if m.type == "control_change"}
    assert {1, 11} <= numbers
    assert (64 in numbers) == (emotion is Emotion.SAD)
    bends = [m.pitch for track in file.tracks for m in track if m.type == "pitchwheel"]
    assert bool(bends) == (emotion is Emotion.DISGUSTED)
    for track in file.tracks:
        down = set[int]()
        for message in track:
            if message.type == "note_on":
                assert message.note not in down
                down.add(message.note)
            elif message.type == "note_off":
                down.remove(message.note)
        assert not down


def test_metres_of_three_and_six_have_their_own_bars(tmp_path: Path) -> None:
    for seed in range(30):
        piece = list(bars(seed, OfflineBrief(Emotion.CALM), 40.0))
        if piece[0].division == 3:
            break
    write_midi(tmp_path / "out.mid", piece)
    file = mido.MidiFile(tmp_path / "out.mid")
    assert file.length == pytest.approx(40.0, abs=0.5)
