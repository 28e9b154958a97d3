"""One YAML file, read safely, with the line of every value."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml
from yaml.constructor import ConstructorError

from bot.errors import KnowledgeError, Problem

Location = tuple[str | int, ...]
_MOST_VALUES = 200_000
_DEEPEST = 40
_SafeLoader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_SafeLoader):  # type: ignore[valid-type, misc] # C where PyYAML has it
    """A safe loader that tells the place of a value which isn't what its tag says."""

    def construct_object(self, node: yaml.Node, deep: bool = False) -> object:  # noqa: FBT001, FBT002 - PyYAML's signature
        """Return the value of `node`. Raises ConstructorError with its place."""
        try:
            return super().construct_object(node, deep)
        except (ValueError, KeyError, AttributeError, IndexError) as error:
            told = str(error) if type(error) is ValueError else f"no {node.tag.rsplit(':', 1)[-1]}"
            why = f"'{node.value}': {told}" if isinstance(node, yaml.ScalarNode) else told
            raise ConstructorError(None, None, why, node.start_mark) from None


@dataclass(frozen=True)
class Document:
    """A parsed file: its path as shown to authors, its data, and the line of each location."""

    path: str
    data: object
    lines: dict[Location, int]

    def line(self, location: Location) -> int:
        """Return the line of the longest known beginning of `location`."""
        while location not in self.lines and location:
            location = location[:-1]
        return self.lines.get(location, 1)

    def below(self, location: Location) -> dict[str, int]:
        """Return the line of each field below `location`, by its dotted path from there."""
        depth = len(location)
        return {
            ".".join(map(str, where[depth:])): line
            for where, line in self.lines.items()
            if len(where) > depth and where[:depth] == location
        }

    def problem(self, location: Location, message: str) -> Problem:
        """Return a Problem at `location`."""
        return Problem(self.path, self.line(location), message)


def shown_path(path: Path) -> str:
    """Return a path as an author would type it."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except (ValueError, OSError, RuntimeError):
        return str(path)


def read_document(path: Path, shown: str) -> Document:
    """Read the YAML file at `path`; `shown` is its name in messages.

    Raises KnowledgeError if it can't be read, isn't UTF-8, isn't YAML, repeats a key, or is
    larger than any sane knowledge file.
    """
    return parsed(text_of(path, shown), shown)


def parsed(text: str, shown: str) -> Document:
    """Parse a file's text. Raises KnowledgeError."""
    try:
        _check_depth(text)
        loader = _Loader(text)
        try:
            node = loader.get_single_node()
            lines: dict[Location, int] = {}
            problems = [Problem(shown, *found) for found in _walk(node, lines)]
            data = loader.construct_document(node) if node is not None else None
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        message = f"not valid YAML: {error.problem or error.context}"
        raise KnowledgeError([Problem(shown, line, message)]) from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        message = f"not valid YAML: {str(error).splitlines()[0]}"
        raise KnowledgeError([Problem(shown, 1, message)]) from None
    if problems:
        raise KnowledgeError(problems)
    return Document(shown, data, lines)


def text_of(path: Path, shown: str) -> str:
    """Return the file's text. Raises KnowledgeError, with the line of the first bad byte."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        message = f"can't be read: {error.strerror or type(error).__name__}"
        raise KnowledgeError([Problem(shown, 1, message)]) from None
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        message = "not UTF-8 text: save the file with the encoding UTF-8"
        raise KnowledgeError([Problem(shown, line, message)]) from None


def _check_depth(text: str) -> None:
    """Raise ValueError if values nest deeper than any sane file's: the C parser would crash."""
    depth = 0
    for event in yaml.parse(text, _Loader):
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            message = f"more than {_DEEPEST} levels deep"
            raise ValueError(message)


def _walk(node: yaml.Node | None, lines: dict[Location, int]) -> Iterator[tuple[int, str]]:
    """Fill `lines` with the line of every value below `node`; yield (line, message) problems."""
    stack: list[tuple[Location, yaml.Node]] = [((), node)] if node is not None else []
    while stack:
        location, here = stack.pop()
        lines.setdefault(location, here.start_mark.line + 1)
        if len(location) > _DEEPEST:
            message = f"more than {_DEEPEST} levels deep (an alias that contains itself?)"
            raise ValueError(message)
        if len(lines) > _MOST_VALUES:
            message = f"more than {_MOST_VALUES} values (aliases that repeat each other?)"
            raise ValueError(message)
        if isinstance(here, yaml.MappingNode):
            seen: set[str] = set()
            for key, value in here.value:
                name = str(key.value)
                if name in seen:
                    yield key.start_mark.line + 1, f"the key '{name}' stands here twice"
                seen.add(name)
                stack.append(((*location, name), value))
                lines[(*location, name)] = key.start_mark.line + 1
        elif isinstance(here, yaml.SequenceNode):
            stack.extend(((*location, index), item) for index, item in enumerate(here.value))
