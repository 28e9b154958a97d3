"""Answers on Telegram from the first update to the last: by long polling or by webhook."""

import asyncio
import logging
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import Any

from telegram import Update

from bot.channels.telegram.application import Bot
from bot.channels.telegram.arrivals import Json
from bot.channels.telegram.delivery import Delivery
from bot.channels.telegram.intake import Intake
from bot.channels.telegram.introduction import introduce
from bot.channels.telegram.patience import STRANGE, explained
from bot.channels.telegram.polling import Poller
from bot.conversation.catalogue import Catalogue
from bot.conversation.ports import Clock, UpdateStore
from bot.errors import StoreError
from bot.metrics import Metrics

log = logging.getLogger(__name__)

TO_FINISH = 8.0
"""Seconds that answers which have begun may take when the process is told to stop."""

Work = Callable[[], Coroutine[Any, Any, None]]


class Service:
    """The Application with its intake, from saying hello to Telegram to the last answer."""

    def __init__(  # noqa: PLR0913 - what it works with, by name
        self,
        application: Bot,
        catalogue: Catalogue,
        delivery: Delivery,
        updates: UpdateStore,
        *,
        clock: Clock,
        metrics: Metrics,
    ) -> None:
        """Answer with `application`; `updates` keeps what isn't answered yet."""
        self.application = application
        self._catalogue = catalogue
        self._delivery = delivery
        self.intake = Intake(updates, self._answer, clock=clock, metrics=metrics)

    @asynccontextmanager
    async def running(self, *duties: Work) -> AsyncIterator[None]:
        """Be ready for updates, with `duties` done beside; finish what has begun at the end.

        Raises ChannelError if Telegram can't be used.
        """
        async with AsyncExitStack() as stack:
            await self._reached(self.application.initialize)
            stack.push_async_callback(self.application.shutdown)
            await introduce(self.application.bot, self._catalogue)
            with suppress(StoreError):  # then the sweep finds them
                await self.intake.take_up()
            stack.push_async_callback(self._finish)
            for duty in (self.intake.sweep, *duties):
                await stack.enter_async_context(beside(duty))
            log.info("answering as @%s", self.application.bot.username)
            yield

    async def poll(self, stop: asyncio.Event, *duties: Work) -> None:
        """Answer by long polling until `stop` is set.

        Raises ChannelError if Telegram can't be used at the start, if the token is refused later,
        or if another copy polls with it. A connection lost later is retried for ever.
        """
        async with self.running(*duties):
            await self._reached(self.application.bot.delete_webhook)
            poller = Poller(self.application.bot, self.intake.take)
            polling = asyncio.create_task(poller.run())
            stopping = asyncio.create_task(stop.wait())
            await asyncio.wait({polling, stopping}, return_when=asyncio.FIRST_COMPLETED)
            stopping.cancel()
            if polling.done():
                await polling
            polling.cancel()
            with suppress(asyncio.CancelledError):
                await polling
            await poller.confirm()

    async def _answer(self, update: Json) -> None:
        """Handle one update."""
        parsed = Update.de_json(update, self.application.bot)
        if parsed.effective_chat is not None:
            self._delivery.welcome(parsed.effective_chat.id)
        await self.application.process_update(parsed)

    async def _finish(self) -> None:
        """Finish what has begun."""
        if not await self.intake.stop(TO_FINISH):
            log.warning("some answers could not be finished; they come after the next start")

    async def _reached(self, call: Callable[[], Awaitable[object]]) -> None:
        """Call Telegram, or raise ChannelError with one line that says why not."""
        try:
            await call()
        except STRANGE as error:
            with suppress(*STRANGE, RuntimeError):
                await self.application.shutdown()
            await self.application.bot.request.shutdown()  # it is open, even if the rest never was
            raise explained(error) from None


@asynccontextmanager
async def beside(duty: Work) -> AsyncIterator[None]:
    """Do `duty` beside what happens inside, and no longer."""
    running = asyncio.create_task(duty())
    try:
        yield
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


def until_told() -> asyncio.Event:
    """Return what is set when the process is told to stop."""
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    return stop
