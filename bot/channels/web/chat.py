"""The chat: what is asked and pressed goes to Dialogue, and its replies become messages."""

import logging

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from bot.channels.web.conversations import Conversations, Turn
from bot.channels.web.messages import message
from bot.channels.web.pictures import Pictures
from bot.channels.web.requests import COOKIE, Asked, Pressed, body_of, id_of, new_id
from bot.channels.web.templates import Templates
from bot.conversation.dialogue import Dialogue, Outcome
from bot.conversation.explanation import explain
from bot.conversation.model import Question, Session, Target
from bot.conversation.ports import SessionStore
from bot.conversation.records import Speaker
from bot.errors import StoreError
from bot.matching.matcher import Matcher

log = logging.getLogger(__name__)

MOST_SUGGESTED = 6


class Chat:
    """One method for each thing that a browser asks of the chat."""

    def __init__(  # noqa: PLR0913 - one a part
        self,
        dialogue: Dialogue,
        matcher: Matcher,
        sessions: SessionStore,
        templates: Templates,
        pictures: Pictures,
        *,
        conversations: Conversations,
    ) -> None:
        """Answer with `dialogue`, explain with `matcher`, keep sessions in `sessions`."""
        self._dialogue = dialogue
        self._matcher = matcher
        self._sessions = sessions
        self._templates = templates
        self._pictures = pictures
        self._conversations = conversations

    async def page(self, request: Request) -> Response:
        """Show the chat with what was said so far."""
        turns = self._conversations.seen(id_of(request)).turns
        values = {
            "messages": [message(each, self._dialogue.catalogue, self._pictures) for each in turns],
            "suggested": self._dialogue.catalogue.featured()[:MOST_SUGGESTED],
        }
        return self._templates.response("chat.html", values)

    async def ask(self, request: Request) -> Response:
        """Answer a question."""
        question = Question((await body_of(request, Asked)).question.strip())
        person = id_of(request) or new_id()
        before = await self._session(person)
        outcome = self._dialogue.respond(question, before)
        return await self._shown(person, question.text, before, outcome, asked=True)

    async def press(self, request: Request) -> Response:
        """Open what a button stands for."""
        opens = (await body_of(request, Pressed)).opens
        person, target = id_of(request) or new_id(), Target.parse(opens)
        before = await self._session(person)
        entry = self._dialogue.catalogue.entry(target.name)
        said = self._conversations.seen(person).label(opens) or (entry.ask if entry else "")
        outcome = self._dialogue.open(target, before)
        return await self._shown(person, said, before, outcome, asked=False)

    async def why(self, request: Request) -> Response:
        """Show how one reply came about. Raises HTTPException if there is no such reply."""
        number = request.path_params["number"]
        turn = self._conversations.seen(id_of(request)).turn(number)
        if turn is None:
            raise HTTPException(404)
        found = None
        if turn.asked:
            question = Question(turn.said)
            found = explain(self._dialogue, self._matcher, question, turn.before)
        catalogue = self._dialogue.catalogue
        asks = {catalogue.public(each.uid): each.ask for each in catalogue.knowledge.entries}
        values = {"turn": turn, "found": found, "asks": asks}
        return self._templates.response("why.html", values)

    async def forget(self, request: Request) -> Response:
        """Forget the conversation, shown and kept, and the browser's id."""
        person = id_of(request)
        self._conversations.forget(person)
        if person:
            try:
                await self._sessions.forget(_speaker(person))
            except StoreError as error:
                log.warning("a conversation is not forgotten: %s", error)
                raise HTTPException(503) from None
        response = Response(status_code=204)
        response.delete_cookie(COOKIE, httponly=True, samesite="lax")
        return response

    async def _shown(
        self, person: str, said: str, before: Session, outcome: Outcome, *, asked: bool
    ) -> Response:
        """Keep a turn and its session, and show it."""
        conversation = self._conversations.of(person)
        turn = conversation.add(said, outcome.reply, before, asked=asked)
        try:
            await self._sessions.save(_speaker(person), outcome.session)
        except StoreError as error:
            log.warning("a conversation is not kept: %s", error)
        response = self._message(turn)
        response.set_cookie(COOKIE, person, httponly=True, samesite="lax")
        return response

    def _message(self, turn: Turn) -> Response:
        """Return one turn as it stands in the page."""
        shown = message(turn, self._dialogue.catalogue, self._pictures)
        return self._templates.response("message.html", {"message": shown})

    async def _session(self, person: str) -> Session:
        """Return what is remembered. An answer needs no memory, so it doesn't wait for one."""
        try:
            return await self._sessions.load(_speaker(person))
        except StoreError as error:
            log.warning("a conversation is not remembered: %s", error)
            return Session()


def _speaker(person: str) -> Speaker:
    """Return who speaks; a browser has one conversation."""
    return Speaker(f"web:{person}", f"web:{person}")
