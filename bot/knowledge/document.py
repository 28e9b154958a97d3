"""One YAML file, read safely, with the line of every value."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from bot.errors import KnowledgeError, Problem

Location = tuple[str | int, ...]
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_MOST_VALUES = 200_000


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
        """Return the line of each field directly below `location`."""
        depth = len(location) + 1
        return {
            str(where[-1]): line
            for where, line in self.lines.items()
            if len(where) == depth and where[:-1] == location
        }

    def problem(self, location: Location, message: str) -> Problem:
        """Return a Problem at `location`."""
        return Problem(self.path, self.line(location), message)


def read_document(path: Path, shown: str) -> Document:
    """Read the YAML file at `path`; `shown` is its name in messages.

    Raises KnowledgeError if it can't be read, isn't UTF-8, isn't YAML, repeats a key, or is
    larger than any sane knowledge file.
    """
    text = _decoded(path, shown)
    try:
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


def _decoded(path: Path, shown: str) -> str:
    """Return the file's text, or raise KnowledgeError with the line of the first bad byte."""
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


def _walk(node: yaml.Node | None, lines: dict[Location, int]) -> Iterator[tuple[int, str]]:
    """Fill `lines` with the line of every value below `node`; yield (line, message) problems."""
    stack: list[tuple[Location, yaml.Node]] = [((), node)] if node is not None else []
    while stack:
        location, here = stack.pop()
        lines[location] = here.start_mark.line + 1
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
                if isinstance(value, yaml.ScalarNode):
                    continue
                lines[(*location, name)] = key.start_mark.line + 1
        elif isinstance(here, yaml.SequenceNode):
            stack.extend(((*location, index), item) for index, item in enumerate(here.value))
