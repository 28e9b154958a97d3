"""The chat in the terminal: scripted input, and the real process."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.channels.console import chat, shown
from bot.channels.keeper import Keeper
from bot.conversation.dialogue import Dialogue
from bot.conversation.model import Question, Session, Target
from bot.settings import REPOSITORY
from bot.stores.bundle import in_memory

SETS = "how many sets should I do"


def script(*lines: str) -> Callable[[str], str]:
    """Return a reader of `lines` that ends like a closed terminal."""
    left: Iterator[str] = iter(lines)

    def read(prompt: str) -> str:
        assert prompt
        try:
            return next(left)
        except StopIteration:
            raise EOFError from None

    return read


def said(dialogue: Dialogue, *lines: str) -> list[str]:
    """Return what the chat writes while somebody types `lines`."""
    written: list[str] = []
    chat(dialogue, script(*lines), written.append, Keeper(in_memory()))
    return written


def process(cache: Path, *arguments: str, given: bytes) -> subprocess.CompletedProcess[bytes]:
    """Run the bot without a token, `given` typed into it."""
    hidden = {"TELEGRAM_BOT_TOKEN", "TELEGRAM_BOT_TOKEN_FILE"}
    kept = {name: value for name, value in os.environ.items() if name not in hidden}
    return subprocess.run(
        [sys.executable, REPOSITORY / "run_bot.py", *arguments],
        input=given,
        capture_output=True,
        check=False,
        timeout=120,
        env={**kept, "CACHE_DIR": str(cache)},
    )


def test_a_question_is_answered(dialogue: Dialogue) -> None:
    """What is typed gets the reply that every channel gives, buttons numbered."""
    expected = shown(dialogue.respond(Question(SETS), Session()).reply)
    assert expected == said(dialogue, SETS)[0]
    assert "\n  1. " in expected


def test_a_number_presses_a_button(dialogue: Dialogue) -> None:
    """A number opens the button that has it."""
    reply, session, *_ = dialogue.respond(Question(SETS), Session())
    expected = shown(dialogue.open(reply.buttons[0].opens, session).reply)
    assert expected == said(dialogue, SETS, "1")[1]


@pytest.mark.parametrize("number", ["0", "7", "99", "-1", "9" * 5000, "\u00b2", "\u0967\u0966"])
def test_a_number_without_a_button_is_a_question(dialogue: Dialogue, number: str) -> None:
    """A number that no button has is answered like anything else."""
    assert len(said(dialogue, SETS, number, "quit")) == 2


def test_a_number_at_first_is_a_question(dialogue: Dialogue) -> None:
    """Before any reply there is no button to press."""
    assert shown(dialogue.respond(Question("1"), Session()).reply) == said(dialogue, "1")[0]


def test_a_picture_is_told_by_its_path(dialogue: Dialogue) -> None:
    """Where no picture can be shown, the caption is followed by where it lies and what it shows."""
    reply = dialogue.open(Target("figure", "hip-thrust/science-trial"), Session()).reply
    assert reply.picture is not None
    expected = f"{reply.text}\n\nPicture ({reply.picture.path}): {reply.picture.alt}\n\n  1. "
    assert expected in shown(reply)


def test_a_command_opens_what_it_names(dialogue: Dialogue) -> None:
    """A slash command opens what the same command opens on Telegram."""
    targets = {item.command: target for item, target in dialogue.catalogue.commands()}
    expected = shown(dialogue.open(targets["menu"], Session()).reply)
    assert expected == said(dialogue, "/menu")[0]


def test_every_command_opens_something(dialogue: Dialogue) -> None:
    """No command is dead."""
    stale = dialogue.catalogue.knowledge.voice.say.stale_button
    commands = [f"/{item.command}" for item, _ in dialogue.catalogue.commands()]
    assert [name for name in commands if stale in said(dialogue, name)[0]] == []


def test_an_unknown_command_is_a_question(dialogue: Dialogue) -> None:
    """A command that isn't there gets a reply, not an error."""
    assert said(dialogue, "/unknown")[0].strip()


def test_the_conversation_is_remembered(dialogue: Dialogue) -> None:
    """After an answer, "why?" is about that answer."""
    assert "Why this answer" in said(dialogue, SETS, "why?")[1]


@pytest.mark.parametrize("word", ["quit", "exit", "q", " QUIT "])
def test_quit_ends_the_chat(dialogue: Dialogue, word: str) -> None:
    """After quit, nothing more is read or written."""
    assert said(dialogue, word, SETS) == []


def test_the_end_of_input_ends_the_chat(dialogue: Dialogue) -> None:
    """A closed terminal ends the chat with an empty line, for the prompt that follows."""
    assert said(dialogue) == [""]


def test_an_interrupt_ends_the_chat(dialogue: Dialogue) -> None:
    """Control-C ends the chat like a closed terminal."""

    def read(_: str) -> str:
        raise KeyboardInterrupt

    written: list[str] = []
    chat(dialogue, read, written.append, Keeper(in_memory()))
    assert written == [""]


def test_an_empty_line_is_answered(dialogue: Dialogue) -> None:
    """An empty line gets the reply to a message without words."""
    assert dialogue.catalogue.knowledge.voice.say.empty in said(dialogue, "")[0]


def test_the_process_chats(cache_dir: Path) -> None:
    """`run_bot.py chat` answers what is typed and leaves on quit."""
    done = process(cache_dir, "chat", given=f"{SETS}\n1\nquit\n".encode())
    assert (done.returncode, done.stderr) == (0, b"")
    assert "Try 2 to 5 sets" in done.stdout.decode()


def test_broken_bytes_do_not_end_the_chat(cache_dir: Path) -> None:
    """A line whose bytes are no text is answered, and the chat goes on."""
    done = process(cache_dir, "chat", given=b"\xff\xfe sets\n" + SETS.encode() + b"\nquit\n")
    assert (done.returncode, done.stderr) == (0, b"")
    assert "Try 2 to 5 sets" in done.stdout.decode()


def test_a_vote_leaves_the_buttons_as_they_were(dialogue: Dialogue) -> None:
    """After thumbs up, numbers still press the buttons of the answer that was voted on."""
    reply, session, *_ = dialogue.respond(Question(SETS), Session())
    up = str(len(reply.buttons) + 1)
    expected = shown(dialogue.open(reply.buttons[0].opens, session).reply)
    assert expected == said(dialogue, SETS, up, "1")[2]


def test_the_terminal_shows_the_data_as_text(dialogue: Dialogue) -> None:
    """In the terminal, /export writes what is remembered as JSON below its line."""
    written = said(dialogue, "/settings", "1", "/export")[2]
    data = json.loads(written[written.index("{") : written.rindex("}") + 1])
    assert ["short"] == [profile["reply_length"] for profile in data["profiles"]]
