"""Words that only Telegram needs: the ``telegram`` part of voice.yaml, as frozen values."""

from typing import Annotated

from pydantic import Field, StringConstraints

from bot.knowledge.base import CommandName, Frozen, Label, Text

Description = Annotated[str, StringConstraints(min_length=1, max_length=256)]

TELEGRAM_NAMES = {
    "labels.remind_days": frozenset({"days"}),
    "labels.cancel": frozenset({"day"}),
    "labels.zone": frozenset({"city", "offset"}),
    "say.option": frozenset({"link"}),
    "say.reminder": frozenset({"question"}),
    "say.reminder_set": frozenset({"day", "question"}),
    "say.reminder_twice": frozenset({"day"}),
    "say.reminder_line": frozenset({"day", "question"}),
    "say.explanation": frozenset({"text", "sources"}),
}
"""The names in braces that each of these sentences may have."""


class TelegramCommands(Frozen):
    """What the menu of commands says of those that only Telegram has.

    `guides` says it of the guides' commands where no guide is written in the voice's language.
    """

    quiz: Description
    reminders: Description
    guides: dict[CommandName, Description] = Field(default_factory=dict)


class TelegramLabels(Frozen):
    """Words on buttons that only Telegram has."""

    private: Label
    previous: Label
    next: Label
    remind_week: Label
    remind_days: Label
    cancel: Label
    zone: Label
    cited_answer: Label
    another: Label


class TelegramSay(Frozen):
    """Sentences that only Telegram needs. Names in braces are filled in."""

    unknown_link: Text
    in_private: Text
    option: Text
    ask_zone: Text
    reminder: Text
    reminder_set: Text
    reminder_twice: Text
    reminders: Text
    reminder_line: Text
    no_reminders: Text
    flood: Text
    no_quiz: Text
    explanation: Text


class TelegramWords(Frozen):
    """What Telegram shows of the bot, and says in places that other channels don't have.

    `description` fills an empty chat; `short_description` stands on the bot's page.
    """

    description: Annotated[Text, StringConstraints(max_length=512)]
    short_description: Annotated[Text, StringConstraints(max_length=120)]
    commands: TelegramCommands
    labels: TelegramLabels
    say: TelegramSay
