"""Counting found faces: tables by hand are read, boxes are matched, and what is not there is counted besides."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from soundit_edge.capture.drawn.face import draw
from soundit_edge.capture.drawn.journey import POSES
from soundit_edge.emotion import Emotion
from soundit_edge.errors import SounditError
from tools.evaluate.photos import Face, boxes_of, main, matched, shown


def box(left: float, top: float, side: float) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    return np.array([left, top, left + side, top + side], np.float32)


def test_boxes_that_overlap_are_the_same_face() -> None:
    assert matched([box(0, 0, 40), box(100, 0, 40)], [box(5, 5, 40)]) == (1, 0)
    assert matched([box(0, 0, 40)], [box(5, 5, 40), box(200, 0, 40)]) == (1, 1)
    assert matched([], [box(0, 0, 40)]) == (0, 1)
    assert matched([box(0, 0, 40)], []) == (0, 0)


def test_what_is_shown_most_comes_first() -> None:
    faces = [Face(box(0, 0, 9), emotion) for emotion in ("sad", "happy", "happy")]
    assert shown(faces) == "2 happy, 1 sad"
    assert shown([]) == "–"


def test_a_table_that_is_none_is_named(tmp_path: Path) -> None:
    (tmp_path / "faces.csv").write_text("photo,left\na.jpg,x\n")
    with pytest.raises(SounditError, match=r"faces\.csv"):
        boxes_of(tmp_path / "faces.csv")


def test_a_folder_gives_two_tables(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    face = cv2.cvtColor(draw(POSES[Emotion.HAPPY], 0.0), cv2.COLOR_RGB2BGR)
    for name in ("boxed", "other"):
        cv2.imwrite(str(tmp_path / f"{name}.jpg"), face)
    height, width = face.shape[:2]
    side = round(0.5 * min(height, width))
    (tmp_path / "faces.csv").write_text(
        f"photo,left,top,width,height\nboxed.jpg,{(width - side) // 2},{(height - side) // 2},{side},{side}\n"
    )
    main([str(tmp_path), "--sheet", str(tmp_path / "sheet.png")])
    printed = capsys.readouterr().out
    assert "| boxed | 1 |" in printed
    assert "| other | 1 |" in printed
    assert (tmp_path / "sheet.png").stat().st_size > 1000
