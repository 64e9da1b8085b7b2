"""One contract, and every synthesiser that keeps it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from soundit_edge.audio.format import BLOCK, RATE, Stereo
from soundit_edge.audio.loudness import loudness
from soundit_edge.music.general_midi import HAT, KICK, KITS, PROGRAMS, SNARE, Instrument
from soundit_edge.music.score import MidiController, Part
from soundit_edge.music.synth import fluidsynth
from soundit_edge.music.synth.additive import hertz
from soundit_edge.music.synth.drum_samples import stroke
from soundit_edge.music.synth.fluidsynth import FluidSynth
from soundit_edge.music.synth.open_stems import KINDS, open_stems
from soundit_edge.music.synth.synth import GRID, PARTS, ControlEvent, NoteEvent, SynthError
from soundit_edge.music.synth.wavetable import Wavetable
from tests.fakes.dry import DryMix
from tests.music.signals import frequency

SUSTAINED = (Instrument.CELLO, Instrument.CLARINET, Instrument.BRASS, Instrument.SLOW_STRINGS)


class Player:
    """Plays strikes, one after the other, on one synthesiser: FluidSynth takes two seconds to read its SoundFont."""

    def __init__(self, kind: str) -> None:
        try:
            self._synth = DryMix(open_stems(kind))
        except SynthError as error:
            pytest.skip(str(error))
        self._kind = kind
        self._done = 0

    def play(self, strikes: list[NoteEvent], seconds: float, moved: Sequence[ControlEvent] = ()) -> Stereo:
        """What they sound like, once all is silent that was played before."""
        for _ in range(10):  # some ring for longer than four seconds
            faded = self._synth.render(-(-4 * RATE // BLOCK) * BLOCK)
            self._done += len(faded)
            if np.abs(faded[-RATE:]).max() < 1e-5:
                break
        for strike in strikes:
            self._synth.note_on(replace(strike, start=strike.start + self._done))
        for event in moved:
            self._synth.control(replace(event, start=event.start + self._done))
        count = round(seconds * RATE)
        rendered = self._synth.render(-(-count // BLOCK) * BLOCK)
        self._done += len(rendered)
        return rendered[:count]

    def new(self, ready: bool = True) -> DryMix:
        """Another synthesiser of the kind."""
        return DryMix(open_stems(self._kind, ready=tuple(PROGRAMS) if ready else ()))

    def close(self) -> None:
        self._synth.close()


@pytest.fixture(scope="module", params=["fluid", "wavetable"])
def player(request: pytest.FixtureRequest) -> Iterator[Player]:
    player = Player(request.param)
    yield player
    player.close()


def note(
    start: float,
    length: float,
    key: int,
    instrument: Instrument = Instrument.CLARINET,
    velocity: float = 0.7,
    voice: Part = Part.LEAD,
) -> NoteEvent:
    return NoteEvent(round(start * RATE), round(length * RATE), voice, instrument, key, velocity)


def level(samples: Stereo) -> float:
    return float(np.sqrt(np.mean(np.square(samples))))


def test_a_note_sounds_when_and_as_long_as_it_is_told(player: Player) -> None:
    out = player.play([note(0.5, 0.5, 69)], 3.0)
    assert out.shape == (3 * RATE, 2)
    assert out.dtype == np.float32
    before, during, after = out[: RATE // 2], out[RATE * 6 // 10 : RATE], out[RATE * 2 :]
    assert np.abs(before).max() < 1e-4
    assert level(during) > 0.01
    assert level(after) < 0.01 * level(during)
    heard = int(np.argmax(np.abs(out).max(axis=1) > 1e-3))
    assert RATE // 2 <= heard < RATE // 2 + 0.03 * RATE


@pytest.mark.parametrize("key", [57, 60, 69])
@pytest.mark.parametrize("instrument", SUSTAINED)
def test_it_has_its_pitch(player: Player, instrument: Instrument, key: int) -> None:
    out = player.play([note(0.0, 2.0, key, instrument)], 2.0)[RATE // 2 : RATE * 3 // 2].sum(axis=1)
    # The strongest tone is one of the first harmonics.
    ratio = frequency(out) / hertz(key)
    assert abs(1200 * np.log2(ratio / round(ratio))) < 15.0
    assert 1 <= round(ratio) <= 4


def test_harder_is_louder(player: Player) -> None:
    soft, hard = (level(player.play([note(0.0, 0.5, 69, velocity=v)], 1.0)) for v in (0.3, 0.9))
    assert hard > 2.0 * soft


def test_the_samples_do_not_depend_on_how_many_are_asked_for_at_a_time(player: Player) -> None:
    random = np.random.default_rng(1)
    strikes = [
        note(0.05 * k, 0.2, 50 + k % 24, list(PROGRAMS)[k % 20], voice=[Part.LEAD, Part.PLUCK, Part.BASS][k % 3])
        for k in range(40)
    ]
    strikes += [note(0.1 * k, 0.1, drum, Instrument.KIT, voice=Part.DRUMS) for k, drum in enumerate((KICK, SNARE) * 8)]
    pieces: dict[bool, list[Stereo]] = {False: [], True: []}
    for split, rendered in pieces.items():
        synth, there = player.new(), 0
        for strike in strikes:
            synth.note_on(strike)
        while there < 3 * RATE:
            count = min(3 * RATE - there, int(random.integers(1, 3_000)) if split else RATE)
            rendered.append(synth.render(count))
            there += count
        synth.close()
        synth.close()  # again: nothing
    np.testing.assert_array_equal(np.concatenate(pieces[True]), np.concatenate(pieces[False]))


def test_a_key_that_is_struck_again_is_not_let_go_by_the_first_note(player: Player) -> None:
    out = player.play([note(0.0, 1.0, 69), note(0.5, 2.0, 69)], 2.5)
    assert level(out[RATE * 3 // 2 : 2 * RATE]) > 0.01


def moved(start: float, controller: MidiController, value: float) -> ControlEvent:
    return ControlEvent(round(start * RATE), Part.LEAD, controller, value)


def test_expression_turns_a_sounding_note_down_and_up_again(player: Player) -> None:
    steps = [moved(1.0, MidiController.EXPRESSION, 0.4), moved(2.0, MidiController.EXPRESSION, 1.0)]
    out = player.play([note(0.0, 3.0, 69)], 3.0, steps)
    loud, soft, again = (level(out[round(at * RATE) : round((at + 0.5) * RATE)]) for at in (0.4, 1.4, 2.4))
    assert 0.1 < soft / loud < 0.35
    assert again == pytest.approx(loud, rel=0.2)


def test_the_bend_moves_the_pitch_two_semitones_each_way_and_back(player: Player) -> None:
    steps = [
        moved(1.0, MidiController.BEND, 1.0),
        moved(2.0, MidiController.BEND, -0.5),
        moved(2.9, MidiController.BEND, 0.0),
    ]
    out = player.play([note(0.0, 3.0, 69, Instrument.FLUTE)], 3.0, steps).sum(axis=1)
    plain, up, down = (frequency(out[round(at * RATE) : round((at + 0.5) * RATE)]) for at in (0.4, 1.4, 2.2))
    assert 12 * np.log2(up / plain) == pytest.approx(2.0, abs=0.1)
    assert 12 * np.log2(down / plain) == pytest.approx(-1.0, abs=0.1)


def test_the_pedal_holds_what_was_let_go_until_it_comes_up(player: Player) -> None:
    steps = [moved(0.1, MidiController.PEDAL, 1.0), moved(2.0, MidiController.PEDAL, 0.0)]
    out = player.play([note(0.2, 0.3, 69)], 4.0, steps)
    held, after = level(out[RATE : round(1.8 * RATE)]), level(out[3 * RATE :])
    assert held > 0.005
    assert after < 0.05 * held
    plain = player.play([note(0.2, 0.3, 69)], 2.0)
    assert level(plain[round(1.5 * RATE) :]) < 0.2 * held


def test_modulation_makes_the_pitch_waver(player: Player) -> None:
    still, wavering = (
        player.play([note(0.0, 2.0, 69, Instrument.BRASS)], 2.0, [moved(0.0, MidiController.MODULATION, value)])
        for value in (0.0, 1.0)
    )
    player.play([], 0.1, [moved(0.0, MidiController.MODULATION, 0.0)])
    assert not np.allclose(still[RATE:], wavering[RATE:], atol=1e-3)


def test_a_part_that_changes_its_instrument_rings_on(player: Player) -> None:
    harp, cello = note(0.0, 1.0, 60, Instrument.HARP), note(0.25, 0.5, 72, Instrument.CELLO)
    alone, both = player.play([harp], 0.5), player.play([harp, cello], 0.5)
    assert level(both[: RATE // 4]) == pytest.approx(level(alone[: RATE // 4]), rel=0.05)
    late = slice(RATE // 4, None)
    assert level(both[late] - alone[late]) > 0.1 * level(alone[late])
    assert np.corrcoef(both[late, 0], alone[late, 0])[0, 1] > 0.5


LOW = {
    i
    for i in Instrument
    if any(word in i for word in ("bass", "tuba", "cello", "horn", "distorted", "brass", "trombone", "timpani"))
}


def test_every_instrument_is_there_and_as_loud_as_the_others(player: Player) -> None:
    loudnesses = {}
    for instrument in [i for i in Instrument if i not in KITS]:
        base = 45 if instrument in LOW else 67
        strikes = [note(0.5 * k, 0.4, base + (0, 4, 7, 3)[k], instrument) for k in range(4)]
        loudnesses[instrument] = loudness(player.play(strikes, 2.0))
    middle = float(np.median(list(loudnesses.values())))
    assert {i: far for i, lufs in loudnesses.items() if abs(far := lufs - middle) > 5.0} == {}
    assert set(PARTS) == set(Part)


@pytest.mark.parametrize("drum", [KICK, SNARE, HAT])
def test_drums_are_heard_at_once_and_are_over_soon(player: Player, drum: int) -> None:
    out = player.play([note(0.25, 0.1, drum, Instrument.KIT, 0.9, Part.DRUMS)], 3.0)
    assert np.abs(out[: RATE // 4]).max() < 1e-4
    assert level(out[RATE // 4 : RATE // 2]) > 0.002
    assert level(out[-RATE // 2 :]) < 0.02 * level(out[RATE // 4 : RATE // 2])


def test_nothing_clicks_when_a_note_is_let_go(player: Player) -> None:
    out = player.play([note(0.0, 0.7, 57, Instrument.SLOW_STRINGS)], 2.0).sum(axis=1)
    around = np.diff(out[round(0.68 * RATE) : round(0.75 * RATE)])
    usual = np.diff(out[round(0.5 * RATE) : round(0.68 * RATE)])
    assert np.abs(around).max() < 2.0 * np.abs(usual).max()


def test_onsets_lie_on_the_grid() -> None:
    """Whatever the machine has: our own synthesiser does as FluidSynth does."""
    synth = DryMix(Wavetable())
    synth.note_on(NoteEvent(1_000, 4_000, Part.PLUCK, Instrument.PIANO, 60, 0.9))
    out = synth.render(RATE // 5)
    first = int(np.argmax(np.abs(out).max(axis=1) > 0))
    assert 1_000 <= first <= 1_000 + GRID


def test_an_unknown_drum_is_silent_and_the_others_are_not_too_loud() -> None:
    assert not len(stroke(3))
    assert all(np.abs(stroke(drum)).max() <= 1.0 for drum in (KICK, SNARE, HAT))


def test_without_fluidsynth_our_own_plays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fluidsynth, "LIBRARIES", ("libnothing.so.0",))
    assert isinstance(open_stems(), Wavetable)
    with pytest.raises(SynthError, match=r"SoundFont|libfluidsynth3"):
        open_stems("fluid")


@pytest.mark.parametrize("player", ["fluid"], indirect=True)  # it has the SoundFont open, which is then read once
def test_instruments_that_are_read_when_they_are_first_played_sound_the_same(player: Player) -> None:
    """`soundit compose` waited three seconds for instruments that it did not play."""
    played = [Instrument.CELLO, Instrument.HARP, Instrument.CELLO]
    strikes = [note(k, 0.5, 60, instrument) for k, instrument in enumerate(played)]
    strikes.append(note(0.0, 0.1, KICK, Instrument.KIT, voice=Part.DRUMS))
    rendered = []
    for ready in (True, False):
        with contextlib.closing(player.new(ready)) as synth:
            for strike in strikes:
                synth.note_on(strike)
            rendered.append(synth.render(300 * BLOCK))
    assert level(rendered[0]) > 0.01
    np.testing.assert_array_equal(rendered[0], rendered[1])


@pytest.mark.parametrize("content", [None, b"", b"RIFF, but no SoundFont"])
def test_a_soundfont_that_cannot_be_read_is_told_and_ours_plays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], content: bytes | None
) -> None:
    try:
        fluidsynth._library()
    except SynthError as error:
        pytest.skip(str(error))
    font = tmp_path / "mine.sf2"
    if content is not None:
        font.write_bytes(content)
    monkeypatch.setenv("SOUNDIT_SOUNDFONT", str(font))
    with pytest.raises(SynthError, match=r"mine\.sf2"):
        FluidSynth()
    assert isinstance(open_stems(), Wavetable)
    assert capfd.readouterr() == ("", "")  # FluidSynth is silent


def test_no_soundfont_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOUNDIT_SOUNDFONT", raising=False)
    monkeypatch.setattr(fluidsynth, "FONTS", ())
    with pytest.raises(SynthError, match="SOUNDIT_SOUNDFONT"):
        FluidSynth()


def test_a_font_that_is_gpl_is_not_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOUNDIT_SOUNDFONT", raising=False)
    (tmp_path / fluidsynth.UNWANTED).write_bytes(b"font")
    (tmp_path / "default-GM.sf2").symlink_to(tmp_path / fluidsynth.UNWANTED)
    monkeypatch.setattr(fluidsynth, "FONTS", (str(tmp_path / "default-GM.sf2"),))
    assert fluidsynth.find_font() is None
    (tmp_path / "free.sf2").write_bytes(b"font")
    monkeypatch.setattr(fluidsynth, "FONTS", (str(tmp_path / "default-GM.sf2"), str(tmp_path / "free.sf2")))
    assert fluidsynth.find_font() == tmp_path / "free.sf2"


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(ValueError, match=", ".join(KINDS)):
        open_stems("tape")
