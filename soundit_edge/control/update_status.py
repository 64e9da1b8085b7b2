"""What clients see of the model sets: the one in use, a better one where there is one, and what becomes of it."""

from __future__ import annotations

from typing import Literal

from pydantic import NonNegativeInt

from soundit_edge.control.picture import Amount, Share, StatusModel, Text
from soundit_edge.settings import UpdateMode

UpdateState = Literal["idle", "asking", "ready", "fetching", "checking", "watching"]


class SetInUse(StatusModel):
    """The model set that the senses use.

    Attributes:
        id: of the set; "" of the shipped one.
        name: of the set.
        release: counts up with each published set; 0: it was never published.
        notes: what was new in it, in its publisher's words.
        shipped: whether it came with the program, and not over the air.
    """

    id: Text = ""
    name: Text = ""
    release: NonNegativeInt = 0
    notes: Text = ""
    shipped: bool = True


class OfferedModels(StatusModel):
    """A better model set that can be fetched.

    Attributes:
        id: of the set.
        release: its release.
        notes: what is new in it, in its publisher's words.
        bytes: size of all its files.
    """

    id: Text
    release: NonNegativeInt
    notes: Text = ""
    bytes: NonNegativeInt = 0


class UpdateCounts(StatusModel):
    """How often what has come of updates, since the device was first switched on.

    Attributes:
        looked: the mirrors were asked, and answered.
        failed: they did not, or what they had could not be fetched or trusted.
        fetched: a set was fetched.
        kept: a set has passed its trial.
        dropped: a set has not.
        rolled_back: a set was left, by hand or because it was revoked.
    """

    looked: NonNegativeInt = 0
    failed: NonNegativeInt = 0
    fetched: NonNegativeInt = 0
    kept: NonNegativeInt = 0
    dropped: NonNegativeInt = 0
    rolled_back: NonNegativeInt = 0


class UpdateStatus(StatusModel):
    """How updates of the models stand.

    Attributes:
        state: "idle"; "asking" the mirrors; "ready" (a set is offered); "fetching" it; "checking" it on this device;
            "watching" what it says beside the set in use.
        share: how much of that is done, 0 to 1; None where nobody knows.
        mode: what happens by itself, as in the settings.
        mirrors: whether there is anything to look at: a mirror in the settings, or a stick.
        in_use: the set in use.
        offered: the set that is ready, or on its way; None: there is none.
        outcome: how the last look, fetch or trial has ended, in one sentence; "" where there was none.
        failed: whether that was a failure.
        looked: when the mirrors last answered, in seconds since 1970; None: never.
        pinned: whether the set in use stays, whatever is offered.
        back: whether there is a set to go back to: the one before, or the shipped one.
        counts: how often what has come of it.
    """

    state: UpdateState = "idle"
    share: Share | None = None
    mode: UpdateMode = "ask"
    mirrors: bool = False
    in_use: SetInUse = SetInUse()
    offered: OfferedModels | None = None
    outcome: Text = ""
    failed: bool = False
    looked: Amount | None = None
    pinned: bool = False
    back: bool = False
    counts: UpdateCounts = UpdateCounts()
