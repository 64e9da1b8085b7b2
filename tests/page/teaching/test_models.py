"""The models in use and their cards, over the page."""

from __future__ import annotations

import hashlib
from urllib.parse import quote

import pytest

from soundit_edge.inference.local import install
from soundit_edge.inference.manifest import MANIFEST
from soundit_edge.inference.models import default_folder
from soundit_edge.paths import local_models_folder
from tests.page.teaching.conftest import School

FACE = default_folder() / "face_expression.tflite"


async def test_every_model_is_listed_with_what_is_known(school: School) -> None:
    found = (await school.ask("GET", "/api/models")).json()
    rows = {row["name"]: row for row in found["models"]}
    face = rows["face_expression"]
    assert face["version"] == hashlib.sha256(FACE.read_bytes()).hexdigest()[:12]
    assert (face["origin"], face["bytes"], face["resource"], face["calls"]) == (
        "shipped",
        FACE.stat().st_size,
        "edgetpu",
        1204,
    )
    assert face["card"]
    assert "thread" in face["runs"]
    assert rows["face_landmark"]["origin"] == "mediapipe"
    assert (found["own"], found["note"]) == ([], "")


async def test_a_model_that_a_tool_trained_is_the_users_own(school: School) -> None:
    install(FACE, "body_own", [f"my_{i}" for i in range(8)])
    rows = {row["name"]: row for row in (await school.ask("GET", "/api/models")).json()["models"]}
    assert (rows["body_own"]["origin"], rows["body_own"]["card"]) == ("own", False)


async def test_a_broken_set_of_the_users_own_is_a_sentence_and_the_rest_is_there(school: School) -> None:
    local_models_folder().mkdir(parents=True)
    (local_models_folder() / MANIFEST).write_text("{")
    found = (await school.ask("GET", "/api/models")).json()
    assert "broken manifest" in found["note"]
    assert len(found["models"]) > 5


async def test_a_card_is_markdown(school: School) -> None:
    answer = await school.ask("GET", "/api/models/face_expression/card")
    assert answer.headers["content-type"] == "text/markdown; charset=utf-8"
    assert answer.text == (default_folder() / "face_expression.md").read_text()


@pytest.mark.parametrize(
    "name", ["", "x", "../../pyproject", "..%2F..%2Fpyproject", "face_expression.md", "a\0", "x" * 300]
)
async def test_a_card_of_no_model_is_not_found(school: School, name: str) -> None:
    answer = await school.ask("GET", f"/api/models/{quote(name, safe='%')}/card")
    assert answer.status_code == 404
