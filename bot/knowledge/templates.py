"""Sentence templates: ``(how many|what number of) {sets} [a week]`` stands for many phrasings.

After the manner of home-assistant/intents: ``(a|b)`` are alternatives, ``[x]`` may be left out,
``{name}`` is a list of words.yaml.
"""

import re
from collections.abc import Mapping
from itertools import islice, product

MOST_EXPANSIONS = 200
"""The most phrasings that one template may stand for."""

_MOST_BRACKETS = 100

_TEMPLATE = re.compile(r"[()\[\]{}|]")
_PART = re.compile(r"[()\[\]|]|\{[^{}]*\}|[^()\[\]|{}]+|[{}]")


class TemplateError(ValueError):
    """A template that can't be expanded; the message says why."""


def is_template(text: str) -> bool:
    """Say whether `text` has any of the characters that templates are made of."""
    return _TEMPLATE.search(text) is not None


def expand(template: str, lists: Mapping[str, tuple[str, ...]]) -> list[str]:
    """Return every phrasing that `template` stands for, in order, each once.

    Raises TemplateError for unbalanced brackets, an unknown list, or too many expansions.
    """
    if not is_template(template):
        return [template]
    parts: list[str] = _PART.findall(template)
    if sum(part in "([" for part in parts) > _MOST_BRACKETS:
        message = f"the template has more than {_MOST_BRACKETS} brackets"
        raise TemplateError(message)
    found, rest = _alternatives(parts, 0, lists)
    if rest != len(parts):
        message = f"unexpected '{parts[rest]}' in the template"
        raise TemplateError(message)
    cleaned = dict.fromkeys(" ".join(text.split()) for text in found)
    return [text for text in cleaned if text]


def _alternatives(
    parts: list[str], at: int, lists: Mapping[str, tuple[str, ...]]
) -> tuple[list[str], int]:
    """Expand ``a|b|c`` from part `at`; return the texts and the index after them."""
    texts, at = _sequence(parts, at, lists)
    while at < len(parts) and parts[at] == "|":
        more, at = _sequence(parts, at + 1, lists)
        texts += more
    return texts, at


def _sequence(
    parts: list[str], at: int, lists: Mapping[str, tuple[str, ...]]
) -> tuple[list[str], int]:
    """Expand choices that follow each other until ``|`` or a closing bracket."""
    choices: list[list[str]] = []
    while at < len(parts) and parts[at] not in ("|", ")", "]"):
        part = parts[at]
        if part in ("(", "["):
            inner, at = _alternatives(parts, at + 1, lists)
            closing = ")" if part == "(" else "]"
            if at >= len(parts) or parts[at] != closing:
                message = f"'{part}' is never closed in the template"
                raise TemplateError(message)
            choices.append(inner if part == "(" else ["", *inner])
        else:
            choices.append(_literal(part, lists))
        at += 1
    texts = ["".join(chosen) for chosen in islice(product(*choices), MOST_EXPANSIONS + 1)]
    if len(texts) > MOST_EXPANSIONS:
        message = f"the template stands for more than {MOST_EXPANSIONS} phrasings"
        raise TemplateError(message)
    return texts, at


def _literal(part: str, lists: Mapping[str, tuple[str, ...]]) -> list[str]:
    """Return a plain text as it is, or the words of the list that ``{name}`` names."""
    if part in "{}":
        message = f"'{part}' has no partner in the template"
        raise TemplateError(message)
    if not part.startswith("{"):
        return [part]
    name = part[1:-1]
    if name not in lists:
        message = f"the template names the list '{name}', which words.yaml doesn't have"
        raise TemplateError(message)
    return list(lists[name])
