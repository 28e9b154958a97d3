"""What of the knowledge is live: guides that are not silent, and entries that are no drafts."""

import hashlib
from collections.abc import Collection

from bot.knowledge.model import Guide, Knowledge


def only_live(knowledge: Knowledge, off: Collection[str] = ()) -> Knowledge:
    """Return `knowledge` with what is live; `off` are guides that are switched off from outside.

    What guide.yaml names and only a draft has is left out of it.
    """
    found = [guide for guide in knowledge.guides if _is_live(guide) and guide.id not in off]
    waiting = [guide for guide in knowledge.guides if guide not in found]
    silenced = sorted(guide.id for guide in knowledge.guides if guide.id in off)
    return knowledge.model_copy(
        update={
            "guides": tuple(map(_without_drafts, found)),
            "waiting": (*knowledge.waiting, *waiting),
            "version": _version(knowledge.version, silenced),
        }
    )


def _is_live(guide: Guide) -> bool:
    """Say whether a guide answers anything."""
    return bool(guide.entries) and not guide.file.silent


def _without_drafts(guide: Guide) -> Guide:
    """Return a guide whose menus and commands open no draft."""
    drafts = {draft.id for draft in guide.drafts}
    if not drafts:
        return guide
    sections = [
        part.model_copy(update={"topics": topics})
        for part in guide.file.sections
        if (topics := tuple(topic for topic in part.topics if topic not in drafts))
    ]
    shown = {"all", *(part.id for part in sections)}
    commands = [
        item
        for item in guide.file.commands
        if item.opens not in drafts
        and (not item.opens.startswith("menu:") or item.opens.removeprefix("menu:") in shown)
    ]
    featured = [topic for topic in guide.file.featured if topic not in drafts]
    kept = {"sections": tuple(sections), "commands": tuple(commands), "featured": tuple(featured)}
    return guide.model_copy(update={"file": guide.file.model_copy(update=kept)})


def _version(version: str, silenced: list[str]) -> str:
    """Return the version of knowledge from which some guides are left out."""
    if not silenced:
        return version
    return hashlib.sha256(" ".join([version, *silenced]).encode()).hexdigest()[: len(version)]
