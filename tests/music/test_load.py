from __future__ import annotations

import io
import json
import os
import time
from pathlib import Path
from typing import Any

import av
import numpy as np
import numpy.typing as npt
import pytest
import soundfile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from soundit_edge.music import analysis
from soundit_edge.music.analysis import analyse
from soundit_edge.music.compose.theme import theme
from soundit_edge.music.decode import RATES, TrackError, decode, mixed_down
from soundit_edge.music.format import RATE, Stereo
from soundit_edge.music.load import load
from soundit_edge.music.loudness import loudness
from soundit_edge.music.tempo import UNKNOWN_BPM, tempo
from tests.music.signals import decibels, frequency, sine, stereo

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
        np.testing.assert_allclose(mixed_down(full), 1.0, rtol=1e-6)
    left = np.zeros((10, 6), dtype=np.float32)
    left[:, 0] = 1.0
    assert mixed_down(left)[:, 0].min() > 0.3
    assert mixed_down(left)[:, 1].max() == 0.0


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
    assert loaded.analysis.bpm == UNKNOWN_BPM


@pytest.mark.parametrize("level", [0.0, 0.5])
def test_silence_and_dc_are_tracks_and_not_made_loud(tmp_path: Path, level: float) -> None:
    loaded = load(written(tmp_path / "a.wav", np.full((RATE * 3, 2), level)), tmp_path)
    levelled = loaded.levelled()
    assert np.abs(levelled.samples).max() <= 4 * level
    assert loaded.track.bpm == UNKNOWN_BPM


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


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
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


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
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
    with pytest.raises(TrackError, match="60 minutes long; it takes 60 at most"):
        decode(path)


def test_what_is_missing_a_folder_or_empty_is_named(tmp_path: Path) -> None:
    (tmp_path / "empty.wav").touch()
    for name, why in {"none.wav": "no such file", ".": "a folder", "empty.wav": "the file is empty"}.items():
        with pytest.raises(TrackError, match=why):
            load(tmp_path / name, tmp_path)


def test_a_levelled_track_is_as_loud_as_every_other(tmp_path: Path) -> None:
    loaded = load(written(tmp_path / "a.wav", 0.05 * theme(1).samples[: 20 * RATE], subtype="FLOAT"), tmp_path)
    assert loudness(loaded.track.samples) < -40
    assert loudness(load(written(tmp_path / "b.wav", theme(1).samples), tmp_path).levelled().samples) == pytest.approx(
        analysis.LOUDNESS, abs=0.1
    )
    assert loudness(loaded.levelled().samples) == pytest.approx(loaded.analysis.loudness + 12.0, abs=0.1)


@pytest.mark.parametrize("bpm", [72.0, 96.0, 120.0, 138.0])
def test_the_tempo_of_a_beat_is_found(bpm: float) -> None:
    samples = np.zeros(20 * RATE)
    burst = np.random.default_rng(0).standard_normal(2000) * np.exp(-np.arange(2000) / 300.0)
    for at in np.arange(0.1, 19.9, 60.0 / bpm):
        samples[int(at * RATE) : int(at * RATE) + 2000] += 0.2 * burst
    octaves = np.log2(tempo(stereo(samples)) / bpm)
    assert abs(octaves - round(octaves)) < 0.01


def test_the_tempo_of_the_theme_is_found() -> None:
    assert tempo(theme(2).samples) == pytest.approx(96.0, rel=0.01)


def test_a_tone_has_no_tempo() -> None:
    assert tempo(sine(440.0, 10.0)) == UNKNOWN_BPM


def test_a_minute_of_music_is_ready_within_a_second(tmp_path: Path) -> None:
    samples = np.tile(theme(1).samples, (2, 1))[: 60 * RATE]
    path = written(tmp_path / "a.flac", samples, 44_100)
    began = time.process_time()
    load(path, tmp_path)
    assert time.process_time() - began < 1.0


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
        b'{"version": 1, "loudness": NaN, "bpm": 90.0, "beats_per_bar": 4, "onsets": []}',
        b'{"version": 1, "loudness": -18, "bpm": 0, "beats_per_bar": 4, "onsets": []}',
        b'{"version": 1, "loudness": "x", "bpm": 90, "beats_per_bar": 4, "onsets": []}',
        b'{"version": 1, "loudness": -18, "bpm": 90, "beats_per_bar": 4, "onsets": [5, 3]}',
        b'{"version": 1, "loudness": -18, "bpm": 90, "beats_per_bar": 4, "onsets": [1e99]}',
        b'{"version": 1, "loudness": -18, "bpm": 90, "beats_per_bar": 4, "onsets": [99999999]}',
        b'{"version": 1, "other": 1}',
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


def test_a_cache_that_cannot_be_written_costs_only_time(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file is in the way")
    path = written(tmp_path / "a.wav", tone(RATE, 2))
    assert load(path, tmp_path / "cache").analysis == analyse(decode(path))
