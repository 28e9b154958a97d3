"""Telegram in a person's own language: how the bot is presented."""

from bot.channels.telegram.introduction import introduce
from bot.conversation.dialogue import Dialogue
from tests.e2e.wire import FakeWire, Json, started

# what Telegram shows of the bot


async def told(wire: FakeWire, dialogue: Dialogue) -> dict[str, Json]:
    """Return what Telegram shows after an introduction, by language."""
    async with started(dialogue, wire) as application:
        await introduce(application.bot, dialogue)
    return wire.told


async def test_the_command_menu_is_in_every_language(wire: FakeWire, bilingual: Dialogue) -> None:
    """Each language has the same commands in the same order; the first is everybody else's."""
    shown = await told(wire, bilingual)
    commands = [[one["command"] for one in shown[code]["commands"]] for code in ("", "es")]
    assert ({"", "es"}, commands[0]) == (set(shown), commands[1])


async def test_no_command_is_described_in_english(wire: FakeWire, bilingual: Dialogue) -> None:
    """The Spanish menu describes every command in Spanish, those of the guides included."""
    shown = await told(wire, bilingual)
    english, spanish = (
        {tuple(one.values()) for one in shown[code]["commands"]} for code in ("", "es")
    )
    assert set() == english & spanish


async def test_the_menu_translates_no_command_that_is_not_there(bilingual: Dialogue) -> None:
    """What the Spanish voice says of guides' commands belongs to commands that they have."""
    knowledge = bilingual.others["es"].catalogue.knowledge
    known = {item.command for guide in knowledge.guides for item in guide.file.commands}
    assert known == set(knowledge.voice.telegram.commands.guides)


async def test_the_descriptions_are_spanish(wire: FakeWire, bilingual: Dialogue) -> None:
    """Name and descriptions are told in Spanish to people whose Telegram speaks it."""
    voice = bilingual.others["es"].catalogue.knowledge.voice
    shown = (await told(wire, bilingual))["es"]
    expected = (voice.name, voice.telegram.description, voice.telegram.short_description)
    assert expected == tuple(shown[name] for name in ("name", "description", "short_description"))


async def test_no_language_is_told_twice(wire: FakeWire, bilingual: Dialogue) -> None:
    """A start sends nothing that Telegram already shows in a language."""
    await told(wire, bilingual)
    wire.sent.clear()
    await told(wire, bilingual)
    assert [] == [each.method for each in wire.sent if each.method.startswith("set")]
