"""A reply's HTML, taken apart for the page."""

from bot.channels.web.paragraphs import Paragraph, Piece, paragraphs


def test_marks_become_citations() -> None:
    """A mark with a number is a citation, whether it was a link or not."""
    html = 'Steep it.[1] <a href="https://tea.example/2">[2]</a>'
    expected = (
        Piece("Steep it."),
        Piece("[1]", number=1),
        Piece(" "),
        Piece("[2]", number=2),
    )
    assert expected == paragraphs(html, 2)[0].pieces


def test_a_mark_without_a_source_is_text() -> None:
    """A number that no source has stays as it is."""
    assert (Piece("See [3] and [0]."),) == paragraphs("See [3] and [0].", 2)[0].pieces


def test_each_gap_begins_a_paragraph() -> None:
    """Paragraphs are what stands between empty lines; a tag around one is its tone."""
    expected = (
        Paragraph("b", (Piece("Lead"),)),
        Paragraph("i", (Piece("Quiet"),)),
        Paragraph("", (Piece("Plain"),)),
    )
    assert expected == paragraphs("<b>Lead</b>\n\n<i>Quiet</i>\n\nPlain", 0)


def test_escaped_signs_are_read() -> None:
    """What Telegram's HTML escapes comes out as the sign itself, once."""
    assert "a < b & &lt;" == paragraphs("a &lt; b &amp; &amp;lt;", 0)[0].plain


def test_a_link_keeps_its_address() -> None:
    """A link that is no mark stays a link."""
    html = '<a href="https://tea.example/?a=1&amp;b=2">Brewer</a>'
    assert (Piece("Brewer", "https://tea.example/?a=1&b=2"),) == paragraphs(html, 0)[0].pieces


def test_only_web_addresses_are_links() -> None:
    """An address that would run a script is dropped and its words stay."""
    html = '<a href="javascript:alert(1)">Brewer</a>'
    assert (Piece("Brewer"),) == paragraphs(html, 0)[0].pieces


def test_other_tags_leave_only_their_words() -> None:
    """A tag that replies never have can't get onto the page."""
    assert "bold words" == paragraphs('<u onclick="x()">bold</u> <img src=x>words', 0)[0].plain
