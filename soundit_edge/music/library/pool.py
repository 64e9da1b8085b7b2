"""Describes many files at once, in processes of their own: what a broken file does to a decoder harms no other."""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Final

from soundit_edge import logfile
from soundit_edge.errors import SounditError
from soundit_edge.music.library.describe import Description, describe

log = logging.getLogger(__name__)

AHEAD: Final = 2
"""Files that are handed out, times the workers: so none of them waits, and little is lost when we are stopped."""
MEMORY: Final = 1_500_000_000
"""Bytes of the computer's for each worker; a track of ten minutes takes 0.8 GB while it is decoded."""
_NICE: Final = 10

Outcome = Description | SounditError


def workers() -> int:
    """Return how many processes to use: one for each core but one, which is left to what else runs here; fewer where
    memory is short, and one at least."""
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return max(1, min(len(os.sched_getaffinity(0)) - 1, memory // MEMORY))


def described(paths: Iterable[Path], count: int) -> Iterator[tuple[Path, Outcome]]:
    """Give each file with its description, or with what is wrong with it, in the order in which they are done.

    Args:
        paths: of the files.
        count: of worker processes; none where there is nothing to do.
    """
    rest = iter(paths)
    while count:
        suspects: list[Path] = []
        yield from _by_pool(rest, count, suspects)
        if not suspects:
            return
        # A worker died, of one of these: each gets a pool of its own.
        for path in suspects:
            fatal: list[Path] = []
            yield from _by_pool(iter([path]), 1, fatal)
            for dead in fatal:
                yield dead, SounditError(f"{dead}: damaged, or too long for this computer's memory")


def _by_pool(paths: Iterator[Path], count: int, suspects: list[Path]) -> Iterator[tuple[Path, Outcome]]:
    """Do as `described`; where a worker dies end, with what was handed out and is not done in `suspects`."""
    context = multiprocessing.get_context("spawn")  # a forked process would hold our lock, and our database
    pool = ProcessPoolExecutor(count, context, _begin)
    handed: dict[Future[Outcome], Path] = {}
    waiting: Path | None = None
    try:
        while True:
            for path in islice(paths, AHEAD * count - len(handed)):
                waiting = path
                handed[pool.submit(in_worker, path)] = path
                waiting = None
            if not handed:
                return
            for future in wait(handed, return_when=FIRST_COMPLETED).done:
                outcome = future.result()
                yield handed.pop(future), outcome
    except BrokenProcessPool:
        suspects += [*handed.values(), *filter(None, [waiting])]
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def in_worker(path: Path) -> Outcome:
    """Return what a worker makes of a file."""
    try:
        return describe(path)
    except SounditError as error:
        return error
    except MemoryError:
        return SounditError(f"{path}: too long for this computer's memory")
    except Exception as error:  # one file that we do not cope with must not hold up the others
        log.exception("%s", path)
        return SounditError(f"{path}: could not be described, a defect of ours ({type(error).__name__}: {error})")


def _begin() -> None:
    """Have a worker yield to everything else, leave Ctrl-C to its parent, and not outlive it, however that ended."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    logfile.start()
    with suppress(OSError):
        os.nice(_NICE)
    threading.Thread(target=_follow_parent, daemon=True).start()


def _follow_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
    os._exit(1)
