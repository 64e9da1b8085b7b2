"""What the lips' figures are made of."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import cv2
import numpy as np
import pytest

from soundit_edge.errors import SounditError
from soundit_edge.inference.models import ModelSet, default_folder
from soundit_edge.senses.lips.decoder import Spoken
from soundit_edge.senses.lips.grid import SLOTS, WORDS
from tools.data.mouth_clips import read_align
from tools.evaluate.lips import evaluate, is_sentence, slot_shares

TIMES = (
    (0, 12, "sil"),
    (12, 17, "bin"),
    (17, 21, "blue"),
    (21, 23, "at"),
    (23, 26, "f"),
    (26, 31, "two"),
    (31, 39, "now"),
)
ALIGN = "".join(f"{first}000 {end}000 {word}\n" for first, end, word in TIMES)


def plain(items: Iterable[int]) -> Iterable[int]:
    return items


def write_clip(folder: Path, name: str, align: str = ALIGN) -> None:
    """A clip of a grey half face that is none."""
    mouths, aligns = folder / "grid_s9_mouth", folder / "grid_s9_align"
    mouths.mkdir(exist_ok=True)
    aligns.mkdir(exist_ok=True)
    writer = cv2.VideoWriter(str(mouths / f"{name}.mp4"), cv2.VideoWriter.fourcc(*"mp4v"), 25, (184, 104))
    for value in range(74):
        writer.write(np.full((104, 184, 3), 90 + value, np.uint8))
    writer.release()
    (aligns / f"{name}.align").write_text(align)


def test_each_word_of_a_sentence_is_a_sample(tmp_path: Path) -> None:
    write_clip(tmp_path, "one")
    write_clip(tmp_path, "two", ALIGN.replace(" f\n", " w\n"))
    answers, report = evaluate(tmp_path, ModelSet(default_folder()), model=None, progress=plain)
    assert [WORDS[1 + i] for i in answers.truth] == ["bin", "blue", "at", "f", "two", "now"]
    assert answers.probabilities.shape == (6, len(WORDS) - 1)
    assert np.allclose(answers.probabilities.sum(1), 1)
    assert all(WORDS[1 + said] in slot for said, slot in zip(answers.said, SLOTS, strict=True))
    assert (report["model"], report["clips"], report["left_out"]) == ("lips_grid", 1, 1)
    assert 0 <= report["wer"] <= 1
    assert report["wer"] == pytest.approx((answers.said != answers.truth).mean())
    assert report["wer_free"] >= 0
    assert 0 <= report["cer"] <= 2


def test_only_the_named_clips_count(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_clip(tmp_path, name)
    _, report = evaluate(tmp_path, ModelSet(default_folder()), model=None, progress=plain, only={"two"})
    assert report["clips"] == 1


def test_takes_are_read_by_the_network_that_knows_their_labels(tmp_path: Path) -> None:
    models = ModelSet(default_folder())
    for model in ("lips_words", "lips_phrases"):
        labels = models.entry(model).labels
        frames = np.random.default_rng(0).integers(0, 255, (20, 64, 64), dtype=np.uint8)
        path = tmp_path / f"{model}.npz"
        np.savez(
            path,
            frames=frames,
            start=np.array([0, 1, 12]),
            length=np.array([1, 11, 8]),
            label=np.array([0, 1, 2]),
            label_names=np.array([labels[3], labels[0], "never heard"]),
        )
        answers, report = evaluate(path, models, model=None, progress=plain)
        assert report == {"model": model, "left_out": 1}
        assert answers.truth.tolist() == [3, 0]
        assert np.allclose(answers.probabilities.sum(1), 1, atol=1e-3)


def test_what_cannot_be_used_is_named(tmp_path: Path) -> None:
    models = ModelSet(default_folder())
    with pytest.raises(SounditError, match="no clip"):
        evaluate(tmp_path, models, model=None, progress=plain)
    broken = tmp_path / "broken.npz"
    broken.write_bytes(b"nothing")
    with pytest.raises(SounditError, match=r"broken\.npz"):
        evaluate(broken, models, model=None, progress=plain)
    np.savez(
        tmp_path / "other.npz",
        frames=np.zeros((1, 64, 64), np.uint8),
        start=[0],
        length=[1],
        label=[0],
        label_names=["cat"],
    )
    with pytest.raises(SounditError, match="cat"):
        evaluate(tmp_path / "other.npz", models, model=None, progress=plain)
    write_clip(tmp_path, "one")
    with pytest.raises(SounditError, match="another version"):
        evaluate(tmp_path, models, model="face_expression", progress=plain)
    (tmp_path / "bad.align").write_text("0 x sil\n")
    with pytest.raises(SounditError, match=r"bad\.align"):
        read_align(tmp_path / "bad.align")


def test_a_sentence_has_grids_six_words_in_their_order() -> None:
    assert is_sentence(("bin", "blue", "at", "f", "two", "now"))
    assert not is_sentence(("bin", "blue", "at", "f", "two"))
    assert not is_sentence(("blue", "bin", "at", "f", "two", "now"))


def test_a_words_share_is_among_those_of_its_slot() -> None:
    said = np.full((5, len(WORDS)), 0.01, np.float32)
    said[:, WORDS.index("nine")] = 0.5
    said[:, WORDS.index("red")] = 0.2
    shares = slot_shares(said, Spoken(WORDS.index("red"), 1, 3, 0.2), 1)
    assert WORDS[1 + int(shares.argmax())] == "red"
    assert shares[WORDS.index("nine") - 1] == 0
    assert shares[WORDS.index("red") - 1] == pytest.approx(0.2 / 0.23, abs=1e-3)
