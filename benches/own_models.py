"""What a user's own expressions and gestures gain on themselves, and whether they cost anybody else anything.

    python benches/own_models.py [--data FOLDER]

A head is learnt from some takes of one person, as the page does it, and asked about other takes of the same person; and
about other people, of whom the shipped models shall go on to decide. Writes benches/own_models.json and own_models.md.
"""

from __future__ import annotations

import argparse
import datetime
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
import numpy.typing as npt

ROOT: Final = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benches.figures import machine, write  # noqa: E402
from soundit_edge.capture.capture import Frame  # noqa: E402
from soundit_edge.capture.clip import Clip  # noqa: E402
from soundit_edge.emotion import EMOTIONS, Emotion, mean_distribution, most_likely  # noqa: E402
from soundit_edge.inference.models import ModelSet, default_folder  # noqa: E402
from soundit_edge.senses.body.classifier import MAX_OWN_TRUST, MAX_TRUST, BodyReader  # noqa: E402
from soundit_edge.senses.body.net import BodyNet  # noqa: E402
from soundit_edge.senses.face.crops import aligned_crop, placement  # noqa: E402
from soundit_edge.senses.face.detector import FaceDetector  # noqa: E402
from soundit_edge.senses.face.expression import FERPLUS, ExpressionNet, to_emotions  # noqa: E402
from soundit_edge.senses.face.mesh import PRESENT, FaceMesh, square_of  # noqa: E402
from soundit_edge.senses.own.features import of_body, of_face  # noqa: E402
from soundit_edge.senses.own.head import Head, HeadAnswer  # noqa: E402
from soundit_edge.senses.own.heads import OwnHeads, basis_of  # noqa: E402
from soundit_edge.senses.own.labels import Kind, OwnLabel, emotions_of  # noqa: E402
from soundit_edge.senses.own.learn import learn  # noqa: E402
from soundit_edge.senses.own.observe import FaceObserver  # noqa: E402
from soundit_edge.senses.own.report import wilson  # noqa: E402
from soundit_edge.senses.own.takes import SetInfo, TakeMoment, Takes, no_takes  # noqa: E402
from tools.data.bodies import BodyClip, motions, read  # noqa: E402
from tools.data.face_geometry import as_seen  # noqa: E402
from tools.evaluate.face import ferplus_truth  # noqa: E402

MODELS: Final = ModelSet(default_folder())
TAKE_S: Final = 1.5
"""Seconds of a take that is cut out of the clip."""
STRANGERS: Final = 500
"""Pictures of other people, of each set."""
GESTURES: Final = {
    "raise-up-both-hands": Emotion.HAPPY,
    "wave-right-hand": Emotion.CALM,
    "run": Emotion.ANGRY,
    "walk": Emotion.NEUTRAL,
    "raise-up-right-hand": Emotion.SURPRISED,
}
LEARNT: Final = 4
"""Takes of each gesture that are learnt from; the others are asked about."""
_LFW: Final = {"angry": "anger", "happy": "happiness", "sad": "sadness"}


@dataclass(frozen=True)
class Share:
    """How many of some were right."""

    right: int
    whole: int

    def __str__(self) -> str:
        if not self.whole:
            return "none"
        low, high = (100 * limit for limit in wilson(self.right / self.whole, self.whole))
        return f"{self.right} of {self.whole}: {100 * self.right / self.whole:.0f} % ({low:.0f} to {high:.0f})"


Take = tuple[int, list[TakeMoment]]
"""The position of its label, and what was seen."""


def set_of(kind: Kind, labels: dict[str, Emotion], recorded: Sequence[Take]) -> Takes:
    """The takes of a set."""
    info = SetInfo(
        id="0" * 16,
        kind=kind,
        name="bench",
        created="2026-11-28",
        labels=tuple(OwnLabel(name=name, emotion=emotion) for name, emotion in labels.items()),
        basis=basis_of(kind, MODELS),
    )
    takes = no_takes(info)
    for label, moments in recorded:
        takes = takes.with_take(label, moments)
    return takes


Together = Callable[[HeadAnswer, TakeMoment], Sequence[float]]
"""What the head and the shipped models together make of a moment of a take."""


def asked(head: Head, recorded: Sequence[Take], together: Together) -> dict[str, Share]:
    """How many takes are named rightly, and of how many the emotion is right: shipped, and both together."""
    right = dict.fromkeys(("label", "shipped emotion", "emotion together"), 0)
    for label, moments in recorded:
        answers = [head.read(moment.features) for moment in moments]
        said = np.mean([answer.probabilities for answer in answers], 0)
        shipped = np.mean([moment.shipped for moment in moments], 0)
        both = np.mean([together(a, m) for a, m in zip(answers, moments, strict=True)], 0)
        wanted = head.labels[label].emotion
        right["label"] += int(said.argmax()) == label
        right["shipped emotion"] += EMOTIONS[int(shipped.argmax())] is wanted
        right["emotion together"] += EMOTIONS[int(both.argmax())] is wanted
    return {what: Share(count, len(recorded)) for what, count in right.items()}


def strangers(head: Head, seen: Sequence[tuple[TakeMoment, Emotion]]) -> dict[str, Any]:
    """How many moments of others are read rightly without and with a head, and how many it has a say in."""
    answers = [head.read(moment.features) for moment, _ in seen]
    joined = [head.joined(answer, m.shipped) for answer, (m, _) in zip(answers, seen, strict=True)]
    return {
        "shipped": Share(sum(most_likely(moment.shipped) is truth for moment, truth in seen), len(seen)),
        "together": Share(sum(most_likely(p) is t for p, (_, t) in zip(joined, seen, strict=True)), len(seen)),
        "has a say in": Share(sum(answer.familiarity > 0 for answer in answers), len(seen)),
    }


def woman(path: Path) -> list[Take]:
    """Takes of one woman who weeps and then laughs: the label by the half of the clip, without the turn between."""
    observer, recorded = FaceObserver(MODELS), dict[tuple[int, int], list[TakeMoment]]()
    with Clip(path, max_fps=10) as clip:
        for frame in (item for item in clip.items() if isinstance(item, Frame)):
            label = 0 if frame.t < 9 else 1 if frame.t >= 11 else None
            moment = observer.look(frame).moment
            if label is not None and moment is not None:
                recorded.setdefault((label, int(frame.t / TAKE_S)), []).append(moment)
    return [(label, moments) for (label, _), moments in sorted(recorded.items()) if len(moments) >= 5]


class Stills:
    """Looks at pictures of faces, each for itself."""

    def __init__(self) -> None:
        self._detector, self._mesh, self._net = FaceDetector(), FaceMesh(), ExpressionNet(MODELS)

    def look(self, grey: npt.NDArray[np.uint8]) -> TakeMoment | None:
        """What one picture shows; None where no mesh fits."""
        rgb = as_seen(grey)
        found = self._detector.find(rgb)
        mesh = self._mesh.fit(rgb, square_of(found[0])) if found else None
        if mesh is None or mesh.presence < PRESENT:
            return None
        said = self._net.classify(aligned_crop(rgb, placement(mesh)))
        return TakeMoment(of_face(mesh, said), to_emotions(said))


def grey_of(data: dict[str, Any], row: int) -> npt.NDArray[np.uint8]:
    """One picture of a file of faces."""
    encoded = data["png"][data["offset"][row] : data["offset"][row + 1]]
    return np.asarray(cv2.imdecode(encoded, cv2.IMREAD_GRAYSCALE), dtype=np.uint8)


def emotion_of(ferplus: int) -> Emotion:
    """What a class of FER+ counts as."""
    return most_likely(to_emotions(np.eye(len(FERPLUS), dtype=np.float32)[ferplus]))


def fer(path: Path, stills: Stills) -> list[tuple[TakeMoment, Emotion]]:
    """Other people: pictures with a clear majority of votes."""
    with np.load(path) as file:
        data = {key: file[key] for key in ("png", "offset", "ferplus", "ferplus_columns", "ferplus_ok", "split")}
    truth = ferplus_truth(data, list(FERPLUS))
    rows = np.random.default_rng(1).permutation(np.flatnonzero((data["split"] == "public_test") & (truth >= 0)))
    seen = ((stills.look(grey_of(data, row)), emotion_of(int(truth[row]))) for row in rows[: 3 * STRANGERS])
    return [(moment, emotion) for moment, emotion in seen if moment is not None][:STRANGERS]


def lfw(path: Path, stills: Stills) -> Iterator[tuple[str, int, TakeMoment]]:
    """Pictures of people of whom there are several: who, the FER+ class, what is seen."""
    with np.load(path) as file:
        data = {key: file[key] for key in file.files}
    names = [_LFW.get(str(name), str(name)) for name in data["class_names"]]
    subjects, counts = np.unique(data["subject"], return_counts=True)
    for row in np.flatnonzero(np.isin(data["subject"], subjects[counts >= 8])):
        moment = stills.look(grey_of(data, row))
        if moment is not None:
            yield str(data["subject"][row]), FERPLUS.index(names[int(data["labels"][row])]), moment


def persons(path: Path, stills: Stills) -> dict[str, Any]:
    """Of each person with enough pictures of two expressions: every picture asked of a head learnt from the others."""
    of_person: dict[str, list[tuple[int, TakeMoment]]] = {}
    for who, ferplus, moment in lfw(path, stills):
        of_person.setdefault(who, []).append((ferplus, moment))
    own = together = shipped = whole = 0
    people = 0
    for pictures in of_person.values():
        classes, counts = np.unique([ferplus for ferplus, _ in pictures], return_counts=True)
        used = [int(one) for one, count in zip(classes, counts, strict=True) if count >= 3]
        recorded: list[Take] = [(used.index(ferplus), [moment]) for ferplus, moment in pictures if ferplus in used]
        if len(used) < 2:
            continue
        people += 1
        labels = {FERPLUS[one]: emotion_of(one) for one in used}
        for i, (label, moments) in enumerate(recorded):
            head, _ = learn(set_of("expression", labels, [*recorded[:i], *recorded[i + 1 :]]))
            answer, wanted = head.read(moments[0].features), head.labels[label].emotion
            own += answer.best == label
            together += most_likely(head.joined(answer, moments[0].shipped)) is wanted
            shipped += most_likely(moments[0].shipped) is wanted
            whole += 1
    return {
        "people": people,
        "label": Share(own, whole),
        "shipped emotion": Share(shipped, whole),
        "emotion together": Share(together, whole),
    }


def of_body_clip(clip: BodyClip, net: BodyNet, reader: BodyReader) -> list[TakeMoment]:
    """The moments of a recorded movement."""
    return [
        TakeMoment(of_body(motion, *net.classify(motion)), reader.read(motion, 0.0).probabilities)
        for motion in motions(clip)
    ]


def gestures(clips: Sequence[BodyClip]) -> tuple[Takes, list[Take]]:
    """Takes to learn from, and takes to ask about."""
    net, reader = BodyNet(MODELS), BodyReader(MODELS)
    learnt: list[Take] = []
    others: list[Take] = []
    for label, name in enumerate(GESTURES):
        chosen = [clip for clip in clips if clip.source == "bandai2" and clip.action == name]
        recorded = [(label, of_body_clip(clip, net, reader)) for clip in chosen]
        learnt += recorded[:LEARNT]
        others += recorded[LEARNT:]
    return set_of("gesture", GESTURES, learnt), others


def pooled(head: Head) -> Together:
    """As the body sense pools them, for a body that is seen whole: by how far each is trusted."""

    def both(answer: HeadAnswer, moment: TakeMoment) -> Sequence[float]:
        own = emotions_of(head.labels, answer.probabilities), MAX_OWN_TRUST * answer.weight
        return mean_distribution([(moment.shipped, MAX_TRUST), own]) or moment.shipped

    return both


def other_bodies(clips: Sequence[BodyClip], head: Head) -> dict[str, Any]:
    """Other people's walks and greetings, with emotions of their own, read without and with a head."""
    heads = OwnHeads()
    plain, taught, net = BodyReader(MODELS), BodyReader(MODELS, heads=heads), BodyNet(MODELS)
    heads.put("gesture", head, basis_of("gesture", MODELS))
    alone = together = said = whole = 0
    for clip in clips:
        if clip.source == "bandai2" or clip.emotion not in {"angry", "happy", "sad", "neutral"}:
            continue
        shown = list(motions(clip))
        truth = Emotion(clip.emotion)
        alone += mean_emotion(plain, shown) is truth
        together += mean_emotion(taught, shown) is truth
        said += any(head.read(of_body(motion, *net.classify(motion))).familiarity > 0 for motion in shown)
        whole += 1
    return {"shipped": Share(alone, whole), "together": Share(together, whole), "has a say in": Share(said, whole)}


def mean_emotion(reader: BodyReader, shown: Sequence[Any]) -> Emotion:
    """The emotion that a reader finds likeliest over the windows of a clip."""
    return EMOTIONS[int(np.mean([reader.read(motion, 0.0).probabilities for motion in shown], 0).argmax())]


def timed(work: Callable[[], tuple[Head, Any]]) -> tuple[Head, Any, float]:
    """What is learnt, and how long it took in seconds."""
    began = time.perf_counter()
    head, report = work()
    return head, report, time.perf_counter() - began


def measure(data: Path) -> dict[str, Any]:
    """All figures."""
    stills = Stills()
    recorded = woman(data / "clips/woman_expressions.mp4")
    labels = {"weep": Emotion.SAD, "laugh": Emotion.HAPPY}
    face, face_report, face_s = timed(lambda: learn(set_of("expression", labels, recorded[::2])))
    faces = fer(data / "face/fer2013.npz", stills)
    clips = read(data / "body/body_emotion_unified.npz")
    takes, others = gestures(clips)
    body, body_report, body_s = timed(lambda: learn(takes))
    return {
        "one woman's expressions": {
            "learnt from": f"{face_report.takes} takes of {TAKE_S} s",
            "by itself": f"{face_report.right} of {face_report.takes}",
            "seconds": round(face_s, 2),
            **asked(face, recorded[1::2], lambda answer, moment: face.joined(answer, moment.shipped)),
        },
        "500 other faces, with her head in use": strangers(face, faces),
        "people of the news, one picture left out": persons(data / "face/lfw_expressions.npz", stills),
        "five gestures": {
            "learnt from": f"{body_report.takes} takes",
            "by itself": f"{body_report.right} of {body_report.takes}",
            "seconds": round(body_s, 2),
            **asked(body, others, pooled(body)),
        },
        "other bodies, with this head in use": other_bodies(clips, body),
    }


def table(figures: dict[str, Any]) -> str:
    """The figures as Markdown."""
    lines = ["| | | |", "|---|---|---|"]
    for what, values in figures.items():
        lines += [f"| {what if i == 0 else ''} | {name} | {value} |" for i, (name, value) in enumerate(values.items())]
    return "\n".join(lines)


def main() -> None:
    """Run the bench."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=ROOT / "../shared/data")
    figures = measure(parser.parse_args().data)
    made = {"machine": machine(), "date": datetime.date.today().isoformat()}
    text = f"# Own expressions and gestures\n\n`python benches/own_models.py`, {made['date']}, {made['machine']}.\n\n"
    print(table(figures))
    plain = {what: {name: str(value) for name, value in values.items()} for what, values in figures.items()}
    write(Path(__file__), text + table(figures) + "\n", {**made, "figures": plain})


if __name__ == "__main__":
    main()
