"""The models: whole, answering as where they were made, and how each is run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from soundit_edge.doctor.finding import Check, Finding
from soundit_edge.doctor.surroundings import Surroundings
from soundit_edge.inference.interpreter import InferenceError
from soundit_edge.inference.models import MEDIAPIPE, ModelSet, mediapipe_model
from soundit_edge.inference.tuning.choice import choice_for, objection, with_threads
from soundit_edge.inference.tuning.measure import measurable
from soundit_edge.update.failure import SetDamagedError, UpdateError
from soundit_edge.update.sets.active import active_set, open_store
from soundit_edge.update.sets.verify import verify_set

LIMIT_S: Final = 30.0
"""A small box needs some seconds to run each model once."""
AGAIN: Final = "install soundit again: its package, or `make setup` in a checkout"


def look(_: Surroundings) -> Iterator[Finding]:
    """Find whether each model answers as it should."""
    try:
        model_set = ModelSet(active_set().folder)
        names = list(model_set.manifest.models)
        off = [model_set.check_golden(name, model_set.load(name)) for name in names]
    except InferenceError as error:
        yield Finding("models", "bad", str(error), AGAIN)
        return
    listed = ", ".join(f"{name} ({steps} steps off)" for name, steps in zip(names, off, strict=True))
    yield Finding("models", "ok", listed)


def look_at_update(_: Surroundings) -> Iterator[Finding]:
    """Find whether the model set that came over the air, where there is one, is as it was signed."""
    store = open_store()
    try:
        current = store.current()
        if current is None:
            yield Finding("model set", "ok", "the shipped one")
            return
        verify_set(store.folder_of(current), current)
    except (SetDamagedError, UpdateError) as error:
        again = "start the device again: it goes back to the set before"
        yield Finding("model set", "bad", f"it cannot be used: {error}", again)
    else:
        yield Finding("model set", "ok", current)


def look_at_mediapipe(_: Surroundings) -> Iterator[Finding]:
    """Find whether MediaPipe's models are installed."""
    yield Finding("mediapipe", "ok", ", ".join(mediapipe_model(name).name for name in MEDIAPIPE))


def look_at_choices(here: Surroundings) -> Iterator[Finding]:
    """Find how each model is run, those that are run alike together."""
    threads = here.settings.inference.threads
    alike: dict[str, list[str]] = {}
    with with_threads(threads):
        for model in measurable(active_set().folder):
            alike.setdefault(str(choice_for(model.sha256)), []).append(model.name)
    ways = "; ".join(f"{way}: {', '.join(names)}" for way, names in alike.items())
    yield Finding("inference", "ok", "; ".join(filter(None, [ways, objection(threads)])))


MODELS: Final = Check("models", look, LIMIT_S)
MODEL_SET: Final = Check("model set", look_at_update, LIMIT_S)
MEDIAPIPE_MODELS: Final = Check("mediapipe", look_at_mediapipe)
CHOICES: Final = Check("inference", look_at_choices, LIMIT_S)
CHECKS: Final = (
    MODELS,
    MODEL_SET,
    CHOICES,
    MEDIAPIPE_MODELS,
)
