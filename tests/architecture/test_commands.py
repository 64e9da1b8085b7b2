"""The check of a document's commands sees what is wrong with one, and lets alone what is right or not ours."""

from __future__ import annotations

import pytest

from tests.architecture import documents
from tests.architecture.commands import faults


@pytest.mark.parametrize(
    "code",
    [
        "soundit run --clip film.mp4 --for 20",
        "soundit library add|list|pick|history",
        "soundit library import words FILE.csv [--most N]",
        "python -m tools.evaluate face DATA --split public_test --json",
        "python -m tools.train.body folds",
        ".venv/bin/python -m tools.data.split write INDEX.csv -o SPLIT.csv",
        'make train SENSE=face ARGS="--data FOLDER"',
        "WORKERS=1 make tests",
        "benches/film_cost.py --hours 2",
        "--keep-dialogue",
        "pip install --whatever",
        "it's",
    ],
)
def test_what_is_right_or_not_ours_has_no_fault(code: str) -> None:
    assert faults(code) == []


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        ("soundit rum", "soundit rum"),
        ("soundit run --colour red", "soundit run --colour"),
        ("soundit library import rating x.csv", "soundit library import rating"),
        ("soundit library add|lost", "soundit library lost"),
        ("python -m tools.nowhere", "python -m tools.nowhere"),
        ("python -m tools.evaluate.scoring", "python -m tools.evaluate.scoring"),
        ("python -m tools.evaluate nose DATA", "evaluate.py nose"),
        ("python -m tools.evaluate face DATA --jsn", "evaluate.py --jsn"),
        ("python -m tools.train.body fold", "train.py fold"),
        ("benches/film_cost.py --houres 2", "film_cost.py --houres"),
        ("make tset", "make tset"),
        ("--keep-dialog", "--keep-dialog"),
    ],
)
def test_what_is_wrong_is_named(code: str, fault: str) -> None:
    assert faults(code) == [fault]


def test_code_links_and_paths_are_found_in_markdown() -> None:
    text = "Run `make\ntest`, see [it](docs/x.md#a) and ![that](docs/y.png):\n\n```\nsoundit run  # plays\n```\n"
    assert list(documents.codes(text)) == ["soundit run", "make test"]
    assert list(documents.links(text)) == ["docs/x.md#a", "docs/y.png"]
    assert list(documents.paths("`tools/train/{face,body}/` or tools/data/split.py, not models/NAME.tflite.")) == [
        "tools/train/{face,body}/",
        "tools/data/split.py",
    ]
    assert documents.expanded("tools/train/{face,body}/x") == ["tools/train/face/x", "tools/train/body/x"]
