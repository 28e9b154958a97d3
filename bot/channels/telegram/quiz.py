"""``/quiz``: one question on the common mistakes as Telegram's own quiz, and the next on demand."""

from dataclasses import replace
from functools import partial
from typing import Literal, cast

from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    Message,
    Poll,
    ReplyParameters,
    Update,
)
from telegram.ext import ContextTypes

from bot.channels.keeper import Keeper
from bot.channels.telegram.callbacks import pack
from bot.channels.telegram.links import link, one_button
from bot.channels.telegram.patience import obeying_limits
from bot.channels.telegram.sending import acknowledge
from bot.channels.telegram.speakers import speaker_of
from bot.conversation.catalogue import Catalogue
from bot.conversation.model import Target
from bot.knowledge.quiz import QuizQuestion

QUIZ = "quiz"
"""The command that asks a question, and the action of the button that asks the next one."""

Context = ContextTypes.DEFAULT_TYPE
_Place = Literal[0, 1, 2, 3]


class Quiz:
    """Asks the questions of the guides' quizzes in turn; nobody is told what others answered."""

    def __init__(self, catalogue: Catalogue, keeper: Keeper) -> None:
        """Ask the questions of `catalogue`; `keeper` remembers the last one."""
        self._catalogue = catalogue
        self._questions = catalogue.knowledge.quiz
        self._words = catalogue.knowledge.voice.telegram
        self._keeper = keeper

    async def ask(self, update: Update, context: Context) -> None:
        """Ask the next question."""
        message = update.effective_message
        if message is not None:
            await self._next(update, message, context.bot.username)

    async def again(self, update: Update, context: Context) -> None:
        """Ask the next question, because of the button under the last one."""
        if update.callback_query is not None:
            await acknowledge(update.callback_query)
            await self.ask(update, context)

    async def _next(self, update: Update, message: Message, username: str) -> None:
        """Ask the question after the last one, and remember it."""
        if not self._questions:
            await message.reply_text(self._words.say.no_quiz)
            return
        session = (await self._keeper.recall(speaker_of(update))).session
        uids = [each.uid for each in self._questions]
        last = uids.index(session.quizzed) if session.quizzed in uids else -1
        each = self._questions[(last + 1) % len(uids)]
        await self._send(message, each, username)
        await self._keeper.keep(speaker_of(update), replace(session, quizzed=each.uid))

    async def _send(self, message: Message, each: QuizQuestion, username: str) -> None:
        """Send a question as a poll; in a group as a reply, with a link for its button."""
        private = message.chat.type == message.chat.PRIVATE
        entry = f"{each.guide}/{each.entry}"
        answer = ReplyParameters(message.message_id, allow_sending_without_reply=True)
        sending = partial(
            message.reply_poll,
            each.question,
            each.options,
            type=Poll.QUIZ,
            is_anonymous=True,
            correct_option_ids=[cast("_Place", each.options.index(each.answer))],
            explanation=self._explanation(each),
            reply_markup=self._keyboard(entry)
            if private
            else one_button(
                self._words.labels.cited_answer, link(username, self._catalogue.public(entry))
            ),
            reply_parameters=None if private else answer,
        )
        await obeying_limits(sending)

    def _keyboard(self, entry: str) -> InlineKeyboardMarkup:
        """Return the buttons to the cited answer and to the next question."""
        labels = self._words.labels
        return InlineKeyboardMarkup(
            [
                [InlineKeyboardButton(labels.cited_answer, callback_data=pack(Target("", entry)))],
                [InlineKeyboardButton(labels.another, callback_data=pack(Target(QUIZ, "next")))],
            ]
        )

    def _explanation(self, each: QuizQuestion) -> str:
        """Return what is shown after an answer, with the labels of its sources."""
        guide = self._catalogue.guide(each.guide)
        sources = {**self._catalogue.knowledge.safety.sources, **guide.sources}
        return each.explained(self._words.say.explanation, sources)
