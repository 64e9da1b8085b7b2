"""Puts teaching together: the user's own sets, the heads that the senses use, and who gives the lessons."""

from __future__ import annotations

import logging
from collections.abc import Callable

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


def own_heads(store: SettingsStore, model_set: ModelSet) -> OwnHeads:
    """Return the heads that were kept, for the senses; they rest while the device stands in a public place.

    Args:
        store: has the settings of privacy.
        model_set: the shipped models.
    """
    heads = OwnHeads()
    try:
        heads.load(Shelf.of_user(), model_set)
    except SounditError as error:
        log.info("nothing of the user's own is read: %s", error)

    def follow(privacy: PrivacySettings, by: Actor) -> None:
        heads.rest(privacy.public_place)

    store.subscribe(lambda settings: settings.privacy, follow)
    heads.rest(store.current.privacy.public_place)
    return heads


def teacher_of(store: SettingsStore, model_set: ModelSet, heads: OwnHeads, now: Callable[[], float]) -> Teacher:
    """Return the teacher of this device.

    Args:
        store: has the settings of privacy.
        model_set: the shipped models.
        heads: those that the senses use.
        now: the daemon's clock.
    """
    sets = OwnSets(Shelf.of_user, heads, model_set)
    return Teacher(sets, model_set, lambda: store.current.privacy, now)
