"""A model set that is "loaded" without models: its senses say what a test wants them to."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import cast

from soundit_edge.daemon.acceleration import Acceleration
from soundit_edge.daemon.updates.loaded_set import LoadedSet
from soundit_edge.emotion import Emotion
from soundit_edge.inference.models import ModelSet, ModelSetError
from soundit_edge.senses.registry import SenseBuilder, SenseSet
from soundit_edge.settings import InferenceSettings
from tests.fakes.senses import SaysOfFrames


class SaysOneEmotion:
    """A set whose senses read everything as one emotion; see `LoadedSet`."""

    def __init__(self, folder: Path, names: Collection[str], emotion: Emotion) -> None:
        self.models = ModelSet(folder)
        self.acceleration = Acceleration(InferenceSettings(accelerator="off"), self.models)
        self.builder = cast(SenseBuilder, object())
        self.says = [SaysOfFrames(emotion, name=name, period=1e-3) for name in sorted(names)]
        self.emotion = emotion

    @property
    def senses(self) -> SenseSet:
        return SenseSet(tuple(self.says), (), {one.name: () for one in self.says})

    def load_missing(self, names: Collection[str]) -> None:
        there = {one.name for one in self.says}
        self.says += [SaysOfFrames(self.emotion, name=name, period=1e-3) for name in sorted(set(names) - there)]


class Loads:
    """Loads such sets.

    Attributes:
        emotions: what the senses of a set say, by its folder; of others, calm.
        broken: folders of sets that cannot be loaded.
        loaded: all that were.
    """

    def __init__(self) -> None:
        self.emotions: dict[Path, Emotion] = {}
        self.broken: set[Path] = set()
        self.loaded: list[SaysOneEmotion] = []

    def __call__(self, folder: Path, names: Collection[str]) -> LoadedSet:
        if folder in self.broken:
            raise ModelSetError(f"{folder.name}: damaged; install the model set again")
        self.loaded.append(SaysOneEmotion(folder, names, self.emotions.get(folder, Emotion.CALM)))
        return cast(LoadedSet, self.loaded[-1])
