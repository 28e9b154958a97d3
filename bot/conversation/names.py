"""What a person may type alone to open something: names, titles, questions, commands."""

from collections import defaultdict
from collections.abc import Iterator

from bot.conversation.catalogue import Catalogue
from bot.conversation.model import Target
from bot.matching.reading import Reader

_NO_NAMES = frozenset({"start"})


class Names:
    """Looks up whole messages. They are read like questions: fillers and subject left out."""

    def __init__(self, catalogue: Catalogue, reader: Reader) -> None:
        """Collect every name of `catalogue`."""
        self._reader = reader
        self._targets: dict[str, dict[str, Target]] = defaultdict(dict)
        self._commands = {f"/{item.command}": target for item, target in catalogue.commands()}
        for name, guide, target in _names(catalogue):
            self._targets[reader.read(name).understood].setdefault(guide, target)

    def find(self, text: str, guide: str = "") -> Target | None:
        """Return what `text` names in `guide` or in no guide; without `guide`, in any.

        A command as it is typed in Telegram opens what the command does.
        """
        command = self._commands.get(text.strip().lower())
        if command is not None:
            return command
        found = self._targets.get(self._reader.read(text).understood, {})
        if guide:
            return found.get(guide) or found.get("")
        return next(iter(found.values()), None)


def _names(catalogue: Catalogue) -> Iterator[tuple[str, str, Target]]:
    """Yield (name, guide, target), the more telling names first."""
    knowledge = catalogue.knowledge
    for entry in knowledge.entries:
        for name in (entry.ask, *entry.names, entry.title):
            yield name, entry.guide, Target("", entry.uid)
    for guide in knowledge.guides:
        for section in guide.file.sections:
            yield section.title, guide.id, Target("menu", f"{guide.id}/{section.id}")
    for command, target in catalogue.commands():
        if command.command not in _NO_NAMES:
            for name in (command.command, *command.names):
                yield name, "", target
