"""Makes a score: the stages from a film's file to the same film with music."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from soundit_edge import paths
from soundit_edge.film import FilmError
from soundit_edge.film.container.carried import carried
from soundit_edge.film.container.destination import check_room
from soundit_edge.film.container.encode import CodedSound
from soundit_edge.film.container.mux import write_film
from soundit_edge.film.container.probe import Film, digest_of, examine
from soundit_edge.film.container.workdir import WorkDir
from soundit_edge.film.report import describe
from soundit_edge.film.scoring.mix import Ducking
from soundit_edge.film.scoring.render import render
from soundit_edge.film.scoring.soundtrack import coded_mixture
from soundit_edge.film.scoring.sources import source_for
from soundit_edge.film.spotting.cue_sheet import Played
from soundit_edge.film.spotting.perceive import perceive
from soundit_edge.film.spotting.readings_cache import Findings, Readings, forget_old
from soundit_edge.film.spotting.scenes import Moment, Scene, moments, scenes_of
from soundit_edge.film.spotting.sections import sections_of
from soundit_edge.film.spotting.spotting import Spotting
from soundit_edge.inference.local import local_set
from soundit_edge.inference.models import ModelSet, default_folder
from soundit_edge.music.director.mapping import PRESETS
from soundit_edge.music.ensemble import ensemble_named
from soundit_edge.senses.registry import SenseSet, assemble
from soundit_edge.settings import Settings


@dataclass(frozen=True, slots=True)
class ScoreOptions:
    """The options of a score.

    Attributes:
        seed: of the music; another number gives other music.
        source: "compose", "library" or "morph".
        track: the sound file that is morphed to the film; None: the theme. With "morph" only.
        palette: name of the ensemble that plays what is composed, or of leaving it to the seed; None: as in the
            settings. With "compose" only.
        keep_dialogue: whether the film keeps its own sound, with the music under it.
        plot: the PNG file to plot the score into, or None.
        report: the JSON file to write the report into, or None.
        title: of the plot; "": the name of the film's file.
        models: folder of the model set that reads the film; None: the shipped one.
    """

    seed: int = 1
    source: str = "compose"
    track: Path | None = None
    palette: str | None = None
    keep_dialogue: bool = True
    plot: Path | None = None
    report: Path | None = None
    title: str = ""
    models: Path | None = None


@dataclass(frozen=True, slots=True)
class Scored:
    """A film that has been scored.

    Attributes:
        out: the file that was written.
        seconds: length of the film.
        scenes: its scenes.
        played: the music that was played.
        sound: the sound of the new film.
        lost: what the new film lacks, in words.
    """

    out: Path
    seconds: float
    scenes: Sequence[Scene]
    played: Sequence[Played]
    sound: CodedSound
    lost: Sequence[str]


Stage = Callable[[str, float | None], Callable[[float], None]]
"""Begins a stage of the work: takes its name ("reading", "scoring", "mixing" or "writing") and the seconds of the film
that it goes through (None: nobody knows), and returns what takes the seconds that are done."""


def make_score(
    path: Path,
    out: Path,
    options: ScoreOptions,
    chosen: Settings,
    stage: Stage,
    senses: Callable[[Settings], SenseSet] | None = None,
    *,
    readings_folder: Path | None = None,
    tell: Callable[[str], None] = lambda line: None,
) -> Scored:
    """Score a film, and say how far the work is.

    Args:
        path: the film.
        out: the film to write; it appears once it is complete.
        options: the options of the score.
        chosen: the settings.
        stage: called at the beginning of each stage.
        senses: builds the senses that read the film; None: every sense that is switched on.
        readings_folder: where the readings are kept, so that a run that was stopped goes on; None: the user's cache.
        tell: takes a line for each thing that the new film lacks, as soon as that is known.

    Raises:
        SounditError: a file cannot be read or written, or the options do not go together.
    """
    began = time.monotonic()
    film = examine(path)
    if options.keep_dialogue and film.undecodable_sound is not None:
        raise FilmError(
            f"{path}: its sound is coded as {film.undecodable_sound}, which cannot be decoded here; with --replace the "
            "film is given music alone"
        )
    check_room(out, film)
    kind = out.suffix.lower()
    plan = carried(path, kind)
    with WorkDir(out) as place:
        for what in plan.lost:
            tell(f"{out}: left out: {what}")
        folder = readings_folder or paths.cache_folder() / "films"
        build = senses or partial(all_senses, models=options.models)
        models = _digest_of_models(options.models)
        found, course = _read(film, chosen, build, models, folder, stage("reading", film.seconds))
        scenes = scenes_of(course, found.cuts, found.seconds)
        dialogue = film if options.keep_dialogue and film.has_sound else None
        speech = () if dialogue is None else found.speech
        spotting = Spotting(scenes, sections_of(scenes, course, found.cuts), speech)
        ensemble = ensemble_named(options.palette or chosen.music.palette)
        preset = PRESETS[chosen.music.preset]
        source = source_for(options.source, spotting, options.track, options.seed, preset, ensemble)
        music = render(source, found.seconds, place.folder / "music.flac", stage("scoring", found.seconds))
        ducking = Ducking(speech)
        sections = [cue.section for cue in source.cue_sheet.cues]
        coded = place.folder / "sound.aac"
        sound = coded_mixture(dialogue, music, ducking, speech, coded, stage("mixing", found.seconds))
        whole = place.folder / f"film{kind}"
        lost = write_film(film, plan, whole, sound, found.seconds, stage("writing", found.seconds))
        if options.plot is not None:
            from soundit_edge.film.plot import Drawing, draw

            title = options.title or path.name
            drawing = Drawing(course, sections, music.played, music.notes, found, ducking, title)
            draw(drawing, place.folder / "plot.png")
            place.publish("plot.png", options.plot)
        if options.report is not None:
            report = describe(found.seconds, scenes, sections, music.played, music.notes, time.monotonic() - began)
            place.keep("report.json", json.dumps(report, indent=1) + "\n")
            place.publish("report.json", options.report)
        place.publish(whole.name, out)
    for what in lost:
        tell(f"{out}: left out: {what}")
    return Scored(out, found.seconds, scenes, music.played, sound, (*plan.lost, *lost))


def all_senses(chosen: Settings, models: Path | None = None) -> SenseSet:
    """Return every sense that is switched on.

    Args:
        chosen: the settings.
        models: folder of the model set; None: the shipped one.

    Raises:
        InferenceError: a model is missing or damaged.
    """
    model_set = ModelSet(models or default_folder())
    return assemble(chosen.senses, model_set, local_set(), threads=chosen.inference.threads)


def _digest_of_models(models: Path | None) -> str:
    """Return a digest of the manifests of the models that read films."""
    sets = [ModelSet(models or default_folder()), local_set()]
    text = "".join(each.manifest.text() for each in sets if each is not None)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _read(
    film: Film,
    chosen: Settings,
    senses: Callable[[Settings], SenseSet],
    models: str,
    folder: Path,
    on_progress: Callable[[float], None],
) -> tuple[Findings, list[Moment]]:
    """Return the findings in a film and its moods over time, from readings cached in a folder as far as possible."""
    key = {"film": digest_of(film), "models": models, "senses": chosen.senses.model_dump()}
    name = hashlib.sha256(json.dumps(key, sort_keys=True).encode()).hexdigest()[:32]
    forget_old(folder)
    with Readings(folder / f"{name}.jsonl", key) as readings:
        on_progress(readings.until)
        if readings.seconds is None:
            perceive(film, senses(chosen), readings, on_progress)
        found = readings.found()
        if found.seconds <= 0:
            raise FilmError(f"{film.path}: damaged, not one of its pictures says when it is to be shown")
        return found, list(moments(readings.readings(), found.cuts, found.seconds))
