"""What other floors of confidence would have done with the same rankings."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from bot.conversation.dialogue import Dialogue
from bot.evaluation.asking import Asker
from bot.evaluation.choice import Choice
from bot.evaluation.figures import Figures, figures_of
from bot.evaluation.questions import Conversation
from bot.evaluation.rankings import RememberedRankings
from bot.evaluation.shares import Share
from bot.knowledge.model import Knowledge

FLOORS = tuple(at / 100 for at in range(30, 90, 5))


class Trial(NamedTuple):
    """What became of the questions at one floor; `answered` is the share of all of them."""

    floor: float
    answered: Share
    figures: Figures


def sweep(
    knowledge: Knowledge,
    rankings: RememberedRankings,
    conversations: Sequence[Conversation],
    choice: Choice,
    floors: Iterable[float],
) -> Iterator[Trial]:
    """Yield a Trial for each floor; `rankings` remember the conversations' questions."""
    for floor in floors:
        asker = Asker(Dialogue(knowledge, rankings.with_floor(floor)))
        said = [result for each in conversations for result in asker.ask(each)]
        results = choice.among(said)
        answered = sum(result.decision == "answer" for result in results)
        yield Trial(floor, Share(answered, len(results)), figures_of(results))
