"""The command line that the public suite tuf-conformance drives a TUF client by: init, refresh and download.

    python -m soundit_edge.update.conformance --metadata-dir DIR init ROOT
    python -m soundit_edge.update.conformance --metadata-dir DIR --metadata-url URL refresh
    python -m soundit_edge.update.conformance --metadata-dir DIR --metadata-url URL \\
        --target-name PATH --target-base-url URL --target-dir DIR download

It exits with 0 where all went well and with 1 where anything did not. What is tested is the way that an update goes:
`trust`, `transfer` and `mirrors`.
"""

from __future__ import annotations

import argparse
import contextlib
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final
from urllib.parse import quote

from tuf.api.exceptions import RepositoryError

from soundit_edge.files import write_whole
from soundit_edge.update.failure import TrustError, UpdateError
from soundit_edge.update.limits import UpdateLimits
from soundit_edge.update.mirrors.mirror import Mirror
from soundit_edge.update.mirrors.open_mirror import open_mirror
from soundit_edge.update.transfer import fetch_file
from soundit_edge.update.trust import SignedLists, refresh

_BUILT_IN: Final = ".trusted_root"
"""The file with the root that was given at first, in the folder of the lists."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb; return the exit code."""
    parser = argparse.ArgumentParser(prog="soundit_edge.update.conformance", description="A TUF client to be tested.")
    parser.add_argument("--metadata-dir", type=Path, required=True)
    parser.add_argument("--metadata-url", default="")
    parser.add_argument("--target-name", default="")
    parser.add_argument("--target-base-url", default="")
    parser.add_argument("--target-dir", type=Path)
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("init").add_argument("trusted_root", type=Path)
    verbs.add_parser("refresh")
    verbs.add_parser("download")
    options = parser.parse_args(arguments)
    try:
        match options.verb:
            case "init":
                _init(options.metadata_dir, options.trusted_root)
            case verb:
                with contextlib.closing(open_mirror(options.metadata_url, UpdateLimits())) as mirror:
                    lists = _refresh(options.metadata_dir, mirror)
                    if verb == "download":
                        _download(lists, options.target_name, options.target_base_url, options.target_dir)
    except (UpdateError, OSError) as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 1
    return 0


def _init(folder: Path, root: Path) -> None:
    content = root.read_bytes()
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(folder / _BUILT_IN, content)
    write_whole(folder / "root.json", content)


def _refresh(folder: Path, mirror: Mirror) -> SignedLists:
    return refresh(mirror, (folder / _BUILT_IN).read_bytes(), folder, time.time(), UpdateLimits())


def _download(lists: SignedLists, name: str, url: str, folder: Path) -> None:
    file = lists.file(name)
    if file is None:
        raise TrustError(f"{name}: no signed list names it")
    place = folder / quote(name, safe="")
    try:
        file.target.verify_length_and_hashes(place.read_bytes())
    except (OSError, RepositoryError):
        with contextlib.closing(open_mirror(url, UpdateLimits())) as mirror:
            fetch_file([mirror], file, place, 1, lambda size: None)


if __name__ == "__main__":
    sys.exit(main())
