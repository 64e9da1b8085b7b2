"""A box that gets hot and cools down again."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from pathlib import Path

import pytest

from soundit_edge.daemon.watch.cooling import keep_cool
from soundit_edge.inference.thermal import MIN_SHARE, Thermal
from tests.inference.test_thermal import zone
from tests.waiting import until


async def test_a_hot_box_slows_the_senses_down_and_a_cool_one_lets_them_go(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    zone(tmp_path, 0, "50000")
    shares: list[float] = []
    with caplog.at_level(logging.INFO):
        cooling = asyncio.create_task(keep_cool(Thermal(tmp_path), shares.append, every_s=0.01, cool_s=0.0))
        await until(lambda: shares[-1:] == [1.0])
        for celsius, share in ((90, MIN_SHARE), (40, 1.0)):
            (tmp_path / "sys/class/thermal/thermal_zone0/temp").write_text(f"{1000 * celsius}")
            await until(lambda share=share: shares[-1] == pytest.approx(share))  # type: ignore[misc]
        await until(lambda: len(caplog.messages) == 2)
        cooling.cancel()
        with suppress(asyncio.CancelledError):
            await cooling
    assert caplog.messages == [
        "the box is hot (90 °C): the senses may take 30 % of their time",
        "the box is cool again: the senses may take all their time",
    ]


async def test_a_box_whose_temperature_goes_up_and_down_is_one_line(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Around 72 degrees it was a line every five seconds."""
    zone(tmp_path, 0, "72500")
    shares: list[float] = []
    with caplog.at_level(logging.INFO):
        cooling = asyncio.create_task(keep_cool(Thermal(tmp_path), shares.append, every_s=0.01))
        for celsius in (72.5, 69.0) * 10:
            (tmp_path / "sys/class/thermal/thermal_zone0/temp").write_text(f"{1000 * celsius:.0f}")
            looks = len(shares)
            await until(lambda looks=looks: len(shares) > looks + 1)  # type: ignore[misc]
        cooling.cancel()
        with suppress(asyncio.CancelledError):
            await cooling
    assert 1.0 in shares
    assert len([record for record in caplog.records if record.name != "asyncio"]) == 1  # which says what was slow
