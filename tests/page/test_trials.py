"""What the page answers of trials: whose they are, what may be sent, and the film in ranges."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
import pytest_asyncio

from soundit_edge.control.actor import Actor, Kind, Role
from soundit_edge.emotion import Emotion
from soundit_edge.page.app import create_app
from soundit_edge.page.routes.trials import MAX_ROWS, routes
from soundit_edge.settings.model import MAX_TRIAL_MB
from soundit_edge.trials.folder import TrialsFolder
from soundit_edge.trials.job import TrialJob
from soundit_edge.trials.limits import MB, Limits
from soundit_edge.trials.messages import Failed, Message, ReadingRow, Result
from soundit_edge.trials.trials import Trials
from tests.fakes.control import FakeControl
from tests.waiting import until

FILM = bytes(range(256)) * 4
HEADERS = {"content-type": "video/mp4", "x-name": quote("Ferien \u2600.mp4")}
RESULT = Result(emotion=Emotion.HAPPY, shares={Emotion.HAPPY: 1.0}, film="film.mp4", plotted=True)


async def work(job: TrialJob, hear: Callable[[Message], None]) -> None:
    """Do what the file says."""
    match job.upload.read_bytes():
        case b"fail":
            hear(Failed(why="It is damaged."))
        case b"wait":
            await asyncio.Event().wait()
        case _:
            for number in range(MAX_ROWS + 1):
                hear(ReadingRow(t=number / 2, sense="face", emotion=Emotion.HAPPY, valence=0.5, arousal=0.5, trust=1.0))
            (job.folder / "film.mp4").write_bytes(FILM)
            (job.folder / "plot.png").write_bytes(b"\x89PNG")
            hear(RESULT)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "trials"


@pytest_asyncio.fixture
async def client(folder: Path) -> AsyncIterator[httpx.AsyncClient]:
    trials = Trials(TrialsFolder(lambda: folder), lambda: 0.0, lambda: Limits(max_bytes=MB, keep_free=0), run=work)
    task = asyncio.create_task(trials.run())
    await until(lambda: trials.objection(Actor(Kind.PAGE, Role.ADMIN)) == "")
    transport = httpx.ASGITransport(create_app(FakeControl(), routes(trials)))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost:8080") as client:
        yield client
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def begun(client: httpx.AsyncClient, content: bytes = b"film", query: str = "") -> str:
    answer = await client.post(f"/api/trials{query}", content=content, headers=HEADERS)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["id"])


async def ended(client: httpx.AsyncClient, trial: str) -> dict[str, object]:
    """How a trial stands once it does not run any more."""
    while (  # noqa: ASYNC110 (the page asks again and again, too)
        status := (await client.get(f"/api/trials/{trial}")).json()
    )["state"] in ("waiting", "running"):
        await asyncio.sleep(0.005)
    return dict(status)


async def test_a_file_is_tried_and_deleted(client: httpx.AsyncClient, folder: Path) -> None:
    trial = await begun(client)
    status = await ended(client, trial)
    assert (status["state"], status["name"]) == ("done", "Ferien \u2600.mp4")
    assert len(status["rows"]) == status["next"] == MAX_ROWS  # type: ignore[arg-type]
    rest = (await client.get(f"/api/trials/{trial}?after={MAX_ROWS}")).json()
    assert (len(rest["rows"]), rest["next"]) == (1, MAX_ROWS + 1)
    assert (await client.get(f"/api/trials/{trial}/result")).json()["shares"] == {"happy": 1.0}
    plot = await client.get(f"/api/trials/{trial}/plot")
    assert (plot.content, plot.headers["content-type"]) == (b"\x89PNG", "image/png")
    assert (await client.request("DELETE", f"/api/trials/{trial}", json={})).status_code == 200
    assert os.listdir(folder) == []
    for path in ("", "/result", "/film", "/plot"):
        answer = await client.get(f"/api/trials/{trial}{path}")
        assert (answer.status_code, answer.json()["detail"][:18]) == (404, "This trial is over")


async def test_what_is_not_there_yet_is_no_failure(client: httpx.AsyncClient) -> None:
    trial = await begun(client, b"wait")
    assert (await client.get(f"/api/trials/{trial}/result")).status_code == 409
    for what in ("film", "plot"):
        answer = await client.get(f"/api/trials/{trial}/{what}")
        assert (answer.status_code, answer.json()) == (404, {"detail": f"There is no {what} of this trial."})


async def test_a_film_that_cannot_be_read_says_why(client: httpx.AsyncClient) -> None:
    assert (await ended(client, await begun(client, b"fail")))["note"] == "It is damaged."


async def test_what_one_may_send_is_said_before(client: httpx.AsyncClient) -> None:
    terms = (await client.get("/api/trials")).json()
    assert (terms["max_bytes"], terms["max_media_s"], terms["music"]) == (MB, 1800.0, ["compose", "library", "morph"])
    for _ in range(3):
        await begun(client, b"wait")
        await asyncio.sleep(0)
    refusal = "You have 3 trials already: delete one first."
    assert (await client.get("/api/trials")).json()["refusal"] == refusal
    answer = await client.post("/api/trials", content=b"x", headers=HEADERS)
    assert (answer.status_code, answer.json()) == (409, {"detail": refusal})


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("?senses=", "senses must be some of face, body, lips, voice, hue."),
        ("?senses=face,smell", "senses must be some of face, body, lips, voice, hue."),
        ("?music=jazz", "music must be one of compose, library, morph."),
        ("?preset=loud", "preset must be one of musical, dramatic."),
        (f"?senses={'x' * 300}", "senses: "),
    ],
)
async def test_bad_input_choices_that_there_are_not(client: httpx.AsyncClient, query: str, words: str) -> None:
    answer = await client.post(f"/api/trials{query}", content=b"film", headers=HEADERS)
    assert (answer.status_code, answer.json()["detail"][: len(words)]) == (422, words)


async def test_bad_input_oversize(client: httpx.AsyncClient, folder: Path) -> None:
    answer = await client.post("/api/trials", content=bytes(MB + 1), headers=HEADERS)
    assert (answer.status_code, answer.json()["detail"]) == (413, "The file is too large: at most 1 MB can be tried.")
    huge = {**HEADERS, "content-length": str(MAX_TRIAL_MB * MB + 1)}
    assert (await client.post("/api/trials", content=b"", headers=huge)).status_code == 413
    assert os.listdir(folder) == []


async def test_bad_input_endless(client: httpx.AsyncClient, folder: Path) -> None:
    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield b"x"

    assert (await client.post("/api/trials", content=endless(), headers=HEADERS)).status_code == 411
    lie = {**HEADERS, "content-length": "10"}
    answer = await client.post("/api/trials", content=endless(), headers=lie)
    assert (answer.status_code, answer.json()["detail"][:13]) == (422, "More was sent")
    assert os.listdir(folder) == []


NAMES = ["%2e%2e%2fx", "%00", "%ff%fe", "%", "x" * 300, "%E2%80%AEgpj.exe", "a%0d%0ax-evil: 1", "\u00fc"]


async def test_bad_input_names(client: httpx.AsyncClient) -> None:
    for name in NAMES:
        headers = httpx.Headers({**HEADERS, "x-name": name}, encoding="latin-1")
        answer = await client.post("/api/trials", content=b"wait", headers=headers)
        assert answer.status_code == 200, name
        trial, shown = answer.json()["id"], answer.json()["name"]
        assert shown.isprintable()
        assert not {"/", "\\"} & set(shown)
        assert len(shown) <= 120
        assert (await client.request("DELETE", f"/api/trials/{trial}", json={})).status_code == 200


async def test_attack_a_form_of_another_page(client: httpx.AsyncClient, folder: Path) -> None:
    for kind in ("text/html", "application/json", "multipart/form-data", ""):
        answer = await client.post("/api/trials", content=b"film", headers={"content-type": kind})
        assert answer.status_code == 415, kind
    assert os.listdir(folder) == []


async def test_attack_trials_that_are_guessed(client: httpx.AsyncClient) -> None:
    for trial in ("0" * 32, "..", "%2e%2e", "a" * 4000, "%00"):
        for path in ("", "/result", "/film", "/plot"):
            assert (await client.get(f"/api/trials/{trial}{path}")).status_code == 404, trial[:40]


async def test_bad_input_a_place_to_read_from(client: httpx.AsyncClient) -> None:
    trial = await begun(client, b"wait")
    for after in ("-1", "x", "1e9", "9" * 5000, ""):
        assert (await client.get(f"/api/trials/{trial}?after={after}")).status_code == 422, after[:40]


RANGES = [
    ("bytes=0-", 206, FILM),
    ("bytes=100-199", 206, FILM[100:200]),
    ("bytes=1000-", 206, FILM[1000:]),
    ("bytes=-24", 206, FILM[-24:]),
    ("bytes=1000-99999999999999999999", 206, FILM[1000:]),
    ("bytes=1024-", 416, None),
    ("bytes=99999999999999999999-", 416, None),
    ("bytes=-0", 416, None),
    ("bytes=200-100", 400, None),
    ("bytes=" + "9" * 5000 + "-", 400, None),
    ("bytes=x-y", 400, None),
    ("bytes=--5", 416, None),
    ("frames=1-2", 400, None),
    ("bytes", 400, None),
    ("bytes=" + ",".join(["0-1023"] * 101), 200, FILM),
    ("bytes=" + ",".join(["0-1023"] * 100), 206, FILM),
]


async def test_bad_input_ranges(client: httpx.AsyncClient) -> None:
    trial = await begun(client)
    await ended(client, trial)
    for asked, code, content in RANGES:
        answer = await client.get(f"/api/trials/{trial}/film", headers={"range": asked})
        assert answer.status_code == code, asked[:40]
        assert content is None or answer.content == content, asked[:40]
        assert answer.headers["cache-control"] == "no-store"


async def test_a_film_that_is_gone_meanwhile_is_no_failure(client: httpx.AsyncClient, folder: Path) -> None:
    trial = await begun(client)
    await ended(client, trial)
    (folder / trial / "film.mp4").unlink()
    assert (await client.get(f"/api/trials/{trial}/film")).status_code == 404
