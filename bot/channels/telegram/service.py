"""Answers on Telegram from the first update to the last: by long polling or by webhook."""

import asyncio
import logging
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from functools import partial
from typing import NamedTuple

from telegram import Update

from bot.channels.telegram.application import Bot
from bot.channels.telegram.arrivals import KINDS, MESSAGE, Json, kind_of
from bot.channels.telegram.bodies import Body, body
from bot.channels.telegram.delivery import Delivery
from bot.channels.telegram.intake import Intake
from bot.channels.telegram.introduction import introduce
from bot.channels.telegram.patience import STRANGE, explained
from bot.channels.telegram.polling import Poller
from bot.conversation.dialogue import Dialogue
from bot.conversation.ports import Clock, UpdateStore
from bot.duties import Work, beside
from bot.errors import ChannelError, StoreError
from bot.metrics import Metrics

log = logging.getLogger(__name__)

TO_FINISH = 8.0
"""Seconds that answers which have begun may take when the process is told to stop."""

SOON = 5.0
"""Seconds that a response to Telegram waits for an answer to put into it."""
MOST_CONNECTIONS = 100
_LATELY = 30.0


class Hook(NamedTuple):
    """Where Telegram sends updates, and how it shows that it is Telegram.

    `removed`: it is no longer to send them when this process stops.
    """

    url: str
    secret: str
    removed: bool


class Service:
    """The Application with its intake, from saying hello to Telegram to the last answer."""

    def __init__(  # noqa: PLR0913 - what it works with, by name
        self,
        application: Bot,
        dialogue: Dialogue,
        delivery: Delivery,
        updates: UpdateStore,
        *,
        clock: Clock,
        metrics: Metrics,
    ) -> None:
        """Answer with `application`, which speaks for `dialogue`.

        `updates` keeps what isn't answered yet.
        """
        self.application = application
        self._dialogue = dialogue
        self._delivery = delivery
        self._rooms: dict[int, Body] = {}
        self._greeted = -_LATELY
        self.intake = Intake(updates, self._answer, clock=clock, metrics=metrics)

    @asynccontextmanager
    async def running(self, *duties: Work) -> AsyncIterator[None]:
        """Be ready for updates, with `duties` done beside; finish what has begun at the end.

        Raises ChannelError if Telegram can't be used.
        """
        async with AsyncExitStack() as stack:
            await self._open()
            stack.push_async_callback(self.application.shutdown)
            await introduce(self.application.bot, self._dialogue)
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
            await _reached(self.application.bot.delete_webhook)
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

    @asynccontextmanager
    async def hooked(self, hook: Hook, *duties: Work) -> AsyncIterator[None]:
        """Have Telegram send updates to `hook`, to be given to `take`.

        Raises ChannelError if Telegram can't be used.
        """
        async with self.running(*duties):
            setting = partial(
                self.application.bot.set_webhook,
                hook.url,
                secret_token=hook.secret,
                allowed_updates=KINDS,
                max_connections=MOST_CONNECTIONS,
            )
            await _reached(setting)
            yield
            if hook.removed:
                await _reached(self.application.bot.delete_webhook)

    async def unhook(self) -> None:
        """Have Telegram keep updates. Raises ChannelError if it can't be told."""
        await self._open()
        try:
            await _reached(self.application.bot.delete_webhook)
        finally:
            await self.application.shutdown()

    async def take(self, update: object) -> bytes:
        """Return when an update is safe."""
        await self.intake.take(update)
        return b""

    async def take_and_answer(self, update: object) -> bytes:
        """Return when an update is safe, with the answer to it if that is plain and comes soon."""
        if kind_of(update) != MESSAGE or not isinstance(update, dict):
            return await self.take(update)
        number = update["update_id"]
        room = self._rooms.setdefault(number, Body())
        try:
            await self.intake.take(update)
            return await room.content(SOON)
        finally:
            self._rooms.pop(number, None)

    async def greet(self) -> None:
        """Raise TelegramError if Telegram can't be reached, or couldn't be a moment ago."""
        now = time.monotonic()
        if now - self._greeted > _LATELY:
            await self.application.bot.get_me()
            self._greeted = now

    async def _answer(self, update: Json) -> None:
        """Handle one update; what it leads to may go into the room that waits for it."""
        room = self._rooms.get(update["update_id"])
        body.set(room)
        try:
            await self._handle(update)
        finally:
            body.set(None)
            if room is not None:
                room.fill(b"")

    async def _handle(self, update: Json) -> None:
        """Hand one update to the application."""
        parsed = Update.de_json(update, self.application.bot)
        if parsed.effective_chat is not None:
            self._delivery.welcome(parsed.effective_chat.id)
        await self.application.process_update(parsed)

    async def _finish(self) -> None:
        """Finish what has begun."""
        if not await self.intake.stop(TO_FINISH):
            log.warning("some answers could not be finished; they come after the next start")

    async def _open(self) -> None:
        """Open the way to Telegram. Raises ChannelError if it can't be used; then it is closed."""
        try:
            await _reached(self.application.initialize)
        except ChannelError:
            with suppress(*STRANGE, RuntimeError):
                await self.application.shutdown()
            await self.application.bot.request.shutdown()  # it is open, even if the rest never was
            raise


async def _reached(call: Callable[[], Awaitable[object]]) -> None:
    """Call Telegram, or raise ChannelError with one line that says why not."""
    try:
        await call()
    except STRANGE as error:
        raise explained(error) from None


def until_told() -> asyncio.Event:
    """Return what is set when the process is told to stop."""
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    return stop
