"""Models run as was measured, with the user's number of threads where there is one that can be used."""

from __future__ import annotations

import datetime

import pytest

from soundit_edge.inference.tuning.choice import DEFAULT, choice_for, objection, with_threads
from soundit_edge.inference.tuning.verdicts import ModelTuning, write_verdicts

SHA = "a" * 64
VERDICT = ModelTuning(runtime="litert", threads=2, call_ms=1.5, measured=datetime.date(2026, 11, 28))


def test_without_a_verdict_the_default_is_chosen() -> None:
    assert choice_for(SHA) == DEFAULT
    assert str(choice_for(SHA)) == "litert, 1 thread (not measured yet)"


def test_a_verdict_is_followed() -> None:
    write_verdicts({SHA: VERDICT})
    assert str(choice_for(SHA)) == "litert, 2 threads (measured on 2026-11-28)"


def test_the_users_threads_go_before_the_measured_ones() -> None:
    write_verdicts({SHA: VERDICT.model_copy(update={"runtime": "litert"})})
    with with_threads(3):
        assert str(choice_for(SHA)) == "litert, 3 threads (threads set by you)"
    assert choice_for(SHA).threads == 2


@pytest.mark.parametrize("threads", [None, 1, 64])
def test_what_can_be_used_needs_no_words(threads: int | None) -> None:
    assert objection(threads) == ""


@pytest.mark.parametrize("threads", [0, -1, 65, 1000, 10**30])
def test_a_number_that_cannot_be_used_is_said_and_left_out(threads: int) -> None:
    write_verdicts({SHA: VERDICT})
    assert f"inference.threads is {threads}, and may be 1 to 64" in objection(threads)
    with with_threads(threads):
        assert choice_for(SHA).threads == 2
