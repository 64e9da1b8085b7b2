"""The kiosk's scenes and what they are drawn with: each follows mood and beat, and no flash of any harms an eye."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from playwright.sync_api import Page

from soundit_edge.emotion import EMOTIONS, Emotion
from tests.fakes.page import PageThread
from tests.page.conftest import OpenPage
from tests.page.kiosk import BESIDE_BEAT, ON_BEAT, SCENES, Pixels, draw_scenes, playing

pytestmark = pytest.mark.browser

FLASH = 0.1
"""Change of relative luminance that is half a flash (WCAG 2.2, general flash)."""
MAX_FLASHES = 3
FLASHING_SHARE = 0.25
"""Of the picture; what flashes in less of it is not seen as one."""
RATE = 12


@pytest.fixture
def page(open_page: OpenPage, device: PageThread) -> Page:
    """A page of the device on which nothing runs."""
    page = open_page(320, 180, live=False)
    page.route("**/static/start.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
    page.goto(f"{device.address}/kiosk")
    return page


def test_every_scene_is_another_picture_in_every_mood_and_on_the_beat(page: Page) -> None:
    assert len(SCENES) >= 4
    statuses = [playing(emotion, ON_BEAT) for emotion in EMOTIONS]
    beside = playing(EMOTIONS[-1], BESIDE_BEAT)
    for name, pictures in draw_scenes(page, [*statuses, beside], 40).items():
        for i, emotion in enumerate(EMOTIONS):
            assert pictures[i].std() > 6, f"{name} is empty: {emotion}"
            assert 8 < pictures[i].mean() < 190, f"{name} is black, or too bright for words: {emotion}"
            for j, other in enumerate(EMOTIONS[:i]):
                assert np.abs(pictures[i] - pictures[j]).mean() > 4, f"{name}: {emotion} looks like {other}"
        assert np.abs(pictures[-1] - pictures[-2]).max() > 2, f"{name} does not feel the beat"


def luminance(pictures: Pixels) -> Pixels:
    """Return the relative luminance (WCAG 2.2) of pictures in cells of 8 x 8 pixels: [pictures, rows, columns]."""
    value = pictures / 255
    linear = np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4) @ np.array(
        [0.2126, 0.7152, 0.0722]
    )
    count, rows, columns = linear.shape
    return np.asarray(linear.reshape(count, rows // 8, 8, columns // 8, 8).mean((2, 4)))


def flashes(levels: Pixels) -> int:
    """Count the flashes of one cell: it gets lighter and darker again, or the other way round."""
    swings, turned, rising = 0, levels[0], 0
    for level in levels:
        direction = int(np.sign(level - turned))
        if direction == rising:
            turned = max(turned, level) if rising > 0 else min(turned, level)
        elif abs(level - turned) >= FLASH:
            swings, turned, rising = swings + 1, level, direction
    return swings // 2


def test_flashes_are_counted() -> None:
    time = np.arange(0, 1, 1 / RATE)
    assert flashes(0.3 + 0.2 * np.sin(2 * np.pi * 4 * time)) == 4
    assert flashes(0.3 + 0.04 * np.sin(2 * np.pi * 4 * time)) == 0


def test_no_scene_flashes_more_than_three_times_a_second(page: Page) -> None:
    """To the fastest loud music, in the most stirred of moods."""
    fast = BESIDE_BEAT.model_copy(update={"beat_s": 0.25})
    for name, pictures in draw_scenes(page, [playing(Emotion.ANGRY, fast, -6.0)], 1, 1 / RATE).items():
        cells = luminance(pictures)
        assert np.abs(pictures[-1] - pictures[0]).max() > 4, f"{name} stands still"
        often = [flashes(cells[:, y, x]) > MAX_FLASHES for y in range(cells.shape[1]) for x in range(cells.shape[2])]
        assert np.mean(often) < FLASHING_SHARE, name


PULSES = """async bars => {
    const { beatAt } = await import('/static/kiosk/beat.js');
    return bars.map(pulse => {
        const strengths = Array.from({length: 800}, (_, i) => beatAt(pulse, i / 200).beat);
        const peak = i => i > 0 && strengths[i] > strengths[i - 1] && strengths[i] >= strengths[i + 1];
        return strengths.map((_, i) => i).filter(peak).map(i => i / 200);
    });
}"""


def test_the_beat_is_felt_where_it_is_heard_and_at_most_twice_a_second(page: Page) -> None:
    pulse = {"beat": 0, "beats": 4, "phase": 0.5, "beat_s": 0.6, "moving": True}
    [heard] = page.evaluate(PULSES, [pulse])
    assert heard == pytest.approx([0.3 + 0.6 * i for i in range(7)], abs=0.1)
    still = [pulse | {"moving": False}, pulse | {"beats": 0}, pulse | {"beat_s": 0}, None]
    assert page.evaluate(PULSES, still) == [[]] * 4
    fast = [pulse | {"beats": beats, "beat_s": s} for beats in (1, 2, 3, 4, 5, 7) for s in (0.12, 0.2, 0.3, 0.34, 0.49)]
    for bar, found in zip(fast, page.evaluate(PULSES, fast), strict=True):
        assert all(later - earlier > 0.49 for earlier, later in pairwise(found)), bar


LITTLE_MOTION = """async status => {
    const { Frames } = await import('/static/kiosk/frame.js');
    return [false, true].map(still => {
        const frames = new Frames({still});
        frames.follow(status, 0);
        let strongest = 0;
        for (let ms = 0; ms <= 2000; ms += 40) strongest = Math.max(strongest, frames.next(ms).beat);
        return [frames.t, strongest];
    });
}"""


def test_who_wants_little_motion_gets_it(page: Page) -> None:
    (usual, beat), (slow, still) = page.evaluate(LITTLE_MOTION, playing(Emotion.HAPPY, ON_BEAT).model_dump(mode="json"))
    assert (usual, still) == (pytest.approx(2), 0)
    assert slow < 1
    assert beat > 0.5


BUDGET = """async runs => {
    const { Budget } = await import('/static/kiosk/budget.js');
    return runs.map(times => {
        const budget = new Budget();  // below: how many, what goes with the pixels, what does not
        for (const [count, whole, fixed] of times)
            for (let i = 0; i < count; i++) budget.note(fixed + whole * budget.detail ** 2);
        return [budget.detail, budget.hopeless];
    });
}"""


def test_a_slow_computer_draws_less_and_a_slow_screen_does_not(page: Page) -> None:
    """Milliseconds between two pictures: what goes with the pixels, and what no detail changes."""
    runs = {
        "fast": [(900, 10, 4)],
        "slow for sixty": [(900, 30, 4)],
        "slow for thirty": [(900, 150, 4)],
        "a screen of thirty": [(900, 0, 33)],
        "hopeless": [(900, 9000, 300)],
        "asleep": [(10, 2, 4), (1, 0, 60_000), (900, 2, 4)],
        "busy for a while": [(45, 0, 30), (900, 4, 4)],
    }
    details = dict(zip(runs, page.evaluate(BUDGET, list(runs.values())), strict=True))
    assert details["fast"] == [1, False]
    assert 0.5 <= details["slow for sixty"][0] < 1
    assert 0.2 <= details["slow for thirty"][0] < 0.5
    assert details["a screen of thirty"] == [1, False]
    assert details["asleep"] == details["busy for a while"] == [1, False]
    assert [name for name, (_, hopeless) in details.items() if hopeless] == ["hopeless"]


STAGE = """async () => {
    const { Frames } = await import('/static/kiosk/frame.js');
    const { Stage } = await import('/static/kiosk/stage.js');
    const log = [];
    const scene = (name, draw = () => {}) =>
        [name, {setup: () => void log.push(`+${name}`), draw, end: () => log.push(`-${name}`)}];
    const fail = () => { throw new Error('on purpose'); };
    const root = document.createElement('div');
    const scenes = new Map([scene('a'), scene('b'), scene('c', fail), scene('d')]);
    const stage = new Stage(root, new Frames(), scenes, {seed: 3, turn_s: 60, only: ''});
    const seen = [];
    for (let ms = 0; ms <= 300000; ms += 20) {
        if (ms === 200000) stage.choose('b');
        if (ms === 280000) stage.choose('nowhere');
        stage.draw(ms);
        if (ms % 1000 === 0) seen.push(document.body.dataset.scene + root.childElementCount);
    }
    return [log, seen];
}"""


def test_scenes_take_turns_fade_over_and_the_one_that_fails_is_left_out(page: Page, complaints: list[str]) -> None:
    log, seen = page.evaluate(STAGE)
    assert log == ["+a", "+b", "-a", "+c", "-c", "+d", "-b", "+a", "-d", "+b", "-a", "+d", "-b"]
    assert seen[61] == "b2"
    assert seen[70] == "b1"
    assert seen[230] == "b1"
    assert complaints == ["The scene c is left out: on purpose"]
    complaints.clear()
