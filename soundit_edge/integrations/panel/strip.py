"""A strip of APA102 lights on the board's SPI, all of one colour."""

from __future__ import annotations

from typing import Any, Final

from soundit_edge.tables.colours import RGB

SPI_PINS: Final = (8, 9, 10, 11)
"""Of the board's first SPI, by their BCM numbers: select, data in, data out and clock. A strip is wired to two of them,
and the others are taken all the same."""
RATE_HZ: Final = 4_000_000
MAX_LIGHTS: Final = 300


class Strip:
    """Sets the lights of a strip. They keep their colour until they get another one."""

    def __init__(self, spi: Any, count: int) -> None:
        """Write nothing yet.

        Args:
            spi: of gpiozero.
            count: how many lights there are.
        """
        self._spi = spi
        self._count = count

    def set(self, levels: RGB) -> None:
        """Give all lights these levels of red, green and blue, 0 to 1."""
        self._spi.write(frame(levels, self._count))

    def close(self) -> None:
        """Put the lights out, and release the pins."""
        try:
            self.set((0.0, 0.0, 0.0))
        finally:
            self._spi.close()


def frame(levels: RGB, count: int) -> list[int]:
    """Return the bytes that give `count` lights these levels of red, green and blue, 0 to 1."""
    red, green, blue = (round(255 * level) for level in levels)
    # Each light hands the clock on half a pulse late: as many more are needed at the end as there are halves.
    return [0] * 4 + [0xFF, blue, green, red] * count + [0] * (5 + count // 16)
