"""What a publisher is to know of a repository: its sets, and which signatures end soon."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from tuf.api.metadata import Signed

from soundit_edge.update.choose import OfferTerms
from tools.publish.repository import Repository
from tools.publish.roles import ROLLOUT, ROOT, SNAPSHOT, TARGETS, TIMESTAMP

WARN_DAYS: Final = MappingProxyType({ROOT: 60, TARGETS: 21})
"""How long before the end of the signatures of a role whose keys are offline it is said."""

NOT_SEEN: Final = "signed; devices see it after `refresh` where the keys of snapshot and timestamp are"


def listing(repository: Repository) -> Iterator[str]:
    """Give a line for each set, the newest first, and one for each role.

    Raises:
        PublishError: the metadata of a set is none of ours.
    """
    for set_id, terms in repository.sets().items():
        yield f"{set_id}: {_share(terms)}, {terms.bytes} bytes, {_fitting(terms)}"
    roles: dict[str, Signed] = {
        ROOT: repository.root.signed,
        TARGETS: repository.targets.signed,
        ROLLOUT: repository.rollout.signed,
        SNAPSHOT: repository.snapshot.signed,
        TIMESTAMP: repository.timestamp.signed,
    }
    for role, signed in roles.items():
        yield f"{role} {signed.version}: until {signed.expires:%d %B %Y %H:%M} UTC"
    if not repository.is_seen:
        yield f"targets {repository.targets.signed.version}, rollout {repository.rollout.signed.version}: {NOT_SEEN}"


def ending(repository: Repository, now: datetime) -> Iterator[str]:
    """Give a line for each offline role whose signatures end soon."""
    for metadata in (repository.root, repository.targets):
        role, end = metadata.signed.type, metadata.signed.expires
        if end - now < timedelta(days=WARN_DAYS[role]):
            yield f"{role} ends on {end:%d %B %Y}: run `refresh {role}` where its keys are"


def _share(terms: OfferTerms) -> str:
    return "revoked" if terms.revoked else f"{terms.percent} %"


def _fitting(terms: OfferTerms) -> str:
    limits = [("from ", terms.min_version), ("below ", terms.max_version)]
    versions = " ".join(word + version for word, version in limits if version)
    return f"{', '.join(terms.hardware) or 'any hardware'}, version {versions or 'any'}"
