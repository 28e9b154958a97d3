"""Trials of proposals, one after the other, beside the page that goes on serving."""

import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from bot.authoring.desk import Desk
from bot.authoring.model import Cluster, Proposal, Trial
from bot.errors import GuidebotError
from bot.evaluation.report import Track

MOST_KEPT = 20

Step = TypeVar("Step")


@dataclass
class Attempt:
    """A trial that is waiting, running, or over: then it has a `trial` or an `error`."""

    cluster: Cluster
    proposal: Proposal
    trial: Trial | None = None
    error: str = ""
    doing: str = ""
    done: int = 0
    of: int = 0

    def follow(self, steps: Sequence[Step], doing: str) -> Iterable[Step]:
        """Pass `steps` on and note how far they are."""
        self.doing, self.of = doing, len(steps)
        for self.done, step in enumerate(steps):
            yield step


class Bench:
    """Runs trials in threads of their own; the oldest that are over are forgotten."""

    def __init__(self, desk: Desk, run: Callable[[Callable[[], None]], None] | None = None) -> None:
        """Try things at `desk`; `run` runs a trial (default: in a thread)."""
        self._desk = desk
        self._run = run or _in_thread
        self._turn = threading.Lock()
        self._attempts: OrderedDict[str, Attempt] = OrderedDict()

    def begin(self, cluster: Cluster, proposal: Proposal) -> str:
        """Begin a trial and return its name."""
        name, attempt = secrets.token_urlsafe(9), Attempt(cluster, proposal)
        self._attempts[name] = attempt
        if len(self._attempts) > MOST_KEPT:
            self._attempts.popitem(last=False)
        self._run(lambda: self._try(attempt))
        return name

    def get(self, name: str) -> Attempt | None:
        """Return a trial, if it is still there."""
        return self._attempts.get(name)

    def drop(self, name: str) -> None:
        """Forget a trial."""
        self._attempts.pop(name, None)

    def _try(self, attempt: Attempt) -> None:
        """Run one trial; whatever goes wrong, nobody waits for it in vain."""
        track: Track = attempt.follow
        with self._turn:
            try:
                attempt.trial = self._desk.trial(attempt.proposal, track)
            except GuidebotError as error:
                attempt.error = str(error)
            except Exception as error:
                attempt.error = type(error).__name__
                raise


def _in_thread(work: Callable[[], None]) -> None:
    """Run `work` beside everything else; it doesn't keep the process from ending."""
    threading.Thread(target=work, daemon=True).start()
