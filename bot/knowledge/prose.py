"""Warnings on how entries are written, one small function each. A person decides on each of them.

A warning has the shape of a rule; `check` prints what it yields, and passes all the same.
"""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta

from bot.errors import Problem
from bot.knowledge.citations import figures, without_citations
from bot.knowledge.model import Entry, Knowledge
from bot.knowledge.readability import grade_level
from bot.text import normalise, sentences, words

HARDEST = 11
"""The school year that should read an answer with ease."""
LONGEST_FIRST = 32
"""Words of an answer's first sentence."""
FEWEST_VOICES = 3
ALIKE = 0.5
"""The share of an entry's phrasings that may begin with the same two words."""
STALE = timedelta(days=365)

_ABSOLUTE = re.compile(
    r"\b(proves?|proven|best|worst|always|never|guarantees?d?|must|everyone|"
    r"completely|perfect(?:ly)?|undoubtedly|definitely|certainly|cures?|impossible)\b",
    re.IGNORECASE,
)
_HEDGED = re.compile(
    r"\b(not|no|nor|none|neither|nobody|without|cannot|can.t|doesn.t|don.t|isn.t|aren.t|didn.t|"
    r"hasn.t|won.t|wasn.t|if|unless|whether|until|rather than|instead of|hardly|about|at)\b",
    re.IGNORECASE,
)
_ROUNDABOUT = re.compile(
    r"(it depends\b|there (?:are|is) (?:many|several|a lot|no simple)|when it comes to|"
    r"according to|studies (?:show|suggest)|research (?:shows|suggests)|"
    r"in (?:order to|general|this)\b|as we\b|"
    r"(?:this|the) (?:section|article|question|topic)\b|this (?:page|guide)\b|"
    r"before (?:we|you)\b|first of all|"
    r"many people\b|great question|let.s\b|to (?:answer|understand)\b)",
    re.IGNORECASE,
)
_AMOUNT = re.compile(
    r"\b(half|twice|double|triple|a third|a quarter|most) (?:of|as|the|people)\b", re.IGNORECASE
)
_BEFORE = 40


def easy_to_read(knowledge: Knowledge, _today: date) -> Iterator[Problem]:
    """Every answer reads with ease."""
    for entry in _written(knowledge):
        level = grade_level(without_citations(entry.answer))
        if level > HARDEST:
            message = f"'answer' reads like school year {level:.0f}; at most {HARDEST}"
            yield _at(entry, "answer", f"{message}: shorter sentences, plainer words")


def hedged(knowledge: Knowledge, _today: date) -> Iterator[Problem]:
    """Find absolute words without a limit: what holds for some is not said of all."""
    for entry in _written(knowledge):
        for field in ("answer", "more"):
            for word in _absolutes(getattr(entry, field)):
                message = f"'{field}' says '{word}': is that so without a limit?"
                if entry.grade in ("limited", "practice"):
                    message += f" The grade is {entry.grade}"
                yield _at(entry, field, message)


def amounts_have_a_source(knowledge: Knowledge, _today: date) -> Iterator[Problem]:
    """Find amounts in words, such as "half of", that no source of the entry has."""
    sources = {guide.id: guide.sources for guide in knowledge.guides}
    for entry in _written(knowledge):
        known = {**knowledge.safety.sources, **sources.get(entry.guide, {})}
        told = " ".join(known[key].reported.lower() for key in entry.sources if key in known)
        for field in ("answer", "more"):
            for found in _AMOUNT.finditer(without_citations(getattr(entry, field))):
                if found[1].lower() not in told:
                    yield _at(entry, field, f"the amount '{found[0]}' stands in no cited source")


def draft_figures_have_a_source(knowledge: Knowledge, _today: date) -> Iterator[Problem]:
    """Find figures in drafts that no source which the draft names has."""
    for guide in (*knowledge.guides, *knowledge.waiting):
        for draft in guide.drafts:
            known = {**knowledge.safety.sources, **guide.sources}
            told = " ".join(known[key].reported for key in draft.sources if key in known)
            for figure in dict.fromkeys(figures(without_citations(f"{draft.answer} {draft.more}"))):
                if figure not in figures(told):
                    message = f"the figure '{figure}' stands in no source that the draft names"
                    yield Problem(draft.origin.path, draft.origin.at("answer"), message)


def answer_first(knowledge: Knowledge, _today: date) -> Iterator[Problem]:
    """Every answer begins with the answer, in a sentence that a phone shows whole."""
    for entry in _written(knowledge):
        first = without_citations(next(iter(sentences(entry.answer)), ""))
        found = _ROUNDABOUT.match(first)
        if found:
            yield _at(entry, "answer", f"'answer' begins with '{found[0]}': begin with the answer")
        elif len(words(first)) > LONGEST_FIRST:
            message = f"the first sentence of 'answer' has {len(words(first))} words"
            yield _at(entry, "answer", f"{message}; at most {LONGEST_FIRST}: begin with the answer")


def varied_phrasings(knowledge: Knowledge, _today: date) -> Iterator[Problem]:
    """Every entry is asked for by several voices, and not with the same beginning."""
    for entry in _written(knowledge):
        voices = {phrase.voice for phrase in entry.phrases}
        if len(voices) < FEWEST_VOICES:
            message = f"'{entry.id}' is asked for by {len(voices)} voices; at least {FEWEST_VOICES}"
            yield _at(entry, "id", message)
        starts = Counter(" ".join(normalise(one.text).split()[:2]) for one in entry.phrases)
        start, count = starts.most_common(1)[0] if starts else ("", 0)
        if count > ALIKE * len(entry.phrases):
            message = f"{count} of {len(entry.phrases)} phrasings of '{entry.id}' begin with"
            yield _at(entry, "id", f"{message} '{start}': too little variety")


def reviewed_lately(knowledge: Knowledge, today: date) -> Iterator[Problem]:
    """Somebody has looked at every entry within a year."""
    for entry in knowledge.entries:
        if today - entry.reviewed > STALE:
            yield _at(entry, "reviewed", f"not reviewed since {entry.reviewed}: more than a year")


def unfinished(knowledge: Knowledge, _today: date) -> Iterator[Problem]:
    """Tell what a person still has to decide on before a draft goes live."""
    for draft in knowledge.drafts:
        message = f"draft '{draft.id}' isn't live: {'; '.join(draft.todo)}"
        yield Problem(draft.origin.path, draft.origin.at("todo"), message)


WARNINGS = (
    unfinished,
    easy_to_read,
    hedged,
    amounts_have_a_source,
    draft_figures_have_a_source,
    answer_first,
    varied_phrasings,
    reviewed_lately,
)
"""Every warning, in the order in which an author would want to hear of it."""


def _absolutes(text: str) -> Iterator[str]:
    """Yield the absolute words of `text` that no word of doubt stands before in their sentence."""
    for sentence in sentences(without_citations(text)):
        for found in _ABSOLUTE.finditer(sentence):
            if not _HEDGED.search(sentence[max(found.start() - _BEFORE, 0) : found.start()]):
                yield found[0]


def _written(knowledge: Knowledge) -> Iterator[Entry]:
    """Yield the entries that make claims: no small talk, and no words of emergency."""
    for guide in knowledge.guides:
        yield from (entry for entry in guide.entries if entry.scope != "talk")


def _at(entry: Entry, field: str, message: str) -> Problem:
    """Return a Problem at the line of an entry's field."""
    return Problem(entry.origin.path, entry.origin.at(field), message)
