"""Rules across files, one small function each. A rule yields the Problems that it finds."""

from collections.abc import Callable, Iterator
from datetime import date

from bot.errors import Problem
from bot.knowledge.asking import (
    quizzes_rest_on_entries,
    short_explanations,
    short_reminders,
    sound_quizzes,
    whole_telegram_sentences,
)
from bot.knowledge.base import Phrase, Source
from bot.knowledge.citations import cited_keys, figures, figures_behind, without_citations
from bot.knowledge.collisions import (
    one_guide_a_button,
    one_guide_a_name,
    primary_speaks,
    unique_drafts,
)
from bot.knowledge.links import (
    known_commands,
    known_screens,
    known_targets,
    listed_topics,
    outside_offers,
    sections_hold_their_topics,
)
from bot.knowledge.model import Entry, Knowledge
from bot.knowledge.paths import (
    checkpoints_cite,
    checkpoints_conclude,
    checkpoints_fit,
    checkpoints_have_names,
    checkpoints_know_their_answers,
    checkpoints_open_entries,
)
from bot.knowledge.pictures import (
    cited_pictures,
    pictures_add_no_number,
    pictures_belong,
    short_captions,
    unique_pictures,
)
from bot.knowledge.sentences import whole_sentences
from bot.text import normalise, normalised

LONGEST_ANSWER = 600
LONGEST_MORE = 900
LONGEST_CAVEAT = 160
LONGEST_QUESTION = 90
FEWEST_PHRASINGS = 8

Rule = Callable[[Knowledge, date], Iterator[Problem]]


def unique_ids(knowledge: Knowledge, _today: date) -> Iterator[Problem]:
    """No two entries carry one id (a guide's entry may not take a shared entry's id)."""
    for guide_id, entries in _by_guide(knowledge).items():
        taken = {} if not guide_id else {entry.id: entry for entry in knowledge.shared}
        for entry in entries:
            if entry.id in taken:
                other = taken[entry.id].origin
                yield _at(entry, "id", f"the id '{entry.id}' is taken by {other[0]}:{other[1]}")
            taken.setdefault(entry.id, entry)
    for guide in knowledge.guides:
        for at, section in enumerate(guide.file.sections):
            if section.id in {other.id for other in guide.file.sections[:at]}:
                message = f"the section '{section.id}' stands twice"
                yield Problem(guide.origin.path, guide.origin.at(f"sections.{at}"), message)
        for at, group in enumerate(guide.outside):
            if group.id in {other.id for other in guide.outside[:at]}:
                message = f"the id '{group.id}' stands twice"
                yield Problem(group.origin.path, group.origin.line, message)


def unique_questions(knowledge: Knowledge, _today: date) -> Iterator[Problem]:
    """No two entries of a guide have one button text: readers couldn't tell them apart."""
    for entries in _by_guide(knowledge).values():
        taken: dict[str, Entry] = {}
        for entry in entries:
            key = normalise(entry.ask)
            if key in taken:
                yield _at(entry, "ask", f"'{taken[key].id}' asks the same: '{entry.ask}'")
            taken.setdefault(key, entry)


def unique_names(knowledge: Knowledge, _today: date) -> Iterator[Problem]:
    """No two entries of a guide have one name or title: typed alone, it couldn't open both."""
    for entries in _by_guide(knowledge).values():
        taken: dict[str, Entry] = {}
        for entry in entries:
            for field, name in (("title", entry.title), *(("names", each) for each in entry.names)):
                other = taken.setdefault(normalise(name), entry)
                if other is not entry:
                    yield _at(entry, field, f"'{other.id}' has the name '{name}' too")


def cited(knowledge: Knowledge, _today: date) -> Iterator[Problem]:
    """Every answer and every 'more' outside talk cites a source."""
    for entry in knowledge.entries:
        if entry.scope == "talk":
            continue
        for field, text in (("answer", entry.answer), ("more", entry.more)):
            if text and not cited_keys(text):
                yield _at(entry, field, f"uncited claim: '{field}' cites no source")


def known_sources(knowledge: Knowledge, _today: date) -> Iterator[Problem]:
    """Every cited source exists, `sources` lists the cited ones, and one was read by somebody."""
    for entry in knowledge.entries:
        known = sources_of(knowledge, entry)
        used = {
            key: field
            for field in ("more", "caveat", "answer")
            for key in cited_keys(getattr(entry, field))
        }
        for key, field in used.items():
            if key not in known:
                yield _at(entry, field, f"the source '{key}' does not exist")
            elif key not in entry.sources:
                yield _at(entry, "sources", f"'{key}' is cited but not listed under 'sources'")
        for key in entry.sources:
            if key not in used:
                yield _at(entry, "sources", f"'{key}' is listed but never cited")
        in_answer = [known[key] for key in cited_keys(entry.answer) if key in known]
        if in_answer and all(source.checked == "memory" for source in in_answer):
            yield _at(entry, "answer", "rests on sources from memory only: cite one that was read")


def figures_have_a_source(knowledge: Knowledge, _today: date) -> Iterator[Problem]:
    """Every figure in an answer stands in a source that the same text cites."""
    for entry in knowledge.entries:
        known = sources_of(knowledge, entry)
        for field, text in (
            ("answer", entry.answer),
            ("caveat", entry.caveat),
            ("more", entry.more),
        ):
            keys = cited_keys(text) or cited_keys(entry.answer)
            behind = figures_behind([known[key] for key in keys if key in known])
            for figure in figures(without_citations(text)):
                if figure not in behind and entry.scope != "talk" and entry.section != "safety":
                    yield _at(entry, field, f"the figure '{figure}' stands in no cited source")


def complete_evidence(knowledge: Knowledge, _today: date) -> Iterator[Problem]:
    """Require a grade, what it rests on, a caveat and what would change it, outside talk.

    A guide that isn't graded needs none of it.
    """
    manuals = {guide.id for guide in knowledge.guides if not guide.file.graded}
    for entry in knowledge.entries:
        if entry.scope == "talk" or entry.guide in manuals:
            continue
        for field in ("grade", "basis", "caveat", "would_change"):
            if not getattr(entry, field):
                yield _at(entry, "id", f"'{entry.id}' has no '{field}'")
        if entry.checkpoint is None and entry.section != "safety":
            yield _at(entry, "id", f"'{entry.id}' has no checkpoint")


def fitting_lengths(knowledge: Knowledge, _today: date) -> Iterator[Problem]:
    """Keep an answer to one phone screen, and its other parts as short as they should be."""
    for entry in knowledge.entries:
        parts = [
            ("answer", entry.answer, LONGEST_ANSWER),
            ("more", entry.more, LONGEST_MORE),
            ("caveat", entry.caveat, LONGEST_CAVEAT),
        ]
        if entry.checkpoint:
            parts.append(("checkpoint", entry.checkpoint.question, LONGEST_QUESTION))
        for field, text, most in parts:
            length = len(without_citations(text))
            if length > most:
                yield _at(entry, field, f"'{field}' has {length} characters; at most {most}")


def enough_phrasings(knowledge: Knowledge, _today: date) -> Iterator[Problem]:
    """Every entry has enough ways of asking for the matcher to know it."""
    for entry in knowledge.entries:
        if len(entry.phrases) < FEWEST_PHRASINGS:
            message = (
                f"'{entry.id}' has {len(entry.phrases)} phrasings; at least {FEWEST_PHRASINGS}"
            )
            yield _at(entry, "id", message)


def one_entry_a_phrasing(knowledge: Knowledge, _today: date) -> Iterator[Problem]:
    """No phrasing stands in two entries: the matcher couldn't tell them apart."""
    taken: dict[str, tuple[str, Phrase]] = {}
    labelled = [(entry.uid, entry.phrases) for entry in knowledge.entries]
    labelled += [(group.uid, group.phrases) for group in knowledge.outside]
    each = [(uid, phrase) for uid, phrases in labelled for phrase in phrases]
    keys = normalised([phrase.text for _, phrase in each])
    for key, (uid, phrase) in zip(keys, each, strict=True):
        other, first = taken.setdefault(key, (uid, phrase))
        if other != uid:
            where = f"{first.path}:{first.line}"
            message = f"the phrasing '{phrase.text}' stands in '{other}' too ({where})"
            yield Problem(phrase.path, phrase.line, message)


def reviewed_in_the_past(knowledge: Knowledge, today: date) -> Iterator[Problem]:
    """Nobody has reviewed an entry tomorrow."""
    for entry in knowledge.entries:
        if entry.reviewed > today:
            yield _at(entry, "reviewed", f"the review date {entry.reviewed} is in the future")


RULES: tuple[Rule, ...] = (
    unique_ids,
    unique_questions,
    unique_names,
    unique_drafts,
    one_guide_a_button,
    one_guide_a_name,
    primary_speaks,
    listed_topics,
    sections_hold_their_topics,
    known_targets,
    known_commands,
    known_screens,
    whole_sentences,
    outside_offers,
    cited,
    known_sources,
    figures_have_a_source,
    complete_evidence,
    fitting_lengths,
    enough_phrasings,
    one_entry_a_phrasing,
    reviewed_in_the_past,
    unique_pictures,
    pictures_belong,
    cited_pictures,
    short_captions,
    pictures_add_no_number,
    checkpoints_have_names,
    checkpoints_open_entries,
    checkpoints_know_their_answers,
    checkpoints_conclude,
    checkpoints_cite,
    checkpoints_fit,
    short_reminders,
    sound_quizzes,
    quizzes_rest_on_entries,
    short_explanations,
    whole_telegram_sentences,
)
"""Every rule, in the order in which an author would want to hear of it."""


VOICE_RULES: tuple[Rule, ...] = (
    known_targets,
    known_commands,
    known_screens,
    whole_sentences,
    whole_telegram_sentences,
    short_explanations,
    cited,
    known_sources,
    complete_evidence,
    fitting_lengths,
)
"""Those for a voice in a language that no guide is written in."""


def sources_of(knowledge: Knowledge, entry: Entry) -> dict[str, Source]:
    """Return the sources that `entry` may cite: its guide's and the shared ones."""
    own = next((guide.sources for guide in knowledge.guides if guide.id == entry.guide), {})
    return {**knowledge.safety.sources, **own}


def _by_guide(knowledge: Knowledge) -> dict[str, tuple[Entry, ...]]:
    """Return the entries by guide id; the shared ones under the empty id."""
    return {"": knowledge.shared, **{guide.id: guide.entries for guide in knowledge.guides}}


def _at(entry: Entry, field: str, message: str) -> Problem:
    """Return a Problem at the line of an entry's field."""
    return Problem(entry.origin.path, entry.origin.at(field), message)
