"""Every limit of a trial, with its unit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

MB: Final = 1_000_000
"""Bytes of a megabyte, as disks and telephones count them."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of trials.

    Attributes:
        max_bytes: of one upload.
        max_media_s: length of a film or a sound, in seconds.
        max_pixels: of one picture; a telephone's largest has 50 to 60 million.
        max_name: of a file's name, in characters; the rest is cut off.
        max_in_all: trials at a time.
        max_per_visitor: trials of one visitor at a time.
        keep_free: bytes of the disk that trials leave to everything else.
        max_quiet_s: seconds without a sign of life from the visitor after which a trial is removed.
        max_age_s: seconds after which a trial is removed in any case.
        max_rows: of readings that are kept for the page.
        max_memory: bytes that the process of a trial may have for its data; an ordinary film takes 350 million.
    """

    max_bytes: int = 2_000 * MB
    max_media_s: float = 1_800.0
    max_pixels: int = 64_000_000
    max_name: int = 120
    max_in_all: int = 6
    max_per_visitor: int = 3
    keep_free: int = 500 * MB
    max_quiet_s: float = 120.0
    max_age_s: float = 3_600.0
    max_rows: int = 30_000
    max_memory: int = 2_000 * MB
