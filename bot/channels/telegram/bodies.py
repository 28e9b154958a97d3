"""An answer in the body of the response to a webhook's POST: one round trip to Telegram less.

Nobody learns whether such an answer arrived, so only plain messages go this way, one an update.
"""

import asyncio
import json
import time
from contextvars import ContextVar

from telegram.request import RequestData

from bot.channels.telegram.arrivals import Json
from bot.channels.telegram.transport import AiohttpRequest

_PLAIN = "sendMessage"


class Body:
    """Room for one answer."""

    def __init__(self) -> None:
        """Begin empty."""
        self._content: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()

    def fill(self, content: bytes) -> bool:
        """Put an answer in, if there is still room; say whether there was."""
        if self._content.done():
            return False
        self._content.set_result(content)
        return True

    async def content(self, within: float) -> bytes:
        """Return the answer; empty if none comes `within` so many seconds: then it is too late."""
        await asyncio.wait({self._content}, timeout=within)
        self.fill(b"")
        return self._content.result()


body: ContextVar[Body | None] = ContextVar("body", default=None)
"""The room for an answer to the update at work, if there is any."""


class BodyRequest(AiohttpRequest):
    """The way to Telegram, but for an answer that there is room for."""

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        *rest: object,
        **more: object,
    ) -> tuple[int, bytes]:
        """Answer in the body, if that can be; else make the request."""
        room = body.get()
        if room is not None and request_data is not None and url.endswith(f"/{_PLAIN}"):
            said: Json = dict(request_data.parameters)
            content = json.dumps({"method": _PLAIN, **said}, separators=(",", ":")).encode()
            if not request_data.contains_files and room.fill(content):
                return 200, json.dumps({"ok": True, "result": _supposed(said)}).encode()
        return await super().do_request(url, method, request_data, *rest, **more)


def _supposed(said: Json) -> Json:
    """Return the message as Telegram would say that it is sent; its id nobody knows."""
    chat = {"id": said.get("chat_id"), "type": "private"}
    return {"message_id": 0, "date": int(time.time()), "chat": chat, "text": said.get("text", "")}
