"""A film scored from end to end, with senses that say what a test wants."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest
import soundfile
from scipy.signal import lfilter, resample_poly

from soundit_edge.capture.capture import CaptureError, Frame
from soundit_edge.emotion import Emotion, Reading, one_hot
from soundit_edge.errors import SounditError
from soundit_edge.film.score import score_film
from soundit_edge.film.scorer import ScoreOptions
from soundit_edge.senses.registry import SenseSet
from soundit_edge.settings import Settings
from tests.capture.media import film as sound_and_bar
from tests.capture.media import still
from tests.fakes.senses import SaysOfFrames, ensemble
from tests.film.films import BLUE, RATE, RED, Making, Samples, clicks, heard, packets, speech
from tests.film.rewriting import pictures

STORY = [(9.0, RED), (8.4, BLUE)]
SECONDS = 17.4


class ByColour:
    """Takes red pictures for happy ones and blue ones for sad ones.

    Attributes:
        seen: moments of the frames that it was shown.
        stops: the moment from which on it fails, as Ctrl-C does.
    """

    name, period = "face", 0.1

    def __init__(self, stops: float = np.inf) -> None:
        self.seen: list[float] = []
        self.stops = stops

    def read(self, perceived: Frame) -> Reading | None:
        if perceived.t >= self.stops:
            raise KeyboardInterrupt
        self.seen.append(perceived.t)
        red = perceived.rgb[:, :, 0].mean() > perceived.rgb[:, :, 2].mean()
        return Reading("face", perceived.t, one_hot(Emotion.HAPPY if red else Emotion.SAD, 0.9), 0.9)


def by(sense: ByColour) -> Callable[[Settings], SenseSet]:
    return lambda settings: SenseSet((sense,), ())


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOUNDIT_CACHE", str(tmp_path / "cache"))


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Nine seconds of red and more than eight of blue, with some speech and a click in it."""
    sound = speech(SECONDS, [(3.6, 6.0)]) + clicks(SECONDS, [12.5])
    return Making(STORY, sound, fps=10).write(tmp_path_factory.mktemp("story") / "story.mp4")


@pytest.fixture(scope="module")
def scored(story: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the story scored in one go: the film, a plot and a report."""
    folder = tmp_path_factory.mktemp("scored")
    wish = ScoreOptions(source="morph", plot=folder / "p.png", report=folder / "report.json")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOUNDIT_CACHE", str(folder / "cache"))
        patch.setenv("SOUNDIT_SETTINGS", str(folder / "settings.toml"))
        score_film(story, folder / "out.mp4", wish, None, by(ByColour()))
    return folder


@pytest.fixture(scope="module")
def chord(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A track of four seconds, which is ready sooner than the theme."""
    t = np.arange(4 * RATE) / RATE
    sound = sum(np.sin(2 * np.pi * hertz * t) for hertz in (220.0, 277.2, 329.6, 880.0, 2637.0))
    path = tmp_path_factory.mktemp("track") / "chord.wav"
    soundfile.write(path, 0.1 * np.asarray(sound), RATE)
    return path


def report(folder: Path) -> dict[str, object]:
    content = json.loads((folder / "report.json").read_text())
    assert isinstance(content, dict)
    return content


def lufs(sound: Samples) -> float:
    """Integrated loudness by the recommendation's own filters in time (ITU-R BS.1770-4), apart from ours by spectra."""
    shelf = [1.53512485958697, -2.69169618940638, 1.19839281085285], [1.0, -1.69065929318241, 0.73248077421585]
    high = [1.0, -2.0, 1.0], [1.0, -1.99004745483398, 0.99007225036621]
    weighted = lfilter(*high, lfilter(*shelf, sound.astype(np.float64), axis=0), axis=0)
    starts = range(0, len(sound) - 19_200 + 1, 4_800)
    powers = np.array([np.square(weighted[k : k + 19_200]).mean(axis=0).sum() for k in starts])
    powers = powers[-0.691 + 10 * np.log10(powers + 1e-12) > -70]
    gate = -0.691 + 10 * np.log10(powers.mean()) - 10
    return float(-0.691 + 10 * np.log10(powers[-0.691 + 10 * np.log10(powers) > gate].mean()))


def true_peak_db(sound: Samples) -> float:
    return float(20 * np.log10(np.abs(resample_poly(sound.astype(np.float64), 4, 1, axis=0)).max()))


def test_the_whole_way(story: Path, scored: Path) -> None:
    out, told = scored / "out.mp4", report(scored)
    assert list(told) == ["duration_s", "scenes", "sections", "music", "wall_s"]
    assert told["duration_s"] == SECONDS
    scenes, music = told["scenes"], told["music"]
    assert isinstance(scenes, list)
    assert isinstance(music, list)
    assert [(s["start"], s["end"], s["emotion"]) for s in scenes] == [(0, 9.0, "happy"), (9.0, SECONDS, "sad")]
    assert list(scenes[0]) == ["start", "end", "emotion", "valence", "arousal"]
    sections = told["sections"]
    assert isinstance(sections, list)
    assert [(s["start"], s["turn"], s["notes_per_s"], s["pitch"]) for s in sections] == [
        (0, False, None, None),
        (9.0, False, None, None),
    ], "the notes of a track are not known"
    assert list(music[0]) == ["start", "end", "source", "tempo_bpm", "key", "mode"]
    assert music[0]["tempo_bpm"] > 100 > music[1]["tempo_bpm"]
    assert (scored / "p.png").read_bytes().startswith(b"\x89PNG")
    assert packets(out) == packets(story)
    sound = heard(out)
    assert lufs(sound) == pytest.approx(-16.0, abs=0.5)
    assert true_peak_db(sound) <= -1.0
    assert len(sound) / RATE == pytest.approx(SECONDS, abs=0.03)
    ends = np.abs(sound[round((SECONDS - 0.02) * RATE) :]).max()
    assert ends < 0.02, "the music has come to its end"
    assert not list(scored.glob(".*part"))
    with av.open(str(out)) as container:
        assert container.duration == pytest.approx(SECONDS * av.time_base, abs=0.03 * av.time_base)


@pytest.mark.thorough
def test_the_same_seed_gives_the_same_sound(tmp_path: Path) -> None:
    story = Making([(1.0, RED), (1.0, BLUE)], speech(2.0, [(0.5, 1.5)])).write(tmp_path / "story.mp4")
    sounds = []
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        score_film(story, tmp_path / f"{name}.mp4", ScoreOptions(seed, "morph"), None, by(ByColour()))
        sounds.append(heard(tmp_path / f"{name}.mp4"))
    np.testing.assert_array_equal(sounds[0], sounds[1])
    assert not np.array_equal(sounds[0], sounds[2])
    assert (tmp_path / "a.mp4").read_bytes() == (tmp_path / "b.mp4").read_bytes()


def test_replace_leaves_nothing_of_the_films_sound(tmp_path: Path, chord: Path) -> None:
    loud = Making([(3.0, RED)], clicks(3.0, [1.0, 2.0])).write(tmp_path / "loud.mp4")
    mute = Making([(3.0, RED)]).write(tmp_path / "mute.mp4")
    for path, keep in ((loud, False), (mute, True)):
        wish = ScoreOptions(1, "morph", chord, keep_dialogue=keep)
        score_film(path, path.with_suffix(".out.mp4"), wish, None, by(ByColour()))
    np.testing.assert_array_equal(heard(tmp_path / "loud.out.mp4"), heard(tmp_path / "mute.out.mp4"))


@pytest.mark.thorough
def test_a_run_that_was_stopped_goes_on(tmp_path: Path, story: Path, scored: Path, chord: Path) -> None:
    out, notes = tmp_path / "out.mp4", tmp_path / "notes.wav"
    out.write_text("what was there")
    notes.write_text("no track: this is found out once the film has been read")
    first = ByColour(stops=12.0)
    with pytest.raises(KeyboardInterrupt):
        score_film(story, out, ScoreOptions(source="morph", track=notes), None, by(first))
    assert out.read_text() == "what was there"
    assert not list(tmp_path.glob(".*part"))
    second = ByColour()
    score_film(story, out, ScoreOptions(source="morph", track=chord, report=tmp_path / "report.json"), None, by(second))
    assert 4.0 < second.seen[0] < 11.0 < first.seen[-1], "some seconds to warm up"
    assert report(tmp_path)["scenes"] == report(scored)["scenes"], "as if nothing had happened"
    third = ByColour()
    with pytest.raises(SounditError, match="notes"):
        score_film(story, out, ScoreOptions(source="morph", track=notes), None, by(third))
    assert third.seen == [], "what was read to its end is not read again"


def test_music_makes_way_for_speech(tmp_path: Path, chord: Path) -> None:
    sound = speech(12.0, [(7.1, 9.6)])
    path = Making([(12.0, RED)], sound, fps=10).write(tmp_path / "talk.mp4")
    for keep in (True, False):
        wish = ScoreOptions(source="morph", track=chord, keep_dialogue=keep)
        score_film(path, tmp_path / f"{keep}.mp4", wish, None, by(ByColour()))
    kept, replaced = (heard(tmp_path / f"{keep}.mp4")[:, 0] for keep in (True, False))

    def share(begin: float, end: float) -> float:
        """How much of the music alone is in the mixture."""
        a, b = (x[round(begin * RATE) : round(end * RATE)] for x in (kept, replaced))
        return float(a @ b / (b @ b))

    assert 20 * np.log10(share(7.6, 9.4) / share(1.0, 5.0)) == pytest.approx(-11.0, abs=2.0)


@pytest.mark.parametrize(
    ("wish", "why"),
    [
        (ScoreOptions(source="radio"), "compose, library, morph"),
        (ScoreOptions(source="libary"), r"not 'libary'; did you mean 'library'\?"),
        (ScoreOptions(source="compose", track=Path("song.mp3")), "--with morph"),
        (ScoreOptions(palette="bnad"), "not 'bnad'; did you mean 'band'"),
        (ScoreOptions(source="morph", palette="band"), "--with compose"),
        (ScoreOptions(source="library"), "no library yet"),
        (ScoreOptions(source="morph", track=Path("missing.mp3")), "no such file"),
        (ScoreOptions(source="morph", plot=Path("plot.jpg")), ".png"),
        (ScoreOptions(source="morph", report=Path("report.txt")), ".json"),
        (ScoreOptions(source="morph", report=Path("missing/report.json")), "no folder"),
    ],
)
def test_wishes_that_make_no_sense_are_refused(tmp_path: Path, wish: ScoreOptions, why: str) -> None:
    path = Making([(1.0, RED)]).write(tmp_path / "film.mp4")
    with pytest.raises(SounditError, match=why.replace(".", r"\.")):
        score_film(path, tmp_path / "out.mp4", wish, None, by(ByColour()))
    assert sorted(p.name for p in tmp_path.iterdir() if p.name != "cache") == ["film.mp4"]


@pytest.mark.parametrize(
    ("name", "why"),
    [("out.avi", "has to end in"), ("out", "has to end in"), ("film.mp4", "is the input"), ("no/out.mp4", "no folder")],
)
def test_names_that_cannot_be_written_are_refused(tmp_path: Path, name: str, why: str) -> None:
    path = Making([(1.0, RED)]).write(tmp_path / "film.mp4")
    with pytest.raises(SounditError, match=why):
        score_film(path, tmp_path / name, ScoreOptions(source="morph"), None, by(ByColour()))


@pytest.mark.parametrize(
    ("out", "wish", "why"),
    [
        ("out.mov", ScoreOptions(source="morph"), r"a \.mov file cannot hold its vp8 picture; write a \.mkv"),
        ("out.mkv", ScoreOptions(source="morph", track=Path("missing.wav")), "no such file"),
        ("out.mkv", ScoreOptions(source="library"), "no library yet"),
        ("out.mkv", ScoreOptions(source="morph", plot=Path("missing/plot.png")), "no folder"),
    ],
)
def test_what_cannot_be_done_is_refused_before_the_film_is_read(
    tmp_path: Path, out: str, wish: ScoreOptions, why: str
) -> None:
    path = Making([(1.0, RED)], codecs=("libvpx", "aac")).write(tmp_path / "film.mkv")
    sense = ByColour()
    with pytest.raises(SounditError, match=why):
        score_film(path, tmp_path / out, wish, None, by(sense))
    assert sense.seen == []
    assert [p.name for p in tmp_path.iterdir()] == ["film.mkv"]


@pytest.mark.parametrize(
    "kind", ["missing", "empty", "text", "truncated", "sound", "picture", "avif", "heic", "folder"]
)
def test_what_is_no_film_is_refused_in_one_line(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "film.mkv"
    if kind == "empty":
        path.write_bytes(b"")
    elif kind == "text":
        path.write_text("not a film\n" * 100)
    elif kind == "truncated":
        whole = sound_and_bar(tmp_path / "whole.mkv", seconds=8).read_bytes()
        path.write_bytes(whole[: len(whole) // 2])
    elif kind == "sound":
        path = tmp_path / "sound.wav"
        soundfile.write(path, np.zeros((RATE, 2)), RATE)
    elif kind == "picture":
        path = still(tmp_path / "picture.png")
    elif kind in ("avif", "heic"):  # which FFmpeg shows as films of one picture
        path = pictures(tmp_path / "picture.avif", "libsvtav1", seconds=0.04).rename(tmp_path / f"picture.{kind}")
    elif kind == "folder":
        path.mkdir()
    with pytest.raises((SounditError, CaptureError)) as told:
        score_film(path, tmp_path / "out.mp4", ScoreOptions(source="morph"), None, by(ByColour()))
    assert str(path) in str(told.value)
    assert "\n" not in str(told.value)
    assert not (tmp_path / "out.mp4").exists()


@pytest.mark.parametrize("seconds", [0.04, 0.4, 1.2])
def test_very_short_films_are_scored(tmp_path: Path, chord: Path, seconds: float) -> None:
    path = Making([(seconds, RED)]).write(tmp_path / "short.mp4")
    score_film(path, tmp_path / "out.mp4", ScoreOptions(source="morph", track=chord), None, by(ByColour()))
    assert len(packets(tmp_path / "out.mp4")) == round(seconds * 25)


def test_a_film_of_which_nothing_can_be_read_is_neutral(tmp_path: Path, chord: Path) -> None:
    path = Making([(3.0, RED)]).write(tmp_path / "film.mp4")
    nothing = ensemble(SaysOfFrames(None))
    wish = ScoreOptions(source="morph", track=chord, report=tmp_path / "report.json")
    score_film(path, tmp_path / "out.mkv", wish, None, lambda s: nothing)
    scenes = report(tmp_path)["scenes"]
    assert isinstance(scenes, list)
    assert [scene["emotion"] for scene in scenes] == ["neutral"]
