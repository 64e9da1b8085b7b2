from __future__ import annotations

import io
import itertools
import json
import os
from pathlib import Path
from typing import Any

import av
import numpy as np
import numpy.typing as npt
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from soundit_edge.audio.decode import RATES, NotASong, TrackError, _Survey, decode
from soundit_edge.audio.format import FULL_SCALE, RATE, Stereo
from soundit_edge.audio.loudness import loudness
from soundit_edge.media.downmix import to_stereo
from soundit_edge.music.analysis import analyse as analysis
from soundit_edge.music.analysis.analyse import analyse
from soundit_edge.music.load import load
from tests.cost import in_spectra
from tests.music.signals import decibels, frequency, made_theme

SECONDS = 1.0


def tone(rate: int, channels: int, seconds: float = SECONDS) -> npt.NDArray[np.float32]:
    t = np.arange(round(seconds * rate)) / rate
    return np.repeat(0.3 * np.sin(2 * np.pi * 440.0 * t)[:, np.newaxis], channels, axis=1).astype(np.float32)


def written(path: Path, samples: npt.NDArray[Any], rate: int = RATE, **how: Any) -> Path:
    soundfile.write(path, samples, rate, **how)
    return path


def decoded(path: Path) -> tuple[Stereo, str]:
    """What a file holds, or nothing and why not."""
    try:
        return decode(path), ""
    except TrackError as error:
        return np.zeros((0, 2), dtype=np.float32), str(error)


def m4a(path: Path, samples: npt.NDArray[np.float32]) -> Path:
    with av.open(str(path), "w") as container:
        stream = container.add_stream("aac", rate=RATE)
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(samples.T), format="fltp", layout="stereo")
        frame.sample_rate = RATE
        for packet in [*stream.encode(frame), *stream.encode(None)]:
            container.mux(packet)
    return path


def mp3_of_many_rates(path: Path, samples: npt.NDArray[np.float32]) -> Path:
    """Without the header that says how long it is, as a stream that was recorded."""
    with av.open(str(path), "w", options={"write_xing": "0"}) as container:
        stream = container.add_stream("libmp3lame", rate=RATE, options={"global_quality": "236"})
        stream.codec_context.flags |= 2  # AV_CODEC_FLAG_QSCALE: constant quality, whatever rate that takes
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(samples.T), format="fltp", layout="stereo")
        frame.sample_rate = RATE
        for packet in [*stream.encode(frame), *stream.encode(None)]:
            container.mux(packet)
    return path


@pytest.mark.parametrize("rate", [8_000, 22_050, 44_100, 48_000, 96_000, 192_000])
@pytest.mark.parametrize("channels", [1, 2, 6, 8])
def test_every_rate_and_number_of_channels_is_the_same_tone(tmp_path: Path, rate: int, channels: int) -> None:
    samples = decode(written(tmp_path / "tone.wav", tone(rate, channels), rate, subtype="FLOAT"))
    assert samples.dtype == np.float32
    assert samples.shape == (round(SECONDS * RATE), 2)
    middle = samples[RATE // 10 : -RATE // 10]
    for side in middle.T:
        assert frequency(side) == pytest.approx(440.0, abs=0.01)
        assert decibels(float(np.abs(side).max()) / 0.3) == pytest.approx(0.0, abs=0.05)


@pytest.mark.parametrize(
    ("name", "how"),
    [
        ("a.wav", {"subtype": "PCM_U8"}),
        ("a.wav", {"subtype": "PCM_24"}),
        ("a.flac", {}),
        ("a.ogg", {}),
        ("a.mp3", {}),
        ("a.aiff", {}),
        ("a.w64", {}),
        ("a.opus", {"format": "OGG", "subtype": "OPUS"}),
        ("mislabelled.mp3", {"format": "WAV"}),
        ("mislabelled.wav", {"format": "FLAC"}),
        ("headerless.raw", {"format": "WAV"}),
        ("12:30.wav", {}),
        ("no name", {"format": "MP3"}),
    ],
)
def test_every_format_is_read_by_its_content(tmp_path: Path, name: str, how: dict[str, Any]) -> None:
    samples = decode(written(tmp_path / name, tone(RATE, 2), **how))
    assert len(samples) == pytest.approx(RATE, abs=2_400)  # some coders add a little
    assert frequency(samples[RATE // 4 : 3 * RATE // 4, 0]) == pytest.approx(440.0, abs=0.1)


def test_what_soundfile_cannot_read_ffmpeg_does(tmp_path: Path) -> None:
    samples = decode(m4a(tmp_path / "a.m4a", tone(RATE, 2)))
    assert len(samples) == pytest.approx(RATE, abs=2_400)
    assert frequency(samples[RATE // 4 : 3 * RATE // 4, 0]) == pytest.approx(440.0, abs=0.1)


def test_a_mix_down_is_no_louder_than_the_loudest_channel_and_keeps_the_sides_apart() -> None:
    for channels in range(1, 9):
        full = np.ones((10, channels), dtype=np.float32)
        np.testing.assert_allclose(to_stereo(full, ("",) * channels), 1.0, rtol=1e-6)
    left = np.zeros((10, 6), dtype=np.float32)
    left[:, 0] = 1.0
    assert to_stereo(left, ("",) * left.shape[1])[:, 0].min() > 0.3
    assert to_stereo(left, ("",) * left.shape[1])[:, 1].max() == 0.0


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_samples_that_are_no_numbers_become_silence(tmp_path: Path, bad: float) -> None:
    samples = tone(RATE, 2)
    samples[1000:1100] = bad
    assert np.isfinite(decode(written(tmp_path / "a.wav", samples, subtype="FLOAT"))).all()


def test_a_float_file_that_explodes_is_clipped(tmp_path: Path) -> None:
    samples = tone(RATE, 2) * np.float32(1e30)
    assert np.abs(decode(written(tmp_path / "a.wav", samples, subtype="FLOAT"))).max() <= 8.0


@pytest.mark.parametrize("count", [1, 7, 480])
@pytest.mark.parametrize("rate", [8_000, 48_000, 192_000])
def test_the_shortest_files_are_tracks(tmp_path: Path, count: int, rate: int) -> None:
    path = written(tmp_path / "short.wav", tone(rate, 1)[:count], rate)
    loaded = load(path, tmp_path)
    assert len(loaded.track.samples) == max(1, round(count * RATE / rate))
    assert loaded.analysis.rhythm.bpm is None


@pytest.mark.parametrize("level", [0.0, 0.5])
def test_silence_and_dc_are_tracks_and_not_made_loud(tmp_path: Path, level: float) -> None:
    loaded = load(written(tmp_path / "a.wav", np.full((RATE * 3, 2), level)), tmp_path)
    assert np.abs(loaded.to_int16().sound).max() <= 4 * level + 2 / FULL_SCALE  # the dither
    assert loaded.track.bpm is None
    assert loaded.track.bar_s == 2.0, "four beats at the morph's own 120 bpm"


@pytest.mark.parametrize("how", ["wav", "flac", "ogg", "mp3", "m4a"])
@pytest.mark.parametrize("share", [0.0, 0.001, 0.1, 0.5, 0.99])
def test_a_truncated_file_plays_what_it_holds_or_is_named(tmp_path: Path, how: str, share: float) -> None:
    path = tmp_path / f"a.{how}"
    if how == "m4a":
        m4a(path, tone(RATE, 2, 4.0))
    else:
        with soundfile.SoundFile(path, "w", RATE, 2) as file:
            for piece in np.array_split(tone(RATE, 2, 4.0), 50):  # libsndfile's Ogg coder crashes on much at once
                file.write(piece)
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
    samples, why = decoded(path)
    if why:
        assert why.startswith(f"{path}: ")
        assert share < 0.5 or how in ("ogg", "m4a")
    else:
        assert 0 < len(samples) <= 4.1 * RATE


@settings(max_examples=150)
@given(
    st.sampled_from(["WAV", "FLAC", "AIFF"]),
    st.lists(st.tuples(st.floats(0.0, 1.0), st.integers(0, 255)), min_size=1, max_size=20),
    st.floats(0.0, 1.0),
)
def test_a_damaged_file_is_played_or_named(
    tmp_path: Path, kind: str, damage: list[tuple[float, int]], share: float
) -> None:
    kept = io.BytesIO()
    soundfile.write(kept, tone(8_000, 1, 0.1), 8_000, format=kind)
    content = bytearray(kept.getvalue())
    for place, value in damage:
        content[int(place * (len(content) - 1))] = value
    path = tmp_path / "damaged"
    path.write_bytes(content[: int(len(content) * share)])
    samples, why = decoded(path)
    if why:
        assert why.startswith(f"{path}: ")
        assert "\n" not in why
    else:
        assert np.isfinite(samples).all()
        assert len(samples)


@settings(max_examples=50)
@given(st.binary(min_size=1, max_size=2000))
def test_a_file_that_is_no_sound_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "notes.mp3"
    path.write_bytes(b"notes: " + content)
    with pytest.raises(TrackError, match=f"^{path}: "):
        decode(path)


@pytest.mark.parametrize(
    ("rate", "channels", "why"),
    [(4_000, 1, "samples a second"), (384_000, 1, "samples a second"), (RATE, 9, "channels")],
)
def test_what_is_out_of_the_limits_is_named(tmp_path: Path, rate: int, channels: int, why: str) -> None:
    assert not RATES[0] <= rate <= RATES[1] or channels > 8
    path = written(tmp_path / "a.wav", tone(rate, channels), rate)
    with pytest.raises(TrackError, match=f"^{path}: .* {why}; it takes"):
        decode(path)


def test_an_endless_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "long.wav"
    with soundfile.SoundFile(path, "w", 8_000, 1, subtype="PCM_U8") as file:
        file.write(np.zeros(8_000 * 3_601, dtype=np.int16))
    with pytest.raises(TrackError, match="61 minutes long; a track has 60 minutes at most"):
        decode(path)


def test_what_is_missing_a_folder_or_empty_is_named(tmp_path: Path) -> None:
    (tmp_path / "empty.wav").touch()
    for name, why in {"none.wav": "no such file", ".": "a folder", "empty.wav": "the file is empty"}.items():
        with pytest.raises(TrackError, match=why):
            load(tmp_path / name, tmp_path)


def test_a_track_is_called_what_its_tags_say_or_else_its_file(tmp_path: Path) -> None:
    """One song had two names: the file's on the page, the tag's in the reasons."""
    with soundfile.SoundFile(tmp_path / "elf-land.flac", "w", RATE, 2) as file:
        file.title = "Still Another\nWanderer"
        file.write(tone(RATE, 2))
    assert load(tmp_path / "elf-land.flac", tmp_path).track.title == "Still Another Wanderer"
    assert load(written(tmp_path / "two\nlines.wav", tone(RATE, 2)), tmp_path).track.title == "two lines"


def test_a_file_whose_packets_hide_its_length_is_refused_on_the_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("soundit_edge.audio.decode.MAX_S", 2.0)
    monkeypatch.setattr("soundit_edge.audio.decode._survey", lambda path, part: _Survey(0.0, cut_by_pages=False))
    with pytest.raises(NotASong, match="1 minutes long; a track has 0 minutes at most"):
        decode(written(tmp_path / "a.wav", tone(RATE, 2, 8.0)))


def test_a_track_is_made_as_loud_as_every_other(tmp_path: Path) -> None:
    loaded = load(written(tmp_path / "a.wav", 0.05 * made_theme(1).sound[: 20 * RATE], subtype="FLOAT"), tmp_path)
    assert loudness(loaded.track.sound) < -40
    assert loudness(load(written(tmp_path / "b.wav", made_theme(1).sound), tmp_path).to_int16().sound) == pytest.approx(
        analysis.LOUDNESS, abs=0.1
    )
    assert loudness(loaded.to_int16().sound) == pytest.approx(loaded.analysis.loudness + 12.0, abs=0.1)


def test_a_track_that_drifts_has_bar_lines_of_its_own_and_a_steady_one_does_not(tmp_path: Path) -> None:
    music = made_theme(1)
    steady = load(written(tmp_path / "steady.wav", music.samples), tmp_path).track
    assert steady.bar_lines is None
    # Every bar is played a little slower or faster, as by people, by leaving out or repeating samples.
    bar = round(music.bar_samples)
    stretch = [1.0 + 0.06 * np.sin(k / 2.5) for k in range(music.bars)]
    places = np.concatenate([k * bar + np.arange(0.0, bar, speed) for k, speed in enumerate(stretch)])
    samples = music.sound[np.minimum(places, len(music.samples) - 1).astype(int)]
    lines = np.cumsum([0, *(len(np.arange(0.0, bar, speed)) for speed in stretch[:-1])])
    track = load(written(tmp_path / "drifts.wav", samples), tmp_path).track
    assert track.bar_lines is not None
    assert track.first_bar == track.bar_lines[0]
    near = np.abs(track.bar_lines[:, np.newaxis] - lines).min(axis=0)
    assert (near < 0.07 * RATE).mean() > 0.9
    assert track.bars == pytest.approx(music.bars, abs=1)


@pytest.mark.parametrize("louder_first", [False, True])
def test_an_mp3_of_many_rates_that_states_no_length_is_read_to_its_end(tmp_path: Path, louder_first: bool) -> None:
    """Its length, guessed from its first frame, would be too short or too long."""
    seconds = 8.0
    samples = tone(RATE, 2, seconds)
    samples[len(samples) // 2 :] += 0.2 * np.random.default_rng(0).standard_normal((len(samples) // 2, 2), np.float32)
    path = mp3_of_many_rates(tmp_path / "a.mp3", samples[::-1] if louder_first else samples)
    assert not {b"Xing", b"Info"} & {path.read_bytes()[k : k + 4] for k in range(2_000)}
    decoded_samples = decode(path)
    assert len(decoded_samples) == pytest.approx(seconds * RATE, abs=5_000)
    quiet, loud = (half.std() for half in np.array_split(decoded_samples, 2)[:: -1 if louder_first else 1])
    assert loud > 1.2 * quiet


def test_a_picture_in_front_of_an_mp3_changes_nothing(tmp_path: Path) -> None:
    path = written(tmp_path / "a.mp3", tone(RATE, 2))
    plain = decode(path)
    size = 70_000
    digits = bytes((size >> shift) & 127 for shift in (21, 14, 7, 0))
    path.write_bytes(b"ID3\x04\x00\x00" + digits + bytes(size) + path.read_bytes())
    np.testing.assert_array_equal(decode(path), plain)


def test_music_costs_a_few_spectra_of_it(tmp_path: Path) -> None:
    samples = made_theme(1).sound[: 30 * RATE]
    path = written(tmp_path / "a.flac", samples, 44_100)
    caches = (tmp_path / str(k) for k in itertools.count())  # what is kept there would cost nothing
    assert in_spectra(lambda: load(path, next(caches)), samples[:, 0], 2048, 441, times=2) < 30  # 6 on a quiet machine


def test_an_analysis_is_kept_and_found_again_under_another_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = load(written(tmp_path / "a.wav", tone(RATE, 2)), tmp_path / "cache")
    monkeypatch.setattr(analysis, "analyse", lambda samples: pytest.fail("it was kept"))
    os.rename(tmp_path / "a.wav", tmp_path / "b.wav")
    again = load(tmp_path / "b.wav", tmp_path / "cache")
    assert again.analysis == first.analysis
    assert again.track.title == "b"
    assert len(list((tmp_path / "cache/tracks").iterdir())) == 1


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        b"{",
        b"[]",
        b"{}",
        b'{"version": 0}',
        b'{"version": 4, "other": 1}',
        b"\xff\xfe",
    ],
)
def test_a_broken_entry_is_made_anew(tmp_path: Path, broken: bytes) -> None:
    path = written(tmp_path / "a.wav", tone(RATE, 2))
    first = load(path, tmp_path / "cache")
    (entry,) = (tmp_path / "cache/tracks").iterdir()
    entry.write_bytes(broken)
    assert load(path, tmp_path / "cache").analysis == first.analysis
    assert json.loads(entry.read_bytes())["version"] == analysis.VERSION


@pytest.mark.parametrize(
    ("part", "name", "value"),
    [
        (None, "loudness", float("nan")),
        (None, "loudness", "x"),
        (None, "version", 1),
        (None, "onsets", [5, 3]),
        (None, "cues", [0.5]),
        (None, "cues", [float("nan")] * 10),
        (None, "onsets", [1e99]),
        (None, "onsets", [99_999_999]),
        (None, "rhythm", None),
        ("rhythm", "bpm", 0),
        ("rhythm", "beats_per_bar", 0),
        ("rhythm", "first_bar", -1),
        ("rhythm", "first_bar", 99_999_999),
        ("rhythm", "beats", [3, 3]),
        ("rhythm", "first_beat", 7),
        ("rhythm", "clear", float("nan")),
        ("rhythm", "steady", 2.0),
        ("key", "tonic", 12),
    ],
)
def test_an_entry_that_cannot_be_is_made_anew(tmp_path: Path, part: str | None, name: str, value: object) -> None:
    path = written(tmp_path / "a.wav", tone(RATE, 2))
    first = load(path, tmp_path / "cache")
    (entry,) = (tmp_path / "cache/tracks").iterdir()
    whole = entry.read_bytes()
    content = json.loads(whole)
    (content if part is None else content[part])[name] = value
    entry.write_text(json.dumps(content))
    assert load(path, tmp_path / "cache").analysis == first.analysis
    assert entry.read_bytes() == whole


def test_a_cache_that_cannot_be_written_costs_only_time(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file is in the way")
    path = written(tmp_path / "a.wav", tone(RATE, 2))
    assert load(path, tmp_path / "cache").analysis == analyse(decode(path))
