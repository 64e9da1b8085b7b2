"""Puts teaching together: the user's own sets, the heads that the senses use, and who gives the lessons."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable

from soundit_edge.control.actor import Actor
from soundit_edge.daemon.settings_store import SettingsStore
from soundit_edge.errors import SounditError
from soundit_edge.inference.models import ModelSet
from soundit_edge.page.teaching.sets import OwnSets
from soundit_edge.page.teaching.teacher import Teacher
from soundit_edge.senses.own.heads import OwnHeads
from soundit_edge.senses.own.shelf import Shelf
from soundit_edge.settings import PrivacySettings

log = logging.getLogger(__name__)


def own_heads(store: SettingsStore) -> OwnHeads:
    """Return the heads for the senses, none of which is loaded yet; they rest while the device stands in public.

    Args:
        store: has the settings of privacy.
    """
    heads = OwnHeads()

    def follow(privacy: PrivacySettings, by: Actor) -> None:
        heads.rest(privacy.public_place)

    store.subscribe(lambda settings: settings.privacy, follow)
    heads.rest(store.current.privacy.public_place)
    return heads


def load_heads(heads: OwnHeads, model_set: ModelSet) -> None:
    """Use the heads that were kept.

    Args:
        heads: takes them.
        model_set: the one in use.
    """
    try:
        heads.load(Shelf.of_user(), model_set)
    except SounditError as error:
        log.info("nothing of the user's own is read: %s", error)


def teacher_of(
    store: SettingsStore, models: Callable[[], ModelSet], heads: OwnHeads, now: Callable[[], float]
) -> Teacher:
    """Return the teacher of this device.

    Args:
        store: has the settings of privacy.
        models: returns the model set in use.
        heads: those that the senses use.
        now: the daemon's clock.
    """
    sets = OwnSets(Shelf.of_user, heads, models)
    return Teacher(sets, lambda: store.current.privacy, now)


async def follow_models(sets: OwnSets, changed: Callable[[], Awaitable[None]]) -> None:
    """Look again which of the user's sets can be used, each time that another model set is in use, until cancelled.

    Args:
        sets: the user's.
        changed: waits until another model set is in use.
    """
    while True:
        models = sets.models
        while sets.models is models:
            await changed()
        await sets.load()
