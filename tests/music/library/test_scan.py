from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from soundit_edge.audio.decode import NotASong
from soundit_edge.emotion import AFFECT, Emotion
from soundit_edge.errors import SounditError
from soundit_edge.music.library import scan as scanning
from soundit_edge.music.library.connection import LibraryError
from soundit_edge.music.library.corrections import MoodByHand, correct_mood, correct_tempo
from soundit_edge.music.library.database import Library
from soundit_edge.music.library.describe import Description, describe, digest_of
from soundit_edge.music.library.folders import folders_of, remove
from soundit_edge.music.library.imports.affect import import_affect
from soundit_edge.music.library.lock import only_scan
from soundit_edge.music.library.pool import Outcome, described, in_worker, workers
from soundit_edge.music.library.scan import Report, scan
from tests.music.library.songs import a_file, song

BAD = "bad"


def from_text(paths: Iterable[Path], count: int) -> Iterator[tuple[Path, Outcome]]:
    """In place of the workers: a file is a text, which is its song's title; "bad" is no song."""
    for path in paths:
        text = path.read_text()
        outcome: Outcome = SounditError(f"{path}: no song")
        if text != BAD:
            moods = tuple(text.split()[1:])  # a title of several words ends in the moods of its tags
            facts = ("", "", moods, 1.0, 120.0, "C", "major", -14.0, -1.0, 1.0, 1000.0, 10.0, len(text) / 10, -0.5)
            outcome = Description(digest_of(path), text, *facts)
        yield path, outcome


@pytest.fixture
def texts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scanning, "described", from_text)


def written(path: Path, text: str, when: int = 0) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    os.utime(path, (when, when))
    return path


def titles(library: Library) -> dict[str, tuple[int, str]]:
    """The songs that are there: number and title by the file's name."""
    return {Path(s.path).name: (s.id, s.title) for s in library.songs()}


def counts(report: Report) -> tuple[int, ...]:
    return (report.new, report.changed, report.moved, report.same, report.missing, len(report.skipped))


@pytest.mark.usefixtures("texts")
def test_only_what_is_new_or_changed_is_looked_at(tmp_path: Path) -> None:
    music = tmp_path / "music"
    for name in "abc":
        written(music / f"{name}.mp3", f"song {name}")
    with Library.open() as library:
        assert counts(scan(library, [music])) == (3, 0, 0, 0, 0, 0)
        before = titles(library)
        written(music / "b.mp3", "another b")
        written(music / "c.mp3", "song c", when=77)  # touched, but the same
        written(music / "deep" / "d.ogg", "song d")
        assert counts(scan(library, [music])) == (1, 1, 0, 2, 0, 0)
        after = titles(library)
        assert after == {**before, "b.mp3": (before["b.mp3"][0], "another b"), "d.ogg": (after["d.ogg"][0], "song d")}
        assert counts(scan(library, [music])) == (0, 0, 0, 4, 0, 0)


@pytest.mark.usefixtures("texts")
def test_a_song_that_moves_stays_itself(tmp_path: Path) -> None:
    music = tmp_path / "music"
    for k in range(4):
        written(music / f"{k}.mp3", f"song {k}", when=k)
    with Library.open() as library:
        scan(library, [music])
        numbers = {title: number for number, title in titles(library).values()}
        # All move on by one name: each takes that of another one.
        for k in reversed(range(4)):
            (music / f"{k}.mp3").rename(music / f"{k + 1}.mp3")
        written(music / "0.mp3", "song 0, another one", when=5)
        (music / "1.mp3").rename(tmp_path / "elsewhere.mp3")
        assert counts(scan(library, [music, tmp_path / "elsewhere.mp3"])) == (1, 0, 4, 0, 0, 0)
        now = {title: number for number, title in titles(library).values()}
        assert {title: now[title] for title in numbers} == numbers
        assert len(now) == 5


@pytest.mark.usefixtures("texts")
def test_a_song_that_is_gone_is_missing_and_known_when_it_is_back(tmp_path: Path) -> None:
    music = tmp_path / "music"
    written(music / "a.mp3", "song a")
    written(tmp_path / "other" / "b.mp3", "song b")
    with Library.open() as library:
        scan(library, [music, tmp_path / "other"])
        before = titles(library)
        (music / "a.mp3").rename(tmp_path / "hidden")
        (tmp_path / "other" / "b.mp3").rename(tmp_path / "hidden b")
        assert counts(scan(library, [music])) == (0, 0, 0, 0, 1, 0)
        assert list(titles(library)) == ["b.mp3"], "a folder that is not scanned is not judged"
        number = before["a.mp3"][0]
        gone = library.song(number)
        assert gone is not None
        assert gone.title == "song a"
        (tmp_path / "hidden").rename(music / "again.mp3")
        assert counts(scan(library, [music])) == (0, 0, 1, 0, 0, 0)
        assert titles(library)["again.mp3"] == (number, "song a")


@pytest.mark.usefixtures("texts")
def test_a_copy_is_a_song_of_its_own(tmp_path: Path) -> None:
    written(tmp_path / "music" / "a.mp3", "song")
    with Library.open() as library:
        scan(library, [tmp_path / "music"])
        written(tmp_path / "music" / "b.mp3", "song")
        assert counts(scan(library, [tmp_path / "music"])) == (1, 0, 0, 1, 0, 0)
        assert len({number for number, _ in titles(library).values()}) == 2


@pytest.mark.usefixtures("texts")
def test_a_bad_file_is_told_of_and_harms_no_other(tmp_path: Path) -> None:
    written(tmp_path / "music" / "a.mp3", "song")
    written(tmp_path / "music" / "b.mp3", BAD)
    with Library.open() as library:
        for expected in ((1, 0, 0, 0, 0, 1), (0, 0, 0, 1, 0, 1)):
            report = scan(library, [tmp_path / "music"])
            assert counts(report) == expected
            assert report.skipped == [f"{tmp_path}/music/b.mp3: no song"]
        # A song that is damaged later is still known.
        written(tmp_path / "music" / "a.mp3", BAD)
        assert len(scan(library, [tmp_path / "music"]).skipped) == 2
        assert titles(library)["a.mp3"][1] == "song"


@pytest.mark.usefixtures("texts")
def test_what_an_older_program_took_for_a_song_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path / "music" / "a.mp3", "song")
    written(tmp_path / "music" / "b.mp3", "silence")
    with Library.open() as library:
        scan(library, [tmp_path / "music"])
        monkeypatch.setattr(scanning, "VERSION", "newer")
        silent = NotASong(f"{tmp_path}/music/b.mp3: silent")
        monkeypatch.setattr(
            scanning,
            "described",
            lambda paths, count: (
                (path, silent if path.name == "b.mp3" else outcome) for path, outcome in from_text(paths, count)
            ),
        )
        assert counts(scan(library, [tmp_path / "music"])) == (0, 1, 0, 0, 0, 1)
        assert list(titles(library)) == ["a.mp3"]


@pytest.mark.usefixtures("texts")
def test_songs_behind_a_link_are_scanned_once_whatever_they_are_called(tmp_path: Path) -> None:
    """Links to folders were left out without a word (10p)."""
    written(tmp_path / "share" / "deep" / "a.mp3", "song a")
    written(tmp_path / "music" / "b.mp3", "song b")
    (tmp_path / "music" / "nas").symlink_to(tmp_path / "share")
    with Library.open() as library:
        assert counts(scan(library, [tmp_path / "music"])) == (2, 0, 0, 0, 0, 0)
        before = titles(library)
        assert counts(scan(library, [tmp_path / "music"])) == (0, 0, 0, 2, 0, 0)
        # By its own name it is the same song.
        assert counts(scan(library, [tmp_path / "share"])) == (0, 0, 1, 0, 0, 0)
        assert titles(library) == before
        # The share is away.
        (tmp_path / "share").rename(tmp_path / "away")
        report = scan(library, [tmp_path / "music"])
        assert report.skipped == [f"{tmp_path}/music/nas: a link that leads nowhere (to {tmp_path}/share)"]


@pytest.mark.usefixtures("texts")
def test_a_scan_that_is_stopped_is_gone_on_with(tmp_path: Path) -> None:
    for k in range(6):
        written(tmp_path / "music" / f"{k}.mp3", f"song {k}")

    def stop(done: int, of: int, name: str) -> None:
        if done == 3:
            raise KeyboardInterrupt

    with Library.open() as library, pytest.raises(KeyboardInterrupt):
        scan(library, [tmp_path / "music"], stop)
    with Library.open() as library:
        before = titles(library)
        assert len(before) == 3
        seen: list[tuple[int, int, str]] = []
        report = scan(library, [tmp_path / "music"], lambda *told: seen.append(told))
        assert counts(report) == (3, 0, 0, 3, 0, 0)
        assert seen == [(3, 6, ""), (4, 6, "3.mp3"), (5, 6, "4.mp3"), (6, 6, "5.mp3")]
        assert before.items() <= titles(library).items()


@pytest.mark.usefixtures("texts")
def test_what_was_said_of_a_song_outlasts_a_change_of_its_file(tmp_path: Path) -> None:
    written(tmp_path / "music" / "a.mp3", "song")
    with Library.open() as library:
        scan(library, [tmp_path / "music"])
        assert (library.songs()[0].valence, library.songs()[0].source) == (0.4, "sound")
        (tmp_path / "said.csv").write_text("title,valence,arousal\nsong,-0.25,0.75\n")
        import_affect(library, tmp_path / "said.csv")
        written(tmp_path / "music" / "a.mp3", "song with more in it")
        assert counts(scan(library, [tmp_path / "music"])) == (0, 1, 0, 0, 0, 0)
        now = library.songs()[0]
        assert (now.title, now.valence, now.arousal, now.source) == ("song with more in it", -0.25, 0.75, "given")


@pytest.mark.usefixtures("texts")
def test_songs_are_described_anew_by_a_newer_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path / "music" / "a.mp3", "song")
    with Library.open() as library:
        scan(library, [tmp_path / "music"])
        before = titles(library)
        monkeypatch.setattr(scanning, "VERSION", "newer")
        assert counts(scan(library, [tmp_path / "music"])) == (0, 1, 0, 0, 0, 0)
        assert titles(library) == before


OPERATIONS = st.tuples(
    st.sampled_from(["write", "touch", "move", "swap", "remove"]), st.integers(0, 3), st.integers(0, 3), st.booleans()
)


@pytest.mark.usefixtures("texts")
@settings(max_examples=40)
@given(st.lists(OPERATIONS, max_size=12))
def test_after_any_changes_the_library_is_what_the_disk_is(
    tmp_path_factory: pytest.TempPathFactory, operations: list[tuple[str, int, int, bool]]
) -> None:
    folder = tmp_path_factory.mktemp("scan")
    music = folder / "music"
    music.mkdir()
    with Library.open(folder / "library.db") as library:
        for time, (what, one, two, scanned) in enumerate(operations):
            a, b = music / f"{one}.mp3", music / f"{two}.mp3"
            if what == "write":
                written(a, f"song {time}", time)
            elif what == "touch" and a.exists():
                os.utime(a, (time, time))
            elif what == "move" and a.exists():
                a.rename(b)
            elif what == "swap" and a.exists() and b.exists() and a != b:
                a.rename(music / "t")
                b.rename(a)
                (music / "t").rename(b)
            elif what == "remove":
                a.unlink(missing_ok=True)
            if scanned:
                before = {s.title: s.id for s in library.songs()}
                scan(library, [music])
                now = {s.title: s.id for s in library.songs()}
                assert all(before[title] == now[title] for title in before.keys() & now.keys())
        scan(library, [music])
        on_disk = {str(p): p.read_text() for p in music.iterdir()}
        assert {s.path: s.title for s in library.songs()} == on_disk
        before_again = library.songs()
        assert counts(scan(library, [music])) == (0, 0, 0, len(on_disk), 0, 0)
        assert library.songs() == before_again


@pytest.mark.usefixtures("texts")
def test_two_scans_at_once(tmp_path: Path) -> None:
    written(tmp_path / "music" / "a.mp3", "song")
    with Library.open() as library:
        with only_scan(library.path), pytest.raises(LibraryError, match="another `soundit library add` is scanning"):
            scan(library, [tmp_path / "music"])
        assert scan(library, [tmp_path / "music"]).new == 1


@pytest.mark.usefixtures("texts")
def test_a_file_may_be_the_entry_that_an_import_kept(tmp_path: Path) -> None:
    (tmp_path / "said.csv").write_text("id,genre,valence,arousal\n7,rock,-0.25,0.75\n8,rock,0,0\n")
    with Library.open() as library:
        import_affect(library, tmp_path / "said.csv")
        entry = next(s for s in library.songs() if s.link == "7")
        written(tmp_path / "music" / "rock" / "7.mp3", "song")
        written(tmp_path / "music" / "pop" / "7.mp3", "other song")
        assert scan(library, [tmp_path / "music"]).new == 2
        assert len(library.songs()) == 3
        now = library.song(entry.id)
        assert now is not None
        assert (now.path, now.title) == (f"{tmp_path}/music/rock/7.mp3", "song")
        assert (now.valence, now.arousal, now.source) == (-0.25, 0.75, "given")


def test_the_workers_describe_as_we_do_and_survive_what_is_no_sound(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOUNDIT_CACHE", str(tmp_path / "cache"))
    good = a_file(tmp_path / "good.flac", "Title", "Artist", "Genre")
    cut = a_file(tmp_path / "cut.ogg", seconds=4.0)
    cut.write_bytes(cut.read_bytes()[:-700])  # in the middle of a frame
    noise = written(tmp_path / "noise.mp3", "no sound in it" * 1000)
    empty = written(tmp_path / "empty.wav", "")
    outcomes = dict(described([good, cut, noise, empty], 2))
    assert outcomes[good] == describe(good)
    of_cut = outcomes[cut]
    assert isinstance(of_cut, Description)
    assert 2.0 < of_cut.duration_s < 4.0
    assert str(outcomes[noise]).startswith(f"{noise}: ")
    assert str(outcomes[empty]) == f"{empty}: the file is empty"


def test_a_worker_that_dies_takes_no_file_with_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOUNDIT_CACHE", str(tmp_path / "cache"))
    paths = [a_file(tmp_path / f"{k}.flac", hz=200 + k) for k in range(6)]
    outcomes = described(paths, 1)
    done = dict([next(outcomes)])
    for child in multiprocessing.active_children():
        child.kill()
    done.update(outcomes)
    assert set(done) == set(paths)
    assert all(isinstance(outcome, Description) for outcome in done.values())


def test_there_is_always_a_worker() -> None:
    assert 1 <= workers() <= max(1, len(os.sched_getaffinity(0)) - 1)


def test_a_description_fits_its_song(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOUNDIT_CACHE", str(tmp_path / "cache"))
    found = describe(a_file(tmp_path / "music" / "a.flac", "Title\n in two  lines", "Artist", "Genre", seconds=2.0))
    assert (found.title, found.artist, found.genre) == ("Title in two lines", "Artist", "Genre")
    assert found.duration_s == pytest.approx(2.0, abs=0.001)
    assert found.true_peak_db == pytest.approx(-13.98, abs=0.1)  # an amplitude of 0.2
    assert found.lufs == pytest.approx(-14.7, abs=0.2)
    untitled = describe(a_file(tmp_path / "Some Song.ogg"))
    assert (untitled.title, untitled.artist, untitled.genre) == ("Some Song", "", "")
    names = set(asdict(found)) - {"digest", "moods", "onsets_per_s", "centroid_hz", "range_db"}
    assert names <= set(type(song()).__dataclass_fields__)


@pytest.mark.parametrize("level", [0.0, 1e-4])
def test_a_silent_file_is_no_song(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, level: float) -> None:
    """It was listed with a tempo, a key and a mood."""
    monkeypatch.setenv("SOUNDIT_CACHE", str(tmp_path / "cache"))
    path = tmp_path / "silence.flac"
    soundfile.write(path, level * np.random.default_rng(1).standard_normal(2 * 48_000), 48_000, subtype="PCM_24")
    with pytest.raises(NotASong, match=r"silence\.flac: silent \(-\d+ LUFS; a song has -60 at least\)"):
        describe(path)


def test_a_song_without_a_beat_has_no_tempo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOUNDIT_CACHE", str(tmp_path / "cache"))
    assert describe(a_file(tmp_path / "tone.flac", seconds=6.0)).bpm is None


def test_a_file_that_we_do_not_cope_with_holds_up_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(path: Path) -> Description:
        raise ZeroDivisionError("by nothing")

    monkeypatch.setattr("soundit_edge.music.library.pool.describe", fail)
    outcome = in_worker(tmp_path / "odd.mp3")
    assert (
        str(outcome) == f"{tmp_path}/odd.mp3: could not be described, a defect of ours (ZeroDivisionError: by nothing)"
    )


def test_the_moods_of_its_tags_say_where_a_song_lies(texts: None, tmp_path: Path) -> None:
    written(tmp_path / "music" / "a.flac", "A grief")
    written(tmp_path / "music" / "b.flac", "B anger happy")
    written(tmp_path / "music" / "c.flac", "C obscure")
    with Library.open() as library:
        scan(library, [tmp_path / "music"])
        scan(library, [tmp_path / "music"])
        a, b, c = sorted(library.songs(), key=lambda song: song.title)
    assert (a.source, dict(a.words)) == ("words", {"sad": 1.0})
    assert (a.valence, a.arousal) == (AFFECT[Emotion.SAD].valence, AFFECT[Emotion.SAD].arousal)
    assert dict(b.words) == {"disgusted": 0.25, "angry": 0.25, "happy": 0.5}
    assert (c.source, dict(c.words)) == ("sound", {})


def test_what_was_imported_is_believed_before_the_tags(texts: None, tmp_path: Path) -> None:
    path = written(tmp_path / "music" / "a.flac", "A grief")
    table = tmp_path / "affect.csv"
    table.write_text(f"path,valence,arousal\n{path},0.5,0.25\n")
    with Library.open() as library:
        scan(library, [tmp_path / "music"])
        import_affect(library, table)
        (known,) = library.songs()
    assert (known.source, known.valence, known.arousal) == ("given", 0.5, 0.25)


@pytest.mark.usefixtures("texts")
def test_what_was_corrected_by_hand_survives_a_scan_that_describes_anew(tmp_path: Path) -> None:
    music = tmp_path / "music"
    written(music / "a.mp3", "song a")
    with Library.open() as library:
        scan(library, [music])
        ((number, _),) = titles(library).values()
        correct_mood(library, number, MoodByHand.named(Emotion.SAD))
        correct_tempo(library, number, 66.0)
        written(music / "a.mp3", "song a, longer", when=5)
        assert counts(scan(library, [music])) == (0, 1, 0, 0, 0, 0)
        (found,) = library.songs()
    assert (found.title, found.bpm, found.source) == ("song a, longer", 66.0, "hand")
    assert (found.valence, found.arousal) == (AFFECT[Emotion.SAD].valence, AFFECT[Emotion.SAD].arousal)


@pytest.mark.usefixtures("texts")
def test_the_library_knows_its_folders_and_when_they_were_scanned(tmp_path: Path) -> None:
    music = tmp_path / "music"
    written(music / "a.mp3", "song a")
    written(music / "rock" / "b.mp3", "song b")
    with Library.open() as library:
        scan(library, [music / "rock"], clock=lambda: 5.0)
        (rock,) = folders_of(library)
        assert (rock.path, rock.scanned_t, rock.songs, rock.missing) == (str(music / "rock"), 5.0, 1, 0)
        scan(library, [music], clock=lambda: 6.0)
        scan(library, [music / "rock"], clock=lambda: 7.0)  # part of the other one by now
        (whole,) = folders_of(library)
        assert (whole.path, whole.scanned_t, whole.songs) == (str(music), 6.0, 2)


@pytest.mark.usefixtures("texts")
def test_a_folder_that_is_taken_out_comes_back_with_what_was_said_of_its_songs(tmp_path: Path) -> None:
    for name in ("stick", "music"):
        written(tmp_path / name / "a.mp3", f"song {name}")
    with Library.open() as library:
        scan(library, [tmp_path / "stick", tmp_path / "music"])
        before = titles(library)
        stick, music = folders_of(library)
        correct_tempo(library, library.songs()[0].id, 66.0)
        assert remove(library, stick.id)
        assert not remove(library, stick.id)
        assert [Path(s.path).parent.name for s in library.songs()] == ["music"]
        assert folders_of(library) == [music]
        scan(library, [tmp_path / "music"])
        assert len(library.songs()) == 1
        scan(library, [tmp_path / "stick"])
        assert titles(library) == before
        assert [s.bpm for s in library.songs()] == [66.0, 120.0]


def test_a_stick_that_is_pulled_in_the_middle_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stick = tmp_path / "stick"
    for name in "abc":
        written(stick / f"{name}.mp3", f"song {name}")

    def pulled(paths: Iterable[Path], count: int) -> Iterator[tuple[Path, Outcome]]:
        for path, outcome in from_text(paths, count):
            yield path, outcome
            if stick.exists():
                stick.rename(tmp_path / "pocket")
                for left in paths:
                    yield left, SounditError(f"{left}: cannot be read (No such file or directory)")

    monkeypatch.setattr(scanning, "described", pulled)
    with Library.open() as library:
        report = scan(library, [stick])
        assert (report.new, report.vanished, report.missing, report.skipped) == (1, 2, 1, [])
        (folder,) = folders_of(library)
        assert (folder.songs, folder.missing, folder.scanned_t) == (0, 1, None)
        (tmp_path / "pocket").rename(stick)
        monkeypatch.setattr(scanning, "described", from_text)
        assert counts(scan(library, [stick])) == (2, 0, 0, 1, 0, 0)


@pytest.mark.usefixtures("texts")
def test_links_out_of_a_stick_are_not_followed(tmp_path: Path) -> None:
    written(tmp_path / "private" / "secret.mp3", "secret")
    stick = tmp_path / "stick"
    written(stick / "real" / "a.mp3", "song a")
    (stick / "out").symlink_to(tmp_path / "private")
    (stick / "out.mp3").symlink_to(tmp_path / "private" / "secret.mp3")
    (stick / "in").symlink_to("real")
    with Library.open() as library:
        report = scan(library, [stick], inside=True)
        assert set(titles(library)) == {"a.mp3"}
    assert [line.rpartition(": ")[2] for line in report.skipped] == ["a link out of the folder"] * 2
