"""`soundit score`: reads a film and writes the same film with music."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from soundit_edge import console, settings
from soundit_edge.console import progress_bar
from soundit_edge.film import FilmError
from soundit_edge.film.container.destination import check_output, check_place
from soundit_edge.film.scorer import ScoreOptions, make_score
from soundit_edge.film.scoring.sources import COMPOSE, MORPH, SOURCES, check_source
from soundit_edge.music.ensemble import AUTO, Ensemble
from soundit_edge.senses.registry import SenseSet
from soundit_edge.settings import Settings
from soundit_edge.text import did_you_mean, presentable


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
    with progress_bar() as progress:

        def stage(name: str, seconds: float | None) -> Callable[[float], None]:
            words = f"{name} {presentable(path.name)}" if name == "reading" else name
            bar = progress.add_task(words, total=seconds)
            return lambda done: progress.update(bar, completed=done)

        scored = make_score(path, out, options, chosen, stage, senses, tell=console.say)
    wall = time.monotonic() - began
    console.result(
        f"{presentable(out)}: {scored.seconds:.2f} s, {len(scored.scenes)} scenes, {scored.sound.loudness:.1f} LUFS, "
        f"{scored.sound.true_peak_db:.1f} dBTP; made in {wall:.1f} s"
    )


def _check(path: Path, out: Path, options: ScoreOptions) -> None:
    if options.source not in SOURCES:
        hint = did_you_mean(options.source, SOURCES)
        raise FilmError(f"--with takes one of {', '.join(SOURCES)}, not {options.source!r}{hint}")
    if options.track is not None and options.source != MORPH:
        raise FilmError(
            "--track names what --with morph bends to the film; with another source there is nothing to bend"
        )
    if options.palette is not None:
        if options.source != COMPOSE:
            raise FilmError(
                "--palette names who plays what --with compose writes; another source has players of its own"
            )
        if options.palette not in (AUTO, *Ensemble):
            hint = did_you_mean(options.palette, (AUTO, *Ensemble))
            raise FilmError(f"--palette takes {', '.join((AUTO, *Ensemble))}, not {options.palette!r}{hint}")
    check_source(options.source, options.track)
    check_output(out, path, options.track)
    for other, suffix in ((options.plot, ".png"), (options.report, ".json")):
        if other is None:
            continue
        if other.suffix.lower() != suffix:
            raise FilmError(f"{other}: this file's name has to end in {suffix}")
        check_place(other, path, options.track)
