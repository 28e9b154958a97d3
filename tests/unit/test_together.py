"""Questions that come at the same time: read in one go, answered each as if alone."""

import asyncio
from collections.abc import Iterable
from itertools import count

import pytest

from bot.channels.keeper import Recalled
from bot.channels.together import Together
from bot.conversation.dialogue import Dialogue
from bot.conversation.model import Question, Session
from bot.knowledge.model import Knowledge
from bot.matching.matcher import Matcher

ASKED = ("how hot should the water be", "how long do I steep it, and how much tea?", "thanks")

ANEW = Session()


class Watched(Matcher):
    """A matcher that notes what it weighs together."""

    def __init__(self, matcher: Matcher) -> None:
        """Weigh as `matcher` does, with a memory of its own."""
        self.__dict__.update(matcher.__dict__, _weighed={})
        self.prepared: list[list[str]] = []

    def prepare(self, questions: Iterable[str]) -> None:
        """Note and weigh them."""
        self.prepared.append(list(questions))
        super().prepare(self.prepared[-1])


class Failing(Matcher):
    """A matcher that can't look at several questions."""

    def __init__(self, matcher: Matcher) -> None:
        """Weigh as `matcher` does."""
        self.__dict__.update(matcher.__dict__)

    def prepare(self, questions: Iterable[str]) -> None:
        """Fail."""
        raise ValueError(questions)


@pytest.fixture
def watched(tea_matcher: Matcher) -> Watched:
    """Return a matcher of the guide on tea that has weighed nothing yet."""
    return Watched(tea_matcher)


async def asked(together: Together, *texts: str, session: Session = ANEW) -> list[str]:
    """Return the texts of the replies to questions asked at the same time."""
    known = Recalled(session)
    replies = [together.respond(Question(text), known) for text in texts]
    return [outcome.reply.text for outcome in await asyncio.gather(*replies)]


def alone(dialogue: Dialogue) -> list[str]:
    """Return the texts of the replies to the same questions, one by one."""
    return [dialogue.respond(Question(text), Session()).reply.text for text in ASKED]


async def test_each_is_answered_as_if_alone(
    tea: Knowledge, watched: Watched, tea_dialogue: Dialogue
) -> None:
    """Questions asked together get the replies that they get one by one, in their order."""
    assert await asked(Together(Dialogue(tea, watched)), *ASKED) == alone(tea_dialogue)


async def test_those_of_one_moment_are_read_in_one_go(tea: Knowledge, watched: Watched) -> None:
    """Whatever is asked in the same turn of the loop is handed to the matcher once."""
    await asked(Together(Dialogue(tea, watched)), *ASKED)
    assert set(ASKED) <= set(watched.prepared[0])


async def test_many_are_read_in_parts(tea: Knowledge, watched: Watched) -> None:
    """Of more than sixteen, the first are answered before the others are read."""
    await asked(Together(Dialogue(tea, watched)), *(f"how hot {at}" for at in range(20)))
    assert [len(texts) for texts in watched.prepared] == [16, 4]


async def test_a_follow_up_is_read_with_what_it_follows(tea: Knowledge, watched: Watched) -> None:
    """What a follow-up will be ranked by is read along: what it is about, after what was asked."""
    dialogue = Dialogue(tea, watched)
    session = dialogue.respond(Question(ASKED[0]), Session()).session
    await asked(Together(dialogue), "and for green tea?", session=session)
    ask = next(entry.ask for entry in tea.entries if entry.uid == session.last)
    assert {"green tea", f"{ask} green tea"} <= set(watched.prepared[-1])


async def test_clauses_are_read_once_the_whole_is(tea: Knowledge, watched: Watched) -> None:
    """The clauses of messages that may ask several things are looked at together, too."""
    both = ("water temperature and steeping time please", "leaves for a pot, milk in the tea")
    await asked(Together(Dialogue(tea, watched)), *both)
    assert [list(both), ["leaves for a pot", "milk in the tea"]] == watched.prepared


async def test_what_cannot_be_read_together_is_read_alone(
    tea: Knowledge, tea_matcher: Matcher, tea_dialogue: Dialogue
) -> None:
    """If looking at all of them fails, each is answered all the same."""
    together = Together(Dialogue(tea, Failing(tea_matcher)))
    assert await asked(together, *ASKED) == alone(tea_dialogue)


async def test_one_who_gives_up_does_not_stop_the_others(tea_dialogue: Dialogue) -> None:
    """A question that is broken off leaves those that came with it."""
    together = Together(tea_dialogue)
    first = asyncio.create_task(together.respond(Question(ASKED[0]), Recalled()))
    second = asyncio.create_task(together.respond(Question(ASKED[1]), Recalled()))
    await asyncio.sleep(0)
    first.cancel()
    assert (await second).reply.decision == "answer"


async def test_the_time_that_all_took_counts(tea_dialogue: Dialogue) -> None:
    """How long an answer took includes what it waited for the others."""
    together = Together(tea_dialogue, count().__next__)  # each look at the clock, a second later
    assert (await together.respond(Question(ASKED[0]), Recalled())).took == 3


async def test_those_who_come_after_others_wait_for_each_other(
    tea: Knowledge, watched: Watched
) -> None:
    """Who comes just after some were read is read with those who come a moment later."""
    together = Together(Dialogue(tea, watched), count().__next__, longest_rest=3600)
    await asked(together, "how hot")
    second = asyncio.create_task(together.respond(Question("how long"), Recalled()))
    for _ in range(5):
        await asyncio.sleep(0)
    await asked(together, *(f"how much {at}" for at in range(15)))
    await second
    assert [1, 16] == [len(texts) for texts in watched.prepared]
