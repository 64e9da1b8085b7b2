"""The work of a trial in this process, with senses that say what a test wants."""

from __future__ import annotations

from pathlib import Path

import pytest
import soundfile

from soundit_edge.emotion import Emotion
from soundit_edge.music.library.database import Library
from soundit_edge.senses.registry import SenseSet
from soundit_edge.settings import Settings
from soundit_edge.trials.job import MediaKind, TrialJob, TrialOptions
from soundit_edge.trials.messages import Failed, Found, Message, Progress, ReadingRow, Result
from soundit_edge.trials.songs import NO_LIBRARY, NOTHING_READ
from soundit_edge.trials.work import work
from tests.capture.media import film, still, tone
from tests.fakes.senses import SaysOfFrames, SaysOfSound, ensemble
from tests.fakes.songs import song


def senses(settings: Settings) -> SenseSet:
    """A happy face and a sad voice, as far as they are switched on."""
    on = settings.senses.switched_on()
    seeing = [SaysOfFrames(Emotion.HAPPY)] if "face" in on else []
    return ensemble(*seeing, hearing=(SaysOfSound(Emotion.SAD),) if "voice" in on else ())


def done(folder: Path, options: TrialOptions, name: str = "my film.mp4") -> list[Message]:
    said: list[Message] = []
    work(TrialJob(folder, name, options), said.append, senses)
    return said


def result(said: list[Message]) -> Result:
    assert isinstance(said[-1], Result), said[-1]
    return said[-1]


BOTH = TrialOptions(frozenset({"face", "voice"}), music="compose")


def test_a_film_is_read_and_scored(tmp_path: Path) -> None:
    film(tmp_path / "film.mp4", sound=tone(2.0, 48_000)).rename(tmp_path / "upload")
    said = done(tmp_path, BOTH)
    assert isinstance(said[0], Found)
    assert said[0].kind is MediaKind.FILM
    rows = [message for message in said if isinstance(message, ReadingRow)]
    assert {row.sense for row in rows} == {"face", "voice", "mood"}
    faces = [row.t for row in rows if row.sense == "face"]
    assert faces == pytest.approx([0.0, 0.5, 1.0, 1.5], abs=0.11)
    shares = [message.share for message in said if isinstance(message, Progress)]
    assert shares == sorted(shares)
    assert shares[-1] > 0.9
    found = result(said)
    assert (found.film, found.plotted, found.film_note) == ("film.mp4", True, "")
    assert (tmp_path / "film.mp4").stat().st_size > 1000
    assert (tmp_path / "plot.png").read_bytes().startswith(b"\x89PNG")
    assert [scene.emotion for scene in found.scenes] == [found.emotion]
    assert found.music
    assert [(one.sense, one.emotion, one.note) for one in found.suggestions] == [
        ("face", Emotion.HAPPY, NO_LIBRARY),
        ("voice", Emotion.SAD, NO_LIBRARY),
    ]
    assert not (tmp_path / "cache").exists(), "the readings lie in the trial's folder, and go with it"


def test_five_songs_by_face_and_five_by_voice(tmp_path: Path) -> None:
    files = [tmp_path / f"{number}.ogg" for number in range(12)]
    with Library.open() as library:
        for number, path in enumerate(files):
            path.touch()
            valence, arousal = (0.8, 0.5) if number % 2 else (-0.7, -0.5)
            library.put(song(0, valence, arousal, path=str(path), title=f"{number}"))
    still(tmp_path / "still.png").rename(tmp_path / "upload")
    face, voice = result(done(tmp_path, BOTH)).suggestions
    assert [int(one.title) % 2 for one in face.songs] == [1] * 5
    assert face.songs[0].reasons
    assert (voice.songs, voice.note) == ((), NOTHING_READ)  # a picture is silent


def test_a_sound_is_heard(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.flac", tone(2.0, 16_000), 16_000)
    (tmp_path / "a.flac").rename(tmp_path / "upload")
    said = done(tmp_path, BOTH)
    found = result(said)
    assert (found.film, found.plotted) == ("", False)
    assert {row.sense for row in said if isinstance(row, ReadingRow)} == {"voice", "mood"}


def test_only_the_chosen_senses_read(tmp_path: Path) -> None:
    still(tmp_path / "still.png").rename(tmp_path / "upload")
    said = done(tmp_path, TrialOptions(frozenset({"voice"})))
    assert {row.sense for row in said if isinstance(row, ReadingRow)} == {"mood"}
    assert result(said).emotion is Emotion.NEUTRAL


def test_a_film_that_no_container_holds_is_read_all_the_same(tmp_path: Path) -> None:
    """A bare stream of H.264 does not say when its pictures are due."""
    film(tmp_path / "a.h264", seconds=1.0, codecs=("libx264", "")).rename(tmp_path / "upload")
    said = done(tmp_path, BOTH)
    found = result(said)
    assert {row.sense for row in said if isinstance(row, ReadingRow)} == {"face", "mood"}
    assert (found.film, found.plotted) == ("", False)
    assert found.film_note.startswith("Nothing in it says when its pictures are to be shown")


def test_a_film_is_read_where_there_is_no_library_to_score_it_with(tmp_path: Path) -> None:
    film(tmp_path / "a.mp4", seconds=0.5).rename(tmp_path / "upload")
    found = result(done(tmp_path, TrialOptions(frozenset({"face"}), music="library")))
    assert (found.film, found.film_note, found.emotion) == ("", NO_LIBRARY, Emotion.HAPPY)


@pytest.mark.parametrize("content", [b"", b"no film", b"RIFF\xff\xff\xff\xffWAVEfmt "])
def test_what_cannot_be_read_is_one_sentence_without_a_path(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "upload").write_bytes(content)
    (failed,) = done(tmp_path, BOTH)
    assert isinstance(failed, Failed)
    assert str(tmp_path) not in failed.why
    assert failed.why.endswith(".")


def test_a_film_that_is_cut_off_says_so(tmp_path: Path) -> None:
    whole = film(tmp_path / "film.mkv", seconds=4.0).read_bytes()
    (tmp_path / "upload").write_bytes(whole[: len(whole) // 2])
    said = done(tmp_path, BOTH)
    assert isinstance(said[-1], Failed)
    assert said[-1].why.startswith("Truncated, it ends at")
