"""How a reply's buttons are laid out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram.callbacks import CallbackError
from bot.channels.telegram.markup import keyboard
from bot.conversation.model import Button, Reply, Target

SHORT = "Why?"
LONG = "How many sets and reps should I do?"


def test_no_buttons_make_no_keyboard() -> None:
    """A reply without buttons is sent without a keyboard, not with an empty one."""
    assert keyboard(Reply("answer", "Hello.", "Hello.")) is None


def test_a_button_keeps_its_label_and_target() -> None:
    """A button shows its label and carries what it opens."""
    markup = keyboard(_reply(Button("More", Target("more", "tea/brew"))))
    assert markup is not None
    button = markup.inline_keyboard[0][0]
    assert (button.text, button.callback_data) == ("More", "more:tea/brew")


def test_three_short_buttons_share_a_row() -> None:
    """Short labels stand side by side."""
    assert _rows(SHORT, SHORT, SHORT) == [3]


def test_a_fourth_short_button_begins_a_row() -> None:
    """More than three in a row would be cut on a phone."""
    assert _rows(SHORT, SHORT, SHORT, SHORT) == [3, 1]


def test_a_long_button_stands_alone() -> None:
    """A long label has a row to itself, before, between and after others."""
    assert _rows(LONG, SHORT, LONG, SHORT, SHORT, LONG, LONG) == [1, 1, 1, 2, 1, 1]


def test_12_characters_share_a_row_of_three() -> None:
    """Of longer ones only two stand side by side."""
    assert ([3], [2, 1]) == (_rows(*["a" * 12] * 3), _rows(*["a" * 13] * 3))


def test_a_long_third_button_begins_a_row() -> None:
    """A row that was made for short labels isn't joined by a longer one."""
    assert _rows(SHORT, SHORT, "a" * 13) == [2, 1]


def test_ways_about_share_no_row_with_answers() -> None:
    """Back and Start over stand side by side below the options, never beside one."""
    opens = ("step:tea/taste/mild", "step:tea/taste", "over:tea", "stop:tea")
    buttons = [Button(SHORT, Target.parse(each)) for each in opens]
    markup = keyboard(_reply(*buttons))
    assert markup is not None
    assert [1, 3] == [len(row) for row in markup.inline_keyboard]


def test_views_share_no_row_with_options() -> None:
    """Why and More stand apart from what can be answered."""
    buttons = [Button(SHORT, Target.parse(each)) for each in ("tea/a", "why:tea/b", "more:tea/b")]
    markup = keyboard(_reply(*buttons))
    assert markup is not None
    assert [1, 2] == [len(row) for row in markup.inline_keyboard]


def test_16_characters_are_short() -> None:
    """The longest short label still shares a row."""
    assert _rows("a" * 16, "b" * 16) == [2]


def test_17_characters_are_long() -> None:
    """One character more and a label stands alone."""
    assert _rows("a" * 17, "b" * 17) == [1, 1]


def test_a_target_too_long_for_a_button_is_refused() -> None:
    """A keyboard that Telegram would refuse isn't made."""
    with pytest.raises(CallbackError):
        keyboard(_reply(Button("Why?", Target("why", "a" * 64))))


@given(st.lists(st.text(min_size=1, max_size=40), max_size=20))
def test_no_button_is_lost_or_moved(labels: list[str]) -> None:
    """Read row by row, the keyboard has the reply's buttons in their order."""
    markup = keyboard(_reply(*(Button(label, Target("", "x")) for label in labels)))
    rows = markup.inline_keyboard if markup else ()
    assert [button.text for row in rows for button in row] == labels


@given(st.lists(st.text(min_size=1, max_size=40), max_size=20))
def test_a_row_of_several_has_only_short_labels(labels: list[str]) -> None:
    """A long label never shares its row."""
    markup = keyboard(_reply(*(Button(label, Target("", "x")) for label in labels)))
    shared = [row for row in (markup.inline_keyboard if markup else ()) if len(row) > 1]
    assert [button.text for row in shared for button in row if len(button.text) > 16] == []


def _rows(*labels: str) -> list[int]:
    """Return how many buttons each row of a keyboard with these labels has."""
    markup = keyboard(_reply(*(Button(label, Target("", "tea/brew")) for label in labels)))
    return [len(row) for row in markup.inline_keyboard] if markup else []


def _reply(*buttons: Button) -> Reply:
    """Return a reply with these buttons."""
    return Reply("answer", "Hello.", "Hello.", buttons=buttons)
