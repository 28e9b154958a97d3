"""The page as a real process: it says where it is, answers there, and ends when told to."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest

from bot.settings import REPOSITORY

PATIENCE = 120


@contextmanager
def started(cache: Path, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """Run the bot without a token and without a database; end it at the latest afterwards."""
    hidden = {"TELEGRAM_BOT_TOKEN", "TELEGRAM_BOT_TOKEN_FILE"}
    kept = {name: value for name, value in os.environ.items() if name not in hidden}
    command = [sys.executable, str(REPOSITORY / "run_bot.py"), *arguments]
    more = {"CACHE_DIR": str(cache), "DATABASE_URL": "memory:"}
    with subprocess.Popen(
        command, env={**kept, **more}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def address(process: subprocess.Popen[str]) -> str:
    """Return the address that the process prints; it prints it when it listens."""
    assert process.stdout is not None
    for line in process.stdout:
        found = re.search(r"http://[^ ]+", line)
        if found:
            return found[0]
    return ""


def test_without_a_token_the_bot_is_a_page(cache_dir: Path) -> None:
    """Started without a token, the bot says so, prints an address, and answers there."""
    with started(cache_dir) as process:
        assert process.stdout is not None
        assert "TELEGRAM_BOT_TOKEN" in process.stdout.readline()
        where = address(process)
        assert re.fullmatch(r"http://127\.0\.0\.1:80[89]\d/", where)
        assert "Try asking" in httpx2.get(where).text


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_page(cache_dir: Path, how: signal.Signals) -> None:
    """Control-C and SIGTERM end the page quietly, with status 0."""
    with started(cache_dir, "web", "--port", "0") as process:
        assert address(process)
        process.send_signal(how)
        _, errors = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0
    assert "Traceback" not in errors


def test_a_taken_port_is_passed_over(cache_dir: Path) -> None:
    """If another program has the port, the page tells the one that it took instead."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = other.getsockname()[1]
        with started(cache_dir, "web", "--port", str(taken)) as process:
            where = address(process)
            assert f":{taken}/" not in where
            assert httpx2.get(where).status_code == 200


def test_beyond_loopback_the_page_warns(cache_dir: Path) -> None:
    """Bound to every address, the page says in words what that means."""
    with started(cache_dir, "web", "--host", "0.0.0.0", "--port", "0") as process:  # noqa: S104
        assert process.stdout is not None
        assert "http://localhost:" in process.stdout.readline()
        assert process.stdout.readline().startswith("Warning: ")


def test_a_host_of_another_machine_is_one_line(cache_dir: Path) -> None:
    """A host that isn't ours ends the start with one line and status 2."""
    with started(cache_dir, "web", "--host", "192.0.2.1") as process:
        _, errors = process.communicate(timeout=PATIENCE)
    assert process.returncode == 2
    assert "can't listen on 192.0.2.1" in errors.splitlines()[-1]
    assert "Traceback" not in errors


def test_nothing_that_is_typed_is_logged(cache_dir: Path) -> None:
    """No word of a question or a search gets onto the terminal."""
    with started(cache_dir, "web", "--port", "0") as process:
        where = address(process)
        httpx2.get(f"{where}search", params={"q": "zanzibar"})
        httpx2.post(f"{where}ask", json={"question": "zanzibar"}, headers={"X-Guidebot": "1"})
        process.send_signal(signal.SIGINT)
        said, errors = process.communicate(timeout=PATIENCE)
    assert "zanzibar" not in said + errors
