"""What the matcher learns from on the guides that ship, and what each of its parts is worth.

``python tests/benchmarks/learning.py`` prints three tables. The first judges each voice by a fit to
all other voices, each in turn; the second holds out a fifth of the voices at a time, and leaves one
part of the matcher out. Both take a sample of the phrasings, and the vocabulary is that of all
voices. The third has the bot's own matcher learn from a few phrasings an entry, and asks it the
labelled questions of the part ``fit``.

First right: the right entry came first; first three: it was among the first three. No threshold.
"""

import argparse
import random
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(REPOSITORY))

from bot.app.composition import make_matcher, read_knowledge  # noqa: E402 - the path comes first
from bot.conversation.catalogue import Catalogue  # noqa: E402
from bot.evaluation.loader import load_questions  # noqa: E402
from bot.evaluation.questions import Turn  # noqa: E402
from bot.knowledge.base import Phrase  # noqa: E402
from bot.knowledge.model import Entry, Knowledge, Outside  # noqa: E402
from bot.matching.encoder import Encoder, make_encoder  # noqa: E402
from bot.matching.index import build_index  # noqa: E402
from bot.matching.labelled import Labelled, reader_of  # noqa: E402
from bot.matching.matcher import Matcher  # noqa: E402
from bot.matching.material import FeatureWeights, Material, Neighbours  # noqa: E402
from bot.matching.reading import Reading  # noqa: E402
from bot.matching.vectors import phrase_vectors  # noqa: E402
from bot.matching.wording import Row, Wording  # noqa: E402
from bot.settings import Settings  # noqa: E402

CURVE = (5, 10, 20, 50, 100)
SEED = 2026
WORDS, LETTERS = "words", "letters"
_FOLDS = 5
_FEWEST = 10
"""A voice of which fewer phrasings were sampled is not judged on its own."""

Array = NDArray[np.float32]
Owner = TypeVar("Owner", Entry, Outside)
Places = NDArray[np.intp]
"""How many other labels came before the right one."""

Asked = list[tuple[str, frozenset[str]]]
"""Questions, each with the uids of the entries that answer it."""


class Design(NamedTuple):
    """The matcher, or the matcher without one of its parts.

    `mends` is repair and synonyms; `kinds` are the kinds of terms that it knows.
    """

    without: str
    knowledge: Knowledge
    weights: FeatureWeights
    mends: bool = True
    kinds: tuple[str, ...] = (WORDS, LETTERS)


class Judged(NamedTuple):
    """The places of the right entries of phrasings, each judged without its voice."""

    places: Places
    voices: NDArray[np.str_]


def main() -> None:
    """Measure and print."""
    options = _options()
    settings = Settings.read()
    knowledge, encoder = read_knowledge(settings), make_encoder(settings.encoder)
    matcher = make_matcher(knowledge, settings)
    learned = Labelled.of(knowledge)
    chosen = _chosen(learned, options.sample)
    voices = _numbered(np.array([learned.phrases[at].voice for at in chosen]))
    every, *fewer = designs(knowledge, matcher.weights)
    whole = left_out(every, chosen, voices, encoder)
    _heading(f"{len(chosen)} phrasings, by voice")
    for line in by_voice(whole):
        print(line)
    _heading(f"without (1 voice in {_FOLDS} held out)")
    for design in (every, *fewer):
        found = left_out(design, chosen, voices % _FOLDS, encoder)
        print(_row(design.without, found.places), flush=True)
    _heading("phrasings an entry")
    asked = labelled(knowledge)
    for most in options.curve:
        print(
            _row(str(most), places(_taught(reduced(knowledge, most), encoder), asked)), flush=True
        )
    print(_row("all", places(matcher, asked)))


def designs(knowledge: Knowledge, weights: FeatureWeights) -> Iterator[Design]:
    """Yield the matcher, then the matcher without each of its parts."""
    yield Design("nothing", knowledge, weights)
    yield Design("vectors", knowledge, FeatureWeights(0.0, 0.0))
    yield Design("nearness", knowledge, weights._replace(nearness=0.0))
    yield Design("words and pairs", knowledge, weights, kinds=(LETTERS,))
    yield Design("letters", knowledge, weights, kinds=(WORDS,))
    yield Design("repair and synonyms", knowledge, weights, mends=False)
    yield Design("removal of the subject", _subject_kept(knowledge), weights)


def left_out(design: Design, chosen: Places, groups: Places, encoder: Encoder) -> Judged:
    """Judge each of the `chosen` phrasings of entries by a fit without its group."""
    learned = Labelled.of(design.knowledge)
    voices = np.array([learned.phrases[at].voice for at in chosen])
    material = _material(design, learned, chosen, encoder)
    before = np.empty(len(chosen), np.intp)
    for group in np.unique(groups):
        held = np.flatnonzero(groups == group)
        rest = material.part(np.flatnonzero(groups != group))
        before[held] = _places(material.part(held), rest, design.weights)
    inside = ~learned.outside_mask[material.labels]
    return Judged(before[inside], voices[inside])


def by_voice(judged: Judged) -> Iterator[str]:
    """Yield the mean and the range of the shares of all voices."""
    each = [judged.places[judged.voices == voice] for voice in np.unique(judged.voices)]
    shares = np.array([_shares(one) for one in each if len(one) >= _FEWEST])
    for name, figures in (
        ("mean", shares.mean(0)),
        ("least", shares.min(0)),
        ("most", shares.max(0)),
    ):
        yield f"{f'{name} of {len(shares)} voices':28}{figures[0]:12.1f}{figures[1]:13.1f}"


def reduced(knowledge: Knowledge, most: int) -> Knowledge:
    """Return `knowledge` with at most so many phrasings of every entry and outside field."""

    def some(phrases: tuple[Phrase, ...], uid: str) -> dict[str, tuple[Phrase, ...]]:
        chance = random.Random(f"{SEED} {uid}")
        return {"phrases": tuple(chance.sample(phrases, min(most, len(phrases))))}

    def less(owners: Iterable[Owner]) -> tuple[Owner, ...]:
        return tuple(one.model_copy(update=some(one.phrases, one.uid)) for one in owners)

    guides = tuple(
        guide.model_copy(update={"entries": less(guide.entries), "outside": less(guide.outside)})
        for guide in knowledge.guides
    )
    return knowledge.model_copy(update={"guides": guides, "shared": less(knowledge.shared)})


def labelled(knowledge: Knowledge) -> Asked:
    """Return the single questions of the part `fit` that the guides cover."""
    catalogue = Catalogue(knowledge)
    every = load_questions(REPOSITORY / "tests" / "guides", catalogue)
    conversations = [one for questions in every for one in questions.conversations]
    turns = [each.turns[0] for each in conversations if each.part == "fit"]
    found = [(turn.said, map(catalogue.find, turn.expected)) for turn in turns if _covered(turn)]
    return [(said, frozenset(one.uid for one in entries if one)) for said, entries in found]


def places(matcher: Matcher, asked: Asked) -> Places:
    """Return how many entries `matcher` puts before the first right one; five stands for more."""
    ranked = [(matcher.rank(text).candidates, right) for text, right in asked]
    return np.array(
        [
            next((at for at, one in enumerate(candidates) if one.entry.uid in right), 5)
            for candidates, right in ranked
        ]
    )


def _covered(turn: Turn) -> bool:
    """Say whether a turn is one question that entries of the guide answer."""
    return turn.kind == "inside" and len(turn.parts) == 1


def _taught(knowledge: Knowledge, encoder: Encoder) -> Matcher:
    """Return a matcher that has learned `knowledge`."""
    reader = reader_of(knowledge)
    return Matcher(knowledge, build_index(knowledge, encoder, reader), encoder, reader)


def _subject_kept(knowledge: Knowledge) -> Knowledge:
    """Return `knowledge` without the names of what its guides are about."""
    guides = [
        guide.model_copy(update={"words": guide.words.model_copy(update={"subject": ()})})
        for guide in knowledge.guides
    ]
    return knowledge.model_copy(update={"guides": tuple(guides)})


def _places(held: Material, rest: Material, weights: FeatureWeights) -> Places:
    """Return how many labels come before that of each held phrasing, learning from the rest."""
    scores = held.scores(rest.teach(weights.vector))
    if weights.nearness:
        nearest = Neighbours(rest.labels, rest.label_count).nearest(held.vectors @ rest.vectors.T)
        scores += np.float32(weights.nearness) * nearest
    own = np.take_along_axis(scores, held.labels[:, None], 1)
    before: Places = (scores > own).sum(1)
    return before


def _readings(design: Design, learned: Labelled, chosen: Places) -> list[Reading]:
    """Read the chosen phrasings as the design does."""
    reader = reader_of(design.knowledge)
    read = [reader.read(learned.phrases[at].text) for at in chosen]
    return read if design.mends else [one._replace(understood=one.typed) for one in read]


def _material(design: Design, learned: Labelled, chosen: Places, encoder: Encoder) -> Material:
    """Return the chosen phrasings as the design knows them."""
    readings = _readings(design, learned, chosen)
    wording = Wording.learn([reading.understood for reading in readings])
    letters = np.array([term.startswith("#") for term in wording.terms])
    known = np.where(letters, LETTERS in design.kinds, WORDS in design.kinds)
    rows = [wording.row(reading.understood) for reading in readings]
    kept = [Row(row.terms[known[row.terms]], row.weights[known[row.terms]]) for row in rows]
    labels, count = learned.label_of[chosen], len(learned.labels)
    return Material(kept, len(wording.terms), phrase_vectors(encoder, readings), labels, count)


def _numbered(names: NDArray[np.str_]) -> Places:
    """Return the number of each name in alphabetical order."""
    return np.unique(names, return_inverse=True)[1]


def _chosen(learned: Labelled, most: int) -> Places:
    """Return which phrasings are judged: so many by chance, or all if `most` is 0."""
    order = np.random.default_rng(SEED).permutation(len(learned.phrases))
    return np.sort(order[: most or None])


def _shares(found: Places) -> tuple[float, float]:
    """Return the shares of first right and first three, in per cent."""
    return 100 * float((found < 1).mean()), 100 * float((found < 3).mean())


def _heading(title: str) -> None:
    """Print the head of a table."""
    print(f"\n{title:28}{'first right':>12}{'first three':>13}")


def _row(name: str, found: Places) -> str:
    """Return a row of a table."""
    first, three = _shares(found)
    return f"{name:28}{first:12.1f}{three:13.1f}"


def _options() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description="Measure what the matcher learns from.")
    parser.add_argument("--sample", type=int, default=6000, help="phrasings for the first tables")
    parser.add_argument("--curve", type=int, nargs="*", default=CURVE, help="phrasings an entry")
    return parser.parse_args()


if __name__ == "__main__":
    main()
