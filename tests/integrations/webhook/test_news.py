"""What a webhook tells: how the device is another one than it was."""

from __future__ import annotations

from typing import Any

from soundit_edge.control.status import MusicStatus, PrivacyStatus, ReasonStatus, Status
from soundit_edge.emotion import Emotion
from soundit_edge.integrations.webhook.news import NewsWatcher
from tests.fakes.control import full_status, mood_status
from tests.fakes.integrations import with_integration


def told(before: Status, now: Status) -> list[tuple[str, dict[str, Any]]]:
    """Return what is new."""
    watcher = NewsWatcher("webhook")
    assert watcher.look(before) == []
    assert watcher.look(before) == []
    found: list[tuple[str, dict[str, Any]]] = [(news.event, dict(news.data)) for news in watcher.look(now)]
    assert watcher.look(now) == []
    return found


def with_music(status: Status, **changes: object) -> Status:
    music: MusicStatus = status.music.model_copy(update=changes)
    return status.model_copy(update={"music": music})


def test_a_mood_is_news_where_its_emotion_is_another_one() -> None:
    status = full_status()
    stronger = status.model_copy(update={"mood": mood_status(Emotion.HAPPY, 0.9)})
    assert told(status, stronger) == []
    sad = mood_status(Emotion.SAD)
    ((event, data),) = told(status, status.model_copy(update={"mood": sad}))
    assert event == "mood"
    assert data == {
        "emotion": "sad",
        "valence": sad.valence,
        "arousal": sad.arousal,
        "confidence": sad.confidence,
    }


def test_a_track_is_news_and_what_is_done_with_it_is_not() -> None:
    status = full_status()
    assert told(status, with_music(status, bar=38, tempo=1.1, paused=True)) == []
    other = with_music(status, title="Blue", artist="Anna", album="")
    assert told(status, other) == [("track", {"title": "Blue", "artist": "Anna", "album": ""})]


def test_every_reason_since_is_told_in_order_and_a_mended_one_is_not_told_again() -> None:
    status = full_status()
    reasons = status.music.reasons
    later = tuple(ReasonStatus(t=t, words=f"at {t:.0f}") for t in (120.0, 110.0))
    found = told(status, with_music(status, reasons=(*later, *reasons)))
    assert found == [("reason", {"words": "at 110"}), ("reason", {"words": "at 120"})]
    mended = reasons[0].model_copy(update={"words": "mended"})
    assert told(status, with_music(status, reasons=(mended, *reasons[1:]))) == []
    assert told(with_music(status, reasons=()), status)[-1] == ("reason", {"words": reasons[0].words})


def test_camera_and_microphone_are_news() -> None:
    status = full_status()
    private = status.model_copy(update={"privacy": PrivacyStatus(private=True)})
    ((event, data),) = told(status, private)
    assert event == "privacy"
    assert data == {"private": True, "public_place": False, "camera_open": False, "microphone_open": False}


def test_another_integration_that_is_lost_or_found_again_is_news_and_the_webhook_itself_is_not() -> None:
    watcher = NewsWatcher("webhook")
    for name, state, news in (
        ("mqtt", "lost", []),  # as at the start
        ("mqtt", "off", []),
        ("mqtt", "on", ["on"]),
        ("mqtt", "lost", ["lost"]),
        ("mqtt", "lost", []),
        ("mqtt", "off", []),
        ("mqtt", "on", ["on"]),
        ("webhook", "lost", []),
        ("osc", "lost", ["lost"]),
        ("osc", "off", []),
    ):
        found = watcher.look(with_integration(full_status(), name, state, "why"))
        assert [(one.event, one.data["state"]) for one in found] == [("integration", one) for one in news], (
            name,
            state,
        )
        assert all(one.data == {"name": name, "state": state, "note": "why"} for one in found)


def test_in_a_public_place_neither_moods_nor_reasons_are_news_nor_afterwards() -> None:
    status = full_status()
    other = with_music(
        status.model_copy(update={"mood": mood_status(Emotion.SAD)}),
        title="Blue",
        reasons=(ReasonStatus(t=120.0, words="sad"),),
    )
    public = other.model_copy(update={"privacy": PrivacyStatus(public_place=True)})
    watcher = NewsWatcher("webhook")
    watcher.look(status)
    assert [news.event for news in watcher.look(public)] == ["track", "privacy"]
    assert [news.event for news in watcher.look(other)] == ["privacy"]
