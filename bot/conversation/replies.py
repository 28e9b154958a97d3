"""What was written and the buttons below it -> Reply."""

from dataclasses import replace

from bot.conversation.buttons import distinct
from bot.conversation.model import Button, Kind, Match, Reply
from bot.conversation.page import Page
from bot.knowledge.model import Entry

MOST_BUTTONS = 6


def reply_of(decision: Kind, page: Page, buttons: list[Button], limit: int = MOST_BUTTONS) -> Reply:
    """Return a reply with what was written and at most `limit` buttons."""
    return Reply(
        decision,
        text=page.plain(),
        html=page.html(),
        citations=page.citations,
        buttons=distinct(buttons)[:limit],
        cut=page.cut,
    )


def with_evidence(reply: Reply, entries: tuple[Entry, ...], match: Match | None) -> Reply:
    """Return `reply` with the entries that it shows and why; one asked for by name is sure."""
    by_name = 0.0 if reply.decision == "abstain" else 1.0
    return replace(
        reply,
        topics=tuple(entry.uid for entry in entries),
        confidence=match.confidence if match else by_name,
        match=match,
    )


def notice(reply: Reply) -> Reply:
    """Return `reply` as one that needs no message where a channel has another way to show it."""
    return replace(reply, notice=True)
