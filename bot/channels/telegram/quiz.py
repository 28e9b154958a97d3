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
from bot.channels.telegram.speakers import language_of, speaker_of
from bot.conversation.catalogue import Catalogue
from bot.conversation.dialogue import Dialogue
from bot.conversation.model import Target
from bot.knowledge.quiz import QuizQuestion
from bot.knowledge.telegram import TelegramLabels

QUIZ = "quiz"
"""The command that asks a question, and the action of the button that asks the next one."""

Context = ContextTypes.DEFAULT_TYPE
_Place = Literal[0, 1, 2, 3]


class Quiz:
    """Asks the questions of the guides' quizzes in turn; nobody is told what others answered."""

    def __init__(self, dialogue: Dialogue, keeper: Keeper) -> None:
        """Ask the questions of `dialogue`; `keeper` remembers the last one."""
        self._dialogue = dialogue
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
        session, profile = await self._keeper.recall(speaker_of(update), language_of(update))
        catalogue = self._dialogue.speaking(profile.language).catalogue
        questions = catalogue.knowledge.quiz
        if not questions:
            await message.reply_text(catalogue.knowledge.voice.telegram.say.no_quiz)
            return
        uids = [each.uid for each in questions]
        last = uids.index(session.quizzed) if session.quizzed in uids else -1
        each = questions[(last + 1) % len(uids)]
        await _send(message, each, catalogue, username)
        await self._keeper.keep(speaker_of(update), replace(session, quizzed=each.uid))


async def _send(message: Message, each: QuizQuestion, catalogue: Catalogue, username: str) -> None:
    """Send a question as a poll; in a group as a reply, with a link for its button."""
    labels = catalogue.knowledge.voice.telegram.labels
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
        explanation=_explanation(each, catalogue),
        reply_markup=_keyboard(entry, labels)
        if private
        else one_button(labels.cited_answer, link(username, catalogue.public(entry))),
        reply_parameters=None if private else answer,
    )
    await obeying_limits(sending)


def _keyboard(entry: str, labels: TelegramLabels) -> InlineKeyboardMarkup:
    """Return the buttons to the cited answer and to the next question."""
    return InlineKeyboardMarkup(
        [
            [InlineKeyboardButton(labels.cited_answer, callback_data=pack(Target("", entry)))],
            [InlineKeyboardButton(labels.another, callback_data=pack(Target(QUIZ, "next")))],
        ]
    )


def _explanation(each: QuizQuestion, catalogue: Catalogue) -> str:
    """Return what is shown after an answer, with the labels of its sources."""
    knowledge, guide = catalogue.knowledge, catalogue.guide(each.guide)
    sources = {**knowledge.safety.sources, **guide.sources}
    return each.explained(knowledge.voice.telegram.say.explanation, sources)
