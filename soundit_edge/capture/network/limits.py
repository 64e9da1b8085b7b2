"""The limits on how long a network camera is waited for, and on what it may have us decode."""

from __future__ import annotations

from typing import Final

OPEN_S: Final = 10.0
"""Seconds within which a camera has to answer, redirects and login included."""
READ_S: Final = 5.0
"""A camera that sends nothing for so many seconds is gone."""
MAX_PIXELS: Final = 20_000_000
"""Of a picture: a larger one is not decoded. Cameras of 4K have 8 million."""
MAX_FPS: Final = 30.0
"""Pictures a second that are given at most; no sense reads more."""
MAX_DAMAGED: Final = 100
"""The number of consecutive packets or pictures without anything to see before a camera counts as lost. After a packet
that was lost on the way, nothing can be seen until the next whole picture, which may be some seconds later."""
