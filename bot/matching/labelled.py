"""What the matcher learns from: every phrasing with its label."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from bot.knowledge.base import Phrase
from bot.knowledge.model import Entry, Knowledge, Outside
from bot.matching.reading import Reader

_FEWEST_VOICES = 3
FOLDS = 5


@dataclass(frozen=True)
class Labelled:
    """What the matcher learns from: each phrasing with its label; labels in order."""

    labels: tuple[str, ...]
    outside: frozenset[str]
    phrases: tuple[Phrase, ...]
    label_of: NDArray[np.intp]

    @classmethod
    def of(cls, knowledge: Knowledge) -> "Labelled":
        """Collect the phrasings of every entry and every outside field."""
        owners: list[Entry | Outside] = [*knowledge.entries, *knowledge.outside]
        pairs = [(at, phrase) for at, owner in enumerate(owners) for phrase in owner.phrases]
        return cls(
            labels=tuple(owner.uid for owner in owners),
            outside=frozenset(group.uid for group in knowledge.outside),
            phrases=tuple(phrase for _, phrase in pairs),
            label_of=np.array([at for at, _ in pairs], np.intp),
        )

    def part(self, chosen: NDArray[np.intp]) -> "Labelled":
        """Return the same labels with some of the phrasings, by number in rising order."""
        phrases = tuple(self.phrases[at] for at in chosen.tolist())
        return replace(self, phrases=phrases, label_of=self.label_of[chosen])

    @property
    def outside_mask(self) -> NDArray[np.bool_]:
        """Which labels are outside, shape (labels,)."""
        return np.array([label in self.outside for label in self.labels])

    @property
    def folds(self) -> NDArray[np.intp]:
        """Which phrasings are held out together to judge a fit without them, (n,), 0 to 4.

        Whole voices are; with fewer than three, every fifth phrasing of a label.
        """
        voices = sorted({phrase.voice for phrase in self.phrases})
        if len(voices) >= _FEWEST_VOICES:
            return np.array([voices.index(phrase.voice) for phrase in self.phrases]) % FOLDS
        starts = np.searchsorted(self.label_of, self.label_of)
        return (np.arange(len(self.phrases)) - starts) % FOLDS


def reader_of(knowledge: Knowledge) -> Reader:
    """Return the Reader that knows the vocabulary of all guides."""
    words = [guide.words for guide in knowledge.guides]
    owners: list[Entry | Outside] = [*knowledge.entries, *knowledge.outside]
    return Reader(
        [phrase.text for owner in owners for phrase in owner.phrases],
        [filler for each in words for filler in each.fillers],
        {plain: said for each in words for plain, said in each.synonyms.items()},
        [word for each in words for word in each.keep],
        [name for each in words for name in each.subject],
    )
