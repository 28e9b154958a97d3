"""Rules on what the bot itself asks, in reminders and in the quiz, and on Telegram's words."""

from collections.abc import Iterator
from datetime import date
from string import Formatter

from bot.errors import Problem
from bot.knowledge.base import Source
from bot.knowledge.citations import cited_keys, figures, figures_behind, without_citations
from bot.knowledge.model import Entry, Guide, Knowledge
from bot.knowledge.quiz import LONGEST_EXPLANATION, QuizQuestion
from bot.knowledge.telegram import TELEGRAM_NAMES

LONGEST_REMINDER = 90


def short_reminders(knowledge: Knowledge, _today: date) -> Iterator[Problem]:
    """Let only the guide's answers remind, with a short question."""
    for entry in knowledge.entries:
        if entry.remind is None:
            continue
        if not entry.guide:
            yield _in(entry, "remind", "only an answer of a guide can remind")
        question = entry.remind.question
        if len(question) > LONGEST_REMINDER:
            message = f"'remind.question' has {len(question)} characters; at most"
            yield _in(entry, "remind.question", f"{message} {LONGEST_REMINDER}")
        if not question.endswith("?"):
            yield _in(entry, "remind.question", "'remind.question' must end in a question mark")


def sound_quizzes(knowledge: Knowledge, _today: date) -> Iterator[Problem]:
    """Every question of a quiz stands once, and its right option is one of its options."""
    for guide in knowledge.guides:
        taken: set[str] = set()
        for each in guide.quiz:
            if each.id in taken:
                yield _at(each, "id", f"the id '{each.id}' stands twice")
            taken.add(each.id)
            if each.answer not in each.options:
                yield _at(each, "answer", f"'{each.answer}' is none of the options")
            if len(set(each.options)) < len(each.options):
                yield _at(each, "options", "an option stands twice")


def quizzes_rest_on_entries(knowledge: Knowledge, _today: date) -> Iterator[Problem]:
    """Every question opens an entry, cites sources of that entry, and adds no figure to them."""
    for guide in knowledge.guides:
        entries = {entry.id: entry for entry in guide.entries}
        for each in guide.quiz:
            if each.entry not in entries:
                yield _at(each, "entry", f"the guide has no entry '{each.entry}'")
            else:
                yield from _unfounded(each, entries[each.entry], guide)


def short_explanations(knowledge: Knowledge, _today: date) -> Iterator[Problem]:
    """Keep an explanation as short as Telegram wants it, with the labels of its sources."""
    sentence = knowledge.voice.telegram.say.explanation
    if any(_unfilled("say.explanation", sentence)):
        return
    for guide in knowledge.guides:
        for each in guide.quiz:
            length = len(each.explained(sentence, _sources(knowledge, guide)))
            if length > LONGEST_EXPLANATION:
                message = f"'explanation' has {length} characters with its sources; at most"
                yield _at(each, "explanation", f"{message} {LONGEST_EXPLANATION}")


def whole_telegram_sentences(knowledge: Knowledge, _today: date) -> Iterator[Problem]:
    """Allow in Telegram's sentences just the names in braces that can be filled in."""
    origin, words = knowledge.voice.origin, knowledge.voice.telegram
    for part, said in (("labels", words.labels), ("say", words.say)):
        for name, sentence in said:
            for message in _unfilled(f"{part}.{name}", sentence):
                yield Problem(origin.path, origin.at(f"telegram.{part}.{name}"), message)


def _unfilled(field: str, sentence: str) -> Iterator[str]:
    """Yield what is wrong with the braces of a sentence."""
    try:
        names = {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}
    except ValueError as error:
        yield f"'{field}': {error}"
        return
    for name in sorted(names - TELEGRAM_NAMES.get(field, frozenset())):
        yield f"'{field}' has {{{name}}}, which nothing fills in"


def _unfounded(each: QuizQuestion, entry: Entry, guide: Guide) -> Iterator[Problem]:
    """Yield what a question says and the entry that it opens doesn't bear out."""
    keys = cited_keys(each.explanation)
    if not keys:
        yield _at(each, "explanation", "uncited claim: 'explanation' cites no source")
        return
    for key in keys:
        if key not in entry.sources:
            yield _at(each, "explanation", f"'{entry.id}' does not rest on the source '{key}'")
    behind = figures_behind([guide.sources[key] for key in keys if key in guide.sources])
    for field in ("explanation", "answer"):
        for figure in figures(without_citations(getattr(each, field))):
            if figure not in behind:
                yield _at(each, field, f"the figure '{figure}' stands in no cited source")


def _sources(knowledge: Knowledge, guide: Guide) -> dict[str, Source]:
    """Return the sources that `guide` may cite."""
    return {**knowledge.safety.sources, **guide.sources}


def _at(each: QuizQuestion, field: str, message: str) -> Problem:
    """Return a Problem at the line of a question's field."""
    return Problem(each.origin.path, each.origin.at(field), message)


def _in(entry: Entry, field: str, message: str) -> Problem:
    """Return a Problem at the line of an entry's field."""
    return Problem(entry.origin.path, entry.origin.at(field), message)
