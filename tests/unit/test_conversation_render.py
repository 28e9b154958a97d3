"""Decisions as replies: numbered citations, buttons, and text that Telegram takes."""

import sys
from collections.abc import Callable, Iterator, Sequence
from typing import cast

import pytest

from bot.conversation.buttons import distinct
from bot.conversation.catalogue import Catalogue
from bot.conversation.model import (
    Abstain,
    Answer,
    Answered,
    Button,
    Citation,
    Clarify,
    Decision,
    Detail,
    Match,
    Menu,
    Refer,
    Target,
    View,
)
from bot.conversation.page import Page
from bot.conversation.render import Renderer
from bot.conversation.replies import MOST_BUTTONS
from bot.knowledge.model import Entry, Knowledge
from bot.text import CAPTION_LIMIT, TELEGRAM_LIMIT, utf16_length
from tests.conftest import needs_shared

GUIDE = Citation("guide", "Guide: Progress it", "")
STUDY = Citation("study", "Study 2020", "https://example.org/a?b=1&c=2")
CITED = {"guide": GUIDE, "study": STUDY}
MATCH = Match('how <many> & "sets"', 0.9, "hip-thrust/frequency", 0.4, 0.87)
VIEWS: tuple[View, ...] = ("why", "more", "sources", "figure")

ParseHtml = Callable[[str], str]


@pytest.fixture(scope="module")
def catalogue(knowledge: Knowledge) -> Catalogue:
    """Return the catalogue of the knowledge that ships."""
    return Catalogue(knowledge)


@pytest.fixture(scope="module")
def renderer(catalogue: Catalogue) -> Renderer:
    """Return the renderer of the knowledge that ships."""
    return Renderer(catalogue)


@pytest.fixture(scope="module")
def parse_html() -> Iterator[ParseHtml]:
    """Return an independent parser of Telegram's HTML, which raises ValueError if it's wrong."""
    folder = str(needs_shared("bot_api"))
    sys.path.insert(0, folder)
    from validator import parse_html as parse  # noqa: PLC0415 - found only now

    yield cast(ParseHtml, parse)
    sys.path.remove(folder)


def decisions(catalogue: Catalogue) -> Iterator[Decision]:
    """Yield every decision on one entry, every menu, and some with several entries."""
    entries = catalogue.knowledge.entries
    for entry in entries:
        yield Answer((Answered(entry, MATCH),))
        yield Answer((Answered(entry),))
        yield Refer(entry, entries[:1], MATCH)
        yield from (Detail(entry, view, match) for view in VIEWS for match in (None, MATCH))
    for start in range(len(entries) - 2):
        three = entries[start : start + 3]
        yield Answer(tuple(Answered(entry, MATCH) for entry in three), dropped=True)
        yield Clarify(three, MATCH)
        yield Abstain(three, about="<b>that</b> & this", match=MATCH)
    for guide in catalogue.knowledge.guides:
        yield Menu(guide.id)
        yield from (Menu(guide.id, section.id) for section in guide.file.sections)


def named(catalogue: Catalogue, name: str) -> Entry:
    """Return the entry with this name."""
    entry = catalogue.find(name)
    assert entry is not None
    return entry


def test_citations_are_numbered_as_they_are_cited() -> None:
    """The first source that the text cites is [1], whatever its place in the entry's list."""
    page = Page()
    page.add_cited("It grows. [study] It holds. [guide] Again. [study]", CITED)
    page.add_sources()
    sources = "[1] Study 2020 \N{MIDDLE DOT} [2] Guide: Progress it"
    assert page.plain() == f"It grows.[1] It holds.[2] Again.[1]\n\n{sources}"


def test_a_number_links_to_its_source() -> None:
    """In HTML a number is a link, its address escaped; without an address it is plain."""
    page = Page()
    page.add_cited("It grows. [study][guide]", CITED)
    expected = 'It grows.<a href="https://example.org/a?b=1&amp;c=2">[1]</a>[2]'
    assert expected == page.html()


def test_paragraphs_share_their_numbers() -> None:
    """A source that was cited before keeps its number in the next paragraph."""
    page = Page()
    page.add_cited("One. [guide]", CITED)
    page.add_cited("Two. [study][guide]", CITED)
    assert page.plain().endswith("Two.[2][1]")


def test_sources_are_listed_once() -> None:
    """A source that is cited twice is one citation."""
    page = Page()
    page.add_cited("One. [guide] Two. [guide]", CITED)
    assert page.citations == (GUIDE,)


def test_one_guide_is_cited_by_section() -> None:
    """Two sections of the guide are two sources, though they have one key."""
    page = Page()
    other = Citation("guide", "Guide: Set it up", "")
    page.add_cited("One. [guide]", CITED)
    page.add_cited("Two. [guide]", {"guide": other})
    assert (GUIDE, other) == page.citations


def test_a_page_without_citations_has_no_sources_line() -> None:
    """Where nothing is cited, no line of sources is added."""
    page = Page()
    page.add("Hello.")
    page.add_sources()
    assert page.plain() == "Hello."


def test_text_is_escaped_in_html_only() -> None:
    """What looks like a tag is shown as typed."""
    page = Page()
    page.add("1 < 2 & <b>3</b>", "i")
    expected = ("1 < 2 & <b>3</b>", "<i>1 &lt; 2 &amp; &lt;b&gt;3&lt;/b&gt;</i>")
    assert expected == (page.plain(), page.html())


def test_whole_paragraphs_are_dropped_from_html() -> None:
    """HTML that doesn't fit one message loses its last paragraphs, and no tag is cut."""
    page = Page()
    for _ in range(5):
        page.add("x" * 1000, "b")
    assert "\n\n".join(["<b>" + "x" * 1000 + "</b>"] * 4) == page.html()


def test_plain_text_that_is_too_long_is_cut() -> None:
    """Plain text is cut at a word's end, with an ellipsis."""
    page = Page()
    page.add("word " * 1000)
    assert page.plain().endswith("word\N{HORIZONTAL ELLIPSIS}")


LONG = {
    "many paragraphs": ["x" * 900] * 9,
    "one paragraph": ["word " * 2000],
    "escapes": ["& " * 2100, "<" * 4000],
    "two units a letter": ["\N{PEACH}" * 1500] * 2,
    "one long word": ["\N{PEACH}" * 5000],
}


@pytest.mark.parametrize("paragraphs", LONG.values(), ids=LONG)
def test_html_fits_one_message(paragraphs: list[str], parse_html: ParseHtml) -> None:
    """Whatever is written, what Telegram shows fits its limit in UTF-16 units."""
    page = Page()
    for text in paragraphs:
        page.add(text, "b")
    assert 0 < utf16_length(parse_html(page.html())) <= TELEGRAM_LIMIT


@pytest.mark.parametrize("paragraphs", LONG.values(), ids=LONG)
def test_plain_text_fits_one_message(paragraphs: list[str]) -> None:
    """Whatever is written, the plain text fits Telegram's limit in UTF-16 units, too."""
    page = Page()
    for text in paragraphs:
        page.add(text)
    assert 0 < utf16_length(page.plain()) <= TELEGRAM_LIMIT


def test_every_reply_fits_one_message(catalogue: Catalogue, renderer: Renderer) -> None:
    """No entry, view or menu gives a text that is empty or longer than a message may be."""
    lengths = [utf16_length(renderer.render(each).text) for each in decisions(catalogue)]
    assert min(lengths) > 0
    assert max(lengths) <= TELEGRAM_LIMIT


def test_every_reply_is_telegrams_html(
    catalogue: Catalogue, renderer: Renderer, parse_html: ParseHtml
) -> None:
    """Telegram reads the HTML of every reply, and a reader then sees its plain text."""
    replies = [renderer.render(each) for each in decisions(catalogue)]
    assert [reply.text for reply in replies if reply.text != parse_html(reply.html)] == []


def test_no_reply_has_many_buttons(catalogue: Catalogue, renderer: Renderer) -> None:
    """Only menus have more than six buttons."""
    most = max(
        len(renderer.render(each).buttons)
        for each in decisions(catalogue)
        if not isinstance(each, Menu)
    )
    assert most <= MOST_BUTTONS == 6


def test_no_button_comes_twice(catalogue: Catalogue, renderer: Renderer) -> None:
    """No two buttons of a reply open the same thing or read the same."""
    twice: list[Sequence[object]] = []
    for each in decisions(catalogue):
        buttons = renderer.render(each).buttons
        for shown in ([one.opens for one in buttons], [one.label for one in buttons]):
            twice += [shown] if len(shown) != len(set(shown)) else []
    assert twice == []


def test_every_button_opens_something(catalogue: Catalogue, renderer: Renderer) -> None:
    """A button opens an entry that exists, a view of one, or a menu."""
    opened = {one.opens for each in decisions(catalogue) for one in renderer.render(each).buttons}
    dead = [
        str(target)
        for target in opened
        if target.action in ("", *VIEWS) and catalogue.entry(target.name) is None
    ]
    assert dead == []


def test_the_first_of_equal_buttons_stays() -> None:
    """Of buttons that open the same, the first one's label is kept."""
    same = [Button("One", Target("", "a")), Button("Two", Target("", "a"))]
    assert (same[0],) == distinct(same)


def test_every_answer_beyond_talk_cites(catalogue: Catalogue, renderer: Renderer) -> None:
    """Every answer outside talk cites a source in its text."""
    silent = [
        entry.uid
        for entry in catalogue.knowledge.entries
        if entry.scope != "talk" and not renderer.render(Answer((Answered(entry),))).citations
    ]
    assert silent == []


def test_an_answer_comes_first(catalogue: Catalogue, renderer: Renderer) -> None:
    """A reply begins with the first words of the answer."""
    entry = named(catalogue, "frequency")
    text = renderer.render(Answer((Answered(entry),))).text
    assert entry.answer[:30] == text[:30]


def test_an_answer_shows_its_grade(catalogue: Catalogue, renderer: Renderer) -> None:
    """One quiet line names the grade of the evidence."""
    entry = named(catalogue, "frequency")
    html = renderer.render(Answer((Answered(entry),))).html
    assert f"<i>Evidence: {catalogue.knowledge.voice.grades[entry.grade or 'practice']}" in html


def test_several_answers_share_one_list_of_sources(
    catalogue: Catalogue, renderer: Renderer
) -> None:
    """Several answers have one sources line, its numbers running on from answer to answer."""
    items = [Answered(named(catalogue, name)) for name in ("frequency", "sets-reps-effort")]
    reply = renderer.render(Answer(tuple(items)))
    numbered = [f"[{n}] {source.label}" for n, source in enumerate(reply.citations, start=1)]
    assert " \N{MIDDLE DOT} ".join(numbered) == reply.text.split("\n\n")[-1]


def test_several_answers_are_numbered_in_order(catalogue: Catalogue, renderer: Renderer) -> None:
    """Each of several answers stands under its number and title."""
    items = [Answered(named(catalogue, name)) for name in ("frequency", "pairing")]
    lines = renderer.render(Answer(tuple(items))).text.split("\n\n")
    expected = [f"{n}. {item.entry.title}" for n, item in enumerate(items, start=1)]
    assert expected == [line for line in lines if line in expected]


def test_dropped_questions_are_mentioned(catalogue: Catalogue, renderer: Renderer) -> None:
    """If there were too many questions, the reply says so."""
    items = [Answered(named(catalogue, name)) for name in ("frequency", "pairing")]
    said = catalogue.knowledge.voice.say.too_many
    assert said in renderer.render(Answer(tuple(items), dropped=True)).text


def test_why_shows_the_phrase_as_it_is(catalogue: Catalogue, renderer: Renderer) -> None:
    """The phrase that matched is quoted, escaped in HTML, with how sure the bot was."""
    html = renderer.render(Detail(named(catalogue, "pairing"), "why", MATCH)).html
    assert 'how &lt;many&gt; &amp; "sets"' in html
    assert "87%" in html


def test_an_entry_s_figure_is_offered(catalogue: Catalogue, renderer: Renderer) -> None:
    """Every answer with a figure has the button that shows it, and no other answer has it."""
    offering = {
        entry.uid
        for entry in catalogue.knowledge.entries
        for button in renderer.render(Answer((Answered(entry),))).buttons
        if button == (catalogue.knowledge.voice.labels.figure, Target("figure", entry.uid))
    }
    pictured = {
        f"{each.guide}/{name}" for each in catalogue.knowledge.figures for name in each.entries
    }
    assert pictured == offering


def test_a_figure_is_shown_with_its_caption(catalogue: Catalogue, renderer: Renderer) -> None:
    """The view shows the figure's file and alt text, and says its caption, cited and graded."""
    reply = renderer.render(Detail(named(catalogue, "science-trial"), "figure"))
    (figure,) = [each for each in catalogue.knowledge.figures if each.id == "trial-differences"]
    assert reply.picture is not None
    assert (figure.path, figure.alt) == (reply.picture.path, reply.picture.alt)
    assert reply.text.startswith(f"{figure.title}\n\nOne randomised trial")
    assert reply.text.endswith("Evidence: moderate.\n\n[1] Plotkin 2023")


def test_every_caption_fits_below_its_picture(catalogue: Catalogue, renderer: Renderer) -> None:
    """Title, caption, evidence and sources of every figure fit Telegram's limit, uncut."""
    replies = [
        renderer.render(Detail(named(catalogue, figure.entries[0]), "figure"))
        for figure in catalogue.knowledge.figures
    ]
    assert len(replies) == 4
    assert [reply.text for reply in replies if reply.cut] == []
    assert max(utf16_length(reply.text) for reply in replies) <= CAPTION_LIMIT == 1024


def test_an_entry_without_a_figure_says_so(catalogue: Catalogue, renderer: Renderer) -> None:
    """Asked to show what has no figure, the bot says so, and what the answer rests on."""
    reply = renderer.render(Detail(named(catalogue, "frequency"), "figure"))
    assert reply.text.startswith(catalogue.knowledge.voice.say.no_figure)
    assert (None, True) == (reply.picture, bool(reply.citations))


def test_a_caption_that_is_too_long_is_cut() -> None:
    """A page with less room keeps fewer paragraphs, and says that it was cut."""
    page = Page(CAPTION_LIMIT)
    for _ in range(3):
        page.add("x" * 400)
    assert ("\n\n".join(["x" * 400] * 2), True) == (page.plain(), page.cut)


def test_a_clarify_has_a_way_out(catalogue: Catalogue, renderer: Renderer) -> None:
    """A did-you-mean offers full questions, then none of these."""
    options = catalogue.featured()[:3]
    labels = [one.label for one in renderer.render(Clarify(options, MATCH)).buttons]
    expected = [entry.ask for entry in options]
    assert [*expected, catalogue.knowledge.voice.labels.none_of_these] == labels


def test_an_entry_opened_by_name_is_sure(catalogue: Catalogue, renderer: Renderer) -> None:
    """What a person asked for by a button needs no guess."""
    assert renderer.render(Answer((Answered(catalogue.featured()[0]),))).confidence == 1


@pytest.mark.parametrize(
    "target", [Target("", "g/a"), Target("why", "g/a"), Target("menu", "g/terms")]
)
def test_a_target_is_read_back_from_its_text(target: Target) -> None:
    """The text of a target says all that is in it."""
    assert target == Target.parse(str(target))
