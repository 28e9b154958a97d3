"""Each rule finds the fault planted in a copy of the small folder, where it stands."""

import inspect
from datetime import date
from pathlib import Path

import pytest

from bot import checking
from bot.errors import KnowledgeError, Problem
from bot.knowledge import links, rules
from bot.knowledge.loader import load
from bot.knowledge.rules import Rule

TODAY = date(2100, 1, 1)
BREWING = "tea/answers/brewing.yaml"
DRINKING = "tea/answers/drinking.yaml"
TERMS = "tea/terms.yaml"
GUIDE = "tea/guide.yaml"
PHRASINGS = "tea/phrasings/plain.yaml"
TEA_AT_NIGHT = "It can, and black tea more than most."


def plant(folder: Path, file: str, old: str, new: str, at: str = "") -> tuple[str, int]:
    """Replace `old`, which stands once in a file; return the file and the line of `at` or `new`."""
    path = folder / file
    text = path.read_text("utf-8")
    assert text.count(old) == 1, f"'{old}' must stand once in {file}"
    changed = text.replace(old, new)
    path.write_text(changed, "utf-8")
    return str(path), changed[: changed.index(at or new)].count("\n") + 1


def add_entry(folder: Path, file: str, fields: str) -> tuple[str, int]:
    """Add an entry that says the least; return the file and the entry's line."""
    path = folder / file
    text = path.read_text("utf-8")
    least = "title: Added, scope: talk, answer: Added., reviewed: 2024-01-01"
    path.write_text(f"{text}  - {{{fields}, {least}}}\n", "utf-8")
    return str(path), text.count("\n") + 1


SHARED_RULES = (links.known_commands, links.known_screens)


def broken(folder: Path, *rules: Rule) -> list[Problem]:
    """Return what some rules find in a folder."""
    try:
        load(folder, TODAY, rules)
    except KnowledgeError as error:
        return list(error.problems)
    return []


def test_the_small_folder_is_sound(folder: Path) -> None:
    """The folder that faults are planted in has no problem of its own."""
    assert not checking.problems_of(load(folder, TODAY))


def test_every_rule_is_listed() -> None:
    """RULES holds every function of rules.py that has a rule's shape."""
    shape = ["knowledge", "today"]
    found = {
        function
        for _, function in inspect.getmembers(rules, inspect.isfunction)
        if [name.lstrip("_") for name in inspect.signature(function).parameters] == shape
    }

    assert found == set(rules.RULES)


def test_loading_applies_every_rule(folder: Path) -> None:
    """Faults against two rules are reported together, sorted by file and line."""
    first = plant(folder, BREWING, "reviewed: 2024-01-03", "reviewed: 2100-01-02")
    second = plant(folder, DRINKING, TEA_AT_NIGHT + " [guide]", TEA_AT_NIGHT)

    with pytest.raises(KnowledgeError) as caught:
        load(folder, TODAY)

    places = [(problem.path, problem.line) for problem in caught.value.problems]
    assert [first, second] == list(dict.fromkeys(places))[:2]


# unique_ids


def test_an_id_that_stands_twice(folder: Path) -> None:
    """A second entry with a taken id is reported with the place of the first."""
    path, line = add_entry(folder, TERMS, "id: term-infusion, ask: Again?")

    expected = Problem(path, line, f"the id 'term-infusion' is taken by {path}:2")
    assert [expected] == broken(folder, rules.unique_ids)


def test_an_id_that_a_shared_entry_has(folder: Path) -> None:
    """A guide's entry may not take the id of a shared entry."""
    path, line = add_entry(folder, TERMS, "id: help, ask: Help?")
    voice = folder / "voice.yaml"
    shared = voice.read_text("utf-8").split("  - id: help")[0].count("\n") + 1

    expected = Problem(path, line, f"the id 'help' is taken by {voice}:{shared}")
    assert [expected] == broken(folder, rules.unique_ids)


# unique_questions


def test_a_button_text_that_stands_twice(folder: Path) -> None:
    """Two entries of a guide may not differ only in the case and punctuation of `ask`."""
    new = "ask: HOW long should tea, steep"
    path, line = plant(folder, BREWING, "ask: How long for green tea?", new)

    message = "'steeping-time' asks the same: 'HOW long should tea, steep'"
    assert [Problem(path, line, message)] == broken(folder, rules.unique_questions)


# listed_topics


def test_a_topic_without_an_entry(folder: Path) -> None:
    """A topic that guide.yaml lists and no entry carries is reported at `sections`."""
    path, line = plant(folder, GUIDE, "[tea-at-night]", "[tea-at-night, iced-tea]", "sections:")

    expected = Problem(path, line, "the topic 'iced-tea' has no entry")
    assert [expected] == broken(folder, links.listed_topics)


def test_an_entry_that_is_no_topic(folder: Path) -> None:
    """An entry that isn't listed and has no listed parent is reported."""
    path, line = add_entry(folder, TERMS, "id: term-tannin, ask: What is tannin?")

    message = "'term-tannin' is no topic of guide.yaml and names no parent that is one"
    assert [Problem(path, line, message)] == broken(folder, links.listed_topics)


def test_an_entry_whose_parent_is_a_topic(folder: Path) -> None:
    """An entry that isn't listed itself is fine if its parent is."""
    add_entry(folder, TERMS, "id: term-tannin, ask: What is tannin?, parent: term-infusion")

    assert not broken(folder, links.listed_topics)


# sections_hold_their_topics


def test_an_entry_in_another_section_s_file(folder: Path) -> None:
    """An entry must stand in the file of the section that lists it."""
    plant(folder, GUIDE, "[tea-at-night]", "[tea-at-night, term-infusion]")
    plant(folder, GUIDE, "topics: [term-infusion]", "topics: [steeping-green]")

    expected = Problem(
        str(folder / TERMS), 2, "'term-infusion' belongs to section 'drinking', not 'terms'"
    )
    assert expected in broken(folder, links.sections_hold_their_topics)


def test_a_finer_entry_in_another_section_s_file(folder: Path) -> None:
    """An entry must stand in the file of the section that lists its parent."""
    path, line = add_entry(folder, TERMS, "id: oolong-time, ask: Oolong?, parent: steeping-time")

    expected = Problem(path, line, "'oolong-time' belongs to section 'brewing', not 'terms'")
    assert [expected] == broken(folder, links.sections_hold_their_topics)


# known_targets


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("related: [water-heat]", "related: [nowhere]"),
        ("opens: water-heat}]}", "opens: nowhere}]}"),
        ("scope: guide", "scope: guide\n    parent: nowhere"),
    ],
    ids=["related", "checkpoint", "parent"],
)
def test_a_target_that_does_not_exist(folder: Path, old: str, new: str) -> None:
    """Whatever an entry opens must exist."""
    path, line = plant(folder, DRINKING, old, new, "nowhere")

    expected = Problem(path, line, "'nowhere' opens nothing: no entry or menu has this id")
    assert [expected] == broken(folder, links.known_targets)


def test_an_unknown_menu(folder: Path) -> None:
    """A menu must be one of the guide's sections, or all."""
    path, line = plant(folder, BREWING, "menu:terms", "menu:nowhere")

    expected = Problem(path, line, "'menu:nowhere' opens nothing: no entry or menu has this id")
    assert [expected] == broken(folder, links.known_targets)


def test_an_entry_that_opens_itself(folder: Path) -> None:
    """An entry may not offer itself."""
    path, line = plant(folder, DRINKING, "related: [water-heat]", "related: [tea-at-night]")

    expected = Problem(path, line, "'tea-at-night' opens the entry itself")
    assert [expected] == broken(folder, links.known_targets)


# known_commands


def test_a_guide_s_command_that_opens_nothing(folder: Path) -> None:
    """A command of guide.yaml must open something."""
    path, line = plant(folder, GUIDE, "opens: steeping-time", "opens: nowhere")

    expected = Problem(path, line, "the command /time opens nothing: nowhere")
    assert [expected] == broken(folder, links.known_commands)


@pytest.mark.parametrize("taken", ["terms", "help"], ids=["in the guide", "by the bot"])
def test_a_command_that_stands_twice(folder: Path, taken: str) -> None:
    """A guide's command may be neither its own second nor one of the bot's."""
    path, line = plant(folder, GUIDE, "command: time", f"command: {taken}")

    expected = Problem(path, line, f"the command /{taken} stands twice")
    assert [expected] == broken(folder, links.known_commands)


def test_a_featured_topic_that_does_not_exist(folder: Path) -> None:
    """What guide.yaml features must exist."""
    path, line = plant(folder, GUIDE, "featured: [steeping-time,", "featured: [nowhere,")

    expected = Problem(path, line, "featured topic 'nowhere' has no entry")
    assert [expected] == broken(folder, links.known_commands)


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        (
            "voice.yaml",
            "opens: help,",
            "opens: nowhere,",
            "the command /help opens nothing: nowhere",
        ),
        ("voice.yaml", "command: start", "command: help", "the command /help stands twice"),
        (
            "safety.yaml",
            "opens: safety-emergency\n    near",
            "opens: nowhere\n    near",
            "screen 'scald-on-skin' opens nothing: nowhere",
        ),
        (
            "safety.yaml",
            "near: [scald,",
            "near: [nowhere,",
            "screen 'scald-on-skin' names no list: nowhere",
        ),
        ("safety.yaml", "[mug-talk]", "[nowhere]", "screen 'scald-on-skin' names no list: nowhere"),
    ],
    ids=["opens", "twice", "screen", "near", "unless"],
)
def test_a_fault_in_the_shared_files(
    folder: Path, file: str, old: str, new: str, message: str
) -> None:
    """The bot's own commands and its screens name only what exists."""
    plant(folder, file, old, new)

    assert [message] == [each.message for each in broken(folder, *SHARED_RULES)]


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("voice.yaml", "opens: help,", "opens: nowhere,"),
        ("safety.yaml", "near: [scald,", "near: [nowhere,"),
    ],
)
def test_the_place_of_a_fault_in_the_shared_files(
    folder: Path, file: str, old: str, new: str
) -> None:
    """A fault in a shared file is shown with the path that opens the file."""
    plant(folder, file, old, new)

    paths = [each.path for each in broken(folder, *SHARED_RULES)]
    assert [str(folder / file)] == paths


# outside_offers


def test_an_outside_field_that_offers_nothing(folder: Path) -> None:
    """What an outside field offers instead must exist."""
    path, line = plant(folder, "tea/outside.yaml", "[water-heat, help]", "[nowhere, help]")

    expected = Problem(path, line, "'nowhere' opens nothing: no entry has this id")
    assert [expected] == broken(folder, links.outside_offers)


# cited


@pytest.mark.parametrize(
    ("file", "old", "field"),
    [
        (DRINKING, "most. [guide]", "answer"),
        (BREWING, "95 degrees. [brewer-2001]\n    grade: practice", "more"),
    ],
    ids=["answer", "more"],
)
def test_a_claim_without_a_source(folder: Path, file: str, old: str, field: str) -> None:
    """An answer and its 'more' each cite a source."""
    uncited = old.replace(" [guide]", "").replace(" [brewer-2001]", "")
    path, line = plant(folder, file, old, uncited, f"{field}:")

    expected = Problem(path, line, f"uncited claim: '{field}' cites no source")
    assert [expected] == broken(folder, rules.cited)


# known_sources


def test_a_source_that_does_not_exist(folder: Path) -> None:
    """A cited key must be one of sources.yaml."""
    path, line = plant(
        folder, DRINKING, "most. [guide]\n", "most. [guide] [nobody-2020]\n", "answer:"
    )

    expected = Problem(path, line, "the source 'nobody-2020' does not exist")
    assert [expected] == broken(folder, rules.known_sources)


def test_the_line_of_a_source_that_does_not_exist(folder: Path) -> None:
    """A wrong key in 'more' is reported at 'more', not at the answer."""
    plant(folder, BREWING, "sources: [guide, brewer-2001]", "sources: [guide]")
    old = "95 degrees. [brewer-2001]\n    grade: practice"
    path, line = plant(folder, BREWING, old, old.replace("brewer-2001", "nobody-2020"), "more:")

    expected = Problem(path, line, "the source 'nobody-2020' does not exist")
    assert [expected] == broken(folder, rules.known_sources)


def test_a_citation_that_is_not_listed(folder: Path) -> None:
    """A cited key must stand under `sources`."""
    new = "most. [guide] [brewer-2001]\n"
    path, line = plant(folder, DRINKING, "most. [guide]\n", new, "sources:")

    expected = Problem(path, line, "'brewer-2001' is cited but not listed under 'sources'")
    assert [expected] == broken(folder, rules.known_sources)


def test_a_listed_source_that_is_never_cited(folder: Path) -> None:
    """What stands under `sources` must be cited."""
    path, line = plant(folder, DRINKING, "sources: [guide]", "sources: [guide, brewer-2001]")

    expected = Problem(path, line, "'brewer-2001' is listed but never cited")
    assert [expected] == broken(folder, rules.known_sources)


def test_an_answer_from_memory(folder: Path) -> None:
    """A source that nobody has read can't carry an answer alone."""
    plant(folder, DRINKING, "most. [guide]", "most. [taster-1999]")
    path, line = plant(folder, DRINKING, "[guide]", "[taster-1999]", "answer:")

    expected = Problem(path, line, "rests on sources from memory only: cite one that was read")
    assert [expected] == broken(folder, rules.known_sources)


def test_memory_beside_a_source_that_was_read(folder: Path) -> None:
    """A source from memory may stand beside one that was read."""
    plant(folder, DRINKING, "most. [guide]", "most. [guide] [taster-1999]")
    plant(folder, DRINKING, "sources: [guide]", "sources: [guide, taster-1999]")

    assert not broken(folder, rules.known_sources)


# figures_have_a_source


@pytest.mark.parametrize(
    ("field", "old", "new", "figure"),
    [
        ("answer", "black tea for 3 to 5", "black tea for 3 to 7", "7"),
        ("caveat", "taste as you go.", "taste after 12 sips.", "12"),
        ("more", "black tea best at 95", "black tea best at 96.5", "96.5"),
        ("caveat", "taste as you go.", "taste for seven weeks.", "7"),
    ],
    ids=["answer", "caveat", "more", "in words"],
)
def test_a_figure_that_no_source_has(
    folder: Path, field: str, old: str, new: str, figure: str
) -> None:
    """A figure must stand in a source that the same text cites."""
    path, line = plant(folder, BREWING, old, new, f"{field}:")

    expected = Problem(path, line, f"the figure '{figure}' stands in no cited source")
    assert [expected] == broken(folder, rules.figures_have_a_source)


def test_a_figure_of_a_source_that_is_not_cited(folder: Path) -> None:
    """A figure of another source than the cited one doesn't count."""
    path, line = plant(folder, BREWING, "green tea for 2 minutes", "green tea for 80 minutes")

    expected = Problem(path, line, "the figure '80' stands in no cited source")
    assert [expected] == broken(folder, rules.figures_have_a_source)


# complete_evidence


@pytest.mark.parametrize(
    ("field", "line_of_field"),
    [
        ("grade", "    grade: moderate\n"),
        ("basis", "    basis: one trial\n"),
        ("caveat", "    caveat: That is from an eight-week trial. [brewer-2001]\n"),
        ("would_change", "    would_change: A larger trial.\n"),
    ],
)
def test_missing_evidence(folder: Path, field: str, line_of_field: str) -> None:
    """An answer says how sure it is, what that rests on, its caveat and what would change it."""
    path, line = plant(folder, BREWING, line_of_field, "", "id: water-heat")

    expected = Problem(path, line, f"'water-heat' has no '{field}'")
    assert [expected] == broken(folder, rules.complete_evidence)


def test_a_missing_checkpoint(folder: Path) -> None:
    """An answer of a guide ends in a checkpoint."""
    text = (folder / DRINKING).read_text("utf-8")
    start, end = text.index("    checkpoint"), text.index("    related")
    path, line = plant(folder, DRINKING, text[start:end], "", "id: tea-at-night")

    expected = Problem(path, line, "'tea-at-night' has no checkpoint")
    assert [expected] == broken(folder, rules.complete_evidence)


# fitting_lengths


@pytest.mark.parametrize(
    ("field", "file", "old", "most"),
    [
        ("answer", DRINKING, TEA_AT_NIGHT, rules.LONGEST_ANSWER),
        ("caveat", DRINKING, "People differ.", rules.LONGEST_CAVEAT),
        ("checkpoint", DRINKING, "When is your last cup?", rules.LONGEST_QUESTION),
    ],
)
def test_a_part_that_is_too_long(folder: Path, field: str, file: str, old: str, most: int) -> None:
    """A part that is one character too long is reported with its length; marks don't count."""
    path, line = plant(folder, file, old, "x" * (most + 1))

    expected = Problem(path, line, f"'{field}' has {most + 1} characters; at most {most}")
    assert [expected] == broken(folder, rules.fitting_lengths)


def test_a_more_that_is_too_long(folder: Path) -> None:
    """A 'more' that is one character too long is reported at its key."""
    most = rules.LONGEST_MORE
    old = "Drinkers in one trial liked black tea best at 95 degrees."
    path, line = plant(folder, BREWING, old, "x" * (most + 1), "more:")

    expected = Problem(path, line, f"'more' has {most + 1} characters; at most {most}")
    assert [expected] == broken(folder, rules.fitting_lengths)


def test_a_part_of_just_the_right_length(folder: Path) -> None:
    """A part may have as many characters as the limit says, without its citations."""
    plant(folder, DRINKING, TEA_AT_NIGHT, "x" * rules.LONGEST_ANSWER)

    assert not broken(folder, rules.fitting_lengths)


# enough_phrasings


def test_too_few_phrasings(folder: Path) -> None:
    """An entry with seven ways of asking is one short."""
    plant(folder, PHRASINGS, "    - infusion definition\n", "")
    plant(folder, PHRASINGS, "    - explain infused\n", "")

    expected = Problem(str(folder / TERMS), 2, "'term-infusion' has 7 phrasings; at least 8")
    assert [expected] == broken(folder, rules.enough_phrasings)


# one_entry_a_phrasing


def test_a_phrasing_of_two_entries(folder: Path) -> None:
    """A phrasing that differs only in case and punctuation is taken."""
    path, line = plant(folder, PHRASINGS, "infusion definition", "Minutes, for sencha!", "Minutes,")
    text = (folder / PHRASINGS).read_text("utf-8")
    first = text[: text.index("minutes for sencha")].count("\n") + 1

    message = (
        f"the phrasing 'Minutes, for sencha!' stands in 'tea/steeping-green' too ({path}:{first})"
    )
    assert [Problem(path, line, message)] == broken(folder, rules.one_entry_a_phrasing)


def test_a_phrasing_of_an_entry_and_an_outside_field(folder: Path) -> None:
    """What stands outside may not be asked in an entry's words."""
    path, line = plant(folder, PHRASINGS, "- latte recipe", "- define infusion please!")

    found = broken(folder, rules.one_entry_a_phrasing)
    assert [(path, line)] == [(each.path, each.line) for each in found]


# reviewed_in_the_past


def test_a_review_in_the_future(folder: Path) -> None:
    """Tomorrow's review date is reported at its line."""
    path, line = plant(folder, DRINKING, "reviewed: 2024-01-05", "reviewed: 2100-01-02")

    expected = Problem(path, line, "the review date 2100-01-02 is in the future")
    assert [expected] == broken(folder, rules.reviewed_in_the_past)


def test_a_review_today(folder: Path) -> None:
    """Today's review date is fine."""
    plant(folder, DRINKING, "reviewed: 2024-01-05", "reviewed: 2100-01-01")

    assert not broken(folder, rules.reviewed_in_the_past)


# checking.py


def test_phrasings_that_read_the_same(folder: Path) -> None:
    """Phrasings of two entries that are the same once read are reported with both places."""
    path, line = plant(folder, PHRASINGS, "- infusion definition", "- please, minutes for sencha")
    text = (folder / PHRASINGS).read_text("utf-8")
    first = text[: text.index("- minutes for sencha")].count("\n") + 1

    message = (
        "the phrasing 'minutes for sencha' is too like 'please, minutes for sencha' of "
        f"'tea/term-infusion' ({path}:{line}): the matcher can't tell them apart"
    )
    assert [Problem(path, first, message)] == list(checking.too_alike(load(folder, TODAY)))


def test_a_message_that_telegram_would_refuse(folder: Path) -> None:
    """An entry of which one view is too long for Telegram is reported at its first line."""
    path, _ = plant(folder, DRINKING, "basis: habit", "basis: " + "habit " * 700)

    expected = Problem(path, 2, "'tea-at-night' renders to a message over 4096 characters")
    assert [expected] == list(checking.too_long(load(folder, TODAY)))


def test_a_button_that_telegram_would_refuse(folder: Path) -> None:
    """A guide's name that makes a button's data too long is reported once an entry."""
    long = "tea" * 15
    (folder / "tea").rename(folder / long)
    path = str(folder / long / "answers" / "drinking.yaml")

    found = list(checking.too_long_callbacks(load(folder, TODAY)))
    data = f"sources:{long}/tea-at-night"
    expected = Problem(
        path, 2, f"callback data '{data}' has {len(data)} bytes; at most 64: shorten the id"
    )
    assert [expected] == [each for each in found if each.path == path]


def test_a_page_that_telegram_would_refuse(folder: Path) -> None:
    """A section whose name is too long for the buttons that turn its pages is reported."""
    guide, section = "tea" * 8, "brewing" * 5
    new = f"{{id: {section},"
    _, line = plant(folder, GUIDE, "{id: brewing,", new)
    (folder / "tea").rename(folder / guide)
    data = f"turn:{guide}/{section}/9"
    message = f"callback data '{data}' has {len(data)} bytes; at most 64: shorten the id"
    expected = Problem(str(folder / guide / "guide.yaml"), line, message)
    assert [expected] == list(checking.too_long_callbacks(load(folder, TODAY, ())))
