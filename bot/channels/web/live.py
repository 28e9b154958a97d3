"""A page that can be made anew while it is served, when the knowledge has changed."""

from collections.abc import Callable

from starlette.applications import Starlette
from starlette.types import Receive, Scope, Send

Page = Starlette
Build = Callable[[Callable[[], None]], Page]
"""Makes the page; it is given what makes it anew."""


class LivePage:
    """An ASGI application that stands for the newest page."""

    def __init__(self, build: Build) -> None:
        """Build the first page."""
        self._build = build
        self._page = build(self.renew)

    def renew(self) -> None:
        """Build the page anew; whoever asks meanwhile gets the one before."""
        self._page = self._build(self.renew)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        await self._page(scope, receive, send)
