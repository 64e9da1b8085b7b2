"""What the repository says about each set besides its files: for whom it is, and how many devices may take it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from pydantic import ValidationError
from tuf.api.metadata import TargetFile

from soundit_edge.update.choose import OfferShare, OfferTerms
from tools.publish.errors import PublishError

SHARES: Final = "rollout"
"""The folder of the targets that the role `rollout` may name."""
_PATH: Final = re.compile(r"sets/([0-9]+-[0-9a-f]{12})/set\.json")
_CUSTOM: Final = "soundit"


def set_path(set_id: str) -> str:
    """Return the path of a set's set.json among the targets."""
    return f"sets/{set_id}/set.json"


def share_path(set_id: str) -> str:
    """Return the path of the target that says a set's share of the devices; its file is empty."""
    return f"{SHARES}/{set_id}"


def file_path(sha256: str) -> str:
    """Return the path of a set's file among the targets, which sets that have it in common share."""
    return f"files/{sha256}"


def with_terms(target: TargetFile, terms: OfferTerms | OfferShare) -> TargetFile:
    """Return a target with what is said of its set as its custom metadata."""
    fields = {**target.unrecognized_fields, "custom": {_CUSTOM: terms.model_dump(mode="json")}}
    return TargetFile(target.length, dict(target.hashes), target.path, fields)


def terms_of(targets: Iterable[TargetFile]) -> dict[str, OfferTerms]:
    """Return the terms of the sets among targets, by the sets' ids, the newest release first.

    Raises:
        PublishError: a set has no terms, or broken ones.
    """
    found = {}
    for target in targets:
        if match := _PATH.fullmatch(target.path):
            try:
                found[match[1]] = OfferTerms.model_validate((target.custom or {}).get(_CUSTOM))
            except ValidationError as error:
                raise PublishError(f"{target.path}: its custom metadata is none of ours") from error
    return dict(sorted(found.items(), key=lambda one: -one[1].release))


def shares_of(targets: Iterable[TargetFile]) -> dict[str, int]:
    """Return the shares of the devices, in percent, by the sets' ids.

    Raises:
        PublishError: one is broken.
    """
    found = {}
    for target in targets:
        try:
            share = OfferShare.model_validate((target.custom or {}).get(_CUSTOM))
        except ValidationError as error:
            raise PublishError(f"{target.path}: its custom metadata is none of ours") from error
        found[target.path.removeprefix(f"{SHARES}/")] = share.percent
    return found
