"""A box that gets hot and cools down again."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from pathlib import Path

import pytest

from soundit_edge.daemon.cooling import keep_cool
from soundit_edge.inference.thermal import MIN_SHARE, Thermal
from tests.inference.test_thermal import zone
from tests.waiting import until


async def test_a_hot_box_slows_the_senses_down_and_a_cool_one_lets_them_go(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    zone(tmp_path, 0, "50000")
    shares: list[float] = []
    with caplog.at_level(logging.INFO):
        cooling = asyncio.create_task(keep_cool(Thermal(tmp_path), shares.append, every_s=0.01))
        await until(lambda: shares[-1:] == [1.0])
        for celsius, share in ((90, MIN_SHARE), (40, 1.0)):
            (tmp_path / "sys/class/thermal/thermal_zone0/temp").write_text(f"{1000 * celsius}")
            await until(lambda share=share: shares[-1] == share)  # type: ignore[misc]
        await until(lambda: len(caplog.messages) == 2)
        cooling.cancel()
        with suppress(asyncio.CancelledError):
            await cooling
    assert caplog.messages == [
        "the senses may take 30 % of their time (90.0 °C)",
        "the senses may take 100 % of their time (40.0 °C)",
    ]
