"""Counters over time: days, quantiles, topics, and what is to be reviewed."""

from datetime import date

from bot.authoring.model import Day, Trends
from bot.authoring.trends import days_of, stale, topics_of
from bot.conversation.records import Count
from bot.knowledge.model import Knowledge

MONDAY, TUESDAY, WEDNESDAY = (date(2030, 5, day) for day in (6, 7, 8))


def test_every_day_is_there() -> None:
    """A day on which nothing happened stands between the others."""
    days = days_of([Count(MONDAY, "asked", "answer", 3)], MONDAY, WEDNESDAY)
    assert (Day(MONDAY, answer=3), Day(TUESDAY), Day(WEDNESDAY)) == days


def test_a_day_has_all_kinds() -> None:
    """Replies by kind, thumbs, and the times that half and 95% needed at most."""
    counts = [
        *(Count(MONDAY, "asked", kind, n) for kind, n in (("answer", 6), ("clarify", 2))),
        *(Count(MONDAY, "asked", kind, n) for kind, n in (("abstain", 1), ("refer", 1))),
        *(Count(MONDAY, "vote", key, n) for key, n in (("1", 4), ("-1", 2))),
        *(Count(MONDAY, "took", key, n) for key, n in (("2", 5), ("10", 4), ("500", 1))),
    ]
    (day,) = days_of(counts, MONDAY, MONDAY)
    assert Day(MONDAY, 6, 2, 1, 1, 4, 2, 2, 500) == day
    assert (10, 0.7) == (day.asked, day.rate)


def test_a_day_without_questions_has_no_rate() -> None:
    """Nothing asked is neither all nor nothing answered."""
    assert Day(MONDAY).rate is None


def test_an_odd_counter_is_passed_over() -> None:
    """What no version of the bot counts as a time is no time."""
    (day,) = days_of([Count(MONDAY, "took", "long", 3)], MONDAY, MONDAY)
    assert Day(MONDAY) == day


def test_all_days_together() -> None:
    """The sum of the days has their counts."""
    trends = Trends((Day(MONDAY, answer=1, up=2), Day(TUESDAY, answer=2, abstain=1)))
    assert Day(TUESDAY, answer=3, abstain=1, up=2) == trends.whole


def test_topics_come_by_how_often() -> None:
    """The counts of all days add up, the most frequent first."""
    counts = [
        Count(MONDAY, "topic", "tea/a", 2),
        Count(MONDAY, "topic", "tea/b", 3),
        Count(TUESDAY, "topic", "tea/a", 2),
        Count(TUESDAY, "asked", "answer", 9),
    ]
    assert [("tea/a", 4), ("tea/b", 3)] == topics_of(counts)


def test_what_is_stale(tea: Knowledge) -> None:
    """Half a year after its review an entry is listed, the oldest first; a day before, it isn't."""
    last = max(entry.reviewed for entry in tea.entries)
    assert "tea/tea-at-night" not in [one.uid for one in stale(tea, date(2024, 7, 3))]
    found = stale(tea, date(2024, 7, 4))
    assert last == found[-1].reviewed
    assert sorted(found, key=lambda one: one.reviewed) == list(found)
