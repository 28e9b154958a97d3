"""The page in a real browser: what a person sees, taps and types."""

import json
import re
from typing import Any

import pytest
from axe_core_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, Route, expect

from bot.conversation.dialogue import Dialogue
from bot.conversation.model import Question, Session

SETS = "how many sets should I do??"
UNSURE = "progress or form"
RED_FLAG = "sharp pain shooting down my leg and numb foot"
EVIL = "<img src=x onerror=\"document.title='broken'\"><script>document.title='broken'</script>"


def turns(page: Page) -> Locator:
    """Return the turns that have their reply."""
    return page.locator(".turn:not(.waiting)")


def ask(page: Page, question: str) -> Locator:
    """Type a question; return its turn when the reply is there."""
    before = turns(page).count()
    page.get_by_label("Your question").fill(question)
    page.keyboard.press("Enter")
    expect(turns(page)).to_have_count(before + 1)
    return turns(page).last


def violations(page: Page) -> list[str]:
    """Return what axe-core finds wrong for people with disabilities."""
    found: dict[str, Any] = Axe().run(page)
    return [
        f"{each['id']}: {node['html'][:120]}"
        for each in found["violations"]
        for node in each["nodes"]
    ]


def widths(page: Page) -> tuple[int, int]:
    """Return how wide the content of the document and of the main part is."""
    return (
        page.evaluate("document.documentElement.scrollWidth"),
        page.evaluate("document.querySelector('main').scrollWidth"),
    )


def test_a_question_is_answered(page: Page, dialogue: Dialogue) -> None:
    """What is typed appears as said, then the reply with its buttons in order."""
    reply = dialogue.respond(Question(SETS), Session()).reply
    turn = ask(page, SETS)
    expect(turn.locator(".said")).to_contain_text(SETS)
    expect(turn.locator(".bubble")).to_contain_text(reply.text.split("[1]")[0])
    labels = turn.locator("[data-opens]").all_inner_texts()
    down = reply.feedback[1].label
    assert sorted([*(button.label for button in reply.buttons), down]) == sorted(labels)
    expect(page.get_by_label("Your question")).to_have_value("")


def test_a_checkpoint_is_tapped(page: Page) -> None:
    """A tapped option appears as said, and what it opens below it, where it can be seen."""
    option = ask(page, SETS).locator(".options button").first
    label = option.inner_text()
    option.click()
    expect(turns(page)).to_have_count(2)
    expect(turns(page).last.locator(".said")).to_contain_text(label)
    expect(turns(page).last.locator(".said")).to_be_in_viewport()
    expect(turns(page).last.locator(".bubble")).not_to_be_empty()


def test_a_citation_opens_its_source(page: Page) -> None:
    """A number opens a card with the full citation, design and limits; Escape closes it."""
    turn = ask(page, "What did the squat trial find?")
    turn.get_by_role("button", name="Source 1", exact=True).first.click()
    card = page.get_by_role("dialog")
    expect(card).to_contain_text("Plotkin DL, Rodas MA")
    expect(card).to_contain_text("randomised trial with MRI")
    expect(card).to_contain_text("Limits")
    expect(card.get_by_role("link", name="Open the source")).to_have_attribute(
        "href", re.compile("^https://")
    )
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()


def test_a_figure_is_shown_with_its_words(page: Page) -> None:
    """A picture is loaded and says what can be seen in it."""
    ask(page, "What did the squat trial find?").get_by_role("button", name="Show me").click()
    picture = turns(page).last.get_by_role("img")
    expect(picture).to_have_attribute("alt", re.compile("Seven lines"))
    expect(picture).to_have_js_property("complete", value=True)
    expect(picture).to_have_js_property("naturalWidth", 1080)


def test_an_unclear_question_is_asked_back(page: Page) -> None:
    """Did-you-mean offers whole questions and a way out; the first one is answered when tapped."""
    options = ask(page, UNSURE).locator(".options button")
    expect(options.last).to_have_text("None of these")
    options.first.click()
    expect(turns(page)).to_have_count(2)
    expect(turns(page).last.locator("article")).to_have_class(re.compile("answer"))


def test_a_newcomer_finds_something_to_ask(page: Page) -> None:
    """The row of suggestions asks what it says."""
    page.get_by_role("button", name="How do I set up a hip thrust?").click()
    expect(turns(page)).to_have_count(1)
    expect(page.locator(".said").first).to_contain_text("How do I set up a hip thrust?")


def test_why_shows_the_five_likeliest(page: Page) -> None:
    """The panel opens below the reply with six bars and the rule, and closes again."""
    turn = ask(page, SETS)
    how = turn.get_by_role("button", name="How this was chosen")
    how.click()
    panel = turn.get_by_role("region", name="How this was chosen")
    expect(panel.locator("tbody tr")).to_have_count(6)
    expect(panel).to_contain_text("how many sets should i do")
    expect(panel.locator("code")).to_contain_text("confidence")
    expect(how).to_have_attribute("aria-expanded", "true")
    how.click()
    expect(panel).to_be_hidden()


def test_a_reload_keeps_the_conversation(page: Page) -> None:
    """After a reload all turns are there, and "why?" is still about the last answer."""
    ask(page, SETS)
    said = turns(page).all_inner_texts()
    page.reload()
    assert said == turns(page).all_inner_texts()
    expect(ask(page, "why?")).to_contain_text("Why this answer")


def test_the_checkpoints_go_on_after_a_reload(page: Page) -> None:
    """Tapped, reloaded, typed and tapped again, the questions end in a conclusion."""
    page.get_by_role("button", name=re.compile("6 questions")).click()
    expect(turns(page).last).to_contain_text("1 of 6.")
    turns(page).last.locator(".options button").first.click()
    expect(turns(page).last).to_contain_text("2 of 6.")
    page.reload()
    expect(turns(page).last).to_contain_text("2 of 6.")
    for number, said in enumerate(["kind of tired", "yes", "it drifts", "no, often not"], start=3):
        expect(ask(page, said)).to_contain_text(f"{number} of 6.")
    page.reload()
    turns(page).last.locator(".options button").first.click()
    expect(turns(page)).to_have_count(7)
    expect(turns(page).last.locator("article")).to_have_class(re.compile("answer"))
    turns(page).last.get_by_role("button", name="What you remember of me").click()
    expect(turns(page).last).to_contain_text("What it's for: Grow my glutes")


def test_a_thumb_is_noted(page: Page) -> None:
    """Thumbs up is thanked for in a notice and stays pressed; there is no new turn."""
    up = ask(page, SETS).get_by_role("button", name="Helpful", exact=True)
    up.click()
    expect(page.get_by_role("status")).to_have_text("Noted, thank you.")
    expect(up).to_have_attribute("aria-pressed", "true")
    expect(turns(page)).to_have_count(1)


def test_a_thumb_down_is_asked_about(page: Page) -> None:
    """Thumbs down asks what was wrong; the reason is noted without another turn."""
    ask(page, SETS).get_by_role("button", name="Not helpful").click()
    expect(turns(page)).to_have_count(2)
    reason = turns(page).last.get_by_role("button", name="It's unclear")
    reason.click()
    expect(page.get_by_role("status")).to_have_text("Noted, thank you.")
    expect(reason).to_have_attribute("aria-pressed", "true")
    expect(turns(page)).to_have_count(2)


def test_none_of_these_offers_others(page: Page) -> None:
    """The way out of did-you-mean leads to what else is near."""
    ask(page, UNSURE).get_by_role("button", name="None of these").click()
    expect(turns(page)).to_have_count(2)
    expect(turns(page).last.locator("article")).to_have_class(re.compile("abstain"))


def test_erasing_everything_clears_the_page(page: Page) -> None:
    """Who asks to be forgotten sees one line that it is done, now and after a reload."""
    ask(page, SETS)
    ask(page, "/forget").get_by_role("button", name="Erase everything").click()
    expect(turns(page)).to_have_count(1)
    expect(turns(page).last).to_contain_text("I keep nothing of you any more")
    page.reload()
    expect(turns(page)).to_have_count(1)


def test_ones_own_data_can_be_saved(page: Page) -> None:
    """/export has a link that saves a file of JSON."""
    turn = ask(page, "/export")
    with page.expect_download() as saving:
        turn.get_by_role("link", name="guidebot.json").click()
    assert "sessions" in json.loads(saving.value.path().read_text("utf-8"))


def test_a_new_chat_forgets(page: Page) -> None:
    """New chat clears the page, and a reload brings nothing back."""
    ask(page, SETS)
    page.get_by_role("button", name="New chat").click()
    expect(turns(page)).to_have_count(0)
    page.reload()
    expect(turns(page)).to_have_count(0)


def test_a_question_is_text_whatever_it_holds(page: Page) -> None:
    """Markup in a question is shown as typed, now and after a reload, and never runs."""
    expect(ask(page, EVIL).locator(".said")).to_contain_text(EVIL)
    page.reload()
    expect(turns(page).locator(".said")).to_contain_text(EVIL)
    assert page.title() == "Hip thrust guide"
    assert page.locator(".turn img, .turn script").count() == 0


def test_keys_are_enough(page: Page) -> None:
    """With the keyboard alone: ask, walk to an option, open it, open and close a source."""
    expect(page.get_by_label("Your question")).to_be_focused()
    page.keyboard.type(SETS)
    page.keyboard.press("Enter")
    expect(turns(page)).to_have_count(1)
    expect(page.get_by_label("Your question")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(page.get_by_role("button", name="How this was chosen")).to_be_focused()
    option = turns(page).last.locator(".options button").first
    for _ in range(10):
        if option.evaluate("one => one === document.activeElement"):
            break
        page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(turns(page)).to_have_count(2)
    expect(turns(page).last.locator("article")).to_be_focused()
    page.keyboard.press("Tab")
    cited = turns(page).last.locator(".cite").first
    expect(cited).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    expect(page.get_by_role("button", name="Close")).to_be_focused()
    page.keyboard.press("Escape")
    expect(cited).to_be_focused()


def test_a_screen_reader_hears_replies(page: Page) -> None:
    """Replies come into a live region with a name, each an article with a name."""
    ask(page, SETS)
    log = page.get_by_role("log", name="Conversation")
    expect(log).to_have_attribute("aria-live", "polite")
    expect(log.get_by_role("article", name="Reply 1")).to_be_visible()


def test_shift_and_enter_begin_a_line(page: Page) -> None:
    """Shift with Enter sends nothing."""
    page.get_by_label("Your question").fill("one")
    page.keyboard.press("End")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("two")
    expect(page.get_by_label("Your question")).to_have_value("one\ntwo")
    expect(turns(page)).to_have_count(0)


def test_dots_show_while_waiting(page: Page) -> None:
    """Until the reply comes, what was said stands there with dots."""
    held: list[Route] = []
    page.route("**/ask", lambda route: held.append(route))  # noqa: PLW0108 - it is marked
    page.get_by_label("Your question").fill(SETS)
    page.keyboard.press("Enter")
    expect(page.locator(".waiting .dots")).to_be_visible()
    expect(page.locator(".waiting .said")).to_have_text(SETS)
    held[0].continue_()
    expect(page.locator(".waiting")).to_have_count(0)
    expect(turns(page)).to_have_count(1)


def test_a_lost_bot_gives_the_words_back(browser: Browser, address: str) -> None:
    """If the bot can't be reached, the page says so and the question is back in its box."""
    context = browser.new_context(base_url=address)
    page = context.new_page()
    page.goto("/")
    page.route("**/ask", lambda route: route.abort())
    page.get_by_label("Your question").fill(SETS)
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("can't reach the bot")
    expect(page.get_by_label("Your question")).to_have_value(SETS)
    page.unroute("**/ask")
    page.keyboard.press("Enter")
    expect(turns(page).locator(".bubble")).to_have_count(1)
    expect(page.get_by_role("alert")).to_have_count(0)
    context.close()


@pytest.mark.parametrize("width", [320, 390, 768, 1280])
def test_nothing_is_wider_than_the_screen(page: Page, width: int) -> None:
    """Chat, card, panel and guide fit, so that nobody has to scroll sideways."""
    page.set_viewport_size({"width": width, "height": 700})
    ask(page, RED_FLAG)
    turn = ask(page, f"{SETS} {'w' * 300}")
    turn.get_by_role("button", name="How this was chosen").click()
    expect(turn.locator("tbody tr")).to_have_count(6)
    main = page.evaluate("document.querySelector('main').clientWidth")
    assert (width, main) == widths(page)
    page.goto("/guide#science-trial")
    assert width == page.evaluate("document.documentElement.scrollWidth")


@pytest.mark.parametrize("path", ["/", "/guide"])
def test_dark_follows_the_system(page: Page, path: str) -> None:
    """The ground is light or dark as the system wants it."""
    page.goto(path)
    grounds = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
        grounds.append(sum(map(int, re.findall(r"\d+", colour)[:3])) / 3)
    light, dark = grounds
    assert light > 200
    assert dark < 50


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_the_chat(page: Page, scheme: Any) -> None:
    """No rule of axe-core is broken: empty, after replies of each kind, and with a card open."""
    page.emulate_media(color_scheme=scheme)
    assert violations(page) == []
    ask(page, RED_FLAG)
    ask(page, UNSURE)
    ask(page, "What did the squat trial find?").get_by_role("button", name="Show me").click()
    expect(turns(page)).to_have_count(4)
    turn = ask(page, SETS)
    turn.get_by_role("button", name="How this was chosen").click()
    expect(turn.locator("tbody tr")).to_have_count(6)
    assert violations(page) == []
    turn.locator(".cite").first.click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert violations(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_the_guide(page: Page, scheme: Any) -> None:
    """No rule of axe-core is broken on the guide's page, also with search results."""
    page.emulate_media(color_scheme=scheme)
    page.goto("/guide?q=how+many+sets")
    assert violations(page) == []


def test_a_heading_can_be_linked(page: Page) -> None:
    """An address with an entry's id leads to its heading."""
    page.goto("/guide#science-trial")
    expect(page.get_by_role("heading", name="The nine-week squat trial")).to_be_in_viewport()
    page.get_by_role("link", name="The nine-week squat trial").first.click()
    expect(page).to_have_url(re.compile("#science-trial$"))


def test_the_guide_is_searched_while_typing(page: Page) -> None:
    """Words of one's own find the entry without Enter; the result leads to it."""
    page.goto("/guide")
    page.get_by_label("Find an answer").press_sequentially("how hevy should i go 4 gains, sets??")
    result = page.locator("#found a").first
    expect(result).to_have_attribute("href", re.compile("^#"))
    target = (result.get_attribute("href") or "")[1:]
    result.click()
    expect(page.locator(f"[id='{target}']")).to_be_in_viewport()


def test_a_search_in_vain_is_told(page: Page) -> None:
    """What the guide doesn't have gives a sentence instead of results."""
    page.goto("/guide")
    page.get_by_label("Find an answer").fill("?!")
    expect(page.get_by_text("Nothing in the guide is near that.")).to_be_visible()


def test_nothing_is_loaded_from_elsewhere(page: Page, address: str) -> None:
    """Every request goes to the page's own address: it works without a network."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/")
    ask(page, "What did the squat trial find?").get_by_role("button", name="Show me").click()
    expect(turns(page)).to_have_count(2)
    page.goto("/guide")
    assert asked
    assert [] == [url for url in asked if not url.startswith(address)]
