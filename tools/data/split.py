"""Split labelled data by person, so that nobody who is learnt from is tested on; or check a split that there is.

    python -m tools.data.split write INDEX.csv|DATA.npz -o SPLIT.csv --person speaker --parts train=0.8 test=0.2
    python -m tools.data.split write INDEX.csv|DATA.npz -o SPLIT.csv --person speaker --folds 5
    python -m tools.data.split check SPLIT.csv

A split file has a line for each sample: its row in the data (from 0), the person, the class and the part. With --folds
the persons in order of their names go to the parts fold0, fold1, … in turn, as `tools.train.voice` deals its actors;
with --parts they are shuffled by --seed. Counts of persons and samples per class go to stdout. Exit code 2: the data
cannot be used, or a person is in two parts.
"""

from __future__ import annotations

import csv
import os
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from zipfile import BadZipFile

import numpy as np

from soundit_edge.errors import SounditError
from tools.command import command, tool_parser

COLUMNS: Final = ["row", "person", "label", "part"]


@dataclass(frozen=True, slots=True)
class Sample:
    """One line of a split: the sample's row in its data, whose it is, its class and the part that it belongs to."""

    row: int
    person: str
    label: str
    part: str


def read_columns(data: Path, person: str, label: str) -> tuple[list[str], list[str]]:
    """Return person and class of each sample of an index (.csv) or of an archive's arrays (.npz).

    Classes that are numbers are named where the archive has `label_names` or `class_names`.

    Raises:
        SounditError: the file cannot be read, or lacks a column.
    """
    try:
        if data.suffix == ".npz":
            with np.load(data, allow_pickle=False) as archive:
                columns: dict[str, Any] = {name: archive[name] for name in archive.files if archive[name].ndim == 1}
            names = next((columns[n] for n in ("label_names", "class_names") if n in columns), None)
            if names is not None and label in columns and columns[label].dtype.kind in "iu":
                columns[label] = names[columns[label]]
        else:
            with data.open(newline="", encoding="utf-8") as file:
                rows = list(csv.DictReader(file))
            columns = {name: [row[name] for row in rows] for name in (rows[0] if rows else {})}
    except (OSError, ValueError, KeyError, BadZipFile) as error:
        raise SounditError(f"{data}: cannot be read ({error})") from error
    for wanted in (person, label):
        if wanted not in columns:
            raise SounditError(f"{data}: no column {wanted!r} (there are: {', '.join(columns) or 'none'})")
    persons, labels = ([str(value) for value in columns[name]] for name in (person, label))
    if len(persons) != len(labels) or not persons:
        raise SounditError(f"{data}: {len(persons)} entries of {person!r} for {len(labels)} of {label!r}")
    return persons, labels


def deal_folds(persons: Sequence[str], folds: int) -> dict[str, str]:
    """Return the part of each person: in order of their names to the folds in turn.

    Raises:
        SounditError: there are fewer persons than folds.
    """
    names = sorted(set(persons))
    if len(names) < folds:
        raise SounditError(f"{len(names)} persons cannot make {folds} folds: ask for fewer with --folds")
    return {name: f"fold{i % folds}" for i, name in enumerate(names)}


def deal_parts(persons: Sequence[str], shares: dict[str, float], seed: int) -> dict[str, str]:
    """Return the part of each person: shuffled, then each part gets its share of the samples, one person at least.

    Raises:
        SounditError: there are fewer persons than parts.
    """
    sizes = Counter(persons)
    names = [str(name) for name in np.random.default_rng(seed).permutation(sorted(sizes))]
    if len(names) < len(shares):
        raise SounditError(f"{len(names)} persons cannot make {len(shares)} parts without one in two of them")
    part_of: dict[str, str] = {}
    taken: Counter[str] = Counter()
    for left, name in zip(range(len(names), 0, -1), names, strict=True):
        empty = [part for part in shares if not taken[part]]
        open_parts = empty if left <= len(empty) else list(shares)
        # To the part that is furthest below its share; the last persons to the parts that have nobody yet.
        part = min(open_parts, key=lambda p: taken[p] / shares[p])
        part_of[name] = part
        taken[part] += sizes[name]
    return part_of


def check(samples: Sequence[Sample], name: Path) -> None:
    """Refuse a person in two parts, and a sample that is there twice.

    Raises:
        SounditError: one is.
    """
    part_of: dict[str, str] = {}
    for sample in samples:
        if part_of.setdefault(sample.person, sample.part) != sample.part:
            both = f"{part_of[sample.person]!r} and {sample.part!r}"
            raise SounditError(f"{name}: person {sample.person!r} is in {both}; write the split again")
    row, times = Counter(sample.row for sample in samples).most_common(1)[0]
    if times > 1:
        raise SounditError(f"{name}: row {row} is there {times} times; write the split again")


def read_split(path: Path) -> list[Sample]:
    """Return a split file, checked.

    Raises:
        SounditError: it cannot be read, or is no split by person.
    """
    try:
        with path.open(newline="", encoding="utf-8") as file:
            reader = csv.DictReader(file)
            if reader.fieldnames is None or list(reader.fieldnames) != COLUMNS:
                raise SounditError(f"{path}: not a split file; its columns must be {', '.join(COLUMNS)}")
            samples = [Sample(int(r["row"]), r["person"], r["label"], r["part"]) for r in reader]
    except (OSError, ValueError, TypeError) as error:
        raise SounditError(f"{path}: cannot be read ({error})") from error
    if not samples:
        raise SounditError(f"{path}: no sample in it")
    check(samples, path)
    return samples


def rows_of(split: str) -> set[int]:
    """Return the rows that "SPLIT.csv:PART" names.

    Raises:
        SounditError: the file is no split by person, or has no such part.
    """
    path, _, part = split.rpartition(":")
    samples = read_split(Path(path or part))
    rows = {sample.row for sample in samples if sample.part == part}
    if not rows:
        parts = ", ".join(sorted({sample.part for sample in samples}))
        raise SounditError(f"{split}: write SPLIT.csv:PART with one of the parts {parts}")
    return rows


def write_split(samples: Sequence[Sample], path: Path) -> None:
    """Write a split file, whole or not at all.

    Raises:
        SounditError: it is no split by person, or cannot be written.
    """
    check(samples, path)
    partial = path.with_name(path.name + ".partial")
    try:
        with partial.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(COLUMNS)
            writer.writerows([s.row, s.person, s.label, s.part] for s in samples)
        os.replace(partial, path)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise SounditError(f"{path}: cannot be written ({error.strerror})") from error


def report(samples: Sequence[Sample]) -> str:
    """Return persons, samples and samples of each class in each part; a class that a part lacks is marked."""
    labels = sorted({sample.label for sample in samples})
    lines = []
    for part in sorted({sample.part for sample in samples}):
        own = [sample for sample in samples if sample.part == part]
        counts = Counter(sample.label for sample in own)
        classes = ", ".join(f"{label or '(none)'} {counts[label]}{'' if counts[label] else ' !'}" for label in labels)
        lines.append(f"{part}: {len({s.person for s in own})} persons, {len(own)} samples: {classes}")
    return "\n".join(lines)


def _shares(texts: Sequence[str]) -> dict[str, float]:
    """Return shares by part from "train=0.8" and the like.

    Raises:
        SounditError: one is not of this form or not above zero.
    """
    shares = {}
    for text in texts:
        name, _, value = text.partition("=")
        try:
            shares[name] = float(value)
        except ValueError:
            shares[name] = 0.0
        if not name or not 0 < shares[name] < float("inf"):
            raise SounditError(f"{text!r}: write a part as NAME=SHARE, such as train=0.8")
    return shares


@command
def main(arguments: Sequence[str] | None = None) -> None:
    """Run the tool."""
    parser = tool_parser("tools.data.split", __doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    write = commands.add_parser("write", help="split labelled data by person")
    write.add_argument("data", type=Path, help="an index (.csv) or an archive (.npz)")
    write.add_argument("-o", "--output", type=Path, required=True, metavar="SPLIT.csv")
    write.add_argument("--person", default="speaker", help="column or array that tells whose a sample is")
    write.add_argument("--label", default="emotion", help="column or array that tells its class")
    write.add_argument("--folds", type=int, help="so many equal parts, named fold0, fold1, …")
    write.add_argument("--parts", nargs="+", default=["train=0.8", "test=0.2"], metavar="NAME=SHARE")
    write.add_argument("--seed", type=int, default=1, help="of the shuffling for --parts")
    commands.add_parser("check", help="check a split").add_argument("split", type=Path)
    options = parser.parse_args(arguments)
    if options.command == "check":
        samples = read_split(options.split)
    else:
        persons, labels = read_columns(options.data, options.person, options.label)
        if options.folds is not None:
            part_of = deal_folds(persons, options.folds)
        else:
            part_of = deal_parts(persons, _shares(options.parts), options.seed)
        samples = [Sample(i, p, c, part_of[p]) for i, (p, c) in enumerate(zip(persons, labels, strict=True))]
        write_split(samples, options.output)
    print(report(samples))


if __name__ == "__main__":
    sys.exit(main())
