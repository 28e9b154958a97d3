"""Counting results: shares, groups, floors, confusions, reliability."""

import pytest

from bot.evaluation.asking import Guess, Result
from bot.evaluation.confusion import confusions, matrix
from bot.evaluation.figures import figures_of, grouped
from bot.evaluation.floors import Shortfall, shortfalls
from bot.evaluation.judgement import Verdict
from bot.evaluation.questions import Floors, Kind, Part, Turn
from bot.evaluation.reliability import Bin, bins_of, coverage_of
from bot.evaluation.shares import Share

KINDS: dict[Verdict, Kind] = {
    "right": "inside",
    "wrong": "inside",
    "missed": "inside",
    "declined": "outside",
    "answered": "outside",
    "referred": "outside",
    "caught": "safety",
}
DECISIONS: dict[Verdict, str] = {
    "right": "answer",
    "wrong": "answer",
    "missed": "abstain",
    "declined": "abstain",
    "answered": "answer",
    "referred": "refer",
    "caught": "refer",
}


def result(
    verdict: Verdict, *shown: str, part: Part = "fit", tag: str = "any", expected: str = "a"
) -> Result:
    """Return a result with a verdict, and the kind and decision that go with it."""
    turn = Turn("said", KINDS[verdict], ((expected,),), frozenset({tag}), name="said")
    return Result(turn, part, verdict, DECISIONS[verdict], shown)


def guess(confidence: float, *, right: bool) -> Result:
    """Return a result with a guess."""
    turn = Turn("said", "inside", (("a",),))
    return Result(turn, "fit", "right", "answer", guess=Guess("a", confidence, right))


@pytest.mark.parametrize(
    ("hits", "of", "expected"),
    [
        (8, 10, (0.4902, 0.9433)),
        (0, 10, (0.0, 0.2775)),
        (10, 10, (0.7225, 1.0)),
        (50, 100, (0.4038, 0.5962)),
        (0, 0, (0.0, 1.0)),
    ],
)
def test_the_interval_is_wilsons(hits: int, of: int, expected: tuple[float, float]) -> None:
    """The 95% interval is that of Wilson's score, as tables have it."""
    assert expected == pytest.approx(Share(hits, of).interval, abs=1e-4)


def test_a_share_of_nothing_is_no_number() -> None:
    """Where nothing was counted there is no share."""
    assert Share(0, 0).value is None


def test_each_kind_is_counted_apart() -> None:
    """Shares are of the questions of their own kind."""
    found = figures_of([result("right"), result("wrong"), result("answered"), result("caught")])
    expected = [Share(1, 2), Share(1, 2), Share(1, 1), Share(1, 1)]
    assert expected == [found.right, found.wrong, found.outside_answered, found.red_flags]


def test_false_alarms_are_of_all_without_a_red_flag() -> None:
    """Inside and outside count together; what has a red flag doesn't."""
    found = figures_of([result("right"), result("referred"), result("caught")])
    assert Share(1, 2) == found.false_alarms


def test_groups_are_all_then_parts_then_tags() -> None:
    """There is a group for all, for each part that occurs, and for each tag, in that order."""
    results = [result("right", tag="typo", part="held"), result("right", tag="slang", part="fit")]
    assert ["all", "fit", "held", "slang", "typo"] == list(grouped(results))


def test_a_figure_below_its_floor() -> None:
    """A figure that doesn't reach its floor is told with both numbers."""
    groups = grouped([result("right"), result("missed")])
    expected = [Shortfall("all", "right", 0.5, 0.75, least=True)]
    assert expected == list(shortfalls(Floors(right=0.75), groups))


def test_a_figure_above_its_ceiling() -> None:
    """A figure of which less is better must not be above its limit."""
    groups = grouped([result("right"), result("wrong")])
    expected = [Shortfall("all", "wrong", 0.5, 0.25, least=False)]
    assert expected == list(shortfalls(Floors(wrong=0.25), groups))


def test_the_held_part_has_to_keep_to_the_floors_alone() -> None:
    """What the fit part makes up for is told of the held part."""
    results = [result("right"), result("right"), result("missed", part="held")]
    found = list(shortfalls(Floors(right=0.6), grouped(results)))
    assert ["held"] == [each.group for each in found]


def test_a_limit_itself_is_kept_to() -> None:
    """A figure equal to its limit is neither too low nor too high."""
    groups = grouped([result("right"), result("wrong")])
    assert [] == list(shortfalls(Floors(right=0.5, wrong=0.5), groups))


def test_what_was_not_counted_does_not_fall_short() -> None:
    """Without a question of a kind, its floor says nothing."""
    assert [] == list(shortfalls(Floors(red_flags=1.0), grouped([result("right")])))


def test_confusions_are_counted_from_expected_to_answered() -> None:
    """The most frequent pair comes first; what was only missed is no confusion."""
    results = [result("wrong", "b"), result("answered", "c"), result("answered", "c")]
    found = confusions([*results, result("missed", "d"), result("right", "a")])
    assert [(("a", "c"), 2), (("a", "b"), 1)] == [(pair, len(of)) for pair, of in found.items()]


def test_the_matrix_holds_what_is_confused() -> None:
    """Entries of a confusion are rows and columns; offers and misses have columns of their own."""
    results = [result("wrong", "b"), result("right", "a"), result("missed"), result("right", "z")]
    found = matrix([*results, result("right", "z", expected="z")])
    assert ("a", "b") == found.rows
    assert [[2, 1, 0, 1], [0, 0, 0, 0]] == found.counts.tolist()


def test_the_matrix_has_only_so_many_rows() -> None:
    """Of many entries, those that are confused most are left."""
    results = [result("wrong", "b"), result("wrong", "b"), result("wrong", "c")]
    assert ("a", "b") == matrix(results, most=2).rows


def test_bins_hold_confidence_and_what_is_right() -> None:
    """A bin has the mean confidence and the share that is right; empty bins are left out."""
    found = bins_of([guess(0.95, right=True), guess(1.0, right=False), guess(0.31, right=True)])
    assert [Bin(0.3, 0.4, 1, 0.31, 1.0), Bin(0.9, 1.0, 2, 0.975, 0.5)] == list(found)


def test_coverage_begins_with_the_surest() -> None:
    """The error is that of the surest guesses, and the area is its mean."""
    found = coverage_of([guess(0.2, right=False), guess(0.9, right=True)])
    assert ((0.5, 1.0), (0.0, 0.5), 0.25) == found


def test_nothing_to_be_sure_of() -> None:
    """Without guesses there is no calibration, no bin, and no curve."""
    alone = [result("caught")]
    found = (figures_of(alone).calibration_error, bins_of(alone), coverage_of(alone).area)
    assert (None, (), 0.0) == found
