"""Rules on what opens what: topics, buttons, commands and screens. Each yields Problems."""

from collections.abc import Iterator
from datetime import date

from bot.errors import Problem
from bot.knowledge.base import GUIDES, PAGES, Command, Origin
from bot.knowledge.model import Entry, Guide, Knowledge


def known_targets(knowledge: Knowledge, _today: date) -> Iterator[Problem]:
    """Every button, checkpoint, related id and parent opens something that exists."""
    for entry in knowledge.entries:
        own, drafts = _targets(knowledge, entry.guide), _drafts(knowledge, entry.guide)
        primary = {other.id for other in knowledge.primary.entries}
        for field, target in _opened(entry):
            targets = own | primary if field == "parent" else own
            message = ""
            if target in drafts:
                message = f"'{target}' is a draft and can't be opened: finish it, or leave it out"
            elif target not in targets:
                message = f"'{target}' opens nothing: no entry or menu has this id"
            elif target == entry.id:
                message = f"'{target}' opens the entry itself"
            if message:
                yield Problem(entry.origin.path, entry.origin.at(field), message)


def known_commands(knowledge: Knowledge, _today: date) -> Iterator[Problem]:
    """Every command and featured topic opens something, and no command stands twice."""
    taken: set[str] = set()
    voice = knowledge.voice
    own = _targets(knowledge, "") | {f"mine:{page}" for page in PAGES}
    yield from _commands(voice.origin, voice.commands, own, taken)
    for guide in knowledge.guides:
        targets = _targets(knowledge, guide.id)
        targets |= _drafts(knowledge, guide.id)  # what opens a draft is left out until it is live
        if guide.checkpoints is not None:
            targets |= {"step:all"}
        yield from _commands(guide.origin, guide.file.commands, targets, taken)
        for at, topic in enumerate(guide.file.featured):
            if topic not in targets:
                message = f"featured topic '{topic}' has no entry"
                yield Problem(guide.origin.path, guide.origin.at(f"featured.{at}"), message)


def known_screens(knowledge: Knowledge, _today: date) -> Iterator[Problem]:
    """Every screen opens a shared entry and names lists that exist."""
    origin = knowledge.safety.origin
    shared = {entry.id for entry in knowledge.shared}
    for at, screen in enumerate(knowledge.safety.screens):
        line = origin.at(f"screens.{at}")
        if screen.opens not in shared:
            message = f"screen '{screen.id}' opens nothing: {screen.opens}"
            yield Problem(origin.path, line, message)
        for name in (*screen.near, *screen.unless):
            if name not in knowledge.safety.words:
                yield Problem(origin.path, line, f"screen '{screen.id}' names no list: {name}")


def listed_topics(knowledge: Knowledge, _today: date) -> Iterator[Problem]:
    """Every topic of guide.yaml has an entry; every entry, or its parent, is such a topic."""
    shared = {entry.id for entry in knowledge.shared}
    for guide in knowledge.guides:
        own = {entry.id for entry in guide.entries} | {draft.id for draft in guide.drafts}
        listed = {topic for section in guide.file.sections for topic in section.topics}
        for topic in sorted(listed - own - shared):
            message = f"the topic '{topic}' has no entry"
            yield Problem(guide.origin.path, guide.origin.at("sections"), message)
        for entry in guide.entries:
            if entry.id not in listed and entry.parent not in listed:
                message = f"'{entry.id}' is no topic of guide.yaml and names no parent that is one"
                yield Problem(entry.origin.path, entry.origin.at("id"), message)


def sections_hold_their_topics(knowledge: Knowledge, _today: date) -> Iterator[Problem]:
    """Find entries that stand in another file than the section that lists them."""
    for guide in knowledge.guides:
        home = {topic: part.id for part in guide.file.sections for topic in part.topics}
        for entry in guide.entries:
            expected = home.get(entry.id) or home.get(entry.parent or "")
            if expected and expected != entry.section:
                message = f"'{entry.id}' belongs to section '{expected}', not '{entry.section}'"
                yield Problem(entry.origin.path, entry.origin.at("id"), message)


def outside_offers(knowledge: Knowledge, _today: date) -> Iterator[Problem]:
    """Find outside fields whose nearest entries don't exist."""
    for group in knowledge.outside:
        targets = _targets(knowledge, group.guide)
        for target in group.nearest:
            if target not in targets:
                message = f"'{target}' opens nothing: no entry has this id"
                yield Problem(group.origin.path, group.origin.at("nearest"), message)


def _targets(knowledge: Knowledge, guide_id: str) -> set[str]:
    """Return what a button of `guide_id` may open: its entries and menus, and the shared ones.

    A button of a shared entry may open the primary guide's entries.
    """
    guide: Guide = next(
        (guide for guide in knowledge.guides if guide.id == guide_id), knowledge.primary
    )
    entries = {entry.id for entry in (*guide.entries, *knowledge.shared)}
    menus = {f"menu:{section.id}" for section in guide.file.sections}
    return entries | menus | {"menu:all", f"menu:{GUIDES}"}


def _drafts(knowledge: Knowledge, guide_id: str) -> set[str]:
    """Return the ids of the entries of `guide_id` that are not finished."""
    return {draft.id for draft in knowledge.drafts if draft.guide == guide_id}


def _opened(entry: Entry) -> Iterator[tuple[str, str]]:
    """Yield (field, id) of everything that `entry` opens."""
    if entry.checkpoint:
        for option in entry.checkpoint.options:
            yield "checkpoint", option.opens
    if entry.remind:
        for option in entry.remind.options:
            yield "remind", option.opens
    for target in entry.related:
        yield "related", target
    if entry.parent:
        yield "parent", entry.parent


def _commands(
    origin: Origin, commands: tuple[Command, ...], targets: set[str], taken: set[str]
) -> Iterator[Problem]:
    """Check a list of commands; `taken` are the names that stand already."""
    for at, item in enumerate(commands):
        line = origin.at(f"commands.{at}")
        if item.opens not in targets:
            message = f"the command /{item.command} opens nothing: {item.opens}"
            yield Problem(origin.path, line, message)
        if item.command in taken:
            yield Problem(origin.path, line, f"the command /{item.command} stands twice")
        taken.add(item.command)
