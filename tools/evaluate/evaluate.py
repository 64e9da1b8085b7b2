"""Measure a shipped model, through the shipped pre-processing, on labelled data in the form of ../shared/data.

Nothing is learnt from the data or tuned on it. Progress goes to stderr and the figures to stdout.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import track

from soundit_edge.errors import SounditError
from soundit_edge.inference.local import local_set
from soundit_edge.inference.models import ModelSet, default_folder
from tools.command import command, tool_parser
from tools.evaluate import body, face, lips, voice
from tools.evaluate.scoring import Answers, score
from tools.plot.confusion import save_plots


def progress(items: Iterable[int]) -> Iterable[int]:
    """Return the same items, with a bar on stderr while they are worked off."""
    return track(items, description="evaluating", console=Console(stderr=True), transient=True)


def measure(options: argparse.Namespace) -> tuple[Answers, dict[str, Any]]:
    """Return the answers, and the result object of the contract.

    Raises:
        SounditError: the data cannot be used, or the model cannot be loaded.
    """
    local = local_set()
    own = local is not None and options.model in local.manifest.models
    model_set = local if local is not None and own else ModelSet(default_folder())
    if options.sense == "face":
        answers, report = face.evaluate(
            options.data,
            model_set,
            labels=options.labels,
            split=options.split,
            model=options.model,
            without=options.without,
            progress=progress,
        )
    elif options.sense == "voice":
        answers, report = voice.evaluate(
            options.data, model_set, corpus=options.corpus, model=options.model, split=options.split, progress=progress
        )
    elif options.sense == "body":
        answers, report = body.evaluate(options.data, model_set, model=options.model, progress=progress)
    else:
        answers, report = lips.evaluate(
            options.data,
            model_set,
            model=options.model,
            progress=progress,
            only=clips_of(options.split) if options.split else None,
        )
    if len(answers.truth) == 0:
        raise SounditError(f"{options.data}: no sample is left to score")
    return answers, {"sense": options.sense, **report, **score(answers)}


def clips_of(split: str) -> set[str]:
    """Return the clips of one part, named as "SPLIT.csv:PART", of a file with the columns clip and part.

    Raises:
        SounditError: it cannot be read, or has no such part.
    """
    path, _, part = split.rpartition(":")
    try:
        with Path(path or part).open(newline="", encoding="utf-8") as file:
            clips = {row["clip"] for row in csv.DictReader(file) if row["part"] == part}
    except (OSError, UnicodeDecodeError, KeyError) as error:
        raise SounditError(f"{split}: not a split of clips, with the columns clip and part ({error})") from error
    if not clips:
        raise SounditError(f"{split}: no clip in this part; write SPLIT.csv:PART")
    return clips


def table(result: dict[str, Any]) -> str:
    """Return the result for people: one line of figures, then a line per class."""
    low, high = result["accuracy_95"]
    accuracy = f"accuracy {100 * result['accuracy']:.1f} % (95 %: {100 * low:.1f} to {100 * high:.1f})"
    others = f"UAR {100 * result['uar']:.1f} %, calibration error {100 * result['calibration_error']:.1f} %"
    lines = [f"{result['sense']}, {result['model']}: {result['n']} samples, {accuracy}, {others}"]
    lines += [f"{key}: {result[key]}" for key in ("left_out", "no_face", "no_speech", "no_mouth") if result.get(key)]
    rates = [f"{key} {100 * result[key]:.1f} %" for key in ("wer", "wer_free", "cer", "speech") if key in result]
    lines += [", ".join(rates)] if rates else []
    if "affect" in result:
        pairs = [f"{n} {f['correlation']:.2f} ({f['concordance']:.2f})" for n, f in result["affect"].items()]
        lines.append(f"correlation (concordance) with the emotions' places: {', '.join(pairs)}")
    for name, figures in result["per_class"].items():
        precision = "never said" if figures["precision"] is None else f"{100 * figures['precision']:5.1f}"
        lines.append(
            f"{name:>12} {figures['n']:6d} samples, recall {100 * figures['recall']:5.1f}, precision {precision}"
        )
    return "\n".join(lines)


@command
def main(arguments: Sequence[str] | None = None) -> None:
    """Run the tool."""
    parser = tool_parser("tools.evaluate", __doc__)
    parser.add_argument("sense", choices=["face", "voice", "body", "lips"])
    parser.add_argument(
        "data",
        type=Path,
        help="face: an .npz of pictures; voice: an index.csv; body: an .npz of motion; lips: a folder of GRID's clips "
        "or an .npz of MIRACL's takes",
    )
    parser.add_argument(
        "--labels", choices=["fer", "ferplus"], help="face: which labels (default: FER+ where it has them)"
    )
    parser.add_argument(
        "--split",
        help="face: only the rows of this split, such as public_test; voice: SPLIT.csv:PART of tools.data.split; lips: "
        "the same, of clips, such as tools/train/lips/split.csv:test",
    )
    parser.add_argument("--without", metavar="CLASS", help="face: put this class aside, such as neutral")
    parser.add_argument("--corpus", help="voice: only the recordings of this corpus")
    parser.add_argument("--model", help="another model of the set than the shipped one, or of your own")
    parser.add_argument("--json", action="store_true", help="the last line of stdout is one JSON object")
    parser.add_argument(
        "--plots", type=Path, metavar="DIR", help="write confusion matrix and reliability there, as PNG"
    )
    options = parser.parse_args(arguments)
    answers, result = measure(options)
    if options.plots is not None:
        for path in save_plots(answers, options.plots, result["model"]):
            print(path, file=sys.stderr)
    print(json.dumps(result) if options.json else table(result))
