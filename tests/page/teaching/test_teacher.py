"""Teaching over the page: record, learn, try, keep or discard, and every way in which it is refused."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from soundit_edge.capture.capture import Frame
from soundit_edge.inference.models import ModelSet, ModelSetError, default_folder
from soundit_edge.page.teaching.teacher import ABANDONED_S
from soundit_edge.senses.own.heads import OwnHeads
from soundit_edge.settings import PrivacySettings
from tests.fakes.own import head_beside_shipped, picture, shelf_in
from tests.page.teaching.conftest import LESSON, School
from tests.waiting import until


async def lesson_of(school: School) -> dict[str, Any]:
    """How the lesson stands."""
    status: dict[str, Any] = (await school.ask("GET", "/api/own")).json()
    assert status["lesson"] is not None, status
    return dict(status["lesson"])


async def begin(school: School, **changes: object) -> None:
    answer = await school.ask("POST", "/api/own/lesson", {**LESSON, **changes})
    assert answer.status_code == 200, answer.text


async def taught(school: School, each: int = 2) -> None:
    """A lesson with takes of both labels, which has been learnt from."""
    await begin(school)
    for _ in range(each):
        await school.record(0)
        await school.record(1)
    assert (await school.ask("POST", "/api/own/learning")).status_code == 200
    await until(lambda: school.teacher.status().lesson.report)  # type: ignore[union-attr]


def refused(answer: Any, code: int, words: str) -> None:
    assert answer.status_code == code, answer.text
    detail = answer.json()["detail"]
    assert words in detail
    assert "\n" not in detail


async def test_the_whole_way_from_a_lesson_to_a_head_that_is_kept(school: School) -> None:
    await taught(school)
    lesson = await lesson_of(school)
    assert lesson["set"]["takes"] == [2, 2]
    assert (lesson["report"]["right"], lesson["report"]["takes"]) == (4, 4)
    # Tried: shown beside the shipped model's word, and the senses know nothing of it yet.
    await school.see(200)
    await until(lambda: school.teacher.status().lesson.trial)  # type: ignore[union-attr]
    trial = (await lesson_of(school))["trial"]
    assert (trial["label"], trial["shipped"]) == ("beam", "neutral")
    assert head_beside_shipped(school.heads) is None
    assert (await school.ask("POST", "/api/own/keep", {"name": "Anna"})).status_code == 200
    assert head_beside_shipped(school.heads) is not None
    assert (await school.ask("DELETE", "/api/own/lesson")).json()["lesson"] is None
    [kept] = (await school.ask("GET", "/api/own")).json()["sets"]
    assert (kept["name"], kept["in_use"], kept["takes"]) == ("Anna", True, [2, 2])
    # It survives a restart.
    heads = OwnHeads()
    heads.load(shelf_in(school.folder), ModelSet(default_folder()))
    assert head_beside_shipped(heads) is not None


async def test_what_is_not_told_apart_is_not_kept_and_the_page_says_why(school: School) -> None:
    await taught(school)
    learner = school.teacher._now_given().learner
    assert learner.learnt is not None
    report = learner.learnt.report.model_copy(update={"alike": (("smirk", "beam"),)})
    learner.learnt = learner.learnt.model_copy(update={"report": report})
    refused(await school.ask("POST", "/api/own/keep", {"name": "x"}), 409, "“smirk” and “beam” are not told apart")
    assert head_beside_shipped(school.heads) is None


async def test_what_is_discarded_is_gone_at_once_and_the_takes_stay(school: School) -> None:
    await taught(school)
    lesson = (await school.ask("POST", "/api/own/discard")).json()["lesson"]
    assert (lesson["report"], lesson["trial"], lesson["set"]["takes"]) == (None, None, [2, 2])
    refused(await school.ask("POST", "/api/own/keep", {"name": "x"}), 409, "Nothing has been learnt")
    assert head_beside_shipped(school.heads) is None


async def test_a_kept_set_is_let_go_used_again_saved_and_deleted(school: School) -> None:
    await taught(school)
    await school.ask("POST", "/api/own/keep", {"name": "Anna"})
    await school.ask("DELETE", "/api/own/lesson")
    [one] = school.teacher.sets.all
    await school.ask("PUT", "/api/own/use", {"kind": "expression", "set": None})
    assert head_beside_shipped(school.heads) is None
    await school.ask("PUT", "/api/own/use", {"kind": "expression", "set": one.id})
    assert head_beside_shipped(school.heads) is not None
    refused(await school.ask("PUT", "/api/own/use", {"kind": "gesture", "set": one.id}), 422, "another kind")
    saved = await school.ask("GET", f"/api/own/sets/{one.id}")
    assert saved.json()["info"]["name"] == "Anna"
    assert "attachment" in saved.headers["content-disposition"]
    card = await school.ask("GET", f"/api/models/{one.id}/card")
    assert "4 of 4 takes" in card.text
    assert (await school.ask("DELETE", f"/api/own/sets/{one.id}")).json()["sets"] == []
    assert head_beside_shipped(school.heads) is None
    assert not [path for path in school.folder.rglob("*") if one.id in path.name]
    refused(await school.ask("DELETE", f"/api/own/sets/{one.id}"), 422, "no such set")


async def test_a_set_is_gone_on_with_later(school: School) -> None:
    await begin(school)
    await school.record(0)
    refused(
        await school.ask("DELETE", f"/api/own/sets/{(await lesson_of(school))['set']['id']}"), 409, "End the lesson"
    )
    await school.ask("DELETE", "/api/own/lesson")
    [one] = school.teacher.sets.all
    await school.ask("PUT", "/api/own/lesson", {"set": one.id, "camera": "device", "seconds": 3})
    await school.record(1)
    assert (await lesson_of(school))["set"]["takes"] == [1, 1]
    await school.ask("DELETE", "/api/own/take")
    assert (await lesson_of(school))["set"]["takes"] == [1, 0]
    assert shelf_in(school.folder).read(one.id).counts == (1, 0)


async def test_two_lessons_at_once_are_refused_and_the_first_goes_on(school: School) -> None:
    await begin(school)
    refused(await school.ask("POST", "/api/own/lesson", LESSON), 409, "given already")
    await school.record(0)
    assert (await lesson_of(school))["set"]["takes"] == [1, 0]


async def test_too_few_takes_are_refused_in_words(school: School) -> None:
    await begin(school)
    for label in (0, 1, 1):
        await school.record(label)
    await school.ask("POST", "/api/own/learning")
    await until(lambda: school.teacher.status().lesson.learning.state == "failed")  # type: ignore[union-attr]
    learning = (await lesson_of(school))["learning"]
    assert learning["note"] == "Record 1 more take of \u201csmirk\u201d first: each needs at least 2."


async def test_a_take_without_a_face_is_not_kept(school: School) -> None:
    await begin(school)
    await school.record(0, level=0)
    lesson = await lesson_of(school)
    assert lesson["set"]["takes"] == [0, 0]
    assert lesson["note"] == "This take is not kept. No face is seen: come into the picture."
    assert not (school.folder / "state").exists()


@pytest.mark.parametrize(
    ("privacy", "words"),
    [(PrivacySettings(private=True), "camera is closed"), (PrivacySettings(public_place=True), "public place")],
)
async def test_where_privacy_forbids_it_no_lesson_begins_and_one_that_is_given_ends(
    school: School, privacy: PrivacySettings, words: str
) -> None:
    await begin(school)
    school.privacy = privacy
    await until(lambda: school.teacher.status().lesson is None)
    assert words in (await school.ask("GET", "/api/own")).json()["note"]
    refused(await school.ask("POST", "/api/own/lesson", LESSON), 409, words)


async def test_a_lesson_whose_page_was_closed_ends(school: School) -> None:
    await begin(school)
    school.now += ABANDONED_S + 1
    await until(lambda: school.teacher._given is None)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"labels": LESSON["labels"][:1]}, "at least 2"),  # type: ignore[index]
        ({"labels": [{"name": f"n{i}", "emotion": "sad"} for i in range(9)]}, "at most 8"),
        ({"labels": [{"name": "a", "emotion": "sad"}, {"name": " A", "emotion": "happy"}]}, "same name"),
        ({"labels": [{"name": "a\0", "emotion": "sad"}, {"name": "b", "emotion": "sad"}]}, "can be seen"),
        ({"labels": [{"name": "\u202eab", "emotion": "sad"}, {"name": "b", "emotion": "sad"}]}, "can be seen"),
        ({"labels": [{"name": "x" * 300, "emotion": "sad"}, {"name": "b", "emotion": "sad"}]}, "1 to 40 characters"),
        ({"labels": [{"name": "a", "emotion": "glad"}, {"name": "b", "emotion": "sad"}]}, "'neutral'"),
        ({"name": ""}, "1 to 40 characters"),
        ({"kind": "voice"}, "expression"),
        ({"seconds": 1e9}, "seconds"),
        ({"seconds": "NaN"}, "seconds"),
        ({"camera": "../x"}, "camera"),
        ({"more": 1}, "The body must be"),
    ],
)
async def test_a_lesson_that_cannot_be_given_is_refused_in_words(
    school: School, changes: dict[str, object], words: str
) -> None:
    refused(await school.ask("POST", "/api/own/lesson", {**LESSON, **changes}), 422, words)
    assert school.teacher.status().lesson is None


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/api/own/take", {"label": 0}),
        ("DELETE", "/api/own/take", {}),
        ("POST", "/api/own/learning", {}),
        ("DELETE", "/api/own/learning", {}),
        ("POST", "/api/own/keep", {"name": "x"}),
        ("POST", "/api/own/discard", {}),
    ],
)
async def test_without_a_lesson_nothing_can_be_done_in_one(
    school: School, method: str, path: str, body: dict[str, object]
) -> None:
    refused(await school.ask(method, path, body), 409, "No lesson is given")


@pytest.mark.parametrize("body", [{"label": True}, {"label": "0"}, {"label": 1e9}, {"label": None}, {}])
async def test_a_label_that_is_none_is_refused(school: School, body: dict[str, object]) -> None:
    await begin(school)
    refused(await school.ask("POST", "/api/own/take", body), 422, "label")


async def test_a_disk_that_is_full_loses_no_take_and_says_so(school: School, monkeypatch: pytest.MonkeyPatch) -> None:
    await begin(school)
    await school.record(0)
    await until(lambda: school.teacher.sets.all)  # it is written

    def full(source: Path, target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    await school.record(1)
    await until(lambda: "the disk is full" in school.teacher.status().lesson.note)  # type: ignore[union-attr]
    lesson = await lesson_of(school)
    assert lesson["set"]["takes"] == [1, 1]
    monkeypatch.undo()
    await school.record(1)
    await until(lambda: shelf_in(school.folder).read(lesson["set"]["id"]).counts == (1, 2))


async def test_pictures_of_a_browsers_camera_are_looked_at(school: School) -> None:
    jpeg = bytes(cv2.imencode(".jpg", picture(200))[1])
    headers = {"content-type": "image/jpeg"}
    refused(await school.client.post("/api/own/frame", content=jpeg, headers=headers), 409, "No lesson")
    await begin(school)
    refused(await school.client.post("/api/own/frame", content=jpeg, headers=headers), 409, "own camera")
    await school.ask("DELETE", "/api/own/lesson")
    await begin(school, camera="browser")
    await school.ask("POST", "/api/own/take", {"label": 1})
    school.now += 3.5
    school.teacher.watch(Frame(school.now, np.zeros((32, 32, 3), np.uint8)))  # the device's own: not looked at
    assert (await school.client.post("/api/own/frame", content=jpeg, headers=headers)).status_code == 204
    await until(lambda: school.teacher.status().lesson.usable == 1)  # type: ignore[union-attr]
    bad = await school.client.post("/api/own/frame", content=b"\xff\xd8 no", headers=headers)
    refused(bad, 422, "no JPEG picture")
    assert (await school.client.post("/api/own/frame", content=b"x" * 500_000, headers=headers)).status_code == 413


async def test_an_observer_whose_models_are_missing_ends_the_lesson_with_a_sentence(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(kind: object, models: object) -> None:
        raise ModelSetError("MediaPipe's model 'x' is not installed: run `make setup`")

    monkeypatch.setattr(school.teacher, "_observer", missing)
    await begin(school)
    await until(lambda: school.teacher.status().lesson is None)
    assert "is not installed" in (await school.ask("GET", "/api/own")).json()["note"]
