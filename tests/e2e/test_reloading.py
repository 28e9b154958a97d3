"""Changed knowledge is swapped in while messages flow; broken knowledge is refused."""

import asyncio
import logging
import os
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import httpx2
import pytest

from bot.app.composition import load_all, make_reloader
from bot.channels.keeper import Keeper
from bot.channels.telegram.application import take_over
from bot.channels.telegram.courier import Courier
from bot.channels.web.application import build_page
from bot.channels.web.live import LivePage
from bot.conversation.model import Session, Target
from bot.reloading import Loaded, Reloader, reloading, stamp
from bot.settings import Settings
from bot.stores.bundle import in_memory
from tests.conftest import needs_shared
from tests.e2e.wire import FakeWire, Talk, load_validator, started

ANSWER = "It can, and black tea more than most."
NEWER = "It can keep you up, green tea too."
DRINKING = Path("tea/answers/drinking.yaml")
QUESTION = "will tea keep me awake"
NEW_PHRASING = "staring at the ceiling after a brew"


async def nothing(_loaded: Loaded) -> None:
    """Take what was loaded, and do nothing with it."""


async def no_fit() -> None:
    """Fit nothing."""


def change(folder: Path, old: str, new: str) -> None:
    """Change the last answers of the small guide, in one step, as a careful editor does."""
    path = folder / DRINKING
    scratch = path.with_suffix(".part")
    scratch.write_text(path.read_text("utf-8").replace(old, new), "utf-8")
    scratch.replace(path)


@pytest.fixture
def settings(folder: Path) -> Settings:
    """Return the settings for a copy of the small guide."""
    cache = str(folder.parent / "cache")
    return Settings.read({"KNOWLEDGE_DIR": str(folder), "CACHE_DIR": cache})


@pytest.fixture
def first(settings: Settings) -> Loaded:
    """Return what answers at the start."""
    return load_all(settings)


@asynccontextmanager
async def talking(first: Loaded) -> AsyncIterator[tuple[Talk, Callable[[Loaded], None]]]:
    """Talk to the real application; also give what hands it over to other knowledge."""
    validate = load_validator(needs_shared("bot_api"))
    wire, keeper = FakeWire(validate), Keeper(in_memory())
    application = started(first.dialogue, wire)
    courier = Courier(application.bot, first.dialogue, keeper)

    def swap(new: Loaded) -> None:
        take_over(application, new.dialogue, keeper)
        courier.take(new.dialogue)

    async with application:
        yield Talk(application, wire), swap


def reloader(settings: Settings, first: Loaded, taken: list[Loaded]) -> Reloader:
    """Return a reloader that puts what it swaps in into `taken`."""

    async def swap(new: Loaded) -> None:
        taken.append(new)

    made = Reloader(settings.knowledge_dir, lambda: load_all(settings), swap, fit=no_fit)
    made.begin(first)
    return made


def answer(loaded: Loaded) -> str:
    """Return what is said of tea at night."""
    return loaded.dialogue.open(Target("", "tea/tea-at-night"), Session()).reply.text


async def test_a_change_is_swapped_in(settings: Settings, first: Loaded) -> None:
    """A changed answer is the answer after the next look."""
    taken: list[Loaded] = []
    watch = reloader(settings, first, taken)
    change(settings.knowledge_dir, ANSWER, NEWER)
    assert await watch.look()
    assert NEWER in answer(taken[0])


async def test_nothing_changed(settings: Settings, first: Loaded) -> None:
    """Without a change, nothing is loaded."""
    taken: list[Loaded] = []
    assert not await reloader(settings, first, taken).look()
    assert [] == taken


async def test_the_same_content_again(settings: Settings, first: Loaded) -> None:
    """A file that was written again with the same content is no change."""
    taken: list[Loaded] = []
    watch = reloader(settings, first, taken)
    os.utime(settings.knowledge_dir / DRINKING, (1, 1))
    assert not await watch.look()


async def test_asked_to_look(settings: Settings, first: Loaded) -> None:
    """Whoever asks, as by SIGHUP, gets the knowledge loaded though no file seems changed."""
    taken: list[Loaded] = []
    assert await reloader(settings, first, taken).look(asked=True)
    assert [first.version] == [one.version for one in taken]


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (("related: [water-heat]", "related: [nowhere]"), "'nowhere' opens nothing"),
        (("entries:", "entries: ["), "not valid YAML"),
        (("id: tea-at-night", "id: " + "x" * 41), "'id': string should have at most 40"),
    ],
)
async def test_a_broken_change_is_refused(
    settings: Settings,
    first: Loaded,
    caplog: pytest.LogCaptureFixture,
    fault: tuple[str, str],
    told: str,
) -> None:
    """Broken knowledge is refused with its problems and their places; the last one stays."""
    taken: list[Loaded] = []
    watch = reloader(settings, first, taken)
    change(settings.knowledge_dir, *fault)
    with caplog.at_level(logging.WARNING):
        assert not await watch.look()
    assert [] == taken
    assert f"is refused, {first.version} stays: " in caplog.text
    assert str(settings.knowledge_dir / DRINKING) in caplog.text
    assert told in caplog.text


async def test_a_broken_change_is_told_once(
    settings: Settings, first: Loaded, caplog: pytest.LogCaptureFixture
) -> None:
    """A refusal is not repeated at every look."""
    watch = reloader(settings, first, [])
    change(settings.knowledge_dir, "entries:", "entries: [")
    await watch.look()
    caplog.clear()
    await watch.look()
    assert "" == caplog.text


async def test_a_mended_change_is_swapped_in(settings: Settings, first: Loaded) -> None:
    """After a refusal, what is sound again is swapped in."""
    taken: list[Loaded] = []
    watch = reloader(settings, first, taken)
    change(settings.knowledge_dir, "entries:", "entries: [")
    await watch.look()
    change(settings.knowledge_dir, "entries: [", "entries:")
    change(settings.knowledge_dir, ANSWER, NEWER)
    assert await watch.look()


async def test_files_that_are_still_being_written(settings: Settings, first: Loaded) -> None:
    """What changes again while it is loaded waits for the next look."""
    taken: list[Loaded] = []
    pending = [NEWER]

    def loading() -> Loaded:
        loaded = load_all(settings)
        for new in pending:
            change(settings.knowledge_dir, ANSWER, new)
        pending.clear()
        return loaded

    async def swap(new: Loaded) -> None:
        taken.append(new)

    watch = Reloader(settings.knowledge_dir, loading, swap, fit=no_fit)
    watch.begin(first)
    change(settings.knowledge_dir, "title: Tea at night", "title: Tea by night")
    assert (False, True) == (await watch.look(), await watch.look())
    assert NEWER in answer(taken[0])


def ask_more(folder: Path) -> None:
    """Add a phrasing to the entry on tea at night."""
    path = folder / DRINKING
    more = f"ask: Does tea keep me awake?\n    phrasings: [{NEW_PHRASING}]"
    path.write_text(path.read_text("utf-8").replace("ask: Does tea keep me awake?", more), "utf-8")


@asynccontextmanager
async def rephrased(
    settings: Settings, first: Loaded
) -> AsyncIterator[tuple[Reloader, list[Loaded]]]:
    """Swap in a new phrasing, by a matcher adapted to it; whoever fits it has done so at once."""
    taken: list[Loaded] = []

    async def swap(new: Loaded) -> None:
        taken.append(new)

    async def fit() -> None:
        load_all(settings)

    def loading() -> Loaded:
        return load_all(settings, known=first.matcher)

    watch = Reloader(settings.knowledge_dir, loading, swap, fit=fit)
    watch.begin(first)
    ask_more(settings.knowledge_dir)
    await watch.look()
    yield watch, taken


async def test_a_new_phrasing_counts_at_once(settings: Settings, first: Loaded) -> None:
    """It is what is nearest to its own words, before anything was fitted to it."""
    async with rephrased(settings, first) as (_, taken):
        best = taken[0].matcher.rank(NEW_PHRASING).candidates[0]
    assert (True, NEW_PHRASING) == (taken[0].matcher.provisional, best.phrase)


async def test_what_is_provisional_is_fitted(settings: Settings, first: Loaded) -> None:
    """What was adapted is swapped for what was fitted to the same knowledge."""
    async with rephrased(settings, first) as (watch, taken):
        assert await watch.settle()
    assert [True, False] == [each.matcher.provisional for each in taken]
    assert taken[0].version == taken[1].version


async def test_a_fit_that_failed(settings: Settings, first: Loaded) -> None:
    """Without a fit, what is provisional stays."""
    async with rephrased(settings, first) as (watch, taken):
        watch._fit = no_fit
        assert not await watch.settle()
    assert 1 == len(taken)


async def test_a_fit_that_came_too_late(settings: Settings, first: Loaded) -> None:
    """What was fitted to knowledge that has changed since is not swapped in."""
    async with rephrased(settings, first) as (watch, taken):
        change(settings.knowledge_dir, ANSWER, NEWER)
        assert not await watch.settle()
    assert 1 == len(taken)


async def test_the_fit_follows_by_itself(settings: Settings, first: Loaded) -> None:
    """Whoever looks for ever fits what is provisional, in a process of its own."""
    fitted = asyncio.Event()

    async def swap(new: Loaded) -> None:
        if not new.matcher.provisional:
            fitted.set()

    watch = make_reloader(settings, first, swap)
    async with reloading(watch):
        ask_more(settings.knowledge_dir)
        async with asyncio.timeout(120):
            await fitted.wait()


async def test_a_loader_that_fails(
    settings: Settings, first: Loaded, caplog: pytest.LogCaptureFixture
) -> None:
    """Even a fault of our own leaves the last good knowledge in its place."""

    def loading() -> Loaded:
        raise ZeroDivisionError

    watch = Reloader(settings.knowledge_dir, loading, nothing, fit=no_fit)
    watch.begin(first)
    assert not await watch.look(asked=True)
    assert "could not be loaded" in caplog.text


async def test_the_version_is_logged(
    settings: Settings, first: Loaded, caplog: pytest.LogCaptureFixture
) -> None:
    """The log says which version is live, and after which."""
    taken: list[Loaded] = []
    with caplog.at_level(logging.INFO, "bot.reloading"):
        watch = reloader(settings, first, taken)
        change(settings.knowledge_dir, ANSWER, NEWER)
        await watch.look()
    expected = [
        f"knowledge {first.version} is live",
        f"knowledge {taken[0].version} is live, after {first.version}",
    ]
    assert expected == caplog.messages


async def test_a_hangup_asks_for_a_look(settings: Settings, first: Loaded) -> None:
    """SIGHUP loads the knowledge, however long the next look would be away."""
    swapped = asyncio.Event()

    async def swap(_new: Loaded) -> None:
        swapped.set()

    watch = Reloader(
        settings.knowledge_dir, lambda: load_all(settings), swap, fit=no_fit, every=1e6
    )
    watch.begin(first)
    async with reloading(watch):
        os.kill(os.getpid(), signal.SIGHUP)
        async with asyncio.timeout(60):
            await swapped.wait()


async def test_no_reply_fails_while_knowledge_is_swapped(settings: Settings, first: Loaded) -> None:
    """Under load, every message before, during and after a swap is answered, old or new."""
    async with talking(first) as (talk, swap):
        asked, done = 0, asyncio.Event()

        async def swapping(new: Loaded) -> None:
            swap(new)
            done.set()

        watch = Reloader(settings.knowledge_dir, lambda: load_all(settings), swapping, fit=no_fit)
        watch.begin(first)
        change(settings.knowledge_dir, ANSWER, NEWER)
        looking = asyncio.create_task(watch.look())
        while not done.is_set() or asked < 50:
            users = range(10 + asked, 15 + asked)  # new ones: nobody writes too much
            await asyncio.gather(*(talk.say(QUESTION, user=u, chat=u) for u in users))
            asked += 5
            await asyncio.sleep(0)
        await looking
        await talk.say(QUESTION, user=9, chat=9)
        texts = [params["text"] for params in talk.wire.messages()]
    failure = first.dialogue.catalogue.knowledge.voice.say.failure
    assert asked + 1 == len(texts)
    assert [] == [text for text in texts if failure in text]
    assert (True, True) == (ANSWER in texts[0], NEWER in texts[-1])


async def test_the_menu_of_commands_follows(settings: Settings, first: Loaded) -> None:
    """A command that came with the change opens what it stands for."""
    async with talking(first) as (talk, swap):
        path = settings.knowledge_dir / "tea" / "guide.yaml"
        new = "commands: [{command: night, opens: tea-at-night, description: At night}, "
        path.write_text(path.read_text("utf-8").replace("commands: [", new), "utf-8")
        swap(load_all(settings))
        sent = await talk.say("/night")
    assert ANSWER in sent[-1].params["text"]


async def test_the_page_is_swapped(settings: Settings, first: Loaded) -> None:
    """The page in the browser answers from the new knowledge, without a new start."""
    keeper = Keeper(in_memory())
    page = LivePage(build_page(*first, keeper))
    change(settings.knowledge_dir, ANSWER, NEWER)
    page.take(build_page(*load_all(settings), keeper))
    transport = httpx2.ASGITransport(app=page)
    async with httpx2.AsyncClient(transport=transport, base_url="http://localhost") as browser:
        shown = await browser.get("/guide")
    assert NEWER in shown.text


def test_a_stamp_without_a_folder(tmp_path: Path) -> None:
    """A folder that isn't there has no files, and that is no error."""
    assert () == stamp(tmp_path / "none")


def test_about_tells_the_version(first: Loaded) -> None:
    """Replies carry no version, but what the bot says of itself does."""
    said = first.dialogue.catalogue.knowledge.voice.say.version
    expected = said.format(version=first.version)
    entry = first.dialogue.catalogue.knowledge.shared[0].model_copy(update={"id": "about-bot"})
    assert expected in first.dialogue.card(entry).text
