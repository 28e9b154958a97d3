"""A page that another can take the place of while it is served, when the knowledge has changed."""

from starlette.applications import Starlette
from starlette.types import Receive, Scope, Send

Page = Starlette


class LivePage:
    """An ASGI application that stands for the newest page."""

    def __init__(self, page: Page) -> None:
        """Begin with `page`."""
        self._page = page

    def take(self, page: Page) -> None:
        """Hand what comes from now on to `page`; what has begun ends with the one before."""
        self._page = page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        await self._page(scope, receive, send)
