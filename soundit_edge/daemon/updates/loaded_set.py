"""A model set whose senses are loaded, with the user's own models and heads layered over it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path

from soundit_edge.daemon.acceleration import Acceleration
from soundit_edge.inference.local import local_set
from soundit_edge.inference.models import ModelSet
from soundit_edge.senses.own.heads import OwnHeads
from soundit_edge.senses.registry import SenseBuilder, SenseSet
from soundit_edge.settings import InferenceSettings


class LoadedSet:
    """A set with all that the device makes of it. Loading takes seconds: to be done in a thread.

    Attributes:
        models: the set.
        acceleration: runs its builds for an accelerator.
        builder: loads its senses.
    """

    def __init__(self, folder: Path, settings: InferenceSettings, heads: OwnHeads, names: Collection[str]) -> None:
        """Load the senses of some names.

        Args:
            folder: where the set lies.
            settings: on what the models are run, and how.
            heads: has what the user taught on the page.
            names: of the senses.

        Raises:
            InferenceError: a model of it, or one of the user's own, is missing or damaged.
        """
        self.models = ModelSet(folder)
        self.acceleration = Acceleration(settings, self.models)
        self.builder = SenseBuilder(self.acceleration.models, local_set(), threads=settings.threads, heads=heads)
        self.senses: SenseSet = self.builder.build(names)
        """The senses that are loaded."""

    def load_missing(self, names: Collection[str]) -> None:
        """Load those of the senses of some names that are not loaded yet.

        Raises:
            InferenceError: as in the constructor.
        """
        there = {sense.name for sense in self.senses.visual} | {one.sense.name for one in self.senses.auditory}
        if set(names) <= there:
            return
        more = self.builder.build(set(names) - there)
        visual, auditory = (*self.senses.visual, *more.visual), (*self.senses.auditory, *more.auditory)
        self.senses = SenseSet(visual, auditory, self.builder.models, self.builder)


Load = Callable[[Path, Collection[str]], LoadedSet]
"""Loads the senses of some names from the set in a folder; see `LoadedSet`."""
