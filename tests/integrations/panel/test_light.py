"""What the light shows: which sign comes first, in which rhythm, and that it never lies about what is open."""

from __future__ import annotations

import itertools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soundit_edge.control.pulse import Pulse
from soundit_edge.control.status import OverrideStatus, PrivacyStatus, SourceStatus, Status
from soundit_edge.control.update_status import UpdateState, UpdateStatus
from soundit_edge.emotion import EMOTIONS, Emotion
from soundit_edge.integrations.panel.light import MIN_LIT, STEPS, Light
from soundit_edge.integrations.panel.signs import ANSWER_S, FLASH_S, LOOKS, Answer, Sign, sign_of
from soundit_edge.tables.colours import RGB, light_of
from tests.fakes.control import full_status

OPEN = PrivacyStatus(camera_open=True)
SHUT = PrivacyStatus(private=True)


def pulse(phase: float = 0.0, moving: bool = True) -> Pulse:
    return Pulse(at=0.0, bars=3 + phase / 4, bar_s=2.0, beats=4, moving=moving, level_db=-20.0)


def with_(**changes: object) -> Status:
    """A device that has everything, where these are otherwise."""
    sources = (SourceStatus(role="camera", name="cam", state="on"),)
    return full_status().model_copy(update={"sources": sources, **changes})


def lost(role: str) -> tuple[SourceStatus, ...]:
    return (SourceStatus.model_validate({"role": role, "name": "it", "state": "lost"}),)


def lamp(brightness: float = 1.0, wired: tuple[bool, bool, bool] = (True, True, True)) -> Light:
    return Light(brightness, wired, 0.0)


def shown(light: Light, status: Status, music: Pulse, t: float) -> RGB:
    return light.levels(status, music, t).levels


def settled(light: Light, status: Status, music: Pulse, t: float = 0.0) -> RGB:
    """What the light shows once it has come to the colour of the mood."""
    while light.levels(status, music, t).moves and t < 30.0:
        t += 0.1
    return shown(light, status, music, t)


def test_the_most_urgent_sign_comes_first() -> None:
    updating = UpdateStatus(state="fetching", share=0.5)
    everything: dict[str, object] = {"sources": lost("camera"), "claim": "open", "privacy": SHUT, "update": updating}
    names = [Sign.ERROR, Sign.CLAIM, Sign.PRIVATE, Sign.UPDATING]
    for name, urgent in zip(names, tuple(everything), strict=True):
        assert sign_of(with_(**everything), started=True) is name
        del everything[urgent]
    assert sign_of(with_(), started=False) is Sign.STARTING
    assert sign_of(with_(), started=True) is Sign.MOOD
    assert list(Sign) == [*names, Sign.STARTING, Sign.MOOD]


@pytest.mark.parametrize(
    ("state", "sign"),
    [
        ("idle", Sign.MOOD),
        ("asking", Sign.MOOD),
        ("ready", Sign.MOOD),
        ("fetching", Sign.UPDATING),
        ("checking", Sign.UPDATING),
        ("watching", Sign.UPDATING),
    ],
)
def test_models_on_their_way_are_shown_and_nothing_else_of_updates(state: UpdateState, sign: Sign) -> None:
    assert sign_of(with_(update=UpdateStatus(state=state)), started=True) is sign


@pytest.mark.parametrize("role", ["camera", "microphone", "clip", "speaker", "light"])
def test_what_the_device_misses_is_an_error(role: str) -> None:
    assert sign_of(with_(sources=lost(role)), started=True) is Sign.ERROR


def test_an_accelerator_that_is_gone_is_no_error() -> None:
    assert sign_of(with_(sources=lost("accelerator")), started=True) is Sign.MOOD


@pytest.mark.parametrize("emotion", EMOTIONS)
def test_it_has_the_colour_of_the_mood_and_rests_where_the_music_does(emotion: Emotion) -> None:
    status = full_status(emotion).model_copy(update={"sources": ()})
    light = lamp()
    light.levels(status, pulse(), 0.0)  # the music has begun
    levels = settled(light, status, pulse(moving=False))
    wanted = light_of(emotion)
    assert levels == pytest.approx([0.7 * part for part in wanted], abs=1.5 / STEPS)


def test_a_mood_that_somebody_holds_is_shown_in_place_of_the_rooms() -> None:
    status = with_(override=OverrideStatus(emotion=Emotion.SAD, until_s=999.0))
    light = lamp()
    light.levels(status, pulse(), 0.0)
    red, _, blue = settled(light, status, pulse(moving=False))
    assert blue > 5 * red


def test_it_breathes_with_the_beat() -> None:
    light, status = lamp(), with_()
    settled(light, status, pulse())
    on, between, off = (max(shown(light, status, pulse(phase), 31.0)) for phase in (0.0, 0.25, 0.5))
    assert on == 1.0
    assert on > between > off > 0.3


def test_it_starts_white_until_the_music_begins() -> None:
    light, status = lamp(), with_()
    levels = shown(light, status, pulse(moving=False), 1.5)
    assert min(levels) > 0.5
    assert shown(light, status, pulse(), 2.0) != levels
    paused = with_(music=status.music.model_copy(update={"paused": True}))
    assert shown(lamp(), paused, pulse(moving=False), 1.5) != levels


def test_another_mood_is_faded_to() -> None:
    light = lamp()
    settled(light, full_status(Emotion.CALM).model_copy(update={"sources": ()}), pulse())
    angry = full_status(Emotion.ANGRY).model_copy(update={"sources": ()})
    reds = [shown(light, angry, pulse(), 31.0 + i / 10)[0] for i in range(20)]
    assert reds == sorted(reds)
    assert reds[0] < 0.3
    assert reds[-1] > 0.9
    assert max(b - a for a, b in itertools.pairwise(reds)) < 0.3


def test_in_private_it_is_dark_but_for_a_flash() -> None:
    light, status = lamp(), with_(privacy=SHUT)
    levels = [max(shown(light, status, pulse(), t / 10)) for t in range(40)]
    assert levels.count(0.0) > 35
    assert max(levels) > 0.5


def test_attack_private_while_a_camera_that_hangs_is_open_still() -> None:
    light, status = lamp(), with_(privacy=PrivacyStatus(private=True, camera_open=True))
    assert min(max(shown(light, status, pulse(), t / 10)) for t in range(40)) >= MIN_LIT


STATUSES = st.builds(
    lambda emotion, role, claim, private, camera, microphone: full_status(emotion).model_copy(
        update={
            "sources": lost(role) if role else (),
            "claim": claim,
            "privacy": PrivacyStatus(private=private, camera_open=camera, microphone_open=microphone),
        }
    ),
    st.sampled_from(EMOTIONS),
    st.sampled_from(("", "camera", "speaker", "light", "accelerator")),
    st.sampled_from(("claimed", "unclaimed", "open")),
    st.booleans(),
    st.booleans(),
    st.booleans(),
)
WIRED = st.sampled_from(
    [(True, True, True), (True, False, False), (False, True, False), (False, False, True), (True, False, True)]
)


@given(
    STATUSES, WIRED, st.floats(0, 1), st.lists(st.floats(0, 5), min_size=1, max_size=10), st.floats(0, 0.99), st.data()
)
def test_it_is_never_dark_while_anything_may_be_open(
    status: Status,
    wired: tuple[bool, bool, bool],
    brightness: float,
    waits: list[float],
    phase: float,
    data: st.DataObject,
) -> None:
    light, t = lamp(brightness, wired), 0.0
    privacy = status.privacy
    for wait in waits:
        t += wait
        if data.draw(st.booleans()):
            light.answer(data.draw(st.sampled_from(Answer)), t)
        levels = shown(light, status, pulse(phase, moving=data.draw(st.booleans())), t)
        assert all(0.0 <= level <= 1.0 and level * STEPS == pytest.approx(round(level * STEPS)) for level in levels)
        if not privacy.private or privacy.camera_open or privacy.microphone_open:
            assert max(level for level, there in zip(levels, wired, strict=True) if there) >= MIN_LIT


@pytest.mark.parametrize(("answer", "flashes"), [(Answer.DONE, 1), (Answer.REFUSED, 2)])
def test_an_answer_comes_before_all_signs_and_ends(answer: Answer, flashes: int) -> None:
    light, status = lamp(), with_(privacy=SHUT)
    for t in (1.0, 2.5):  # also when it was given before
        light.answer(answer, t)
        bright = [max(shown(light, status, pulse(), t + FLASH_S * i + 0.01)) > 0.5 for i in range(4)]
        assert bright == [True, False, flashes == 2, False]
    assert shown(light, status, pulse(), 2.6 + ANSWER_S) == (0.0, 0.0, 0.0)


def test_a_warning_that_is_repeated_goes_on() -> None:
    light, status = lamp(), with_(privacy=SHUT)
    seen = []
    for i in range(40):
        t = 10.0 + i / 10
        if i % 5 == 0:
            light.answer(Answer.WARNING, t)
        seen.append(max(shown(light, status, pulse(), t)) > 0.5)
    runs = re.findall(r"1+|0+", "".join("01"[one] for one in seen))
    assert max(map(len, runs)) <= 3


def test_no_sign_flashes_more_than_three_times_in_a_second() -> None:
    for look in LOOKS.values():
        if look.rhythm is None:
            continue
        levels = [look.rhythm(t / 100) > 0.5 for t in range(1000)]
        rises = [t for t in range(1, 1000) if levels[t] and not levels[t - 1]]
        assert all(c - a >= 100 for a, c in zip(rises, rises[3:], strict=False)), look.words
