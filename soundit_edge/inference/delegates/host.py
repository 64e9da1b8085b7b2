"""The process in which an accelerator runs: a library that crashes or hangs takes nothing else with it."""

from __future__ import annotations

import logging
import os
import resource
import socket
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy.typing as npt

from soundit_edge import logfile
from soundit_edge.inference.delegates.channel import Channel
from soundit_edge.inference.delegates.failure import DelegateError, Failure
from soundit_edge.inference.interpreter import InferenceError, Model, runtime_module
from soundit_edge.signals import die_with, leave_signals_to_parent

log = logging.getLogger(__name__)

READY: Final = "ready"
"""The first message of the host: the runtime is loaded."""


def main(end: socket.socket, parent: int, runtime: str, library: Path, options: Mapping[str, str]) -> None:
    """Answer requests until the parent is gone.

    A request is ("load", name, path), answered by the specifications of the model's inputs and outputs, or
    ("run", name, inputs), answered by its outputs; in place of an answer there may be a `DelegateError`.

    Args:
        end: an end of `channel.pair`; the parent has the other.
        parent: the parent's process id.
        runtime: a name of `RUNTIMES`.
        library: the delegate's library.
        options: the delegate's options.
    """
    die_with(parent)
    leave_signals_to_parent()
    _be_quiet()
    channel = Channel(end)
    try:
        load_delegate = runtime_module(runtime).load_delegate
        channel.send(READY)
        models: dict[str, Model] = {}
        while True:
            match channel.receive():
                case "load", name, path:
                    channel.send(_loaded(models, name, path, runtime, load_delegate, library, options))
                case "run", name, inputs:
                    channel.send(_outputs(models[name], name, inputs))
    except (EOFError, OSError):  # the parent is gone, or wants no more
        pass
    except Exception:
        log.exception("the process of the accelerator ends by a defect")
    finally:
        os._exit(0)  # the destructors of a delegate may hang, too


def _be_quiet() -> None:
    """Send what libraries print to the log, and leave no memory dump of a crash behind."""
    file = logfile.start()
    for descriptor in (1, 2):
        os.dup2(file.descriptor, descriptor)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _loaded(
    models: dict[str, Model],
    name: str,
    path: Path,
    runtime: str,
    load_delegate: Any,
    library: Path,
    options: Mapping[str, str],
) -> object:
    """Load a model with a delegate of its own, as Coral's own library does; return its inputs and outputs."""
    try:
        delegate = load_delegate(str(library), dict(options))
    except OSError as error:
        return DelegateError(Failure.UNUSABLE, f"{library}: no library for this computer ({_last_line(error)})")
    except AttributeError:
        return DelegateError(Failure.UNUSABLE, f"{library}: no TFLite delegate, it lacks the functions of one")
    except ValueError as error:
        return DelegateError(Failure.REFUSED, f"{library.name} finds no device that it can use ({_last_line(error)})")
    try:
        models[name] = Model(path, runtime=runtime, delegates=[delegate])
    except InferenceError as error:
        return DelegateError(Failure.FAILED, str(error))
    return models[name].inputs, models[name].outputs


def _outputs(model: Model, name: str, inputs: Sequence[npt.NDArray[Any]]) -> object:
    try:
        return model.run_stored(inputs)
    except (RuntimeError, ValueError) as error:
        return DelegateError(Failure.FAILED, f"{name}: {_last_line(error)}")


def _last_line(error: Exception) -> str:
    return str(error).strip().splitlines()[-1].strip() if str(error).strip() else type(error).__name__
