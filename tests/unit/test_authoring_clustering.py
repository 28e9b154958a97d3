"""Grouping questions in vain by what they mean."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from bot.authoring.clustering import groups
from bot.authoring.inbox import Inbox
from bot.conversation.records import Miss, MissKind
from bot.matching.encoder import make_encoder
from bot.matching.matcher import Matcher
from bot.matching.vectors import question_vectors

NOON = datetime(2030, 5, 10, 12, tzinfo=UTC)


def at(*degrees: float) -> NDArray[np.float32]:
    """Return vectors of length 1 that point so many degrees up."""
    angles = np.radians(degrees)
    return np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)


@pytest.fixture
def inbox(tea_matcher: Matcher) -> Inbox:
    """Return an inbox with the encoder that ships."""
    encoder, read = make_encoder("default", ""), tea_matcher.reader.read
    return Inbox(
        tea_matcher, lambda texts: question_vectors(encoder, [read(text) for text in texts])
    )


def miss(text: str, number: int = 1, kind: MissKind = "abstain") -> Miss:
    """Return a question in vain."""
    return Miss(text, kind, NOON + timedelta(hours=number), id=number)


def test_what_points_the_same_way_is_one_group() -> None:
    """Near vectors share a group, far ones don't."""
    assert [[0, 1], [2, 3]] == groups(at(0, 10, 90, 100), [1, 1, 1, 1])


def test_the_order_of_two_does_not_matter() -> None:
    """What is asked more often leads, wherever it stands."""
    assert [[0, 1, 2]] == groups(at(50, 0, 25), [1, 1, 5])


def test_nothing_has_no_groups() -> None:
    """Without vectors there are no groups."""
    assert [] == groups(at()[:0], [])


@given(st.lists(st.tuples(st.floats(0, 360), st.integers(1, 9)), min_size=1, max_size=30))
def test_everything_is_in_one_group(given_: list[tuple[float, int]]) -> None:
    """No text is lost, and none stands in two groups."""
    found = groups(at(*(angle for angle, _ in given_)), [times for _, times in given_])
    assert list(range(len(given_))) == sorted(row for group in found for row in group)


def test_questions_that_mean_the_same_are_one_cluster(inbox: Inbox) -> None:
    """Different words for one wish come together, counted, the usual ones first."""
    texts = ["which espresso grinder", "best grinder for espresso", "best grinder for espresso"]
    misses = [miss(text, number) for number, text in enumerate([*texts, "milk first or last"], 1)]
    first, second = inbox.sorted(misses)
    assert [("best grinder for espresso", 2), ("which espresso grinder", 1)] == list(first.asked)
    assert ((3, (1, 2, 3)), (1, (4,))) == (
        (first.times, first.misses),
        (second.times, second.misses),
    )


def test_a_cluster_says_how_it_came(inbox: Inbox) -> None:
    """Kinds are counted, and the last day is told."""
    (cluster,) = inbox.sorted([miss("hm", 1), miss("hm", 2, "thumbs_down"), miss("hm", 48)])
    assert {"abstain": 2, "thumbs_down": 1} == cluster.kinds
    assert (NOON + timedelta(days=2)).date() == cluster.last


def test_a_cluster_has_the_nearest_entries(inbox: Inbox) -> None:
    """The entry that is meant is the first of three."""
    (cluster,) = inbox.sorted([miss("will a late mug keep me up all night")])
    near = inbox.near(cluster)
    assert "tea/tea-at-night" == near.nearest[0].entry.uid
    assert 3 == len(near.nearest)


def test_a_clusters_name_is_that_of_its_questions(inbox: Inbox) -> None:
    """The same questions have the same name, and one more has another."""
    once, again = (inbox.sorted([miss("hm", 1)])[0].id for _ in range(2))
    assert once == again
    assert once != inbox.sorted([miss("hm", 1), miss("hm", 2)])[0].id


def test_an_empty_inbox_is_empty(inbox: Inbox) -> None:
    """Nothing, and questions of no words, make no cluster."""
    assert () == inbox.sorted([miss("")])
