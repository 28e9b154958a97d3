"""What was taken for what."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.evaluation.asking import Result

Confusions = Mapping[tuple[str, str], tuple[Result, ...]]

MOST_NAMES = 24
_CHOICE = "(a choice)"
_NOTHING = "(no answer)"


class Matrix(NamedTuple):
    """How often each of `rows` was expected and each of `columns` shown, (rows, columns).

    The first columns are the rows; the last two stand for a choice offered and for no answer.
    """

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    counts: NDArray[np.intp]


def confusions(results: Iterable[Result]) -> Confusions:
    """Return what was taken for what: (expected, answered) -> results, the most frequent first.

    Expected is the best entry of a question; answered is the first that was shown instead.
    """
    pairs: dict[tuple[str, str], tuple[Result, ...]] = {}
    for result in results:
        if result.failed and result.decision in ("answer", "refer") and result.shown:
            key = result.turn.parts[0][0], result.shown[0]
            pairs[key] = (*pairs.get(key, ()), result)
    return dict(sorted(pairs.items(), key=lambda pair: (-len(pair[1]), pair[0])))


def matrix(results: Sequence[Result], most: int = MOST_NAMES) -> Matrix:
    """Return the matrix of the entries that are confused most often, at most so many."""
    involved = Counter(
        name for pair, confused in confusions(results).items() for name in pair for _ in confused
    )
    rows = tuple(sorted(name for name, _ in involved.most_common(most)))
    columns = (*rows, _CHOICE, _NOTHING)
    counts = np.zeros((len(rows), len(columns)), np.intp)
    for result in results:
        expected, shown = _cell(result)
        if expected in rows and shown in columns:
            counts[rows.index(expected), columns.index(shown)] += 1
    return Matrix(rows, columns, counts)


def _cell(result: Result) -> tuple[str, str]:
    """Return what was expected and what was shown; a right answer counts as the best one."""
    best = result.turn.parts[0][0]
    if result.verdict in ("right", "caught", "declined"):
        return best, best
    if result.decision in ("answer", "refer") and result.shown:
        return best, result.shown[0]
    return best, _CHOICE if result.decision == "clarify" else _NOTHING
