"""One template stands for many phrasings."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.knowledge.templates import MOST_EXPANSIONS, TemplateError, expand, is_template

LISTS = {"pot": ("a pot", "a cup")}
FUZZ = settings(max_examples=100, derandomize=True, deadline=None, database=None)


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("how long", ["how long"]),
        ("(how|so) long", ["how long", "so long"]),
        ("how|so", ["how", "so"]),
        ("[so] how", ["how", "so how"]),
        ("how [very|so] long", ["how long", "how very long", "how so long"]),
        ("for {pot}", ["for a pot", "for a cup"]),
        ("(a|b)(c|d)", ["ac", "ad", "bc", "bd"]),
        ("((a|b)|c)", ["a", "b", "c"]),
        ("[[very] so] how", ["how", "so how", "very so how"]),
        ("(tea|tea)", ["tea"]),
        ("( tea  |  brew )  now", ["tea now", "brew now"]),
        ("[tea]", ["tea"]),
        ("(tea|)", ["tea"]),
    ],
)
def test_what_a_template_stands_for(template: str, expected: list[str]) -> None:
    """Alternatives, optional parts and lists expand in order, each phrasing once, never empty."""
    assert expected == expand(template, LISTS)


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ("(tea", r"^'\(' is never closed in the template$"),
        ("[tea", r"^'\[' is never closed in the template$"),
        ("[tea)", r"^'\[' is never closed in the template$"),
        ("tea]", r"^unexpected '\]' in the template$"),
        ("a ) b", r"^unexpected '\)' in the template$"),
        ("{", r"^'{' has no partner in the template$"),
        ("tea}", r"^'}' has no partner in the template$"),
        ("{kettle}", r"^the template names the list 'kettle', which words.yaml doesn't have$"),
        ("(a|b|c|d)" * 4, r"^the template stands for more than 200 phrasings$"),
        ("(a|b)" * 64, r"^the template stands for more than 200 phrasings$"),
    ],
)
def test_what_is_wrong_with_a_template(template: str, message: str) -> None:
    """A template that can't be expanded says why."""
    with pytest.raises(TemplateError, match=message):
        expand(template, LISTS)


def test_the_most_that_a_template_may_stand_for() -> None:
    """A template may stand for exactly as many phrasings as the limit says."""
    words = "|".join(f"w{number}" for number in range(MOST_EXPANSIONS))

    assert len(expand(f"({words})", {})) == MOST_EXPANSIONS


@FUZZ
@given(st.text("ab ()[]{}|", max_size=20))
def test_any_template(text: str) -> None:
    """Whatever its brackets, a template expands into plain phrasings or is a TemplateError."""
    try:
        found = expand(text, {"a": ("b",)})
    except TemplateError:
        return
    assert not [each for each in found if is_template(each)]


@FUZZ
@given(st.text("abc ", min_size=1))
def test_a_text_without_brackets(text: str) -> None:
    """A plain text stands for itself alone."""
    assert [text] == expand(text, LISTS)
