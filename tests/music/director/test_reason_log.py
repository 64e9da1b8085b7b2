from __future__ import annotations

from soundit_edge.music.director.reason_log import KEPT, Reason, ReasonLog


def test_the_newest_comes_first_and_old_ones_go() -> None:
    history = ReasonLog()
    for k in range(KEPT + 3):
        assert history.add(float(k), f"reason {k}") == Reason(float(k), f"reason {k}")
    assert [reason.t for reason in history.reasons] == [7.0, 6.0, 5.0, 4.0, 3.0]


def test_a_mended_sentence_takes_the_place_of_the_first_one() -> None:
    history = ReasonLog()
    history.add(1.0, "the room turned sad: darker")
    first = history.add(2.0, "the room turned happy: tempo up 5 %")
    history.add(2.5, "One: fits the room")
    history.add(2.0, "the room turned happy: tempo up 9 %", first)
    assert [reason.words for reason in history.reasons] == [
        "One: fits the room",
        "the room turned happy: tempo up 9 %",
        "the room turned sad: darker",
    ]


def test_a_sentence_that_is_gone_cannot_be_mended() -> None:
    history = ReasonLog()
    history.add(2.0, "better", Reason(2.0, "gone"))
    assert history.reasons == (Reason(2.0, "better"),)
