"""The state: what it says of the device, and that it is sent when something has changed, not more often."""

from __future__ import annotations

from soundit_edge.control.status import OverrideStatus, PrivacyStatus
from soundit_edge.emotion import Emotion
from soundit_edge.integrations.mqtt.state import DRIFTING, DueStates, State, state_of
from tests.fakes.control import FakeControl, full_status


def test_it_says_what_is_felt_and_played_in_round_numbers() -> None:
    state = state_of(full_status(Emotion.HAPPY), ignored=3)
    assert state["mood"] == "happy"
    assert state["people"] == 2
    assert (state["title"], state["artist"]) == ("First light", "Soundit")
    assert (state["volume"], state["policy"], state["preset"], state["play"]) == (60, "follow", "musical", "theme")
    assert (state["playing"], state["muted"], state["private"]) == (True, False, False)
    assert (state["sense_face"], state["sense_lips"]) == (True, False)
    assert (state["manual_mood"], state["ignored"]) == ("room", 3)
    assert state["confidence"] == round(100 * full_status().mood.confidence)
    for key in ("valence", "arousal"):
        value = state[key]
        assert isinstance(value, float)
        assert value == round(value, 2)
    assert isinstance(state["tempo"], int)


def test_it_says_what_is_not_known() -> None:
    device = FakeControl()
    device.change_music(bpm=None, source="tracks")
    device.now = device.now.model_copy(
        update={
            "privacy": PrivacyStatus(private=True),
            "override": OverrideStatus(emotion=Emotion.CALM, until_s=200.0),
        }
    )
    state = state_of(device.status(), ignored=0)
    assert (state["tempo"], state["play"], state["people"], state["manual_mood"]) == (None, None, None, "calm")


def test_nobody_is_seen_where_the_senses_find_nobody() -> None:
    status = full_status()
    quiet = tuple(sense.model_copy(update={"state": "quiet"}) for sense in status.senses)
    assert state_of(status.model_copy(update={"senses": quiet}), ignored=0)["people"] == 0


def state(**changes: object) -> State:
    """Return the state of one device, with changes."""
    return {**state_of(full_status(), ignored=0), **changes}  # type: ignore[dict-item]


def test_what_has_not_changed_is_not_due() -> None:
    due = DueStates(interval_s=5.0)
    assert due.take(state(), 0.0)
    assert not any(due.take(state(), float(second)) for second in range(100))


def test_what_changes_is_due_at_once_and_what_drifts_after_the_interval() -> None:
    due = DueStates(interval_s=5.0)
    assert due.take(state(), 0.0)
    assert not due.take(state(valence=0.5), 4.9)
    assert due.take(state(valence=0.5, policy="calm"), 4.9)
    assert not due.take(state(valence=0.6, policy="calm"), 9.8)
    assert due.take(state(valence=0.7, policy="calm"), 9.95)
    assert {"valence", "arousal", "confidence", "people", "tempo", "ignored"} == DRIFTING


def test_a_state_that_is_forgotten_is_due_again() -> None:
    due = DueStates(interval_s=5.0)
    assert due.take(state(), 0.0)
    due.forget()
    assert due.take(state(), 0.1)
    assert not due.take(state(), 0.2)
