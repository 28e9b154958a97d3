"""Each rule on figures.yaml finds the fault planted in a copy, where it stands."""

from datetime import date
from pathlib import Path

import pytest

from bot.errors import KnowledgeError, Problem
from bot.knowledge import pictures
from bot.knowledge.loader import load

TODAY = date(2100, 1, 1)
ESTIMATE = '"-80 (-95, 40)"'
WRITTEN = "write value (low, high), such as -1.6 (-6.1, 2.0)"


def plant(folder: Path, old: str, new: str, at: str = "") -> tuple[str, int]:
    """Replace `old`, which stands once in figures.yaml; return the file and the line of `at`."""
    path = folder / "tea" / "figures.yaml"
    text = path.read_text("utf-8")
    assert text.count(old) == 1, f"'{old}' must stand once"
    changed = text.replace(old, new)
    path.write_text(changed, "utf-8")
    return str(path), changed[: changed.index(at or new)].count("\n") + 1


def broken(folder: Path) -> list[Problem]:
    """Return what is wrong with a folder."""
    try:
        load(folder, TODAY)
    except KnowledgeError as error:
        return list(error.problems)
    return []


def test_a_figure_of_each_kind_is_read(pictured: Path) -> None:
    """The file that faults are planted in is sound, and has a figure of every kind."""
    kinds = [figure.kind for figure in load(pictured, TODAY).figures]
    assert ["forest", "coverage", "ladder", "checklist"] == kinds


def test_a_guide_without_figures(folder: Path) -> None:
    """A guide needs no figures.yaml."""
    assert load(folder, TODAY).figures == ()


def test_a_figure_knows_where_its_picture_lies(pictured: Path) -> None:
    """Pictures lie in the guide's folder figures/."""
    figure = load(pictured, TODAY).figures[0]
    assert pictured / "tea" / "figures" / "two-teas.png" == figure.path


def test_a_figure_s_sources_are_those_that_it_cites(pictured: Path) -> None:
    """Sources count whether the caption cites them or only the data."""
    new = "basis: 95 degrees, sources: [brewer-2001]"
    plant(pictured, "basis: 5 minutes, sources: [guide]", new)
    figure = load(pictured, TODAY).figures[1]
    assert ["guide", "brewer-2001"] == list(figure.cited)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("kind: forest", "kind: pie", "'kind' must be one of forest, coverage, ladder, checklist"),
        ("kind: forest", "kind: []", "'kind' must be one of forest, coverage, ladder, checklist"),
        ("minus: green", "mnus: green", "unknown key 'data.panels.0.mnus'"),
        (ESTIMATE, '"-80"', f"'data.panels.0.intervals.0.estimate': value error, {WRITTEN}"),
        (ESTIMATE, '"9 (1, 5)"', f"'data.panels.0.intervals.0.estimate': value error, {WRITTEN}"),
        ("file: two-teas.png", "file: ../two-teas.png", "'file': string should match pattern"),
        ("file: two-teas.png", "file: two-teas.png\n    path: x", "unknown key 'path'"),
        ("entries: [water-heat]", "entries: []", "'entries': tuple should have at least 1 item"),
        (
            'effort: "5"',
            "effort: 5",
            (
                "'data.rungs.0.effort': input should be a valid string "
                "(found a number (put quotes around it))"
            ),
        ),
        ("part: bench", "part: sofa", "'data.points.0.part': input should be 'bench', 'back'"),
        (
            "level: advice, basis",
            "level: shrank, basis",
            "'data.exercises.0.cells.black.level': input should be 'grew'",
        ),
    ],
)
def test_a_value_of_the_wrong_shape(pictured: Path, old: str, new: str, message: str) -> None:
    """What can't be drawn is reported at its line."""
    path, line = plant(pictured, old, new, new.rpartition("\n")[2].strip())
    found = [each for each in broken(pictured) if each.message.startswith(message)]
    assert [(path, line)] == [(each.path, each.line) for each in found]


@pytest.mark.parametrize(
    ("old", "new", "name"),
    [
        ("id: which-leaf", "id: two-teas", "two-teas"),
        ("file: which-leaf.png", "file: two-teas.png", "two-teas.png"),
        ("entries: [steeping-time]", "entries: [water-heat]", "water-heat"),
    ],
    ids=["id", "file", "entry"],
)
def test_what_belongs_to_two_figures(pictured: Path, old: str, new: str, name: str) -> None:
    """An id, a file or an entry that another figure has is reported at the second one."""
    path, _ = plant(pictured, old, new)
    line = _second(pictured, new)
    message = f"'{name}' belongs to the figure 'two-teas' too"
    assert Problem(path, line, message) in broken(pictured)


@pytest.mark.parametrize("name", ["nowhere", "help"], ids=["unknown", "the bot's own"])
def test_an_entry_that_the_guide_lacks(pictured: Path, name: str) -> None:
    """A figure belongs to entries of its guide only."""
    path, line = plant(pictured, "entries: [water-heat]", f"entries: [water-heat, {name}]")
    assert [Problem(path, line, f"the guide has no entry '{name}'")] == broken(pictured)


def test_a_cell_without_a_column(pictured: Path) -> None:
    """A cell of a muscle that is no column would never be seen."""
    path, line = plant(pictured, "muscles: {black:", "muscles: {white:", "black: {level")
    assert [Problem(path, line, "'black' is none of the muscles")] == broken(pictured)


def test_a_level_without_words(pictured: Path) -> None:
    """A level that the legend doesn't explain couldn't be drawn."""
    old = "black: {level: advice, basis"
    path, line = plant(pictured, old, old.replace("advice", "grew"))
    expected = Problem(path, line, "the level 'grew' has no words under 'levels'")
    assert [expected] == broken(pictured)


def test_a_caption_without_a_source(pictured: Path) -> None:
    """A caption cites, as an answer does."""
    old = "Steep green tea for 2 minutes. [guide]"
    path, line = plant(pictured, old, old.removesuffix(" [guide]"))
    assert [Problem(path, line, "uncited claim: 'caption' cites no source")] == broken(pictured)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("at 95 degrees. [brewer-2001]", "at 95 degrees. [brewer-2001] [nobody-2020]"),
        (f"{ESTIMATE}, sources: [brewer-2001]", f"{ESTIMATE}, sources: [brewer-2001, nobody-2020]"),
    ],
    ids=["caption", "data"],
)
def test_a_source_that_does_not_exist(pictured: Path, old: str, new: str) -> None:
    """What a caption or the data cite must be in sources.yaml."""
    path, line = plant(pictured, old, new)
    assert [Problem(path, line, "the source 'nobody-2020' does not exist")] == broken(pictured)


def test_a_figure_from_memory(pictured: Path) -> None:
    """Sources that nobody has read can't carry a figure alone."""
    text = (pictured / "tea" / "figures.yaml").read_text("utf-8")
    before, pot = text.split("  - id: the-pot")
    pot = pot.replace("Steep green tea for 2 minutes.", "Steep it.").replace(
        "guide]", "taster-1999]"
    )
    (pictured / "tea" / "figures.yaml").write_text(f"{before}  - id: the-pot{pot}", "utf-8")
    expected = ["rests on sources from memory only: cite one that was read"]
    assert expected == [each.message for each in broken(pictured)]


@pytest.mark.parametrize(
    ("field", "old", "most"),
    [
        ("caption", "Steep green tea for 2 minutes.", pictures.LONGEST_CAPTION),
        ("alt", "A person on a bench.", pictures.LONGEST_ALT),
    ],
)
def test_a_text_that_is_too_long(pictured: Path, field: str, old: str, most: int) -> None:
    """One character too many is reported with the length; citation marks don't count."""
    path, line = plant(pictured, old, "x" * (most + 1))
    message = f"'{field}' has {most + 1} characters; at most {most}"
    assert [Problem(path, line, message)] == broken(pictured)


def test_a_caption_of_just_the_right_length(pictured: Path) -> None:
    """A caption may have as many characters as the limit says."""
    plant(pictured, "Steep green tea for 2 minutes.", "x" * pictures.LONGEST_CAPTION)
    assert broken(pictured) == []


@pytest.mark.parametrize(
    ("old", "new", "number"),
    [
        ("title: Two teas", "title: 77 teas", "77"),
        ("alt: One row, one cell.", "alt: 77 cells.", "77"),
        ("note: Brewer 2001, 40 drinkers.", "note: Brewer 2001, 41 drinkers.", "41"),
        ("at 95 degrees. [brewer-2001]", "at 96 degrees. [brewer-2001]", "96"),
        ("basis: 5 minutes", "basis: 95 minutes", "95"),
        ("words: strong,", "words: 40 spoons,", "40"),
        ("a steady table", "80 tables", "80"),
    ],
    ids=["title", "alt", "note", "caption", "cell", "rung", "point"],
)
def test_a_number_that_no_source_has(pictured: Path, old: str, new: str, number: str) -> None:
    """A number must stand in a source of the text that says it."""
    path = pictured / "tea" / "figures.yaml"
    path.write_text(path.read_text("utf-8").replace("A steady", "a steady"), "utf-8")
    where, line = plant(pictured, old, new)
    message = f"the figure '{number}' stands in no cited source"
    assert [Problem(where, line, message)] == broken(pictured)


def test_a_number_of_another_source_of_the_figure(pictured: Path) -> None:
    """That the figure cites a number's source elsewhere is not enough for a cell."""
    plant(pictured, "green tea for 2. [guide]", "green tea for 2. [guide] [brewer-2001]")
    path, line = plant(pictured, "basis: 5 minutes", "basis: 80 minutes")
    expected = Problem(path, line, "the figure '80' stands in no cited source")
    assert [expected] == broken(pictured)


@pytest.mark.parametrize(
    "estimate",
    ["80 (-95, 95)", "-80 (-95, -40)", "-80 (-95, 80)", "-95 (-95, 40)", "0 (-95, 40)"],
    ids=["sign", "end's sign", "end", "middle", "last digit"],
)
def test_an_estimate_that_no_source_has_whole(pictured: Path, estimate: str) -> None:
    """Numbers that all stand in the source, but not as this estimate, are no evidence for it."""
    path, line = plant(pictured, ESTIMATE, f'"{estimate}"')
    message = f"no cited source has '{estimate}' as it stands here"
    assert Problem(path, line, message) in broken(pictured)


def _second(folder: Path, text: str) -> int:
    """Return the line of the last place where `text` stands in figures.yaml."""
    written = (folder / "tea" / "figures.yaml").read_text("utf-8")
    return written[: written.rindex(text)].count("\n") + 1
