"""The commands of `soundit learn`. No logic: options in, one call, its result out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from soundit_edge import console
from soundit_edge.emotion import Emotion
from soundit_edge.senses.own.labels import Kind

app = typer.Typer(
    help="Teach the device expressions and gestures of your own, from recordings of yours.",
    epilog="The page does the same with the camera, under Teach it. What is kept are numbers from which no picture can "
    "be made again.",
    rich_markup_mode=None,
    invoke_without_command=True,
)
_Takes = Annotated[
    Path,
    typer.Argument(
        metavar="FOLDER",
        help="A folder for each label, named as you call it, with one film of 2 to 10 seconds a take: "
        "FOLDER/wave/1.mp4, FOLDER/wave/2.mp4, FOLDER/clap/1.mp4 ...",
    ),
]
_Means = Annotated[
    list[str] | None,
    typer.Option(
        "--means",
        metavar="LABEL=EMOTION",
        help=f"What a label counts as in the mood: {', '.join(Emotion)}. A label that is named so needs none.",
    ),
]
_Name = Annotated[str, typer.Option("--name", help="What the set is called on the page.")]
_Try = Annotated[bool, typer.Option("--try", help="Say how well it would be told apart, and keep nothing.")]
_Json = Annotated[bool, typer.Option("--json", help="One JSON object.")]


@app.callback()
def _help_without_a_command(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        console.result(context.get_help())


@app.command()
def faces(
    folder: _Takes, means: _Means = None, name: _Name = "My expressions", only_try: _Try = False, as_json: _Json = False
) -> None:
    """Learn expressions of a face: a raised brow, a smirk, your way to be sad.

    Three to ten takes of each are good. Each is asked about by a head that never saw it, so the share that it names
    rightly is what to expect. Labels that cannot be told apart are refused, with the reason, and the exit code is 1.
    """
    _learn("expression", folder, means or [], name, only_try, as_json)


@app.command()
def gestures(
    folder: _Takes, means: _Means = None, name: _Name = "My gestures", only_try: _Try = False, as_json: _Json = False
) -> None:
    """Learn gestures of a body: a wave, a clap, arms in the air. Arms have to be in the picture.

    Three to ten takes of each are good. Each is asked about by a head that never saw it, so the share that it names
    rightly is what to expect. Labels that cannot be told apart are refused, with the reason, and the exit code is 1.
    """
    _learn("gesture", folder, means or [], name, only_try, as_json)


def _learn(kind: Kind, folder: Path, means: list[str], name: str, only_try: bool, as_json: bool) -> None:
    from soundit_edge.cli.learn.learn import learn_from

    if not learn_from(kind, folder, means, name=name, keep=not only_try, as_json=as_json):
        raise typer.Exit(1)
