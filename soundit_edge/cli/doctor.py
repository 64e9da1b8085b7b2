"""`soundit doctor`: a look at everything the device needs, a line for each."""

from __future__ import annotations

import os
import platform
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2

from soundit_edge import __version__, console, paths, settings
from soundit_edge.audio import portaudio
from soundit_edge.audio.open_speaker import SNAPCAST, check_scheme
from soundit_edge.capture.camera import found_cameras
from soundit_edge.cli.running_device import ask_device, describe_models, describe_senses
from soundit_edge.errors import SounditError
from soundit_edge.inference.delegates.accelerator import INSTEAD, find_accelerator
from soundit_edge.inference.delegates.failure import DelegateError
from soundit_edge.inference.delegates.verdict import file as verdict_file
from soundit_edge.inference.interpreter import available_runtimes
from soundit_edge.inference.models import MEDIAPIPE, ModelSet, default_folder, mediapipe_model
from soundit_edge.inference.thermal import Thermal
from soundit_edge.inference.tuning.choice import choice_for, objection, with_threads
from soundit_edge.inference.tuning.measure import measurable
from soundit_edge.integrations.registry import settings_model
from soundit_edge.music.library.database import Library
from soundit_edge.music.synth.fluidsynth import find_font, is_installed
from soundit_edge.text import reason, refusal


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        subject: what.
        good: whether the device runs well with it; a missing camera is well, because there is a stand-in.
        text: what was found, and what to do where it is not good.
    """

    subject: str
    good: bool
    text: str


def examine(settings_path: Path | None) -> bool:
    """Print a line for each thing looked at; returns whether all is good.

    Args:
        settings_path: another settings.toml than the user's.
    """
    findings = list(_findings(settings_path))
    width = max(len(finding.subject) for finding in findings)
    for finding in findings:
        console.result(f"{'ok ' if finding.good else 'BAD'}  {finding.subject:<{width}}  {finding.text}")
    return all(finding.good for finding in findings)


def _findings(settings_path: Path | None) -> Iterator[Finding]:
    yield Finding("soundit", True, f"{__version__} on Python {platform.python_version()}, {platform.machine()}")
    yield _attempt("log", _describe_log)
    yield _attempt("settings", lambda: _describe_settings(settings_path))
    runtimes = available_runtimes()
    yield Finding("runtimes", bool(runtimes), ", ".join(runtimes) or "none: run `make setup`")
    yield _attempt("models", _check_models)
    yield _attempt("inference", lambda: _describe_choices(settings_path))
    yield _attempt("mediapipe", lambda: ", ".join(mediapipe_model(name).name for name in MEDIAPIPE))
    yield _attempt("accelerator", lambda: _describe_accelerator(settings_path))
    yield Finding("camera", True, ", ".join(found_cameras()) or "none: the drawn demo stands in")
    yield Finding("microphone", True, _names("input") or "none: voices are not heard")
    yield _attempt("speaker", lambda: _describe_speaker(settings_path))
    yield Finding("synthesiser", True, _describe_synthesiser())
    yield _attempt("library", _describe_library)
    yield Finding("temperature", True, _describe_temperature(Thermal()))
    yield Finding("opencv", cv2.__version__.startswith("4."), cv2.__version__)
    yield from _describe_device(settings_path)


def _describe_device(settings_path: Path | None) -> Iterator[Finding]:
    """Yield what the device says of its senses and models, where one runs on this computer."""
    try:
        page = settings.load(settings_path or settings.default_path(), settings_model()).page
    except SounditError:  # it was named above
        return
    status = ask_device(page)
    if status is None:
        yield Finding("device", True, f"none runs at port {page.port}; soundit bench measures the senses without one")
        return
    yield Finding("device", True, f"{status['version']} runs at port {page.port}")
    for name, well, figures in describe_senses(status):
        yield Finding(name, well, figures)
    for name, figures in describe_models(status):
        yield Finding(name, True, figures)


def _attempt(subject: str, look: Callable[[], str]) -> Finding:
    try:
        return Finding(subject, True, look())
    except paths.NoHome as error:  # the device does without
        return Finding(subject, True, f"none: {error}")
    except SounditError as error:
        return Finding(subject, False, str(error))
    except OSError as error:
        return Finding(subject, False, refusal(error))


def _describe_log() -> str:
    path = paths.log_file()
    try:
        os.close(os.open(path, os.O_WRONLY | os.O_APPEND | os.O_NONBLOCK))
    except OSError as error:
        return f"none: {path} cannot be written ({reason(error)})"
    return str(path)


def _describe_settings(chosen: Path | None) -> str:
    path = chosen or paths.settings_file()
    settings.load(path, settings_model())
    return str(path) if path.exists() else f"the defaults ({path} is not there)"


def _check_models() -> str:
    model_set = ModelSet(default_folder())
    names = list(model_set.manifest.models)
    off = [model_set.check_golden(name, model_set.load(name)) for name in names]
    return ", ".join(f"{name} ({steps} steps off)" for name, steps in zip(names, off, strict=True))


def _describe_speaker(chosen: Path | None) -> str:
    """Return which speakers there are, and the server of rooms that the settings choose where it takes sound."""
    found = _names("output")
    try:
        speaker = settings.load(chosen or paths.if_any(paths.settings_file), settings_model()).device.speaker
    except settings.SettingsError:  # it was named above
        return found or "none"
    if speaker.startswith(SNAPCAST):
        check_scheme(speaker)
        return ", ".join(filter(None, [f"{speaker} takes sound", found]))
    return found or "none: the music goes to a WAV file"


def _describe_choices(chosen: Path | None) -> str:
    """Return how each model is run, those that are run alike together."""
    threads = settings.load(chosen or settings.default_path()).inference.threads
    alike: dict[str, list[str]] = {}
    with with_threads(threads):
        for model in measurable():
            alike.setdefault(str(choice_for(model.sha256)), []).append(model.name)
    ways = "; ".join(f"{way}: {', '.join(names)}" for way, names in alike.items())
    return "; ".join(filter(None, [ways, objection(threads)]))


def _describe_accelerator(chosen: Path | None) -> str:
    """Return what it does for the models; it is tried where that was not done before."""
    path = chosen or paths.if_any(paths.settings_file)
    try:
        accelerator = find_accelerator(settings.load(path, settings_model()).inference, ModelSet(default_folder()))
    except DelegateError as error:  # the device does without
        return f"none: {error}"
    except settings.SettingsError:
        return "unknown: see the settings above"
    if accelerator is None:
        return "none: the CPU runs all models"
    verdict = accelerator.verdict()
    tried = verdict.describe(accelerator.state().name)
    if verdict.used:
        return tried
    again = f"; remove {verdict_file()} to have it tried again" if verdict.lasts else ""
    return f"{tried}: {INSTEAD}{again}"


def _describe_synthesiser() -> str:
    font = find_font()
    if font is None or not is_installed():
        return "our own; richer with the packages libfluidsynth3 and musescore-general-soundfont-small"
    return f"FluidSynth with {font.name}"


def _describe_temperature(thermal: Thermal) -> str:
    temperature = thermal.temperature()
    if temperature is None:
        return "unknown: there is no thermometer"
    share = thermal.share()
    slowed = "" if share == 1.0 else f": the senses take {100 * share:.0f} % of their time, until it is cooler"
    return f"{temperature:.0f} °C{slowed}"


def _describe_library() -> str:
    path = paths.library_file()
    if not path.exists():
        return "none yet: soundit library add DIR scans your music"
    with Library.open(path, write=False) as library:
        return f"{len(library.songs())} songs in {path}"


def _names(kind: portaudio.Kind) -> str:
    return ", ".join(device.name for device in portaudio.devices(kind))
