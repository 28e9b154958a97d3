"""The commands. What only one of them needs is imported there: the others start without it."""

import asyncio
import gc
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.app.composition import forgetful_keeper, load_all, make_dialogue, read_knowledge
from bot.app.page import Web, run_web
from bot.app.telegram import remove_webhook, run_telegram, run_webhook
from bot.channels.console import chat as console_chat
from bot.conversation.model import Question
from bot.errors import GuidebotError, KnowledgeError
from bot.logs import set_up_logging
from bot.options import BAD_USAGE, QUESTIONS, Guide, PartOption, Questions, one_line_errors
from bot.settings import Settings

HOST, PORT = "127.0.0.1", 8080
NEXT = "`run_bot.py check` tells what each draft still lacks; it is live once its todo is gone."
ON_A_PAGE = "No TELEGRAM_BOT_TOKEN is set, so this is the local page."

main = typer.Typer(add_completion=False, pretty_exceptions_enable=False, no_args_is_help=False)


@main.callback(invoke_without_command=True)
@one_line_errors
def run(context: typer.Context) -> None:
    """Answer questions about a guide: on Telegram with a token, else on a local page."""
    gc.set_threshold(50_000)  # new objects before a look for garbage: at the start, none is
    if context.invoked_subcommand is not None:
        return
    settings = Settings.read()
    set_up_logging(settings)
    if not settings.bot_token:
        typer.echo(ON_A_PAGE)
        asyncio.run(run_web(settings, Web(HOST, PORT, QUESTIONS), typer.echo))
        return
    asyncio.run(run_telegram(settings))


@main.command()
@one_line_errors
def web(
    *,
    host: Annotated[str, typer.Option("--host", help="The address to listen on.")] = HOST,
    port: Annotated[
        int,
        typer.Option("--port", min=0, max=65535, help="The next free one if taken; 0: any."),
    ] = PORT,
    questions: Questions = QUESTIONS,
) -> None:
    """Answer on a page in the browser, on this machine only unless --host says otherwise."""
    settings = Settings.read()
    set_up_logging(settings)
    asyncio.run(run_web(settings, Web(host, port, questions), typer.echo))


@main.command()
@one_line_errors
def review(
    *,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print all that the desk has as one JSON object.")
    ] = False,
    days: Annotated[int, typer.Option("--days", min=1, max=3650, help="How far back.")] = 30,
    questions: Questions = QUESTIONS,
) -> None:
    """Go through what readers asked in vain: add it to the guide, or put it aside."""
    from bot.commands.review import print_review, review_questions

    settings = Settings.read()
    if as_json:
        asyncio.run(print_review(settings, questions, days))
    else:
        asyncio.run(review_questions(settings, questions, days, input))


@main.command()
@one_line_errors
def webhook(
    *,
    host: Annotated[str, typer.Option("--host", help="The address to listen on.")] = HOST,
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="The port.")] = PORT,
    remove: Annotated[
        bool, typer.Option("--remove", help="Only have Telegram send no more updates.")
    ] = False,
) -> None:
    """Answer what Telegram sends to WEBHOOK_URL, which leads to this port."""
    settings = Settings.read()
    set_up_logging(settings)
    asyncio.run(remove_webhook(settings) if remove else run_webhook(settings, host, port))


@main.command()
@one_line_errors
def chat() -> None:
    """Talk to the bot in the terminal; buttons are numbers."""
    console_chat(make_dialogue(Settings.read()), input, typer.echo, forgetful_keeper())


@main.command()
@one_line_errors
def ask(
    question: Annotated[str, typer.Argument(help="The question; leave out with --stdin.")] = "",
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, an object a line.")] = False,
    stdin: Annotated[bool, typer.Option("--stdin", help="Read a question a line.")] = False,
    session: Annotated[
        bool, typer.Option("--session", help="The lines are one conversation; --- begins another.")
    ] = False,
    guide: Guide = "",
) -> None:
    """Print the reply to one question, or to each line of standard input."""
    from bot.commands.asking import Asked, print_replies

    text = None if stdin else question
    print_replies(Settings.read(), Asked(text, guide, as_json, session))


@main.command()
@one_line_errors
def export(
    *,
    as_json: Annotated[bool, typer.Option("--json", help="As one JSON object.")] = False,
    guide: Guide = "",
) -> None:
    """Print everything that the matcher learns from."""
    from bot.commands.asking import print_export

    print_export(Settings.read(), guide, as_json=as_json)


@main.command()
@one_line_errors
def explain(
    question: Annotated[str, typer.Argument(help="The question.")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="As one JSON object.")] = False,
    guide: Guide = "",
) -> None:
    """Print the way of one question: how it is read, what it is like, what decides."""
    from bot.commands.explanation import print_explanation

    print_explanation(Settings.read(), Question(question, guide), as_json=as_json)


@main.command()
@one_line_errors
def evaluate(  # noqa: PLR0913 - one a choice
    *,
    guide: Annotated[str, typer.Option("--guide", help="Judge this guide only.")] = "",
    part: Annotated[PartOption, typer.Option("--part", help="Which questions.")] = PartOption.ALL,
    tag: Annotated[str, typer.Option("--tag", help="Only questions with this tag.")] = "",
    html: Annotated[
        Path | None, typer.Option("--html", help="Write a page with pictures here.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="As one JSON object.")] = False,
    failures: Annotated[bool, typer.Option("--failures", help="List what failed.")] = False,
    questions: Questions = QUESTIONS,
) -> None:
    """Ask the labelled questions and print how good the answers are; exit 1 below the floors."""
    from bot.commands.evaluation import Wanted
    from bot.commands.evaluation import evaluate as evaluate_guides
    from bot.evaluation.choice import Choice

    choice = Choice("" if part is PartOption.ALL else part.value, tag)
    wanted = Wanted(questions, guide, choice, html, as_json, failures)
    if not evaluate_guides(Settings.read(), wanted):
        raise typer.Exit(1)


@main.command()
@one_line_errors
def calibrate(*, questions: Questions = QUESTIONS) -> None:
    """Fit the thresholds to the labelled questions of the part fit; writes calibration.yaml."""
    from bot.commands.calibration import calibrate_guides

    typer.echo(f"{calibrate_guides(Settings.read(), questions)} is written")


@main.command()
@one_line_errors
def fit() -> None:
    """Fit the matcher to the knowledge and keep it in CACHE_DIR, so that the bot starts at once."""
    typer.echo(f"the matcher is fitted to knowledge {load_all(Settings.read()).version}")


@main.command()
def check(
    *,
    against: Annotated[
        str, typer.Option("--against", help="Compare the answers with this git revision's.")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="With --against: as JSON.")] = False,
    questions: Questions = QUESTIONS,
) -> None:
    """Print every problem of the knowledge folder as path:line: message; exit 1 if there is any.

    Warnings on the prose, and what drafts still lack, go to stderr.
    """
    try:
        if against or as_json:
            from bot.commands.comparison import compare

            compare(Settings.read(), against, questions, as_json=as_json)
            return
        from bot.commands.checking import check_guides

        if not check_guides(Settings.read()):
            raise typer.Exit(1)
    except GuidebotError as error:
        broken = isinstance(error, KnowledgeError)
        typer.echo(str(error), err=not broken)
        raise typer.Exit(1 if broken else BAD_USAGE) from None


@main.command()
@one_line_errors
def figures(
    *,
    everything: Annotated[
        bool, typer.Option("--all", help="Those that are up to date too.")
    ] = False,
) -> None:
    """Draw the pictures that are missing or older than their data (needs the extra [figures])."""
    from bot.figures.gallery import draw_figures

    drawn = draw_figures(read_knowledge(Settings.read()), everything=everything)
    for path in drawn:
        typer.echo(f"{path}: {path.stat().st_size} bytes")
    if not drawn:
        typer.echo("every picture is up to date")


@main.command()
@one_line_errors
def new(
    guide: Annotated[str, typer.Argument(help="The guide's name: small letters and hyphens.")],
    *,
    title: Annotated[str, typer.Option("--title", help="Its title.")] = "",
    questions: Questions = QUESTIONS,
) -> None:
    """Write the files of a new guide, with commented examples and its labelled questions."""
    from bot.commands.drafting import new_guide

    _told(new_guide(Settings.read(), guide, title, questions, datetime.now(UTC).date()))


@main.command("import")
@one_line_errors
def import_(
    page: Annotated[Path, typer.Argument(help="A page: text, Markdown or HTML.")],
    *,
    guide: Annotated[str, typer.Option("--guide", help="The new guide's name.")] = "",
    questions: Questions = QUESTIONS,
) -> None:
    """Turn a page into a new guide of drafts: none goes live before a person has decided."""
    from bot.commands.drafting import import_page

    _told(import_page(Settings.read(), page, guide, questions, datetime.now(UTC).date()))


def _told(written: list[Path]) -> None:
    """Print the files that were written, and what comes next."""
    for path in written:
        typer.echo(str(path))
    typer.echo(NEXT)


@main.command()
@one_line_errors
def schemas() -> None:
    """Write the JSON Schemas by which editors complete and check the YAML files."""
    from bot.commands.schemas import write_schemas

    changed = write_schemas(Settings.read())
    for path in changed:
        typer.echo(str(path))
    if not changed:
        typer.echo("every schema is up to date")
