"""Opens the page in the browser, with its desk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bot.app.composition import load_all, make_desk, make_reloader, retention_of
from bot.channels.keeper import Keeper
from bot.reloading import Loaded, reloading
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.channels.web.live import Page

PAGE_IS_AT = "The page is at {address} - Control-C ends it."
PAGE_IS_OPEN = (
    "Warning: other machines can reach this address. Whoever does can use the page, and what is "
    "typed there travels unencrypted."
)


@dataclass(frozen=True)
class Web:
    """How the page is to be served: where, and which questions judge what the desk changes."""

    host: str
    port: int
    questions: Path


async def run_web(settings: Settings, web: Web, tell: Callable[[str], None]) -> None:
    """Serve the local page until told to stop; `tell` its address and, if need be, a warning.

    Raises GuidebotError if it can't start.
    """
    # imports that no other command should wait for
    from bot.channels.web.admissions import Admissions  # noqa: PLC0415
    from bot.channels.web.application import Office, build_page  # noqa: PLC0415
    from bot.channels.web.conversations import Conversations  # noqa: PLC0415
    from bot.channels.web.live import LivePage  # noqa: PLC0415
    from bot.channels.web.server import address_of, bind, is_loopback, serve  # noqa: PLC0415
    from bot.stores.bundle import open_stores  # noqa: PLC0415
    from bot.stores.retention import pruned_daily  # noqa: PLC0415

    async with open_stores(settings.database, settings.data_dir) as stores:
        bound = bind(web.host, web.port)
        local, keeper, conversations = is_loopback(bound), Keeper(stores), Conversations()
        admissions = Admissions(settings.admin_token, local=local)

        def made(new: Loaded) -> Page:
            dialogue, matcher = new
            knowledge = dialogue.catalogue.knowledge
            desk = make_desk(settings, web.questions, knowledge, matcher, stores)
            office = Office(desk, admissions, renew)
            return build_page(
                dialogue, matcher, keeper, conversations=conversations, office=office, local=local
            )

        def renew() -> None:
            """Take what the desk has written at once; the reloader needs not do so again."""
            new = load_all(settings)
            page.take(made(new))
            reloader.begin(new)

        async def swap(new: Loaded) -> None:
            page.take(made(new))

        loaded = load_all(settings)
        page = LivePage(made(loaded))
        reloader = make_reloader(settings, loaded, swap)
        words = PAGE_IS_AT if local else f"{PAGE_IS_AT}\n{PAGE_IS_OPEN}"
        async with pruned_daily(stores, retention_of(settings)), reloading(reloader):
            await serve(page, bound, lambda: tell(words.format(address=address_of(bound))))
