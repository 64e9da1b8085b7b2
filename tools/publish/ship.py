"""A published set and the root of trust, put into the source tree that a package is built of."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from soundit_edge.files import write_whole
from soundit_edge.inference.manifest import MANIFEST, Manifest
from soundit_edge.update.root import BUILT_IN
from tools.publish.errors import PublishError
from tools.publish.repository import Repository
from tools.publish.terms import file_path, set_path

ROOT_FOLDER: Final = Path("soundit_edge/update")
MODELS: Final = Path("models")


def ship(repository: Repository, set_id: str, tree: Path) -> None:
    """Let packages of a source tree trust this repository, and begin with a set of it.

    The set's release is from then on the lowest that a device with this package takes, whatever it has lost.

    Args:
        repository: where the set is published.
        set_id: which set.
        tree: the source tree.

    Raises:
        PublishError: there is no such set, it was revoked, a file of it is damaged, or the tree is none of ours.
        OSError: a file cannot be written.
    """
    known = repository.sets()
    if set_id not in known or known[set_id].revoked:
        sets = ", ".join(one for one, terms in known.items() if not terms.revoked)
        raise PublishError(f"{set_id}: no set that devices may have; there are: {sets or 'none'}")
    for folder in (ROOT_FOLDER, MODELS):
        if not (tree / folder).is_dir():
            raise PublishError(f"{tree}: no source tree of soundit_edge, it has no {folder}")
    content = repository.content(set_path(set_id))
    manifest = Manifest.model_validate_json(content)
    files = {file: repository.content(file_path(sha256)) for file, sha256 in manifest.sums().items()}
    for file, inside in files.items():
        write_whole(tree / MODELS / file, inside)
    write_whole(tree / MODELS / MANIFEST, content)
    write_whole(tree / ROOT_FOLDER / BUILT_IN.name, repository.root.to_bytes())
