"""What Home Assistant shows of the device and can do to it: one row for each entity.

A row says what the entity is at Home Assistant, and which value of the state is its own. Controls have no words of
their own: each sends a `DevicePatch`, so that whatever the device can change is one row here.
"""

from __future__ import annotations

from typing import Final

from soundit_edge.control.status import Status
from soundit_edge.emotion import EMOTIONS
from soundit_edge.integrations.mqtt.entity import Entity, button, measured, opened, select, switch, text
from soundit_edge.integrations.mqtt.models import MODELS_CONFIG
from soundit_edge.modalities import MODALITIES
from soundit_edge.tables.choices import POLICY_WORDS, PRESET_WORDS, SOURCE_WORDS

ROOM: Final = "room"
"""The choice of the manual mood that lets the room lead."""


def _people(status: Status) -> int | None:
    """Return how many faces are seen; None where nothing gives pictures."""
    if not status.privacy.camera_open:
        return None
    seen = (sense.detail.get("faces", 0) for sense in status.senses if sense.state == "reading")
    return max((int(faces) for faces in seen), default=0)


def _sense(name: str, title: str) -> Entity:
    def runs(status: Status) -> bool:
        return any(sense.name == name and sense.state != "off" for sense in status.senses)

    key = f"sense_{name}"
    return switch(
        key, f"Sense: {title}", runs, lambda on: {"senses": {name: on}}, "mdi:eye-settings", entity_category="config"
    )


_MOOD_COMMAND: Final = (
    f"{{% if value == '{ROOM}' %}}"
    '{"mood": null}{% else %}{"mood": {"emotion": "{{ value }}"}}{% endif %}'
)

ENTITIES: Final[tuple[Entity, ...]] = (
    Entity(
        "mood",
        "sensor",
        "Mood",
        lambda s: s.mood.emotion.value,
        {"device_class": "enum", "options": [e.value for e in EMOTIONS], "icon": "mdi:emoticon-outline"},
    ),
    measured("valence", "Valence", lambda s: round(s.mood.valence, 2), "mdi:emoticon-happy-outline"),
    measured("arousal", "Arousal", lambda s: round(s.mood.arousal, 2), "mdi:lightning-bolt-outline"),
    measured("confidence", "Confidence", lambda s: round(100 * s.mood.confidence), "mdi:check-decagram-outline", "%"),
    measured("people", "People", _people, "mdi:account-group"),
    text("title", "Now playing", lambda s: s.music.title, "mdi:music-note", "artist", "album"),
    text("reason", "Reason", lambda s: s.music.reason, "mdi:comment-question-outline"),
    measured("tempo", "Tempo", lambda s: None if s.music.bpm is None else round(s.music.bpm), "mdi:metronome", "bpm"),
    opened("camera", "Camera open", lambda s: s.privacy.camera_open, "mdi:camera"),
    opened("microphone", "Microphone open", lambda s: s.privacy.microphone_open, "mdi:microphone"),
    switch("playing", "Play", lambda s: not s.music.paused, lambda on: {"paused": not on}, "mdi:play-pause"),
    switch("muted", "Mute", lambda s: s.music.muted, lambda on: {"muted": on}, "mdi:volume-mute"),
    switch("private", "Privacy", lambda s: s.privacy.private, lambda on: {"private": on}, "mdi:incognito"),
    Entity(
        "volume",
        "number",
        "Volume",
        lambda s: round(100 * s.volume),
        {
            "icon": "mdi:volume-high",
            "min": 0,
            "max": 100,
            "step": 1,
            "mode": "slider",
            "unit_of_measurement": "%",
            "command_template": '{"volume": {{ value / 100 }}}',
        },
        sends="set",
    ),
    select("policy", "Policy", lambda s: s.music.policy, tuple(POLICY_WORDS), "mdi:compass-outline"),
    select("preset", "Preset", lambda s: s.music.preset, tuple(PRESET_WORDS), "mdi:tune-variant"),
    select(
        "play",
        "Source",
        # A single song of the library is no choice of this list: Home Assistant shows it as unknown.
        lambda s: s.music.source if s.music.source in SOURCE_WORDS else None,
        tuple(SOURCE_WORDS),
        "mdi:playlist-music",
    ),
    select(
        "manual_mood",
        "Manual mood",
        lambda s: s.override.emotion.value if s.override else ROOM,
        (ROOM, *(e.value for e in EMOTIONS)),
        "mdi:drama-masks",
        _MOOD_COMMAND,
    ),
    *(_sense(row.name, row.title) for row in MODALITIES.values()),
    button("next", "Next", "mdi:skip-next"),
    button("like", "Like", "mdi:thumb-up-outline"),
    button("dislike", "Dislike", "mdi:thumb-down-outline"),
    Entity("models", "update", "Models", lambda s: s.update.in_use.release, MODELS_CONFIG),
    Entity(
        "refused",
        "event",
        "Refused change",
        config={"event_types": ["refused"], "icon": "mdi:hand-back-left-off-outline"},
        reads="problem",
    ),
    Entity(
        "ignored",
        "sensor",
        "Ignored messages",
        config={
            "state_class": "total_increasing",
            "entity_category": "diagnostic",
            "icon": "mdi:email-remove-outline",
        },
        drifts=True,
    ),
)
"""In the order in which they are described; `ignored` counts messages to the device that were no commands."""
