"""Talk to the bot in the terminal; buttons are numbers."""

from collections.abc import Callable

from bot.conversation.dialogue import Dialogue, Outcome
from bot.conversation.model import Question, Reply, Session

_GOODBYE = frozenset({"quit", "exit", "q"})


def chat(dialogue: Dialogue, read: Callable[[str], str], write: Callable[[str], None]) -> None:
    """Answer lines from `read` until it raises EOFError or somebody types quit."""
    session, reply = Session(), None
    while True:
        try:
            line = read("> ").strip()
        except (EOFError, KeyboardInterrupt):
            write("")
            return
        if line.lower() in _GOODBYE:
            return
        outcome = _pressed(dialogue, line, reply, session)
        session, reply = outcome.session, outcome.reply
        write(shown(reply))


def shown(reply: Reply) -> str:
    """Return a reply as a terminal shows it: the text, a picture's line, buttons, numbered."""
    picture = ["", reply.picture.line] if reply.picture else []
    buttons = [f"  {number}. {button.label}" for number, button in enumerate(reply.buttons, 1)]
    return "\n".join(["", reply.text, *picture, "", *buttons, ""])


def _pressed(dialogue: Dialogue, line: str, reply: Reply | None, session: Session) -> Outcome:
    """Open the button or command that `line` names, or answer it as a question."""
    buttons = reply.buttons if reply else ()
    numbered = {str(number): button for number, button in enumerate(buttons, start=1)}
    if line in numbered:
        return dialogue.open(numbered[line].opens, session)
    commands = {item.command: target for item, target in dialogue.catalogue.commands()}
    if line.startswith("/") and line[1:] in commands:
        return dialogue.open(commands[line[1:]], session)
    return dialogue.respond(Question(line), session)
