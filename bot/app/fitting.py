"""Fits the matcher in a process of its own, which takes no time and memory from the answers."""

import asyncio
import logging
import os
import sys
from asyncio.subprocess import DEVNULL
from contextlib import suppress
from pathlib import Path

from bot.settings import Settings

log = logging.getLogger(__name__)

_ROOT = Path(__file__).parents[2]
_FIT = "from bot.cli import main; main()"
_NICE = 10
"""How far it steps back behind the answers where processors are scarce."""


async def fit_elsewhere(settings: Settings) -> None:
    """Fit the matcher to the knowledge of `settings`, and keep it in their cache.

    If that fails, as with too little memory, the log says so. Once nobody waits, it is stopped.
    """
    path = os.pathsep.join(filter(None, [str(_ROOT), os.environ.get("PYTHONPATH")]))
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", _FIT, "fit"),
        stdout=DEVNULL,
        env={**os.environ, **settings.environment, "PYTHONPATH": path},
    )
    try:
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, process.pid, _NICE)
        status = await process.wait()
    except asyncio.CancelledError:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
        raise
    if status:
        log.warning("the matcher could not be fitted: `run_bot.py fit` ended with %s", status)
