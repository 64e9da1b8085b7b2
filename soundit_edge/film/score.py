"""`soundit score`: reads a film and writes the same film with music."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from soundit_edge import console, paths, settings
from soundit_edge.console import progress_bar
from soundit_edge.film import FilmError
from soundit_edge.film.container.carried import carried
from soundit_edge.film.container.destination import check_output, check_place, check_room
from soundit_edge.film.container.mux import write_film
from soundit_edge.film.container.probe import Film, digest_of, examine
from soundit_edge.film.container.workdir import WorkDir
from soundit_edge.film.report import describe
from soundit_edge.film.scoring.mix import Ducking
from soundit_edge.film.scoring.render import render
from soundit_edge.film.scoring.soundtrack import coded_mixture
from soundit_edge.film.scoring.sources import MORPH, SOURCES, check_source, source_for
from soundit_edge.film.spotting.perceive import perceive
from soundit_edge.film.spotting.readings_cache import Findings, Readings, forget_old
from soundit_edge.film.spotting.scenes import Moment, moments, scenes_of
from soundit_edge.inference.local import local_set
from soundit_edge.inference.models import ModelSet, default_folder
from soundit_edge.music.director.mapping import PRESETS
from soundit_edge.senses.registry import SenseSet, assemble
from soundit_edge.settings import Settings
from soundit_edge.text import did_you_mean, presentable


@dataclass(frozen=True, slots=True)
class ScoreOptions:
    """The options of a score.

    Attributes:
        seed: of the music; another number gives other music.
        source: "compose", "library" or "morph".
        track: the sound file that is morphed to the film; None: the theme. With "morph" only.
        keep_dialogue: whether the film keeps its own sound, with the music under it.
        plot: the PNG file to plot the score into, or None.
        report: the JSON file to write the report into, or None.
    """

    seed: int = 1
    source: str = "compose"
    track: Path | None = None
    keep_dialogue: bool = True
    plot: Path | None = None
    report: Path | None = None


def score_film(
    path: Path,
    out: Path,
    options: ScoreOptions,
    settings_path: Path | None,
    senses: Callable[[Settings], SenseSet] | None = None,
) -> None:
    """Score a film, with a progress bar on stderr where that is a terminal.

    Args:
        path: the film.
        out: the film to write: .mp4, .mov or .mkv. It appears once it is complete; until then, and after any
            error, an existing file stays.
        options: the options of the score.
        settings_path: a settings file in place of the user's; None: the user's.
        senses: builds the senses that read the film; None: every sense that is switched on.

    Raises:
        SounditError: a file cannot be read or written, or the options do not go together.
    """
    began = time.monotonic()
    _check(path, out, options)
    chosen = settings.load(settings_path or settings.default_path())
    film = examine(path)
    if options.keep_dialogue and film.undecodable_sound is not None:
        raise FilmError(
            f"{path}: its sound is coded as {film.undecodable_sound}, which cannot be decoded here; with --replace the "
            "film is given music alone"
        )
    check_room(out, film)
    kind = out.suffix.lower()
    plan = carried(path, kind)
    with WorkDir(out) as place, progress_bar() as progress:
        _tell_lost(out, plan.lost)

        def stage(name: str, seconds: float | None) -> Callable[[float], None]:
            bar = progress.add_task(name, total=seconds)
            return lambda done: progress.update(bar, completed=done)

        found, course = _read(
            film, chosen, senses or _all_senses, stage(f"reading {presentable(path.name)}", film.seconds)
        )
        scenes = scenes_of(course, found.cuts, found.seconds)
        source = source_for(options.source, scenes, options.track, options.seed, PRESETS[chosen.music.preset])
        music = render(source, found.seconds, place.folder / "music.flac", stage("scoring", found.seconds))
        dialogue = film if options.keep_dialogue and film.has_sound else None
        speech = () if dialogue is None else found.speech
        ducking = Ducking(speech)
        coded = place.folder / "sound.aac"
        sound = coded_mixture(dialogue, music, ducking, speech, coded, stage("mixing", found.seconds))
        whole = place.folder / f"film{kind}"
        lost = write_film(film, plan, whole, sound, found.seconds, stage("writing", found.seconds))
        if options.plot is not None:
            from soundit_edge.film.plot import Drawing, draw

            drawing = Drawing(course, scenes, music.played, found, ducking, path.name)
            draw(drawing, place.folder / "plot.png")
            place.publish("plot.png", options.plot)
        if options.report is not None:
            report = describe(found.seconds, scenes, music.played, time.monotonic() - began)
            place.keep("report.json", json.dumps(report, indent=1) + "\n")
            place.publish("report.json", options.report)
        place.publish(whole.name, out)
    _tell_lost(out, lost)
    wall = time.monotonic() - began
    console.result(
        f"{presentable(out)}: {found.seconds:.2f} s, {len(scenes)} scenes, {sound.loudness:.1f} LUFS, "
        f"{sound.true_peak_db:.1f} dBTP; made in {wall:.1f} s"
    )


def _tell_lost(out: Path, lost: Iterable[str]) -> None:
    for what in lost:
        console.say(f"{out}: left out: {what}")


def _check(path: Path, out: Path, options: ScoreOptions) -> None:
    if options.source not in SOURCES:
        hint = did_you_mean(options.source, SOURCES)
        raise FilmError(f"--with takes one of {', '.join(SOURCES)}, not {options.source!r}{hint}")
    if options.track is not None and options.source != MORPH:
        raise FilmError(
            "--track names what --with morph bends to the film; with another source there is nothing to bend"
        )
    check_source(options.source, options.track)
    check_output(out, path, options.track)
    for other, suffix in ((options.plot, ".png"), (options.report, ".json")):
        if other is None:
            continue
        if other.suffix.lower() != suffix:
            raise FilmError(f"{other}: this file's name has to end in {suffix}")
        check_place(other, path, options.track)


def _all_senses(chosen: Settings) -> SenseSet:
    return assemble(chosen.senses, ModelSet(default_folder()), local_set(), threads=chosen.inference.threads)


def _models() -> str:
    """Return a digest of the manifests of the models that read films."""
    sets = [ModelSet(default_folder()), local_set()]
    text = "".join(each.manifest.text() for each in sets if each is not None)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _read(
    film: Film, chosen: Settings, senses: Callable[[Settings], SenseSet], on_progress: Callable[[float], None]
) -> tuple[Findings, list[Moment]]:
    """Return the findings in a film and its moods over time, from cached readings as far as possible."""
    folder = paths.cache_folder() / "films"
    key = {"film": digest_of(film), "models": _models(), "senses": chosen.senses.model_dump()}
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
