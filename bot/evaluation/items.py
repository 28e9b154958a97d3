"""One item of a file of labelled questions -> a Conversation; what is unsound is reported."""

from collections.abc import Iterator
from dataclasses import replace
from difflib import get_close_matches

from bot.conversation.catalogue import Catalogue
from bot.conversation.policy import SAFETY
from bot.evaluation.questions import (
    ABOUT_SAFETY,
    ABSTAIN,
    FOLLOW_UP,
    SAFETY_TAGS,
    TWO_IN_ONE,
    Conversation,
    DialogueItem,
    Expected,
    Kind,
    QuestionItem,
    Turn,
    TurnItem,
)
from bot.knowledge.document import Document, Location
from bot.knowledge.schema import Report
from bot.text import normalise

_THEN = " > "


class ItemReader:
    """Reads the items of one guide's file."""

    def __init__(
        self, document: Document, catalogue: Catalogue, guide: str, report: Report
    ) -> None:
        """Look names up in `catalogue` as `guide` would; report problems to `report`."""
        self._document = document
        self._catalogue = catalogue
        self._guide = guide
        self._report = report
        self._taken: dict[str, Location] = {}

    def question(self, item: QuestionItem, location: Location) -> Conversation:
        """Return a question that stands alone."""
        if item.expect is None and item.each is None:
            self._problem(location, "'expect' is missing")
        self._check_once(item.q, location)
        return Conversation(item.part, (self._turn(item, location, item.q, item.q),))

    def dialogue(self, item: DialogueItem, location: Location) -> Conversation:
        """Return a conversation of several turns."""
        if all(turn.expect is None and turn.each is None for turn in item.turns):
            self._problem(location, "no turn of this dialogue expects anything")
        turns = tuple(self._turns(item, location))
        self._check_once(turns[-1].name, location)
        return Conversation(item.part, turns)

    def _turns(self, item: DialogueItem, location: Location) -> Iterator[Turn]:
        """Yield the turns of a dialogue, each with the name of all that was said so far."""
        names: list[str] = []
        for at, each in enumerate(item.turns):
            here = (*location, "turns", at)
            self._check_said(each, here, first=not at)
            said = each.q or each.press or ""
            names.append(said)
            turn = self._turn(each, here, said, _THEN.join(names))
            tags = turn.tags | {*item.tags} | ({FOLLOW_UP} if at else set())
            yield replace(turn, tags=tags, pressed=each.q is None)

    def _turn(self, item: Expected, location: Location, said: str, name: str) -> Turn:
        """Return one turn with what is expected of it."""
        tags = frozenset(item.tags) | ({TWO_IN_ONE} if item.each else frozenset())
        parts = self._parts(item, location)
        return Turn(said, self._kind(parts, tags, location), parts, tags, name=name)

    def _kind(
        self, parts: tuple[tuple[str, ...], ...], tags: frozenset[str], location: Location
    ) -> Kind:
        """Return the kind of a question; a tag that says otherwise is reported."""
        best = [self._catalogue.find(part[0]) for part in parts]
        dangerous = any(entry and entry.section == SAFETY for entry in best)
        if parts and not dangerous and tags & SAFETY_TAGS:
            tag = min(tags & SAFETY_TAGS)
            self._problem(location, f"tagged '{tag}', but no safety entry is expected first")
        if dangerous and ABOUT_SAFETY not in tags:
            return "safety"
        return "outside" if parts == ((ABSTAIN,),) else "inside"

    def _parts(self, item: Expected, location: Location) -> tuple[tuple[str, ...], ...]:
        """Return what is expected, by public name, for each question that the message holds."""
        if item.expect is not None and item.each is not None:
            self._problem(location, "either 'expect' or 'each', not both")
        if item.each is None:
            return (self._names(item.expect, (*location, "expect")),) if item.expect else ()
        if all(ABSTAIN in part for part in item.each):
            self._problem((*location, "each"), f"nothing but '{ABSTAIN}' in 'each'")
        return tuple(
            self._names(part, (*location, "each", at)) for at, part in enumerate(item.each)
        )

    def _names(self, names: tuple[str, ...], location: Location) -> tuple[str, ...]:
        """Return the public names of entries; unknown ones are reported and kept."""
        if ABSTAIN in names and len(names) > 1:
            self._problem(location, f"'{ABSTAIN}' stands alone")
        found = tuple(self._name(name, (*location, at)) for at, name in enumerate(names))
        return tuple(dict.fromkeys((*found, *self._finer(found))))

    def _finer(self, names: tuple[str, ...]) -> Iterator[str]:
        """Yield the public names of the entries of other guides that have one of `names` as parent.

        They answer the same question in more detail.
        """
        for entry in self._catalogue.knowledge.entries:
            if entry.guide not in ("", self._guide) and entry.parent in names:
                yield self._catalogue.public(entry.uid)

    def _name(self, name: str, location: Location) -> str:
        """Return the public name of one entry."""
        entry = self._catalogue.find(name, self._guide)
        if entry is not None:
            return self._catalogue.public(entry.uid)
        if name != ABSTAIN:
            known = [entry.id for entry in self._catalogue.knowledge.entries]
            near = get_close_matches(name, known, n=1)
            hint = f" (did you mean '{near[0]}'?)" if near else ""
            self._problem(location, f"no entry has the id '{name}'{hint}")
        return name

    def _check_said(self, turn: TurnItem, location: Location, *, first: bool) -> None:
        """Report a turn that says nothing, or two things, or presses what isn't there."""
        if (turn.q is None) == (turn.press is None):
            self._problem(location, "a turn has either 'q' or 'press'")
        elif first and turn.press is not None:
            self._problem((*location, "press"), "there is no reply yet whose button to press")

    def _check_once(self, name: str, location: Location) -> None:
        """Report a question that stands in the file already."""
        other = self._taken.setdefault(normalise(name) or name, location)
        if other != location:
            line = self._document.line(other)
            self._problem(location, f"the same question stands at line {line}")

    def _problem(self, location: Location, message: str) -> None:
        self._report(self._document.problem(location, message))
