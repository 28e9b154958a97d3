"""What several commands share: their options, and how their errors are told."""

from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.errors import GuidebotError
from bot.settings import REPOSITORY

BAD_USAGE = 2
QUESTIONS = REPOSITORY / "tests" / "guides"

Questions = Annotated[
    Path, typer.Option("--questions", help="The folder of labelled questions.", show_default=False)
]
Guide = Annotated[str, typer.Option("--guide", help="Answer from this guide only.")]


class PartOption(StrEnum):
    """Which part of the labelled questions."""

    FIT = "fit"
    HELD = "held"
    ALL = "all"


def one_line_errors(command: Callable[..., None]) -> Callable[..., None]:
    """Turn our own errors into lines on stderr and exit status 2, never a traceback."""

    @wraps(command)
    def guarded(*args: Any, **options: Any) -> None:  # noqa: ANN401 - passes everything on
        try:
            command(*args, **options)
        except GuidebotError as error:
            typer.echo(str(error), err=True)
            raise typer.Exit(BAD_USAGE) from None

    return guarded
