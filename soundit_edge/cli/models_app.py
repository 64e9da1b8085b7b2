"""The commands of `soundit models`. No logic: options in, one call, its result out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from soundit_edge import console

app = typer.Typer(
    help="Model sets: see which one is in use, look for a better one, take it, go back.",
    epilog="They work with and without a running device, which follows within seconds. See docs/updates.md.",
    rich_markup_mode=None,
    invoke_without_command=True,
)
_Json = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]
_Settings = Annotated[Path | None, typer.Option("--settings", metavar="FILE", help="Another settings.toml.")]


@app.callback()
def _help_without_a_command(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        console.result(context.get_help())


@app.command(name="list")
def list_sets(as_json: _Json = False) -> None:
    """List the sets on this device: the one in use, the one before, the one that is tried, and the shipped one.

    Sets that are not taken again stand below them, each with the reason.
    """
    from soundit_edge.cli.models.show import list_sets

    list_sets(as_json)


@app.command()
def check(as_json: _Json = False, settings: _Settings = None) -> None:
    """Ask the mirrors whether there is a better set; nothing is fetched.

    For scripts: the exit code is 100 where one is ready, 0 where there is none, 2 where nobody could be asked.
    """
    from soundit_edge.cli.models.fetch import check

    raise typer.Exit(check(as_json, settings))


@app.command()
def update(
    unattended: Annotated[
        bool,
        typer.Option(
            "--unattended",
            help="For a timer: only where the settings say automatic, and within their hours; says why it did nothing, "
            "and ends with 0.",
        ),
    ] = False,
    again: Annotated[
        bool, typer.Option("--again", help="Take also a set that was given up on this device before.")
    ] = False,
    as_json: _Json = False,
    settings: _Settings = None,
) -> None:
    """Fetch the set that the mirrors offer, and have it tried.

    What is in use stays until the new set has passed: a running device checks it and listens to it beside the present
    one, and keeps it or drops it; one that does not run does so at its next start. A fetch that was broken off goes on.
    """
    from soundit_edge.cli.models.fetch import update

    update(unattended=unattended, again=again, as_json=as_json, settings_path=settings)


@app.command()
def rollback(as_json: _Json = False) -> None:
    """Go back to the set before, or to the shipped one. The one that is left is not taken again by itself.

    "soundit models update --again" takes it all the same.
    """
    from soundit_edge.cli.models.change import roll_back

    roll_back(as_json)


@app.command()
def pin(as_json: _Json = False) -> None:
    """Keep the set in use, whatever the mirrors offer."""
    from soundit_edge.cli.models.change import pin

    pin(pinned=True, as_json=as_json)


@app.command()
def unpin(as_json: _Json = False) -> None:
    """Take better sets again."""
    from soundit_edge.cli.models.change import pin

    pin(pinned=False, as_json=as_json)


@app.command()
def verify(
    wanted: Annotated[
        str | None, typer.Argument(metavar="[SET]", help="A set of the list, or shipped; else the ones in use.")
    ] = None,
    as_json: _Json = False,
) -> None:
    """Check every file of the set in use and of the shipped one, and compare each model with its golden answer.

    Where something is wrong it says what to do, and the exit code is 1.
    """
    from soundit_edge.cli.models.verify import verify

    if not verify(wanted, as_json):
        raise typer.Exit(1)
