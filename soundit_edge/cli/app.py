"""The commands. No logic: options in, one call, its result out."""

from __future__ import annotations

import logging
import sys
from pathlib import Path
from typing import Annotated

import typer

from soundit_edge import __version__, console, paths, signals
from soundit_edge.cli import library_app, models_app
from soundit_edge.cli.learn import app as learn_app
from soundit_edge.errors import SounditError
from soundit_edge.tables.choices import SOURCE_WORDS
from soundit_edge.text import reason, refusal

log = logging.getLogger(__name__)

USAGE_ERROR = 2

app = typer.Typer(
    name="soundit",
    help="The plug-in ambient mood speaker: reads a room's mood on this device and morphs music to it.",
    epilog="Pictures and voices are read in memory and never leave this device.",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.add_typer(library_app.app, name="library")
app.add_typer(models_app.app, name="models")
app.add_typer(learn_app.app, name="learn")


def run_command_line() -> int:
    """Parse `sys.argv` and run the command; returns the exit code. Every expected failure is one line on stderr."""
    signals.raise_when_asked_to_end()
    try:
        console.take_over()
        return app(sys.argv[1:] or ["--help"], standalone_mode=False) or 0
    except console.ReaderGone:
        return 0
    except SounditError as error:
        console.say(str(error), logging.ERROR)
        return USAGE_ERROR
    except typer.TyperException as error:
        console.say(f"{error.format_message().rstrip('.')} (see soundit --help)")
        return USAGE_ERROR
    except (KeyboardInterrupt, typer.Abort):
        return 130
    except signals.Ended as end:
        return end.exit_code
    except OSError as error:
        # The system refused something that no part below has words of its own for: still no defect.
        log.exception("refused by the system")
        console.say(_explain(error))
        return USAGE_ERROR
    except (Exception, SystemExit):  # the latter: what Typer makes of a broken pipe
        log.exception("unexpected failure")
        console.say(f"unexpected failure, a defect of ours; {_where_details_are()}", logging.ERROR)
        return 1


def _where_details_are() -> str:
    if paths.journal_socket() is not None:
        return "the journal has the details"
    place = paths.if_any(paths.log_file)
    return f"the details are in {place}" if place else "name a file in SOUNDIT_LOG to get the details"


def _explain(error: OSError) -> str:
    try:
        paths.check_working_folder()
    except SounditError as folder:
        return str(folder)
    return refusal(error) if error.filename else f"the system refused something: {reason(error)}"


def _print_version(wanted: bool) -> None:
    if wanted:
        console.result(f"soundit {__version__}")
        raise typer.Exit


@app.callback()
def common(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and leave.")
    ] = False,
) -> None:
    """Take the options of all commands."""


@app.command()
def run(
    clip: Annotated[Path | None, typer.Option(metavar="FILE", help="Watch and hear a file, over and over.")] = None,
    camera: Annotated[
        str | None,
        typer.Option(
            metavar="N|csi:N|ADDRESS|off",
            help="Number of the camera, as in /dev/video0; csi:0 on a Raspberry Pi's own port; or the address of one "
            "in the network, as in rtsp://HOST/PATH or http://HOST/PATH.",
        ),
    ] = None,
    microphone: Annotated[
        str | None, typer.Option(metavar="NAME|off", help="Microphone, by its name or a part of it.")
    ] = None,
    speaker: Annotated[
        str | None,
        typer.Option(
            metavar="NAME|snapcast:HOST|file:OUT.wav|off",
            help="Speaker by name; a Snapcast server's TCP source as HOST or HOST:PORT, or its pipe as /PATH, with "
            "?buffer=MS behind it where its buffer is not 1000 ms (see docs/rooms.md); or a WAV file to write.",
        ),
    ] = None,
    play: Annotated[
        str | None,
        typer.Option(
            metavar=f"{'|'.join(SOURCE_WORDS)}|FILE",
            help="Where the music comes from: the theme, composed for the room, chosen from your library (see soundit "
            "library), or one sound file of 60 minutes at most.",
        ),
    ] = None,
    track: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FILE",
            help="Play this sound file, of 60 minutes at most, over and over, instead of the theme; several of "
            "them one after the other.",
        ),
    ] = None,
    seconds: Annotated[
        float | None, typer.Option("--for", metavar="SECONDS", min=0.1, help="Stop after so long.")
    ] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="Of the page; 0 takes any free one.")] = None,
    network: Annotated[
        bool | None,
        typer.Option("--network/--local", help="Who can open the page: others, too, or this computer only."),
    ] = None,
    settings: Annotated[Path | None, typer.Option(metavar="FILE", help="Another settings.toml.")] = None,
) -> None:
    """Start the device: watch, listen, and play the room's mood until Ctrl-C.

    What is not given comes from the settings. Where no camera is found the drawn demo is shown instead, where no
    speaker is found the music goes to soundit.wav.
    """
    from soundit_edge.daemon.health.starts import counted_start
    from soundit_edge.daemon.launch import Options, prepare
    from soundit_edge.daemon.systemd import ServiceManager

    options = Options(clip, camera, microphone, speaker, tuple(track or ()), seconds, port, settings, play, network)
    with counted_start(paths.if_any(paths.state_folder) if ServiceManager().present else None) as start:
        launch = prepare(options, safe=bool(start.safe_why))
        console.say("starting... (Ctrl-C stops)")
        # Imported here: it takes seconds on a small computer.
        from soundit_edge.daemon.daemon import run_device
        from soundit_edge.support.report import report_of

        run_device(launch, start, report_of)


@app.command()
def read(
    clip: Annotated[Path, typer.Argument(metavar="CLIP", help="A film, a sound file or a picture.")],
    as_json: Annotated[
        bool, typer.Option("--json", help="Print JSON lines on a terminal too (they are what a pipe gets).")
    ] = False,
    settings: Annotated[Path | None, typer.Option(metavar="FILE", help="Another settings.toml.")] = None,
) -> None:
    """Read the mood of a clip, second by second, as fast as it goes.

    Prints one line for each second and a summary; to a pipe or with --json as JSON objects.
    """
    from soundit_edge.cli.read import read_clip

    read_clip(clip, as_json=as_json or not sys.stdout.isatty(), settings_path=settings)


@app.command()
def morph(
    source: Annotated[
        Path, typer.Argument(metavar="IN", help="A sound file of any common kind, of 60 minutes at most.")
    ],
    out: Annotated[Path, typer.Option("--output", "-o", metavar="OUT.wav", help="The 24-bit WAV file to write.")],
    tempo: Annotated[
        float | None, typer.Option(metavar="RATIO", help="2 is twice as fast, 0.5 half as fast; the pitch stays.")
    ] = None,
    semitones: Annotated[
        float | None, typer.Option(metavar="N", help="Transpose by so many, -12 to 12; the tempo stays.")
    ] = None,
    mood: Annotated[
        str | None, typer.Option(metavar="NAME", help="Play as for a room in this mood, such as happy or sad.")
    ] = None,
    journey: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE.csv",
            help="Changes over time: a column t (seconds of the output) and any of mood, valence and arousal, tempo, "
            "semitones.",
        ),
    ] = None,
) -> None:
    """Morph a sound file: another tempo, another key, another mood.

    With --tempo and --semitones, or a journey of only these, nothing else is done to the sound.
    """
    from soundit_edge.cli.morph import morph_file

    morph_file(source, out, tempo, semitones, mood, journey)


@app.command()
def compose(
    out: Annotated[
        Path, typer.Option("--output", "-o", metavar="OUT.wav|OUT.mid", help="A 24-bit WAV file, or the notes as MIDI.")
    ],
    mood: Annotated[
        str | None, typer.Option(metavar="NAME", help="For a room in this mood, such as happy or sad.")
    ] = None,
    journey: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE.csv", help="Moods over time: a column t (seconds), and mood, or valence and arousal."
        ),
    ] = None,
    minutes: Annotated[float, typer.Option(metavar="M", min=0.05, max=240, help="How long.")] = 2.0,
    seed: Annotated[int, typer.Option(metavar="N", min=0, help="Another number is another piece.")] = 1,
    palette: Annotated[
        str, typer.Option(metavar="NAME", help="Who plays: chamber, electronic, band, or auto.")
    ] = "auto",
) -> None:
    """Compose music for a mood, or for a journey through moods.

    The same mood, minutes, seed and palette give the same music. FluidSynth plays it where it and a SoundFont are
    installed, our own small synthesiser where not.
    """
    from soundit_edge.cli.compose import compose_file

    compose_file(out, mood, journey, minutes, seed, palette)


@app.command()
def score(
    film: Annotated[Path, typer.Argument(metavar="FILM", help="The film; it is never changed.")],
    out: Annotated[Path, typer.Option("--output", "-o", metavar="OUT.mp4", help="The film to write.")],
    seed: Annotated[int, typer.Option(metavar="N", min=0, help="Another number is other music.")] = 1,
    source: Annotated[
        str, typer.Option("--with", metavar="compose|library|morph", help="Where the music comes from.")
    ] = "compose",
    track: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="The sound file, of 60 minutes at most, that --with morph bends to the film."
        ),
    ] = None,
    palette: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="Who plays what --with compose writes: chamber, electronic, band, or auto. Left out: the setting "
            "music.palette.",
        ),
    ] = None,
    keep_dialogue: Annotated[
        bool,
        typer.Option(
            "--keep-dialogue/--replace", help="Lay the music under the film's own sound, or put it in its place."
        ),
    ] = True,
    plot: Annotated[Path | None, typer.Option(metavar="FILE.png", help="Draw what was read and played.")] = None,
    report: Annotated[Path | None, typer.Option(metavar="FILE.json", help="The same as JSON.")] = None,
    settings: Annotated[Path | None, typer.Option(metavar="FILE", help="Another settings.toml.")] = None,
) -> None:
    """Score a film: read its mood, and give it back with music that fits.

    The music begins with restraint, turns where the mood does, and makes way for speech. The picture is copied as it
    is. A run that was stopped goes on from what it had read.
    """
    from soundit_edge.film.score import score_film
    from soundit_edge.film.scorer import ScoreOptions
    from soundit_edge.update.sets.active import active_set

    options = ScoreOptions(seed, source, track, palette, keep_dialogue, plot, report, models=active_set().folder)
    score_film(film, out, options, settings)


@app.command()
def bench(
    quick: Annotated[bool, typer.Option("--quick", help="Within a minute, and less exact.")] = False,
    with_json: Annotated[bool, typer.Option("--json", help="Print the figures as one line of JSON, too.")] = False,
) -> None:
    """Measure how fast this computer is: models, all senses together, and the way from a face to the music.

    Other computers' figures stand beside its own. Whatever else runs meanwhile makes it look slower.
    """
    from soundit_edge.cli.bench import run_bench

    run_bench(quick=quick, with_json=with_json)


@app.command()
def settings(
    path: Annotated[bool, typer.Option("--path", help="Print where the file lies, and nothing else.")] = False,
    show: Annotated[bool, typer.Option("--show", help="Print the settings in force as TOML (the default).")] = False,
    write: Annotated[
        bool, typer.Option("--write", help="Write the file with every setting commented out, where there is none.")
    ] = False,
    chosen: Annotated[Path | None, typer.Option("--settings", metavar="FILE", help="Another settings.toml.")] = None,
) -> None:
    """Show the settings, say where they lie, or write a commented file to edit."""
    from soundit_edge.cli.settings import print_path, show_settings, write_file

    if sum((path, show, write)) > 1:
        raise typer.BadParameter("choose one of --path, --show and --write")
    act = print_path if path else write_file if write else show_settings
    act(chosen)


@app.command()
def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print one line of JSON (see docs/doctor.md).")] = False,
    settings: Annotated[Path | None, typer.Option(metavar="FILE", help="Another settings.toml.")] = None,
) -> None:
    """Look what this computer has and what is missing, from the camera to the power supply, and how to mend it.

    Ends with 0 where all is well, with 1 where something has to be mended, with 2 where it was called wrongly.
    """
    from soundit_edge.cli.doctor import print_findings

    if not print_findings(settings, as_json=as_json):
        raise typer.Exit(1)


@app.command()
def report(
    out: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Where to save it; a file is replaced.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Save it without asking.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON in place of text.")] = False,
    settings: Annotated[Path | None, typer.Option(metavar="FILE", help="Another settings.toml.")] = None,
) -> None:
    """Show what a bug report needs, and save it if you like: versions, what the doctor finds, figures, end of the log.

    Names of people, files, networks and computers, addresses and secrets are taken out. It is sent nowhere.
    """
    from soundit_edge.cli.report import show_report

    show_report(out=out, yes=yes, as_json=as_json, settings_path=settings)


@app.command()
def claim(
    reset: Annotated[
        bool, typer.Option("--reset", help="Remove all users, sessions and tokens, for a forgotten password.")
    ] = False,
    settings: Annotated[Path | None, typer.Option(metavar="FILE", help="Another settings.toml.")] = None,
) -> None:
    """Say whether this device is claimed, and by whom; or the code to claim it with.

    It may run or not. After a reset it can be claimed again, and its settings and its library are as they were.
    """
    from soundit_edge.cli.claim import show_claim

    show_claim(reset=reset, settings_path=settings)
