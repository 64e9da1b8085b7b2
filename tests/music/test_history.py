from __future__ import annotations

from soundit_edge.music.history import KEPT, History, Reason


def test_the_newest_comes_first_and_old_ones_go() -> None:
    history = History()
    assert history.latest is None
    for k in range(KEPT + 3):
        assert history.note(float(k), f"reason {k}")
    assert [reason.t for reason in history.reasons] == [7.0, 6.0, 5.0, 4.0, 3.0]
    assert history.latest == Reason(7.0, "reason 7")


def test_a_mended_sentence_takes_the_place_of_the_first_one() -> None:
    history = History()
    history.note(1.0, "the room turned sad: darker")
    assert history.note(2.0, "the room turned happy: tempo up 5 %")
    assert history.note(2.0, "the room turned happy: tempo up 9 %")
    assert not history.note(2.0, "the room turned happy: tempo up 9 %")
    assert [reason.words for reason in history.reasons] == [
        "the room turned happy: tempo up 9 %",
        "the room turned sad: darker",
    ]


def test_no_words_are_no_reason() -> None:
    history = History()
    assert not history.note(0.0, "")
    assert history.reasons == ()
