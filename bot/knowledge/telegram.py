"""Words that only Telegram needs: the ``telegram`` part of voice.yaml, as frozen values."""

from datetime import date
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
    "say.date": frozenset({"weekday", "day", "month"}),
    "say.short_date": frozenset({"weekday", "day", "month"}),
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


Weekdays = Annotated[tuple[Label, ...], Field(min_length=7, max_length=7)]
Months = Annotated[tuple[Label, ...], Field(min_length=12, max_length=12)]


class Dates(Frozen):
    """What days are called, from Monday, and months; the short names stand on buttons."""

    weekdays: Weekdays
    months: Months
    short_weekdays: Weekdays
    short_months: Months


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
    date: Text
    short_date: Text
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
    dates: Dates
    say: TelegramSay

    def full_date(self, day: date) -> str:
        """Return how a day is said in a sentence, such as Monday 30 November."""
        names = self.dates
        return _dated(self.say.date, day, names.weekdays, names.months)

    def short_date(self, day: date) -> str:
        """Return how a day is said on a button, such as Mon 30 Nov."""
        names = self.dates
        return _dated(self.say.short_date, day, names.short_weekdays, names.short_months)


def _dated(sentence: str, day: date, weekdays: Weekdays, months: Months) -> str:
    """Return a day as `sentence` says it."""
    weekday, month = weekdays[day.weekday()], months[day.month - 1]
    return sentence.format(weekday=weekday, day=day.day, month=month)
