"""The page as an ASGI application: its routes, and what stands before them."""

from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.channels.web.chat import Chat
from bot.channels.web.conversations import Conversations
from bot.channels.web.guard import Guard, on_problem
from bot.channels.web.guide import GuidePages
from bot.channels.web.pictures import Pictures
from bot.channels.web.templates import Templates
from bot.conversation.dialogue import Dialogue
from bot.conversation.ports import SessionStore
from bot.matching.matcher import Matcher

STATIC = Path(__file__).parent / "static"


class CurrentPage:
    """The page as it is now; another can take its place between two requests."""

    def __init__(self, page: ASGIApp) -> None:
        """Begin with `page`."""
        self._page = page

    def take(self, page: ASGIApp) -> None:
        """Hand what comes from now on to `page`; what has begun ends with the one before."""
        self._page = page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        await self._page(scope, receive, send)


def build_page(
    dialogue: Dialogue,
    matcher: Matcher,
    sessions: SessionStore,
    conversations: Conversations | None = None,
    *,
    local: bool = True,
) -> Starlette:
    """Return the page over `dialogue`, which uses `matcher`; `local`: bound to loopback.

    `conversations` are those that were shown already.
    """
    templates, pictures = Templates(dialogue.catalogue), Pictures(dialogue.catalogue)
    said = conversations or Conversations()
    chat = Chat(dialogue, matcher, sessions, templates, pictures, conversations=said)
    guide = GuidePages(dialogue, templates, pictures)
    routes = [
        Route("/", chat.page),
        Route("/ask", chat.ask, methods=["POST"]),
        Route("/open", chat.press, methods=["POST"]),
        Route("/forget", chat.forget, methods=["POST"]),
        Route("/why/{number:int}", chat.why),
        Route("/guide", guide.page),
        Route("/guide/{guide}", guide.page),
        Route("/search", guide.search),
        Route("/search/{guide}", guide.search),
        Route("/figures/{guide}/{file}", guide.figure),
        Mount("/static", StaticFiles(directory=STATIC)),
    ]
    return Starlette(
        routes=routes,
        middleware=[Middleware(Guard, templates, local=local)],
        exception_handlers={HTTPException: on_problem(templates)},
    )
