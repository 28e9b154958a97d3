"""What is to be kept or erased because of a reply: frozen values, and their effect on a Profile."""

from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple, assert_never

from bot.conversation.records import MissKind, Profile, ProfileChanges, Vote


class Remember(NamedTuple):
    """Keep the answer to a checkpoint's question, which is named ``guide/question``."""

    question: str
    option: str


class Change(NamedTuple):
    """Change settings."""

    changes: ProfileChanges


class Clear(NamedTuple):
    """Forget settings and answers."""


class Forget(NamedTuple):
    """Erase everything of the person."""


class Export(NamedTuple):
    """Give the person everything that is kept of them."""


class Cast(NamedTuple):
    """Keep a vote on an entry, by its uid."""

    entry: str
    vote: Vote


class Missed(NamedTuple):
    """Keep a question in vain, without the person; `nearest` are entries' uids."""

    text: str
    kind: MissKind
    nearest: tuple[str, ...] = ()
    guide: str = ""


Effect = Remember | Change | Clear | Forget | Export | Cast | Missed


def settings_after(profile: Profile, effects: Iterable[Effect]) -> Profile:
    """Return `profile` as it will be, answers to checkpoints aside: those have a time."""
    for effect in effects:
        match effect:
            case Change(changes):
                profile = replace(profile, **changes)
            case Clear() | Forget():
                profile = Profile()
            case Remember() | Export() | Cast() | Missed():
                pass
            case _:
                assert_never(effect)
    return profile
