"""Sends pictures: a file once, and then by the id that Telegram gave it."""

import hashlib
import logging
from functools import partial
from pathlib import Path

from telegram import Message
from telegram.constants import ParseMode
from telegram.error import BadRequest, TelegramError

from bot.channels.telegram.markup import keyboard
from bot.channels.telegram.patience import obeying_limits
from bot.conversation.model import Picture, Reply
from bot.conversation.ports import FileIdStore
from bot.errors import StoreError

log = logging.getLogger(__name__)

_NAMED_BY = 3
"""How many parts of a path name a picture: guide/figures/name.png."""


class Pictures:
    """Sends replies that have a picture."""

    def __init__(self, files: FileIdStore) -> None:
        """Keep the ids of what was sent in `files`."""
        self._files = files

    async def send(self, message: Message, reply: Reply) -> int:
        """Answer with a picture and its caption; return the message's id, 0 if it wasn't sent."""
        if reply.picture is None:
            return 0
        try:
            sent = await self._sent(message, reply, reply.picture)
        except (OSError, TelegramError) as error:
            log.warning("%s was not sent: %s", reply.picture.path.name, type(error).__name__)
            return 0
        return sent.message_id

    async def _sent(self, message: Message, reply: Reply, picture: Picture) -> Message:
        """Send a picture by its id; as a file if it has none, or none that is good any more."""
        content = picture.path.read_bytes()
        digest, name = hashlib.sha256(content).hexdigest(), _name(picture.path)
        known = await self._known(name, digest)
        if known:
            try:
                return await _post(message, reply, known, picture.path)
            except BadRequest as error:
                log.info("a picture is sent anew: %s", type(error).__name__)
        sent = await _post(message, reply, content, picture.path)
        if sent.photo:
            await self._keep(name, digest, sent.photo[-1].file_id)
        return sent

    async def _known(self, name: str, digest: str) -> str:
        """Return the id of a picture; empty if it isn't known, or can't be looked up now."""
        try:
            return await self._files.get(name, digest)
        except StoreError as error:
            log.warning("a picture's id can't be looked up: %s", error)
            return ""

    async def _keep(self, name: str, digest: str, file_id: str) -> None:
        """Keep the id of a picture; if that fails, it is uploaded once more."""
        try:
            await self._files.keep(name, digest, file_id)
        except StoreError as error:
            log.warning("a picture's id is not kept: %s", error)


async def _post(message: Message, reply: Reply, photo: str | bytes, path: Path) -> Message:
    """Send a photo with a reply's words below it."""
    sending = partial(
        message.reply_photo,
        photo,
        reply.html,
        parse_mode=ParseMode.HTML,
        reply_markup=keyboard(reply),
        filename=path.name,
    )
    return await obeying_limits(sending)


def _name(path: Path) -> str:
    """Return what a picture is called among those of all guides."""
    return "/".join(path.parts[-_NAMED_BY:])
