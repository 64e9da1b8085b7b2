"""What can go wrong with an update, each in one line for the user. The set in use plays on in every case."""

from __future__ import annotations

from soundit_edge.errors import SounditError


class UpdateError(SounditError):
    """An update cannot be made."""


class UpdateBusyError(UpdateError):
    """Another process is updating."""


class StoreError(UpdateError):
    """The folder of the sets cannot be read or written."""


class SetDamagedError(UpdateError):
    """A set on the disk is not what its manifest says."""


class TrustError(UpdateError):
    """The signed lists of the mirrors cannot be trusted: a signature, a version or a date is wrong."""


class MirrorError(UpdateError):
    """A mirror cannot be reached, or answers with something else than what was asked for."""
