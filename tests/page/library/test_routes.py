"""The library over HTTP: what may be asked, what is refused with which words, and what it does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio

from soundit_edge.control.actor import Role
from soundit_edge.emotion import AFFECT, Emotion
from soundit_edge.errors import SounditError
from soundit_edge.music.library.database import Library
from soundit_edge.music.library.folders import remember
from soundit_edge.music.library.play_history import Event, PlayEvent, Record
from soundit_edge.music.library.scan import Report
from soundit_edge.music.library.song import Song
from soundit_edge.page.app import create_app
from soundit_edge.page.background import Report as Tell
from soundit_edge.page.library import access
from soundit_edge.page.library.librarian import Librarian
from soundit_edge.page.library.places import Places
from soundit_edge.page.routes import library as routes
from tests.fakes.control import FakeControl
from tests.music.library.songs import song
from tests.waiting import until

ROLES = {
    ("GET", "/api/library"): Role.VIEWER,
    ("GET", "/api/library/songs"): Role.VIEWER,
    ("GET", "/api/library/map"): Role.VIEWER,
    ("GET", "/api/library/songs/{song}"): Role.VIEWER,
    ("PATCH", "/api/library/songs/{song}"): Role.OPERATOR,
    ("PUT", "/api/library/songs/{song}/rating"): Role.OPERATOR,
    ("GET", "/api/library/history"): Role.OPERATOR,
    ("GET", "/api/library/history.csv"): Role.OPERATOR,
    ("GET", "/api/library/places"): Role.ADMIN,
    ("POST", "/api/library/folders"): Role.ADMIN,
    ("DELETE", "/api/library/folders/{folder}"): Role.ADMIN,
    ("POST", "/api/library/scan"): Role.ADMIN,
    ("DELETE", "/api/library/scan"): Role.ADMIN,
    ("DELETE", "/api/library/history"): Role.ADMIN,
}
NOW = 1.7e9


class Listener:
    """Whoever plays from the library: notes what it is told."""

    def __init__(self) -> None:
        self.songs: list[list[str]] = []
        self.ratings: list[tuple[Event, str]] = []
        self.forgot = 0

    def songs_changed(self, songs: Mapping[Path, Song]) -> None:
        self.songs.append([f"{one.title} {one.valence:+.1f}" for one in songs.values()])

    def rated(self, entry: PlayEvent, song: Song) -> None:
        self.ratings.append((entry.event, song.title))

    def erased(self) -> None:
        self.forgot += 1


class FakeScan:
    """Scans when it is let, and does what a test says."""

    def __init__(self) -> None:
        self.places: list[Sequence[Path]] = []
        self.going = asyncio.Event()
        self.report = Report(new=2, skipped=[f"/music/{k}.mp3: silent" for k in range(300)])
        self.error: SounditError | None = None

    async def __call__(self, places: Sequence[Path], tell: Tell) -> Report:
        self.places.append(places)
        tell(0.5, "half.flac")
        await self.going.wait()
        if self.error:
            raise self.error
        return self.report


@pytest.fixture
def listener() -> Listener:
    return Listener()


@pytest_asyncio.fixture
async def scan() -> FakeScan:
    return FakeScan()


@pytest.fixture
def music(tmp_path: Path) -> Path:
    folder = tmp_path / "Music"
    (folder / "Jazz").mkdir(parents=True)
    return folder


@pytest_asyncio.fixture
async def client(listener: Listener, scan: FakeScan, music: Path) -> AsyncIterator[httpx.AsyncClient]:
    librarian = Librarian(lambda: listener, places=Places(lambda: music, list), scan=scan, clock=lambda: NOW)
    control = FakeControl()
    app = create_app(control, routes.routes(control, librarian))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost:8080") as client:
        yield client
    await librarian.stop_scan()


def stored(title: str = "One", **more: Any) -> int:
    with Library.open() as library:
        return library.put(song(path=f"/music/{title}.ogg", title=title, **more))


async def send(client: httpx.AsyncClient, method: str, path: str, body: object = None) -> httpx.Response:
    return await client.request(method, f"/api/library{path}", json={} if body is None else body)


async def refused(client: httpx.AsyncClient, code: int, words: str, *request: Any) -> None:
    answer = await send(client, *request)
    assert (answer.status_code, words in answer.json()["detail"]) == (code, True), answer.text


async def ended(client: httpx.AsyncClient) -> dict[str, Any]:
    """The library as a whole, once no scan runs."""
    while (overview := (await client.get("/api/library")).json())["scan"]["state"] == "running":
        pass
    return dict(overview)


def test_every_route_has_its_role() -> None:
    table = routes.routes(FakeControl(), Librarian())
    assert {(route.method, route.path): route.role for route in table} == ROLES


async def test_there_need_be_no_library(client: httpx.AsyncClient, tmp_path: Path) -> None:
    overview = (await client.get("/api/library")).json()
    idle = {"state": "idle", "share": None, "note": ""}
    assert overview == {"songs": 0, "missing": 0, "folders": [], "scan": idle, "report": None}
    assert (await client.get("/api/library/songs")).json() == {"total": 0, "songs": []}
    assert (await client.get("/api/library/map")).json() == {"songs": []}
    assert (await client.get("/api/library/history")).json() == {"total": 0, "events": []}
    assert not (tmp_path / "library.db").exists()  # who only looks makes none
    await refused(client, 409, "no folder in the library yet", "POST", "/scan")


async def test_a_question_out_of_range_is_refused(client: httpx.AsyncClient) -> None:
    ranges = ("limit=0", "limit=201", "offset=-1", "offset=99999999999", "sort=path", "emotion=bored")
    for query in (*ranges, f"search={'x' * 201}"):
        assert (await client.get(f"/api/library/songs?{query}")).status_code == 422, query


async def test_a_broken_library_is_told_of(client: httpx.AsyncClient, tmp_path: Path) -> None:
    (tmp_path / "library.db").write_text("Dear Sir or Madam, " * 100)
    answer = await client.get("/api/library/songs")
    assert (answer.status_code, "not a library" in answer.json()["detail"]) == (409, True)


async def test_a_folder_is_chosen_scanned_and_taken_out(
    client: httpx.AsyncClient, scan: FakeScan, listener: Listener, music: Path
) -> None:
    (top,) = (await client.get("/api/library/places")).json()["folders"]
    (jazz,) = (await client.get("/api/library/places", params={"place": top["id"]})).json()["folders"]
    overview = (await send(client, "POST", "/folders", {"place": jazz["id"]})).json()
    assert overview["scan"]["state"] == "running"
    await until(lambda: scan.places)
    assert scan.places == [[music / "Jazz"]]
    running = (await client.get("/api/library")).json()["scan"]
    assert running == {"state": "running", "share": 0.5, "note": "half.flac"}
    with Library.open() as library:
        remember(library, [music / "Jazz"])
        library.put(song(path=str(music / "Jazz" / "one.ogg"), title="One"))
    await refused(client, 409, "under way", "POST", "/folders", {"place": jazz["id"]})
    await refused(client, 409, "being scanned", "DELETE", "/folders/1")
    scan.going.set()
    overview = await ended(client)
    assert (overview["scan"]["state"], overview["report"]["new"]) == ("done", 2)
    assert (len(overview["report"]["skipped"]), overview["report"]["skipped_count"]) == (100, 300)
    assert listener.songs == [["One +0.5"]]
    (folder,) = overview["folders"]
    assert (folder["name"], folder["songs"], folder["there"], folder["missing"]) == ("Jazz", 1, True, 0)
    overview = (await send(client, "DELETE", f"/folders/{folder['id']}")).json()
    assert (overview["songs"], overview["missing"], overview["folders"]) == (0, 0, [])
    assert listener.songs[-1] == []
    await refused(client, 404, "no such folder", "DELETE", f"/folders/{folder['id']}")


async def test_no_path_is_a_folder(client: httpx.AsyncClient, scan: FakeScan) -> None:
    for place in ("../..", "/etc", "x\0y", "\u202e", ""):
        await refused(client, 422, "not there any more", "POST", "/folders", {"place": place})
    for body in ({"place": "x" * 101}, {"place": 1}, {"path": "/etc"}, {}, {"place": None}):
        assert (await send(client, "POST", "/folders", body)).status_code == 422, body
    assert scan.places == []


async def test_a_stick_that_is_pulled_is_one_sentence(client: httpx.AsyncClient, scan: FakeScan, music: Path) -> None:
    with Library.open() as library:
        remember(library, [music])
    scan.report = Report(new=1, missing=3, vanished=4)
    scan.going.set()
    await send(client, "POST", "/scan")
    status = (await ended(client))["scan"]
    assert status["state"] == "failed"
    assert status["note"].startswith("4 files went away while they were read; their songs are kept")


async def test_why_a_scan_fails_is_told(client: httpx.AsyncClient, scan: FakeScan, music: Path) -> None:
    with Library.open() as library:
        remember(library, [music])
    scan.error = SounditError("library.db: another scan is going on")
    scan.going.set()
    await send(client, "POST", "/scan")
    status = (await ended(client))["scan"]
    assert (status["state"], status["note"]) == ("failed", "library.db: another scan is going on")


async def test_a_scan_is_broken_off(client: httpx.AsyncClient, scan: FakeScan, music: Path) -> None:
    with Library.open() as library:
        remember(library, [music])
    await send(client, "POST", "/scan")
    await until(lambda: scan.places)
    assert (await send(client, "DELETE", "/scan")).json()["scan"]["state"] == "cancelled"
    assert (await send(client, "DELETE", "/scan")).json()["scan"]["state"] == "cancelled"


async def test_a_disk_that_hangs_is_given_up(client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    answering = asyncio.Event()
    loop = asyncio.get_running_loop()

    def hang(self: Places, place: str | None = None) -> None:
        asyncio.run_coroutine_threadsafe(answering.wait(), loop).result()

    monkeypatch.setattr(access, "HANG_S", 0.01)
    monkeypatch.setattr(Places, "listing", hang)
    answer = await client.get("/api/library/places")
    answering.set()
    assert (answer.status_code, answer.json()["detail"]) == (409, "A folder does not answer; its disk may be gone.")


async def test_a_mood_and_a_tempo_are_corrected_and_found_again(client: httpx.AsyncClient, listener: Listener) -> None:
    number = stored(bpm=70.0, valence=0.5, arousal=0.25)
    found = (await client.get(f"/api/library/songs/{number}")).json()
    assert (found["emotion"], found["tempo"], found["corrected"]) == ("happy", 70.0, [])
    answer = (await send(client, "PATCH", f"/songs/{number}", {"mood": {"emotion": "sad"}, "tempo": "double"})).json()
    assert (answer["emotion"], answer["valence"], answer["tempo"]) == ("sad", AFFECT[Emotion.SAD].valence, 140.0)
    assert answer["corrected"] == ["mood", "tempo"]
    assert listener.songs == [["One -0.7"]]
    place = {"mood": {"valence": 0.25, "arousal": -1}}
    answer = (await send(client, "PATCH", f"/songs/{number}", place)).json()
    assert (answer["valence"], answer["arousal"], answer["tempo"]) == (0.25, -1.0, 140.0)
    assert (await send(client, "PATCH", f"/songs/{number}", {"tempo": 66.6})).json()["tempo"] == 66.6
    assert (await send(client, "PATCH", f"/songs/{number}", {"mood": None, "tempo": None})).json() == found


NO_CORRECTIONS: list[object] = [
    {"mood": {}},
    {"mood": {"emotion": "bored"}},
    {"mood": {"valence": 0.5}},
    {"mood": {"valence": 1.5, "arousal": 0.0}},
    {"mood": {"emotion": "sad", "valence": 0.0, "arousal": 0.0}},
    {"mood": "sad"},
    {"tempo": 29},
    {"tempo": 301},
    {"tempo": "fast"},
    {"tempo": True},
    {"title": "mine"},
    [],
]


async def test_a_correction_that_makes_no_sense_changes_nothing(client: httpx.AsyncClient) -> None:
    number = stored()
    for body in NO_CORRECTIONS:
        answer = await client.patch(f"/api/library/songs/{number}", json=body)
        assert answer.status_code == 422, body
        assert answer.json()["detail"]
    assert (await client.get(f"/api/library/songs/{number}")).json()["corrected"] == []


async def test_a_tempo_beyond_the_range_or_without_a_beat_is_refused_in_words(client: httpx.AsyncClient) -> None:
    fast, still = stored(bpm=200.0), stored("Two", bpm=None)
    both = {"mood": {"emotion": "sad"}, "tempo": "double"}
    await refused(client, 422, "and 400 is none", "PATCH", f"/songs/{fast}", both)
    assert (await client.get(f"/api/library/songs/{fast}")).json()["corrected"] == []  # all of it or nothing
    await refused(client, 409, "no beat", "PATCH", f"/songs/{still}", {"tempo": "half"})


@pytest.mark.parametrize("number", ["999", "0", "-1", "x", "99999999999999999999", "1.5"])
async def test_a_song_that_is_not_there(client: httpx.AsyncClient, number: str) -> None:
    stored()
    for method, path, body in (
        ("GET", "", None),
        ("PATCH", "", {"tempo": 100}),
        ("PUT", "/rating", {"rating": "liked"}),
    ):
        answer = await send(client, method, f"/songs/{number}{path}", body)
        assert answer.status_code in (404, 422), answer.text
        assert answer.json()["detail"]


async def test_any_song_is_rated_in_the_mood_of_the_room(client: httpx.AsyncClient, listener: Listener) -> None:
    number = stored()
    for rating in ("liked", "disliked"):
        answer = await send(client, "PUT", f"/songs/{number}/rating", {"rating": rating})
        assert answer.json()["rating"] == rating
    assert listener.ratings == [(Event.LIKED, "One"), (Event.DISLIKED, "One")]
    with Library.open() as library:
        first, _ = Record(library.connection).entries()
    assert (first.t, first.song, first.path, first.emotion) == (NOW, number, "/music/One.ogg", Emotion.HAPPY)


async def test_in_a_public_place_nothing_is_kept_of_what_anybody_likes() -> None:
    number = stored()
    control = FakeControl()
    app = create_app(control, routes.routes(control, Librarian(public_place=lambda: True)))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost") as client:
        await refused(client, 409, "public place", "PUT", f"/songs/{number}/rating", {"rating": "liked"})


async def test_the_history_is_exported_and_erased_with_the_taste(client: httpx.AsyncClient, listener: Listener) -> None:
    number = stored()
    await send(client, "PUT", f"/songs/{number}/rating", {"rating": "liked"})
    (event,) = (await client.get("/api/library/history")).json()["events"]
    assert (event["title"], event["event"], event["emotion"]) == ("One", "liked", "happy")
    export = await client.get("/api/library/history.csv")
    assert export.headers["content-type"] == "text/csv; charset=utf-8"
    assert export.headers["content-disposition"] == 'attachment; filename="soundit-history.csv"'
    assert "One" in export.text
    assert (await send(client, "DELETE", "/history")).json() == {"entries": 1, "taste": True}
    assert listener.forgot == 1
    assert (await client.get("/api/library/history")).json()["total"] == 0
    assert (await client.get(f"/api/library/songs/{number}")).json()["rating"] is None
