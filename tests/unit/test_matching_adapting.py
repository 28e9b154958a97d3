"""An index that was adapted to changed phrasings, against the small guide."""

import numpy as np
import pytest

from bot.knowledge.base import Phrase
from bot.knowledge.model import Entry, Knowledge
from bot.matching import adapting
from bot.matching.adapting import adapted
from bot.matching.encoder import make_encoder
from bot.matching.index import SearchIndex
from bot.matching.labelled import Labelled, reader_of
from bot.matching.matcher import Matcher

ENTRY = "tea/tea-at-night"
NEW = "staring at the ceiling after a brew"
ENCODER = make_encoder("default", "")


def asked(tea: Knowledge, uid: str, *texts: str) -> Knowledge:
    """Return the knowledge with these phrasings of an entry alone."""
    (guide,) = tea.guides
    phrases = tuple(Phrase(text, "new", "", 1) for text in texts)

    def changed(entry: Entry) -> Entry:
        return entry.model_copy(update={"phrases": phrases}) if entry.uid == uid else entry

    entries = tuple(map(changed, guide.entries))
    return tea.model_copy(update={"guides": (guide.model_copy(update={"entries": entries}),)})


def adapt(known: SearchIndex, knowledge: Knowledge) -> SearchIndex | None:
    """Return what `known` becomes for `knowledge`."""
    return adapted(known, Labelled.of(knowledge), ENCODER, reader_of(knowledge))


def first(index: SearchIndex | None, knowledge: Knowledge, question: str) -> tuple[str, str]:
    """Return the uid and the phrase of what is most likely meant."""
    assert index is not None
    best = Matcher(knowledge, index, ENCODER, reader_of(knowledge)).rank(question).candidates[0]
    return best.entry.uid, best.phrase


def test_a_new_phrasing(tea: Knowledge, tea_matcher: Matcher) -> None:
    """It is found by its own words."""
    knowledge = asked(tea, ENTRY, "does it keep me awake", NEW)
    assert (ENTRY, NEW) == first(adapt(tea_matcher.index, knowledge), knowledge, NEW)


def test_a_phrasing_moved(tea: Knowledge, tea_matcher: Matcher) -> None:
    """One that belongs to another entry now leads there."""
    text = "how long should i leave the leaves in"
    assert "tea/steeping-time" == first(tea_matcher.index, tea, text)[0]
    moved = asked(asked(tea, "tea/steeping-time", "minutes of green tea"), ENTRY, text)
    assert (ENTRY, text) == first(adapt(tea_matcher.index, moved), moved, text)


def test_a_new_entry(tea: Knowledge, tea_matcher: Matcher) -> None:
    """An entry that the index didn't know is learned."""
    (guide,) = tea.guides
    phrases = (Phrase("which biscuits go with it", "new", "", 1), Phrase(NEW, "new", "", 1))
    new = guide.entries[0].model_copy(update={"id": "biscuits", "phrases": phrases})
    more = guide.model_copy(update={"entries": (*guide.entries, new)})
    knowledge = tea.model_copy(update={"guides": (more,)})
    found = first(adapt(tea_matcher.index, knowledge), knowledge, "which biscuits go with it")
    assert "tea/biscuits" == found[0]


def test_an_entry_gone(tea: Knowledge, tea_matcher: Matcher) -> None:
    """An entry that is no longer there has no coefficients left, and the others keep theirs."""
    (guide,) = tea.guides
    fewer = guide.model_copy(update={"entries": guide.entries[1:]})
    index = adapt(tea_matcher.index, tea.model_copy(update={"guides": (fewer,)}))
    assert index is not None
    kept = tea_matcher.index.coefficients
    assert np.array_equal(np.delete(kept.bias, 0), index.coefficients.bias)


def test_what_stays_keeps_its_coefficients(tea: Knowledge, tea_matcher: Matcher) -> None:
    """Only the labels whose phrasings changed are fitted."""
    index = adapt(tea_matcher.index, asked(tea, ENTRY, NEW))
    assert index is not None
    place = index.learned.labels.index(ENTRY)
    before, after = tea_matcher.index.coefficients.terms, index.coefficients.terms
    assert np.array_equal(np.delete(before, place, 1), np.delete(after, place, 1))
    assert not np.array_equal(before[:, place], after[:, place])


def test_nothing_changed(tea: Knowledge, tea_matcher: Matcher) -> None:
    """The same phrasings have the same coefficients."""
    index = adapt(tea_matcher.index, tea)
    assert index is not None
    pairs = zip(tea_matcher.index.coefficients, index.coefficients, strict=True)
    assert all(np.array_equal(*pair) for pair in pairs)


def test_too_much_changed(
    tea: Knowledge, tea_matcher: Matcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With many new phrasings, fitting is better than adapting."""
    monkeypatch.setattr(adapting, "_MOST_NEW", 1)
    assert adapt(tea_matcher.index, asked(tea, ENTRY, NEW, "a second one")) is None


def test_it_says_that_it_is_provisional(tea: Knowledge, tea_matcher: Matcher) -> None:
    """What was adapted is known to be."""
    index = adapt(tea_matcher.index, tea)
    assert (False, True) == (tea_matcher.index.provisional, index is not None and index.provisional)
