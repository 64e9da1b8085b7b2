"""The pause: the music stands still to the sample, and no fade clicks."""

from __future__ import annotations

import numpy as np
import pytest

from benches.clicks import allowed_db, sharpest
from soundit_edge.audio.format import BLOCK, RATE
from soundit_edge.music.player.commands import Commands
from soundit_edge.music.player.process.pause_fade import FADE_BLOCKS
from tests.music.player.process.test_render_loop import Bench, make_engine

FADE = FADE_BLOCKS * BLOCK


def paused_between(bench: Bench, first: int, last: int, end: int) -> None:
    """Play up to the block `end`, paused from the block `first` up to the block `last`."""

    def stopped() -> bool:
        played = bench.speaker.count // BLOCK
        bench.commands.write(Commands(paused=first <= played < last).to_row())
        return played >= end

    bench.playback.run(stopped)


def test_what_follows_after_a_pause_is_what_would_have_followed() -> None:
    """The command of a block counts from the next one on."""
    bench = Bench()
    paused_between(bench, 29, 49, 90)
    played = bench.speaker.played
    music = make_engine().render(len(played))
    np.testing.assert_array_equal(played[: 30 * BLOCK], music[: 30 * BLOCK])
    silence = slice(30 * BLOCK + FADE, 50 * BLOCK)
    assert not played[silence].any()
    gone_on = played[50 * BLOCK + FADE : 90 * BLOCK]
    place = 30 * BLOCK + 2 * FADE
    np.testing.assert_array_equal(gone_on, music[place : place + len(gone_on)])
    # The fades, too, are of the very samples that lie between.
    around = np.concatenate([played[30 * BLOCK : 30 * BLOCK + FADE], played[50 * BLOCK : 50 * BLOCK + FADE]])
    between = music[30 * BLOCK : place]
    loud = np.abs(between) > 0.1
    gains = around[loud] / between[loud]
    assert gains.min() >= 0.0
    assert gains.max() <= 1.0 + 1e-6
    assert FADE / RATE < 0.1


def test_no_fade_of_a_pause_clicks() -> None:
    bench = Bench()
    paused_between(bench, 29, 49, 90)
    own = sharpest(make_engine().render(RATE))
    assert sharpest(bench.speaker.played[RATE // 10 : 89 * BLOCK]).sharp_db <= allowed_db(own)


@pytest.mark.parametrize("blocks", [1, 3, FADE_BLOCKS, FADE_BLOCKS + 1])
def test_a_pause_that_is_taken_back_while_it_fades_leaves_nothing_out(blocks: int) -> None:
    bench = Bench()
    paused_between(bench, 29, 29 + blocks, 80)
    silent = max(0, blocks - FADE_BLOCKS) * BLOCK
    played = bench.speaker.played
    music = make_engine().render(len(played))
    begin = (30 + 2 * blocks) * BLOCK
    np.testing.assert_array_equal(played[begin : 80 * BLOCK], music[begin - silent : 80 * BLOCK - silent])
    assert sharpest(played[RATE // 10 : 79 * BLOCK]).sharp_db <= allowed_db(sharpest(music))


def test_nothing_is_rendered_while_it_is_paused_and_the_speaker_goes_on() -> None:
    bench = Bench(is_clock_source=True)
    paused_between(bench, 29, 10_000, 120)
    now = bench.told()
    assert now.blocks >= 120, "the speaker is written to"
    assert bench.now == pytest.approx((30 + FADE_BLOCKS) * bench.block_s), "rendering is all that takes time here"
    assert (now.late, now.underruns) == (0, 0)
    assert now.bars == pytest.approx(bench.engine.bars)
    assert now.rms_db < -100


def test_who_is_paused_before_the_first_block_hears_nothing() -> None:
    """A process that replaces one that died while it was paused."""
    bench = Bench()
    bench.commands.write(Commands(paused=True).to_row())
    bench.playback.run(lambda: bench.after(30))
    assert not bench.speaker.played.any()


def test_a_stop_ends_a_pause() -> None:
    bench = Bench()
    bench.commands.write(Commands(paused=True, stop=True).to_row())
    bench.playback.run(lambda: False)
    assert len(bench.speaker.played) < 20 * BLOCK
