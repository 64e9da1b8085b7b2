"""The process of an update: `python -m soundit_edge.update PARENT`, with a request on standard input."""

from __future__ import annotations

import contextlib
import os
import sys
from typing import Final

from pydantic import BaseModel

from soundit_edge import logfile
from soundit_edge.signals import die_with
from soundit_edge.update.messages import UpdateProgress, UpdateRequest, UpdateResult, UpdateStage
from soundit_edge.update.run import update

_NICE: Final = 15
_STEP: Final = 1 << 18
"""Bytes after which the progress is said again."""


def main() -> None:
    """Do what the request asks, and say how far it is and how it ended, one JSON object a line."""
    die_with(int(sys.argv[1]))
    logfile.start()
    with contextlib.suppress(OSError):
        os.nice(_NICE)
    request = UpdateRequest.model_validate_json(sys.stdin.buffer.read())
    _say(_updated(request))


def _updated(request: UpdateRequest) -> UpdateResult:
    said = UpdateProgress(stage=UpdateStage.ASKING, done=-_STEP)

    def tell(progress: UpdateProgress) -> None:
        nonlocal said
        if progress.stage != said.stage or progress.done - said.done >= _STEP or progress.done == progress.total:
            said = progress
            _say(progress)

    return update(request, tell)


def _say(message: BaseModel) -> None:
    sys.stdout.write(message.model_dump_json() + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
