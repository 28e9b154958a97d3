"""python -m bot.distillation: makes synthetic questions, trains, tunes and judges encoders."""

from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from random import Random
from typing import Annotated

import typer

from bot.distillation.budget import Minutes, Steps
from bot.distillation.corpus import distinct, read_texts
from bot.distillation.job import Job
from bot.distillation.lexicon import LIFTING, read_lexicon
from bot.distillation.questions import questions as questions_of
from bot.distillation.recipe import RECIPES, TUNING, Contrast, RecipeName
from bot.distillation.teacher import make_teacher
from bot.errors import GuidebotError, TrainingError
from bot.knowledge.loader import load
from bot.matching.encoder import DATA as SHIPPED
from bot.matching.encoder import CharEncoder
from bot.settings import REPOSITORY

BAD_USAGE = 2

commands = typer.Typer(add_completion=False, pretty_exceptions_enable=False)

Texts = Annotated[list[Path], typer.Option("--texts", help="Text files, one text a line.")]
More = Annotated[list[Path] | None, typer.Argument(hidden=True)]
"""What follows the first file after --texts: a shell writes out *.txt so."""

Without = Annotated[
    list[Path] | None, typer.Option("--without", help="Files of texts not to learn from.")
]
Out = Annotated[Path, typer.Option("--out", help="Where to write the result.")]
Seed = Annotated[int, typer.Option("--seed", help="Other seed, other chance.")]
TeacherName = Annotated[
    str,
    typer.Option("--teacher", help="A model of sentence-transformers (name or folder), or .npz."),
]
Cache = Annotated[Path, typer.Option("--cache", help="Where the teacher's vectors are kept.")]
_MOST_JUDGED = 4096
_CACHE = REPOSITORY / ".cache" / "teacher"


@commands.command()
def questions(
    lexicon: Annotated[
        Path, typer.Argument(help="Frames and words; default: on lifting.")
    ] = LIFTING,
    out: Out = Path("questions.txt"),
    count: Annotated[int, typer.Option("--count", help="At most so many.")] = 450_000,
    seed: Seed = 0,
) -> None:
    """Write synthetic questions, one a line: frames filled with the words of a lexicon."""
    made = questions_of(read_lexicon(lexicon), count, Random(seed))
    try:
        out.write_text("".join(f"{text}\n" for text in made), "utf-8")
    except OSError as error:
        message = f"{out} can't be written: {error.strerror or type(error).__name__}"
        raise TrainingError(message) from None
    typer.echo(f"{len(made)} questions in {out}")


@commands.command()
def train(  # noqa: PLR0913 - an option each
    teacher: TeacherName,
    texts: Texts,
    out: Out,
    more: More = None,
    *,
    minutes: Annotated[float, typer.Option("--minutes", min=0.01, help="Training time.")] = 10,
    steps: Annotated[int, typer.Option("--steps", min=0, help="Steps instead of minutes.")] = 0,
    recipe: Annotated[RecipeName, typer.Option("--recipe")] = RecipeName.SCRATCH,
    start: Annotated[Path | None, typer.Option("--from", help="Encoder to begin with.")] = None,
    without: Without = None,
    cache: Cache = _CACHE,
    seed: Seed = 0,
) -> None:
    """Train an encoder that gives a teacher's vectors, and say how near it came."""
    _need_torch()
    from bot.distillation.training import train as train_encoder  # noqa: PLC0415 - needs torch

    job = Job(
        texts=(*texts, *(more or ())),
        out=out,
        recipe=RECIPES[recipe],
        budget=Steps(steps) if steps else Minutes(minutes),
        seed=seed,
        without=tuple(without or ()),
        start=start,
        cache=cache,
    )
    result = train_encoder(job, make_teacher(teacher), typer.echo)
    typer.echo(f"clean: {result.clean}\nnoisy: {result.noisy}")


@commands.command()
def tune(  # noqa: PLR0913 - an option each
    texts: Texts,
    out: Out,
    more: More = None,
    *,
    knowledge: Annotated[Path, typer.Option("--knowledge", help="Folder of guides.")] = REPOSITORY
    / "knowledge",
    start: Annotated[Path | None, typer.Option("--from", help="Default: the shipped one.")] = None,
    steps: Annotated[int, typer.Option("--steps", min=1)] = 1000,
    anchor: Annotated[
        float, typer.Option("--anchor", min=0, help="Weight of the anchor.")
    ] = Contrast().anchor,
    hold_out: Annotated[str, typer.Option("--hold-out", help="A voice, or none.")] = "",
    without: Without = None,
    seed: Seed = 0,
) -> None:
    """Train an encoder on a knowledge folder's phrasings, held in place on other texts."""
    _need_torch()
    from bot.distillation.tuning import tune as tune_encoder  # noqa: PLC0415 - needs torch

    job = Job(
        texts=(*texts, *(more or ())),
        out=out,
        recipe=TUNING,
        budget=Steps(steps),
        seed=seed,
        without=tuple(without or ()),
        start=start,
    )
    known = load(knowledge, datetime.now(UTC).date())
    contrast = Contrast(anchor=anchor, hold_out=hold_out)
    result = tune_encoder(job, known, contrast, typer.echo)
    if result.before and result.after:
        typer.echo(f"held-out voice, before:     {result.before}")
        typer.echo(f"held-out voice, after:      {result.after}")
    typer.echo(f"other texts:                {result.kept.clean}")
    typer.echo(f"other texts, noisy, before: {result.steady}")
    typer.echo(f"other texts, noisy, after:  {result.kept.noisy}")


@commands.command()
def judge(
    teacher: TeacherName,
    texts: Texts,
    more: More = None,
    *,
    encoder: Annotated[Path, typer.Option("--encoder", help="Default: the shipped one.")] = SHIPPED,
    seed: Seed = 0,
) -> None:
    """Say how near an encoder is to a teacher on texts that it did not learn from."""
    _need_torch()
    from bot.distillation.evaluation import judgement  # noqa: PLC0415 - needs torch

    found = distinct(read_texts([*texts, *(more or ())]))
    result = judgement(CharEncoder(encoder), make_teacher(teacher), found[:_MOST_JUDGED], seed)
    typer.echo(f"clean: {result.clean}\nnoisy: {result.noisy}")


def _need_torch() -> None:
    """Raise TrainingError if the extra isn't installed."""
    if find_spec("torch") is None:
        message = "this needs the extra: pip install '.[train]'"
        raise TrainingError(message)


def main() -> None:
    """Run the command; our own errors are one line and exit status 2."""
    try:
        commands()
    except GuidebotError as error:
        typer.echo(str(error), err=True)
        raise SystemExit(BAD_USAGE) from None


if __name__ == "__main__":
    main()
