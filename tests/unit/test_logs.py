"""Logs go to stderr, in text or JSON, and never hold the token."""

import json
import logging
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.logs import Redacting, set_up_logging
from bot.settings import Settings

TOKEN = "123:not-a-token"  # noqa: S105 - made up
FORMATS = ["text", "json"]


@pytest.fixture(autouse=True)
def _undisturbed() -> Iterator[None]:
    """Give the loggers their handlers and levels back."""
    names = [None, "httpx", "httpcore", "telegram", "asyncio", "sqlalchemy", "alembic"]
    loggers = [logging.getLogger(name) for name in names]
    before = [(logger, logger.handlers[:], logger.level) for logger in loggers]
    logging.getLogger().handlers.clear()
    yield
    for logger, handlers, level in before:
        logger.handlers[:] = handlers
        logger.setLevel(level)


def failure() -> Any:
    """Return what `exc_info` holds of an error whose message has the token in it."""
    try:
        int(TOKEN)
    except ValueError:
        return sys.exc_info()


def record(message: str, *args: object, exc_info: Any = None) -> logging.LogRecord:
    """Return a record as a library would log it."""
    return logging.LogRecord("lib", logging.WARNING, "lib.py", 1, message, args, exc_info)


@pytest.mark.parametrize("log_format", FORMATS)
def test_a_token_in_a_message(log_format: str) -> None:
    """The token is blotted out, even if it was an argument."""
    formatter = Redacting((TOKEN,), as_json=log_format == "json")
    line = formatter.format(record("GET /bot%s/getMe", TOKEN))

    expected = (False, True)
    assert expected == (TOKEN in line, "/bot[secret]/getMe" in line)


@pytest.mark.parametrize("log_format", FORMATS)
def test_a_token_in_a_traceback(log_format: str) -> None:
    """The token is blotted out of a traceback."""
    formatter = Redacting((TOKEN,), as_json=log_format == "json")

    assert TOKEN not in formatter.format(record("failed", exc_info=failure()))


@pytest.mark.parametrize("log_format", FORMATS)
def test_a_traceback_is_logged(log_format: str) -> None:
    """An error's traceback stands in the line, whatever the format."""
    formatter = Redacting((TOKEN,), as_json=log_format == "json")

    assert "ValueError: invalid literal" in formatter.format(record("failed", exc_info=failure()))


def test_no_token_to_hide() -> None:
    """An empty secret blots nothing out."""
    line = Redacting(("",), as_json=False).format(record("all is well"))

    assert line.endswith("WARNING lib: all is well")


def test_a_line_of_json() -> None:
    """A line of JSON says when, how bad, who and what."""
    logged = record("two\nlines of %s", "tea")
    line = json.loads(Redacting((), as_json=True).format(logged))

    expected = {
        "time": datetime.fromtimestamp(logged.created, UTC).isoformat(),
        "level": "WARNING",
        "logger": "lib",
        "message": "two\nlines of tea",
    }
    assert expected == line


def test_json_is_one_line() -> None:
    """A message of two lines is one line of JSON."""
    assert "\n" not in Redacting((), as_json=True).format(record("two\nlines"))


@pytest.mark.parametrize("log_format", FORMATS)
def test_logs_go_to_stderr(capsys: pytest.CaptureFixture[str], log_format: str) -> None:
    """What is logged is on stderr, without the token, and not on stdout."""
    given = {"TELEGRAM_BOT_TOKEN": TOKEN, "LOG_FORMAT": log_format}
    set_up_logging(Settings.read(given))
    logging.getLogger("bot").info("token %s", TOKEN)

    out, err = capsys.readouterr()
    expected = ("", True, False)
    assert expected == (out, "token [secret]" in err, TOKEN in err)


def test_the_level(capsys: pytest.CaptureFixture[str]) -> None:
    """What is less than the level isn't logged."""
    set_up_logging(Settings.read({"LOG_LEVEL": "error"}))
    logging.getLogger("bot").warning("quiet")

    assert not capsys.readouterr().err


@pytest.mark.parametrize("name", ["httpx", "telegram.ext", "sqlalchemy.engine"])
def test_libraries_are_quiet(capsys: pytest.CaptureFixture[str], name: str) -> None:
    """Libraries, which log addresses with the token or rows as they are, are almost mute."""
    set_up_logging(Settings.read({"LOG_LEVEL": "DEBUG"}))
    logging.getLogger(name).info("GET /bot")

    assert not capsys.readouterr().err
