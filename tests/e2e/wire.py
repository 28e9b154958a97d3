"""A fake wire to Telegram that judges and answers every request, and updates as Telegram sends."""

import asyncio
import json
import re
from collections.abc import Callable, Mapping
from http import HTTPStatus
from importlib import util
from itertools import count
from pathlib import Path
from typing import IO, Any, NamedTuple

from telegram import Update
from telegram.request import BaseRequest, RequestData

from bot.channels.keeper import Keeper
from bot.channels.telegram.application import Bot, build_application
from bot.channels.telegram.delivery import Delivery
from bot.channels.telegram.patience import Pause
from bot.channels.telegram.service import Service
from bot.conversation.dialogue import Dialogue
from bot.conversation.ports import Clock
from bot.metrics import Metrics
from bot.stores.bundle import Stores, in_memory, utc_now

Json = dict[str, Any]
Validate = Callable[[str, Json], list[str]]

TOKEN = "4242:AAbbCCddEEffGGhhIIjjKKllMMnnOOppQQr"  # noqa: S105 - opens nothing
ME = {"id": 4242, "is_bot": True, "first_name": "Guide", "username": "guide_bot"}
DAY = 1_800_000_000

_ids = count(1)
_COMMAND = re.compile(r"/\w{1,64}(@\w+)?", re.ASCII)


class Sent(NamedTuple):
    """One request that the bot made."""

    method: str
    params: Json


class Refusal(Exception):  # noqa: N818 - Telegram's answer, not our error
    """Telegram's answer to a request that it refuses: an HTTP status and a description."""

    def __init__(self, status: int, description: str, **parameters: int) -> None:
        """Refuse with `status`, `description` and the response's `parameters`."""
        super().__init__(description)
        self.status = status
        self.body: Json = {"ok": False, "error_code": status, "description": description}
        if parameters:
            self.body["parameters"] = parameters


class FakeWire(BaseRequest):
    """Stands for the network: records every request and answers as Telegram would.

    `problems` holds what the independent judge found in any request. `failures` are raised, one
    each, by the next requests of their method. `files` are the contents of all files uploaded,
    `told` is what the bot wants shown of itself, by language (empty: to everybody else); `places`
    are the ids of the messages it sent.
    """

    __slots__ = (
        "_validate",
        "failures",
        "files",
        "places",
        "polled",
        "problems",
        "sent",
        "told",
        "typed",
    )

    def __init__(self, validate: Validate) -> None:
        """Judge requests with `validate`."""
        self._validate = validate
        self.sent: list[Sent] = []
        self.problems: list[str] = []
        self.failures: dict[str, list[Exception]] = {}
        self.told: dict[str, Json] = {}
        self.files: list[bytes | IO[bytes]] = []
        self.places: list[int] = []
        self.polled = asyncio.Event()
        self.typed = asyncio.Event()

    @property
    def read_timeout(self) -> float:
        """Seconds that nobody waits."""
        return 5.0

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Nothing to close."""

    async def do_request(
        self,
        url: str,
        method: str,  # noqa: ARG002 - always POST
        request_data: RequestData | None = None,
        *_timeouts: object,
        **_more_timeouts: object,
    ) -> tuple[int, bytes]:
        """Record one request; return the HTTP status and body of its answer."""
        name = url.rsplit("/", 1)[-1]
        params = json.loads(json.dumps(request_data.parameters)) if request_data else {}
        params |= self._uploaded(request_data)
        self.sent.append(Sent(name, params))
        if name == "sendChatAction":
            self.typed.set()
        try:
            result = await self._answer(name, params)
        except Refusal as refusal:
            return refusal.status, json.dumps(refusal.body).encode()
        return HTTPStatus.OK, json.dumps({"ok": True, "result": result}).encode()

    def _uploaded(self, data: RequestData | None) -> Json:
        """Keep the files of a request; return the fields that stand for them."""
        files = data.multipart_data if data and data.contains_files else {}
        self.files += [content for _, content, _ in files.values()]
        return {name: f"attach://{name}" for name in files}

    def messages(self) -> list[Json]:
        """Return the parameters of every sendMessage, in order."""
        return [params for method, params in self.sent if method == "sendMessage"]

    async def _answer(self, name: str, params: Json) -> object:
        """Return the result of one request. Raises Refusal, or a planted failure."""
        found = self._validate(name, params)
        self.problems += [f"{name}: {problem}" for problem in found]
        if found:
            raise Refusal(HTTPStatus.BAD_REQUEST, f"Bad Request: {found[0]}")
        if self.failures.get(name):
            raise self.failures[name].pop(0)
        if name == "getUpdates":
            return await self._no_updates(params)
        known = self._known(self.told.get(params.get("language_code", ""), {}))
        return known[name] if name in known else self._done(name, params)

    def _known(self, told: Json) -> Json:
        """Return what Telegram knows of the bot, by the method that asks for it."""
        return {
            "getMe": ME,
            "getMyCommands": told.get("commands", []),
            "getMyName": {"name": "", **told},
            "getMyDescription": {"description": "", **told},
            "getMyShortDescription": {"short_description": "", **told},
        }

    def _done(self, name: str, params: Json) -> object:
        """Return the result of a request that sends, sets or acknowledges something."""
        match name:
            case "setMyCommands" | "setMyName" | "setMyDescription" | "setMyShortDescription":
                language = params.pop("language_code", "")
                self.told[language] = {**self.told.get(language, {}), **params}
            case "sendPhoto":
                return {**self._placed(params), "photo": [self._photo(params["photo"])]}
            case "sendMessage" | "sendDocument" | "sendPoll" | "editMessageText":
                return self._placed(params)
            case "answerCallbackQuery" | "answerInlineQuery" | "sendChatAction":
                pass
            case "setWebhook" | "deleteWebhook":
                pass
            case _:
                self.problems.append(f"{name}: not expected from this bot")
        return True

    def _placed(self, params: Json) -> Json:
        """Return the message that Telegram says it sent, and keep its id."""
        said: Json = {name: params[name] for name in ("text", "caption") if name in params}
        placed = {**_message(params["chat_id"]), "from": ME, **said}
        self.places.append(placed["message_id"])
        return placed

    def _photo(self, given: str) -> Json:
        """Return what Telegram says of a photo: a new id for a file, the same for an id."""
        uploaded = given.startswith("attach://")
        name = f"photo-{len(self.files)}" if uploaded else given
        return {"file_id": name, "file_unique_id": name, "width": 1, "height": 1}

    async def _no_updates(self, params: Json) -> list[Json]:
        """Wait as a long poll does, for ever; a short poll is answered at once."""
        if params.get("timeout", 0):
            self.polled.set()
            await asyncio.Event().wait()
        return []


async def for_ever(_seconds: float) -> None:
    """Wait until cancelled: on a slow machine, too, no answer counts as slow."""
    await asyncio.Event().wait()


def started(
    dialogue: Dialogue,
    wire: FakeWire,
    stores: Stores | None = None,
    clock: Clock = utc_now,
    pause: Pause = for_ever,
) -> Bot:
    """Return an application on `wire`; without `stores`, it forgets with the process."""
    keeper = Keeper(stores or in_memory(), clock)
    delivery = Delivery(Metrics(), pause=no_pause)
    return build_application(TOKEN, dialogue, keeper, delivery, request=wire, pause=pause)


def serving(
    application: Bot, dialogue: Dialogue, stores: Stores | None = None, clock: Clock = utc_now
) -> Service:
    """Return what answers with `application`, from the first update to the last."""
    delivery = application.bot.rate_limiter
    assert isinstance(delivery, Delivery)
    return Service(
        application,
        dialogue,
        delivery,
        (stores or in_memory()).updates,
        clock=clock,
        metrics=Metrics(),
    )


async def no_pause(_seconds: float) -> None:
    """Wait for nothing, but let others work."""
    turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    asyncio.get_running_loop().call_soon(turn.set_result, None)
    await turn


class Talk(NamedTuple):
    """Hands updates to the bot, and returns the requests that each led to."""

    application: Bot
    wire: FakeWire

    async def give(self, update: Json) -> list[Sent]:
        """Return what the bot sent because of `update`."""
        before = len(self.wire.sent)
        parsed = Update.de_json(update, self.application.bot)
        await self.application.process_update(parsed)
        return self.wire.sent[before:]

    async def say(self, text: str, **place: Any) -> list[Sent]:
        """Return what the bot sent because a person typed `text`."""
        return await self.give(message(text=text, **place))

    async def press(self, data: str, **place: Any) -> list[Sent]:
        """Return what the bot sent because a person pressed the button that carries `data`."""
        return await self.give(pressed(data, **place))


def message(*, user: int = 7, chat: int = 7, language: str = "", **content: Any) -> Json:
    """Return an update with a new message; `content` is its text, photo, voice and so on.

    A chat with a negative id is a group. A command at the start is marked, as Telegram does.
    `language` is what the person's Telegram speaks, if it says so.
    """
    body = {**_message(chat), "from": _person(user, language), **content}
    if command := _COMMAND.match(content.get("text", "")):
        body["entities"] = [{"type": "bot_command", "offset": 0, "length": command.end()}]
    return {"update_id": next(_ids), "message": body}


def corrected(update: Json, text: str) -> Json:
    """Return an update with the message of another update, edited to say `text`."""
    body = {**update["message"], "text": text, "edit_date": DAY}
    body.pop("entities", None)
    if command := _COMMAND.match(text):
        body["entities"] = [{"type": "bot_command", "offset": 0, "length": command.end()}]
    return {"update_id": next(_ids), "edited_message": body}


def inline_query(text: str, *, user: int = 7, language: str = "") -> Json:
    """Return an update with what a person has typed after the bot's name so far."""
    query = {"id": str(next(_ids)), "from": _person(user, language), "query": text, "offset": ""}
    return {"update_id": next(_ids), "inline_query": query}


def mentioning(text: str, name: str = "@guide_bot", **content: Any) -> Json:
    """Return an update with a message in a group whose `text` has `name` in it, as a mention."""
    start = len(text[: text.index(name)].encode("utf-16-le")) // 2
    entity = {"type": "mention", "offset": start, "length": len(name)}
    return message(chat=-5, text=text, entities=[entity], **content)


def said(text: str, *, by: Json | None = None, **content: Any) -> Json:
    """Return an earlier message of a group, to reply to; `by` is its author."""
    return {**_message(-5), "from": by or _person(9), "text": text, **content}


def pressed(
    data: str, *, user: int = 7, chat: int = 7, language: str = "", seen: bool = True
) -> Json:
    """Return an update with a button pressed; not `seen`: its message is too old to be read."""
    under: Json = {**_message(chat), "from": ME, "text": "An answer."}
    if not seen:
        under = {"chat": under["chat"], "message_id": under["message_id"], "date": 0}
    query = {
        "id": str(next(_ids)),
        "from": _person(user, language),
        "chat_instance": "1",
        "message": under,
        "data": data,
    }
    return {"update_id": next(_ids), "callback_query": query}


def buttons_of(params: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return (label, callback data) of each button under a sent message, in reading order."""
    rows = params.get("reply_markup", {}).get("inline_keyboard", [])
    return [(one["text"], one["callback_data"]) for row in rows for one in row if "url" not in one]


def links_of(params: Mapping[str, Any]) -> list[str]:
    """Return the address behind each button under a sent message that has one."""
    rows = params.get("reply_markup", {}).get("inline_keyboard", [])
    return [button["url"] for row in rows for button in row if "url" in button]


def load_validator(folder: Path) -> Validate:
    """Return the independent judge of requests that lies in `folder`."""
    spec = util.spec_from_file_location("validator", folder / "validator.py")
    if spec is None or spec.loader is None:
        raise ImportError(str(folder))
    module = util.module_from_spec(spec)
    spec.loader.exec_module(module)
    validate: Validate = module.validate
    return validate


def _message(chat: int) -> Json:
    """Return what all messages have."""
    where: Json = {"id": chat, "type": "private" if chat > 0 else "supergroup", "title": "Gym"}
    return {"message_id": next(_ids), "date": DAY, "chat": where}


def _person(user: int, language: str = "") -> Json:
    """Return a user, with the language of their Telegram if it says so."""
    speaks = {"language_code": language} if language else {}
    return {"id": user, "is_bot": False, "first_name": f"Person {user}", **speaks}
