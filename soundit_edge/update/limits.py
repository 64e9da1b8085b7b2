"""Every limit of an update, with its unit."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class UpdateLimits:
    """Limits of what a mirror may send and how long it may take; what is larger or slower is given up.

    Attributes:
        max_timestamp, max_snapshot, max_root, max_targets: bytes of a signed list.
        max_root_rotations: new roots since the one that is built in.
        max_set: bytes of all files of a set.
        spare: bytes of the disk that an update leaves free.
        connect_s: seconds until a mirror accepts a connection.
        silence_s: seconds in which it may send nothing.
        patience_s: seconds that an answer may take, whatever its length.
        min_rate: bytes a second that it must bring after that, on average.
        max_redirects: how often a mirror may send us to another of its own addresses.
        rounds: how often the list of mirrors is gone through for one file.
    """

    max_timestamp: int = 16 << 10
    max_snapshot: int = 256 << 10
    max_root: int = 64 << 10
    max_targets: int = 4 << 20
    max_root_rotations: int = 256
    max_set: int = 256 << 20
    spare: int = 8 << 20
    connect_s: float = 10.0
    silence_s: float = 20.0
    patience_s: float = 30.0
    min_rate: float = 2000.0
    max_redirects: int = 3
    rounds: int = 2
