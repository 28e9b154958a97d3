"""Talk to the bot in the terminal; buttons are numbers."""

import asyncio
from collections.abc import Callable

from bot.channels.keeper import Keeper
from bot.conversation.dialogue import Dialogue, Outcome
from bot.conversation.model import Button, Question, Reply, Session
from bot.conversation.records import Profile, Speaker

HERE = Speaker("console:here", "console:here")
"""The one person who sits at the terminal."""

_GOODBYE = frozenset({"quit", "exit", "q"})


def chat(
    dialogue: Dialogue, read: Callable[[str], str], write: Callable[[str], None], keeper: Keeper
) -> None:
    """Answer lines from `read` until it raises EOFError or somebody types quit."""
    reply = None
    with asyncio.Runner() as runner:
        while True:
            try:
                line = read("> ").strip()
            except (EOFError, KeyboardInterrupt):
                write("")
                return
            if line.lower() in _GOODBYE:
                return
            reply = runner.run(_turn(dialogue, keeper, line, reply, write))


def shown(reply: Reply) -> str:
    """Return a reply as a terminal shows it: the text, a picture's line, buttons, numbered."""
    picture = ["", reply.picture.line] if reply.picture else []
    buttons = [f"  {number}. {button.label}" for number, button in enumerate(_all(reply), 1)]
    return "\n".join(["", reply.text, *picture, "", *buttons, ""])


async def _turn(
    dialogue: Dialogue,
    keeper: Keeper,
    line: str,
    reply: Reply | None,
    write: Callable[[str], None],
) -> Reply:
    """Answer one line, and keep what it leaves behind; a notice leaves the last buttons."""
    session, profile = await keeper.recall(HERE)
    outcome = _pressed(dialogue, line, reply, session, profile)
    document = await keeper.settle(HERE, outcome)
    await keeper.keep(HERE, outcome.session)
    await keeper.count(outcome)
    write("\n".join([shown(outcome.reply), *([document, ""] if document else [])]))
    return reply if outcome.reply.notice and reply else outcome.reply


def _pressed(
    dialogue: Dialogue, line: str, reply: Reply | None, session: Session, profile: Profile
) -> Outcome:
    """Open the button or command that `line` names, or answer it as a question."""
    numbered = {str(number): button for number, button in enumerate(_all(reply), start=1)}
    if line in numbered:
        return dialogue.open(numbered[line].opens, session, profile)
    commands = {item.command: target for item, target in dialogue.catalogue.commands()}
    if line.startswith("/") and line[1:] in commands:
        return dialogue.open(commands[line[1:]], session, profile)
    return dialogue.respond(Question(line), session, profile)


def _all(reply: Reply | None) -> tuple[Button, ...]:
    """Return every button of a reply, those to vote with last."""
    return (*reply.buttons, *reply.feedback) if reply else ()
