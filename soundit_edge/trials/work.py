"""The work of a trial: reads the file with the chosen senses, scores a film, and chooses songs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from soundit_edge.capture.clip import Clip
from soundit_edge.emotion import Emotion
from soundit_edge.errors import SounditError
from soundit_edge.film import FilmError
from soundit_edge.film.container.carried import carried
from soundit_edge.film.container.probe import examine
from soundit_edge.film.scorer import Scored, ScoreOptions, all_senses, make_score
from soundit_edge.film.scoring.sources import LIBRARY
from soundit_edge.modalities import MODALITIES
from soundit_edge.perception.offline import OfflinePerception
from soundit_edge.senses.registry import SenseSet
from soundit_edge.settings import InferenceSettings, MusicSettings, SensesSettings, Settings
from soundit_edge.text import presentable
from soundit_edge.trials.job import PLOT, MediaKind, TrialJob
from soundit_edge.trials.messages import Failed, Found, Message, Progress, Result, ScoredMusic, ScoredScene
from soundit_edge.trials.probe import Unreadable, probe
from soundit_edge.trials.songs import objection as no_songs
from soundit_edge.trials.songs import suggestions_for
from soundit_edge.trials.watch import Watch

FPS: Final = 25.0
"""Frames a second that are shown to the senses: as often as the lips, the quickest of them, want one."""
STAGES: Final = {"reading": (0.0, 0.7), "scoring": (0.7, 0.86), "mixing": (0.86, 0.98), "writing": (0.98, 1.0)}
"""Which share of the whole each stage of scoring is."""
_STEP: Final = 0.01  # of the whole, from one report to the next

Tell = Callable[[Message], None]


def work(job: TrialJob, tell: Tell, senses: Callable[[Settings], SenseSet] | None = None) -> None:
    """Do all the work of a trial. What can be wrong with a file is told, and nothing is raised for it.

    Args:
        job: what is to be done.
        tell: takes everything that is found, as it is found.
        senses: builds the senses; None: those of the model set in use.
    """
    try:
        probed = probe(job.upload, job.limits)
        tell(Found(kind=probed.kind, seconds=probed.seconds))
        watch = Watch(tell)
        chosen = _settings(job)

        def watched(settings: Settings) -> SenseSet:
            return watch.over(senses(settings) if senses is not None else all_senses(settings, job.models))

        scored, note = None, ""
        if probed.kind is MediaKind.FILM:
            suffix, note = _suffix_for(job)
            if suffix:
                scored = _score(job, suffix, chosen, probed.seconds, watched, tell)
        if scored is None:
            _read(job, probed.seconds, watched(chosen), tell)
        tell(_result(job, watch, scored, note))
    except SounditError as error:
        tell(Failed(why=_in_words(error, job)))


def _settings(job: TrialJob) -> Settings:
    switches = {name: name in job.options.senses for name in MODALITIES}
    return Settings(
        senses=SensesSettings(**switches),
        music=MusicSettings(preset=job.options.preset, seed=job.options.seed),
        inference=InferenceSettings(threads=job.threads),
    )


def _suffix_for(job: TrialJob) -> tuple[str, str]:
    """Return the suffix of a file that can hold the film, the one that more players play first; else why there is
    none."""
    why = no_songs() if job.options.music == LIBRARY else ""
    if why:
        return "", why
    for suffix in (".mp4", ".mkv", ".mov"):
        try:
            carried(job.upload, suffix)
        except FilmError as error:
            why = _in_words(error, job)
        else:
            return suffix, ""
    return "", why


def _score(
    job: TrialJob, suffix: str, chosen: Settings, seconds: float, senses: Callable[[Settings], SenseSet], tell: Tell
) -> Scored:
    said = 0.0

    def stage(name: str, of_s: float | None) -> Callable[[float], None]:
        begin, end = STAGES[name]
        length_s = of_s or seconds

        def report(done_s: float) -> None:
            nonlocal said
            share = begin + (end - begin) * min(1.0, done_s / length_s if length_s > 0 else 1.0)
            if share >= said + _STEP:  # what is coded a second time does not go back
                said = share
                tell(Progress.model_validate({"stage": name, "share": share}))

        return report

    options = ScoreOptions(
        seed=job.options.seed,
        source=job.options.music,
        keep_dialogue=examine(job.upload).undecodable_sound is None,
        plot=job.folder / PLOT,
        title=job.name,
        models=job.models,
    )
    out = job.folder / f"film{suffix}"
    return make_score(job.upload, out, options, chosen, stage, senses, readings_folder=job.folder / "readings")


def _read(job: TrialJob, seconds: float, senses: SenseSet, tell: Tell) -> None:
    with Clip(job.upload, max_fps=FPS) as clip:
        for mood in OfflinePerception(senses).moods(clip):
            if seconds > 0:
                tell(Progress(stage="reading", share=min(1.0, mood.t / seconds)))


def _result(job: TrialJob, watch: Watch, scored: Scored | None, note: str) -> Result:
    if not watch.held:
        watch.take_mood(0.0)  # no sense read anything: that is the mood, too
    total = watch.held.total()
    shares = {Emotion(name): count / total for name, count in watch.held.most_common()}
    suggestions = suggestions_for(watch, job.options.senses)
    if scored is None:
        return Result(emotion=next(iter(shares)), shares=shares, suggestions=suggestions, film_note=note)
    return Result.model_validate(
        {
            "emotion": next(iter(shares)),
            "shares": shares,
            "suggestions": suggestions,
            "film": scored.out.name,
            "film_note": f"Left out: {'; '.join(scored.lost)}." if scored.lost else "",
            "plotted": True,
            "scenes": [ScoredScene(start=one.start, end=one.end, emotion=one.emotion) for one in scored.scenes],
            "music": [
                ScoredMusic(
                    start=one.start,
                    end=one.end,
                    source=presentable(one.source),
                    tempo_bpm=one.tempo_bpm,
                    key=one.key,
                    mode=one.mode,
                )
                for one in scored.played
            ],
        }
    )


def _in_words(error: SounditError, job: TrialJob) -> str:
    """Return why something failed, in a sentence, without where the file lies on this device."""
    text = str(error)
    for path in (job.upload, job.folder):
        text = text.replace(f"{path}: ", "").replace(str(path), job.name)
    return text if isinstance(error, Unreadable) else f"{text[:1].upper()}{text[1:]}."
