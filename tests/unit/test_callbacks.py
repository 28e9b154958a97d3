"""What a button carries: at most 64 bytes, there and back."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram.callbacks import MOST_BYTES, CallbackError, pack, unpack
from bot.conversation.model import Target
from bot.knowledge.model import Knowledge

TARGETS = {
    "greeting": Target("", "greeting"),
    "tea/brew": Target("", "tea/brew"),
    "why:tea/brew": Target("why", "tea/brew"),
    "menu:tea/basics": Target("menu", "tea/basics"),
    "none:these": Target("none", "these"),
}


@pytest.mark.parametrize("data", TARGETS)
def test_a_target_is_packed_as_readable_text(data: str) -> None:
    """The data is the action and the name, as they are written elsewhere."""
    assert pack(TARGETS[data]) == data


@pytest.mark.parametrize("data", TARGETS)
def test_packed_text_is_read_back(data: str) -> None:
    """Unpacking gives the target that was packed."""
    assert unpack(data) == TARGETS[data]


def test_64_bytes_fit() -> None:
    """Telegram's limit itself is allowed."""
    assert len(pack(Target("why", "a" * (MOST_BYTES - 4)))) == 64


def test_65_bytes_do_not_fit() -> None:
    """One byte beyond Telegram's limit is refused, and the message says how many there are."""
    with pytest.raises(CallbackError, match="65 bytes; at most 64"):
        pack(Target("why", "a" * (MOST_BYTES - 3)))


def test_bytes_are_counted_not_characters() -> None:
    """33 letters of two bytes each are too long, although 33 is less than 64."""
    with pytest.raises(CallbackError, match="66 bytes"):
        pack(Target("", "я" * 33))


def test_all_views_of_all_entries_fit(knowledge: Knowledge) -> None:
    """No entry that ships has an id too long for any button that may open it."""
    targets = [
        Target(action, entry.uid)
        for entry in knowledge.entries
        for action in ("", "why", "more", "sources")
    ]
    assert [target for target in targets if unpack(pack(target)) != target] == []


def test_all_menus_fit(knowledge: Knowledge) -> None:
    """No section that ships has an id too long for its button."""
    targets = [
        Target("menu", f"{guide.id}/{section.id}")
        for guide in knowledge.guides
        for section in guide.file.sections
    ]
    assert [target for target in targets if unpack(pack(target)) != target] == []


@given(st.text(max_size=64))
def test_any_text_is_unpacked(data: str) -> None:
    """Whatever a forged button carries, it becomes a target that packs to the same text or less."""
    assert str(unpack(data)) in (data, data.removeprefix(":"))


@given(st.sampled_from(["", "why", "menu"]), st.text("abc-/яé🍑", max_size=70))
def test_nothing_too_long_is_packed(action: str, name: str) -> None:
    """What pack returns never exceeds the limit."""
    data = ""
    with suppress(CallbackError):
        data = pack(Target(action, name))
    assert len(data.encode()) <= MOST_BYTES
