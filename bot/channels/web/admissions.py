"""Who may come to the desk: everybody on this machine, elsewhere who knows the ADMIN_TOKEN."""

import hmac
import secrets
import time
from collections import OrderedDict, deque
from collections.abc import Callable

from starlette.requests import Request

COOKIE = "guidebot-desk"
MOST_ADMITTED = 100
LASTS = 12 * 3600
"""Seconds until somebody has to say the token again."""
MOST_WRONG, WITHIN = 10, 60
"""So many wrong tokens in so many seconds, from anywhere, and nobody is let in for a while."""

_LONGEST_ID = 64
_PROXIED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip")


class Admissions:
    """Knows the visitors that were let in, by a random id, and seals the forms they are shown.

    A seal keeps other sites from sending a form in a visitor's name (CSRF).
    """

    def __init__(
        self, token: str, *, local: bool, timer: Callable[[], float] = time.monotonic
    ) -> None:
        """Let in who knows `token`; on a `local` page, everybody who asks for it directly."""
        self._token = token
        self._local = local
        self._timer = timer
        self._secret = secrets.token_bytes()
        self._until: OrderedDict[str, float] = OrderedDict()
        self._wrong: deque[float] = deque(maxlen=MOST_WRONG)

    @property
    def can_enter(self) -> bool:
        """Whether there is a token by which one can be let in."""
        return bool(self._token)

    @property
    def shut(self) -> bool:
        """Whether too many wrong tokens came lately."""
        full = len(self._wrong) == MOST_WRONG
        return full and self._timer() - self._wrong[0] < WITHIN

    def admits(self, request: Request) -> bool:
        """Say whether whoever sends `request` may come in.

        What comes through a proxy may come from anywhere, even to a local page.
        """
        if self._local and not any(name in request.headers for name in _PROXIED):
            return True
        return self._until.get(visitor(request), 0.0) > self._timer()

    def enter(self, token: str) -> str:
        """Return a new visitor's id; empty if the token is wrong or too many were."""
        if not self._token or self.shut:
            return ""
        if not hmac.compare_digest(token.encode(), self._token.encode()):
            self._wrong.append(self._timer())
            return ""
        name = secrets.token_urlsafe()
        self._until[name] = self._timer() + LASTS
        if len(self._until) > MOST_ADMITTED:
            self._until.popitem(last=False)
        return name

    def leave(self, name: str) -> None:
        """Let a visitor out."""
        self._until.pop(name, None)

    def seal(self, name: str) -> str:
        """Return what a form that `name` is shown must bring back."""
        return hmac.new(self._secret, name.encode(), "sha256").hexdigest()

    def sealed(self, name: str, seal: str) -> bool:
        """Say whether a form has the seal of `name`."""
        return bool(name) and hmac.compare_digest(self.seal(name).encode(), seal.encode())


def visitor(request: Request) -> str:
    """Return the id that a browser brings; empty if it has none that could be one of ours."""
    given = request.cookies.get(COOKIE, "")
    return given if given.isascii() and 0 < len(given) <= _LONGEST_ID else ""
