"""The page as an ASGI application: its routes, and what stands before them."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from bot.authoring.desk import Desk
from bot.channels.keeper import Keeper
from bot.channels.web.admissions import Admissions
from bot.channels.web.chat import Chat
from bot.channels.web.conversations import Conversations
from bot.channels.web.desk import DeskPages
from bot.channels.web.guard import Guard, on_problem
from bot.channels.web.guide import GuidePages
from bot.channels.web.templates import Templates
from bot.conversation.dialogue import Dialogue
from bot.matching.matcher import Matcher

STATIC = Path(__file__).parent / "static"


class Office(NamedTuple):
    """What the desk needs: `renew` makes the page anew once the knowledge has changed."""

    desk: Desk
    admissions: Admissions
    renew: Callable[[], None]


def build_page(  # noqa: PLR0913 - what a page is made of
    dialogue: Dialogue,
    matcher: Matcher,
    keeper: Keeper,
    *,
    conversations: Conversations | None = None,
    office: Office | None = None,
    local: bool = True,
) -> Starlette:
    """Return the page over `dialogue`, which uses `matcher`; `local`: bound to loopback.

    Without an `office` it has no desk.
    """
    templates = Templates(dialogue.catalogue, desk=office is not None and local)
    chat = Chat(dialogue, matcher, keeper, conversations or Conversations(), templates)
    guide = GuidePages(dialogue, templates)
    routes = [
        Route("/", chat.page),
        Route("/ask", chat.ask, methods=["POST"]),
        Route("/open", chat.press, methods=["POST"]),
        Route("/anew", chat.anew, methods=["POST"]),
        Route("/why/{number:int}", chat.why),
        Route("/documents/{number:int}", chat.document),
        Route("/guide", guide.page),
        Route("/guide/{guide}", guide.page),
        Route("/search", guide.search),
        Route("/search/{guide}", guide.search),
        Route("/figures/{guide}/{file}", guide.figure),
        *(_desk(office, templates) if office else ()),
        Mount("/static", StaticFiles(directory=STATIC)),
    ]
    return Starlette(
        routes=routes,
        middleware=[Middleware(Guard, templates, local=local)],
        exception_handlers={HTTPException: on_problem(templates)},
    )


def _desk(office: Office, templates: Templates) -> list[Route]:
    """Return the routes of the desk."""
    return DeskPages(office.desk, office.admissions, templates, office.renew).routes()
