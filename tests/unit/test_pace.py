"""Who writes too fast: told once, left alone for a minute, forgotten after it."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.channels.telegram.pace import Pace

NOON = datetime(2030, 5, 10, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
ANN, BOB = "telegram:1", "telegram:2"


@pytest.fixture
def pace() -> Pace:
    """Return what lets each person write three messages a minute."""
    return Pace(3)


def met(pace: Pace, *seconds: float) -> list[str]:
    """Return how messages of one person at these seconds are met."""
    return [pace.welcome(ANN, NOON + each * SECOND) for each in seconds]


def test_as_many_as_allowed_are_let_in(pace: Pace) -> None:
    """Nobody is stopped within the limit."""
    assert ["in", "in", "in"] == met(pace, 0, 0, 0)


def test_the_next_one_is_told(pace: Pace) -> None:
    """The first message beyond it is met with a word, the others with silence."""
    assert ["told", "out", "out"] == met(pace, 0, 1, 2, 3, 4, 5)[3:]


def test_a_minute_slides(pace: Pace) -> None:
    """What counts is any sixty seconds, not those of the clock."""
    assert ["in", "told", "out"] == met(pace, 0, 59, 59.5, 60, 61, 62)[3:]


def test_steady_writing_is_fine(pace: Pace) -> None:
    """Three a minute, for ever, are let in."""
    assert {"in"} == set(met(pace, *range(0, 2000, 20)))


def test_the_silence_lasts_a_minute(pace: Pace) -> None:
    """A minute after the word everything is forgiven."""
    assert ["told", "out", "in", "in", "in"] == met(pace, 0, 1, 2, 3, 62.9, 63, 63, 63)[3:]


def test_messages_that_were_ignored_do_not_count(pace: Pace) -> None:
    """Writing on during the minute doesn't make it longer."""
    assert ["in"] == met(pace, 0, 0, 0, 0, *range(1, 60), 60)[-1:]


def test_who_goes_on_is_told_again(pace: Pace) -> None:
    """Each flood gets its word."""
    found = met(pace, 0, 0, 0, 0, 60, 60, 60, 60)
    assert ["in", "in", "in", "told"] * 2 == found


def test_without_a_limit_all_are_let_in() -> None:
    """0 means no limit."""
    assert {"in"} == set(met(Pace(0), *[0] * 100))


def test_people_are_apart(pace: Pace) -> None:
    """One who floods stops nobody else."""
    met(pace, 0, 0, 0, 0)
    assert "in" == pace.welcome(BOB, NOON)


def test_who_keeps_quiet_is_forgotten(pace: Pace) -> None:
    """After a minute nothing is known of a person any more."""
    met(pace, 0, 0, 0, 0)
    pace.welcome(BOB, NOON)
    pace.welcome("telegram:3", NOON + 61 * SECOND)
    assert ({}, ["telegram:3"]) == (pace._shut, list(pace._said))
