"""What a turn leaves behind: the session after it, and the questions that were in vain. Pure."""

from dataclasses import replace

from bot.conversation.catalogue import Catalogue
from bot.conversation.effects import Missed
from bot.conversation.model import (
    Abstain,
    Answer,
    Ask,
    Clarify,
    Conclude,
    Decision,
    Detail,
    Doubt,
    Menu,
    Own,
    Question,
    Refer,
    Session,
)
from bot.text import normalise, truncate

UNASKED = Question("")
"""What was asked when nothing was typed."""
MOST_KEPT = 300
"""How many characters of a question are kept."""


def kept_words(text: str) -> str:
    """Return what is kept of a question."""
    return truncate(normalise(text), MOST_KEPT)


def with_miss(decision: Decision, asked: str, guide: str) -> Decision:
    """Return `decision`; if it is that the guide doesn't cover what was asked, that is kept."""
    if not asked or not isinstance(decision, Abstain) or decision.say != "abstain":
        return decision
    nearest = tuple(entry.uid for entry in decision.nearest)
    return replace(decision, effects=(Missed(asked, "abstain", nearest, guide),))


def hushed(decision: Decision, session: Session) -> bool:
    """Say whether a decision answers abuse once more: it was answered before."""
    return isinstance(decision, Abstain) and decision.say == "abuse" and session.calmed


def session_after(  # noqa: PLR0911 - one return a kind
    decision: Decision, session: Session, catalogue: Catalogue, asked: str = ""
) -> Session:
    """Return the session after a decision on `asked`, empty if nothing was typed.

    What led to a referral is not kept.
    """
    match decision:
        case Answer(items=(only,)) if points := catalogue.checkpoints_of(only.entry):
            first = f"{points.guide}/{points.questions[0].id}"
            answered = replace(session, last=only.entry.uid, match=only.match, asked=asked)
            return replace(answered, step=first, paused=False)
        case Answer(items=items):
            last, match_ = items[0].entry.uid, items[0].match
            return _away(replace(session, last=last, match=match_, asked=asked))
        case Refer(entry=entry, match=match_):
            return _away(replace(session, last=entry.uid, match=match_, asked=""))
        case Clarify() | Abstain():
            return _after_none(decision, session, asked)
        case Ask(points=points, step=step):
            return replace(session, step=f"{points.guide}/{step.id}", paused=False)
        case Conclude(points=points):
            last = f"{points.guide}/{points.entry}"
            return replace(session, last=last, match=None, asked="", step="", paused=False)
        case Own():
            return _after_page(decision, session)
        case Doubt():
            return _away(replace(session, asked=""))
        case Detail() | Menu():
            return _away(session)


def _after_none(decision: Clarify | Abstain, session: Session, asked: str) -> Session:
    """Return the session after no answer: one to a checkpoint can be given again."""
    if isinstance(decision, Abstain) and decision.say == "abuse":
        return replace(session, calmed=True)
    return replace(session, asked=asked)


def _after_page(decision: Own, session: Session) -> Session:
    """Return the session after a page of the person's own."""
    match decision.page:
        case "forgotten":
            return Session()
        case "cleared" | "stopped":
            return replace(session, step="", paused=False)
        case "thanks":
            return session
        case _:
            return _away(session)


def _away(session: Session) -> Session:
    """Return `session` with its checkpoint, if one is open, waiting for the way back."""
    return replace(session, paused=bool(session.step))
