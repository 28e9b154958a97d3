"""The shapes of the desk's plots, and who may come to it."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.authoring.model import Day
from bot.channels.web.admissions import LASTS, MOST_WRONG, WITHIN, Admissions
from bot.channels.web.plots import lines, stacked

MONDAY = date(2030, 5, 6)
DAYS = (Day(MONDAY, answer=3, abstain=1), Day(MONDAY + timedelta(1)))


def test_bars_stand_upon_each_other() -> None:
    """The first kind stands on the ground, the next on it; an empty day has none."""
    plot = stacked(DAYS, ("answer", "abstain"))
    assert [("answer", 25.0, 75.0), ("abstain", 0.0, 25.0)] == [
        (bar.kind, bar.y, bar.height) for bar in plot.bars
    ]
    assert 4 == plot.top


def test_a_day_without_questions_interrupts_a_line() -> None:
    """Where nothing was asked there is no point."""
    days = [*DAYS, Day(MONDAY + timedelta(2), answer=1), Day(MONDAY + timedelta(3), abstain=1)]
    (line,) = lines(days, ("rate",), top=1.0).lines
    assert ("6.25,25.0 18.75,25.0", "62.5,0.0 87.5,100.0") == line.pieces


@given(st.lists(st.tuples(*[st.integers(0, 10**6)] * 6), min_size=1, max_size=40))
def test_nothing_leaves_the_plot(given_: list[tuple[int, ...]]) -> None:
    """Whatever the counts, every shape is inside."""
    days = [Day(MONDAY + timedelta(at), *counts) for at, counts in enumerate(given_)]
    bars = stacked(days, ("answer", "refer", "clarify", "abstain")).bars
    assert all(-0.02 <= bar.y and bar.y + bar.height <= 100.05 for bar in bars)
    pieces = [piece for line in lines(days, ("rate",), top=1.0).lines for piece in line.pieces]
    values = [float(value) for value in " ".join(pieces).replace(",", " ").split()]
    assert all(0 <= value <= 100 for value in values)


class Watch:
    """A timer that shows what it is set to."""

    def __init__(self) -> None:
        """Begin somewhere."""
        self.now = 1000.0

    def __call__(self) -> float:
        """Return the seconds that it shows."""
        return self.now


@pytest.fixture
def watch() -> Watch:
    """Return a timer."""
    return Watch()


def test_an_admission_ends(watch: Watch) -> None:
    """Whoever was let in is asked again half a day later."""
    admissions = Admissions("key", local=False, timer=watch)
    name = admissions.enter("key")
    assert admissions._until[name] == watch.now + LASTS


def test_after_a_while_the_door_opens_again(watch: Watch) -> None:
    """Wrong tokens count for a minute only."""
    admissions = Admissions("key", local=False, timer=watch)
    assert [""] * MOST_WRONG == [admissions.enter("guess") for _ in range(MOST_WRONG)]
    assert (True, "") == (admissions.shut, admissions.enter("key"))
    watch.now += WITHIN
    assert admissions.enter("key")


def test_no_token_lets_nobody_in() -> None:
    """An empty token is no token."""
    assert "" == Admissions("", local=False).enter("")


def test_admissions_are_bounded() -> None:
    """However many come in, memory holds so many."""
    admissions = Admissions("key", local=False)
    names = [admissions.enter("key") for _ in range(150)]
    assert 100 == sum(name in admissions._until for name in names)
