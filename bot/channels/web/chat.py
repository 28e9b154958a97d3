"""The chat: what is asked and pressed goes to Dialogue, and its replies become messages."""

import logging
from dataclasses import replace
from html import escape

from starlette.background import BackgroundTask
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from bot.channels.keeper import Keeper
from bot.channels.together import Together
from bot.channels.web.conversations import Conversations, Turn
from bot.channels.web.messages import message
from bot.channels.web.pictures import Pictures
from bot.channels.web.requests import COOKIE, Asked, Pressed, body_of, id_of, new_id
from bot.channels.web.templates import Templates
from bot.conversation.dialogue import Dialogue, Outcome
from bot.conversation.effects import Forget
from bot.conversation.explanation import explain
from bot.conversation.model import Question, Reply, Session, Target
from bot.conversation.records import Speaker
from bot.errors import StoreError
from bot.matching.matcher import Matcher

log = logging.getLogger(__name__)

EXPORT_NAME = "guidebot.json"
MOST_SUGGESTED = 6


class Chat:
    """One method for each thing that a browser asks of the chat."""

    def __init__(
        self,
        dialogue: Dialogue,
        matcher: Matcher,
        keeper: Keeper,
        conversations: Conversations,
        templates: Templates,
    ) -> None:
        """Answer with `dialogue`, explain with `matcher`; `keeper` remembers."""
        self._dialogue = dialogue
        self._together = Together(dialogue)
        self._matcher = matcher
        self._keeper = keeper
        self._conversations = conversations
        self._templates = templates
        self._pictures = Pictures(dialogue.catalogue)

    async def page(self, request: Request) -> Response:
        """Show the chat with what was said so far."""
        turns = self._conversations.seen(id_of(request)).turns
        catalogue = self._dialogue.catalogue
        values = {
            "messages": [message(each, catalogue, self._pictures) for each in turns],
            "suggested": catalogue.featured()[:MOST_SUGGESTED],
            "checkpoints": [
                (each, catalogue.find(each.entry, each.guide))
                for each in catalogue.all_checkpoints()
            ],
        }
        return self._templates.response("chat.html", values)

    async def ask(self, request: Request) -> Response:
        """Answer a question."""
        question = Question((await body_of(request, Asked)).question.strip())
        person = id_of(request) or new_id()
        known = await self._keeper.recall(_speaker(person))
        outcome = await self._together.respond(question, known)
        return await self._finish(person, question.text, known.session, outcome)

    async def press(self, request: Request) -> Response:
        """Open what a button stands for; a notice needs no message."""
        opens = (await body_of(request, Pressed)).opens
        person, target = id_of(request) or new_id(), Target.parse(opens)
        known = await self._keeper.recall(_speaker(person))
        entry = self._dialogue.catalogue.entry(target.name)
        said = self._conversations.seen(person).label(opens) or (entry.ask if entry else "")
        outcome = self._dialogue.open(target, *known)
        return await self._finish(person, said, known.session, outcome)

    async def why(self, request: Request) -> Response:
        """Show how one reply came about. Raises HTTPException if there is no such reply."""
        turn = self._turn(request)
        found = None
        if turn.asked:
            question = Question(turn.said)
            found = explain(self._dialogue, self._matcher, question, turn.before)
        catalogue = self._dialogue.catalogue
        asks = {catalogue.public(each.uid): each.ask for each in catalogue.knowledge.entries}
        values = {"turn": turn, "found": found, "asks": asks}
        return self._templates.response("why.html", values)

    async def document(self, request: Request) -> Response:
        """Send a person their data, which one reply has. Raises HTTPException if it has none."""
        turn = self._turn(request)
        if not turn.document:
            raise HTTPException(404)
        headers = {"content-disposition": f'attachment; filename="{EXPORT_NAME}"'}
        return Response(turn.document, media_type="application/json", headers=headers)

    async def anew(self, request: Request) -> Response:
        """Begin anew: forget the conversation. What a person set and said of themselves stays."""
        person = id_of(request)
        self._conversations.forget(person)
        if person:
            try:
                await self._keeper.memory.sessions.forget(_speaker(person))
            except StoreError as error:
                log.warning("a conversation is not forgotten: %s", error)
                raise HTTPException(503) from None
        return Response(status_code=204)

    def _turn(self, request: Request) -> Turn:
        """Return the turn that the address names. Raises HTTPException if there is none."""
        turn = self._conversations.seen(id_of(request)).turn(request.path_params["number"])
        if turn is None:
            raise HTTPException(404)
        return turn

    async def _finish(self, person: str, said: str, before: Session, outcome: Outcome) -> Response:
        """Do what a reply promises, keep the session, and show the reply."""
        speaker, document = _speaker(person), ""
        try:
            document = await self._keeper.settle(speaker, outcome)
            await self._keeper.keep(speaker, outcome.session)
        except StoreError as error:
            log.warning("a wish can't be fulfilled: %s", error)
            outcome = outcome._replace(reply=self._not_kept(outcome.reply), effects=())
        response = self._shown(person, said, before, outcome, document)
        response.background = BackgroundTask(self._keeper.count, outcome)
        response.set_cookie(COOKIE, person, httponly=True, samesite="lax")
        return response

    def _shown(
        self, person: str, said: str, before: Session, outcome: Outcome, document: str
    ) -> Response:
        """Add a turn and return it as it stands in the page; a notice is no turn."""
        if outcome.reply.notice:
            return self._templates.response("notice.html", {"text": outcome.reply.text})
        anew = Forget() in outcome.effects
        if anew:
            self._conversations.forget(person)
            said, before = "", Session()
        turn = self._conversations.of(person).add(
            said, outcome.reply, before, asked=outcome.took is not None, document=document
        )
        shown = message(turn, self._dialogue.catalogue, self._pictures)
        return self._templates.response("message.html", {"message": shown, "anew": anew})

    def _not_kept(self, reply: Reply) -> Reply:
        """Return what is said instead of `reply`, which would not be true."""
        text = self._dialogue.catalogue.knowledge.voice.personal.say.not_kept
        bare = Reply(reply.decision, text, escape(text, quote=False))
        return replace(bare, notice=reply.notice)


def _speaker(person: str) -> Speaker:
    """Return who speaks; a browser has one conversation."""
    return Speaker(f"web:{person}", f"web:{person}")
