"""The cage of the small boxes: what runs in it gets no more than its share, and nothing stays behind."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from benches.small_box import obtained_share
from benches.small_box_cage import CageError, cage


def test_a_busy_loop_gets_no_more_than_its_share() -> None:
    processor = max(os.sched_getaffinity(0))
    try:
        with cage(0.25, processor) as caged:
            folder = Path(caged.command[4]).parent
            assert folder.is_dir()
            assert 0 < obtained_share(caged.command) < 0.4
    except CageError as error:
        pytest.skip(str(error))
    assert not folder.exists()


def test_a_cage_in_a_cage_of_the_same_process_is_refused() -> None:
    """It would have taken the first one's limits away."""
    processor = max(os.sched_getaffinity(0))
    try:
        with cage(0.5, processor), pytest.raises(CageError, match="File exists"), cage(0.25, processor):
            pass
    except CageError as error:
        pytest.skip(str(error))
