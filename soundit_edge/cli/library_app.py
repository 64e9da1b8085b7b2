"""The commands of `soundit library`. No logic: options in, one call, its result out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from soundit_edge import console
from soundit_edge.tables.choices import POLICY_WORDS

app = typer.Typer(
    help="Your own music: scan it, list it, and pick what fits a mood.",
    rich_markup_mode=None,
    invoke_without_command=True,
)

imports = typer.Typer(
    help="Import what others said of songs, from a CSV file: listeners' ratings, mood words, valence and arousal.",
    epilog="The first row of a file names its columns. A file with a wrong row is not imported at all; a file that is "
    "imported twice counts once. See docs/library.md.",
    rich_markup_mode=None,
    invoke_without_command=True,
)
app.add_typer(imports, name="import")
_File = Annotated[Path, typer.Argument(metavar="FILE.csv", help="The file, in UTF-8 and with commas.")]


@app.callback()
@imports.callback()
def _help_without_a_command(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        console.result(context.get_help())


@app.command()
def add(
    places: Annotated[list[Path], typer.Argument(metavar="DIR...", help="Folders with music, or single files.")],
) -> None:
    """Scan your music: MP3, FLAC, OGG, OPUS, WAV, M4A, AAC and AIFF, in folders and all that is within.

    Finds beats, key, loudness and mood of each song; nothing in the files is changed. Run it again after you changed
    something: only new and changed files are looked at, and a scan that was stopped goes on. Links to folders are
    followed. Files that cannot be read, are silent or longer than 60 minutes are listed at the end and left out.
    """
    from soundit_edge.cli.library import add

    add(places)


@app.command(name="list")
def list_songs(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """List all songs, with their tempo, key, loudness, and mood as valence and arousal (-1 to 1).

    "from" says where the mood comes from: the sound alone, listeners' ratings, mood words, or figures you gave.
    """
    from soundit_edge.cli.library import list_songs

    list_songs(as_json)


@app.command()
def pick(
    mood: Annotated[str, typer.Option(metavar="NAME", help="The mood of the room, like happy or sad.")],
    genre: Annotated[
        str | None, typer.Option(metavar="NAME", help="Only songs of this genre, like rock; a song may have several.")
    ] = None,
    count: Annotated[int, typer.Option("-n", metavar="N", min=1, help="How many songs.")] = 5,
    policy: Annotated[
        str, typer.Option(metavar="|".join(POLICY_WORDS), help="Music like the mood, or music that leads away from it.")
    ] = "follow",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """Pick the songs that fit a mood best, the best first, each with the reasons.

    What was skipped, liked or let finish before counts, and what was played lately is held back.
    """
    from soundit_edge.cli.library import pick_songs

    pick_songs(mood, genre, count, policy, as_json)


@app.command()
def history(
    count: Annotated[int, typer.Option("-n", metavar="N", min=1, help="How many of the latest entries.")] = 50,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
    export: Annotated[Path | None, typer.Option(metavar="FILE.csv", help="Write all of it to a CSV file.")] = None,
    erase: Annotated[bool, typer.Option("--erase", help="Erase all of it, for good.")] = False,
) -> None:
    """Show what was played, skipped, liked or let finish, when, and in what mood.

    The choice of songs learns from it. It is kept on this device only. --export and --erase may go together.
    """
    from soundit_edge.cli.library import erase_history, export_history, show_history

    if export is not None:
        export_history(export)
    if erase:
        erase_history()
    if export is None and not erase:
        show_history(count, as_json)


@imports.command()
def ratings(path: _File) -> None:
    """Import listeners' ratings, as in the Emotify set; one row for each time that somebody listened to a track.

    Columns: track id, genre; amazement, solemnity, tenderness, nostalgia, calmness, power, joyful_activation, tension,
    sadness (0 or 1 each: what the listener felt); mood (1 to 5: the listener's, before); liked, disliked (0 or 1). All
    of them have to be there; others (age, gender, mother tongue) are not read.
    """
    from soundit_edge.cli.library import import_file

    import_file("ratings", path)


@imports.command()
def words(
    path: _File,
    most: Annotated[
        int | None,
        typer.Option(metavar="N", min=1, help="Of each emotion take every second song, and no more than N."),
    ] = None,
) -> None:
    """Import songs with mood words, like upbeat or grief.

    Columns: mood, and title (or link, id or path); artist, genre, link and id where there are any. What each word
    stands for is in the file mood_words.csv beside the library, which you may change.
    """
    from soundit_edge.cli.library import import_file

    import_file("words", path, most)


@imports.command()
def affect(path: _File) -> None:
    """Import valence and arousal of songs, -1 to 1 each.

    Columns: valence, arousal, and title (or link, id or path); artist, genre, link and id where there are any. They
    count more than ratings, words and what the sound tells.
    """
    from soundit_edge.cli.library import import_file

    import_file("affect", path)
