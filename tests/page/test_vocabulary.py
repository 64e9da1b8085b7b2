"""What the page is given of the device's tables: one module, of which nothing in the page is a copy."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from dataclasses import asdict
from typing import Any

import httpx
import pytest
import pytest_asyncio

from soundit_edge.emotion import AFFECT, EMOTIONS
from soundit_edge.modalities import MODALITIES
from soundit_edge.music.director.mapping import PRESETS
from soundit_edge.music.director.policy import Policy
from soundit_edge.page.app import create_app
from soundit_edge.page.routes.files import page_files
from soundit_edge.parameters import PARAMETERS
from soundit_edge.tables.colours import COLOURS
from tests.fakes.control import FakeControl

PATH = "/static/vocabulary.js"


@pytest_asyncio.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(create_app(FakeControl()))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        yield client


async def served(client: httpx.AsyncClient) -> dict[str, Any]:
    """Return the vocabulary as a browser gets it."""
    text = (await client.get(PATH)).text
    whole: dict[str, Any] = json.loads(text.removeprefix("export const VOCABULARY = ").removesuffix(";\n"))
    return whole


async def test_it_is_a_script_like_the_others(client: httpx.AsyncClient) -> None:
    answer, other = await client.get(PATH), await client.get("/static/page.js")
    assert answer.status_code == 200
    own = {"content-length": "", "etag": ""}
    assert dict(answer.headers) | own == dict(other.headers) | own
    assert len(answer.content) < 16_000
    assert answer.content.isascii()


async def test_every_table_is_in_it(client: httpx.AsyncClient) -> None:
    whole = await served(client)
    assert [row["name"] for row in whole["parameters"]] == list(PARAMETERS)
    for row in whole["parameters"]:
        parameter = PARAMETERS[row["name"]]
        assert {name: row[name] for name in ("title", "unit", "low", "high", "steps")} == {
            name: getattr(parameter, name) for name in ("title", "unit", "low", "high", "steps")
        }
    assert whole["senses"] == {name: row.title for name, row in MODALITIES.items()}
    assert whole["emotions"] == {
        e.value: {"valence": AFFECT[e].valence, "arousal": AFFECT[e].arousal, **asdict(COLOURS[e])} for e in EMOTIONS
    }
    assert [row["name"] for row in whole["choices"]["policy"]] == [policy.value for policy in Policy]
    assert [row["name"] for row in whole["choices"]["preset"]] == list(PRESETS)
    assert all(row["help"] for rows in whole["choices"].values() for row in rows)


@pytest.mark.parametrize("name", [name for name, row in PARAMETERS.items() if row.gauge is not None])
def test_a_gauge_has_a_word_for_each_value_and_names_what_there_is(name: str) -> None:
    row = PARAMETERS[name]
    gauge = row.gauge
    assert gauge is not None
    assert len(gauge.words) == len(gauge.bounds) + 1
    assert list(gauge.bounds) == sorted(set(gauge.bounds))
    assert row.low <= gauge.bounds[0] <= gauge.bounds[-1] <= row.high
    assert set(re.findall(r"\{(\w+)\}", gauge.beside)) <= PARAMETERS.keys()
    assert gauge.figure.count("{}") == 1
    if gauge.dial is not None:
        assert gauge.dial[0] < gauge.dial[1]


def test_the_page_has_no_copy_of_a_table() -> None:
    """Words and ranges stood in the page a second time; a new effect, sense or preset had to be written there, too."""
    shown = [content for name, content in page_files().items() if name.endswith((".js", ".html")) and name not in PATH]
    text = b"".join(shown).decode()
    words = [row.title for row in PARAMETERS.values() if row.title not in ("Key", "Echo", "Bass", "Tempo")]
    words += [row.name for row in PARAMETERS.values() if "_" in row.name]
    assert [word for word in (*words, *PRESETS, "musical", "dramatic") if re.search(rf"\b{word}\b", text)] == []
