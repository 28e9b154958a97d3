"""Changes the values of a YAML text and leaves everything else as its author wrote it."""

import textwrap
from collections.abc import Callable, Sequence
from difflib import SequenceMatcher
from io import StringIO

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import YAMLError
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, FoldedScalarString

from bot.errors import AuthoringError

Edit = Callable[[CommentedMap], None]

_INDENTS = ((4, 2), (2, 0))
_WIDEST = 10**6
_COLUMN = 100


def edited(text: str, edit: Edit) -> str:
    """Return a YAML text after `edit`, with its comments, order and quotes.

    What ruamel.yaml would write otherwise by itself stays as it is, too. Raises AuthoringError if
    it isn't YAML with keys at its top.
    """
    text = text if text.endswith("\n") or not text else f"{text}\n"
    try:
        indents, plain = _layout(text)
        after = _dumped(text, indents, edit)
    except YAMLError:
        message = "the file isn't valid YAML; `run_bot.py check` says where"
        raise AuthoringError(message) from None
    return _patched(text, plain, after)


def quoted(text: str) -> str:
    """Return a text to be written in quotes: no YAML reader takes it for a number or a yes."""
    found: str = DoubleQuotedScalarString(text)
    return found


def folded(text: str) -> str:
    """Return a paragraph to be written on as many lines as it needs."""
    paragraph = " ".join(text.split())
    lines = textwrap.wrap(paragraph, _COLUMN, break_long_words=False, break_on_hyphens=False)
    value = FoldedScalarString(paragraph)
    ends, at = [], 0
    for line in lines[:-1]:
        at += len(line)
        ends.append(at)
        at += 1
    value.fold_pos = ends
    found: str = value
    return found


def flow(values: Sequence[object]) -> CommentedSeq:
    """Return a list to be written on one line."""
    found = CommentedSeq(values)
    found.fa.set_flow_style()
    return found


def flow_map(**values: object) -> CommentedMap:
    """Return keys and values to be written on one line."""
    found = CommentedMap(values)
    found.fa.set_flow_style()
    return found


def _layout(text: str) -> tuple[tuple[int, int], str]:
    """Return the indentation that is most like the author's, and what is written with it."""
    found = []
    for indents in _INDENTS:
        plain = _dumped(text, indents, lambda _: None)
        if plain == text:
            return indents, plain
        found.append((_common(text, plain), indents, plain))
    _, indents, plain = max(found)
    return indents, plain


def _dumped(text: str, indents: tuple[int, int], edit: Edit) -> str:
    """Return what ruamel.yaml writes after `edit`."""
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = _WIDEST
    sequence, offset = indents
    yaml.indent(mapping=2, sequence=sequence, offset=offset)
    document = yaml.load(text)
    if document is None:
        document = CommentedMap()
        head = text
    elif isinstance(document, CommentedMap):
        head = ""
    else:
        message = "the file has no keys at its top"
        raise AuthoringError(message)
    edit(document)
    if not document:
        return text
    written = StringIO()
    yaml.dump(document, written)
    return head + written.getvalue()


def _common(one: str, other: str) -> float:
    """Return how much of the lines of two texts is the same."""
    return SequenceMatcher(None, one.splitlines(), other.splitlines(), autojunk=False).ratio()


def _patched(text: str, before: str, after: str) -> str:
    """Make in `text` the change that leads from `before` to `after`.

    If it falls on lines that `before` has otherwise than `text`, `after` is the result.
    """
    lines, old, new = (each.splitlines(keepends=True) for each in (text, before, after))
    blocks = SequenceMatcher(None, old, lines, autojunk=False).get_matching_blocks()
    place = {block.a + at: block.b + at for block in blocks for at in range(block.size)}
    place[-1] = -1
    result, done = [], 0
    for tag, start, end, first, last in SequenceMatcher(
        None, old, new, autojunk=False
    ).get_opcodes():
        if tag == "equal":
            continue
        known = [place.get(at) for at in range(start - 1, end)]
        begin = known[0]
        if begin is None or known != list(range(begin, begin + len(known))):
            return after
        result += [*lines[done : begin + 1], *new[first:last]]
        done = begin + len(known)
    return "".join([*result, *lines[done:]])
